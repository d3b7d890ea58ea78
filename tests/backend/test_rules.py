"""Which rule applies to a layer: the precedence, recomputed by hand."""

from dataclasses import replace

import pytest

from backend.recipe import KEEP, Rule, Stage, filled, plan, unmatched
from backend.registry import catalogue
from tests.small_catalogue import small_catalogue

CATALOGUE = small_catalogue()


def stage(**rules: object) -> Stage:
    """A prune stage with 50 %; keyword ``a__b`` is the pattern a.b."""
    return of_patterns({name.replace("__", "."): rule for name, rule in rules.items()})


def of_patterns(rules: dict[str, object]) -> Stage:
    made = tuple(Rule(name, None if rule == KEEP else {"amount": rule}) for name, rule in rules.items())
    return Stage("prune", {"method": "l1", "amount": 0.5}, made)


def amount(stage: Stage, name: str, type: str = "Conv2d") -> object:
    settings = plan(stage, name, type, CATALOGUE).settings
    return KEEP if settings is None else settings["amount"]


def test_that_without_a_rule_the_stage_applies() -> None:
    found = plan(stage(), "conv1", "Conv2d", CATALOGUE)
    assert found.settings == {"method": "l1", "amount": 0.5, "scope": "local"}
    assert found.origin == ""


def test_that_the_exact_name_wins_over_everything_written_before_it() -> None:
    rules = of_patterns({"*": 0.1, "type:Conv2d": 0.2, "layer1": 0.3, "layer1.0.conv1": 0.4})
    assert amount(rules, "layer1.0.conv1") == 0.4
    assert plan(rules, "layer1.0.conv1", "Conv2d", CATALOGUE).origin == "layer1.0.conv1"


def test_that_the_nearest_named_ancestor_wins_over_farther_ones_and_globs() -> None:
    rules = of_patterns({"*conv1": 0.1, "layer1": 0.2, "layer1.0": 0.3})
    assert amount(rules, "layer1.0.conv1") == 0.3
    assert amount(rules, "layer1.1.conv1") == 0.2
    assert amount(rules, "layer2.0.conv1") == 0.1


def test_that_an_ancestor_is_a_whole_part_of_the_name() -> None:
    assert amount(stage(layer1=0.2), "layer10.conv1") == 0.5


def test_that_among_patterns_the_first_that_matches_wins() -> None:
    assert amount(of_patterns({"conv*": 0.1, "type:Conv2d": 0.2}), "conv1") == 0.1
    assert amount(of_patterns({"type:Conv2d": 0.2, "conv*": 0.1}), "conv1") == 0.2
    assert amount(of_patterns({"type:Linear": 0.2, "conv*": 0.1}), "conv1") == 0.1


def test_that_a_star_crosses_dots() -> None:
    assert amount(of_patterns({"layer*.conv1": 0.1}), "layer1.0.conv1") == 0.1


def test_that_patterns_tell_upper_from_lower_case() -> None:
    assert amount(of_patterns({"Conv*": 0.1, "type:conv2d": 0.2}), "conv1") == 0.5


@pytest.mark.parametrize("pattern", ["conv1", "conv*", "type:Conv2d", "*"])
def test_that_keep_leaves_the_layer_alone(pattern: str) -> None:
    found = plan(of_patterns({pattern: KEEP}), "conv1", "Conv2d", CATALOGUE)
    assert found.settings is None
    assert found.origin == pattern


def test_that_an_exact_rule_brings_a_layer_back_from_keep() -> None:
    rules = of_patterns({"conv2": 0.3, "*": KEEP})
    assert amount(rules, "conv2") == 0.3
    assert amount(rules, "conv1") == KEEP


def test_that_a_rule_overrides_only_what_it_names() -> None:
    stage = Stage("prune", {"method": "norm", "n": 1, "amount": 0.4}, (Rule("fc1", {"dim": 1}),))
    settings = plan(stage, "fc1", "Linear", CATALOGUE).settings
    assert settings == {"method": "norm", "n": 1, "amount": 0.4, "dim": 1, "scope": "local"}


def test_that_another_method_brings_its_own_settings_and_drops_those_of_the_stage() -> None:
    stage = Stage("prune", {"method": "norm", "n": 1, "amount": 0.4}, (Rule("fc1", {"method": "mask", "file": "m"}),))
    settings = plan(stage, "fc1", "Linear", CATALOGUE).settings
    assert settings == {"method": "mask", "file": "m", "amount": 0.4, "scope": "local"}


@pytest.mark.parametrize("written", [True, False])
def test_that_another_method_takes_over_what_means_the_same_to_both(written: bool) -> None:
    """Bits of a codebook may be 1 and those of integers not; ranges of int8 weights are symmetric unless said."""
    stage = Stage("quantize", {"method": "codebook", "bits": 1}, (Rule("fc", {"method": "weight_only"}),))
    int8 = Stage("quantize", {"method": "static_int8", "calibration_batches": 3}, (Rule("fc", {"method": "gptq"}),))
    int4 = Stage("quantize", {"method": "weight_only", "bits": 3, "group": 128}, (Rule("fc", {"method": "gptq"}),))
    if written:  # a run's recipe holds every default
        stage, int8, int4 = (replace(one, settings=filled(one, catalogue())) for one in (stage, int8, int4))
    settings = [plan(one, "fc", "Linear", catalogue()).settings or {} for one in (stage, int8, int4)]
    assert settings[0]["bits"] == 4
    assert (settings[1]["weight_scheme"], settings[1]["calibration_batches"]) == ("affine", 3)
    assert (settings[2]["bits"], settings[2]["group"]) == (3, 128)


def test_that_a_pattern_that_matches_nothing_is_found() -> None:
    layers = {"": "Net", "layer1": "Sequential", "layer1.0": "Conv2d", "fc": "Linear"}
    rules = of_patterns({"layer1": 0.1, "layer1.0": 0.1, "conv*": 0.1, "type:Linear": 0.1, "type:LSTM": 0.1, "f?": 0.1})
    assert unmatched(rules, layers) == ["conv*", "type:LSTM"]

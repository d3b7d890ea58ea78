"""The budget: the words of a target, judged by what a run measured."""

from __future__ import annotations

import dataclasses
import math
import os
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.cancel import Cancel
from backend.cli._table import within_budget
from backend.errors import CompressionError, RecipeError
from backend.evaluation.figures import structure
from backend.events import Finished
from backend.recipe import TARGETS, Recipe, judged, merged, recipe_from_data, recipe_from_yaml, recipe_to_yaml, resolved
from backend.registry import catalogue, method
from backend.runner import open_session
from backend.sensitivity import Reading, _planner
from backend.sensitivity._plan import Kept, plan_recipe
from backend.sensitivity._ranked import drops
from backend.stages._base import StageMethod
from resources.paths import resource
from tests.backend.conftest import carried_out

ORIGINAL = {
    "accuracy": 91.5,
    "macs": 40_000_000,
    "parameters": 270_000,
    "size_bytes": 1_080_000,
    "sparsity": 0.0,
    "latency_ms": {"median": 2.0, "noise": 0.1},
}
SMALL = {
    "accuracy": 91.1,
    "macs": 19_000_000,
    "parameters": 130_000,
    "size_bytes": 210_000,
    "sparsity": 0.6,
    "latency_ms": {"median": 1.1, "noise": 0.1},
}


def document(**more: Any) -> dict[str, Any]:
    return {"model": {"source": "bundled", "name": "lenet5"}, "data": {"source": "digits"}, **more}


def test_that_a_budget_knows_the_words_of_a_prune_stages_target() -> None:
    target = catalogue().get("stage", "prune").parameter("target")
    assert target is not None
    assert target.choices == TARGETS
    for word in target.choices:
        assert recipe_from_data(document(budget={word: 0.5}), catalogue()).budget == {word: 0.5}


@pytest.mark.parametrize(
    ("budget", "path", "hint"),
    [
        ({"sise": 0.3}, "budget.sise", "size"),
        ({"size": 0}, "budget.size", "above 0"),
        ({"size": "small"}, "budget.size", "above 0"),
        ({"macs": True}, "budget.macs", "above 0"),
        (0, "budget", "size: 0.3"),
        ([0.5], "budget", "size: 0.3"),
    ],
)
def test_that_a_budget_that_cannot_be_meant_is_refused_at_its_place(budget: Any, path: str, hint: str) -> None:
    with pytest.raises(RecipeError) as caught:
        recipe_from_data(document(budget=budget), catalogue())
    assert caught.value.path == path
    assert hint in str(caught.value.hint)


def test_that_a_limit_that_is_refused_names_its_line() -> None:
    with pytest.raises(RecipeError) as caught:
        recipe_from_yaml("model: {name: lenet5}\nbudget:\n  size: 0.3\n  macs: -1\n", catalogue())
    assert caught.value.line == 4


def test_that_a_recipe_without_a_budget_does_not_mention_it() -> None:
    assert "budget" not in recipe_to_yaml(recipe_from_data(document(), catalogue()))


def test_that_limits_are_set_and_removed_by_their_path() -> None:
    recipe = merged(recipe_from_data(document(), catalogue()), {"budget.size": 0.3, "budget.macs": 2e6}, catalogue())
    assert recipe.budget == {"size": 0.3, "macs": 2e6}
    assert merged(recipe, {"budget.size": None}, catalogue()).budget == {"macs": 2e6}


@pytest.mark.parametrize(
    ("limit", "figure", "allowed", "reached", "within"),
    [
        ("size", 0.25, 270_000, 210_000, True),
        ("size", 200_000, 200_000, 210_000, False),
        ("size", 1.0, 1_080_000, 210_000, True),  # 1 is the whole of the original, not one byte
        ("macs", 0.5, 20_000_000, 19_000_000, True),
        ("macs", 18e6, 18e6, 19_000_000, False),
        ("parameters", 0.4, 108_000, 130_000, False),
        ("latency", 0.5, 1.0, 1.1, False),
        ("latency", 1.2, 1.2, 1.1, True),
        ("accuracy_drop", 0.5, 0.5, 0.4, True),
        ("accuracy_drop", 0.3, 0.3, 0.4, False),
        ("sparsity", 0.5, 0.5, 0.6, True),
        ("sparsity", 0.7, 0.7, 0.6, False),
    ],
)
def test_that_a_limit_is_a_share_up_to_1_and_the_figure_itself_above(
    limit: str, figure: float, allowed: float, reached: float, within: bool
) -> None:
    (verdict,) = judged({limit: figure}, ORIGINAL, SMALL)
    assert verdict.allowed == pytest.approx(allowed)
    assert verdict.reached == pytest.approx(reached)
    assert verdict.within is within
    assert verdict.over is not None
    assert (verdict.over <= 0) is within
    assert abs(verdict.over) == pytest.approx(abs(allowed - reached))


def test_that_exactly_the_limit_is_within_it() -> None:
    drop = {**SMALL, "accuracy": 91.5 - 0.1 - 0.2}  # 0.30000000000000426 in floating point
    assert [v.within for v in judged({"accuracy_drop": 0.3, "size": 210_000}, ORIGINAL, drop)] == [True, True]


@pytest.mark.parametrize("value", [None, math.nan])
def test_that_what_is_not_known_is_neither_within_nor_over(value: float | None) -> None:
    metrics = {**SMALL, "macs": value, "accuracy": value, "latency_ms": None}
    for verdict in judged({"macs": 0.5, "accuracy_drop": 1.0, "latency": 0.5}, ORIGINAL, metrics):
        assert (verdict.reached, verdict.within, verdict.over) == (None, None, None)
    (verdict,) = judged({"macs": 0.5}, {**ORIGINAL, "macs": None}, SMALL)
    assert verdict.within is None


def test_that_result_and_table_say_for_each_limit_what_was_measured(recipe: Recipe, tmp_path: Path) -> None:
    budget = {"size": 0.3, "macs": 0.5, "latency": 1e6, "accuracy_drop": 100.0, "sparsity": 0.45, "parameters": 1e9}
    short = dataclasses.replace(recipe, stages=(recipe.stages[0], recipe.stages[1], recipe.stages[3]), budget=budget)
    ending = carried_out(short, tmp_path / "run")[-1]
    assert isinstance(ending, Finished)
    result = ending.result
    before, after = result["baseline"], result["final"]
    expected = {
        "size": after["size_bytes"] <= 0.3 * before["size_bytes"],
        "macs": after["macs"] <= 0.5 * before["macs"],
        "latency": after["latency_ms"]["median"] <= 1e6,
        "accuracy_drop": before["accuracy"] - after["accuracy"] <= 100,
        "sparsity": after["sparsity"] >= 0.45,
        "parameters": after["parameters"] <= 1e9,
    }
    assert {row["limit"]: row["within"] for row in result["budget"]} == expected
    assert expected["size"]
    assert not expected["macs"]  # masks alone
    line = within_budget(result)
    assert "\n" not in line
    assert line.startswith("budget, measured: size ")
    assert f"MACs {after['macs']:,} of ≤ {before['macs'] / 2:,.0f}, over by " in line
    assert line.count(", within") == sum(expected.values())


def test_that_a_run_without_a_budget_judges_nothing() -> None:
    assert judged({}, ORIGINAL, SMALL) == []
    assert within_budget({"recipe": {}, "baseline": ORIGINAL, "final": SMALL}) == ""


# What is expected before anything is run


def planned(recipe: Recipe, workspace: Path, target: dict[str, float] | None = None, **more: Any) -> dict[str, Any]:
    kept = more.pop("kept", None)
    folder, where = Path(), {"workspace": workspace, "limit": 40, "amounts": (0.25, 0.5, 0.75)}
    return plan_recipe(recipe, folder, lambda _: None, Cancel(), target=target or {}, kept=kept, **where, **more)


@pytest.fixture
def sample() -> dict[str, Any]:
    """The bundled network on the bundled digits; half of every layer's channels go."""
    prune = {"method": "ln_structured", "amount": 0.5, "remove": True}
    return {
        "model": {"source": "bundled", "name": "lenet5", "weights": "samples/lenet5-digits.safetensors"},
        "data": {"source": "digits", "limit": 60},
        "stages": [{"prune": prune}],
    }


def read(data: dict[str, Any], **changes: Any) -> Recipe:
    return recipe_from_data({**data, **changes}, catalogue())


def measured(recipe: Recipe) -> list[dict[str, Any]]:
    """The structure of the original, and of the network after each stage."""
    session = open_session(resolved(recipe, catalogue()), Path(), lambda _: None, Cancel())
    found = [structure(session.network)]
    for index, stage in enumerate(session.recipe.stages):
        kind = method("stage", stage.kind)
        assert isinstance(kind, StageMethod)
        kind.run(session, stage, index, lambda _: None, Cancel())
        found.append(structure(session.network, original=session.original))
    return found


@pytest.mark.parametrize(
    ("quantize", "error"),
    [
        ({"method": "static_int8", "calibration_batches": 1}, 0.04),
        ({"method": "dynamic_int8"}, 0.04),
        ({"method": "weight_only", "bits": 4}, 0.04),
        ({"method": "codebook", "bits": 4}, 0.1),  # how well codes compress is not known before
        ({"method": "float16", "layers": {"conv1": "keep"}}, 0.04),
    ],
    ids=lambda value: value["method"] if isinstance(value, dict) else "",
)
def test_that_the_file_is_expected_to_weigh_what_it_does_weigh(
    sample: dict[str, Any], quantize: dict[str, Any], error: float, tmp_path: Path
) -> None:
    recipe = read(sample, stages=[*sample["stages"], {"quantize": quantize}])
    expected = planned(recipe, tmp_path)
    before, pruned, final = measured(recipe)
    assert expected["predicted"]["size_bytes"] == pytest.approx(final["size_bytes"], rel=error)
    for key in ("macs", "parameters"):
        assert expected["predicted"][key] == pruned[key]
    for key in ("macs", "parameters", "size_bytes"):
        assert expected["before"][key] == before[key]
    assert "accuracy" not in expected["predicted"], "no scan has looked"


def test_that_a_plan_keeps_the_limit_that_is_asked_for_and_the_rest_of_the_budget(
    sample: dict[str, Any], tmp_path: Path
) -> None:
    int8 = {"quantize": {"method": "static_int8", "calibration_batches": 1}}
    recipe = read(sample, stages=[*sample["stages"], int8], budget={"size": 0.12, "parameters": 0.9})
    found = planned(recipe, tmp_path, {"macs": 0.7})
    rules = {name: {"amount": amount} for name, amount in found["layers"].items()}
    prune = {**sample["stages"][0]["prune"], "layers": rules}
    before, pruned, final = measured(read(sample, stages=[{"prune": prune}, int8]))
    assert pruned["macs"] <= 0.7 * before["macs"]
    assert pruned["parameters"] <= 0.9 * before["parameters"]
    assert (pruned["macs"], pruned["parameters"]) == (found["predicted"]["macs"], found["predicted"]["parameters"])
    assert final["size_bytes"] == pytest.approx(found["predicted"]["size_bytes"], rel=0.06)
    assert found["predicted"]["size_bytes"] <= 0.12 * before["size_bytes"]
    assert list(rules) == ["conv1", "conv2", "fc1", "fc2"]


def test_that_what_else_the_budget_asks_for_in_vain_does_not_stop_a_plan(
    sample: dict[str, Any], tmp_path: Path
) -> None:
    recipe = read(sample, budget={"size": 0.0001})
    found = planned(recipe, tmp_path, {"macs": 0.6})
    assert found["predicted"]["macs"] <= 0.6 * found["before"]["macs"]
    with pytest.raises(CompressionError, match="can't be met"):
        planned(recipe, tmp_path, {"size": 0.0001})


def test_that_a_plan_for_accuracy_prunes_as_much_as_is_expected_to_be_allowed(
    sample: dict[str, Any], tmp_path: Path
) -> None:
    kept = Kept()
    macs = []
    for drop in (2.0, 20.0):
        found = planned(read(sample), tmp_path, {"accuracy_drop": drop}, kept=kept)
        assert found["before"]["accuracy"] - found["predicted"]["accuracy"] <= drop
        macs.append(found["predicted"]["macs"])
    assert macs[1] < macs[0] < found["before"]["macs"]


def test_that_masks_are_planned_for_zeros_and_change_no_file(sample: dict[str, Any], tmp_path: Path) -> None:
    recipe = read(sample, stages=[{"prune": {"method": "l1_unstructured", "amount": 0.5}}])
    found = planned(recipe, tmp_path, {"sparsity": 0.6})
    assert 0.6 <= found["predicted"]["sparsity"] <= 0.62
    for key in ("macs", "parameters", "size_bytes"):
        assert found["predicted"][key] == found["before"][key]
    with pytest.raises(CompressionError, match="Only masks make a network sparse"):
        planned(recipe, tmp_path, {"macs": 0.5})


def test_that_a_target_of_the_stage_counts_where_the_recipe_is_taken_as_it_is(
    sample: dict[str, Any], tmp_path: Path
) -> None:
    prune = {"method": "ln_structured", "remove": True, "target": {"macs": 0.4}}
    found = planned(read(sample, stages=[{"prune": prune}]), tmp_path)
    assert 0.3 * found["before"]["macs"] < found["predicted"]["macs"] <= 0.4 * found["before"]["macs"]


def test_that_latency_is_estimated_from_the_layers_that_were_timed(sample: dict[str, Any], tmp_path: Path) -> None:
    times = {"conv1": 1.0, "conv2": 2.0, "fc1": 0.5, "fc2": 0.25, "fc3": 0.05, "relu": 0.1}
    timed = {"latencies": times, "total_ms": 4.0}
    found = planned(read(sample), tmp_path, {"latency": 0.6}, **timed)
    assert found["before"]["latency_ms"] == {"median": 4.0}
    left = {"conv1": 6, "conv2": 16, "fc1": 120, "fc2": 84, "fc3": 10}
    whole = {"conv1": (1 * 25 + 1) * 6, "conv2": (6 * 25 + 1) * 16, "fc1": (16 * 16 + 1) * 120, "fc2": (120 + 1) * 84}
    for layer, amount in found["layers"].items():
        left[layer] = round((1 - amount) * left[layer])
    now = {
        "conv1": (1 * 25 + 1) * left["conv1"],
        "conv2": (left["conv1"] * 25 + 1) * left["conv2"],
        "fc1": (left["conv2"] * 16 + 1) * left["fc1"],
        "fc2": (left["fc1"] + 1) * left["fc2"],
        "fc3": (left["fc2"] + 1) * 10,
    }
    whole["fc3"] = (84 + 1) * 10
    expected = 4.0 - sum(times[layer] * (1 - now[layer] / whole[layer]) for layer in whole)
    assert found["predicted"]["latency_ms"]["median"] == pytest.approx(expected)
    assert expected <= 0.6 * 4.0
    int8 = read(sample, stages=[*sample["stages"], {"quantize": {"method": "dynamic_int8"}}])
    assert "latency_ms" not in planned(int8, tmp_path, **timed)["predicted"]
    with pytest.raises(CompressionError, match="after a run alone"):
        planned(int8, tmp_path, {"latency": 0.6}, **timed)


def test_that_a_step_of_a_drag_opens_nothing_anew(
    sample: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Recipe] = []
    real = _planner.open_session
    monkeypatch.setattr(
        _planner, "open_session", lambda recipe, *a, **k: opened.append(recipe) or real(recipe, *a, **k)
    )
    weights = tmp_path / "weights.safetensors"
    weights.write_bytes(resource("samples/lenet5-digits.safetensors").read_bytes())
    sample["model"]["weights"] = str(weights)
    kept = Kept()
    first = planned(read(sample), tmp_path, {"macs": 0.6}, kept=kept)
    rules = {name: {"amount": amount} for name, amount in first["layers"].items()}
    applied = read(sample, stages=[{"prune": {**sample["stages"][0]["prune"], "amount": 0.1, "layers": rules}}])
    assert planned(applied, tmp_path, {"macs": 0.6}, kept=kept) == first
    assert planned(applied, tmp_path, kept=kept)["predicted"]["macs"] == first["predicted"]["macs"]
    assert len(opened) == 1
    os.utime(weights, (1, 1))
    planned(applied, tmp_path, {"macs": 0.6}, kept=kept)
    assert len(opened) == 2, "weights that were written again are others"


@given(st.lists(st.tuples(st.integers(1, 60), st.floats(0, 100)), min_size=1, max_size=12, unique_by=lambda p: p[0]))
def test_that_accuracy_falls_with_noise_along_the_best_curve_that_never_rises(
    points: list[tuple[float, float]],
) -> None:
    noise, fitted = drops([Reading("a", 0.5, 90 - drop, 0.1, db) for db, drop in points], 90.0)
    ordered = [drop for _, drop in sorted(points, reverse=True)]  # much SQNR is little noise
    count = len(ordered)
    means = {(i, k): sum(ordered[i : k + 1]) / (k + 1 - i) for i in range(count) for k in range(i, count)}
    for at in range(count):  # the max-min formula of isotonic regression
        best = max(min(means[i, k] for k in range(at, count)) for i in range(at + 1))
        assert fitted[at + 1] == pytest.approx(best, abs=1e-9)
    assert (noise[0], fitted[0]) == (0.0, 0.0)
    assert all(a < b for a, b in pairwise(noise))

"""The budget: the words of a target, judged by what a run measured."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import Any

import pytest

from backend.cli._table import within_budget
from backend.errors import RecipeError
from backend.events import Finished
from backend.recipe import TARGETS, Recipe, judged, merged, recipe_from_data, recipe_from_yaml, recipe_to_yaml
from backend.registry import catalogue
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

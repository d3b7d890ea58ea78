"""A repair that a run proposes changes what it is about, and nothing that was edited since."""

from __future__ import annotations

import pytest

from backend.errors import CompressionError, Repair, msg
from backend.recipe import Recipe, Stage
from gui.repairs import fitted
from tests.small_catalogue import quantizing_catalogue

CATALOGUE = quantizing_catalogue()
RUN = (Stage("prune", {"method": "l1", "amount": 0.5}), Stage("quantize", {"method": "static_int8"}))
AS_RUN = [stage.to_data() for stage in RUN]


def repair(**edits: object) -> Repair:
    return Repair(msg("Repair"), edits)


def recipe(*stages: Stage) -> Recipe:
    return Recipe(stages=stages)


KEEP = Repair(msg("Keep"), {"stages.1.quantize.layers.head": "keep"})
ADDED = repair(stages=[AS_RUN[0], {"train": {}}, AS_RUN[1]])


def test_that_a_single_value_is_set_where_its_stage_still_stands() -> None:
    edited = recipe(Stage("prune", {"method": "l1", "amount": 0.9}), RUN[1])
    assert fitted(KEEP, AS_RUN, edited, CATALOGUE) == KEEP.edits


def test_that_a_value_of_a_stage_that_is_gone_or_another_one_now_is_a_sentence() -> None:
    for stages in (RUN[:1], (RUN[0], Stage("train", {"epochs": 2}))):
        with pytest.raises(CompressionError, match="other stages than the run"):
            fitted(KEEP, AS_RUN, recipe(*stages), CATALOGUE)


def test_that_a_whole_list_of_stages_changes_only_what_differs() -> None:
    edited = recipe(Stage("prune", {"method": "l1", "amount": 0.9}), RUN[1])
    found = fitted(ADDED, AS_RUN, edited, CATALOGUE)["stages"]
    assert found == [{"prune": {"method": "l1", "amount": 0.9}}, {"train": {}}, AS_RUN[1]]


def test_that_defaults_written_out_are_no_difference() -> None:
    told = [{"prune": {"method": "l1", "amount": 0.5, "scope": "local"}}, AS_RUN[1]]
    whole = repair(stages=[told[0], {"train": {}}, told[1]])
    assert fitted(whole, told, recipe(*RUN), CATALOGUE)["stages"] == [AS_RUN[0], {"train": {}}, AS_RUN[1]]


def test_that_a_stage_that_the_repair_replaces_and_that_was_edited_since_is_not_overwritten() -> None:
    whole = repair(stages=[{"prune": {"method": "l1", "amount": 0.25}}, AS_RUN[1]])
    assert fitted(whole, AS_RUN, recipe(*RUN), CATALOGUE)["stages"][0]["prune"]["amount"] == 0.25
    with pytest.raises(CompressionError, match="other stages than the run"):
        fitted(whole, AS_RUN, recipe(Stage("prune", {"method": "l1", "amount": 0.9}), RUN[1]), CATALOGUE)


def test_that_a_repair_of_nobody_s_run_is_taken_as_it_is() -> None:
    assert fitted(ADDED, [], recipe(*RUN), CATALOGUE) == ADDED.edits

"""What is said beside a run's figures: where accuracy fell, what masks do not do, and the steps to come back to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from backend.errors import Repair, msg
from backend.events import Event, Finished, Measured, StageStarted, Started, Warned
from backend.recipe import Rule, Stage
from gui.document import Document
from gui.item_models.layer_table import Column, LayerTableModel
from gui.item_models.runs import RunsModel
from gui.moments import moments_in
from gui.panels.live_panel import LivePanel
from gui.panels.problems_panel import Problem, ProblemsPanel
from gui.panels.steps_menu import steps_menu
from gui.run_notes import diagnosis, on_int8_kernels, only_masked, removable, stages_of
from gui.run_parts import channels_of
from gui.run_state import RunState
from tests.small_catalogue import during_catalogue, quantizing_catalogue

ROWS = [
    {"name": "conv", "type": "Conv2d", "parameters": 300, "sparsity": 0.0, "precision": "fp32"},
    {"name": "block", "type": "Conv2d", "parameters": 90, "sparsity": 0.0, "precision": "fp32"},
]
M0 = {"accuracy": 98.0, "validation_accuracy": 98.0, "sparsity": 0.0, "macs": 1000, "size_bytes": 4000, "layers": ROWS}
MASKED = {**M0, "accuracy": 95.0, "sparsity": 0.4}
MASKING = {"prune": {"method": "norm", "amount": 0.5}}
REMOVING = {"prune": {"method": "norm", "amount": 0.5, "remove": True}}
SINGLE = {"prune": {"method": "l1", "amount": 0.5}}
REPAIR = Repair(msg("Add fine-tuning"), {"stages": [MASKING, {"train": {}}]})
FELL = Warned(0, msg("Accuracy fell."), msg("Fine-tuning is likely to bring it back."), REPAIR)


def finished(*stages: dict[str, Any], final: dict[str, Any] = MASKED, told: tuple[Event, ...] = ()) -> RunState:
    """A run that carried out ``stages``."""
    state = RunState()
    result = {"recipe": {"stages": list(stages)}, "baseline": M0, "final": final, "stages": []}
    begun: list[Event] = [Started("Small", "/runs/small", [{"kind": next(iter(s))} for s in stages])]
    begun += [StageStarted(-1, "Original"), Measured(-1, M0), StageStarted(0, "Prune"), *told, Finished(result)]
    state.apply([("1", float(i), event) for i, event in enumerate(begun)])
    return state


def test_that_the_stages_of_a_run_are_those_of_its_result() -> None:
    inner = {"train": {"epochs": 3, "during": [{"prune": {"method": "l1", "layers": {"head": "keep"}}}]}}
    found = stages_of(finished(MASKING, inner))
    assert found[0] == Stage("prune", {"method": "norm", "amount": 0.5})
    assert found[1].during == (Stage("prune", {"method": "l1"}, (Rule("head", None),)),)
    assert stages_of(RunState()) == ()


@pytest.mark.parametrize(
    ("stages", "final", "masked"),
    [
        ((MASKING,), MASKED, [0]),
        ((REMOVING,), MASKED, []),
        ((REMOVING, MASKING), MASKED, [1]),
        (({"train": {"during": [SINGLE]}},), MASKED, [0]),
        ((MASKING,), M0, []),
        (({"quantize": {}},), MASKED, []),
    ],
)
def test_that_a_run_knows_which_stages_only_masked(
    stages: tuple[dict[str, Any], ...], final: dict[str, Any], masked: list[int]
) -> None:
    assert only_masked(finished(*stages, final=final)) == masked


@pytest.mark.parametrize(
    ("stage", "edits"),
    [
        (Stage("prune", {"method": "norm"}), {"stages.0.prune.remove": True, "stages.0.prune.target": None}),
        (Stage("prune", {"method": "l1"}), {}),
        (Stage("prune", {"method": "norm", "remove": True}), {}),
        (Stage("prune", {"method": "norm"}, (Rule("head", {"method": "l1"}),)), {}),
        (
            Stage("prune", {"method": "l1"}, (Rule("head", {"method": "norm"}), Rule("*", None))),
            {"stages.0.prune.remove": True, "stages.0.prune.target": None},
        ),
        (Stage("train"), {}),
    ],
)
def test_that_only_whole_channels_can_be_removed_instead(
    document: Document, stage: Stage, edits: dict[str, Any]
) -> None:
    document.catalogue = during_catalogue()
    document.set_stage((0,), stage, "Edit")
    assert removable([0], document.recipe, document.catalogue) == edits


@pytest.fixture
def structured(document: Document) -> Document:
    """A document whose prune stage masks whole channels."""
    document.catalogue = during_catalogue()
    document.set_stage((0,), Stage("prune", {"method": "norm", "amount": 0.5}), "Prune")
    return document


def live_panel(qtbot: QtBot, state: RunState, document: Document, workspace: Path) -> LivePanel:
    made = LivePanel(state, RunsModel(workspace, state), document)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_that_masks_are_not_called_smaller_and_one_click_removes_the_channels(
    qtbot: QtBot, structured: Document, tmp_path: Path
) -> None:
    live = live_panel(qtbot, finished(MASKING), structured, tmp_path)
    assert live.masks.isVisible()
    assert "nothing smaller or faster" in live.masks.text
    live.repair_requested.connect(lambda repair: structured.set_values(repair.edits, "Remove"))
    live.masks.action.click()
    assert structured.recipe.stages[0].settings == {"method": "norm", "amount": 0.5, "remove": True}
    assert not live.masks.action.isVisible()
    assert live.masks.accessibleDescription() == "The recipe removes the channels now: run it again."
    structured.undo_stack.undo()
    assert live.masks.action.isVisible()


def test_that_single_weights_get_the_sentence_without_a_button(
    qtbot: QtBot, structured: Document, tmp_path: Path
) -> None:
    structured.set_stage((0,), Stage("prune", {"method": "l1"}), "Prune")
    live = live_panel(qtbot, finished(SINGLE), structured, tmp_path)
    assert live.masks.isVisible()
    assert not live.masks.action.isVisible()


def test_that_a_run_that_removed_says_nothing_of_masks(qtbot: QtBot, structured: Document, tmp_path: Path) -> None:
    live = live_panel(qtbot, finished(REMOVING), structured, tmp_path)
    assert not live.masks.isVisible()


def test_that_a_repair_that_was_made_is_not_offered_again(qtbot: QtBot, structured: Document, tmp_path: Path) -> None:
    less = Warned(0, msg("Accuracy fell."), msg("Prune less."), Repair(msg("Less"), {"stages.0.prune.amount": 0.25}))
    live = live_panel(qtbot, finished(MASKING, told=(less,)), structured, tmp_path)
    live.repair_requested.connect(lambda repair: structured.set_values(repair.edits, "Less"))
    live.collapse.action.click()
    assert not live.collapse.action.isVisible()
    assert live.collapse.accessibleDescription() == "The recipe does so now: run it again."
    structured.undo_stack.undo()
    assert live.collapse.action.isVisible()


@pytest.mark.parametrize(
    ("stages", "there"),
    [
        ([{"quantize": {"method": "static_int8"}}], True),
        ([{"quantize": {}}], True),
        ([{"quantize": {"method": "weight_only", "bits": 8}}], False),
        ([{"quantize": {"layers": {"conv": {"method": "weight_only", "bits": 8}, "*": "keep"}}}], False),
        ([{"quantize": {"method": "weight_only", "layers": {"conv": {"method": "static_int8"}}}}], True),
        ([{"train": {"during": [{"quantize": {"method": "qat_int8"}}]}}], True),
    ],
)
def test_that_weights_in_eight_bits_are_no_int8_kernels(stages: list[dict[str, Any]], there: bool) -> None:
    rows = [{**row, "precision": "int8"} for row in ROWS]
    state = finished(*stages, final={**M0, "layers": rows})
    assert on_int8_kernels(state, quantizing_catalogue()) is there
    assert not on_int8_kernels(finished(*stages), quantizing_catalogue()), "no layer became int8"


def test_that_a_collapse_is_said_with_its_repair_in_live_and_in_the_problems(
    qtbot: QtBot, structured: Document, tmp_path: Path
) -> None:
    state = finished(MASKING, told=(Warned(0, msg("Something else.")), FELL))
    assert diagnosis(state) == FELL
    live = live_panel(qtbot, state, structured, tmp_path)
    assert live.collapse.isVisible() and not live.masks.isVisible()
    assert (live.collapse.text, live.collapse.action.text()) == ("Accuracy fell.", "Add fine-tuning")
    with qtbot.waitSignal(live.repair_requested) as caught:
        live.collapse.action.click()
    assert caught.args == [REPAIR]
    problems = ProblemsPanel()
    qtbot.addWidget(problems)
    problems.set_problems([Problem.of(FELL)])
    fix = next(b for b in problems.findChildren(QPushButton) if b.text() == "Add fine-tuning")
    with qtbot.waitSignal(problems.repair_requested) as caught:
        fix.click()
    assert caught.args == [REPAIR]


def test_that_a_repair_is_one_step_of_undo(structured: Document) -> None:
    before = structured.recipe
    structured.set_values(REPAIR.edits, "Add fine-tuning")
    assert [stage.kind for stage in structured.recipe.stages] == ["prune", "train"]
    structured.undo_stack.undo()
    assert structured.recipe == before


# Before and after


def test_that_channels_are_counted_from_the_first_removal_to_the_last() -> None:
    stages = [
        {
            "removal": {
                "layers": [{"name": "conv", "channels": 16, "left": 12}, {"name": "head", "channels": 4, "left": 4}]
            }
        },
        {"kind": "train"},
        {"removal": {"layers": [{"name": "conv", "channels": 12, "left": 8}]}},
    ]
    assert channels_of(stages) == {"conv": (16, 8)}
    assert channels_of(None) == {}


def test_that_the_table_says_which_layer_is_smaller_and_which_is_gone() -> None:
    state = RunState()
    after = {**M0, "layers": [{**ROWS[0], "parameters": 150}]}
    removal = {"removal": {"layers": [{"name": "conv", "channels": 10, "left": 5}]}}
    state.apply(
        [
            ("1", 0.0, Started("Small", "/runs/small", [{"kind": "prune"}])),
            ("1", 0.1, Measured(-1, M0)),
            ("1", 0.2, Measured(0, after)),
        ]
    )
    model = LayerTableModel(state)
    texts = [[model.index(row, column).data() for column in Column] for row in range(model.rowCount())]
    assert [row[Column.PARAMETERS] for row in texts] == ["300 → 150", "90 → gone"]
    state.apply([("1", 0.3, Finished({"baseline": M0, "final": after, "stages": [removal]}))])
    assert model.index(0, Column.CHANNELS).data() == "10 → 5"
    assert model.index(1, Column.CHANNELS).data() == "–"


# Steps


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run of two stages; the second keeps two points within it, of which one was deleted since."""
    folder = tmp_path / "run"
    for name in ("stages/0", "stages/1/steps/0", "stages/1"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    steps = [
        {"at": 10, "metrics": {"sparsity": 0.3, "accuracy": 91.5}, "checkpoint": "stages/1/steps/0"},
        {"at": 20, "metrics": {"sparsity": 0.5, "accuracy": 90.0}, "checkpoint": "stages/1/steps/1"},
    ]
    stages = [
        {"name": "Prune", "kind": "prune", "metrics": {"sparsity": 0.1, "validation_accuracy": 88.0}, "steps": []},
        {
            "name": "Fine-tune",
            "kind": "train",
            "metrics": {"sparsity": 0.5, "validation_accuracy": 92.0},
            "steps": steps,
        },
    ]
    result = {"baseline": M0, "final": stages[1]["metrics"], "stages": stages}
    (folder / "result.json").write_text(json.dumps(result), encoding="utf-8")
    return folder


def test_that_every_point_that_stands_on_disk_can_be_opened(qtbot: QtBot, run: Path) -> None:
    assert [moment.text for moment in moments_in(run) if moment.kept] == [
        "After Prune: sparsity 10.0%, accuracy 88.00%",
        "Fine-tune, step 1: sparsity 30.0%, accuracy 91.50%",
        "After Fine-tune: sparsity 50.0%, accuracy 92.00%",
    ]
    opened: list[tuple[Path, Path]] = []
    panel = ProblemsPanel()
    qtbot.addWidget(panel)
    menu = steps_menu(run, lambda *paths: opened.append(paths), panel)
    menu.actions()[1].trigger()
    assert opened == [(run, run / "stages/1/steps/0")]


def test_that_a_run_without_a_result_has_no_steps(qtbot: QtBot, tmp_path: Path) -> None:
    panel = ProblemsPanel()
    qtbot.addWidget(panel)
    assert moments_in(tmp_path) == []
    assert not steps_menu(tmp_path, lambda *_: None, panel).menuAction().isEnabled()

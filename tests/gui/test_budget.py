"""The budget's panel and its plan: what is asked, what is written, what is said of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QPoint, QSettings, Qt, Signal
from pytestqt.qtbot import QtBot

from backend.engine.protocol import Allocate
from backend.errors import msg
from backend.events import Cancelled, Event, Failed, Finished
from backend.recipe import Rule, Stage, judged
from gui import budget_text, stage_text
from gui.budgeting import Planning
from gui.document import Document
from gui.item_models.runs import RunsModel
from gui.layer_knowledge import LayerKnowledge
from gui.panels.budget_editor import BudgetEditor
from gui.panels.budget_panel import BudgetPanel
from gui.run_state import RunState
from gui.running import Runner
from gui.scan_state import ScanState
from gui.scanning import Scanner
from tests.small_catalogue import during_catalogue

SCAN = {
    "baseline": {"accuracy": 98.0, "loss": 0.1, "sqnr_db": 200.0},
    "targets": {"features.conv": [{"amount": 0.5, "accuracy": 90.0, "loss": 0.2, "sqnr_db": 10.0}]},
    "amounts": (0.5,),
    "images": 200,
    "method": "norm",
    "notes": [],
}
BEFORE = {"macs": 1000, "parameters": 1170, "size_bytes": 4680, "sparsity": 0.0, "accuracy": 98.0}


def answer(macs: float, **layers: float) -> Finished:
    predicted = {**BEFORE, "macs": macs, "size_bytes": 2000, "accuracy": 97.5}
    return Finished({"layers": layers, "before": BEFORE, "predicted": predicted})


class FakeEngine(QObject):
    """Takes requests and tells what a test has it tell."""

    events = Signal(object)
    ready = True

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[Any] = []
        self.forgotten: list[str] = []

    def send(self, request: Any) -> str:
        self.requests.append(request)
        return str(len(self.requests))

    def ask(self, request: Any, *_: object) -> str:
        return "a question"

    def forget(self, job: str) -> None:
        self.forgotten.append(job)

    def tell(self, *events: Event, job: int = 0) -> None:
        self.events.emit([(str(job or len(self.requests)), 0.1, event) for event in events])

    @property
    def targets(self) -> list[dict[str, float]]:
        return [dict(request.target) for request in self.requests if isinstance(request, Allocate)]


@pytest.fixture
def engine(qapp: object) -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def scanner(document: Document, engine: FakeEngine) -> Scanner:
    """Of a recipe that removes channels."""
    document.catalogue = during_catalogue()
    prune = Stage("prune", {"method": "norm", "amount": 0.5, "remove": True, "scope": "global"})
    document.edit(dataclasses.replace(document.recipe, stages=(prune,)), "Edit")
    return Scanner(document, engine, ScanState())  # type: ignore[arg-type]


@pytest.fixture
def planning(document: Document, engine: FakeEngine, scanner: Scanner) -> Planning:
    runner = Runner(document, engine, RunState())  # type: ignore[arg-type]
    knowledge = LayerKnowledge(document, engine)  # type: ignore[arg-type]
    made = Planning(document, engine, scanner, runner, knowledge)  # type: ignore[arg-type]
    made.keep_alive = (runner, knowledge)  # type: ignore[attr-defined]
    made._later.setInterval(0)
    return made


@pytest.fixture
def scanned(planning: Planning, scanner: Scanner, engine: FakeEngine) -> Planning:
    scanner.start()
    engine.tell(Finished(SCAN))
    engine.requests.clear()
    return planning


@pytest.fixture
def panel(qtbot: QtBot, document: Document, planning: Planning, tmp_path: Path) -> BudgetPanel:
    made = BudgetPanel(document, planning, RunState(), RunsModel(tmp_path, RunState()))
    qtbot.addWidget(made)
    made.resize(300, 300)
    made.show()
    return made


# The plan


def test_that_one_question_is_asked_at_a_time_and_the_newest_one_next(scanned: Planning, engine: FakeEngine) -> None:
    for figure in (0.9, 0.8, 0.7, 0.6):
        scanned.propose("macs", figure)
    assert engine.targets == [{"macs": 0.9}]
    engine.tell(answer(900, head=0.1))
    assert engine.targets == [{"macs": 0.9}, {"macs": 0.6}]
    assert scanned.proposal is not None
    assert scanned.proposal.target == {"macs": 0.9}
    assert scanned.asking
    engine.tell(answer(600, head=0.4))
    assert scanned.proposal.target == {"macs": 0.6}
    assert not scanned.asking


def test_that_limit_and_amounts_are_one_step_of_undo(scanned: Planning, engine: FakeEngine, document: Document) -> None:
    before, steps = document.recipe, document.undo_stack.count()
    scanned.propose("macs", 0.7)
    scanned.keep("macs", 0.6)  # the answer to what was let go is still to come
    engine.tell(answer(700, head=0.3))
    assert document.recipe == before
    engine.tell(answer(600, head=0.4))
    assert document.undo_stack.count() == steps + 1
    assert document.recipe.budget == {"macs": 0.6}
    assert document.recipe.stages[0].layers == (Rule("head", {"amount": 0.4}),)
    assert "scope" not in document.recipe.stages[0].settings, "layers with amounts of their own leave the ranking"
    document.undo_stack.undo()
    assert document.recipe == before


def test_that_what_is_known_already_is_written_without_asking_again(
    scanned: Planning, engine: FakeEngine, document: Document
) -> None:
    scanned.propose("macs", 0.6)
    engine.tell(answer(600, head=0.4))
    scanned.keep("macs", 0.6)
    assert engine.targets == [{"macs": 0.6}]
    assert document.recipe.budget == {"macs": 0.6}
    assert scanned.estimate.predicted["macs"] == 600


def test_that_a_limit_out_of_reach_is_set_and_changes_no_amount(
    scanned: Planning, engine: FakeEngine, document: Document
) -> None:
    stages = document.recipe.stages
    scanned.keep("macs", 0.01)
    engine.tell(Failed(msg("The target can't be met."), msg("Allow more layers.")))
    assert document.recipe.budget == {"macs": 0.01}
    assert document.recipe.stages == stages


def test_that_a_limit_set_before_the_scan_is_kept_after_it(
    planning: Planning, scanner: Scanner, engine: FakeEngine, document: Document
) -> None:
    assert planning.need("macs") == "scan"
    planning.keep("macs", 0.6)
    assert document.recipe.budget == {"macs": 0.6}
    assert not engine.targets
    scanner.start()
    assert planning.need("macs") == "scanning"
    engine.tell(Finished(SCAN))
    assert engine.targets == [{"macs": 0.6}]
    engine.tell(answer(600, head=0.4))
    assert document.recipe.stages[0].layers == (Rule("head", {"amount": 0.4}),)


def test_that_an_edit_asks_what_the_recipe_comes_to_and_a_drag_goes_before(
    qtbot: QtBot, scanned: Planning, engine: FakeEngine, document: Document
) -> None:
    document.set_values({"budget.macs": 0.6}, "Budget")
    qtbot.waitUntil(lambda: engine.targets == [{}])
    scanned.propose("macs", 0.5)
    assert engine.forgotten == ["1"]
    engine.tell(Cancelled(), job=1)
    assert engine.targets == [{}, {"macs": 0.5}]


@pytest.mark.parametrize(
    ("settings", "limit", "need"),
    [
        ({"remove": True}, "macs", ""),
        ({"remove": True}, "sparsity", "masks"),
        ({"remove": True}, "latency", "measure"),
        ({}, "size", "removal"),
        ({}, "latency", "removal"),
        ({}, "accuracy_drop", "scan"),
    ],
)
def test_that_what_is_missing_for_a_plan_is_named(
    scanned: Planning, document: Document, settings: dict[str, Any], limit: str, need: str
) -> None:
    document.edit(
        dataclasses.replace(document.recipe, stages=(Stage("prune", {"method": "norm", **settings}),)), "Edit"
    )
    assert scanned.need(limit) == need


def test_that_masks_become_removal_with_one_edit(planning: Planning, document: Document) -> None:
    document.edit(dataclasses.replace(document.recipe, stages=(Stage("train", {"epochs": 2}),)), "Edit")
    planning.remove_channels()
    prune, train = document.recipe.stages
    assert prune.settings["remove"] is True
    assert train.kind == "train"


# The panel


def test_that_an_empty_budget_says_what_it_is_for(panel: BudgetPanel) -> None:
    assert panel.edit_button.text() == "Set a budget…"
    assert "plan for the layers follows" in panel.note.text.text()
    assert panel.verdict.text() == ""


def test_that_estimates_say_so_and_a_run_measures_them(
    panel: BudgetPanel, planning: Planning, engine: FakeEngine, document: Document
) -> None:
    document.set_values({"budget.size": 0.5, "budget.macs": 0.5}, "Budget")
    planning._ask_as_it_is()
    engine.tell(answer(600))
    assert list(panel.rows) == ["size", "macs"]
    size, macs = panel.rows["size"], panel.rows["macs"]
    assert (size.figure.text(), size.allowed.text(), size.tag.text()) == ("2.00 KB", "of ≤ 2.34 KB", "estimated")
    assert panel._verdict() == ("Estimated: MACs over by 100", "Estimated: over", "bad")
    assert macs.bar.filled == pytest.approx(0.6)
    state = RunState()
    final = {**BEFORE, "macs": 450, "size_bytes": 2000}
    state.begin("1", "Small")
    assert document.recipe is not None
    state.apply([("1", 0.0, Finished({"baseline": BEFORE, "final": final, "recipe": document.recipe.to_data()}))])
    panel.set_state(state)
    assert macs.figure.text() == "450"
    assert macs.tag.isHidden()
    assert panel._verdict() == ("Small is within budget", "Small: within", "ok")
    document.set_values({"stages.0.prune.amount": 0.1}, "Amount")
    assert macs.tag.text() == "estimated", "the run was of another recipe"
    panel.set_state(state)
    assert macs.tag.text() == "estimated", "whenever it comes into view"
    document.undo_stack.undo()
    assert macs.tag.isHidden()


def test_that_a_loss_before_a_training_is_no_verdict(
    panel: BudgetPanel, planning: Planning, engine: FakeEngine, document: Document
) -> None:
    document.set_values({"budget.accuracy_drop": 0.1}, "Budget")
    planning._ask_as_it_is()
    engine.tell(answer(600))
    assert panel._verdict()[0] == "Estimated: Accuracy drop over by 0.40 pt"
    document.add_stage("train", "Train")
    planning._ask_as_it_is()
    engine.tell(answer(600))
    assert panel.rows["accuracy_drop"].tag.text() == "before training"
    assert panel._verdict()[0] == "Known after a run"


def test_that_dragging_shows_the_plan_and_writes_nothing_before_it_is_let_go(
    qtbot: QtBot, panel: BudgetPanel, scanned: Planning, engine: FakeEngine, document: Document
) -> None:
    document.set_values({"budget.macs": 0.9}, "Budget")
    scanned._later.stop()
    row, before = panel.rows["macs"], document.recipe
    bar = row.bar
    middle = bar.height() // 2
    qtbot.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(round(bar.position_of(800)), middle))
    engine.tell(answer(800, head=0.2))
    qtbot.mouseMove(bar, QPoint(round(bar.position_of(600)), middle))
    asked = engine.targets[-1]["macs"]
    assert asked == pytest.approx(0.6, abs=0.01)
    engine.tell(answer(590, **{"head": 0.4, "features.conv": 0.2}))
    assert panel.note.text.text() == "Plan: 2 layers lose 20% to 40%"
    assert (row.figure.text(), row.tag.text()) == ("590", "estimated")
    assert document.recipe == before
    qtbot.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(round(bar.position_of(600)), middle))
    assert document.recipe.budget == {"macs": asked}
    assert len(document.recipe.stages[0].layers) == 2


def test_that_out_of_reach_says_how_far_it_goes(
    panel: BudgetPanel, scanned: Planning, engine: FakeEngine, document: Document
) -> None:
    document.set_values({"budget.macs": 0.9}, "Budget")
    scanned._later.stop()
    scanned.propose("macs", 0.01)
    target = msg("The target {target}: {figure} can't be met.", target="macs", figure="0.01")
    least = msg("With one unit left in every layer that may be pruned it is {least}; allow more layers.", least="0.057")
    engine.tell(Failed(target, least))
    assert panel.note.text.text() == "Out of reach: MACs gets to 5.7% with what may be pruned."


def test_that_the_panel_makes_room_until_somebody_unfolds_it(panel: BudgetPanel, document: Document) -> None:
    document.set_values({"budget.macs": 0.9, "budget.size": 0.5, "budget.accuracy_drop": 1.0}, "Budget")
    panel.set_room(300)
    assert panel.folded
    assert not panel._body.isVisible()
    panel.fold_button.click()
    assert panel._body.isVisible()
    panel.set_room(299)
    assert panel._body.isVisible(), "a person's choice stays"
    QSettings().remove("budget_folded")
    panel.set_room(2000)
    assert not panel.folded


def test_that_the_form_gives_back_the_limits_that_are_ticked(qtbot: QtBot) -> None:
    form = BudgetEditor({"size": 300_000.0, "accuracy_drop": 0.5})
    qtbot.addWidget(form)
    assert form.value == {"size": 300_000.0, "accuracy_drop": 0.5}
    form.lines["macs"].tick.setChecked(True)
    form.lines["size"].tick.setChecked(False)
    assert form.value == {"macs": 0.5, "accuracy_drop": 0.5}
    form.lines["latency"].spin.setValue(30)
    assert form.value["latency"] == pytest.approx(0.3), "entering a figure ticks it"


# Words and places


@pytest.mark.parametrize(
    ("limit", "old", "share", "figure"),
    [
        ("macs", 0.5, 0.3, 0.3),
        ("macs", 500.0, 0.3, 300.0),
        ("size", 2000.0, 0.0002, 0.0),  # 0.9 bytes: up to 1 a figure would be taken for a share
        ("accuracy_drop", 1.0, 0.5, 5.0),
        ("sparsity", 0.5, 0.7, 0.7),
    ],
)
def test_that_a_place_on_the_bar_is_a_figure_as_the_recipe_says_it(
    limit: str, old: float, share: float, figure: float
) -> None:
    found = budget_text.figure_at(limit, share, BEFORE, old)
    assert found == pytest.approx(figure, abs=1e-3)
    if found > 0.001:
        (verdict,) = judged({limit: found}, BEFORE, BEFORE)
        assert budget_text.mark(verdict, BEFORE) == pytest.approx(share, abs=0.01)


def test_that_layers_with_amounts_of_their_own_are_said_in_the_card(document: Document) -> None:
    catalogue = during_catalogue()
    rules = (Rule("head", {"amount": 0.2}), Rule("features.conv", {"amount": 0.6}))
    told: Callable[[Stage], str] = lambda stage: stage_text.summary(stage, catalogue)  # noqa: E731
    assert told(Stage("prune", {"method": "norm", "amount": 0.5}, rules)).endswith("20% to 60%, each layer its own")

"""The scan in the window: what it asks, what it shows, and the plan that is made of it."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPointF, Qt, Signal
from pytestqt.qtbot import QtBot

from backend.answers import Inspection, LayerInfo
from backend.engine.protocol import Allocate, Request, Sensitivity
from backend.errors import CompressionError, msg
from backend.events import Answer, Cancelled, Event, Failed, Finished, Progress
from backend.events import Sensitivity as Scanned
from backend.recipe import Recipe, Rule, Stage
from gui.dialogs.sensitivity_table_dialog import SensitivityTableDialog
from gui.document import Document
from gui.engine_thread import EngineThread
from gui.item_models.layer_columns import Column
from gui.item_models.layer_tree import VALUE_ROLE, LayerTreeModel
from gui.item_models.layer_tree_delegate import HEAT, heat_ink
from gui.panels.model_panel import ModelPanel
from gui.panels.sensitivity_panel import SensitivityPanel
from gui.run_state import RunState
from gui.scan_state import ScanState
from gui.scanning import Scanner
from gui.theme import DARK, LIGHT
from tests.small_catalogue import during_catalogue

BASE = {"accuracy": 98.0, "loss": 0.1, "sqnr_db": 200.0}
AMOUNTS = (0.1, 0.5, 0.9)


def rows(*accuracies: float) -> list[dict[str, float]]:
    return [
        {"amount": a, "accuracy": v, "loss": 0.2, "sqnr_db": 20 * (1 - a)}
        for a, v in zip(AMOUNTS, accuracies, strict=True)
    ]


TARGETS = {"features.conv": rows(97.5, 90.0, 20.0), "head": rows(98.0, 97.8, 97.0)}
RESULT = {"baseline": BASE, "targets": TARGETS, "amounts": AMOUNTS, "images": 200, "method": "l1", "notes": []}


class FakeEngine(QObject):
    """Takes requests and tells what a test has it tell."""

    events = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[Request] = []
        self.cancelled: list[str] = []

    def send(self, request: Request) -> str:
        self.requests.append(request)
        return str(len(self.requests))

    def cancel(self, job: str) -> None:
        self.cancelled.append(job)

    def tell(self, *events: Event) -> None:
        self.events.emit([(str(len(self.requests)), 0.1, event) for event in events])


@pytest.fixture
def engine(qapp: object) -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def scanner(document: Document, engine: FakeEngine) -> Scanner:
    return Scanner(document, engine, ScanState())  # type: ignore[arg-type]


@pytest.fixture
def scanned(scanner: Scanner, engine: FakeEngine) -> ScanState:
    scanner.start()
    engine.tell(Finished(RESULT))
    return scanner.state


def test_that_a_scan_asks_for_the_stage_that_is_open_and_fills_as_it_goes(
    scanner: Scanner, engine: FakeEngine, document: Document
) -> None:
    changes: list[set[str]] = []
    scanner.state.changed.connect(changes.append)
    document.select_stage(0)
    scanner.start()
    request = engine.requests[0]
    assert isinstance(request, Sensitivity)
    assert (request.stage, request.recipe) == (0, document.recipe.to_data())
    before = len(changes)
    engine.tell(Progress(0, 3, 10, msg("Scanning layers")), Scanned("head", TARGETS["head"]))
    assert changes[before:] == [{"progress", "figures"}]
    assert scanner.running and scanner.why_not()
    assert (scanner.state.done, scanner.state.total) == (3, 10)
    assert list(scanner.state.targets) == ["head"]
    assert scanner.state.drops() == {}, "what is lost is not known before the network as it is was measured"
    engine.tell(Finished(RESULT))
    assert scanner.state.status == "done"
    assert scanner.state.drops() == pytest.approx({"features.conv": 8.0, "head": 0.2})


def test_that_a_recipe_without_pruning_is_scanned_all_the_same(
    document: Document, scanner: Scanner, engine: FakeEngine
) -> None:
    document.edit(dataclasses.replace(document.recipe, stages=(Stage("train"),)), "Edit")
    scanner.start()
    assert engine.requests[0].stage is None
    engine.tell(Finished(RESULT))
    assert not scanner.outdated


def test_that_pruning_within_a_training_is_scanned_and_planned_where_it_stands(
    document: Document, scanner: Scanner, engine: FakeEngine
) -> None:
    document.catalogue = during_catalogue()
    inner = Stage("prune", {"method": "norm", "amount": 0.5, "schedule": {"kind": "agp"}})
    document.edit(dataclasses.replace(document.recipe, stages=(Stage("train", during=(inner,)),)), "Edit")
    scanner.start()
    assert (engine.requests[0].stage, scanner.place, scanner.state.method) == (0, (0, 0), "norm")
    document.set_amounts(scanner.place, {"head": 0.3}, "norm", "Plan")
    assert document.recipe.stages[0].during[0].layers == (Rule("head", {"amount": 0.3}),)
    assert not scanner.outdated


def test_that_the_amount_compared_is_the_nearest_that_was_tried(scanned: ScanState) -> None:
    assert scanned.amount == 0.5
    scanned.choose_amount(0.9)
    assert scanned.drops() == pytest.approx({"features.conv": 78.0, "head": 1.0})
    assert scanned.most_sensitive(1) == ["features.conv"]


def test_that_a_figure_that_is_not_finite_is_none(scanner: Scanner, engine: FakeEngine) -> None:
    scanner.start()
    engine.tell(Scanned("head", [{"amount": 0.5, "accuracy": 50.0, "loss": None, "sqnr_db": float("inf")}]))
    point = scanner.state.targets["head"][0]
    assert (point.loss, point.sqnr_db) == (None, None)


def test_that_stopping_asks_once_and_keeps_what_was_measured(scanner: Scanner, engine: FakeEngine) -> None:
    scanner.start()
    engine.tell(Scanned("head", TARGETS["head"]))
    scanner.stop()
    scanner.stop()
    assert engine.cancelled == ["1"]
    assert scanner.stopping
    engine.tell(Cancelled())
    assert (scanner.state.status, scanner.stopping) == ("stopped", False)
    assert list(scanner.state.targets) == ["head"]


@pytest.mark.parametrize(
    ("edits", "outdated"),
    [
        ({"stages.0.prune.method": "norm"}, True),
        ({"data.source": "mnist"}, True),
        ({"stages.0.prune.amount": 0.9}, False),
        ({"stages.0.prune.layers.head.amount": 0.2}, False),
        ({"stages.1.train.epochs": 9}, False),
    ],
)
def test_that_only_what_a_scan_depends_on_makes_it_one_of_other_settings(
    scanned: ScanState, scanner: Scanner, document: Document, edits: dict[str, Any], outdated: bool
) -> None:
    document.set_values(edits, "Edit")
    assert scanner.outdated == outdated
    document.undo_stack.undo()
    assert not scanner.outdated


def test_that_another_document_forgets_the_scan(scanned: ScanState, document: Document, recipe: Recipe) -> None:
    document.start(recipe, document.folder)
    assert scanned.status == "empty"


# The panel


@pytest.fixture
def panel(qtbot: QtBot, document: Document, scanner: Scanner) -> SensitivityPanel:
    made = SensitivityPanel(document, scanner)
    qtbot.addWidget(made)
    made.resize(560, 420)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_that_nothing_scanned_says_what_will_appear_and_how(qtbot: QtBot, panel: SensitivityPanel) -> None:
    assert panel._stack.currentIndex() == 0
    with qtbot.waitSignal(panel.scan_requested):
        panel._first.click()
    panel.allow_scan("A run is in progress; stop it first")
    assert not panel._first.isEnabled()
    assert panel._first.toolTip() == "A run is in progress; stop it first"


def test_that_a_scan_shows_its_progress_and_stops_from_the_panel(
    qtbot: QtBot, panel: SensitivityPanel, scanner: Scanner, engine: FakeEngine
) -> None:
    scanner.start()
    engine.tell(Progress(0, 1, 4, msg("Scanning layers")))
    assert panel._bar.isVisible() and panel._bar.value() == 250
    assert panel.scan_button.text() == "Stop"
    with qtbot.waitSignal(panel.stop_requested):
        panel.scan_button.click()
    engine.tell(Failed(msg("The data can't be read."), msg("Choose another folder.")))
    assert panel._failure.isVisible()
    assert panel.scan_button.text() == "Scan again"


def test_that_what_is_to_be_known_of_a_scan_stands_beside_it(
    panel: SensitivityPanel, scanner: Scanner, engine: FakeEngine
) -> None:
    scanner.start()
    assert not panel._notes.isVisible()
    engine.tell(Finished({**RESULT, "notes": [msg("Scanned as it was opened.").to_data()]}))
    assert panel._notes.isVisible()
    assert panel._notes.text() == "Scanned as it was opened."


def test_that_the_layers_that_lose_most_are_named_until_others_are_selected(
    panel: SensitivityPanel, scanned: ScanState
) -> None:
    assert panel.named == ["features.conv", "head"]
    panel.show_layers(["head"])
    assert panel.named == ["head"]
    assert panel._legend.text() == "1 other in gray"
    panel.show_layers(["features"])
    assert panel.named == ["features.conv"]
    panel.show_layers(["features.pool"])
    assert panel.named == ["features.conv", "head"]


def test_that_a_curve_begins_at_the_network_as_it_is(panel: SensitivityPanel, scanned: ScanState) -> None:
    curve = panel.plot._curves[0]
    assert curve.xData.tolist() == [0.0, 0.1, 0.5, 0.9]
    assert curve.yData.tolist() == [98.0, 97.5, 90.0, 20.0]
    assert panel.plot._baseline.value() == 98.0
    panel.measure.changed.emit(panel.measure.set_value("sqnr_db"))
    assert curve.yData.tolist() == pytest.approx([18.0, 10.0, 2.0])
    assert not panel.plot._baseline.isVisible()


def test_that_many_layers_are_one_curve_with_gaps_behind_the_named_ones(
    panel: SensitivityPanel, scanner: Scanner, engine: FakeEngine
) -> None:
    scanner.start()
    engine.tell(Finished({**RESULT, "targets": {f"conv{i}": rows(97.0 - i, 90.0 - i, 50.0 - i) for i in range(20)}}))
    assert panel.named == ["conv19", "conv18", "conv17"]
    assert int(np.isnan(panel.plot._others.xData).sum()) == 17
    assert [name.isVisible() for name in panel.plot._names] == [True] * 3 + [False] * 3


def test_that_hover_reads_every_named_curve_at_an_amount(panel: SensitivityPanel, scanned: ScanState) -> None:
    panel.show_layers(["head"])
    readings = panel.plot.readings(0.5, "features.conv")
    assert [(r.name, r.value) for r in readings] == [("50%", ""), ("head", "97.80%"), ("features.conv", "90.00%")]


def test_that_a_click_on_a_curve_chooses_its_layer(qtbot: QtBot, panel: SensitivityPanel, scanned: ScanState) -> None:
    plot = panel.plot
    at = plot.mapFromScene(plot.view.mapViewToScene(QPointF(0.5, 90.0)))
    with qtbot.waitSignal(panel.layer_chosen) as caught:
        qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert caught.args == ["features.conv"]


def test_that_figures_of_other_settings_are_said_to_be_that(
    qtbot: QtBot, panel: SensitivityPanel, scanned: ScanState, document: Document
) -> None:
    assert not panel.outdated.isVisible()
    document.set_values({"stages.0.prune.method": "norm"}, "Method")
    assert panel.outdated.isVisible()
    assert "other settings" in panel.outdated.text
    with qtbot.waitSignal(panel.scan_requested):
        panel.outdated.action.click()


def test_that_a_stopped_scan_goes_on_only_with_its_own_settings(
    panel: SensitivityPanel, scanner: Scanner, engine: FakeEngine, document: Document
) -> None:
    scanner.start()
    engine.tell(Scanned("head", TARGETS["head"]))
    scanner.stop()
    engine.tell(Cancelled())
    assert panel._detail.text() == "Stopped; scanning again goes on from here"
    assert panel.scan_button.isVisible()
    document.set_values({"stages.0.prune.method": "norm"}, "Method")
    assert "Stopped" not in panel._detail.text()
    assert panel.outdated.isVisible()
    assert not panel.scan_button.isVisible(), "one button scans again"


def test_that_curves_are_saved_and_shown_as_a_table(
    qtbot: QtBot, panel: SensitivityPanel, scanned: ScanState, tmp_path: Path
) -> None:
    panel.save_data(tmp_path / "scan.csv")
    with (tmp_path / "scan.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    assert len(table) == 6
    assert table[1] == {"layer": "features.conv", "amount": "0.5", "accuracy": "90.0", "loss": "0.2", "sqnr_db": "10.0"}
    panel.save_picture(tmp_path / "scan.svg")
    assert (tmp_path / "scan.svg").read_bytes().startswith(b"<?xml")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with qtbot.waitSignal(panel.failed) as caught:
        panel.save_data(tmp_path / "file" / "scan.csv")
    assert isinstance(caught.args[0], CompressionError)
    dialog = SensitivityTableDialog(scanned, "accuracy")
    qtbot.addWidget(dialog)
    shown = dialog.view.model()
    assert [shown.headerData(i, Qt.Orientation.Horizontal) for i in range(4)] == ["Layer", "10%", "50%", "90%"]
    dialog.view.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert [shown.index(row, 0).data() for row in range(2)] == ["head", "features.conv"]
    assert shown.index(0, 2).data() == "97.80%"


# The column of the tree


def test_that_the_column_stands_only_where_a_scan_has_something_to_say(
    qtbot: QtBot, document: Document, scanner: Scanner, engine: FakeEngine
) -> None:
    tree = ModelPanel(document, RunState(), scanner.state)
    qtbot.addWidget(tree)
    assert tree.tree.isColumnHidden(Column.SENSITIVITY)
    scanner.start()
    engine.tell(Finished(RESULT))
    assert not tree.tree.isColumnHidden(Column.SENSITIVITY)
    cell = tree.model.at_name("features.conv").siblingAtColumn(Column.SENSITIVITY)
    assert cell.data() == "8.0"
    assert cell.data(VALUE_ROLE) == pytest.approx(8.0)
    tip = cell.data(Qt.ItemDataRole.ToolTipRole).splitlines()
    assert tip == [
        "features.conv pruned alone",
        "10%: 97.50% (−0.50 pt), SQNR 18.0 dB",
        "50%: 90.00% (−8.00 pt), SQNR 10.0 dB",
        "90%: 20.00% (−78.00 pt), SQNR 2.0 dB",
    ]
    assert tree.model.at_name("features.norm").siblingAtColumn(Column.SENSITIVITY).data() == ""


@pytest.mark.parametrize(("accuracy", "shown"), [(97.3, "0.7"), (98.7, "+0.7"), (98.0, "0.0"), (26.0, "72.0")])
def test_that_a_gain_has_its_sign_and_a_loss_has_none(
    qtbot: QtBot, document: Document, scanner: Scanner, engine: FakeEngine, accuracy: float, shown: str
) -> None:
    tree = ModelPanel(document, RunState(), scanner.state)
    qtbot.addWidget(tree)
    scanner.start()
    engine.tell(Finished({**RESULT, "targets": {"head": rows(accuracy, accuracy, accuracy)}}))
    assert tree.model.at_name("head").siblingAtColumn(Column.SENSITIVITY).data() == shown


@pytest.mark.parametrize(("width", "hidden"), [(460, True), (520, True), (640, False)])
def test_that_the_precision_makes_way_for_the_plan_once_a_scan_needs_room(
    qtbot: QtBot, document: Document, scanner: Scanner, engine: FakeEngine, width: int, hidden: bool
) -> None:
    tree = ModelPanel(document, RunState(), scanner.state)
    qtbot.addWidget(tree)
    tree.resize(width, 400)
    with qtbot.waitExposed(tree):
        tree.show()
    assert not tree.tree.isColumnHidden(Column.PRECISION)
    scanner.start()
    engine.tell(Finished(RESULT))
    assert tree.tree.isColumnHidden(Column.PRECISION) == hidden
    assert tree.tree.columnWidth(Column.PLAN) >= 90


@pytest.mark.parametrize("width", [340, 400, 460, 520, 640])
def test_that_the_plan_has_room_in_a_tree_of_any_width(qtbot: QtBot, document: Document, width: int) -> None:
    tree = ModelPanel(document, RunState(), ScanState())
    qtbot.addWidget(tree)
    tree.resize(width, 400)
    with qtbot.waitExposed(tree):
        tree.show()
    assert tree.tree.columnWidth(Column.PLAN) >= 90
    assert tree.tree.header().length() <= tree.tree.viewport().width()


def test_that_layers_that_go_together_share_their_figure(
    qtbot: QtBot, document: Document, scanner: Scanner, engine: FakeEngine
) -> None:
    tree = ModelPanel(document, RunState(), scanner.state)
    panel = SensitivityPanel(document, scanner)
    for widget in (tree, panel):
        qtbot.addWidget(widget)
    scanner.start()
    together = {"features.conv": ["features.conv", "head"]}
    engine.tell(Finished({**RESULT, "targets": {"features.conv": TARGETS["features.conv"]}, "layers": together}))
    cells = [tree.model.at_name(name).siblingAtColumn(Column.SENSITIVITY) for name in ("features.conv", "head")]
    assert [cell.data() for cell in cells] == ["8.0", "8.0"]
    tip = cells[1].data(Qt.ItemDataRole.ToolTipRole).splitlines()
    assert tip[0] == "head pruned together with features.conv"
    panel.show_layers(["head"])
    assert panel.named == ["features.conv"]


def luminance(color: str) -> float:
    """Relative luminance of WCAG 2."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
@pytest.mark.parametrize("step", range(len(HEAT) + 1))
def test_that_the_number_on_every_heat_can_be_read(tokens: Any, step: int) -> None:
    assert contrast(heat_ink(step, tokens), tokens.heat[step]) >= 4.5


# The plan


def test_that_a_plan_is_one_step_of_undo_and_keeps_what_else_a_rule_says(document: Document) -> None:
    document.set_stage((0,), Stage("prune", {"amount": 0.5}, (Rule("head", {"method": "norm"}),)), "Prune")
    before = document.recipe
    document.set_amounts((0,), {"features.conv": 0.2, "head": 0.0}, "norm", "Plan")
    assert document.recipe.stages[0].layers == (
        Rule("features.conv", {"amount": 0.2}),
        Rule("head", {"method": "norm", "amount": 0.0}),
    )
    document.undo_stack.undo()
    assert document.recipe == before


def test_that_a_plan_for_a_recipe_that_does_not_prune_adds_the_stage_that_does(document: Document) -> None:
    document.edit(dataclasses.replace(document.recipe, stages=(Stage("train"),)), "Edit")
    document.set_amounts(None, {"head": 0.4}, "norm", "Plan")
    assert document.recipe.stages == (
        Stage("prune", {"method": "norm"}, (Rule("head", {"amount": 0.4}),)),
        Stage("train"),
    )


def test_that_a_layer_planned_at_nothing_reads_as_kept(qtbot: QtBot, document: Document) -> None:
    tree = ModelPanel(document, RunState(), ScanState())
    qtbot.addWidget(tree)
    document.remove_stage(2, "Remove")
    document.set_amounts((0,), {"features.conv": 0.0}, "l1", "Plan")
    assert tree.model.at_name("features.conv").siblingAtColumn(Column.PLAN).data() == "Keep as is"


def test_that_the_tree_shows_what_is_left_of_a_layer_and_what_is_gone(
    document: Document, inspection: Inspection, qtbot: QtBot
) -> None:
    tree = ModelPanel(document, RunState(), ScanState())
    qtbot.addWidget(tree)
    before = {layer.name: {"parameters": layer.parameters} for layer in inspection.layers if layer.weight_shape}
    after = {name: row for name, row in before.items() if name != "features.norm"}
    after["features.conv"] = {"parameters": 150}
    del after["head"]
    tree.model.set_figures(after, before)
    cells = {
        name: tree.model.at_name(name).siblingAtColumn(Column.PARAMETERS)
        for name in ("", "features.conv", "features.norm", "head")
    }
    assert {name: cell.data() for name, cell in cells.items()} == {
        "": "↓170",
        "features.conv": "↓150",
        "features.norm": "20",
        "head": "gone",
    }
    assert cells["features.conv"].data(Qt.ItemDataRole.ToolTipRole) == "features.conv: 300 → 150 parameters"


def test_that_weights_a_container_holds_itself_count_where_they_are(document: Document, inspection: Inspection) -> None:
    attention = [
        LayerInfo("a", "MultiheadAttention", 400, 1, False, (1,)),
        LayerInfo("a.out", "Linear", 100, 1, True, (1,)),
    ]
    root = dataclasses.replace(inspection.layers[0], parameters=400)
    document.set_inspection(dataclasses.replace(inspection, layers=[root, *attention]))
    model = LayerTreeModel(document)
    texts = lambda: [model.at_name(name).siblingAtColumn(Column.PARAMETERS).data() for name in ("", "a", "a.out")]  # noqa: E731
    model.set_figures({})
    assert texts() == ["400", "400", "100"]
    before = {"a": {"parameters": 300}, "a.out": {"parameters": 100}}
    model.set_figures({"a": {"parameters": 150}, "a.out": {"parameters": 50}}, before)
    assert texts() == ["↓200", "↓200", "↓50"]
    model.set_figures({"a": {"parameters": 300}, "a.out": {"parameters": 110}}, before)
    assert texts() == ["400", "400", "100"], "a bias that comes in where a norm is folded is no removal"


def test_that_a_large_network_is_summed_at_once(document: Document, inspection: Inspection) -> None:
    leaves = [LayerInfo(f"b{i}", "Conv2d", 10, 1, True, (1,)) for i in range(3000)]
    root = dataclasses.replace(inspection.layers[0], parameters=30_000)
    document.set_inspection(dataclasses.replace(inspection, layers=[root, *leaves]))
    model = LayerTreeModel(document)
    model.set_figures({leaf.name: {"parameters": 5} for leaf in leaves})
    assert model.at_name("").siblingAtColumn(Column.PARAMETERS).data() == "↓15.0 K"


class Recorder:
    """The client's end of a pipe that nobody answers."""

    def send(self, request: Request) -> str:
        return "7"


def test_that_the_result_of_a_job_is_an_answer_like_that_of_a_question(qapp: object) -> None:
    thread = EngineThread(connect=Recorder)
    thread._client = Recorder()
    told: list[Any] = []
    for ending in (Finished({"layers": {}}), Answer([1]), Cancelled(), Failed(msg("No."))):
        thread.ask(Allocate({}, {"macs": 0.5}), told.append, lambda failed: told.append(str(failed.message)))
        thread._hand_over([("7", 0.1, ending), ("7", 0.2, ending)])
    assert told == [{"layers": {}}, [1], "No."]

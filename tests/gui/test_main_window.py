"""The window's behavior against an engine that answers from a script."""

from __future__ import annotations

import dataclasses
import queue
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QSettings, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox
from pytestqt.qtbot import QtBot

from backend.answers import Inspection
from backend.engine.protocol import Inspect, LayerHistogram, Request, Run, encode_event
from backend.errors import Repair, msg
from backend.events import Answer, Cancelled, Event, Failed, Finished, Hello, StageStarted, Started
from backend.recipe import Recipe, recipe_to_yaml
from gui import languages, palette
from gui.consent import allowed
from gui.dialogs.export_dialog import ExportDialog
from gui.engine_thread import EngineThread
from gui.main_window import MainWindow
from gui.opening import network_classes
from gui.panels.error_card import ErrorCard
from gui.theme import tokens
from tests.small_catalogue import small_catalogue

Envelope = tuple[str, float, Event]


class ScriptedEngine:
    """Takes requests and gives what ``answers`` says for their type; runs are told step by step."""

    def __init__(self, inspection: Inspection) -> None:
        self.pid = None
        self.requests: list[Request] = []
        self.cancelled: list[str] = []
        self.closed = False
        self._outbox: queue.Queue[Envelope] = queue.Queue()
        self.inspect: Event = Answer(inspection.to_data() | {"refusals": {}, "notes": []})
        self.tell("", Hello(1, "0", "2.13.0", small_catalogue().to_data(), {"threads": 2}))

    def tell(self, job: str, *events: Event) -> None:
        for event in events:
            self._outbox.put((job, 0.1, event))

    def send(self, request: Request) -> str:
        self.requests.append(request)
        job = str(len(self.requests))
        match request:
            case Inspect():
                self.tell(job, self.inspect)
            case LayerHistogram():
                self.tell(job, Answer(HISTOGRAM | {"layer": request.layer}))
            case Run():
                stages = [{"kind": "prune", "label": "prune"}]
                self.tell(job, Started("Small", request.output, stages), StageStarted(0, "prune"))
        return job

    def cancel(self, job: str, *, patient: bool = False) -> None:
        if not patient:
            self.cancelled.append(job)

    def receive(self, timeout: float) -> list[Envelope]:
        try:
            return [self._outbox.get(timeout=timeout)]
        except queue.Empty:
            return []

    def close(self) -> None:
        self.closed = True


HISTOGRAM = {
    "edges": [-1.0, 0.0, 1.0], "counts": [3, 5], "zeros": 2, "shape": [2, 4],
    "minimum": -0.9, "maximum": 0.8, "mean": 0.1, "std": 0.4,
}  # fmt: skip


@pytest.fixture
def engine(inspection: Inspection) -> ScriptedEngine:
    return ScriptedEngine(inspection)


@pytest.fixture
def window(engine: ScriptedEngine, cache: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[MainWindow]:
    QSettings().setValue("workspace", str(tmp_path / "runs"))
    made = MainWindow(EngineThread(connect=lambda: engine))
    made.resize(1440, 900)
    made.show()
    made.engine.open()
    qtbot.waitUntil(lambda: made.engine.ready)
    yield made
    made.engine.close()
    made.hide()
    made.deleteLater()


@pytest.fixture
def file(recipe: Recipe, tmp_path: Path) -> Path:
    path = tmp_path / "small 配方.yaml"
    path.write_text(recipe_to_yaml(recipe), encoding="utf-8")
    return path


@pytest.fixture
def opened(window: MainWindow, file: Path, qtbot: QtBot) -> MainWindow:
    window.files.open_file(file)
    qtbot.waitUntil(lambda: window.document.inspection is not None)
    return window


@pytest.fixture
def quits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows when the application is asked to quit."""
    found: list[int] = []
    monkeypatch.setattr(QApplication, "quit", lambda: found.append(1))
    return found


def running(window: MainWindow, qtbot: QtBot) -> str:
    window.actions_by_id["run"].trigger()
    qtbot.waitUntil(lambda: bool(window.state.stages))
    assert window.state.job is not None
    return window.state.job


def answer(window: MainWindow, choose: str) -> None:
    """Press the button called ``choose`` of the one question that is open."""
    (box,) = [d for d in window.findChildren(QMessageBox) if d.isVisible()]
    next(b for b in box.buttons() if b.text() == choose).click()


def test_that_nothing_is_possible_before_a_network_is_open_and_each_reason_is_said(window: MainWindow) -> None:
    assert window.frame.pages.currentWidget() is window.frame.welcome
    for id in ("run", "stop", "export", "save", "undo"):
        action = window.actions_by_id[id]
        assert not action.isEnabled()
        assert action.toolTip()
    assert window.frame.toolbar.run.toolTip() == "Open a network first"


def test_that_opening_a_recipe_fills_tree_recipe_and_title(opened: MainWindow) -> None:
    assert opened.panes.model.model.rowCount() == 6
    assert len(opened.panes.recipe.cards) == 3
    assert "Small" in opened.windowTitle()
    assert opened.actions_by_id["run"].isEnabled()
    assert all(dock.isVisible() for dock in opened.panes.docks)


def test_that_an_edit_marks_the_window_and_undo_clears_the_mark(opened: MainWindow) -> None:
    opened.document.set_values({"seed": 3}, "Seed")
    assert opened.isWindowModified()
    opened.actions_by_id["undo"].trigger()
    assert not opened.isWindowModified()


def test_that_run_sends_the_recipe_with_a_new_folder_and_shows_the_run(
    opened: MainWindow, engine: ScriptedEngine, tmp_path: Path, qtbot: QtBot
) -> None:
    running(opened, qtbot)
    request = engine.requests[-1]
    assert isinstance(request, Run)
    assert request.recipe == opened.document.recipe.to_data()
    assert Path(request.output).parent == tmp_path / "runs"
    assert opened.frame.toolbar.run.toolTip() == "A run is in progress; stop it first"
    assert opened.frame.toolbar.stop.isEnabled()
    assert opened.panes.recipe.note.text() == "Edits apply to the next run"


def test_that_stop_says_so_at_once_and_the_run_can_be_started_again(
    opened: MainWindow, engine: ScriptedEngine, qtbot: QtBot
) -> None:
    job = running(opened, qtbot)
    opened.actions_by_id["stop"].trigger()
    assert opened.frame.toolbar.stop.text() == "Stopping…"
    assert engine.cancelled == [job]
    engine.tell(job, Cancelled())
    qtbot.waitUntil(lambda: opened.state.status == "stopped")
    assert opened.frame.toolbar.stop.text() == "Stop"
    assert opened.actions_by_id["run"].isEnabled()


def test_that_the_docks_come_back_as_wide_as_they_were(opened: MainWindow, qtbot: QtBot) -> None:
    kept = opened._dock_sizes()
    opened.keep_layout()
    assert QSettings().value("docks") == ",".join(str(size) for size in kept)
    opened._resize_docks((kept[0] - 20, kept[1] - 10, kept[2]))
    qtbot.waitUntil(lambda: opened._dock_sizes() != kept)
    opened._restore_layout()
    qtbot.waitUntil(lambda: opened._dock_sizes() == kept)


def test_that_the_export_says_which_of_the_runs_of_one_name_it_writes(opened: MainWindow, qtbot: QtBot) -> None:
    for day in (1, 2):
        folder = opened.runs.workspace / f"2026-01-0{day} 03.04.05 Small"
        folder.mkdir(parents=True)
        (folder / "events.jsonl").write_text(encode_event("a", 0, 0.1, Started("Small", "", [])), encoding="utf-8")
    opened.runs.reload()
    opened.work.export_folder(folder)
    dialog = opened.findChild(ExportDialog)
    assert isinstance(dialog, ExportDialog)
    assert dialog.windowTitle() == "Export Run 2 · Small"
    dialog.close()


def test_that_a_run_whose_folder_was_deleted_leaves_the_list_and_is_not_called_stopped(
    opened: MainWindow, qtbot: QtBot
) -> None:
    folder = opened.runs.workspace / "2026-01-02 03.04.05 Small"
    folder.mkdir(parents=True)
    shown = opened.shown
    (folder / "events.jsonl").write_text(encode_event("a", 0, 0.1, Started("Small", "", [])), encoding="utf-8")
    opened.runs.reload()
    assert [row.folder for row in opened.runs.rows] == [folder]
    shutil.rmtree(folder)
    opened.work.show_run(folder)
    qtbot.waitUntil(lambda: not opened.runs.rows)
    assert opened.shown is shown
    assert "gone" in opened.statusBar().currentMessage()


def test_that_a_failed_run_is_a_problem_with_its_repair(
    opened: MainWindow, engine: ScriptedEngine, qtbot: QtBot
) -> None:
    job = running(opened, qtbot)
    repair = Repair(msg("Use the processor"), {"stages.0.prune.amount": 0.2})
    engine.tell(job, Failed(msg("It failed."), msg("Repair it."), "", repair))
    qtbot.waitUntil(lambda: opened.state.status == "failed")
    opened.panes.problems.repair_requested.emit(repair)
    assert opened.document.recipe.stages[0].settings["amount"] == 0.2
    opened.undo()
    assert opened.document.recipe.stages[0].settings["amount"] == 0.5


def test_that_a_network_that_does_not_open_is_a_card_that_can_try_again(
    window: MainWindow, engine: ScriptedEngine, file: Path, qtbot: QtBot
) -> None:
    good = engine.inspect
    engine.inspect = Failed(msg("The file is cut off."), msg("Copy it again."), "deep details")
    window.files.open_file(file)
    qtbot.waitUntil(lambda: window.frame.error is not None)
    card = window.frame.error
    assert isinstance(card, ErrorCard)
    card.copy.click()
    assert "deep details" in QApplication.clipboard().text()
    assert window.work.why_not_run() == "Needs a network that can be opened"
    engine.inspect = good
    card.repair.click()
    qtbot.waitUntil(lambda: window.document.inspection is not None)
    assert window.frame.error is None
    assert window.frame.pages.currentWidget() is window.panes.tabs


def test_that_a_weights_file_begins_a_document_once_it_is_described(
    window: MainWindow, engine: ScriptedEngine, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "net.safetensors"
    path.write_bytes(b"")
    window.opener.open(path)
    qtbot.waitUntil(lambda: window.document.is_open)
    (request,) = (one for one in engine.requests if isinstance(one, Inspect))
    assert request.model == {"source": "checkpoint", "weights": str(path)}
    assert window.document.recipe.model.name == "net"
    assert window.document.inspection is not None
    assert window.work.why_not_run() == "Add a stage first: there is nothing to do yet"


@pytest.mark.parametrize("chosen", ["", "stages/0", "stages/0/weights.safetensors", "stages/0/steps/1"])
def test_that_a_network_that_pare_saved_is_opened_with_its_edits_and_the_data_of_its_run(
    window: MainWindow, recipe: Recipe, tmp_path: Path, qtbot: QtBot, chosen: str
) -> None:
    run = tmp_path / "run"
    for place in (run / "stages" / "0", run / "stages" / "0" / "steps" / "1"):
        place.mkdir(parents=True)
        (place / "network.json").write_text("{}", encoding="utf-8")
        (place / "weights.safetensors").write_bytes(b"")
    data = dataclasses.replace(recipe.data, limit=7)
    (run / "recipe.yaml").write_text(recipe_to_yaml(dataclasses.replace(recipe, data=data)), encoding="utf-8")
    window.opener.open(run / chosen)
    qtbot.waitUntil(lambda: window.document.is_open)
    opened = window.document.recipe
    folder = (run / chosen).parent if chosen.endswith("tensors") else run / chosen
    assert (opened.model.source, opened.model.weights) == ("pare", str(folder))
    assert opened.data.limit == 7
    assert window.document.folder == run


def test_that_a_file_of_another_kind_is_a_sentence(
    window: MainWindow, engine: ScriptedEngine, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "net.onnx"
    path.write_bytes(b"")
    engine.inspect = Failed(msg("It is an ONNX file."), msg("Open the weights."))
    window.opener.open(path)
    qtbot.waitUntil(lambda: isinstance(window.frame.error, ErrorCard))
    assert not window.document.is_open


def test_that_a_python_file_is_allowed_once_and_then_opened(
    window: MainWindow, engine: ScriptedEngine, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "net.py"
    path.write_text("import torch\nclass Net(torch.nn.Module):\n    pass\n", encoding="utf-8")
    good = engine.inspect
    consent = {"file": str(path), "sha256": "ab" * 32}
    engine.inspect = Failed(msg("Nobody has allowed that yet."), consent=consent)
    window.opener.open(path)
    dialogs = lambda: [d for d in window.findChildren(QDialog) if d.isVisible()]  # noqa: E731
    qtbot.waitUntil(lambda: bool(dialogs()))
    engine.inspect = good
    dialogs()[0].accept()
    qtbot.waitUntil(lambda: window.document.is_open)
    assert allowed() == {str(path): "ab" * 32}
    last = [one for one in engine.requests if isinstance(one, Inspect)][-1]
    assert last.allowed == {str(path): "ab" * 32}


def test_that_networks_are_found_in_python_without_running_it() -> None:
    source = "raise SystemExit\nclass Helper: pass\nclass Net(nn.Module): pass\nclass Other(Module): pass\n"
    assert network_classes(source) == ["Net", "Other"]
    assert network_classes("class Plain: pass") == ["Plain"]


def test_that_a_dropped_file_is_opened(window: MainWindow, file: Path, qtbot: QtBot) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))
    qtbot.waitUntil(lambda: window.document.is_open)
    assert window.document.path == file


def test_that_language_and_theme_change_while_a_run_goes_on(
    opened: MainWindow, engine: ScriptedEngine, qtbot: QtBot
) -> None:
    job = running(opened, qtbot)
    opened.choices.set_theme("dark")
    assert tokens().dark
    opened.choices.set_language("zh_CN")
    try:
        assert opened.frame.toolbar.run.text() == "运行"
        assert len(opened.panes.recipe.cards) == 3
        assert opened.panes.model.model.rowCount() == 6
        assert len([d for d in opened.findChildren(type(opened.panes.model_dock)) if d.objectName()]) == 3
        engine.tell(job, Finished({}))
        qtbot.waitUntil(lambda: opened.state.status == "done")
    finally:
        languages.choose("en")
        languages.install(QApplication.instance())


def test_that_search_finds_actions_and_layers(opened: MainWindow) -> None:
    found = palette.find(opened.views.groups(), "features.conv")
    assert [hits.title for hits in found] == ["Layers"]
    found[0].found[0].entry.call()
    assert [layer.name for layer in opened.panes.model.selected()] == ["features.conv"]


def test_that_the_weights_of_a_layer_are_drawn(opened: MainWindow, qtbot: QtBot) -> None:
    opened.panes.model.show_layer("features.conv")
    opened.panes.model.weights_of_selected()
    qtbot.waitUntil(lambda: "25.0% are zero" in opened.panes.weights.histogram.facts.text())
    assert opened.panes.weights.chooser.currentText() == "features.conv"
    assert opened.panes.tabs.currentWidget() is opened.panes.weights


def test_that_the_weights_in_view_are_those_of_the_selected_layer(opened: MainWindow, qtbot: QtBot) -> None:
    panes = opened.panes
    panes.model.show_layer("features.conv")
    assert panes.weights.layer == ""
    panes.tabs.setCurrentWidget(panes.weights)
    assert panes.weights.layer == "features.conv"
    panes.model.show_layer("head")
    assert panes.weights.layer == "head"
    panes.tabs.setCurrentWidget(panes.live)
    panes.model.show_layer("features.conv")
    assert panes.weights.layer == "head"


def test_that_closing_asks_about_unsaved_edits(opened: MainWindow, engine: ScriptedEngine, quits: list[int]) -> None:
    opened.document.set_values({"seed": 3}, "Seed")
    opened.close()
    answer(opened, "Cancel")
    assert opened.isVisible()
    assert quits == []
    opened.close()
    answer(opened, "Discard")
    assert quits == [1]
    assert engine.closed


def test_that_opening_another_file_asks_about_unsaved_edits(opened: MainWindow, file: Path, recipe: Recipe) -> None:
    opened.document.set_values({"seed": 3}, "Seed")
    opened.files.open_file(file)
    answer(opened, "Save")
    assert opened.document.recipe is not None
    assert opened.document.recipe.seed == 3
    assert "seed: 3" in file.read_text(encoding="utf-8")


def test_that_closing_during_a_run_asks_once_and_can_stay(opened: MainWindow, qtbot: QtBot, quits: list[int]) -> None:
    running(opened, qtbot)
    opened.close()
    opened.close()
    answer(opened, "Stay")
    assert opened.isVisible()
    assert opened.runner.running
    assert quits == []


def test_that_a_window_kept_running_closes_with_its_run(
    opened: MainWindow, engine: ScriptedEngine, qtbot: QtBot, quits: list[int]
) -> None:
    job = running(opened, qtbot)
    opened.close()
    answer(opened, "Keep running")
    assert opened.isHidden()
    assert quits == []
    engine.tell(job, Finished({}))
    qtbot.waitUntil(lambda: quits == [1])
    assert engine.closed

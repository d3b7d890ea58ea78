"""The queue against an engine that answers from a script: order, endings, what is kept, consent, closing."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, QSettings, Qt
from PySide6.QtWidgets import QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from backend.answers import Trust
from backend.engine.protocol import EventFile, Run
from backend.errors import msg
from backend.events import Answer, Cancelled, Event, Failed, Finished
from backend.files import sha256
from backend.recipe import Recipe
from gui.dialogs.consent_dialog import ConsentDialog
from gui.dialogs.settings_dialog import SettingsDialog
from gui.document import Document
from gui.engine_thread import EngineThread
from gui.item_models.queue_rows import MIME, Column
from gui.main_window import MainWindow
from gui.panels.queue_panel import QueuePanel
from gui.queueing import Queue, needed_consent
from tests.gui import test_main_window as scripted
from tests.gui.test_main_window import ScriptedEngine

engine, window, file, opened, quits = (
    scripted.engine, scripted.window, scripted.file, scripted.opened, scripted.quits,
)  # fmt: skip


@pytest.fixture
def panel(opened: MainWindow) -> QueuePanel:
    return opened.panes.queue


def named(recipe: Recipe, name: str) -> Recipe:
    return dataclasses.replace(recipe, name=name)


def fill(window: MainWindow, *names: str) -> None:
    assert window.document.recipe is not None
    for name in names:
        window.queue.add(named(window.document.recipe, name), window.document.folder)


def waiting(window: MainWindow) -> list[str]:
    return [entry.recipe.name for entry in window.queue.entries]


def shown(panel: QueuePanel, column: Column = Column.NAME) -> list[str]:
    return [panel.model.index(row, column).data() for row in range(panel.model.rowCount())]


def kept(tmp_path: Path) -> list[str]:
    at = tmp_path / "runs" / "queue.json"
    return [entry["recipe"]["name"] for entry in json.loads(at.read_text())["entries"]] if at.exists() else []


def begun(engine: ScriptedEngine) -> list[Run]:
    return [request for request in engine.requests if isinstance(request, Run)]


def end(engine: ScriptedEngine, ending: Event) -> None:
    """The run that was begun last ends."""
    job = max(i for i, request in enumerate(engine.requests, 1) if isinstance(request, Run))
    engine.tell(str(job), ending)


def done(name: str = "x") -> Finished:
    return Finished({"recipe": {"name": name}, "baseline": {}, "stages": [], "final": {}, "exports": []})


def test_that_the_next_begins_when_one_ends_whatever_its_ending(
    opened: MainWindow, engine: ScriptedEngine, panel: QueuePanel, qtbot: QtBot, tmp_path: Path
) -> None:
    opened.runner.run()
    fill(opened, "B", "C", "D")
    assert shown(panel, Column.STATUS) == ["Running", "Next", "Waiting", "Waiting"]
    for ending, name in ((Failed(msg("No.")), "B"), (Cancelled(), "C"), (done(), "D")):
        end(engine, ending)
        qtbot.waitUntil(lambda name=name: opened.runner.running and opened.runner.recipe.name == name)
        assert shown(panel)[0] == name
        assert kept(tmp_path)[0] == name, "the run in progress is kept too, until it has ended"
    end(engine, done())
    qtbot.waitUntil(lambda: not opened.runner.running)
    assert [run.recipe["name"] for run in begun(engine)] == ["Small", "B", "C", "D"]
    assert kept(tmp_path) == []


def test_that_a_recipe_is_carried_out_as_it_was_when_it_was_added(
    opened: MainWindow, engine: ScriptedEngine, qtbot: QtBot
) -> None:
    opened.runner.run()
    opened.actions_by_id["queue"].trigger()
    before = opened.document.recipe
    assert before is not None
    opened.document.set_values({"stages.0.prune.amount": 0.9}, "Amount")
    end(engine, done())
    qtbot.waitUntil(lambda: len(begun(engine)) == 2)
    assert begun(engine)[1].recipe == before.to_data()
    assert begun(engine)[1].folder == str(opened.document.folder)


def test_that_keys_and_buttons_reorder_rename_and_remove(
    opened: MainWindow, panel: QueuePanel, qtbot: QtBot, tmp_path: Path
) -> None:
    opened.queue.set_paused(True)
    fill(opened, "A", "B", "C")
    opened.panes.show_history(panel)
    panel.choose(2)
    opened.activateWindow()
    panel.view.setFocus()
    qtbot.waitUntil(panel.view.hasFocus)
    qtbot.keyClick(panel.view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert waiting(opened) == ["A", "C", "B"]
    assert panel.chosen() == 1, "the choice goes with the entry"
    qtbot.mouseClick(panel.up, Qt.MouseButton.LeftButton)
    assert waiting(opened) == ["C", "A", "B"]
    assert not panel.up.isEnabled()
    qtbot.keyClick(panel.view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(panel.view, Qt.Key.Key_Delete)
    assert waiting(opened) == ["A", "B"]
    assert panel.chosen() == 1
    qtbot.mouseClick(panel.back, Qt.MouseButton.LeftButton)
    assert waiting(opened) == ["A", "C", "B"]
    index = panel.model.index(0, Column.NAME)
    assert panel.model.setData(index, " First ")
    assert not panel.model.setData(index, "  ")
    assert waiting(opened) == kept(tmp_path) == ["First", "C", "B"]


@pytest.mark.parametrize(
    ("source", "row", "expected"),
    [(0, 3, "BCA"), (2, 0, "CAB"), (0, 2, "BAC"), (1, 1, "ABC"), (0, -1, "BCA")],
)
def test_that_a_drop_puts_the_entry_between_others(
    opened: MainWindow, panel: QueuePanel, source: int, row: int, expected: str
) -> None:
    opened.queue.set_paused(True)
    fill(opened, "A", "B", "C")
    model = panel.model
    data = model.mimeData([model.index(source, 1)])
    assert data.hasFormat(MIME)
    none = model.index(-1, -1)
    assert model.dropMimeData(data, Qt.DropAction.MoveAction, row, 0, none)
    assert waiting(opened) == list(expected)
    assert not model.dropMimeData(QMimeData(), Qt.DropAction.MoveAction, 0, 0, none)


def test_that_the_run_in_progress_is_first_and_can_neither_be_dragged_nor_renamed(
    opened: MainWindow, panel: QueuePanel
) -> None:
    opened.runner.run()
    fill(opened, "A", "B")
    assert shown(panel) == ["Small", "A", "B"]
    flags = panel.model.flags(panel.model.index(0, Column.NAME))
    assert not flags & (Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemIsEditable)
    assert panel.model.dropMimeData(
        panel.model.mimeData([panel.model.index(2, 1)]), Qt.DropAction.MoveAction, 0, 0, panel.model.index(-1, -1)
    )
    assert waiting(opened) == ["B", "A"]
    entries = {action.text() for action in panel.menu(0).actions()}
    assert entries == {"Stop"}


def test_that_a_paused_queue_starts_nothing_until_it_goes_on(
    opened: MainWindow, engine: ScriptedEngine, panel: QueuePanel, qtbot: QtBot
) -> None:
    opened.queue.set_paused(True)
    fill(opened, "A")
    qtbot.wait(60)
    assert begun(engine) == []
    assert panel.says.text() == "Paused · 1 recipe is waiting"
    qtbot.mouseClick(panel.pause, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(begun(engine)) == 1)


def test_that_the_queue_comes_back_after_the_window_was_killed(
    opened: MainWindow, engine: ScriptedEngine, qtbot: QtBot, tmp_path: Path
) -> None:
    fill(opened, "A", "B", "C")
    qtbot.waitUntil(lambda: len(begun(engine)) == 1)
    again = MainWindow(EngineThread(connect=lambda: ScriptedEngine(opened.document.inspection)))
    qtbot.addWidget(again)
    assert waiting(again) == ["A", "B", "C"]
    assert again.queue.paused, "nothing starts by itself in a window that was just opened"
    assert again.queue.entries[1].recipe == named(opened.document.recipe, "B")
    assert again.queue.entries[1].folder == opened.document.folder


def test_that_a_queue_that_can_not_be_read_is_set_aside_and_what_can_is_kept(
    opened: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    opened.queue.set_paused(True)
    fill(opened, "A", "B")
    stored = tmp_path / "runs" / "queue.json"
    data = json.loads(stored.read_text())
    data["entries"][0]["recipe"]["stages"] = [{"nonsense": {}}]
    stored.write_text(json.dumps(data))
    again = MainWindow(EngineThread(connect=lambda: ScriptedEngine(opened.document.inspection)))
    qtbot.addWidget(again)
    assert waiting(again) == ["B"]
    assert (tmp_path / "runs" / "queue.unreadable.json").exists()
    qtbot.waitUntil(lambda: any("queue" in str(p.message) for p in again.panes.problems._now))
    stored.write_text("{ not json")
    last = MainWindow(EngineThread(connect=lambda: ScriptedEngine(opened.document.inspection)))
    qtbot.addWidget(last)
    assert waiting(last) == []


def test_that_the_queue_goes_along_to_another_folder_also_before_the_methods_are_known(
    opened: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    opened.queue.set_paused(True)
    fill(opened, "A")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    stored = tmp_path / "runs" / "queue.json"
    (elsewhere / "queue.json").write_text(stored.read_text().replace('"name": "A"', '"name": "B"'))
    early = Document()
    early.catalogue = None
    queue = Queue(early, opened.engine, opened.runner, lambda: False)
    QSettings().setValue("workspace", str(elsewhere))
    queue.follow_workspace()
    assert not stored.exists()
    early.catalogue = opened.document.catalogue
    early.catalogue_changed.emit()
    assert [entry.recipe.name for entry in queue.entries] == ["A", "B"]
    kept = json.loads((elsewhere / "queue.json").read_text())["entries"]
    assert [entry["recipe"]["name"] for entry in kept] == ["A", "B"]


def test_that_a_folder_that_can_not_be_written_leaves_the_queue_where_it_was(
    opened: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    opened.queue.set_paused(True)
    fill(opened, "A")
    (tmp_path / "a file").write_text("in the way of a folder")
    QSettings().setValue("workspace", str(tmp_path / "a file"))
    with qtbot.waitSignal(opened.queue.failed):
        opened.queue.follow_workspace()
    assert waiting(opened) == ["A"]
    assert "A" in (tmp_path / "runs" / "queue.json").read_text()


def test_that_what_was_chosen_is_meant_also_when_a_run_has_ended_meanwhile(
    opened: MainWindow, panel: QueuePanel, engine: ScriptedEngine, qtbot: QtBot
) -> None:
    fill(opened, "A", "B", "C", "D")
    qtbot.waitUntil(lambda: len(begun(engine)) == 1)
    remove = next(a for a in panel.menu(2).actions() if a.text().startswith("Remove"))
    gone = next(a for a in panel.menu(1).actions() if a.text().startswith("Remove"))
    dragged = panel.model.mimeData([panel.model.index(2, Column.NAME)])
    end(engine, done())
    qtbot.waitUntil(lambda: waiting(opened) == ["C", "D"])
    panel.model.dropMimeData(dragged, Qt.DropAction.MoveAction, -1, -1, QModelIndex())
    assert waiting(opened) == ["D", "C"]
    remove.trigger()
    assert waiting(opened) == ["D"]
    gone.trigger()
    assert waiting(opened) == ["D"], "B runs already"


def test_that_consent_names_the_imports_of_the_file_that_is_asked_about_and_of_no_other(
    opened: MainWindow, tmp_path: Path
) -> None:
    assert opened.document.inspection is not None
    network, data = tmp_path / "net.py", tmp_path / "data.py"
    looked = {
        "model": {"source": "python", "file": str(network)},
        "trust": Trust("code", msg("Code."), ("os", "torch")),
    }
    opened.opener.glance = dataclasses.replace(opened.document.inspection, **looked)
    for file, named in ((network, True), (data, False)):
        opened.problems.ask_consent({"file": str(file), "sha256": "ab" * 32}, lambda: None)
        dialog = next(d for d in opened.findChildren(ConsentDialog) if d.isVisible())
        texts = [label.text() for label in dialog.findChildren(QLabel)]
        assert any("os, torch" in text for text in texts) is named
        dialog.reject()


def test_that_python_files_are_asked_about_when_a_recipe_is_added(
    opened: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    code = tmp_path / "my data.py"
    code.write_text("def load(): ...", encoding="utf-8")
    assert opened.document.recipe is not None
    data = dataclasses.replace(opened.document.recipe.data, file=code.name)
    recipe = dataclasses.replace(opened.document.recipe, data=data)
    opened.queue.set_paused(True)
    assert needed_consent(recipe, tmp_path) == {"file": str(code.resolve()), "sha256": sha256(code)}
    assert not opened.queue.add(recipe, tmp_path)
    assert waiting(opened) == []
    dialog = next(d for d in opened.findChildren(ConsentDialog) if d.isVisible())
    qtbot.mouseClick(dialog.allow, Qt.MouseButton.LeftButton)
    assert waiting(opened) == ["Small"]
    assert needed_consent(recipe, tmp_path) is None
    code.write_text("def load(): raise SystemExit", encoding="utf-8")
    assert needed_consent(recipe, tmp_path) is not None, "other content is asked about again"


def test_that_an_entry_whose_file_changed_waits_for_permission_and_the_others_go_on(
    opened: MainWindow, engine: ScriptedEngine, panel: QueuePanel, qtbot: QtBot
) -> None:
    fill(opened, "A", "B")
    qtbot.waitUntil(lambda: len(begun(engine)) == 1)
    end(engine, Failed(msg("Needs consent."), consent={"file": "/x.py", "sha256": "0"}))
    qtbot.waitUntil(lambda: len(begun(engine)) == 2)
    assert opened.runner.recipe is not None
    assert opened.runner.recipe.name == "B"
    assert shown(panel, Column.STATUS) == ["Running", "Needs permission"]
    dialog = next(d for d in opened.findChildren(ConsentDialog) if d.isVisible())
    qtbot.mouseClick(dialog.allow, Qt.MouseButton.LeftButton)
    assert shown(panel, Column.STATUS) == ["Running", "Next"]
    end(engine, done())
    qtbot.waitUntil(lambda: len(begun(engine)) == 3)
    assert begun(engine)[2].recipe["name"] == "A"


def press(box: QMessageBox, text: str) -> None:
    next(b for b in box.findChildren(QPushButton) if b.text() == text).click()


def test_that_a_window_closed_with_a_queue_can_finish_it_first(
    opened: MainWindow, engine: ScriptedEngine, quits: list[int], qtbot: QtBot
) -> None:
    fill(opened, "A", "B")
    qtbot.waitUntil(lambda: len(begun(engine)) == 1)
    opened.document.undo_stack.setClean()
    opened.close()
    box = next(b for b in opened.findChildren(QMessageBox) if b.isVisible())
    assert "1 recipe is waiting" in box.text()
    press(box, "Keep running")
    assert not opened.isVisible()
    end(engine, done())
    qtbot.waitUntil(lambda: len(begun(engine)) == 2)
    assert not quits
    end(engine, Failed(msg("No.")))
    qtbot.waitUntil(lambda: bool(quits))


def test_that_a_closed_window_writes_the_event_file_of_its_last_run_first(
    opened: MainWindow, engine: ScriptedEngine, quits: list[int], qtbot: QtBot
) -> None:
    QSettings().setValue("tensorboard", True)
    fill(opened, "A")
    qtbot.waitUntil(lambda: bool(opened.state.folder))
    opened.document.undo_stack.setClean()
    opened.close()
    press(next(b for b in opened.findChildren(QMessageBox) if b.isVisible()), "Keep running")
    end(engine, done())
    qtbot.waitUntil(lambda: any(isinstance(request, EventFile) for request in engine.requests))
    assert not quits
    engine.tell(str(len(engine.requests)), Answer(f"{opened.state.folder}/events.out.tfevents"))
    qtbot.waitUntil(lambda: bool(quits))


def test_that_a_count_stands_beside_the_tab(opened: MainWindow, panel: QueuePanel) -> None:
    def count() -> str:
        bar = opened.panes.history.tabBar()
        badge = bar.tabButton(opened.panes.history.indexOf(panel), bar.ButtonPosition.RightSide)
        return badge.accessibleName() if badge is not None else ""

    assert count() == ""
    opened.queue.set_paused(True)
    fill(opened, "A", "B")
    assert count() == "2 recipes are waiting"
    opened.queue.remove(0)
    opened.queue.remove(0)
    assert count() == ""


def test_that_the_queue_moves_with_the_folder_of_the_runs(opened: MainWindow, tmp_path: Path) -> None:
    opened.queue.set_paused(True)
    fill(opened, "A")
    opened.choices.set_workspace(tmp_path / "other")
    assert kept(tmp_path) == []
    assert (tmp_path / "other" / "queue.json").exists()
    assert waiting(opened) == ["A"]


def test_that_adding_says_why_it_is_not_possible(window: MainWindow, qtbot: QtBot) -> None:
    action = window.actions_by_id["queue"]
    assert not action.isEnabled()
    assert action.toolTip() == "Open a network first"


def test_that_the_menu_leads_to_the_recipe(opened: MainWindow, panel: QueuePanel, qtbot: QtBot) -> None:
    opened.queue.set_paused(True)
    fill(opened, "A", "B")
    opened.document.undo_stack.setClean()
    menu = panel.menu(1)
    next(action for action in menu.actions() if action.text() == "Open its recipe").trigger()
    assert opened.document.name == "B"
    next(action for action in menu.actions() if action.text() == "Start next").trigger()
    assert waiting(opened) == ["B", "A"]
    next(action for action in menu.actions() if action.text() == "Remove from the queue").trigger()
    assert len(waiting(opened)) == 1


def test_that_each_run_gets_an_event_file_where_that_is_set(
    opened: MainWindow, engine: ScriptedEngine, qtbot: QtBot
) -> None:
    def written() -> list[str]:
        return [request.run for request in engine.requests if isinstance(request, EventFile)]

    fill(opened, "A")
    qtbot.waitUntil(lambda: len(begun(engine)) == 1)
    end(engine, done())
    qtbot.waitUntil(lambda: not opened.runner.running)
    assert written() == []
    opened.choices.settings()
    dialog = next(d for d in opened.findChildren(SettingsDialog) if d.isVisible())
    dialog.tensorboard.click()
    dialog.accept()
    fill(opened, "B")
    qtbot.waitUntil(lambda: len(begun(engine)) == 2 and bool(opened.state.folder))
    end(engine, done())
    qtbot.waitUntil(lambda: len(written()) == 1)
    assert written() == [begun(engine)[1].output]


def test_that_the_text_beside_the_window_follows_its_language(opened: MainWindow, qtbot: QtBot) -> None:
    opened.actions_by_id["recipe_text"].trigger()
    before = opened.texts.dialog
    assert before is not None
    opened.choices.set_language("zh_CN")
    dialog = opened.texts.dialog
    assert dialog is not None
    assert dialog is not before
    assert dialog.isVisible()
    qtbot.waitUntil(lambda: not isValid(before))
    assert opened.texts.dialog is dialog
    opened.choices.set_language("en")
    assert opened.texts.dialog is not None
    opened.texts.dialog.close()

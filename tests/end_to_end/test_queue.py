"""Several recipes through the real window and the real engine: lined up, reordered, one stopped, one failing."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from backend.events import Cancelled, Failed, Finished
from backend.tensorboard import FOLDER
from backend.workspace import run_folders
from gui.item_models.queue_rows import Column
from gui.main_window import MainWindow
from gui.running import workspace
from tests.end_to_end.hands import LONG, press


def add(qtbot: QtBot, window: MainWindow, name: str, **edits: object) -> None:
    """Edit the recipe and press the button beside Run."""
    window.document.set_values({"name": name, **{key.replace("__", "."): value for key, value in edits.items()}}, name)
    buttons = window.frame.toolbar.findChildren(QToolButton)
    button = next(b for b in buttons if b.accessibleName() == "Add to queue" and b.isVisible())
    qtbot.waitUntil(button.isEnabled, timeout=LONG)  # other data: the network is described again
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def names(window: MainWindow) -> list[str]:
    model = window.panes.queue.model
    return [model.index(row, Column.NAME).data() for row in range(model.rowCount())]


def test_that_recipes_wait_in_order_and_each_runs_whatever_became_of_the_one_before(
    qtbot: QtBot, window: MainWindow
) -> None:
    endings: list[object] = []
    window.runner.ended.connect(endings.append)
    window.document.set_values({"stages": [{"prune": {"amount": 0.5}}, {"train": {"epochs": 4000}}]}, "Long")
    window.document.set_values({"name": "Long"}, "Name")

    # The first one runs; pressing Run's neighbor adds what the recipe has become meanwhile.
    press(qtbot, window, "Run")
    qtbot.waitUntil(lambda: window.runner.running, timeout=5000)
    window.document.set_values({"stages": [{"prune": {"amount": 0.25}}]}, "Short")
    add(qtbot, window, "Short")
    add(qtbot, window, "Broken", data__source="arrays", data__root="nowhere.npz")
    assert names(window) == ["Long", "Short", "Broken"]
    panel = window.panes.queue
    assert window.panes.history.currentWidget() is panel

    # The keyboard reorders, F2 renames.
    panel.choose(1)
    window.activateWindow()
    panel.view.setFocus()
    qtbot.waitUntil(panel.view.hasFocus)
    qtbot.keyClick(panel.view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert names(window) == ["Long", "Broken", "Short"]
    kept = json.loads((workspace() / "queue.json").read_text(encoding="utf-8"))
    assert [entry["recipe"]["name"] for entry in kept["entries"]] == ["Broken", "Short"]

    # Stop the running one: the next fails, and the last is carried out all the same.
    qtbot.waitUntil(lambda: any(s.kind == "train" and s.status == "running" for s in window.state.stages), timeout=LONG)
    press(qtbot, window, "Stop")
    qtbot.waitUntil(lambda: len(endings) == 3 and not window.runner.running, timeout=LONG)
    assert [type(ending) for ending in endings] == [Cancelled, Failed, Finished]
    assert names(window) == []
    assert not (workspace() / "queue.json").exists()
    results = {
        json.loads(file.read_text(encoding="utf-8"))["recipe"]["name"] for file in workspace().glob("*/result.json")
    }
    assert results == {"Short"}
    folder = Path(window.state.folder)
    recipe = json.loads((folder / "result.json").read_text(encoding="utf-8"))["recipe"]
    assert recipe["stages"] == [{"prune": {"amount": 0.25}}]
    assert recipe["data"]["source"] == "digits", "as it was when it was added"

    # The run's recipe again, from the menu of the table of runs; and its figures for TensorBoard.
    runs = window.panes.runs
    row = next(i for i, run in enumerate(window.runs.rows) if run.folder == folder)
    menu = runs.menu(window.runs.rows[row], runs.view.model().index(0, 0))
    next(action for action in menu.actions() if action.text() == "Write TensorBoard events").trigger()
    qtbot.waitUntil(lambda: bool(list((folder / FOLDER).glob("events.out.tfevents.*"))), timeout=LONG)
    next(action for action in menu.actions() if action.text() == "Add to queue").trigger()
    qtbot.waitUntil(lambda: len(endings) == 4, timeout=LONG)
    assert isinstance(endings[-1], Finished)
    assert len(run_folders(workspace())) == 4


def test_that_a_paused_queue_waits_for_go_on(qtbot: QtBot, window: MainWindow) -> None:
    window.document.set_values({"stages": [{"prune": {"amount": 0.25}}]}, "Short")
    window.queue.set_paused(True)
    add(qtbot, window, "Later")
    go_on = next(b for b in window.panes.queue.findChildren(QPushButton) if b.text() == "Go on")
    assert not window.runner.running
    qtbot.mouseClick(go_on, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.runner.running, timeout=5000)
    qtbot.waitUntil(lambda: not window.runner.running, timeout=LONG)
    assert window.state.status == "done", window.state.ending
    assert window.state.name == "Later"

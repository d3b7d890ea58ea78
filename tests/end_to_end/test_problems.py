"""Problems, not tracebacks: told before the run with a repair, and a card with a way out where a run fails."""

from __future__ import annotations

import os
import signal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from tests.end_to_end.hands import LONG, run


def click(qtbot: QtBot, root: QWidget, text: str) -> None:
    """Click the visible button with this text below ``root``."""
    found = lambda: [b for b in root.findChildren(QPushButton) if b.text().strip() == text and b.isVisible()]  # noqa: E731
    qtbot.waitUntil(lambda: bool(found()))
    qtbot.mouseClick(found()[0], Qt.MouseButton.LeftButton)


def count(window: MainWindow) -> str:
    """What the tab of the problems says beside its title."""
    bar = window.panes.history.tabBar()
    badge = bar.tabButton(window.panes.history.indexOf(window.panes.problems), QTabBar.ButtonPosition.RightSide)
    return badge.text() if badge is not None else ""  # type: ignore[attr-defined]


def test_that_a_doubtful_plan_says_so_and_is_repaired_with_a_click(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(1440, 900)
    window.reset_layout()
    assert count(window) == ""
    window.document.remove_stage(1, "Remove Fine-tune")
    window.document.set_values({"data.limit": 60}, "Limit")
    qtbot.waitUntil(lambda: count(window) == "2")
    card = window.panes.recipe.cards[0]
    assert card.header.sign.isVisible()
    assert "nothing trains after it" in card.header.sign.toolTip()
    assert not window.panes.recipe.cards[1].header.sign.isVisible()

    # The count below the recipe leads to the list, and the list to the repair.
    click(qtbot, window.panes.recipe, "2 problems")
    assert window.panes.history.currentWidget() is window.panes.problems
    click(qtbot, window.panes.problems, "Add fine-tuning")
    assert window.document.recipe is not None
    assert [stage.kind for stage in window.document.recipe.stages] == ["prune", "train", "quantize"]
    qtbot.waitUntil(lambda: count(window) == "1")
    click(qtbot, window.panes.problems, "Use all images")
    qtbot.waitUntil(lambda: count(window) == "")
    assert not window.panes.recipe.cards[0].header.sign.isVisible()
    window.undo()
    qtbot.waitUntil(lambda: count(window) == "1")


def test_that_a_training_that_breaks_is_a_card_with_its_cause_and_repair(qtbot: QtBot, window: MainWindow) -> None:
    window.document.set_values({"stages.1.train.learning_rate": 50.0, "stages.1.train.epochs": 2}, "Rate")
    run(qtbot, window)
    notice = window.panes.live._notice
    assert notice.isVisible()
    assert notice._message.text().startswith("The loss became infinite at step")
    click(qtbot, notice, "Copy details")
    assert "Traceback" not in notice._message.text()
    assert "The loss became infinite" in QApplication.clipboard().text()
    click(qtbot, notice, "A tenth of the learning rate")
    assert window.document.recipe is not None
    assert window.document.recipe.stages[1].settings["learning_rate"] == 5.0

    # It stays listed apart from what is doubtful with the plan, which says the same before the run.
    told = [str(problem.message) for problem in window.panes.problems.problems]
    assert told[0].startswith("The loss became infinite")
    window.plan_problems.look()
    assert [str(problem.message)[:30] for problem in window.plan_problems.found] == ["SGD usually learns at a rate o"]


def test_that_a_lost_engine_is_a_card_and_the_run_goes_on(qtbot: QtBot, window: MainWindow) -> None:
    window.document.set_values({"stages.1.train.epochs": 40}, "Epochs")
    window.work.run_recipe()
    qtbot.waitUntil(lambda: any(s.index == 1 and s.status == "running" for s in window.state.stages), timeout=LONG)
    folder = window.state.folder
    assert window.engine.pid is not None
    os.kill(window.engine.pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: not window.runner.running, timeout=LONG)
    assert window.state.status == "failed"
    notice = window.panes.live._notice
    assert notice._message.text() == "The system ended the engine (SIGKILL), most often because memory ran out."
    click(qtbot, notice, "Resume")
    qtbot.waitUntil(lambda: window.runner.running, timeout=5000)
    qtbot.waitUntil(lambda: not window.runner.running, timeout=LONG)
    assert window.state.status == "done", window.state.ending
    assert window.state.folder == folder
    assert [stage.status for stage in window.state.stages] == ["done"] * 4


def test_that_a_folder_that_can_not_be_written_leads_to_the_settings(qtbot: QtBot, window: MainWindow) -> None:
    blocked = window.runs.workspace.parent / "blocked"
    blocked.write_text("", encoding="utf-8")
    window.choices.set_workspace(blocked / "runs")
    run(qtbot, window)
    assert window.state.status == "failed"
    notice = window.panes.live._notice
    assert notice._message.text().startswith("Pare can't write") or notice._message.text().startswith("Pare may not")
    click(qtbot, notice, "Settings…")
    assert QApplication.activeWindow() is not window
    for dialog in window.findChildren(QWidget):
        if dialog.isWindow() and dialog.isVisible() and dialog is not window:
            dialog.close()

"""The budget through the real window and the real engine: a mark is dragged, the plan follows, a run measures."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.item_models.layer_columns import Column
from gui.main_window import MainWindow
from gui.panels.budget_editor import BudgetEditor
from gui.panels.budget_panel import BudgetPanel
from gui.panels.budget_row import BudgetRow
from gui.widgets.popover import Popover
from tests.end_to_end.hands import LONG, run

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def budget(window: MainWindow) -> BudgetPanel:
    """Beside a recipe that removes channels, and trains for one epoch."""
    edits = {"stages.0.prune.method": "ln_structured", "stages.0.prune.scope": "local", "stages.0.prune.remove": True}
    window.document.set_values({**edits, "stages.0.prune.amount": 0.2, "stages.1.train.epochs": 1}, "Remove")
    window.activateWindow()
    return window.panes.budget


def limit(qtbot: QtBot, window: MainWindow, name: str, figure: float) -> BudgetRow:
    """Tick a limit in the small form and enter its figure."""
    panel = window.panes.budget
    qtbot.mouseClick(panel.edit_button, LEFT)
    popover = next(w for w in QApplication.topLevelWidgets() if isinstance(w, Popover) and w.isVisible())
    line = popover.findChild(BudgetEditor).lines[name]
    qtbot.mouseClick(line.tick, LEFT, pos=QPoint(8, line.tick.height() // 2))
    line.spin.lineEdit().selectAll()
    qtbot.keyClicks(line.spin.lineEdit(), str(figure))
    qtbot.mouseClick(popover.action, LEFT)
    return panel.rows[name]


def scan(qtbot: QtBot, window: MainWindow) -> None:
    panel = window.panes.budget
    assert panel.note.action.text() == "Scan sensitivity"
    qtbot.mouseClick(panel.note.action, LEFT)
    qtbot.waitUntil(lambda: window.scan.status == "done", timeout=LONG)


def test_that_dragging_a_mark_redistributes_the_plan_and_a_run_measures_it(
    qtbot: QtBot, window: MainWindow, budget: BudgetPanel
) -> None:
    # Nothing yet: what it is for, and how to begin.
    document = window.document
    assert budget.edit_button.text() == "Set a budget…"
    assert "Drag one" in budget.note.text.text()

    # A limit: what the recipe is expected to cost stands beside it, grey.
    row = limit(qtbot, window, "macs", 80)
    assert document.recipe.budget == {"macs": 0.8}
    qtbot.waitUntil(lambda: row.tag.text() == "estimated", timeout=LONG)
    scan(qtbot, window)
    before, steps = document.recipe, document.undo_stack.count()

    # Drag it: figures and amounts follow while the button is held, the recipe waits.
    bar = row.bar
    start = QPoint(round(bar.position_of(bar.value())), bar.height() // 2)
    qtbot.mousePress(bar, LEFT, pos=start)
    for share in (0.75, 0.65, 0.6):
        qtbot.mouseMove(bar, QPoint(round(bar.position_of(round(1000 * share))), start.y()))
    qtbot.waitUntil(
        lambda: not window.scans.planning.asking and window.scans.planning.proposal is not None, timeout=LONG
    )
    assert budget.note.text.text().startswith("Plan: ")
    assert row.tag.text() == "estimated"
    assert document.recipe == before

    # Let go: limit and amounts in one step of undo.
    qtbot.mouseRelease(bar, LEFT, pos=QPoint(round(bar.position_of(600)), start.y()))
    qtbot.waitUntil(lambda: document.recipe != before, timeout=LONG)
    assert document.undo_stack.count() == steps + 1
    chosen = document.recipe.budget["macs"]
    assert chosen == pytest.approx(0.6, abs=0.01)
    rules = {rule.pattern: rule.settings["amount"] for rule in document.recipe.stages[0].layers}
    assert set(rules) == set(window.scan.targets)
    assert window.panes.recipe.cards[0].stage.settings.get("scope") != "global"
    assert "%" in str(window.panes.model.model.at_name("conv2").siblingAtColumn(Column.PLAN).data())
    document.undo_stack.undo()
    assert document.recipe == before
    document.undo_stack.redo()
    assert document.recipe.budget["macs"] == chosen

    # Run: what was estimated is measured, and held against the limit.
    run(qtbot, window)
    assert window.state.status == "done", window.state.ending
    assert budget._verdict()[0] == "Run 1 is within budget"
    assert row.tag.isHidden()
    assert window.state.latest["macs"] <= chosen * window.state.baseline["macs"]
    assert window.state.ending.result["budget"][0]["within"] is True

    # Another edit: estimated again.
    document.set_values({"stages.0.prune.method": "fpgm"}, "Method")
    qtbot.waitUntil(lambda: row.tag.text() == "estimated", timeout=LONG)


def test_that_the_keyboard_moves_a_limit_in_one_step(qtbot: QtBot, window: MainWindow, budget: BudgetPanel) -> None:
    row = limit(qtbot, window, "size", 30)
    scan(qtbot, window)
    document, steps = window.document, window.document.undo_stack.count()
    row.bar.setFocus()
    for _ in range(3):
        qtbot.keyClick(row.bar, Qt.Key.Key_PageDown)
    qtbot.keyClick(row.bar, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: document.undo_stack.count() > steps, timeout=LONG)
    assert document.undo_stack.count() == steps + 1
    assert document.recipe.budget["size"] == pytest.approx(0.15)
    qtbot.waitUntil(
        lambda: window.scans.planning.estimate.predicted.get("size_bytes", 1e9) <= 0.15 * 178496, timeout=LONG
    )


def test_that_masks_are_not_said_to_save_anything_and_the_limit_waits_for_a_scan(
    qtbot: QtBot, window: MainWindow
) -> None:
    document, budget = window.document, window.panes.budget
    row = limit(qtbot, window, "macs", 60)
    qtbot.waitUntil(lambda: row.tag.text() == "estimated", timeout=LONG)
    assert row.figure.text() == "281.6 K", "zeros are multiplied all the same"
    assert "Masks make nothing smaller" in budget.note.text.text()
    assert budget._verdict()[0] == "Estimated: MACs over by 112.7 K"

    # One click: whole channels, taken out. A limit that is moved before the scan is kept after it.
    qtbot.mouseClick(budget.note.action, LEFT)
    prune = document.recipe.stages[0].settings
    assert (prune["method"], prune["remove"]) == ("ln_structured", True)
    bar = row.bar
    bar.setFocus()
    qtbot.keyClick(bar, Qt.Key.Key_PageDown)
    qtbot.keyClick(bar, Qt.Key.Key_Return)
    assert document.recipe.budget["macs"] == pytest.approx(0.55)
    assert not document.recipe.stages[0].layers[1:], "there is no plan without a scan"
    scan(qtbot, window)
    qtbot.waitUntil(lambda: len(document.recipe.stages[0].layers) > 1, timeout=LONG)
    predicted, before = window.scans.planning.estimate.predicted, window.scans.planning.before
    assert predicted["macs"] <= 0.55 * before["macs"]

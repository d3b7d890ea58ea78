"""Two runs through the real window, and their dots: the recipe of one comes back, two are compared layer by layer."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from backend.recipe import read_recipe
from gui.main_window import MainWindow
from gui.panels.tradeoff_panel import TradeoffPanel
from tests.end_to_end.hands import LONG, run


def shown_panel(qtbot: QtBot, window: MainWindow) -> TradeoffPanel:
    """Click the tab."""
    panel, bar = window.panes.tradeoff, window.panes.tabs.tabBar()
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(window.panes.tabs.indexOf(panel)).center())
    qtbot.waitUntil(panel.isVisible)
    return panel


def click(qtbot: QtBot, panel: TradeoffPanel, place: int, *, more: bool = False) -> None:
    """Click a dot, with Ctrl for a second one."""
    modifier = Qt.KeyboardModifier.ControlModifier if more else Qt.KeyboardModifier.NoModifier
    x, y = panel.plot.pixels()[:, place]
    at = QPoint(round(x), round(y))
    if panel.card.isVisible() and panel.card.geometry().contains(at):
        qtbot.keyClick(panel.plot, Qt.Key.Key_Escape)  # the card lies over the dot
    qtbot.mouseClick(panel.plot.viewport(), Qt.MouseButton.LeftButton, modifier, at)


def press(qtbot: QtBot, panel: TradeoffPanel, text: str) -> None:
    found = next(b for b in panel.card.findChildren(QPushButton) if b.text() == text and b.isVisible())
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def test_that_a_dot_gives_its_recipe_back_and_two_dots_their_difference(qtbot: QtBot, window: MainWindow) -> None:
    document = window.document
    qtbot.waitUntil(lambda: not window.work.why_not_run(), timeout=LONG)
    agp = {"method": "l1_unstructured", "amount": 0.6, "schedule": {"kind": "agp", "steps": 2}}
    first = [{"train": {"epochs": 1, "during": [{"prune": agp}]}}, {"quantize": {"method": "weight_only"}}]
    document.set_values({"name": "Gradual", "stages": first}, "Stages")
    run(qtbot, window)
    gradual = Path(window.state.folder)
    second = [{"prune": {"method": "ln_structured", "amount": 0.5, "remove": True}}, {"train": {"epochs": 1}}]
    document.set_values({"name": "Removed", "stages": second}, "Stages")
    run(qtbot, window)
    removed = Path(window.state.folder)
    document.undo_stack.setClean()

    # Both are dots beside the original, with what lies between.
    panel = shown_panel(qtbot, window)
    shown = panel.plot.shown
    assert shown is not None
    final = {moment.run: i for i, moment in enumerate(shown.moments) if moment.kind == "final"}
    assert set(final) == {gradual, removed}
    assert [moment.kind for moment in shown.moments].count("original") == 1
    assert [moment.brief for moment in shown.moments if moment.kind == "stage"] == [
        "Run 2 · Prune",
        "Run 1 · Fine-tune",
    ]

    # A click shows the run everywhere; its recipe comes back as it was.
    panel.plot.show_all()
    click(qtbot, panel, final[gradual])
    qtbot.waitUntil(lambda: window.shown.folder == str(gradual))
    row = window.panes.runs.current()
    assert row is not None
    assert row.folder == gradual
    press(qtbot, panel, "Open recipe")
    qtbot.waitUntil(lambda: document.inspection is not None, timeout=LONG)
    catalogue = document.catalogue
    assert catalogue is not None
    assert document.recipe == read_recipe(gradual / "recipe.yaml", catalogue)
    assert document.path is None
    assert not document.dirty

    # Its steps were measured on validation images: they appear with those of the others, and open as networks.
    panel.controls.choose("size", "validation")
    shown = panel.plot.shown
    assert shown is not None
    steps = [i for i, moment in enumerate(shown.moments) if moment.kind == "step"]
    assert [shown.moments[i].step for i in steps] == [1, 2]
    assert all("size_bytes" in shown.moments[i].metrics for i in steps)

    # Two dots: what differs, and from there layer by layer.
    panel.plot.show_all()
    final = {moment.run: i for i, moment in enumerate(shown.moments) if moment.kind == "final"}
    click(qtbot, panel, final[gradual])
    click(qtbot, panel, final[removed], more=True)
    assert panel.plot.second == final[removed], "the card must not lie over the dots of the front"
    assert panel.card.title.text() == "Run 1 → Run 2"
    press(qtbot, panel, "Compare")
    assert window.panes.tabs.currentWidget() is window.panes.compare
    assert [column.moment.run for column in window.comparison.columns if not column.original] == [gradual, removed]

    # The row of a run marks its dot, and the end of a stage gives the recipe up to there.
    panel = shown_panel(qtbot, window)
    window.panes.runs.view.selectRow(0)
    assert panel.plot.selected == final[removed]
    after_prune = next(i for i, moment in enumerate(shown.moments) if moment.brief == "Run 2 · Prune")
    panel.plot.show_all()
    click(qtbot, panel, after_prune)
    press(qtbot, panel, "Open recipe")
    qtbot.waitUntil(lambda: document.inspection is not None, timeout=LONG)
    whole = read_recipe(removed / "recipe.yaml", catalogue)
    assert document.recipe is not None
    assert document.recipe.stages == whole.stages[:1]

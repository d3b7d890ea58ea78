"""The whole window by keyboard: the palette finds and does, Tab comes to everything, every plot has its table."""

from __future__ import annotations

import dataclasses

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QTableView
from pytestqt.qtbot import QtBot

from gui.actions import TABS
from gui.main_window import MainWindow
from tests.end_to_end.hands import LONG
from tests.keyboard import described, nameless, not_reached

CONTROL = Qt.KeyboardModifier.ControlModifier


def type_there(qtbot: QtBot, window: MainWindow, text: str) -> None:
    """Ctrl+K, then ``text``."""
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_K, CONTROL)
    box = window.frame.toolbar.search
    qtbot.waitUntil(box.hasFocus)
    qtbot.keyClicks(box, text)


def enter(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window.frame.toolbar.search, Qt.Key.Key_Return)


def titles(window: MainWindow) -> list[str]:
    model = window.frame.toolbar.search._shown().view.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def front(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


def test_that_the_palette_goes_everywhere_without_the_mouse(qtbot: QtBot, window: MainWindow) -> None:
    front(window, qtbot)
    type_there(qtbot, window, "conv2")
    assert titles(window)[:2] == ["Layers", "conv2"]
    enter(qtbot, window)
    assert [layer.name for layer in window.panes.model.selected()] == ["conv2"]

    # A stage and a method of the catalogue, each one undo step.
    type_there(qtbot, window, "add fine-t")
    enter(qtbot, window)
    assert window.document.recipe is not None
    assert [stage.kind for stage in window.document.recipe.stages] == ["prune", "train", "train", "quantize"]
    type_there(qtbot, window, "undo")
    enter(qtbot, window)
    assert [stage.kind for stage in window.document.recipe.stages] == ["prune", "train", "quantize"]

    # A setting of the recipe, folded away or not.
    type_there(qtbot, window, "label smooth")
    assert titles(window)[:2] == ["Settings of the recipe", "2 · Fine-tune: Label smoothing"]
    enter(qtbot, window)
    form = window.panes.recipe.cards[1].form
    assert form is not None
    qtbot.waitUntil(lambda: form.editors["label_smoothing"].isAncestorOf(QApplication.focusWidget()))
    assert form.unfolded

    # What can't be done is shown with its reason, and used last comes first.
    type_there(qtbot, window, "stop")
    box = window.frame.toolbar.search
    entry = box._shown().chosen
    assert entry is not None
    assert (entry.title, entry.reason) == ("Stop", "Nothing is running")
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    type_there(qtbot, window, "")
    assert titles(window)[:2] == ["Used last", "Undo"]
    qtbot.keyClick(box, Qt.Key.Key_Escape)

    # Runs are started and found again.
    window.document.set_values({"stages.1.train.epochs": 1}, "Epochs")
    type_there(qtbot, window, "run")
    enter(qtbot, window)
    qtbot.waitUntil(lambda: window.runner.running, timeout=5000)
    qtbot.waitUntil(lambda: not window.runner.running, timeout=LONG)
    front(window, qtbot)
    type_there(qtbot, window, "run 1")
    assert titles(window)[0] == "Runs"
    enter(qtbot, window)
    assert window.shown.status == "done"

    # Ten thousand layers: the list stays short.
    found = window.document.inspection
    assert found is not None
    many = [dataclasses.replace(found.layers[1], name=f"stage{i // 100}.block{i % 100}.conv") for i in range(10_000)]
    window.document.set_inspection(dataclasses.replace(found, layers=[*found.layers, *many]))
    type_there(qtbot, window, "s42b7")
    assert titles(window)[:2] == ["Layers", "stage42.block7.conv"]
    assert len(titles(window)) < 60


def test_that_tab_comes_to_everything_and_every_plot_has_its_table(qtbot: QtBot, window: MainWindow) -> None:
    front(window, qtbot)
    window.document.set_values({"stages.1.train.epochs": 1}, "Epochs")
    window.work.run_recipe()
    qtbot.waitUntil(lambda: window.runner.running, timeout=5000)
    qtbot.waitUntil(lambda: not window.runner.running, timeout=LONG)
    window.scans.scan()
    qtbot.waitUntil(lambda: window.scan.status == "done", timeout=LONG)
    window.panes.model.show_layer("conv2")
    plots: set[str] = set()
    for number, name in enumerate(TABS, 1):
        qtbot.keyClick(window, Qt.Key(Qt.Key.Key_0 + number), CONTROL)
        window.panes.history.setCurrentIndex(number % window.panes.history.count())
        window.document.select_stage(number % 3)
        if name == "weights":
            qtbot.waitUntil(lambda: bool(shown_plots(window)), timeout=LONG)
        assert nameless(window) == [], name
        assert not_reached(window) == [], name
        for plot in shown_plots(window):
            plots.add(type(plot).__name__)
            assert has_table(qtbot, window, plot), described(plot)
    assert plots >= {"AccuracyPlot", "ErrorPlot", "TradeoffPlot", "SensitivityPlot", "HistogramPlot"}


def shown_plots(window: MainWindow) -> list[pg.PlotWidget]:
    return [plot for plot in window.panes.tabs.findChildren(pg.PlotWidget) if plot.isVisible()]


def has_table(qtbot: QtBot, window: MainWindow, plot: pg.PlotWidget) -> bool:
    """Whether a table with rows stands beside ``plot``, or Ctrl+T opens one."""
    beside = [one for one in window.panes.tabs.currentWidget().findChildren(QTableView) if one.isVisible()]
    if any(one.model().rowCount() for one in beside):
        return True
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_T, CONTROL)
    dialogs = lambda: [one for one in window.findChildren(QDialog) if one.isVisible()]  # noqa: E731
    qtbot.waitUntil(lambda: bool(dialogs()))
    tables = dialogs()[0].findChildren(QTableView)
    filled = any(table.model().rowCount() for table in tables)
    for dialog in dialogs():
        dialog.reject()
    qtbot.waitUntil(lambda: not dialogs())
    front(window, qtbot)
    return filled

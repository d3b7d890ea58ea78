"""The weights of a layer through the real window and engine: distribution, channels, mask, before and after."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from backend.answers import CHANNEL_FIGURES
from gui.dialogs.array_table_dialog import ArrayTableDialog
from gui.main_window import MainWindow
from gui.panels.weights_panel import WeightsPanel
from gui.plots.still_plot import StillPlot
from tests.end_to_end.hands import LONG, entry, run, select


def choose(qtbot: QtBot, segmented: QWidget, place: int, of: int) -> None:
    at = QPoint(round((place + 0.5) * segmented.width() / of), segmented.height() // 2)
    qtbot.mouseClick(segmented, Qt.MouseButton.LeftButton, pos=at)


def drawn(qtbot: QtBot, panel: WeightsPanel, layer: str) -> None:
    qtbot.waitUntil(lambda: panel._drawn == (panel.view, layer), timeout=LONG)


def hover(plot: StillPlot, x: float, y: float) -> dict[str, str]:
    """Move the mouse to a place of the axes; what the readout says."""
    at = QPointF(plot.mapFromScene(plot.view.mapViewToScene(QPointF(x, y))))
    where = QPointF(plot.viewport().mapToGlobal(at.toPoint()))
    none = Qt.MouseButton.NoButton
    event = QMouseEvent(QMouseEvent.Type.MouseMove, at, where, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(plot.viewport(), event)
    return {reading.name: reading.value for reading in plot.readout.readings} if plot.readout.isVisible() else {}


def test_that_weights_are_seen_before_and_after_a_run(qtbot: QtBot, window: MainWindow) -> None:
    # W shows the selected layer; the arrow keys go to the channels and to the picture.
    panel, tree = window.panes.weights, window.panes.model.tree
    select(window, "conv2")
    qtbot.keyClick(tree, Qt.Key.Key_W)
    drawn(qtbot, panel, "conv2")
    assert panel._detail.text() == "2,400 weights, 16 × 6 × 5 × 5"
    panel.choice.setFocus()
    qtbot.keyClick(panel.choice, Qt.Key.Key_Right)
    drawn(qtbot, panel, "conv2")
    assert panel.channels.plot.numbers == list(range(16))
    told = hover(panel.channels.plot, 3, 0)
    assert "Channel 3" in told and float(told["Scale S"]) > 0, "the scale that the recipe plans"
    qtbot.keyClick(panel.choice, Qt.Key.Key_Right)
    drawn(qtbot, panel, "conv2")
    assert panel.picture.facts.text().endswith("no weight is zero")

    # The next layer is selected in the tree too; a layer without weights says so.
    qtbot.mouseClick(panel.next, Qt.MouseButton.LeftButton)
    drawn(qtbot, panel, "fc1")
    assert [layer.name for layer in window.panes.model.selected()] == ["fc1"]

    # Half of conv2's channels go; every layer becomes int8.
    edits = {"method": "ln_structured", "amount": 0.5, "scope": "local", "remove": True}
    window.document.set_values({f"stages.0.prune.{key}": value for key, value in edits.items()}, "Remove")
    window.document.set_values({"stages.1.train.epochs": 1}, "Epochs")
    select(window, "conv2")
    drawn(qtbot, panel, "conv2")
    run(qtbot, window)
    assert window.state.status == "done", window.state.ending
    window.panes.tabs.setCurrentWidget(panel)

    # The picture: removed channels are neither kept nor pruned, at the numbers that they had.
    choose(qtbot, panel.network, 1, 2)
    qtbot.waitUntil(lambda: "→" in panel._detail.text(), timeout=LONG)
    picture = panel.picture.plot.picture
    assert picture is not None and picture.before[0] == 16 > picture.shape[0]
    planes = panel.picture._planes
    assert planes is not None
    gone = [row for row in range(16) if not planes[2][row].any()]
    assert len(gone) == 16 - picture.shape[0]
    layout = panel.picture.plot.layout_
    assert layout is not None and layout.columns == 1
    told = hover(panel.picture.plot, 0.5, gone[0] * (layout.tall + 1) + 0.5)
    assert "Removed" in told

    # The channels that are left keep their numbers; their scales are those of the int8 kernel.
    choose(qtbot, panel.choice, 1, 3)
    drawn(qtbot, panel, "conv2")
    numbers = panel.channels.plot.numbers
    assert set(numbers) == set(range(16)) - set(gone)
    assert f"{len(gone)} removed channel" in panel.channels.facts.text()
    choose(qtbot, panel.channels.sorting, 1, 2)
    assert sorted(panel.channels.plot.numbers) == numbers

    # Its table has the same figures.
    menu = panel.channels.menu()
    entry(menu, "Show as table").trigger()
    dialog = panel.channels.findChild(ArrayTableDialog)
    assert dialog is not None
    assert dialog.view.model().rowCount() == len(numbers)
    assert dialog.view.model().columnCount() == len(CHANNEL_FIGURES)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    menu.close()

    # The histogram has both in the same bins.
    choose(qtbot, panel.choice, 0, 3)
    drawn(qtbot, panel, "conv2")
    found = panel.histogram._found
    assert found is not None and found.before is not None
    assert sum(found.before.counts) == 2400 > sum(found.counts)
    middle = (found.edges[0] + found.edges[-1]) / 2
    assert {"Count", "Original"} <= hover(panel.histogram.plot, middle, 1).keys()


def test_that_weights_are_answered_while_a_run_goes_on(qtbot: QtBot, window: MainWindow) -> None:
    panel = window.panes.weights
    window.document.set_values({"stages.1.train.epochs": 40}, "Epochs")
    window.work.run_recipe()
    qtbot.waitUntil(lambda: window.runner.running and bool(window.state.curves.get("loss")), timeout=LONG)
    for view in ("mask", "channels", "histogram"):
        panel.show_view(view)
        window.panes.show_weights("fc1")
        drawn(qtbot, panel, "fc1")
    assert window.runner.running
    window.work.stop_run()
    qtbot.waitUntil(lambda: not window.runner.running, timeout=LONG)

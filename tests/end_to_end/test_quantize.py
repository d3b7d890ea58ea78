"""Low precision through the real window and the real engine: layer by layer, and while training."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from gui.item_models.layer_columns import Column
from gui.item_models.layer_table import Column as TableColumn
from gui.main_window import MainWindow
from tests.end_to_end.hands import LONG, context_menu, entry, run, select


def shown(window: MainWindow, layer: str, column: int) -> str:
    """What the tree says of a layer."""
    return str(window.panes.model.model.at_name(layer).siblingAtColumn(column).data())


def quantize(window: MainWindow, layer: str, choice: str) -> None:
    select(window, layer)
    menu = context_menu(window)
    entry(menu, "Quantize", choice).trigger()
    menu.close()


def test_that_a_layer_in_four_bits_shows_its_chip_its_error_and_its_grid(qtbot: QtBot, window: MainWindow) -> None:
    # Right-click: 4 bits for one layer, a codebook for another, the last one stays in float.
    window.document.set_values({"stages.1.train.epochs": 1}, "Epochs")
    quantize(window, "conv2", "Weight-only int4")
    quantize(window, "fc1", "Codebook")
    quantize(window, "fc3", "Keep in float")
    assert shown(window, "conv2", Column.PLAN) == "Prune 84% L1 · int4"
    assert shown(window, "conv1", Column.PLAN) == "Prune 84% L1 · int8"

    # The planned grid stands over the weights before anything has run.
    weights = window.panes.weights
    window.panes.model.show_layer("conv2")
    qtbot.keyClick(window.panes.model.tree, Qt.Key.Key_W)
    qtbot.waitUntil(lambda: bool(weights.histogram.plot.levels()), timeout=LONG)
    assert len(weights.histogram.plot.levels()) == 16
    assert weights.histogram.tag.text() == "estimated"
    assert weights.histogram.grid.text().startswith("Q = round(R / S) + Z with S = ")

    # Run: chips in the tree, errors in the table and the chart.
    run(qtbot, window)
    assert window.state.status == "done", window.state.ending
    chips = {layer: shown(window, layer, Column.PRECISION) for layer in ("conv1", "conv2", "fc1", "fc2", "fc3", "")}
    assert chips == {
        "conv1": "int8", "conv2": "int4", "fc1": "codebook4", "fc2": "int8", "fc3": "fp32", "": "mixed",
    }  # fmt: skip
    window.panes.tabs.setCurrentWidget(window.panes.layers)
    bars = window.panes.layers.chart.plot.bars
    assert [bar.layer for bar in bars] == ["conv1", "conv2", "fc1", "fc2"]
    assert all(bar.sqnr_db > 5 for bar in bars)
    assert not window.panes.layers.view.isColumnHidden(TableColumn.SQNR)

    # The grid the run made: every weight lies on it.
    window.panes.show_weights("fc1")
    weights.network.changed.emit(weights.network.set_value("run"))
    qtbot.waitUntil(
        lambda: weights.histogram.tag.text() == "of the run" and bool(weights.histogram.plot.levels()), timeout=LONG
    )
    assert weights._detail.text().endswith("codebook4")
    assert len(weights.histogram.plot.levels()) <= 17

    # What comes into a layer that runs in int8, with the scale of the kernel before it.
    window.panes.show_weights("fc2")
    weights.histogram.values.changed.emit(weights.histogram.values.set_value("activations"))
    qtbot.waitUntil(lambda: weights.histogram.title == "Activations into fc2", timeout=LONG)
    qtbot.waitUntil(lambda: not weights.histogram.figure.isHidden(), timeout=LONG)


def test_that_a_training_quantizes_on_the_way(qtbot: QtBot, window: MainWindow) -> None:
    document, recipe = window.document, window.panes.recipe
    document.remove_stage(2, "Remove")
    document.set_values({"stages.1.train.epochs": 1}, "Epochs")
    document.select_stage(1)
    add = next(b for b in recipe.cards[1].findChildren(QPushButton) if b.text() == "Quantize while training")
    qtbot.mouseClick(add, Qt.MouseButton.LeftButton)
    assert document.recipe.stages[1].during[0].settings == {"method": "qat_int8"}
    assert shown(window, "conv2", Column.PLAN) == "Prune 84% L1 · int8 while training"
    quantize(window, "fc3", "Keep in float")
    run(qtbot, window)
    state = window.state
    assert state.status == "done", state.ending
    assert shown(window, "conv2", Column.PRECISION) == "int8"
    assert shown(window, "fc3", Column.PRECISION) == "fp32"
    assert state.latest["size_bytes"] < state.baseline["size_bytes"] / 3
    assert state.latest["accuracy"] > state.baseline["accuracy"] - 10
    assert state.layers["conv2"]["scale"] > 0

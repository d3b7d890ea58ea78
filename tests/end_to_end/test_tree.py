"""The tree as the editor, with the mouse and the keyboard: columns, order, filter, many layers, coupled layers."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from gui.item_models.layer_columns import Column
from gui.item_models.layer_tree import LAYER_ROLE
from gui.main_window import MainWindow
from tests.end_to_end.hands import LONG, context_menu, entry, select

RESIDUAL = """
pare: 1
name: Residual
model: {source: bundled, name: resnet20}
data: {source: cifar10}
stages:
- prune: {method: ln_structured, amount: 0.3, remove: true}
"""


def rows(window: MainWindow) -> list[str]:
    model = window.panes.model.model
    return [model.index(row, 0).data(LAYER_ROLE).name for row in range(model.rowCount())]


def click_header(qtbot: QtBot, window: MainWindow, column: Column) -> None:
    header = window.panes.model.tree.header()
    qtbot.mouseClick(
        header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(header.sectionViewportPosition(column) + 24, 14)
    )


def header_menu(window: MainWindow, column: Column) -> QMenu:
    """Right-click the header."""
    header = window.panes.model.tree.header()
    point = QPoint(header.sectionViewportPosition(column) + 24, 14)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, header.mapToGlobal(point))
    QApplication.sendEvent(header.viewport(), event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def click_row(qtbot: QtBot, window: MainWindow, layer: str, keys: Qt.KeyboardModifier) -> None:
    tree = window.panes.model.tree
    where = tree.visualRect(window.panes.model.model.at_name(layer)).center()
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, keys, where)


def plans(window: MainWindow) -> dict[str, str]:
    model = window.panes.model.model
    return {name: model.at_name(name).siblingAtColumn(Column.PLAN).data() for name in rows(window) if name}


def test_that_the_slowest_layer_is_found_by_its_column(qtbot: QtBot, window: MainWindow) -> None:
    panel = window.panes.model
    network = rows(window)

    # The header's menu shows the column of latency; it is empty and says how to fill it.
    menu = header_menu(window, Column.MACS)
    entry(menu, "Latency").trigger()
    menu.close()
    assert not panel.tree.isColumnHidden(Column.LATENCY)
    assert panel.bars.missing.isVisible()
    qtbot.mouseClick(panel.bars.missing.links[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.model.has_figures(Column.LATENCY), timeout=LONG)
    assert panel.bars.missing.isHidden()

    # A click sorts the layers up, another one down, the link leads back.
    click_header(qtbot, window, Column.LATENCY)
    click_header(qtbot, window, Column.LATENCY)
    times = [float(panel.model.index(row, Column.LATENCY).data()) for row in range(panel.model.rowCount())]
    assert times == sorted(times, reverse=True)
    assert set(rows(window)) == set(network) - {""}
    qtbot.mouseClick(panel.bars.order.links[0], Qt.MouseButton.LeftButton)
    assert rows(window) == network

    # The button in the dock's title opens the same menu; it puts everything back.
    button = next(b for b in window.panes.model_title.findChildren(QToolButton) if b.toolTip() == "Choose columns")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    entry(menu, "Reset columns").trigger()
    menu.close()
    assert not panel.tree.isColumnHidden(Column.LATENCY)  # it has something to say now


def test_that_a_pattern_typed_selects_edits_and_resets_many_layers_at_once(qtbot: QtBot, window: MainWindow) -> None:
    panel, document = window.panes.model, window.document
    before, planned = document.recipe, plans(window)
    window.actions_by_id["filter"].trigger()
    qtbot.keyClicks(panel.search, "type:Conv2d")
    assert rows(window) == ["", "conv1", "conv2"]
    qtbot.keyClick(panel.search, Qt.Key.Key_Return)
    assert [layer.name for layer in panel.selected()] == ["conv1", "conv2"]
    assert panel.footer.count.text() == "2 layers selected"

    # One rule for both, one step of undo.
    menu = context_menu(window)
    entry(menu, "Prune", "L1 unstructured 50").trigger()
    menu.close()
    assert [rule.pattern for rule in document.recipe.stages[0].layers] == ["type:Conv2d"]
    assert set(plans(window).values()) == {"Prune 50% L1 · int8"}
    qtbot.keyClick(panel.tree, Qt.Key.Key_K)
    assert set(plans(window).values()) == {"Keep as is"}
    qtbot.keyClick(panel.tree, Qt.Key.Key_Delete)
    panel.search.clear()
    assert plans(window) == planned
    for _ in range(3):
        window.undo()
    assert document.recipe == before


def test_that_layers_chosen_by_mouse_are_edited_together(qtbot: QtBot, window: MainWindow) -> None:
    panel = window.panes.model
    click_row(qtbot, window, "conv1", Qt.KeyboardModifier.NoModifier)
    click_row(qtbot, window, "fc1", Qt.KeyboardModifier.ShiftModifier)
    click_row(qtbot, window, "fc3", Qt.KeyboardModifier.ControlModifier)
    assert [layer.name for layer in panel.selected()] == ["conv1", "conv2", "fc1", "fc3"]
    qtbot.keyClick(panel.tree, Qt.Key.Key_K)
    kept = {name for name, plan in plans(window).items() if plan == "Keep as is"}
    assert kept == {"conv1", "conv2", "fc1", "fc3"}
    click_row(qtbot, window, "fc2", Qt.KeyboardModifier.ControlModifier)
    assert panel.footer.plans.text == "Plan: Keep as is (4); Prune 84% L1 · int8 (1)"
    qtbot.keyClick(panel.tree, Qt.Key.Key_R)
    assert panel.footer.plans.text == "Plan: Prune 84% L1 · int8"


def test_that_layers_coupled_by_a_sum_light_up_and_are_selected_together(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    file = tmp_path / "residual.yaml"
    file.write_text(RESIDUAL, encoding="utf-8")
    window.files.open_file(file)
    panel = window.panes.model
    qtbot.waitUntil(lambda: "layer1.0.conv2" in window.knowledge.couplings, timeout=LONG)
    select(window, "layer1.0.conv2")
    lit = {panel.model.layers[place].name for place in panel.model.cells.coupled}
    assert {"conv1", "layer1.1.conv2", "layer1.2.conv2"} <= lit
    assert "layer1.0.conv1" not in lit
    assert panel.footer.coupled.text == f"Coupled with {len(lit)} layers"
    tip = panel.model.at_name("conv1").data(Qt.ItemDataRole.ToolTipRole)
    assert "layer1.0.conv2" in tip
    qtbot.mouseClick(panel.footer.coupled.links[0], Qt.MouseButton.LeftButton)
    assert {layer.name for layer in panel.selected()} == {*lit, "layer1.0.conv2"}

    # One that is kept keeps them all, and the tree says so.
    select(window, "layer1.1.conv2")
    qtbot.keyClick(panel.tree, Qt.Key.Key_K)
    assert plans(window)["conv1"] == "Keep as is"
    assert plans(window)["layer1.0.conv1"] == "Remove 30% Ln"

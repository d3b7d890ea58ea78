"""Decompose and Replace from the tree to the result: right-click a layer, choose, Run, see what became of it."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from gui.item_models.layer_columns import Column
from gui.main_window import MainWindow
from tests.end_to_end.hands import context_menu, entry, run, select


def choose(window: MainWindow, layer: str, *path: str) -> None:
    select(window, layer)
    menu = context_menu(window)
    entry(menu, *path).trigger()
    menu.close()


def cell(window: MainWindow, layer: str, column: Column) -> str:
    return str(window.panes.model.model.at_name(layer).siblingAtColumn(column).data())


def shown(window: MainWindow) -> dict[str, str]:
    """Layer → parameters, as the table of layers has them."""
    table = window.panes.layers.view.model()
    return {table.index(row, 0).data(): table.index(row, 2).data() for row in range(table.rowCount())}


def test_that_layers_are_decomposed_and_replaced_from_their_menu_and_their_figures_follow(
    qtbot: QtBot, window: MainWindow
) -> None:
    document, state = window.document, window.state
    document.set_values({"stages": [], "data.limit": 100}, "Begin anew")
    choose(window, "fc1", "Decompose", "SVD 90% energy")
    choose(window, "conv2", "Replace", "Depthwise separable")
    assert cell(window, "fc1", Column.PLAN) == "SVD 90% energy"
    assert cell(window, "conv2", Column.PLAN) == "→ depthwise separable"
    assert document.recipe is not None
    assert [stage.kind for stage in document.recipe.stages] == ["decompose", "replace"]
    run(qtbot, window)
    assert state.status == "done"
    factors = {name: row["parameters"] for name, row in state.layers.items() if name.startswith("fc1.")}
    assert set(factors) == {"fc1.first", "fc1.last"}
    parameters = shown(window)
    assert parameters["fc1"] == f"30,840 → {sum(factors.values()):,}"
    assert parameters["conv2"].startswith("2,416 → ")
    assert list(parameters).index("fc1.first") == list(parameters).index("fc1") + 1
    assert cell(window, "fc1", Column.PARAMETERS).startswith("↓")
    assert cell(window, "fc2", Column.PARAMETERS) == "10.2 K"
    assert state.final["macs"] < state.baseline["macs"]
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert document.recipe.stages == ()
    assert cell(window, "fc1", Column.PLAN) == ""

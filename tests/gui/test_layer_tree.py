"""The tree of layers: structure, figures, plans, the filter, and what its menu offers."""

import gc
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QWidgetAction
from pytestqt.qtbot import QtBot

from backend.answers import Inspection, LayerInfo
from gui.document import Document
from gui.forms import PercentEditor
from gui.item_models.layer_columns import Column
from gui.item_models.layer_plans import Badge
from gui.item_models.layer_tree import LAYER_ROLE, VALUE_ROLE, LayerTreeModel
from gui.panels.layer_changes import Chosen, last_used
from gui.panels.model_panel import ModelPanel
from gui.run_state import RunState
from gui.scan_state import ScanState
from gui.widgets.reason_menu import ReasonMenu


def names(model: LayerTreeModel) -> list[str]:
    """The layers that have a row, from top to bottom."""
    return [model.index(row, 0).data(LAYER_ROLE).name for row in range(model.rowCount())]


def cell(model: LayerTreeModel, name: str, column: Column, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
    return model.at_name(name).siblingAtColumn(column).data(role)


def badge(model: LayerTreeModel, name: str) -> Badge:
    found: Badge = cell(model, name, Column.PLAN, VALUE_ROLE)
    return found


@pytest.fixture
def model(document: Document) -> LayerTreeModel:
    return LayerTreeModel(document)


@pytest.fixture
def panel(document: Document, qtbot: QtBot) -> ModelPanel:
    made = ModelPanel(document, RunState(), ScanState())
    qtbot.addWidget(made)
    made.resize(520, 600)
    return made


def entries(menu: ReasonMenu) -> dict[str, bool]:
    """Texts of a menu and whether they can be chosen."""
    return {action.text(): action.isEnabled() for action in menu.actions() if action.text()}


def select(panel: ModelPanel, chosen: Sequence[str], pattern: str = "") -> Chosen:
    return Chosen([layer for layer in panel.model.layers if layer.name in chosen], pattern)


def submenu(menu: ReasonMenu, text: str) -> ReasonMenu:
    found = next(a.menu() for a in menu.actions() if a.text() == text)
    assert isinstance(found, ReasonMenu)
    return found


def test_that_modules_stand_below_their_parents_and_qt_agrees(model: LayerTreeModel) -> None:
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert names(model) == ["", "features", "features.conv", "features.norm", "features.pool", "head"]
    assert model.rows.depths == [0, 1, 2, 2, 2, 1]


def test_that_a_module_whose_parent_is_not_listed_hangs_below_the_nearest_one(document: Document) -> None:
    found = document.inspection
    assert found is not None
    layers = [found.layers[0], LayerInfo("a.b.c", "Linear", 4, 4, True, (2, 2))]
    document.set_inspection(replace(found, layers=layers))
    model = LayerTreeModel(document)
    assert names(model) == ["", "a.b.c"]
    assert model.rows.depths == [0, 1]


def test_that_macs_are_shares_of_the_whole(model: LayerTreeModel) -> None:
    assert cell(model, "head", Column.MACS) == "30.0%"
    assert cell(model, "", Column.MACS) == "100%"


def test_that_containers_sum_up_the_figures_of_their_layers(model: LayerTreeModel) -> None:
    model.set_figures({"features.conv": {"sparsity": 0.5, "precision": "int8"}, "head": {"sparsity": 0.1}})
    assert cell(model, "", Column.SPARSITY, VALUE_ROLE) == pytest.approx((300 * 0.5 + 850 * 0.1) / 1170)
    assert cell(model, "", Column.PRECISION, VALUE_ROLE) == "mixed"
    assert cell(model, "features.conv", Column.PRECISION, VALUE_ROLE) == "int8"


def test_that_plans_say_what_applies_and_where_it_comes_from(model: LayerTreeModel, document: Document) -> None:
    document.set_rule("quantize", ["head"], "keep", "Keep")
    assert badge(model, "") == Badge("Prune 50% l1 · int8", "set", "50% l1 · int8")
    assert badge(model, "features.conv") == Badge("Prune 50% l1 · int8", "inherited", "50% l1 · int8")
    assert badge(model, "head") == Badge("Keep as is", "keep")
    assert badge(model, "features.norm") == Badge()
    assert badge(model, "features.pool") == Badge()


def test_that_plans_follow_every_edit_and_undo(model: LayerTreeModel, document: Document) -> None:
    assert badge(model, "features.conv").origin == "inherited"
    document.apply_method("prune", ["features.conv"], "l1", {"amount": 0.3}, "Prune")
    assert badge(model, "features.conv") == Badge("Prune 30% l1 · int8", "set", "30% l1 · int8")
    document.undo_stack.undo()
    assert badge(model, "features.conv") == Badge("Prune 50% l1 · int8", "inherited", "50% l1 · int8")


def test_that_ten_thousand_modules_open_and_filter_without_a_pause(document: Document, inspection: Inspection) -> None:
    blocks = [LayerInfo(f"block{i}", "Sequential", 10, 10, False) for i in range(2000)]
    below = [LayerInfo(f"block{i}.conv{j}", "Conv2d", 2, 2, True, (1, 2)) for i in range(2000) for j in range(4)]
    layers = [inspection.layers[0], *blocks, *below]
    gc.collect()
    gc.disable()  # what other tests have left would be walked again and again
    try:
        begun = time.process_time()
        document.set_inspection(replace(inspection, layers=layers))
        model = LayerTreeModel(document)
        model.set_figures({})
        opened = time.process_time() - begun
        begun = time.process_time()
        model.search("block1999.conv3")
        searched = time.process_time() - begun
    finally:
        gc.enable()
    assert names(model) == ["", "block1999", "block1999.conv3"]
    assert opened < 0.5  # 0.13 s alone
    assert searched < 1.0


def test_that_the_filter_keeps_parents_and_combines_with_the_type(model: LayerTreeModel) -> None:
    model.search("CONV")
    assert names(model) == ["", "features", "features.conv"]
    model.search("", "Linear")
    assert names(model) == ["", "head"]
    model.search("conv", "Linear")
    assert names(model) == []


def test_that_the_menu_offers_the_default_first_and_says_why_not(panel: ModelPanel) -> None:
    menu = panel.menu.build(select(panel, ["head"]), QPoint())
    prune = submenu(menu, "Prune")
    texts = entries(prune)
    assert next(iter(texts)) == "l1 50%"
    assert texts["norm"] is False
    refused = next(a for a in prune.actions() if isinstance(a, QWidgetAction))
    assert refused.toolTip() == "Its channels are the classes"


def test_that_a_layer_without_weights_shows_every_method_with_its_reason(panel: ModelPanel) -> None:
    menu = panel.menu.build(select(panel, ["features.pool"]), QPoint())
    prune = submenu(menu, "Prune")
    assert not any(entries(prune).values())
    assert {a.toolTip() for a in prune.actions() if a.text()} == {"Needs a convolution or a linear layer"}


def test_that_a_choice_applies_where_it_can_and_says_where_not(
    panel: ModelPanel, document: Document, qtbot: QtBot
) -> None:
    menu = panel.menu.build(select(panel, ["features.conv", "features.norm"]), QPoint())
    prune = submenu(menu, "Prune")
    with qtbot.waitSignal(panel.said) as said:
        next(a for a in prune.actions() if a.text() == "l1 50% · on 1 of 2").trigger()
    assert "1 layer was left as it is: Needs a convolution or a linear layer." in said.args[0]
    patterns = [rule.pattern for rule in document.recipe.stages[0].layers]
    assert patterns == ["features.conv", "head"]
    assert last_used("prune")["amount"] == 0.5


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # grabs of a popup, without a display
def test_that_the_form_beside_the_row_sets_what_was_entered(panel: ModelPanel, document: Document) -> None:
    menu = panel.menu.build(select(panel, ["features.conv"]), QPoint())
    prune = submenu(menu, "Prune")
    next(a for a in prune.actions() if a.text() == "norm…").trigger()
    popover = panel.changes.popover
    assert popover is not None
    amount = next(one for one in popover.findChildren(PercentEditor))
    amount.spin.setValue(30)
    popover.accept()
    rule = document.recipe.stages[0].layers[0]
    assert (rule.pattern, rule.settings) == ("features.conv", {"method": "norm", "amount": 0.3})
    menu = panel.menu.build(select(panel, ["features.conv"]), QPoint())
    assert next(iter(entries(submenu(menu, "Prune")))) == "norm 30%"


def test_that_keys_keep_reset_and_copy_the_selection(panel: ModelPanel, document: Document, qtbot: QtBot) -> None:
    panel.show_layer("features.conv")
    qtbot.keyClick(panel.tree, Qt.Key.Key_K)
    assert [r.pattern for r in document.recipe.stages[0].layers] == ["features.conv", "head"]
    qtbot.keyClick(panel.tree, Qt.Key.Key_R)
    assert [r.pattern for r in document.recipe.stages[0].layers] == ["head"]
    qtbot.keyClick(panel.tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "features.conv"
    with qtbot.waitSignal(panel.weights_wanted) as wanted:
        qtbot.keyClick(panel.tree, Qt.Key.Key_W)
    assert wanted.args == ["features.conv"]


def test_that_the_footer_counts_a_layer_once_when_its_container_is_selected_too(panel: ModelPanel) -> None:
    panel.tree.selectAll()
    assert panel.footer.count.text() == "6 layers selected"
    assert panel.footer.total.text() == "1.2 K parameters · 100.0% of MACs"
    panel.tree.clearSelection()
    assert panel.footer.isHidden()


def test_that_nothing_is_said_of_a_network_of_a_run_before_it_is_measured(
    panel: ModelPanel, document: Document
) -> None:
    assert cell(panel.model, "head", Column.SPARSITY) == "0%"
    found = document.inspection
    assert found is not None
    model = replace(document.recipe.model, source="pare", weights="/runs/small/stages/1")
    document.edit(replace(document.recipe, model=model), "Open")
    document.set_inspection(found)
    assert cell(panel.model, "head", Column.SPARSITY) == ""
    assert cell(panel.model, "head", Column.PRECISION) == ""

"""The tree of layers: structure, figures, plans, the filter, and what its menu offers."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QPoint, QSettings, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QWidgetAction
from pytestqt.qtbot import QtBot

from backend.answers import Coupling, Inspection, LayerInfo
from backend.description import Catalogue, Parameter
from backend.errors import msg
from backend.recipe import Rule, Stage, plan
from gui.document import Document
from gui.forms import PercentEditor
from gui.item_models.layer_columns import Column
from gui.item_models.layer_plans import Badge
from gui.item_models.layer_query import Query
from gui.item_models.layer_tree import LAYER_ROLE, VALUE_ROLE, LayerTreeModel
from gui.item_models.layer_tree_delegate import caret_left
from gui.panels.layer_changes import Chosen, last_used
from gui.panels.model_panel import ModelPanel
from gui.run_state import RunState
from gui.scan_state import ScanState
from gui.widgets.reason_menu import ReasonMenu
from tests.small_catalogue import during_catalogue, quantizing_catalogue


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
    begun = time.process_time()
    document.set_inspection(replace(inspection, layers=layers))
    model = LayerTreeModel(document)
    model.set_figures({})
    opened = time.process_time() - begun
    begun = time.process_time()
    model.search("block1999.conv3")
    searched = time.process_time() - begun
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


# Rows: folded, filtered, sorted


def test_that_a_row_folds_and_unfolds_by_mouse_and_keys(panel: ModelPanel, qtbot: QtBot) -> None:
    model, tree = panel.model, panel.tree
    with qtbot.waitExposed(panel):
        panel.show()
    panel.show_layer("features")
    row = tree.visualRect(model.at_name("features"))
    caret = QPoint(row.left() + caret_left(1) + 5, row.center().y())
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=caret)
    assert names(model) == ["", "features", "head"]
    assert cell(model, "features", Column.NAME, Qt.ItemDataRole.AccessibleTextRole) == "features, Sequential, folded"
    qtbot.keyClick(tree, Qt.Key.Key_Right)
    assert names(model)[1:3] == ["features", "features.conv"]
    panel.show_layer("features.norm")
    qtbot.keyClick(tree, Qt.Key.Key_Left)
    assert [layer.name for layer in panel.selected()] == ["features"]
    qtbot.keyClick(tree, Qt.Key.Key_Left)
    assert names(model) == ["", "features", "head"]
    qtbot.keyClick(tree, Qt.Key.Key_Space)
    assert len(names(model)) == 6
    tree.collapseAll()
    assert names(model) == ["", "features", "head"]
    tree.expandAll()
    assert len(names(model)) == 6


def test_that_qt_agrees_with_every_change_of_rows(model: LayerTreeModel) -> None:
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.fold(1, True)
    model.fold(1, False)
    model.search("conv")
    model.fold(1, True)
    model.search("")
    model.sort_by(Column.PARAMETERS, falling=True)
    model.fold_all(True)
    model.sort_by(None)
    assert names(model) == ["", "features", "head"]


def test_that_folding_is_as_it_was_after_a_filter(model: LayerTreeModel) -> None:
    model.fold(1, True)
    model.search("conv")
    assert names(model) == ["", "features", "features.conv"]
    model.search("")
    assert names(model) == ["", "features", "head"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("type:Conv*", ["features.conv"]),
        ("features.*", ["features.conv", "features.norm", "features.pool"]),
        ("*orm", ["features.norm"]),
        (">300", ["head"]),
        (">=0.3K", ["features.conv", "head"]),
        ("params<1k", ["features.conv", "features.norm", "features.pool", "head"]),
        ("macs>50%", ["features.conv"]),
        ("features >1", ["features.conv", "features.norm"]),
        ("sparsity>40%", ["features.conv"]),
        ("latency<1ms", ["head"]),
        ("sqnr<25", ["features.conv"]),
        ("Sequential", ["features"]),
        ("unheard>3", []),
    ],
)
def test_that_the_filter_knows_words_patterns_and_bounds(model: LayerTreeModel, text: str, found: list[str]) -> None:
    model.set_figures({"features.conv": {"sparsity": 0.5, "sqnr_db": 20.0}})
    model.set_latencies({"features.conv": 2.0, "features": 2.0, "head": 0.5, "": 2.5}, "Measured")
    model.search(text)
    assert [model.layers[place].name for place in model.rows.matching] == found


@pytest.mark.parametrize(
    ("text", "type", "pattern"),
    [
        ("conv*", "", "conv*"),
        ("type:Linear", "", "type:Linear"),
        ("", "Linear", "type:Linear"),
        ("conv", "", ""),
        ("conv*", "Linear", ""),
        ("conv* >1M", "", ""),
        (">1M", "", ""),
    ],
)
def test_that_a_query_is_a_pattern_of_the_recipe_where_one_means_the_same(text: str, type: str, pattern: str) -> None:
    assert Query(text, type).pattern == pattern


def test_that_every_column_sorts_layers_by_their_whole_names_and_back(panel: ModelPanel) -> None:
    model = panel.model
    model.set_latencies({"features.conv": 0.2, "head": 0.9}, "Measured")
    model.set_figures({"features.conv": {"sparsity": 0.5, "precision": "int8", "sqnr_db": 20.0}})
    model.set_sensitivity({"head": 4.0, "features.conv": 1.0}, str)
    before = names(model)
    layers = ["features.conv", "features.norm", "features.pool", "head"]
    rising = {
        Column.NAME: layers,
        Column.TYPE: ["features.norm", "features.conv", "head", "features.pool"],
        Column.PARAMETERS: ["features.norm", "features.conv", "head", "features.pool"],
        Column.MACS: ["features.norm", "features.pool", "head", "features.conv"],
        Column.LATENCY: ["features.conv", "head", "features.norm", "features.pool"],
        Column.SPARSITY: ["features.norm", "head", "features.conv", "features.pool"],
        Column.PRECISION: ["head", "features.conv", "features.norm", "features.pool"],
        Column.PLAN: ["features.conv", "head", "features.norm", "features.pool"],
        Column.SENSITIVITY: ["features.conv", "head", "features.norm", "features.pool"],
        Column.SQNR: ["features.conv", "features.norm", "features.pool", "head"],
        Column.SHAPE: ["features.pool", "features.conv", "features.norm", "head"],
    }
    for column, expected in rising.items():
        model.sort_by(column)
        assert names(model) == expected, column.name
    assert model.index(0, 0).data() == "features.pool"
    assert panel.bars.order.text == "Sorted by Output shape, smallest first"
    model.sort_by(Column.LATENCY, falling=True)
    assert names(model)[:2] == ["head", "features.conv"]
    assert model.headerData(Column.LATENCY, Qt.Orientation.Horizontal) == "Latency ↓"
    panel.bars.order.links[0].click()
    assert names(model) == before
    assert panel.bars.order.isHidden()


def test_that_a_header_sorts_up_then_down_then_not(panel: ModelPanel, qtbot: QtBot) -> None:
    with qtbot.waitExposed(panel):
        panel.show()
    header = panel.tree.header()
    middle = QPoint(header.sectionViewportPosition(Column.PARAMETERS) + 20, 14)
    seen = []
    for _ in range(3):
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=middle)
        seen.append(panel.model.rows.sorting)
    assert seen == [(Column.PARAMETERS, False), (Column.PARAMETERS, True), None]


def test_that_a_sorted_list_follows_new_figures(model: LayerTreeModel) -> None:
    model.sort_by(Column.SPARSITY, falling=True)
    model.set_figures({"head": {"sparsity": 0.9}})
    assert names(model)[0] == "head"


def test_that_the_selection_survives_folding_filtering_and_sorting(panel: ModelPanel) -> None:
    panel.select(["features.conv", "head"])
    panel.model.sort_by(Column.PARAMETERS, falling=True)
    assert [layer.name for layer in panel.selected()] == ["features.conv", "head"]
    panel.model.sort_by(None)
    panel.search.setText("conv")
    assert [layer.name for layer in panel.selected()] == ["features.conv"]
    panel.search.clear()
    panel.tree.collapseAll()
    assert panel.selected() == []
    panel.select(["features.norm"])
    assert [layer.name for layer in panel.selected()] == ["features.norm"]


def test_that_what_was_chosen_at_a_glance_stays_once_the_network_is_open(
    panel: ModelPanel, document: Document, inspection: Inspection
) -> None:
    glance = [layer for layer in inspection.layers if layer.parameters]
    document.set_inspection(replace(inspection, layers=glance, complete=False))
    panel.model.fold(1, True)
    panel.select(["head"])
    document.set_inspection(inspection)
    assert names(panel.model) == ["", "features", "head"]
    assert [layer.name for layer in panel.selected()] == ["head"]


def test_that_another_network_begins_without_selection_and_order(
    panel: ModelPanel, document: Document, inspection: Inspection, tmp_path: Path
) -> None:
    panel.select(["head"])
    panel.model.sort_by(Column.PARAMETERS)
    document.start(document.recipe, tmp_path)
    document.set_inspection(inspection)
    assert panel.selected() == []
    assert panel.model.rows.sorting is None
    assert panel.footer.isHidden()


# Columns


def chosen_columns(panel: ModelPanel) -> list[str]:
    header = panel.tree.header()
    order = [Column(header.logicalIndex(at)) for at in range(header.count())]
    return [column.name for column in order if not panel.tree.isColumnHidden(column)]


def test_that_columns_are_chosen_moved_and_kept(panel: ModelPanel, document: Document, qtbot: QtBot) -> None:
    usual = chosen_columns(panel)
    menu = panel.columns.menu()
    entries = {action.text(): action for action in menu.actions() if action.isCheckable()}
    assert set(entries) == {
        "Type", "Parameters", "MACs", "Latency", "Sparsity", "Precision", "Plan", "Sensitivity", "SQNR", "Output shape",
    }  # fmt: skip
    entries["Type"].trigger()
    entries["Plan"].trigger()
    header = panel.tree.header()
    header.moveSection(header.visualIndex(Column.TYPE), 3)
    header.resizeSection(Column.TYPE, 111)
    shown = chosen_columns(panel)
    assert "TYPE" in shown
    assert "PLAN" not in shown
    again = ModelPanel(document, RunState(), ScanState())
    qtbot.addWidget(again)
    again.resize(520, 600)
    again.columns.fit()
    assert chosen_columns(again) == shown
    assert again.tree.columnWidth(Column.TYPE) == 111
    next(a for a in again.columns.menu().actions() if a.text() == "Reset columns").trigger()
    assert chosen_columns(again) == usual
    assert QSettings().value("tree/columns") is None


def test_that_settings_nobody_can_read_are_passed_over(document: Document, qtbot: QtBot) -> None:
    for kept in ('{"order": 3}', "nonsense", '{"shown": ["NAME", "UNHEARD"], "widths": {"TYPE": "wide"}}', "[]"):
        QSettings().setValue("tree/columns", kept)
        panel = ModelPanel(document, RunState(), ScanState())
        qtbot.addWidget(panel)
        assert chosen_columns(panel)[0] == "NAME"


def test_that_an_empty_column_says_how_it_is_filled_and_offers_it(panel: ModelPanel, qtbot: QtBot) -> None:
    assert panel.bars.missing.isHidden()
    panel.columns.show(Column.LATENCY, True)
    assert panel.bars.missing.text == "No latency has been measured yet."
    tip = panel.model.headerData(Column.LATENCY, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert tip.endswith("No latency has been measured yet.")
    with qtbot.waitSignal(panel.measure_requested):
        panel.bars.missing.links[0].click()
    panel.model.set_latencies({"head": 0.25, "": 0.25}, "Measured with PyTorch")
    assert panel.bars.missing.isHidden()
    assert cell(panel.model, "head", Column.LATENCY) == "0.250"
    tip = cell(panel.model, "head", Column.LATENCY, Qt.ItemDataRole.ToolTipRole)
    assert tip == "0.250 ms\nMeasured with PyTorch"
    panel.columns.show(Column.SENSITIVITY, True)
    with qtbot.waitSignal(panel.scan_requested):
        panel.bars.missing.links[0].click()


def test_that_type_error_and_shape_stand_in_their_columns(model: LayerTreeModel) -> None:
    model.set_figures({"head": {"sqnr_db": 31.26}})
    assert cell(model, "head", Column.SQNR) == "31.3"
    assert cell(model, "features.conv", Column.SHAPE) == "10×8×8"
    assert cell(model, "features", Column.TYPE) == "Sequential"


# Many layers at once


def test_that_a_pattern_becomes_one_rule_that_holds_for_all_it_means(panel: ModelPanel, document: Document) -> None:
    document.set_rule("prune", ["features.conv"], {"amount": 0.1}, "Prune")
    panel.search.setText("*.conv")
    panel.search.setText("*e*")
    panel.select_matching()
    assert panel.pattern == "*e*"
    assert panel.bars.found.text == "An edit of these 4 layers writes one rule: *e*"
    menu = panel.menu.build(panel.chosen(), QPoint())
    next(a for a in submenu(menu, "Prune").actions() if a.text().startswith("l1 50%")).trigger()
    assert [rule.pattern for rule in document.recipe.stages[0].layers] == ["*e*"]
    assert cell(panel.model, "head", Column.PLAN) == "Prune 50% l1 · int8"
    panel.reset_selected()
    assert document.recipe.stages[0].layers == ()


def test_that_layers_below_a_container_with_a_rule_are_named_beside_the_pattern(document: Document) -> None:
    document.set_rule("prune", ["features"], "keep", "Keep")
    document.apply_method("prune", ["features.conv", "head"], "l1", {"amount": 0.2}, "Prune", "type:*")
    patterns = [rule.pattern for rule in document.recipe.stages[0].layers]
    assert patterns == ["type:*", "features.conv", "features"]
    stage, catalogue = document.recipe.stages[0], document.catalogue
    plans = [plan(stage, name, "Conv2d", catalogue).settings for name in ("features.conv", "elsewhere")]
    assert [settings["amount"] for settings in plans if settings is not None] == [0.2, 0.2]


def test_that_differing_plans_of_a_selection_are_counted(panel: ModelPanel) -> None:
    panel.select(["features.conv", "head"])
    assert panel.footer.plans.text == "Plan: Prune 50% l1 · int8 (1); int8 (1)"
    menu = panel.menu.build(panel.chosen(), QPoint())
    head = menu.actions()[0]
    assert head.text() == "2 layers"
    panel.select(["features.conv"])
    assert panel.footer.plans.isHidden()


def test_that_keep_and_reset_say_when_there_is_nothing_to_do(panel: ModelPanel, document: Document) -> None:
    def refused(*chosen: str) -> dict[str, str]:
        menu = panel.menu.build(select(panel, chosen), QPoint())
        return {a.text(): a.toolTip() for a in menu.actions() if isinstance(a, QWidgetAction)}

    assert refused("features.pool")["Keep as is"] == "No stage of the recipe changes it"
    assert refused("features.conv")["Reset to inherited"] == "Nothing is set here; the plan is inherited"
    document.keep(["features.conv"], "Keep")
    assert refused("features.conv")["Keep as is"] == "Kept as it is already"
    assert "Reset to inherited" not in refused("features.conv")


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # grabs of a popup, without a display
def test_that_f2_opens_the_form_with_what_is_set_now(panel: ModelPanel, document: Document, qtbot: QtBot) -> None:
    document.apply_method("prune", ["features.conv"], "norm", {"amount": 0.3, "n": 1}, "Prune")
    panel.show_layer("features.conv")
    qtbot.keyClick(panel.tree, Qt.Key.Key_F2)
    popover = panel.changes.popover
    assert popover is not None
    assert popover.findChild(PercentEditor).spin.value() == 30
    popover.findChild(PercentEditor).spin.setValue(40)
    popover.accept()
    assert document.recipe.stages[0].layers[0].settings == {"method": "norm", "amount": 0.4, "n": 1}


# Coupled layers


@pytest.fixture
def coupled(panel: ModelPanel, qtbot: QtBot) -> ModelPanel:
    knowledge = Knowledge()
    qtbot.addWidget(panel)
    group = Coupling(("features.conv", "head"), (msg("Their outputs are added"),))
    knowledge.couplings = {"features.conv": group, "head": group}
    panel.set_knowledge(knowledge)  # type: ignore[arg-type]  # what the engine answers, without one
    return panel


class Knowledge(QObject):
    changed = Signal()
    latencies: Mapping[str, float] = {}
    conditions = ""
    couplings: Mapping[str, Coupling] = {}


def test_that_selecting_a_layer_marks_those_that_are_pruned_with_it(coupled: ModelPanel) -> None:
    coupled.show_layer("head")
    at = coupled.model.rows.places["features.conv"]
    assert coupled.model.cells.coupled == {at}
    assert coupled.footer.coupled.text == "Coupled with 1 layer"
    tip = cell(coupled.model, "features.conv", Column.NAME, Qt.ItemDataRole.ToolTipRole)
    assert tip.splitlines()[1:] == ["Loses channels only together with head", "Their outputs are added"]
    coupled.footer.coupled.links[0].click()
    assert [layer.name for layer in coupled.selected()] == ["features.conv", "head"]
    assert coupled.footer.coupled.isHidden()


def test_that_a_layer_coupled_with_a_kept_one_shows_that_it_is_kept(coupled: ModelPanel, document: Document) -> None:
    document.catalogue = during_catalogue()
    remove = {"method": "norm", "amount": 0.3, "remove": True}
    kept = Stage("prune", remove, (Rule("head", None),))
    refusals = {"criterion": {}}
    found = document.inspection
    assert found is not None
    document.set_inspection(replace(found, refusals=refusals))
    document.edit(replace(document.recipe, stages=(kept,)), "Edit")
    coupled.set_knowledge(coupled._knowledge)  # type: ignore[arg-type]
    assert badge(coupled.model, "features.conv").text == "Keep as is"
    assert badge(coupled.model, "features.conv").why == "Pruned only together with head, which is kept"
    own = Stage("prune", remove, (Rule("head", {"amount": 0.6}),))
    document.edit(replace(document.recipe, stages=(own,)), "Edit")
    assert badge(coupled.model, "features.conv").text == "Remove 60% norm"
    assert badge(coupled.model, "features.conv").why == "Pruned together with head, which has the amount"


def test_that_the_first_and_the_last_layer_show_what_a_learning_scheme_does_with_them(
    panel: ModelPanel, document: Document
) -> None:
    document.catalogue = quantizing_catalogue()
    methods = document.catalogue.to_data()
    lsq = next(one for one in methods if (one["kind"], one["id"]) == ("quantization", "lsq"))
    edges = Parameter(name="edges", type="choice", label="Edges", default="float", choices=("float", "8", "same"))
    lsq["parameters"] = [*lsq["parameters"], asdict(edges)]
    document.catalogue = Catalogue.from_data(methods)

    def plans(**settings: object) -> dict[str, str]:
        inner = Stage("quantize", {"method": "lsq", **settings})
        document.edit(replace(document.recipe, stages=(Stage("train", {}, (), (inner,)),)), "Edit")
        return {name: badge(panel.model, name).text for name in ("features.conv", "head")}

    found = document.inspection
    assert found is not None
    middle = LayerInfo("features.mid", "Conv2d", 300, 700, True, (10, 3, 3, 3), (10, 8, 8))
    layers = [*found.layers[:3], middle, *found.layers[3:]]
    document.set_inspection(replace(found, layers=layers, refusals={}))
    assert plans() == {"features.conv": "Keep as is", "head": "Keep as is"}
    assert badge(panel.model, "features.mid").text == "w4a4 while training"
    assert plans(edges="8") == {"features.conv": "w8a8 while training", "head": "w8a8 while training"}
    assert plans(edges="same") == {"features.conv": "w4a4 while training", "head": "w4a4 while training"}


def test_that_nothing_is_offered_before_the_network_is_open(
    panel: ModelPanel, document: Document, inspection: Inspection
) -> None:
    document.set_inspection(replace(inspection, complete=False))
    document.opening = True
    menu = panel.menu.build(select(panel, ["head"]), QPoint())
    reasons = {a.text(): a.toolTip() for a in menu.actions() if isinstance(a, QWidgetAction)}
    assert reasons["Prune"] == reasons["Quantize"] == "The network is still being opened"


def test_that_the_keyboard_sorts_through_the_menu_of_columns(panel: ModelPanel) -> None:
    menu = panel.columns.menu()
    sorts = submenu(menu, "Sort by")
    assert [a.text() for a in sorts.actions()][:2] == ["Layer", "Parameters"]
    next(a for a in sorts.actions() if a.text() == "Parameters").trigger()
    assert panel.model.rows.sorting == (Column.PARAMETERS, False)
    again = panel.columns.menu()
    next(a for a in again.actions() if a.text() == "Order of the network").trigger()
    assert panel.model.rows.sorting is None


def test_that_a_layer_that_is_shown_is_selected_alone_whatever_key_is_held(panel: ModelPanel, qtbot: QtBot) -> None:
    panel.show_layer("features.conv")
    qtbot.keyClick(panel.tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)  # Qt goes on holding Ctrl
    panel.show_layer("head")
    assert [layer.name for layer in panel.selected()] == ["head"]
    qtbot.keyRelease(panel.tree, Qt.Key.Key_Control)

"""Decompose and Replace layer by layer: what the menu offers and sets, how the plan and the result are shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidgetAction
from pytestqt.qtbot import QtBot

from backend.answers import Inspection, LayerInfo
from backend.description import Catalogue
from backend.errors import msg
from backend.recipe import Recipe, Rule, Stage
from backend.registry import catalogue
from gui.document import Document
from gui.forms import PercentEditor
from gui.item_models.layer_columns import Column
from gui.item_models.layer_table import LayerTableModel
from gui.panels.layer_changes import Chosen
from gui.panels.model_panel import ModelPanel
from gui.panels.recipe_panel import RecipePanel
from gui.run_parts import put_together
from gui.run_state import RunState
from gui.scan_state import ScanState
from gui.stage_settings import offered
from gui.stage_text import rule_text, summary
from gui.widgets.reason_menu import ReasonMenu

NO_CONV, NO_ACTIVATION = msg("Needs a convolution"), msg("It is no activation")


@pytest.fixture(scope="module")
def methods() -> Catalogue:
    """The real methods as the window gets them: plain data."""
    return Catalogue.from_data(catalogue().to_data())


@pytest.fixture
def network() -> Inspection:
    """Two convolutions, one with its norm, activations of two kinds, a linear layer."""
    layers = [
        LayerInfo("", "Net", 1170, 1000, False),
        LayerInfo("block", "Sequential", 320, 700, False),
        LayerInfo("block.conv", "Conv2d", 300, 700, True, (10, 3, 3, 3), (10, 8, 8)),
        LayerInfo("block.norm", "BatchNorm2d", 20, 0, True, (10,), (10, 8, 8)),
        LayerInfo("block.relu", "ReLU", 0, 0, True, (), (10, 8, 8)),
        LayerInfo("silu", "SiLU", 0, 0, True, (), (10, 8, 8)),
        LayerInfo("fc", "Linear", 850, 300, True, (85, 10), (85,)),
    ]
    weights = {"block.conv", "block.norm", "fc"}
    every = {*weights, "block.relu", "silu"}
    refusals = {
        "criterion": {"l1_unstructured": {"block.norm": NO_CONV}},
        "quantization": {"static_int8": {"block.norm": NO_CONV}},
        "decomposition": {
            "svd": dict.fromkeys(weights - {"fc"}, msg("Needs a linear layer or a 1×1 convolution")),
            "tucker": dict.fromkeys(weights - {"block.conv"}, NO_CONV),
            "cp": dict.fromkeys(weights - {"block.conv"}, NO_CONV),
        },
        "replacement": {
            "activation": dict.fromkeys(weights, NO_ACTIVATION),
            "depthwise_separable": dict.fromkeys(every - {"block.conv"}, msg("It is no convolution")),
            "fold_batch_norm": dict.fromkeys(every - {"block.norm"}, msg("It is no BatchNorm")),
            "pooling": dict.fromkeys(every, msg("It is no pooling layer")),
        },
    }
    return Inspection("net", {}, (3, 8, 8), 85, 1170, 1000, 4680, layers, refusals)


@pytest.fixture
def document(network: Inspection, methods: Catalogue, tmp_path: Path, own_settings: None) -> Document:
    made = Document()
    made.catalogue = methods
    made.start(Recipe(stages=(Stage("prune"), Stage("train"), Stage("quantize")), name="Small"), tmp_path)
    made.set_inspection(network)
    return made


@pytest.fixture
def panel(document: Document, qtbot: QtBot) -> ModelPanel:
    made = ModelPanel(document, RunState(), ScanState())
    qtbot.addWidget(made)
    made.resize(520, 600)
    return made


def submenu(panel: ModelPanel, text: str, *names: str) -> ReasonMenu:
    layers = [layer for layer in panel.model.layers if layer.name in names]
    menu = panel.menu.build(Chosen(layers), QPoint())
    panel.kept = menu  # type: ignore[attr-defined]
    found = next(a for a in menu.actions() if a.text() == text).menu()
    assert isinstance(found, ReasonMenu)
    return found


def texts(menu: ReasonMenu) -> list[str]:
    return [a.text() for a in menu.actions() if a.text() and a.isEnabled()]


def refused(menu: ReasonMenu) -> dict[str, str]:
    return {a.text(): a.toolTip() for a in menu.actions() if isinstance(a, QWidgetAction)}


def choose(menu: ReasonMenu, text: str) -> None:
    next(a for a in menu.actions() if a.text() == text).trigger()


def plan(panel: ModelPanel, layer: str) -> str:
    return str(panel.model.at_name(layer).siblingAtColumn(Column.PLAN).data())


def brief(panel: ModelPanel, layer: str) -> str:
    return panel.model.plans.badge(panel.model.rows.places[layer]).brief


def test_that_decompositions_are_offered_at_once_with_their_form_and_the_rest_says_why(panel: ModelPanel) -> None:
    menu = submenu(panel, "Decompose", "block.conv")
    assert texts(menu) == ["Tucker 90% energy", "Tucker…", "CP 90% energy", "CP…"]
    assert refused(menu) == {"SVD": "Needs a linear layer or a 1×1 convolution"}
    assert texts(submenu(panel, "Decompose", "block.relu")) == []
    assert set(refused(submenu(panel, "Decompose", "block.relu")).values()) == {"Needs a layer with weights"}


def test_that_replacements_fit_the_kind_of_layer(panel: ModelPanel) -> None:
    assert texts(submenu(panel, "Replace", "block.conv")) == ["Depthwise separable"]
    assert texts(submenu(panel, "Replace", "block.norm")) == ["Fold BatchNorm"]
    relu = submenu(panel, "Replace", "block.relu")
    assert texts(relu) == ["ReLU → Hardswish", "ReLU → SiLU", "Activation…"]
    assert refused(relu)["Depthwise separable"] == "It is no convolution"
    assert texts(submenu(panel, "Replace", "silu")) == ["SiLU → ReLU", "SiLU → Hardswish", "Activation…"]


def test_that_of_several_layers_those_are_meant_that_are_of_another_kind(panel: ModelPanel) -> None:
    both = submenu(panel, "Replace", "block.relu", "silu", "fc")
    assert texts(both) == [
        "SiLU → ReLU · on 1 of 3", "→ Hardswish · on 2 of 3", "ReLU → SiLU · on 1 of 3", "Activation… · on 2 of 3",
    ]  # fmt: skip


def test_that_nothing_but_replace_treats_an_activation(panel: ModelPanel) -> None:
    for kind in ("Prune", "Remove channels", "Quantize"):
        menu = submenu(panel, kind, "block.relu")
        assert set(texts(menu)) <= {"Keep in float"}
        assert "Needs a layer with weights" in refused(menu).values()


def test_that_a_choice_is_a_rule_of_a_new_stage_before_what_prunes_by_masks(
    panel: ModelPanel, document: Document
) -> None:
    choose(submenu(panel, "Decompose", "fc"), "SVD 90% energy")
    recipe = document.recipe
    assert recipe is not None
    assert [stage.kind for stage in recipe.stages] == ["decompose", "prune", "train", "quantize"]
    assert recipe.stages[0].layers == (Rule("fc", {"method": "svd"}), Rule("*", None))
    choose(submenu(panel, "Decompose", "block.conv"), "Tucker 90% energy")
    assert [rule.pattern for rule in document.recipe.stages[0].layers] == ["block.conv", "fc", "*"]
    assert plan(panel, "fc") == "SVD 90% energy · Prune 50% L1 · int8"
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert document.recipe.stages == (Stage("prune"), Stage("train"), Stage("quantize"))


def test_that_a_layer_can_be_treated_where_there_is_no_stage_yet(panel: ModelPanel, document: Document) -> None:
    document.edit(replace(document.recipe, stages=()), "Nothing")
    document.select_stage(-1)
    choose(submenu(panel, "Decompose", "fc"), "SVD 90% energy")
    assert [stage.kind for stage in document.recipe.stages] == ["decompose"]


def test_that_folding_a_norm_comes_behind_the_training(panel: ModelPanel, document: Document) -> None:
    choose(submenu(panel, "Replace", "block.norm"), "Fold BatchNorm")
    assert [stage.kind for stage in document.recipe.stages] == ["prune", "train", "replace", "quantize"]
    assert (plan(panel, "block.norm"), brief(panel, "block.norm")) == ("Fold BatchNorm", "Fold")


def test_that_an_activation_can_have_a_plan_be_kept_and_be_reset(panel: ModelPanel, document: Document) -> None:
    document.edit(replace(document.recipe, stages=(Stage("replace", {"method": "activation", "to": "gelu"}),)), "New")
    relu = panel.model.rows.places["block.relu"]
    assert (plan(panel, "block.relu"), panel.model.plans.badge(relu).origin) == ("→ GELU", "inherited")
    assert plan(panel, "fc") == ""
    choose(submenu(panel, "Replace", "block.relu"), "ReLU → Hardswish")
    assert (plan(panel, "block.relu"), panel.model.plans.badge(relu).origin) == ("→ Hardswish", "set")
    panel.changes.keep(Chosen([panel.model.layers[relu]]))
    assert (plan(panel, "block.relu"), panel.model.plans.badge(relu).origin) == ("Keep as is", "keep")
    panel.changes.reset(Chosen([panel.model.layers[relu]]))
    assert plan(panel, "block.relu") == "→ GELU"


def test_that_a_container_of_activations_is_replaced_as_one(panel: ModelPanel, document: Document) -> None:
    choose(submenu(panel, "Replace", "block"), "→ SiLU")
    assert document.recipe.stages[0].layers[0] == Rule("block", {"method": "activation", "to": "silu"})
    assert (plan(panel, "block.relu"), plan(panel, "silu")) == ("→ SiLU", "")


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # grabs of a popup, without a display
def test_that_the_form_sets_energy_and_is_offered_first_the_next_time(panel: ModelPanel, document: Document) -> None:
    choose(submenu(panel, "Decompose", "block.conv"), "CP…")
    popover = panel.changes.popover
    assert popover is not None
    popover.findChild(PercentEditor).spin.setValue(75)
    popover.accept()
    assert document.recipe.stages[0].layers[0].settings == {"method": "cp", "energy": 0.75}
    menu = submenu(panel, "Decompose", "block.conv")
    assert texts(menu)[0] == "CP 75% energy"
    assert brief(panel, "block.conv") == "CP 75% · 50% L1 · int8"


@pytest.mark.parametrize(
    ("settings", "whole"),
    [
        ({"method": "tucker", "rank": 16}, "Tucker r 16"),
        ({"method": "tucker", "rank": 16, "rank_in": 8}, "Tucker r 16, 8"),
        ({"method": "svd", "energy": 0.75}, "SVD 75% energy"),
        ({"method": "svd", "target": {"macs": 0.5}}, "SVD · MACs 50% of original"),
    ],
)
def test_that_a_decompose_stage_is_said_in_a_line(settings: dict[str, object], whole: str, methods: Catalogue) -> None:
    assert summary(Stage("decompose", settings), methods) == whole


def test_that_replace_stages_and_rules_are_said_in_a_line(methods: Catalogue) -> None:
    assert summary(Stage("replace", {"method": "depthwise_separable"}), methods) == "→ depthwise separable"
    assert summary(Stage("replace", {"method": "pooling", "to": "max"}), methods) == "→ max pooling"
    some = Stage("replace", {}, (Rule("relu", {"method": "activation", "to": "prelu"}), Rule("*", None)))
    assert summary(some, methods) == "1 chosen layer"
    assert [rule_text(rule, methods) for rule in some.layers] == ["→ PReLU", "Keep as is"]
    own = (Rule("fc", {"energy": 0.8}), Rule("conv", {"rank": 16}), Rule("relu", {"to": "silu"}))
    assert [rule_text(rule, methods) for rule in own] == ["Energy kept 80%", "Rank 16", "Kind SiLU"]


def test_that_a_target_decides_for_layers_without_a_rule(panel: ModelPanel, document: Document) -> None:
    stage = Stage("decompose", {"method": "tucker", "target": {"macs": 0.5}}, (Rule("fc", {"method": "svd"}),))
    document.edit(replace(document.recipe, stages=(stage,)), "By target")
    assert (plan(panel, "block.conv"), brief(panel, "block.conv")) == ("Tucker by target", "Tucker")


def test_that_the_form_of_a_stage_shows_what_acts_together(methods: Catalogue) -> None:
    def names(**settings: object) -> list[str]:
        return [p.name for p in offered(Stage("decompose", {"method": "tucker", **settings}), methods).parameters]

    assert names() == ["method", "energy", "rank", "target", "reestimate"]
    assert names(rank=8) == ["method", "rank_in", "rank", "reestimate"]
    assert names(target={"macs": 0.5}) == ["method", "target", "reestimate"]


def test_that_both_can_be_added_as_stages_with_their_help(document: Document, qtbot: QtBot) -> None:
    panel = RecipePanel(document, RunState())
    qtbot.addWidget(panel)
    menu = panel.stage_menu()
    assert menu is not None
    assert [a.text() for a in menu.actions()] == ["Prune", "Decompose", "Replace", "Fine-tune", "Quantize"]
    assert all(a.toolTip() and not a.icon().isNull() for a in menu.actions())
    menu.actions()[1].trigger()
    assert document.recipe.stages[0] == Stage("decompose")
    assert panel.cards[0].title == "Decompose"


# Figures

FACTORS = [
    {"name": "fc.first", "type": "Linear", "parameters": 100, "sparsity": 0.5, "precision": "int8"},
    {"name": "fc.last", "type": "Linear", "parameters": 300, "sparsity": 0.1, "precision": "fp32"},
]
BEFORE = [{"name": "fc", "type": "Linear", "parameters": 850, "sparsity": 0.0, "precision": "fp32"}]


def test_that_factors_are_added_up_as_the_layer_they_stand_for() -> None:
    rows = {str(row["name"]): row for row in FACTORS}
    whole = put_together({"conv": {"parameters": 5}, **rows}, {"conv", "fc"})
    assert whole["conv"] == {"parameters": 5}
    assert (whole["fc"]["parameters"], whole["fc"]["sparsity"], whole["fc"]["precision"]) == (400, 0.2, "mixed")
    assert put_together(rows, {"fc.first", "fc.last"}) == rows  # of a network that was decomposed when it was opened


def test_that_the_tree_and_the_table_show_a_decomposed_layer_where_it_was(panel: ModelPanel, qtbot: QtBot) -> None:
    before, after = ({str(row["name"]): row for row in rows} for rows in (BEFORE, FACTORS))
    panel.model.set_figures(after, before)
    row = panel.model.at_name("fc")
    assert row.siblingAtColumn(Column.PARAMETERS).data() == "↓400"
    assert row.siblingAtColumn(Column.SPARSITY).data() == "20%"
    assert row.siblingAtColumn(Column.PRECISION).data() == "mixed"
    run = RunState()
    table = LayerTableModel(run)
    run.baseline_layers, run.layers = before, after
    table.reload()
    assert [one.name for one in table.rows] == ["fc", "fc.first", "fc.last"]
    assert table.index(0, 2).data() == "850 → 400"
    assert table.index(1, 2).data() == "100"

"""Precisions layer by layer: what the menu offers, what it sets, how it is shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QSpinBox, QWidgetAction
from pytestqt.qtbot import QtBot

from backend.answers import Inspection, LayerInfo
from backend.errors import msg
from backend.recipe import Recipe, Stage
from gui.document import Document
from gui.item_models.layer_columns import Column
from gui.panels.layer_changes import Chosen
from gui.panels.model_panel import ModelPanel
from gui.precisions import chip_width, colors, described, planned
from gui.run_state import RunState
from gui.scan_state import ScanState
from gui.widgets.reason_menu import ReasonMenu
from tests.small_catalogue import quantizing_catalogue

LATE = "Learns while training: add it under Fine-tune"


@pytest.fixture
def document(inspection: Inspection, tmp_path: Path, own_settings: None) -> Document:
    made = Document()
    made.catalogue = quantizing_catalogue()
    made.start(Recipe(stages=(Stage("train", {"epochs": 2}), Stage("quantize")), name="Small"), tmp_path)
    refusals = {"quantization": {"static_int8": {"head": msg("Needs a convolution")}}}
    made.set_inspection(replace(inspection, refusals=refusals))
    return made


@pytest.fixture
def panel(document: Document, qtbot: QtBot) -> ModelPanel:
    made = ModelPanel(document, RunState(), ScanState())
    qtbot.addWidget(made)
    made.resize(520, 600)
    return made


def layers(panel: ModelPanel, *names: str) -> list[LayerInfo]:
    return [layer for layer in panel.model.layers if layer.name in names]


def quantize(panel: ModelPanel, *names: str) -> ReasonMenu:
    menu = panel.menu.build(Chosen(layers(panel, *names)), QPoint())
    panel.kept = menu  # type: ignore[attr-defined]
    found = next(a for a in menu.actions() if a.text() == "Quantize").menu()
    assert isinstance(found, ReasonMenu)
    return found


def texts(menu: ReasonMenu) -> list[str]:
    return [a.text() for a in menu.actions() if a.text() and a.isEnabled()]


def refused(menu: ReasonMenu) -> dict[str, str]:
    return {a.text(): a.toolTip() for a in menu.actions() if isinstance(a, QWidgetAction)}


def choose(menu: ReasonMenu, text: str) -> None:
    next(a for a in menu.actions() if a.text() == text).trigger()


def test_that_every_precision_is_offered_at_once_and_in_order(panel: ModelPanel) -> None:
    menu = quantize(panel, "features.conv")
    assert texts(menu) == [
        "static_int8", "weight_only int8", "weight_only int4", "weight_only NF4", "codebook, 4 bits", "float16",
        "With settings", "Keep in float",
    ]  # fmt: skip
    assert refused(menu) == {"lsq": LATE, "qat_int8": LATE}


def test_that_what_does_not_apply_to_a_layer_says_why(panel: ModelPanel) -> None:
    assert refused(quantize(panel, "head"))["static_int8"] == "Needs a convolution"


def test_that_a_precision_becomes_a_rule_of_the_stage_that_is_there(panel: ModelPanel, document: Document) -> None:
    choose(quantize(panel, "features.conv"), "weight_only int4")
    stage = document.recipe.stages[1]
    assert [rule.to_data() for rule in stage.layers] == [{"method": "weight_only", "bits": 4}]
    assert panel.model.at_name("features.conv").siblingAtColumn(Column.PLAN).data() == "int4"
    assert panel.model.at_name("").siblingAtColumn(Column.PLAN).data() == "int8"
    document.undo_stack.undo()
    assert not document.recipe.stages[1].layers


def test_that_what_was_chosen_last_stands_first(panel: ModelPanel) -> None:
    choose(quantize(panel, "features.conv"), "weight_only NF4")
    assert texts(quantize(panel, "head"))[:2] == ["weight_only NF4", "weight_only int8"]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # grabs of a popup, without a display
def test_that_the_form_sets_what_was_entered_and_is_offered_again(panel: ModelPanel, document: Document) -> None:
    forms = next(a for a in quantize(panel, "head").actions() if a.text() == "With settings").menu()
    assert isinstance(forms, ReasonMenu)
    choose(forms, "codebook…")
    popover = panel.changes.popover
    assert popover is not None
    popover.findChild(QSpinBox).setValue(3)
    popover.accept()
    assert document.recipe.stages[1].layers[0].settings == {"method": "codebook", "bits": 3}
    assert texts(quantize(panel, "features.conv"))[0] == "codebook, 3 bits"


def test_that_a_training_that_quantizes_offers_its_own_method_alone(panel: ModelPanel, document: Document) -> None:
    inner = Stage("train", {"epochs": 2}, (), (Stage("quantize", {"method": "lsq"}),))
    document.edit(replace(document.recipe, stages=(inner,)), "Quantize while training")
    menu = quantize(panel, "features.conv")
    assert texts(menu) == ["lsq", "With settings", "Keep in float"]
    assert refused(menu) == {"Other methods": "A training of this recipe quantizes already: lsq"}
    choose(menu, "Keep in float")
    assert document.recipe.stages[0].during[0].layers[0].settings is None
    badge = panel.model.at_name("head").siblingAtColumn(Column.PLAN)
    assert badge.data() == "w4a4 while training"


@pytest.mark.parametrize(
    ("method", "settings", "word"),
    [
        ("static_int8", {"weights": "per_channel"}, "int8"),
        ("weight_only", {"bits": 4, "code": "integer"}, "int4"),
        ("weight_only", {"bits": 4, "code": "normal_float"}, "nf4"),
        ("gptq", {"bits": 3}, "int3"),
        ("codebook", {"bits": 5}, "codebook5"),
        ("lsq", {"weight_bits": 4, "activation_bits": 2}, "w4a2"),
        ("lsq", {"weight_bits": 4, "activation_bits": 2, "tensors": "weights"}, "int4"),
        ("bnn", {"per_channel": True}, "w1a1"),
        ("float16", {}, "fp16"),
        ("bfloat16", {}, "bf16"),
    ],
)
def test_that_settings_say_the_precision_before_a_run(method: str, settings: dict[str, object], word: str) -> None:
    assert planned(method, settings) == word


def test_that_families_of_precisions_have_chips_of_their_own_that_hold_their_words(qapp: object) -> None:
    families = ["fp32", "int8", "int4", "w4a4", "codebook4", "fp16", "mixed"]
    assert len({colors(word)[:2] for word in families}) == len(families)
    assert colors("nf4") == colors("int3")
    assert chip_width("codebook4") > chip_width("int8") == chip_width("fp32")


def test_that_precisions_stay_in_a_narrow_tree_once_they_differ(panel: ModelPanel) -> None:
    panel.resize(392, 600)
    panel.columns.fit()
    assert panel.tree.isColumnHidden(Column.PRECISION)
    panel.model.set_figures({"head": {"precision": "int3"}})
    panel.columns.fit()
    assert not panel.tree.isColumnHidden(Column.PRECISION)
    assert panel.tree.isColumnHidden(Column.MACS)


def test_that_the_column_has_room_for_the_widest_chip_and_tells_scale_and_zero_point(panel: ModelPanel) -> None:
    narrow = panel.tree.columnWidth(Column.PRECISION)
    panel.model.set_figures({"head": {"precision": "codebook4"}, "features.conv": {"precision": "int8", "scale": 0.5}})
    panel.columns.fit()
    assert panel.tree.columnWidth(Column.PRECISION) >= chip_width("codebook4") + 8 > narrow
    tip = panel.model.at_name("features.conv").siblingAtColumn(Column.PRECISION).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "int8 · scale S = 0.500, zero point Z = 0\nR = S · (Q − Z)"
    assert described({"precision": "int4"}) == "int4"

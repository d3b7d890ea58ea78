"""Forms of quantize stages, alone and within a training: what they offer, presets, what they say in a line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from backend.answers import Inspection
from backend.recipe import Recipe, Rule, Stage
from gui import stage_text
from gui.document import Document
from gui.panels.recipe_panel import RecipePanel
from gui.run_state import RunState
from gui.stage_settings import Offer, offered, without_foreign
from tests.small_catalogue import during_catalogue, quantizing_catalogue

CATALOGUE = quantizing_catalogue()
TRAIN = Stage("train", {"epochs": 2})


@pytest.fixture
def document(inspection: Inspection, tmp_path: Path, own_settings: None) -> Document:
    made = Document()
    made.catalogue = CATALOGUE
    made.start(Recipe(stages=(TRAIN,), name="Small"), tmp_path)
    made.set_inspection(inspection)
    return made


@pytest.fixture
def panel(document: Document, qtbot: QtBot) -> RecipePanel:
    made = RecipePanel(document, RunState())
    qtbot.addWidget(made)
    made.resize(304, 900)
    made.show()
    return made


def names(offer: Offer) -> list[str]:
    return [parameter.name for parameter in offer.parameters]


def quantize(**settings: object) -> Stage:
    return Stage("quantize", settings)


def button(panel: RecipePanel, text: str) -> QPushButton:
    return next(b for b in panel.cards[0].findChildren(QPushButton) if b.text() == text)


def test_that_while_weights_rest_methods_that_learn_are_refused_and_nothing_starts() -> None:
    offer = offered(quantize(method="codebook"), CATALOGUE)
    assert set(offer.refused["method"]) == {"qat_int8", "lsq"}
    assert "start" not in names(offer)


def test_that_within_a_training_only_methods_that_learn_can_be_chosen() -> None:
    offer = offered(quantize(method="codebook"), CATALOGUE, within=True)
    assert set(offer.refused["method"]) == {"static_int8", "weight_only", "float16"}
    assert "start" in names(offer)
    assert not {"target", "equalize"} & set(names(offer))


def test_that_a_target_is_offered_where_there_are_bits_to_choose_and_takes_their_place() -> None:
    assert "target" not in names(offered(quantize(), CATALOGUE))
    assert {"target", "bits"} <= set(names(offered(quantize(method="weight_only"), CATALOGUE)))
    found = names(offered(quantize(method="weight_only", target={"size": 0.2}), CATALOGUE))
    assert "target" in found and "bits" not in found


def test_that_a_cast_is_offered_no_help_with_a_grid_and_leaves_behind_what_it_can_not_use() -> None:
    assert "equalize" not in names(offered(quantize(method="float16"), CATALOGUE))
    stage = quantize(method="weight_only", bits=3, target={"size": 0.2}, equalize=True)
    assert without_foreign(stage, "float16", CATALOGUE) == ["bits", "target", "equalize"]
    assert without_foreign(stage, "codebook", CATALOGUE) == []
    assert without_foreign(stage, "static_int8", CATALOGUE) == ["bits", "target"]


def test_that_a_training_can_quantize_once_in_one_step_of_undo(panel: RecipePanel, document: Document) -> None:
    before = document.recipe
    button(panel, "Quantize while training").click()
    assert document.recipe.stages[0].during == (Stage("quantize", {"method": "qat_int8"}),)
    card = panel.cards[0].during[0]
    assert card.body is not None, "its settings are open"
    assert set(card.body.form.editors) == {"method", "start", "weights"}
    assert panel.cards[0].header.summary.text().endswith("quantizes meanwhile")
    assert "Quantize while training" not in [b.text() for b in panel.cards[0].findChildren(QPushButton)]
    button(panel, "Prune while training").click()
    assert panel.cards[0].header.summary.text().endswith("prunes and quantizes meanwhile")
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert document.recipe == before


def test_that_where_nothing_learns_to_quantize_it_is_not_offered(panel: RecipePanel, document: Document) -> None:
    document.catalogue = during_catalogue()
    document.catalogue_changed.emit()
    texts = [b.text() for b in panel.cards[0].findChildren(QPushButton)]
    assert "Prune while training" in texts and "Quantize while training" not in texts


def test_that_a_training_before_a_stage_that_quantizes_says_why_it_can_not_quantize_too(
    panel: RecipePanel, document: Document
) -> None:
    document.edit(replace(document.recipe, stages=(TRAIN, Stage("quantize"))), "Quantize")
    before = document.recipe
    button(panel, "Quantize while training").click()
    assert document.recipe == before
    body = panel.cards[0].body
    assert body is not None and not body.error.isHidden() and "quantized once" in body.error.text()


def test_that_a_preset_sets_what_it_names_in_one_step_of_undo(panel: RecipePanel, document: Document) -> None:
    document.edit(replace(document.recipe, stages=(quantize(method="weight_only"),)), "Quantize")
    before = document.recipe
    body = panel.cards[0].body
    assert body is not None and not body.presets.isHidden()
    entries = {entry.text(): entry for entry in body.preset_menu().actions()}
    assert [text for text, entry in entries.items() if entry.isChecked()] == ["int4"]
    entries["NF4"].trigger()
    assert document.recipe.stages[0].settings == {"method": "weight_only", "bits": 4, "code": "normal_float"}
    assert panel.cards[0].header.summary.text() == "weight_only · nf4"
    document.undo_stack.undo()
    assert document.recipe == before


def test_that_a_method_without_presets_has_no_menu_of_them(panel: RecipePanel, document: Document) -> None:
    document.edit(replace(document.recipe, stages=(quantize(method="codebook"),)), "Quantize")
    body = panel.cards[0].body
    assert body is not None and body.presets.isHidden()


@pytest.mark.parametrize(
    ("stage", "text"),
    [
        (quantize(method="float16"), "float16"),
        (quantize(method="static_int8"), "static_int8"),
        (quantize(method="codebook", bits=3), "codebook, 3 bits"),
        (quantize(method="weight_only", target={"size": 0.2}), "weight_only · Size 20% of original"),
        (Stage("quantize", {}, (Rule("head", {"method": "codebook"}), Rule("*", None))), "1 chosen layer"),
    ],
)
def test_that_a_stage_is_told_in_one_line(stage: Stage, text: str) -> None:
    assert stage_text.summary(stage, CATALOGUE) == text


def test_that_a_rule_tells_the_precision_it_gives() -> None:
    rule = Rule("head", {"method": "weight_only", "bits": 3})
    assert stage_text.rule_text(rule, CATALOGUE) == "weight_only · int3"

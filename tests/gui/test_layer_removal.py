"""Removing channels from the layer menu, and how the plan of it reads in the tree."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QWidgetAction
from pytestqt.qtbot import QtBot

from backend.answers import Inspection, LayerInfo
from backend.errors import msg
from backend.recipe import Rule, Stage
from gui.document import Document
from gui.item_models.layer_plans import Badge, LayerPlans
from gui.item_models.layer_tree_delegate import fitting
from gui.panels.layer_changes import Chosen
from gui.panels.model_panel import ModelPanel
from gui.run_state import RunState
from gui.scan_state import ScanState
from gui.widgets.reason_menu import ReasonMenu
from tests.small_catalogue import during_catalogue


@pytest.fixture
def document(document: Document, inspection: Inspection) -> Document:
    """Over the catalogue that removes channels; those of the head are the classes."""
    document.catalogue = during_catalogue()
    document.remove_stage(2, "Remove")
    classes = {"channels": {"head": msg("Its channels are the classes")}}
    document.set_inspection(replace(inspection, refusals={**inspection.refusals, "removal": classes}))
    return document


@pytest.fixture
def panel(document: Document, qtbot: QtBot) -> ModelPanel:
    made = ModelPanel(document, RunState(), ScanState())
    qtbot.addWidget(made)
    return made


def layers(panel: ModelPanel, *names: str) -> list[LayerInfo]:
    return [layer for layer in panel.model.layers if layer.name in names]


def removal(panel: ModelPanel, *names: str) -> ReasonMenu:
    menu = panel.menu.build(Chosen(layers(panel, *names)), QPoint())
    menu.setParent(panel)
    found = next(action.menu() for action in menu.actions() if action.text() == "Remove channels")
    assert isinstance(found, ReasonMenu)
    return found


def test_that_only_methods_that_prune_channels_at_rest_remove_them(panel: ModelPanel) -> None:
    texts = [action.text() for action in removal(panel, "features.conv").actions()]
    assert texts == ["ln_structured 50%", "ln_structured…", "norm…"]


def test_that_a_layer_whose_channels_can_not_go_says_why(panel: ModelPanel) -> None:
    refused = [action for action in removal(panel, "head").actions() if isinstance(action, QWidgetAction)]
    assert {action.text() for action in refused} == {"ln_structured", "norm"}
    assert {action.toolTip() for action in refused} == {"Its channels are the classes"}


def test_that_removal_gets_a_stage_of_its_own_and_further_layers_join_it(document: Document) -> None:
    before = document.recipe
    document.remove_channels(["features.conv"], "norm", {"amount": 0.3}, "Remove")
    assert document.recipe.stages[:2] == (
        before.stages[0],
        Stage(
            "prune",
            {"method": "norm", "remove": True},
            (Rule("features.conv", {"method": "norm", "amount": 0.3}), Rule("*", None)),
        ),
    )
    document.remove_channels(["features"], "norm", {"amount": 0.2}, "Remove")
    assert len(document.recipe.stages) == len(before.stages) + 1
    assert document.recipe.stages[1].layers[0] == Rule("features", {"method": "norm", "amount": 0.2})
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert document.recipe == before


def test_that_removing_from_the_whole_network_needs_no_rule_for_the_others(document: Document) -> None:
    document.remove_channels(["*"], "norm", {"amount": 0.3}, "Remove")
    assert document.recipe.stages[1].layers == (Rule("*", {"method": "norm", "amount": 0.3}),)


def test_that_a_method_that_learns_is_listed_with_what_to_do(panel: ModelPanel) -> None:
    menu = panel.menu.build(Chosen(layers(panel, "features.conv")), QPoint())
    prune = menu.actions()[0].menu()
    assert isinstance(prune, ReasonMenu)
    learns = next(action for action in prune.actions() if action.text() == "watcher")
    assert not learns.isEnabled()
    assert learns.toolTip() == "Learns while training: add it under Fine-tune"


def test_that_blocks_are_offered_for_what_holds_layers(panel: ModelPanel) -> None:
    menu = panel.menu.build(Chosen(layers(panel, "features")), QPoint())
    prune = menu.actions()[0].menu()
    assert isinstance(prune, ReasonMenu)
    assert next(action for action in prune.actions() if action.text() == "blocks…").isEnabled()


def plan(document: Document, stage: Stage, name: str = "features.conv") -> Badge:
    """The badge of a layer under one stage alone."""
    found = document.inspection
    assert found is not None
    document.edit(replace(document.recipe, stages=(stage,)), "Edit")
    place = next(i for i, layer in enumerate(found.layers) if layer.name == name)
    return LayerPlans(document, found.layers).badge(place)


def test_that_plans_say_what_is_removed_found_by_target_or_pruned_while_training(document: Document) -> None:
    remove = {"method": "norm", "amount": 0.3, "remove": True}
    assert plan(document, Stage("prune", remove)).text == "Remove 30% norm"
    assert plan(document, Stage("prune", remove), "head") == Badge(), "its channels are the classes"
    assert plan(document, Stage("prune", {**remove, "target": {"macs": 0.5}})).text == "Prune by target"
    inner = Stage("prune", {"method": "norm", "amount": 0.3, "schedule": {"kind": "agp"}})
    found = plan(document, Stage("train", during=(inner,)))
    assert found == Badge("Prune 30% norm while training", "inherited", "30% norm")
    blocks = plan(document, Stage("prune", {"method": "blocks", "amount": 0.5}), "features")
    assert blocks.text == "Remove 50% of the blocks"


def test_that_a_plan_without_room_is_said_in_fewer_words(qapp: object) -> None:
    pixmap = QPixmap(10, 10)
    painter = QPainter(pixmap)
    badge = Badge("Prune 50% norm", "set", "50% norm")
    wide, narrow = painter.fontMetrics().horizontalAdvance(badge.text), 20
    assert (fitting(painter, badge, wide), fitting(painter, badge, narrow)) == (badge.text, badge.brief)
    painter.end()


def test_that_a_menu_edit_goes_into_the_training_that_prunes_where_nothing_else_does(document: Document) -> None:
    inner = Stage("prune", {"method": "norm", "amount": 0.5, "schedule": {"kind": "agp"}})
    training = Stage("train", during=(inner,))
    document.edit(replace(document.recipe, stages=(training,)), "Edit")
    document.apply_method("prune", ["features.conv"], "norm", {"amount": 0.3}, "Prune")
    rule = Rule("features.conv", {"method": "norm", "amount": 0.3})
    assert document.recipe.stages == (replace(training, during=(replace(inner, layers=(rule,)),)),)
    document.reset(["features.conv"], "Reset")
    assert document.recipe.stages == (training,)


def test_that_a_menu_edit_follows_the_stage_that_is_open(document: Document) -> None:
    inner = Stage("prune", {"method": "norm", "schedule": {"kind": "agp"}})
    stages = (Stage("prune", {"method": "norm"}), Stage("train", during=(inner,)))
    document.edit(replace(document.recipe, stages=stages), "Edit")
    document.select_stage(1)
    document.set_rule("prune", ["head"], "keep", "Keep")
    assert document.recipe.stages[0].layers == ()
    assert document.recipe.stages[1].during[0].layers == (Rule("head", None),)
    document.select_stage(0)
    document.set_rule("prune", ["features"], "keep", "Keep")
    assert document.recipe.stages[0].layers == (Rule("features", None),)

"""The recipe's cards: order, forms, refusals, states."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from backend.errors import msg
from backend.events import Progress, StageStarted, Started
from backend.recipe import Rule, Stage
from gui.document import Document
from gui.forms import PercentEditor
from gui.panels.recipe_panel import RecipePanel
from gui.run_state import RunState
from tests.small_catalogue import during_catalogue


@pytest.fixture
def state() -> RunState:
    return RunState()


@pytest.fixture
def panel(document: Document, state: RunState, qtbot: QtBot) -> RecipePanel:
    made = RecipePanel(document, state)
    qtbot.addWidget(made)
    made.resize(304, 800)
    made.show()
    return made


def kinds(document: Document) -> list[str]:
    return [stage.kind for stage in document.recipe.stages]


def test_that_one_card_is_unfolded_and_a_click_unfolds_another(panel: RecipePanel, qtbot: QtBot) -> None:
    assert [card.expanded for card in panel.cards] == [True, False, False]
    qtbot.mouseClick(panel.cards[1].header, Qt.MouseButton.LeftButton)
    assert [card.expanded for card in panel.cards] == [False, True, False]
    qtbot.keyClick(panel.cards[1].header, Qt.Key.Key_Space)
    assert [card.expanded for card in panel.cards] == [False, False, False]


def test_that_the_form_holds_the_settings_of_stage_and_method(panel: RecipePanel, document: Document) -> None:
    assert list(panel.cards[0].form.editors) == ["method", "amount", "scope"]
    document.set_values({"stages.0.prune.method": "norm"}, "Method")
    assert list(panel.cards[0].form.editors) == ["method", "n", "dim", "amount", "scope"]


def test_that_entering_a_value_edits_the_recipe_and_keeps_the_form(panel: RecipePanel, document: Document) -> None:
    form = panel.cards[0].form
    amount = form.editors["amount"]
    assert isinstance(amount, PercentEditor)
    amount.spin.setValue(80)
    assert document.recipe.stages[0].settings["amount"] == 0.8
    assert panel.cards[0].form is form
    assert panel.cards[0].header.summary.text() == "l1 · 80% of each layer"
    document.undo_stack.undo()
    shown = panel.cards[0].form.editors["amount"]
    assert isinstance(shown, PercentEditor)
    assert shown.value == 0.5


def test_that_another_method_takes_its_settings_along_and_drops_foreign_ones(
    panel: RecipePanel, document: Document
) -> None:
    document.set_values({"stages.0.prune.method": "norm", "stages.0.prune.n": 1}, "Method")
    panel.cards[0].form.changed.emit("method", "l1")
    assert document.recipe.stages[0].settings == {"method": "l1", "amount": 0.5}


def test_that_a_refused_value_is_said_in_the_card(panel: RecipePanel, document: Document) -> None:
    panel.cards[0].form.changed.emit("amount", 3)
    assert panel.cards[0].body.error.isVisible()
    assert "Choose a value from 0 to 1" in panel.cards[0].body.error.text()
    assert document.recipe.stages[0].settings["amount"] == 0.5


def test_that_an_impossible_order_is_refused_in_a_sentence(panel: RecipePanel, document: Document) -> None:
    panel.cards[2].moved.emit(2, 1)
    assert kinds(document) == ["prune", "train", "quantize"]
    assert panel.error.isVisible()
    assert "weights can no longer change" in panel.error.text()
    panel.cards[0].moved.emit(0, 1)
    assert kinds(document) == ["train", "prune", "quantize"]
    assert not panel.error.isVisible()


def test_that_keys_move_and_remove_a_stage(panel: RecipePanel, document: Document, qtbot: QtBot) -> None:
    qtbot.keyClick(panel.cards[0].header, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert kinds(document) == ["train", "prune", "quantize"]
    qtbot.keyClick(panel.cards[2].header, Qt.Key.Key_Delete)
    assert kinds(document) == ["train", "prune"]


def test_that_stages_are_added_from_the_catalogue(panel: RecipePanel, document: Document) -> None:
    menu = panel.stage_menu()
    assert [action.text() for action in menu.actions()] == ["prune", "train", "quantize"]
    menu.actions()[0].trigger()
    assert kinds(document) == ["prune", "prune", "train", "quantize"]
    assert panel.cards[1].expanded


def test_that_layer_rules_are_listed_and_can_be_removed(panel: RecipePanel, document: Document) -> None:
    panel.cards[0].body.forget("head")
    assert document.recipe.stages[0].layers == ()


def test_that_cards_follow_a_run_until_the_recipe_is_edited(
    panel: RecipePanel, document: Document, state: RunState
) -> None:
    panel.set_running_recipe(document.recipe)
    state.begin("1", "Small")
    stages = [{"kind": kind, "label": kind} for kind in kinds(document)]
    state.apply(
        [
            ("1", 0.0, Started("Small", "/runs/small", stages)),
            ("1", 0.1, StageStarted(0, "prune")),
            ("1", 0.2, StageStarted(1, "train")),
            ("1", 0.3, Progress(1, 1, 4, msg("Epoch {epoch} of {epochs}", epoch=1, epochs=4))),
        ]
    )
    assert [card.header.status.text() for card in panel.cards] == ["Done", "25%", ""]
    assert panel.note.text() == "Edits apply to the next run"
    document.set_values({"stages.1.train.epochs": 9}, "Epochs")
    assert [card.header.status.text() for card in panel.cards] == ["", "", ""]


def test_that_the_note_says_what_run_will_do(panel: RecipePanel, document: Document) -> None:
    assert panel.note.text() == "3 stages: prune → train → quantize"
    for _ in range(3):
        document.remove_stage(0, "Remove")
    assert panel.note.text() == "No stages yet: add one, or right-click a layer."


@pytest.fixture
def training(qtbot: QtBot, document: Document, state: RunState) -> RecipePanel:
    """The panel with the training stage open, over the catalogue that prunes while weights move."""
    document.catalogue = during_catalogue()
    document.set_stage((0,), Stage("prune", {"method": "l1", "amount": 0.5}), "Prune")
    document.select_stage(1)
    made = RecipePanel(document, state)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_that_pruning_while_training_is_added_within_the_stage_and_undone_in_one_step(
    training: RecipePanel, document: Document
) -> None:
    before = document.recipe
    add = next(b for b in training.cards[1].findChildren(QPushButton) if b.text() == "Prune while training")
    add.click()
    assert document.recipe.stages[1].during == (Stage("prune", {"schedule": {"kind": "agp"}}),)
    card = training.cards[1].during[0]
    assert card.body is not None
    assert {"method", "amount", "scope", "schedule"} <= set(card.body.form.editors)
    assert training.cards[1].header.summary.text().endswith("prunes meanwhile")
    document.undo_stack.undo()
    assert document.recipe == before


def test_that_a_value_within_the_training_is_set_where_it_stands(training: RecipePanel, document: Document) -> None:
    training.cards[1]._add_during("prune", "Prune while training")
    card = training.cards[1].during[0]
    form = card.body.form
    form.changed.emit("amount", 0.8)
    form.changed.emit("schedule", {"kind": "one_shot", "start": 0.5})
    assert document.recipe.stages[1].during[0].settings == {
        "schedule": {"kind": "one_shot", "start": 0.5},
        "amount": 0.8,
    }
    assert training.cards[1].during[0].body.form is form
    assert card.header.summary.text() == "l1 · 80% of each layer"
    form.changed.emit("method", "watcher")
    assert document.recipe.stages[1].during[0].settings["method"] == "watcher"
    assert training.cards[1].during[0] is not card


def test_that_what_happens_within_a_training_folds_and_is_removed(training: RecipePanel, document: Document) -> None:
    training.cards[1]._add_during("prune", "Prune while training")
    training.cards[1].during[0].toggled.emit((1, 0))
    assert training.cards[1].during[0].body is None
    training.cards[1].during[0].toggled.emit((1, 0))
    assert training.cards[1].during[0].body is not None
    training.cards[1].during[0].removed.emit((1, 0))
    assert document.recipe.stages[1].during == ()


def test_that_switching_removal_off_drops_what_it_alone_allows(training: RecipePanel, document: Document) -> None:
    stage = Stage("prune", {"method": "norm", "amount": 0.5, "remove": True, "round_to": 8})
    document.set_stage((0,), stage, "Prune")
    document.select_stage(0)
    training.cards[0].form.changed.emit("remove", False)
    assert document.recipe.stages[0].settings == {"method": "norm", "amount": 0.5, "remove": False}


def test_that_keep_as_is_reaches_into_a_training(training: RecipePanel, document: Document) -> None:
    training.cards[1]._add_during("prune", "Prune while training")
    document.keep(["head"], "Keep")
    assert document.recipe.stages[1].during[0].layers == (Rule("head", None),)
    card = training.cards[1].during[0]
    card.body.forget("head")
    assert document.recipe.stages[1].during[0].layers == ()


def test_that_a_refused_edit_offers_what_would_do_instead(training: RecipePanel, document: Document) -> None:
    document.select_stage(0)
    training.cards[0].form.changed.emit("method", "watcher")
    body = training.cards[0].body
    assert "learns what to prune while weights move" in body.error.text()
    assert body.repair.text() == "Prune while training"
    body.repair.click()
    assert kinds(document) == ["train", "quantize"]
    assert document.recipe.stages[0].during[0].settings["method"] == "watcher"

"""Distillation through the real window and the real engine: switched on, layers paired with the mouse, run."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from gui.dialogs.pair_side import PairSide
from gui.dialogs.pairs_dialog import PairsDialog
from gui.forms import GroupEditor, ListEditor, PairsEditor
from gui.item_models.layer_columns import Column
from gui.main_window import MainWindow
from gui.plots.run_data import part_name
from tests.end_to_end.hands import LONG, run


def section(window: MainWindow) -> GroupEditor:
    """The Distill section of the train card that is open."""
    form = next(card.form for card in window.panes.recipe.cards if card.form is not None)
    found = form.editors["distill"]
    assert isinstance(found, GroupEditor)
    return found


def click(qtbot: QtBot, window: MainWindow, widget: QWidget) -> None:
    window.panes.recipe._area.ensureWidgetVisible(widget)
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(widget.width() // 2, widget.height() // 2))


def pick(qtbot: QtBot, side: PairSide, layer: str) -> None:
    index = side.model.at_name(layer).siblingAtColumn(Column.NAME)
    qtbot.mouseClick(side.tree.viewport(), Qt.MouseButton.LeftButton, pos=side.tree.visualRect(index).center())


def choosing(qtbot: QtBot, window: MainWindow, loss: int, *, opened: bool = True) -> PairsDialog:
    """Press *Choose layers…* of a loss, and wait for both networks."""
    losses = section(window).form.editors["losses"]  # type: ignore[union-attr]
    assert isinstance(losses, ListEditor)
    form = losses.entries[loss].form
    assert form is not None
    pairs = form.editors["pairs"]
    assert isinstance(pairs, PairsEditor)
    click(qtbot, window, pairs.choose)
    dialog = next(d for d in window.findChildren(QDialog) if isinstance(d, PairsDialog) and d.isVisible())
    qtbot.waitUntil(lambda: dialog.pairing is not None or not opened, timeout=LONG)
    return dialog


def test_that_a_network_distills_by_layers_chosen_with_the_mouse_and_its_run_can_teach(
    qtbot: QtBot, window: MainWindow
) -> None:
    document = window.document
    document.set_values({"stages": [{"train": {"epochs": 1}}], "data.limit": 400}, "One stage")
    document.select_stage(0)
    steps = document.undo_stack.count()

    # On: soft targets from the original; beside them a loss on features.
    click(qtbot, window, section(window).toggle)
    losses = section(window).form.editors["losses"]  # type: ignore[union-attr]
    assert isinstance(losses, ListEditor)
    menu = losses.menu()
    next(action for action in menu.actions() if action.text().startswith("Feature MSE")).trigger()
    assert window.panes.recipe.cards[0].header.summary.text().endswith("distilled: soft targets, feature MSE")

    # Two pairs on the two trees.
    dialog = choosing(qtbot, window, 1)
    for own, other in (("conv1", "conv1"), ("conv2", "conv2")):
        pick(qtbot, dialog.student, own)
        pick(qtbot, dialog.teacher, other)
    qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    settings = document.recipe.stages[0].settings["distill"]  # type: ignore[union-attr]
    assert settings["losses"][1] == {"loss": "feature_mse", "pairs": {"conv1": "conv1", "conv2": "conv2"}}
    assert document.undo_stack.count() == steps + 3

    # Its parts grow while it runs.
    run(qtbot, window)
    state = window.state
    assert state.status == "done", state.ending
    for part in ("loss_labels", "loss_soft_targets", "loss_feature_mse"):
        assert len(state.curves[part]) > 0
    assert part_name("loss_feature_mse", document.catalogue) == "Feature MSE"
    readings = [reading.name for reading in window.panes.live.plots.readings(float(state.curves["loss"].x[-1]))]
    assert {"Loss, Labels", "Loss, Soft targets", "Loss, Feature MSE"} <= {*readings}

    # The run becomes the teacher of the next one, and its layers stand beside the student's.
    form = section(window).form
    assert form is not None
    runs = form.editors["teacher"].run_menu()  # type: ignore[attr-defined]
    assert [action.text() for action in runs.actions()] == [window.runs.rows[0].title]
    runs.actions()[0].trigger()
    assert form.editors["teacher"].currentText() == window.runs.rows[0].title  # type: ignore[attr-defined]
    dialog = choosing(qtbot, window, 1)
    assert dialog.teacher.network.text() == window.runs.rows[0].title
    qtbot.mouseClick(dialog.clear, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(dialog.propose, Qt.MouseButton.LeftButton)
    assert dialog.pairing is not None
    assert dialog.pairing.pairs
    dialog.reject()

    # One that is not there is a sentence where its layers would be.
    form.editors["teacher"].set_value("gone.pt")  # type: ignore[attr-defined]
    dialog = choosing(qtbot, window, 1, opened=False)
    qtbot.waitUntil(lambda: "gone.pt" in dialog.teacher._said.text(), timeout=LONG)
    assert not dialog.use.isEnabled()
    dialog.reject()
    qtbot.waitUntil(lambda: any("gone.pt" in str(one.message) for one in window.plan_problems.found), timeout=LONG)

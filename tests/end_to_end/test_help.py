"""In-place help: a question mark beside the method says what it does, when to use it, and whose paper it is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.widgets.method_help import HelpButton, HelpPopover
from tests.end_to_end.hands import context_menu, entry, select


def told(popover: HelpPopover | None) -> list[str]:
    assert popover is not None and popover.isVisible()
    return [one.accessibleName() or one.text() for one in popover.findChildren(QLabel)]


def test_that_help_stands_beside_the_method_in_the_stage_and_in_the_layer_s_form(
    qtbot: QtBot, window: MainWindow
) -> None:
    # In the stage's form, by the keyboard; it follows the choice.
    window.document.select_stage(0)
    form = window.panes.recipe.cards[0]
    about = next(one for one in form.findChildren(HelpButton) if one.isVisible())
    assert about.accessibleName() == "About L1 unstructured"
    about.setFocus()
    qtbot.keyClick(about, Qt.Key.Key_Space)
    words = told(about.popover)
    assert words[0] == "L1 unstructured" and "When to use it" in words
    assert words[-1].endswith("2015 arXiv:1506.02626")
    qtbot.keyClick(about.popover, Qt.Key.Key_Escape)
    choice = next(box for box in form.findChildren(QComboBox) if box.currentData() == "l1_unstructured")
    assert "<p>" in choice.toolTip() and "Learning both Weights" in choice.toolTip()

    # In the form of a layer's menu, whose entries say it as tooltips.
    select(window, "conv2")
    menu = context_menu(window)
    action = entry(menu, "Prune", "Ln structured…")
    assert "Pruning Filters for Efficient ConvNets" in action.toolTip()
    action.trigger()
    menu.close()
    popover = window.panes.model.changes.popover
    assert popover is not None
    about = popover.findChild(HelpButton)
    assert about is not None
    qtbot.mouseClick(about, Qt.MouseButton.LeftButton)
    assert told(about.popover)[0] == "Ln structured"
    about.popover.close()  # type: ignore[union-attr]
    popover.close()

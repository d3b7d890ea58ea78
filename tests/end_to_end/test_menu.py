"""The menu of layers explains itself: what can't be done says why, what was chosen last comes first."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidgetAction
from pytestqt.qtbot import QtBot

from gui.forms import PercentEditor
from gui.main_window import MainWindow
from tests.end_to_end.hands import context_menu, entry, select


def walk(menu: QMenu) -> list[QMenu]:
    below = [action.menu() for action in menu.actions()]
    return [menu, *(one for found in below if isinstance(found, QMenu) for one in walk(found))]


def test_that_whatever_is_greyed_says_why(window: MainWindow) -> None:
    for layer in ("", "conv1", "fc3"):
        select(window, layer)
        menu = context_menu(window)
        assert [a.text() for a in menu.actions() if a.text()] == [
            "Prune", "Remove channels", "Quantize", "Decompose", "Replace", "Keep as is", "Reset to inherited",
            "Show weights", "Copy layer name",
        ]  # fmt: skip
        greyed = [a for one in walk(menu) for a in one.actions() if not a.isEnabled() and not a.isSeparator()]
        assert greyed
        assert all(isinstance(action, QWidgetAction) and action.toolTip() for action in greyed)
        menu.close()


def test_that_many_layers_get_what_applies_and_are_told_what_does_not(qtbot: QtBot, window: MainWindow) -> None:
    panel = window.panes.model
    panel.select(["conv1", "fc3"])
    menu = context_menu(window)
    assert menu.actions()[0].text() == "2 layers"
    entry(menu, "Remove channels", "Ln structured 50% · on 1 of 2").trigger()
    menu.close()
    assert "1 layer was left as it is" in window.statusBar().currentMessage()
    stage = next(s for s in window.document.recipe.stages if s.settings.get("remove"))
    assert [rule.pattern for rule in stage.layers] == ["conv1", "*"]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # grabs of a popup, without a display
def test_that_the_form_stands_beside_the_row_and_is_offered_again_first(qtbot: QtBot, window: MainWindow) -> None:
    panel = window.panes.model
    select(window, "conv2")
    menu = context_menu(window)
    entry(menu, "Prune", "Taylor…").trigger()
    menu.close()
    popover = panel.changes.popover
    assert popover is not None
    row = panel.tree.visualRect(panel.tree.currentIndex())
    top = panel.tree.viewport().mapToGlobal(row.bottomLeft()).y()
    assert abs(popover.y() - top) < 40
    editor = popover.findChild(PercentEditor)
    editor.spin.setValue(35)
    qtbot.keyClick(popover, Qt.Key.Key_Return)
    assert window.document.recipe.stages[0].layers[0].settings == {"method": "taylor", "amount": 0.35}

    # The same again for another layer: first in the menu, without the form.
    select(window, "fc1")
    menu = context_menu(window)
    prune = next(a.menu() for a in menu.actions() if a.text() == "Prune")
    assert isinstance(prune, QMenu)
    assert prune.actions()[0].text() == "Taylor 35%"
    prune.actions()[0].trigger()
    menu.close()
    assert [rule.pattern for rule in window.document.recipe.stages[0].layers] == ["fc1", "conv2"]

    # F2 opens the form again with what is set now.
    qtbot.keyClick(panel.tree, Qt.Key.Key_F2)
    popover = panel.changes.popover
    assert popover is not None
    assert popover.findChild(PercentEditor).spin.value() == 35
    popover.close()

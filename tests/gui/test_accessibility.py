"""The keyboard and screen readers: dialogs by name and by Tab, panes by F6, a ring around what has the keyboard."""

# ruff: noqa: F811 — fixtures are found by the names of arguments

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QListWidget, QPushButton, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.actions import TABS
from gui.main_window import MainWindow
from gui.pane_focus import PaneFocus
from gui.widgets.focus_ring import FocusRing, _Ring
from tests.gui.test_main_window import ScriptedEngine, engine, file, opened, window  # noqa: F401
from tests.keyboard import nameless, not_reached

DIALOGS = ("settings", "shortcuts", "network", "data", "recipe_text", "template", "about")


def test_that_dialogs_are_named_throughout_and_walked_by_tab(opened: MainWindow, qtbot: QtBot) -> None:
    dialogs = lambda: [one for one in opened.findChildren(QDialog) if one.isVisible()]  # noqa: E731
    for id in DIALOGS:
        opened.actions_by_id[id].trigger()
        qtbot.waitUntil(lambda: bool(dialogs()))
        dialog = dialogs()[0]
        assert nameless(dialog) == [], id
        assert not_reached(dialog) == [], id
        dialog.reject()
        qtbot.waitUntil(lambda: not dialogs())


def test_that_the_start_page_is_named_and_walked_by_tab(window: MainWindow) -> None:
    assert nameless(window) == []
    assert not_reached(window) == []


def pane_of(window: MainWindow) -> str:
    panes, focused = window.panes, QApplication.focusWidget()
    parts = {
        "toolbar": window.frame.toolbar, "model": panes.model_dock, "middle": window.frame.pages,
        "recipe": panes.recipe_dock, "bottom": panes.history_dock,
    }  # fmt: skip
    return next((name for name, part in parts.items() if focused is not None and part.isAncestorOf(focused)), "")


def test_that_f6_goes_round_the_panes_and_back(opened: MainWindow, qtbot: QtBot) -> None:
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow)
    opened.panes.model.tree.setFocus()
    seen = []
    for _ in range(5):
        opened.actions_by_id["next_pane"].trigger()
        seen.append(pane_of(opened))
    assert seen == ["middle", "recipe", "bottom", "toolbar", "model"]
    opened.actions_by_id["previous_pane"].trigger()
    assert pane_of(opened) == "toolbar"


def test_that_a_pane_keeps_its_place(qtbot: QtBot) -> None:
    root = QWidget()
    row = QVBoxLayout(root)
    parts = []
    for _ in range(2):
        part = QWidget()
        column = QVBoxLayout(part)
        for text in ("a", "b", "c"):
            column.addWidget(QPushButton(text))
        row.addWidget(part)
        parts.append(part)
    qtbot.addWidget(root)
    root.show()
    root.activateWindow()
    qtbot.waitUntil(root.isActiveWindow)
    focus = PaneFocus(root)
    focus.set_panes(parts)
    parts[0].findChildren(QPushButton)[1].setFocus()
    focus.move(1)
    assert root.focusWidget() is parts[1].findChildren(QPushButton)[0]
    focus.move(1)
    assert root.focusWidget() is parts[0].findChildren(QPushButton)[1]


def test_that_control_and_a_figure_show_a_tab(opened: MainWindow, qtbot: QtBot) -> None:
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow)
    for number, name in enumerate(TABS, 1):
        qtbot.keyClick(opened, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.ControlModifier)
        assert opened.panes.tabs.currentWidget() is getattr(opened.panes, name)


@pytest.fixture
def ringed(qtbot: QtBot) -> Iterator[QWidget]:
    root = QWidget()
    column = QVBoxLayout(root)
    column.addWidget(QPushButton("before"))
    column.addWidget(QListWidget())
    qtbot.addWidget(root)
    root.show()
    root.activateWindow()
    qtbot.waitUntil(root.isActiveWindow)
    FocusRing(root)
    yield root
    root.hide()


def rings(root: QWidget) -> list[_Ring]:
    return [ring for ring in root.findChildren(_Ring) if ring.isVisible()]


def test_that_a_list_has_a_ring_while_the_keyboard_is_in_it(ringed: QWidget) -> None:
    handle = ringed.windowHandle()
    ringed.findChild(QPushButton).setFocus()
    QTest.keyClick(handle, Qt.Key.Key_Tab)
    assert ringed.focusWidget() is ringed.findChild(QListWidget)
    assert [ring.parentWidget() for ring in rings(ringed)] == [ringed.findChild(QListWidget)]
    assert rings(ringed)[0].geometry() == ringed.findChild(QListWidget).rect()
    QTest.keyClick(handle, Qt.Key.Key_Backtab)
    assert rings(ringed) == []


def test_that_a_click_draws_no_ring(ringed: QWidget) -> None:
    middle = ringed.findChild(QListWidget).geometry().center()
    QTest.mouseClick(ringed.windowHandle(), Qt.MouseButton.LeftButton, pos=QPoint(middle))
    assert ringed.focusWidget() is ringed.findChild(QListWidget)
    assert rings(ringed) == []


def test_that_an_edit_keeps_the_keyboard_in_its_card(opened: MainWindow, qtbot: QtBot) -> None:
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow)
    recipe = opened.panes.recipe
    opened.document.select_stage(1)
    down = next(one for one in recipe.cards[1].findChildren(QToolButton) if one.accessibleName() == "Move up")
    down.setFocus()
    qtbot.keyClick(down, Qt.Key.Key_Space)
    assert opened.document.recipe is not None
    assert [stage.kind for stage in opened.document.recipe.stages] == ["train", "prune", "quantize"]
    focused = QApplication.focusWidget()
    assert any(card.isAncestorOf(focused) for card in recipe.cards if focused is not None)


def test_that_the_keyboard_stays_in_the_list_when_a_problem_is_repaired(
    opened: MainWindow,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow)
    opened.document.set_values({"data.limit": 20}, "Limit")
    opened.document.keep(["features.conv"], "Keep")
    opened.plan_problems.look()
    opened.problems.show_list()
    panel = opened.panes.problems
    fix = next(one for one in panel.findChildren(QPushButton) if one.text() == "Use all images")
    fix.setFocus()
    qtbot.keyClick(fix, Qt.Key.Key_Space)
    assert opened.document.recipe is not None
    assert opened.document.recipe.data.limit is None
    focused = QApplication.focusWidget()
    assert focused is panel or (focused is not None and panel.isAncestorOf(focused))

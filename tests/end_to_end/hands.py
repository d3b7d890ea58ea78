"""What a hand does in the window: select, right-click, choose, press."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow

LONG = 60_000
"""Milliseconds: nothing here needs as long, a busy machine may."""


def select(window: MainWindow, layer: str) -> None:
    window.panes.model.show_layer(layer)


def context_menu(window: MainWindow) -> QMenu:
    """Right-click the selected row."""
    tree = window.panes.model.tree
    position = tree.visualRect(tree.currentIndex()).center()
    viewport = tree.viewport()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, position, viewport.mapToGlobal(position))
    QApplication.sendEvent(viewport, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def entry(menu: QMenu, *path: str) -> QAction:
    """The entry of ``menu`` whose texts begin with ``path``."""
    for text in path[:-1]:
        found = next(a for a in menu.actions() if a.text().startswith(text))
        menu = found.menu()  # type: ignore[assignment]
    return next(a for a in menu.actions() if a.text().startswith(path[-1]))


def press(qtbot: QtBot, window: MainWindow, text: str) -> None:
    """Click the toolbar button with this text."""
    found = next(
        b for b in window.frame.toolbar.findChildren(QPushButton) if b.text().strip() == text and b.isVisible()
    )
    assert found.isEnabled(), found.toolTip()
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def run(qtbot: QtBot, window: MainWindow) -> None:
    """Press Run and wait for the ending."""
    press(qtbot, window, "Run")
    qtbot.waitUntil(lambda: window.runner.running, timeout=5000)
    qtbot.waitUntil(lambda: not window.runner.running, timeout=LONG)

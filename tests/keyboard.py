"""What a keyboard and a screen reader find in a window: used by the tests of the whole window and of single dialogs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget


def takes_keyboard(root: QWidget) -> list[QWidget]:
    """The widgets of ``root``'s window that are shown, enabled and stops of the Tab key."""
    return [
        one
        for one in root.findChildren(QWidget)
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and one.isVisible()
        and one.isEnabled()
        and one.focusProxy() is None
        and one.window() is root.window()
    ]


def name_of(widget: QWidget) -> str:
    """What a screen reader calls ``widget``."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name).strip() if interface is not None else ""


def described(widget: QWidget) -> str:
    """Where ``widget`` stands, for the message of a test that fails."""
    parts: list[str] = []
    one: QWidget | None = widget
    while one is not None and len(parts) < 5:
        parts.append(type(one).__name__ + (f" {one.objectName()}" if one.objectName() else ""))
        one = one.parentWidget()
    return " in ".join(parts)


def nameless(root: QWidget) -> list[str]:
    """Those of :func:`takes_keyboard` that a screen reader can't name."""
    return [described(one) for one in takes_keyboard(root) if not name_of(one)]


def not_reached(root: QWidget) -> list[str]:
    """Those of :func:`takes_keyboard` that neither Tab nor Shift+Tab comes to, from the first one on."""
    wanted = takes_keyboard(root)
    if not wanted:
        return []
    root.activateWindow()
    QTest.qWaitForWindowActive(root)
    reached: set[QWidget] = set()
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
        wanted[0].setFocus(Qt.FocusReason.TabFocusReason)
        for step in range(2 * len(wanted) + 20):
            focused = QApplication.focusWidget()
            if focused is None or (step and focused is wanted[0]):
                break
            reached.add(focused)
            QTest.keyClick(focused, key)
        if set(wanted) <= reached:
            return []
    return [described(one) for one in wanted if one not in reached]

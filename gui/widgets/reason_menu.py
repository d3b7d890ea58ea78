"""A menu whose disabled entries say why they are disabled, on a second line."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QFontMetrics, QKeySequence
from PySide6.QtWidgets import QGridLayout, QLabel, QMenu, QVBoxLayout, QWidget, QWidgetAction

from gui.icons import icon, pixmap
from gui.theme import font, tokens
from gui.widgets.labels import label

DETAIL = 560
"""Pixels of what is said of an entry beside it."""


class ReasonMenu(QMenu):
    """A QMenu with icons in the secondary color and :meth:`refuse` for what does not apply."""

    def __init__(self, title: str = "", icon_name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        if icon_name:
            self.setIcon(icon(icon_name, chosen=tokens().on_accent))

    def offer(
        self,
        text: str,
        chosen: Callable[[], object],
        icon_name: str = "",
        shortcut: str = "",
        tip: str = "",
        detail: str = "",
    ) -> QAction:
        """An entry that can be chosen. ``shortcut`` is shown; who owns the menu acts on the key. ``detail`` stands
        where a shortcut would, as far as there is room.
        """
        detail = QFontMetrics(font()).elidedText(detail, Qt.TextElideMode.ElideRight, DETAIL)
        action = self.addAction("\t".join(part.replace("&", "&&") for part in (text, detail) if part))
        if icon_name:
            action.setIcon(icon(icon_name, chosen=tokens().on_accent))
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
            action.setShortcutVisibleInContextMenu(True)
        action.setToolTip(tip)
        action.triggered.connect(lambda: chosen())
        return action

    def head(self, text: str, detail: str = "") -> None:
        """What the menu is about, above its entries."""
        action = QWidgetAction(self)
        action.setText(text)
        action.setEnabled(False)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(10, 5, 16, 5)
        column.setSpacing(0)
        column.addWidget(label(text, "strong"))
        if detail:
            column.addWidget(label(detail, "small", "sec"))
        body.setAccessibleName(text)
        body.setAccessibleDescription(detail)
        action.setDefaultWidget(body)
        self.addAction(action)
        self.addSeparator()

    def submenu(self, text: str, icon_name: str = "") -> ReasonMenu:
        menu = ReasonMenu(text, icon_name, self)
        self.addMenu(menu)
        return menu

    def refuse(self, text: str, reason: str) -> QAction:
        """An entry that can't be chosen, and why."""
        action = QWidgetAction(self)
        action.setText(text)
        action.setToolTip(reason)
        action.setEnabled(False)
        action.setDefaultWidget(_refusal(text, reason))
        self.addAction(action)
        return action


def _refusal(text: str, reason: str) -> QWidget:
    body = QWidget()
    grid = QGridLayout(body)
    grid.setContentsMargins(2, 5, 16, 5)
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(0)
    sign = QLabel()
    sign.setPixmap(pixmap("prohibit", tokens().ter))
    grid.addWidget(sign, 0, 0)
    grid.addWidget(label(text, tone="ter"), 0, 1)
    grid.addWidget(label(reason, "small", "ter"), 1, 1)
    grid.setColumnStretch(1, 1)
    body.setAccessibleName(text)
    body.setAccessibleDescription(reason)
    return body

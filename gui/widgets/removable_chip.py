"""A name that can be chosen and taken away.

Signals:
    chosen(): the name was pressed.
    removed(): the cross was pressed, or Delete.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from gui.icons import icon
from gui.theme import font, tokens
from gui.widgets.buttons import button, tool_button

LONGEST = 190
"""Pixels of text before it is elided."""


class RemovableChip(QFrame):
    """``text`` with an icon, and a cross that says ``removal`` to those who hear it."""

    chosen = Signal()
    removed = Signal()

    def __init__(self, icon_name: str, text: str, tip: str, removal: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        t = tokens()
        self.setObjectName("removableChip")
        self.setStyleSheet(f"#removableChip {{ border: 1px solid {t.line2}; border-radius: 6px; }}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 2, 0)
        row.setSpacing(0)
        shown = QFontMetrics(font(13, 500)).elidedText(text, Qt.TextElideMode.ElideMiddle, LONGEST)
        self.name = button(shown.replace("&", "&&"), self.chosen.emit, icon_name=icon_name, kind="ghost", compact=True)
        self.name.setToolTip(tip)
        self.name.setAccessibleName(text)
        self.name.setAccessibleDescription(tip)
        self.cross = tool_button("x", removal, self.removed.emit)
        self.cross.setFixedSize(22, 22)
        self.cross.setIcon(icon("x", t.ter, 12))
        self.cross.setIconSize(QSize(12, 12))
        row.addWidget(self.name)
        row.addWidget(self.cross)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
            return
        super().keyPressEvent(event)

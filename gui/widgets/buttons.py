"""Buttons: one call each, icon and style included."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from gui.icons import icon, pixmap
from gui.theme import tokens


def button(
    text: str,
    clicked: Callable[[], object] | None = None,
    *,
    icon_name: str = "",
    kind: str = "",
    compact: bool = False,
) -> QPushButton:
    """A push button; ``kind`` is primary, danger, ghost, link or empty."""
    made = QPushButton(text)
    made.setProperty("kind", kind)
    made.setProperty("compact", compact)
    if icon_name:
        t = tokens()
        tone = {"primary": t.on_accent, "danger": t.bad, "link": t.accent}.get(kind, t.sec)
        gap = 4 if text else 0
        made.setIcon(icon(icon_name, tone, disabled=t.ter if kind == "primary" else t.dis, gap=gap))
        made.setIconSize(QSize(16 + gap, 16))
    made.setCursor(Qt.CursorShape.PointingHandCursor if kind == "link" else Qt.CursorShape.ArrowCursor)
    made.setAutoDefault(False)
    if clicked is not None:
        made.clicked.connect(lambda: clicked())
    return made


def tool_button(icon_name: str, tip: str, clicked: Callable[[], object] | None = None) -> QToolButton:
    """An icon alone, 28 px; ``tip`` is its tooltip and its name for screen readers."""
    made = QToolButton()
    made.setIcon(icon(icon_name))
    made.setIconSize(QSize(16, 16))
    made.setToolTip(tip)
    made.setAccessibleName(tip)
    made.setFixedSize(28, 28)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    if clicked is not None:
        made.clicked.connect(lambda: clicked())
    return made


class Chip(QPushButton):
    """A fact in the toolbar that opens its dialog: icon, text, caret."""

    def __init__(self, icon_name: str, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("kind", "chip")
        self.setIcon(icon(icon_name, gap=4))
        self.setIconSize(QSize(20, 16))
        self.setAutoDefault(False)
        self.setMaximumWidth(220)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(min(220, hint.width() + 20), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.drawPixmap(self.width() - 20, (self.height() - 12) // 2, pixmap("caret-down", tokens().sec, 12))

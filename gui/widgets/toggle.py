"""An on/off switch, 32×18."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from gui.theme import tokens


class Toggle(QAbstractButton):
    """Checkable; ``toggled(bool)`` as of any button. Space switches it."""

    def __init__(self, checked: bool = False, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setChecked(checked)
        self.setAccessibleName(name)
        self.setFixedSize(self.sizeHint())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        return QSize(36, 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(2, 2, 32, 18)
        on = self.isChecked()
        fill = t.accent if on else t.line2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(fill if self.isEnabled() else t.line))
        painter.drawRoundedRect(track, 9, 9)
        painter.setBrush(QColor((t.on_accent if on else t.panel) if not t.dark or on else "#FFFFFF"))
        painter.drawEllipse(QRectF(18 if on else 4, 4, 14, 14))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(t.accent), 2))
            painter.drawRoundedRect(QRectF(1, 1, 34, 20), 10, 10)

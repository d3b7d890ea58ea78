"""A choice of two or three words, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import font, tokens


class Segmented(QWidget):
    """``options`` are (value, text); ``changed(value)`` when the person chooses another one."""

    changed = Signal(object)

    def __init__(
        self, options: Sequence[tuple[Any, str]], value: Any = None, name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._options = tuple(options)
        self._index = 0
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_value(value)

    @property
    def value(self) -> Any:
        return self._options[self._index][0]

    def set_value(self, value: Any) -> None:
        """Choose ``value`` without telling."""
        self._index = next((i for i, (option, _) in enumerate(self._options) if option == value), self._index)
        self.setAccessibleDescription(self._options[self._index][1])
        self.update()

    def sizeHint(self) -> QSize:
        self.setFont(font(12, 600))
        widest = max(self.fontMetrics().horizontalAdvance(text) for _, text in self._options)
        return QSize(len(self._options) * (widest + 20) + 4, 28)

    def _choose(self, index: int) -> None:
        if 0 <= index < len(self._options) and index != self._index:
            self.set_value(self._options[index][0])
            self.changed.emit(self.value)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose(int(event.position().x() * len(self._options) / max(1, self.width())))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Left:
                self._choose(self._index - 1)
            case Qt.Key.Key_Right:
                self._choose(self._index + 1)
            case Qt.Key.Key_Space:
                self._choose((self._index + 1) % len(self._options))
            case _:
                super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(t.accent), 2) if self.hasFocus() else QPen(QColor(t.line)))
        painter.setBrush(QColor(t.sunken))
        painter.drawRoundedRect(area, 6, 6)
        width = (area.width() - 4) / len(self._options)
        for i, (_, text) in enumerate(self._options):
            part = QRectF(area.x() + 2 + i * width, area.y() + 2, width, area.height() - 4)
            chosen = i == self._index
            if chosen:
                painter.setPen(QPen(QColor(t.line2)))
                painter.setBrush(QColor(t.hover if t.dark else t.panel))
                painter.drawRoundedRect(part, 4, 4)
            painter.setFont(font(12, 600 if chosen else 500))
            painter.setPen(QColor(t.text if chosen else t.sec))
            painter.drawText(part, Qt.AlignmentFlag.AlignCenter, text)

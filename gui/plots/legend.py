"""Legend entries for a plot's title row, and the box that shows every value under the mouse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from gui.theme import font, tokens
from gui.widgets.text_label import text_label

Sign = Literal["", "dot", "ring"]


class Swatch(QWidget):
    """A short piece of a curve in its color and dash, or a dot, or a dot in a ring."""

    def __init__(self, color: str, *, dashed: bool = False, sign: Sign = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._color, self._dashed, self._sign = color, dashed, sign
        self.setFixedSize(12 if sign else 16, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not self._dashed)
        if self._sign:
            self._paint_dot(painter)
            return
        pen = QPen(QColor(self._color), 2 if not self._dashed else 1.6)
        if self._dashed:
            pen.setDashPattern([3.0, 2.2])
        painter.setPen(pen)
        painter.drawLine(0, 9, 16, 9)

    def _paint_dot(self, painter: QPainter) -> None:
        painter.setPen(QPen(QColor(self._color), 1.2) if self._sign == "ring" else Qt.PenStyle.NoPen)
        if self._sign == "ring":
            painter.drawEllipse(QRectF(0.6, 3.6, 10.8, 10.8))
            painter.setPen(Qt.PenStyle.NoPen)
        radius = 3.0 if self._sign == "ring" else 4.0
        painter.setBrush(QColor(self._color))
        painter.drawEllipse(QPointF(6, 9), radius, radius)


class LegendEntry(QWidget):
    """A swatch and its name."""

    def __init__(
        self, text: str, color: str, *, dashed: bool = False, sign: Sign = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(7)
        row.addWidget(Swatch(color, dashed=dashed, sign=sign))
        self._label = text_label(text, 12, 400, tokens().sec)
        row.addWidget(self._label)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str) -> None:
        self._label.setText(text)


@dataclass(frozen=True)
class Reading:
    """One line of the readout; ``color`` None for the heading."""

    name: str
    value: str
    color: str | None = None


class Readout(QWidget):
    """A small raised box beside the crosshair with the values of all curves at that moment."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._within = parent
        self._readings: Sequence[Reading] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def set_readings(self, readings: Sequence[Reading]) -> None:
        self._readings = readings
        self.resize(self.sizeHint())
        self.update()

    def stand_beside(self, x: float, y: float, gap: float = 14) -> None:
        """To the right of a place in the parent, left of it where the right has no room."""
        if x + gap + self.width() > self._within.width():
            x -= 2 * gap + self.width()
        y = min(max(0.0, y - 20), self._within.height() - self.height())
        self.move(round(max(0.0, x + gap)), round(max(0.0, y)))
        self.raise_()

    @property
    def readings(self) -> Sequence[Reading]:
        return self._readings

    def sizeHint(self) -> QSize:
        bold, plain = QFontMetricsF(font(12, 600)), QFontMetricsF(font(12))
        names = max((plain.horizontalAdvance(r.name) + (16 if r.color else 0) for r in self._readings), default=0)
        values = max((bold.horizontalAdvance(r.value) for r in self._readings), default=0)
        return QSize(round(names + values + 16 + 20), 20 * len(self._readings) + 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(t.line2), 1))
        painter.setBrush(QColor(t.raised))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        for i, reading in enumerate(self._readings):
            area = QRectF(10, 6 + 20 * i, self.width() - 20, 20)
            painter.setFont(font(12))
            painter.setPen(QColor(t.sec))
            indent = 16 if reading.color else 0
            painter.drawText(area.adjusted(indent, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, reading.name)
            painter.setFont(font(12, 600))
            painter.setPen(QColor(t.text))
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, reading.value)
            if reading.color:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(reading.color))
                painter.drawEllipse(QRectF(area.x(), area.center().y() - 4, 8, 8))

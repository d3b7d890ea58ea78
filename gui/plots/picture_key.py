"""What the colors of a weight's picture mean."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.text import MINUS, significant, tr
from gui.theme import font, tokens

BAR, BOX, GAP = 72, 12, 6


class PictureKey(QWidget):
    """A strip of the scale between its ends, and a box each for what is pruned and what was removed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._limit: float | None = None
        self._removed = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_key(self, limit: float | None, *, removed: bool) -> None:
        """``limit`` ends the scale of values; without one the scale goes from nothing kept to all kept."""
        self._limit, self._removed = limit, removed
        self.setAccessibleName(", ".join([*self._ends(), *(name for name, _, _ in self._boxes())]))
        self.updateGeometry()
        self.update()

    def _ends(self) -> tuple[str, str]:
        if self._limit is None:
            return tr("none kept"), tr("all kept")
        end = significant(self._limit)
        return f"{MINUS}{end}", end

    def _boxes(self) -> list[tuple[str, str, Qt.BrushStyle]]:
        t, style = tokens(), Qt.BrushStyle
        pruned = [(tr("Pruned"), t.panel, style.SolidPattern)] if self._limit is not None else []
        return pruned + ([(tr("Removed"), t.sec, style.Dense5Pattern)] if self._removed else [])

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(font(12))
        width = sum(metrics.horizontalAdvance(text) for text in self._ends()) + BAR + 2 * GAP
        width += sum(metrics.horizontalAdvance(text) + BOX + 3 * GAP for text, _, _ in self._boxes())
        return QSize(round(width) + 4, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self)
        painter.setFont(font(12))
        low, high = self._ends()
        x = self._word(painter, 0.0, low) + GAP
        strip = QRectF(x + 0.5, 3.5, BAR, BOX)
        scale = QLinearGradient(strip.topLeft(), strip.topRight())
        colors = (t.s1, t.line2, t.s2) if self._limit is not None else (t.panel, t.s1)
        for i, ink in enumerate(colors):
            scale.setColorAt(i / (len(colors) - 1), QColor(ink))
        painter.setPen(QPen(QColor(t.line2), 1))
        painter.setBrush(scale)
        painter.drawRect(strip)
        x = self._word(painter, strip.right() + GAP, high)
        for text, ink, style in self._boxes():
            painter.setPen(QPen(QColor(t.line2), 1))
            painter.setBrush(QBrush(QColor(ink), style))
            painter.drawRect(QRectF(x + 2 * GAP + 0.5, 3.5, BOX, BOX))
            x = self._word(painter, x + 3 * GAP + BOX, text)

    def _word(self, painter: QPainter, x: float, text: str) -> float:
        """Write ``text`` at ``x``; where it ends."""
        painter.setPen(QColor(tokens().sec))
        width = QFontMetricsF(font(12)).horizontalAdvance(text)
        painter.drawText(QRectF(x, 0, width + 2, 18), Qt.AlignmentFlag.AlignVCenter, text)
        return x + width

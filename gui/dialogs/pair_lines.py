"""What joins the layers of two networks side by side: numbers in the color of their pair, and curves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui.text import number
from gui.theme import font, tokens

if TYPE_CHECKING:
    from gui.dialogs.pair_side import PairSide

BADGE = 18
"""Pixels of a pair's number."""


def pair_color(number: int) -> str:
    """The series of the pair with this number; the number itself is always printed beside it."""
    t = tokens()
    return (t.s1, t.s2, t.s3, t.s4, t.s6, t.s5)[(number - 1) % 6]


def paint_badge(painter: QPainter, left: float, middle: float, count: int) -> None:
    """A pair's number in a circle of its color, ``left`` of which is its edge."""
    t = tokens()
    box = QRectF(left, middle - BADGE / 2, BADGE, BADGE).adjusted(1, 1, -1, -1)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(pair_color(count)))
    painter.setBrush(QColor(t.panel))
    painter.drawEllipse(box)
    painter.setFont(font(11, 600))
    painter.setPen(QColor(t.text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, number(count))


class PairLines(QWidget):
    """The room between two sides: a curve from each layer of the student to its layer of the teacher."""

    def __init__(self, student: PairSide, teacher: PairSide, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sides = student, teacher
        self._pairs: Sequence[tuple[str, str]] = ()
        self.setFixedWidth(64)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        for side in self._sides:
            side.moved.connect(self.update)
            side.tree.viewport().installEventFilter(self)

    def show_pairs(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._pairs = tuple(pairs)
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.update()
        return False

    def ends(self, pair: tuple[str, str]) -> tuple[float, float] | None:
        """Heights of both ends of a pair's curve; None where one of them has no row in view."""
        found = []
        for side, name in zip(self._sides, pair, strict=True):
            middle = side.middle_of(name)
            viewport = side.tree.viewport()
            if middle is None or not side.tree.isVisible() or not 0 <= middle < viewport.height():
                return None
            found.append(float(self.mapFromGlobal(viewport.mapToGlobal(QPoint(0, middle))).y()))
        return found[0], found[1]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = self.width()
        for count, pair in enumerate(self._pairs, 1):
            ends = self.ends(pair)
            if ends is None:
                continue
            path = QPainterPath()
            path.moveTo(2, ends[0])
            path.cubicTo(width / 2, ends[0], width / 2, ends[1], width - 2, ends[1])
            painter.setPen(QPen(QColor(pair_color(count)), 1.6))
            painter.drawPath(path)

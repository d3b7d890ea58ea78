"""What the trade-off is drawn with: dots in groups, the front as stairs, its knee, and the zone of the budget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QPainter

from gui.theme import color, tokens
from gui.trade_off import Floats, TradeOff, staircase

STEP, RUN, KNEE, RING = 6, 9, 24, 19
"""Pixels across: a step, a run, and what is drawn around the knee and around a chosen dot."""


class Zone(pg.GraphicsObject):
    """The area left of ``right`` and above ``low``; either may be None for no limit."""

    def __init__(self) -> None:
        super().__init__()
        self.right: float | None = None
        self.low: float | None = None
        self.setZValue(-20)

    def set_limits(self, right: float | None, low: float | None) -> None:
        self.right, self.low = right, low
        self.setVisible(right is not None or low is not None)
        self.viewRangeChanged()

    def viewRangeChanged(self) -> None:
        self.prepareGeometryChange()
        self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(self.viewRect())

    @property
    def area(self) -> QRectF:
        """What of it is in view; empty where nothing is."""
        if not self.isVisible():
            return QRectF()
        seen = QRectF(self.viewRect())
        right = seen.right() if self.right is None else min(seen.right(), self.right)
        low = seen.top() if self.low is None else max(seen.top(), self.low)
        return QRectF(seen.left(), low, max(0.0, right - seen.left()), max(0.0, seen.bottom() - low))

    def paint(self, painter: QPainter, *_: Any) -> None:
        t, area = tokens(), self.area
        if area.isEmpty():
            return
        painter.fillRect(area, color(t.s3, 24))
        pen = pg.mkPen(t.s3, width=1)
        pen.setDashPattern([5, 4])
        painter.setPen(pen)
        if self.right is not None:
            painter.drawLine(QLineF(self.right, area.top(), self.right, area.bottom()))
        if self.low is not None:
            painter.drawLine(QLineF(area.left(), self.low, area.right(), self.low))


class Dots:
    """The dots of a trade-off in ``view``: shape and size say what a dot is, color where it stands."""

    def __init__(self, view: pg.ViewBox) -> None:
        t = tokens()
        self._view = view
        clear, front = color(t.panel, 0), color(t.s1)
        self.stairs = pg.PlotCurveItem(pen=pg.mkPen(t.s1, width=1.6), antialias=True)
        self.stairs.setZValue(-5)
        view.addItem(self.stairs, ignoreBounds=True)
        self.groups = {
            "dominated step": self._item("o", STEP - 1, color(t.s0, 90), clear),
            "dominated": self._item("o", RUN - 1, color(t.s0, 140), clear),
            "front step": self._item("o", STEP, front, color(t.panel)),
            "front": self._item("o", RUN, front, color(t.panel)),
            "running": self._item("o", RUN - 1, color(t.panel), color(t.ter), 1.6),
            "original": self._item("d", RUN + 2, color(t.panel), color(t.sec), 1.6),
        }
        self.knee = self._item("o", KNEE, color(t.s2, 60), color(t.s2), 1.2)
        self.knee.setZValue(-1)
        self._knee_dot = self._item("o", RUN + 1, color(t.s2), color(t.panel))
        self._ring = self._item("o", RING, clear, color(t.accent), 2)

    def _item(self, symbol: str, size: int, fill: Any, line: Any, width: float = 1.0) -> pg.ScatterPlotItem:
        item = pg.ScatterPlotItem(symbol=symbol, size=size, brush=pg.mkBrush(fill), pen=pg.mkPen(line, width=width))
        item.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self._view.addItem(item, ignoreBounds=True)
        return item

    def show(self, shown: TradeOff, points: Floats) -> None:
        """Draw the dots of ``shown`` at ``points``, 2×N."""
        for group, places in _grouped(shown, self.groups).items():
            self.groups[group].setData(*points[:, places])
        edge = points[:, list(shown.front)]
        self.stairs.setData(*(staircase(*edge) if edge.shape[1] > 1 else np.empty((2, 0))))
        bend = points[:, [shown.knee] if shown.knee is not None else []]
        self.knee.setData(*bend)
        self._knee_dot.setData(*bend)

    def show_front(self, visible: bool) -> None:
        for item in (self.stairs, self.knee, self._knee_dot):
            item.setVisible(visible)

    def mark(self, points: Floats) -> None:
        """Draw a ring around each of ``points``, 2×N."""
        self._ring.setData(*points)


def _grouped(shown: TradeOff, groups: Sequence[str] | dict[str, Any]) -> dict[str, list[int]]:
    """Group → its dots."""
    found: dict[str, list[int]] = {group: [] for group in groups}
    best = set(shown.front)
    for i, moment in enumerate(shown.moments):
        if moment.kind == "original" or moment.running:
            found["original" if moment.kind == "original" else "running"].append(i)
        else:
            step = "" if moment.kind == "final" else " step"
            found[("front" if i in best else "dominated") + step].append(i)
    return found

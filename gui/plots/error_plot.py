"""How far each quantized layer's output is from the original's: a bar a layer, the worst in another color.

Signals:
    layer_chosen(str): a bar was clicked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from gui.plots.legend import Reading
from gui.plots.still_plot import StillPlot
from gui.plots.time_axis import ValueAxis
from gui.text import NOTHING, number, tr
from gui.theme import color, font, tokens

LEFT = 40
HIGHEST = 100.0
"""Decibels above which nobody sees a difference; equal outputs would be without end."""
FILL = 0.72
"""Share of its place that a bar takes."""


@dataclass(frozen=True)
class Bar:
    """The error of one layer."""

    layer: str
    sqnr_db: float
    cosine: float | None = None


class ErrorPlot(StillPlot):
    """Draws what :meth:`show_bars` gives it."""

    layer_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._names = ValueAxis("bottom")
        super().__init__(ValueAxis("left", pixels=30), self._names, LEFT, parent)
        self._drawn: pg.BarGraphItem | None = None
        self.bars: Sequence[Bar] = ()

    @property
    def worst(self) -> Bar | None:
        return min(self.bars, key=lambda bar: bar.sqnr_db, default=None)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Draw ``bars`` in their order."""
        t = tokens()
        if self._drawn is not None:
            self.view.removeItem(self._drawn)
        self.bars = list(bars)
        heights = np.clip([bar.sqnr_db for bar in bars], -HIGHEST, HIGHEST)
        brushes = [color(t.s2 if bar is self.worst else t.s1) for bar in self.bars]
        self._drawn = pg.BarGraphItem(
            x=np.arange(len(self.bars)), width=FILL, height=heights, brushes=brushes, pen=color(t.panel, 0)
        )
        self.view.addItem(self._drawn)
        top, bottom = max([10.0, *heights]), min([0.0, *heights])
        self.view.setYRange(1.05 * bottom, 1.08 * top, padding=0)
        self.view.setXRange(-0.6, max(1, len(self.bars)) - 0.4, padding=0)
        self._name()

    def _name(self) -> None:
        """Every layer below its bar where there is room, else the worst alone."""
        metrics = QFontMetricsF(font(11))
        room = (self.width() - LEFT) / max(1, len(self.bars)) - 8
        every = max((metrics.horizontalAdvance(bar.layer) for bar in self.bars), default=0.0) <= room
        named = [(i, bar.layer) for i, bar in enumerate(self.bars) if every or bar is self.worst]
        self._names.setTicks([named])

    # The mouse

    def _at(self, position: QPointF) -> Bar | None:
        place = self.place(position)
        row = round(place.x()) if place is not None else -1
        return self.bars[row] if 0 <= row < len(self.bars) else None

    def readings(self, bar: Bar) -> list[Reading]:
        ink = tokens().s2 if bar is self.worst else tokens().s1
        rows = [Reading(bar.layer, ""), Reading(tr("SQNR, dB"), number(bar.sqnr_db, 1), ink)]
        cosine = number(bar.cosine, 4) if bar.cosine is not None else NOTHING
        return [*rows, Reading(tr("Cosine"), cosine, ink)]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        bar = self._at(event.position())
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if bar else Qt.CursorShape.ArrowCursor)
        self.tell(self.readings(bar) if bar is not None else (), event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        bar = self._at(event.position())
        if bar is not None and event.button() == Qt.MouseButton.LeftButton:
            self.layer_chosen.emit(bar.layer)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if event is not None and hasattr(self, "bars"):
            self._name()

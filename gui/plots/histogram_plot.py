"""A layer's values as bars, and the grid that quantization lays over them as thin lines."""

from __future__ import annotations

import bisect
import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from backend.answers import Grid, Histogram
from gui.plots.legend import Reading
from gui.plots.still_plot import StillPlot
from gui.plots.time_axis import ValueAxis
from gui.text import number, percent, significant, tr
from gui.theme import color, font, tokens

MOST = 40
"""No more lines of a grid are drawn: every second, fourth, … level stands for those around it."""
SPIKE = 3.0
"""A bar that is so many times as high as every other is cut off, and its count written at its top."""
LEFT = 52


class HistogramPlot(StillPlot):
    """Draws what :meth:`show_histogram` gives it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(ValueAxis("left"), ValueAxis("bottom", pixels=80), LEFT, parent)
        t = tokens()
        self.setAntialiasing(False)
        self._found: Histogram | None = None
        self._bars: pg.BarGraphItem | None = None
        self._top = 1.0
        self._lines = pg.PlotDataItem([], [], pen=pg.mkPen(color(t.s2, 170), width=1), connect="pairs")
        self._lines.setZValue(5)
        self.view.addItem(self._lines, ignoreBounds=True)
        self._before = pg.PlotCurveItem([0, 1], [0], stepMode="center", pen=pg.mkPen(color(t.text, 200), width=1))
        self._before.setZValue(4)
        self.view.addItem(self._before, ignoreBounds=True)
        self._spike = pg.TextItem("", color=t.text, anchor=(0, 0), fill=color(t.panel, 220))
        self._spike.setFont(font(11, 500))
        self._spike.setZValue(6)
        self.view.addItem(self._spike, ignoreBounds=True)

    def show_histogram(self, found: Histogram) -> None:
        """Draw ``found``."""
        t = tokens()
        self._found = found
        if self._bars is not None:
            self.view.removeItem(self._bars)
        edges, counts = np.asarray(found.edges), np.asarray(found.counts)
        before = np.asarray(found.before.counts if found.before is not None else np.zeros(len(found.counts)))
        self._top = max(_top(found.counts), _top(before.tolist()))
        self._bars = pg.BarGraphItem(
            x0=edges[:-1], width=np.diff(edges), height=np.minimum(counts, 1.1 * self._top), pen=color(t.panel),
            brush=color(t.s1, 190 if found.grid is not None else 255),
        )  # fmt: skip
        self.view.addItem(self._bars)
        self._before.setVisible(found.before is not None)
        self._before.setData(edges, np.minimum(before, 1.1 * self._top))
        spare = 0.02 * (edges[-1] - edges[0])
        self.view.setXRange(edges[0] - spare, edges[-1] + spare, padding=0)
        self.view.setYRange(0, 1.05 * self._top, padding=0)
        self._show_spike(found)
        self._show_grid()

    def _show_spike(self, found: Histogram) -> None:
        highest = max(found.counts, default=0)
        cut = highest > 1.05 * self._top
        self._spike.setVisible(cut)
        if cut:
            at = list(found.counts).index(highest)
            right = at > 0.7 * len(found.counts)
            self._spike.setAnchor((1, 0) if right else (0, 0))
            text = tr("↑ {count}", count=number(highest))
            if found.edges[at] <= 0 <= found.edges[at + 1] and 2 * found.zeros > highest:
                share = percent(found.zeros / max(1, sum(found.counts)), 1)
                text = tr("↑ {count}, {share} of all are zero", count=number(highest), share=share)
            self._spike.setText(text)
            self._spike.setPos(found.edges[at] if right else found.edges[at + 1], 1.04 * self._top)

    def _show_grid(self) -> None:
        drawn = self.drawn_levels()
        x = np.repeat(np.asarray(drawn, dtype=float), 2)
        y = np.tile([0.0, 1.05 * self._top], len(drawn))
        self._lines.setPen(pg.mkPen(color(tokens().s2, 170 if len(self.levels()) <= MOST else 120), width=1))
        self._lines.setData(x, y)

    def levels(self) -> list[float]:
        """The levels of the grid where there are values."""
        found = self._found
        if found is None or found.grid is None:
            return []
        low, high = found.edges[0], found.edges[-1]
        spare = 0.02 * (high - low)
        return [level for level in found.grid.levels if low - spare <= level <= high + spare]

    def drawn_levels(self) -> list[float]:
        """As many of them as can be told apart, 0 among them where it is one."""
        inside, step = self.levels(), self.every()
        nearest = min(range(len(inside)), key=lambda i: abs(inside[i]), default=0)
        return inside[nearest % step :: step]

    def every(self) -> int:
        """Of how many levels one is drawn."""
        return 2 ** max(0, math.ceil(math.log2(len(self.levels()) / MOST))) if self.levels() else 1

    # The mouse

    def readings(self, at: float) -> list[Reading]:
        """What the bar at ``at`` counts, and the level that its values are rounded to."""
        found = self._found
        if found is None or not found.edges[0] <= at <= found.edges[-1]:
            return []
        bar = min(len(found.counts) - 1, max(0, bisect.bisect_right(list(found.edges), at) - 1))
        low, high = found.edges[bar], found.edges[bar + 1]
        head = tr("{low} to {high}", low=significant(low), high=significant(high))
        rows = [Reading(head, ""), Reading(tr("Count"), number(found.counts[bar]), tokens().s1)]
        if found.before is not None:
            rows.append(Reading(tr("Original"), number(found.before.counts[bar]), tokens().text))
        if found.grid is not None and found.grid.levels:
            rows += _level(found.grid, at)
        return rows

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        at = self.place(event.position())
        self.tell(self.readings(at.x()) if at is not None else (), event.position())


def _top(counts: Sequence[int]) -> float:
    """The height shown: of the highest bar, unless it dwarfs all others."""
    ordered = sorted(counts)
    highest = float(ordered[-1]) if ordered else 1.0
    second = float(ordered[-2]) if len(ordered) > 1 else highest
    return max(1.0, 1.25 * second if second and highest > SPIKE * second else highest)


def _level(grid: Grid, at: float) -> list[Reading]:
    """The level nearest to ``at``: its integer, and what that stands for."""
    level = min(grid.levels, key=lambda one: abs(one - at))
    rows = [Reading(tr("Level R"), significant(level), tokens().s2)]
    if grid.scale is not None and grid.zero_point is not None:
        rows.append(Reading(tr("Integer Q"), number(round(level / grid.scale + grid.zero_point)), tokens().s2))
        rows.append(Reading(tr("Scale S"), significant(grid.scale), tokens().s2))
        rows.append(Reading(tr("Zero point Z"), number(grid.zero_point), tokens().s2))
    return rows

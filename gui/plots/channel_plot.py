"""The output channels of a layer side by side: their ranges, or one figure of each.

Signals:
    menu_requested(QPoint): right click, in global coordinates.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from backend.answers import CHANNEL_FIGURES
from gui.plots.legend import Reading
from gui.plots.still_plot import StillPlot
from gui.plots.time_axis import ValueAxis
from gui.text import number, percent, significant, tr
from gui.theme import color, tokens

RANGE = "range"
"""Minimum and maximum with mean ± standard deviation, in place of one figure."""
LEFT = 52
FILL = 0.8
"""Share of its place that a bar takes."""


@dataclass(frozen=True)
class Channels:
    """Figures of every channel, a row each, in the order of the layer."""

    figures: NDArray[np.float32]

    def column(self, name: str) -> NDArray[np.float32]:
        found: NDArray[np.float32] = self.figures[:, CHANNEL_FIGURES.index(name)]
        return found

    @property
    def pruned(self) -> NDArray[np.bool_]:
        """Channels without a weight that is left."""
        found: NDArray[np.bool_] = self.column("pruned") >= 1
        return found

    def order(self, by: str) -> NDArray[np.intp]:
        """Rows by their number, or falling in a figure; unknown ones last."""
        if by == "number":
            return np.arange(len(self.figures))
        return np.argsort(-np.nan_to_num(self.column(by), nan=-math.inf), kind="stable")


class WholeAxis(ValueAxis):
    """Numbers of channels: whole ones alone."""

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:
        return [(max(1.0, float(round(step))), offset) for step, offset in super().tickSpacing(minVal, maxVal, size)]


class ChannelAxis(WholeAxis):
    """The numbers of the channels in the order in which they stand."""

    numbers: NDArray[np.float64] | None = None
    """None where each stands at its own number."""

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        if self.numbers is None:
            return [number(value) if value >= 0 else "" for value in values]
        places = range(len(self.numbers))
        return [number(self.numbers[int(value)]) if int(value) in places else "" for value in values]


class FigureAxis(ValueAxis):
    """A share is written as percent."""

    share = False

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        return [percent(value) for value in values] if self.share else super().tickStrings(values, scale, spacing)


class ChannelPlot(StillPlot):
    """Draws what :meth:`show_channels` gives it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._heights, self._names = FigureAxis("left"), ChannelAxis("bottom", pixels=60)
        super().__init__(self._heights, self._names, LEFT, parent)
        t = tokens()
        self.setAntialiasing(False)
        self._channels: Channels | None = None
        self._figure, self._places, self._count = RANGE, np.zeros(0), 0
        self._order: NDArray[np.intp] = np.zeros(0, dtype=np.intp)
        self._bars: list[pg.BarGraphItem] = []
        pen = pg.mkPen(color(t.s2), width=1.6)
        self._gone = pg.ScatterPlotItem(symbol="x", size=8, pen=pen, brush=color(t.s2))
        self._gone.setZValue(6)
        self.view.addItem(self._gone, ignoreBounds=True)

    def show_channels(self, channels: Channels, figure: str, by: str, count: int) -> None:
        """Draw ``figure`` of every channel, :data:`RANGE` or a name of ``CHANNEL_FIGURES``, ordered by ``by``.

        By number each stands where the original network, which has ``count``, has it: what was removed leaves a gap.
        """
        self._channels, self._figure = channels, figure
        self._order = channels.order(by)
        numbers = channels.column("number")[self._order].astype(float)
        self._places = numbers if by == "number" else np.arange(len(numbers), dtype=float)
        self._names.numbers = None if by == "number" else numbers
        self._heights.share = figure == "zeros"
        self._count = count if by == "number" else len(numbers)
        for bars in self._bars:
            self.view.removeItem(bars)
        self._bars = self._ranges() if figure == RANGE else [self._single(figure)]
        for bars in self._bars:
            self.view.addItem(bars)
        gone = channels.pruned[self._order]
        size = min(8.0, max(4.0, self.view.width() / max(1, self._count)))
        self._gone.setData(x=self._places[gone], y=np.zeros(int(gone.sum())), size=size)
        self._fit()

    def _bar(self, low: NDArray[np.float32], high: NDArray[np.float32], ink: object) -> pg.BarGraphItem:
        return pg.BarGraphItem(x=self._places, width=FILL, y0=low, y1=high, brush=ink, pen=color(tokens().panel, 0))

    def _values(self, name: str) -> NDArray[np.float32]:
        """A figure from left to right; 0 where it is not known."""
        if self._channels is None:
            return np.zeros(0, dtype=np.float32)
        return np.nan_to_num(self._channels.column(name)[self._order], posinf=0.0, neginf=0.0)

    def _ranges(self) -> list[pg.BarGraphItem]:
        t = tokens()
        mean, std = self._values("mean"), self._values("std")
        return [
            self._bar(self._values("minimum"), self._values("maximum"), color(t.s1, 90)),
            self._bar(mean - std, mean + std, color(t.s1)),
        ]

    def _single(self, figure: str) -> pg.BarGraphItem:
        values = self._values(figure)
        return self._bar(np.zeros_like(values), values, color(tokens().s1))

    def _fit(self) -> None:
        shown = ("minimum", "maximum") if self._figure == RANGE else (self._figure,)
        ends = np.concatenate([self._values(name) for name in shown] + [np.zeros(1)])
        low, high = float(ends.min()), float(ends.max())
        spare = 0.06 * (high - low) or 1.0
        self.view.setYRange(low - (spare if low < 0 else 0), high + spare, padding=0)
        edge = max(0.6, 0.01 * self._count)
        self.view.setXRange(-edge, self._count - 1 + edge, padding=0)
        for axis in (self._heights, self._names):  # the words may be others at the same range
            axis.picture = None
            axis.update()

    @property
    def numbers(self) -> list[int]:
        """Of the channels, from left to right."""
        return [] if self._channels is None else [int(n) for n in self._channels.column("number")[self._order]]

    # The mouse

    def row_at(self, at: float) -> int | None:
        """The row of the channel that stands at ``at``."""
        near = np.flatnonzero(np.abs(self._places - at) <= 0.5)
        return int(self._order[near[0]]) if len(near) else None

    def readings(self, row: int) -> list[Reading]:
        """All figures of a channel."""
        if self._channels is None:
            return []
        of = dict(zip(CHANNEL_FIGURES, self._channels.figures[row].tolist(), strict=True))
        t = tokens()
        pruned = [Reading(tr("Pruned"), percent(of["pruned"], 1), t.s2)] if of["pruned"] else []
        return [
            Reading(tr("Channel {number}", number=number(of["number"])), ""),
            Reading(
                tr("Range"), tr("{low} to {high}", low=significant(of["minimum"]), high=significant(of["maximum"]))
            ),
            Reading(
                tr("Mean ± deviation"), tr("{mean} ± {std}", mean=significant(of["mean"]), std=significant(of["std"]))
            ),
            Reading(tr("L1 norm"), significant(of["l1"])),
            Reading(tr("L2 norm"), significant(of["l2"])),
            Reading(tr("Zeros"), percent(of["zeros"], 1)),
            *pruned,
            *([Reading(tr("Scale S"), significant(of["scale"]))] if not math.isnan(of["scale"]) else []),
        ]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        at = self.place(event.position())
        row = self.row_at(at.x()) if at is not None else None
        self.tell(self.readings(row) if row is not None else (), event.position())

"""Axes in the style of the window; time is written mm:ss."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QRectF

from gui.text import duration, number
from gui.theme import color, font, tokens

STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)
"""Seconds between ticks that read well on a clock."""


class ValueAxis(pg.AxisItem):
    """No tick marks, small secondary text, one level of round steps; ``line`` draws the axis itself."""

    def __init__(self, orientation: str, *, line: bool = True, pixels: int = 44, values: bool = True) -> None:
        super().__init__(orientation, maxTickLength=0, showValues=values)
        t = tokens()
        self._pixels = pixels
        self.setTickFont(font(11))
        self.setTextPen(pg.mkPen(t.sec))
        self.setTickPen(pg.mkPen(t.line2, width=1))
        self.setPen(pg.mkPen(t.line2, width=1) if line else pg.mkPen(color(t.line2, 0)))
        self.setStyle(
            tickTextOffset=6, autoExpandTextSpace=False, autoReduceTextSpace=False, tickAlpha=t.grid_alpha,
            hideOverlappingLabels=orientation == "bottom",
        )  # fmt: skip

    def boundingRect(self) -> QRectF:
        """With room for half a number past both ends; without it the grid's axis drops the first and last."""
        rect: QRectF = super().boundingRect()
        return rect if self.orientation == "bottom" else rect.adjusted(0, -10, 0, 10)

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:
        pixels = self._pixels if size > 150 else 26  # a low plot still shows where its values lie
        least = max(1e-9, (maxVal - minVal) / max(1.0, size / pixels))
        power = 10.0 ** math.floor(math.log10(least))
        steps = (1, 2.5, 5, 10) if power >= 10 else (1, 2, 5, 10)  # 25, 50, 75 and 0.2, 0.4, 0.6
        step = next(power * step for step in steps if power * step >= least)
        if math.floor(maxVal / step) - math.ceil(minVal / step) < 1:  # one number says nothing about the others
            step /= 2
        return [(step, 0.0)]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        digits = max(0, min(6, -math.floor(math.log10(spacing) + 1e-9)))
        return [number(value, digits) for value in values]


class TimeAxis(ValueAxis):
    """Seconds as ``1:30``, at steps a clock has."""

    def __init__(self, *, values: bool = True) -> None:
        super().__init__("bottom", values=values)

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:
        least = (maxVal - minVal) / max(1.0, size / 80)
        return [(float(next((step for step in STEPS if step >= least), STEPS[-1])), 0.0)]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        return [duration(value) if value > 0 else "" for value in values]

"""Accuracy (or SQNR) against the pruned amount, one curve a layer.

Signals:
    layer_chosen(str): the curve of a layer was clicked.
    reset_requested(): double click.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from gui.plots.legend import Reading
from gui.plots.still_plot import StillPlot
from gui.plots.time_axis import ValueAxis
from gui.scan_state import Measure, ScanState
from gui.text import NOTHING, percent
from gui.theme import color, font, tokens

MOST = 6
"""As many layers are drawn in a color of their own; the others stand behind them in gray."""
MARKS = ("o", "s", "t1", "d", "x", "+")
"""A sign for each color: color alone says nothing to who can't see it."""
NEAR = 14
"""Pixels within which the mouse means a curve."""
LEFT, EDGE = 44, 12
NAMES = 108
"""Pixels at the right where the names of the curves stand."""


def series() -> tuple[str, ...]:
    t = tokens()
    return t.s1, t.s2, t.s3, t.s4, t.s6, t.s5


class PercentAxis(ValueAxis):
    """Shares as percent."""

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        return [percent(value) if -1e-9 <= value <= 1 + 1e-9 else "" for value in values]


class SensitivityPlot(StillPlot):
    """Draws what :meth:`show_scan` gives it; sets each item's data once."""

    layer_chosen = Signal(str)
    reset_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(ValueAxis("left"), PercentAxis("bottom", pixels=70), LEFT, parent)
        t = tokens()
        self.setAntialiasing(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._scan: ScanState | None = None
        self._measure: Measure = "accuracy"
        self._shown: list[str] = []
        self._others = self._line(color(t.s0, 90), "")
        self._curves = [self._line(color(c), mark) for c, mark in zip(series(), MARKS, strict=True)]
        self._names = [self._name(c) for c in series()]
        self._baseline = self._rule(t.s0, angle=0)
        self._amount = self._rule(t.line2, angle=90)
        self._hovered = pg.InfiniteLine(angle=90, pen=pg.mkPen(color(t.sec, 150), width=1))
        self._hovered.hide()
        self.view.addItem(self._hovered, ignoreBounds=True)

    def _line(self, ink: object, mark: str) -> pg.PlotDataItem:
        pen = pg.mkPen(ink, width=1.6 if mark else 1)
        symbol = {"symbol": mark, "symbolSize": 7, "symbolBrush": ink, "symbolPen": pen} if mark else {}
        made = pg.PlotDataItem([], [], pen=pen, antialias=True, connect="finite", **symbol)
        made.setZValue(5 if mark else 0)
        self.view.addItem(made)
        return made

    def _name(self, ink: str) -> pg.TextItem:
        made = pg.TextItem("", color=ink, anchor=(0, 0.5))
        made.setFont(font(11, 500))
        made.setZValue(6)
        self.view.addItem(made, ignoreBounds=True)
        return made

    def _rule(self, ink: str, *, angle: int) -> pg.InfiniteLine:
        pen = pg.mkPen(ink, width=1)
        pen.setDashPattern([5, 4])
        made = pg.InfiniteLine(angle=angle, pen=pen)
        made.setZValue(-5)
        self.view.addItem(made, ignoreBounds=True)
        return made

    def show_scan(self, scan: ScanState, shown: Sequence[str], measure: Measure) -> None:
        """Draw ``scan``: layers of ``shown`` in color and by name, the others gray behind them."""
        self._scan, self._measure = scan, measure
        self._shown = [name for name in shown if name in scan.targets][:MOST]
        self._others.setData(*self._joined([name for name in scan.targets if name not in self._shown]))
        for i, curve in enumerate(self._curves):
            curve.setData(*(self.points(self._shown[i]) if i < len(self._shown) else ([], [])))
        baseline = scan.baseline.figure(measure) if scan.baseline is not None else None
        self._baseline.setVisible(baseline is not None)
        if baseline is not None:
            self._baseline.setPos(baseline)
        self._amount.setVisible(scan.amount is not None)
        self._amount.setPos(scan.amount or 0.0)
        self._fit()

    def points(self, name: str) -> tuple[list[float], list[float]]:
        """Amounts and figures of a layer, from the network as it is on; what is not known is left out."""
        scan = self._scan
        if scan is None:
            return [], []
        rows = [*([scan.baseline] if scan.baseline is not None else []), *scan.targets.get(name, ())]
        known = [(row.amount, figure) for row in rows if (figure := row.figure(self._measure)) is not None]
        return [amount for amount, _ in known], [figure for _, figure in known]

    def _joined(self, names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """The curves of many layers as one, a gap between each two."""
        x: list[float] = []
        y: list[float] = []
        for name in names:
            amounts, figures = self.points(name)
            x += [*amounts, np.nan]
            y += [*figures, np.nan]
        return np.array(x), np.array(y)

    def _fit(self) -> None:
        """Show every value, and leave room at the right for the names."""
        scan = self._scan
        if scan is None:
            return
        drawn = (self._others, *self._curves)
        values = [v for item in drawn if item.yData is not None for v in item.yData[~np.isnan(item.yData)].tolist()]
        low, high = (min(values), max(values)) if values else (0.0, 100.0)
        spare = max(2.0 - (high - low), 0.0) / 2  # less than two points of accuracy is noise and shall look like it
        unit = (high - low + 2 * spare) / max(20.0, self.view.height() - 20)
        self.view.setYRange(low - spare - 10 * unit, high + spare + 10 * unit, padding=0)
        most = max(scan.amounts, default=1.0)
        room = max(60.0, self.view.width())
        unit = most / max(40.0, room - NAMES - EDGE)
        self.view.setXRange(-EDGE * unit, (room - EDGE) * unit, padding=0)
        self._place_names()

    def _place_names(self) -> None:
        """Each name beside the end of its curve, moved apart where two would touch."""
        for label in self._names:
            label.hide()
        ends = [(self.points(name), i) for i, name in enumerate(self._shown)]
        ends = [(points, i) for points, i in ends if points[0]]
        (_, right), (low, high) = self.view.viewRange()
        unit = (high - low) / max(1.0, self.view.height())
        last = high + 100 * unit
        metrics = QFontMetricsF(font(11, 500))
        for (amounts, figures), i in sorted(ends, key=lambda end: -end[0][1][-1]):
            last = min(figures[-1], last - 14 * unit)
            label = self._names[i]
            label.setText(metrics.elidedText(self._shown[i], Qt.TextElideMode.ElideLeft, NAMES - 20))
            label.setPos(amounts[-1] + right * 8 / max(60.0, self.view.width()), max(last, low + 7 * unit))
            label.show()

    # The mouse

    def _nearest(self, position: QPointF) -> tuple[str | None, float | None]:
        """The layer whose curve is close to ``position``, and the amount nearest to it."""
        scan, at = self._scan, self.place(position)
        if scan is None or not scan.amounts or at is None:
            return None, None
        amount = min(scan.amounts, key=lambda a: abs(a - at.x()))
        _, pixel = self.view.viewPixelSize()
        found, distance = None, NEAR * pixel
        for name in [*self._shown, *scan.targets]:
            x, y = self.points(name)
            if x and (away := abs(float(np.interp(at.x(), x, y)) - at.y())) < distance:
                found, distance = name, away
        return found, amount

    def readings(self, amount: float, hovered: str | None = None) -> list[Reading]:
        """What every named curve says at ``amount``, and the one under the mouse."""
        scan = self._scan
        if scan is None:
            return []
        found = [Reading(percent(amount), "")]
        names = [*self._shown, *([hovered] if hovered and hovered not in self._shown else [])]
        for i, name in enumerate(names):
            point = scan.point(name, amount)
            ink = series()[i] if i < len(self._shown) else tokens().s0
            found.append(Reading(name, point.text(self._measure) if point else NOTHING, ink))
        return found

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        hovered, amount = self._nearest(event.position())
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if hovered else Qt.CursorShape.ArrowCursor)
        self._hovered.setVisible(amount is not None)
        self.readout.setVisible(amount is not None)
        if amount is None:
            return
        self._hovered.setPos(amount)
        self.readout.set_readings(self.readings(amount, hovered))
        self.readout.stand_beside(self.view.mapViewToScene(QPointF(amount, 0)).x(), event.position().y(), 12)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hovered.hide()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        name, _ = self._nearest(event.position())
        if name is not None and event.button() == Qt.MouseButton.LeftButton:
            self.layer_chosen.emit(name)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if event is not None and hasattr(self, "_names"):
            self._fit()

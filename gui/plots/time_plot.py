"""A plot over the time of a run: curves, stage bands behind them, a crosshair.

Signals:
    hovered(object): seconds under the mouse, None when it leaves.
    reset_requested(): double click.
    menu_requested(QPoint): right click, in global coordinates.
    zoomed(): the person has moved or scaled the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from gui.plots.downsampling import downsampled
from gui.plots.time_axis import TimeAxis, ValueAxis
from gui.run_parts import Band, Curve
from gui.text import phrase
from gui.theme import color, font, tokens

LEFT, RIGHT, BOTTOM = 40, 32, 22
"""Room for the axes' text, the same in both plots so that their times stand below each other."""
_BAND_ALPHA = {"prune": 0, "decompose": 0, "replace": 0, "train": 1, "quantize": 2}


def band_color(kind: str) -> Any:
    """The fill of a stage's band."""
    t = tokens()
    at = _BAND_ALPHA.get(kind, 0)
    return color((t.s1, t.s3, t.int4)[at], t.band_alphas[at])


class TimePlot(pg.PlotWidget):
    """Base of the two plots; ``time_text`` writes mm:ss below."""

    hovered = Signal(object)
    reset_requested = Signal()
    menu_requested = Signal(QPoint)
    zoomed = Signal()

    def __init__(self, *, time_text: bool, right_text: bool, parent: QWidget | None = None) -> None:
        t = tokens()
        axes = {
            "left": ValueAxis("left"),
            "bottom": TimeAxis(values=time_text),
            "right": ValueAxis("right", line=False, values=right_text),
        }
        super().__init__(parent, background=t.panel, axisItems=axes, enableMenu=False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAntialiasing(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        item = self.getPlotItem()
        item.hideButtons()
        item.setContentsMargins(0, 1, 0, 0)
        item.layout.setVerticalSpacing(0)
        item.layout.setHorizontalSpacing(0)
        item.showAxis("right")
        axes["left"].setWidth(LEFT)
        axes["right"].setWidth(RIGHT)
        axes["bottom"].setHeight(BOTTOM if time_text else 2)
        axes["left"].setGrid(1)
        axes["bottom"].setGrid(1)
        self.view = item.getViewBox()
        self.view.setMouseEnabled(x=True, y=False)
        self.view.disableAutoRange()
        self.view.setDefaultPadding(0)
        self.view.sigRangeChangedManually.connect(lambda _: self.zoomed.emit())
        self.view.sigRangeChanged.connect(lambda *_: self._place_band_labels())
        self._bands: list[tuple[pg.LinearRegionItem, pg.InfiniteLine, pg.TextItem]] = []
        self._shown_bands: list[Band] = []
        self._crosshair = pg.InfiniteLine(angle=90, pen=pg.mkPen(color(t.sec, 150), width=1))
        self._crosshair.hide()
        self.view.addItem(self._crosshair, ignoreBounds=True)

    def show_times(self, shown: bool) -> None:
        """Write the times below this plot, or leave that to the plot under it."""
        axis = self.getPlotItem().getAxis("bottom")
        axis.setStyle(showValues=shown)
        axis.setHeight(BOTTOM if shown else 2)

    def line(self, series: str, *, dashed: bool = False, thin: bool = False) -> pg.PlotDataItem:
        """An empty curve in a series' color, for :meth:`draw`."""
        pen = pg.mkPen(color(series, 130 if thin else 255), width=1)
        if dashed:
            pen.setDashPattern([5, 4])
        item = pg.PlotDataItem([], [], pen=pen, antialias=True, skipFiniteCheck=True)
        self.view.addItem(item)
        return item

    def draw(self, item: pg.PlotDataItem, curve: Curve | None, factor: float = 1.0) -> None:
        """Show what of ``curve`` lies in view, in as many points as there are pixels."""
        if curve is None or not len(curve):
            item.setData([], [])
            return
        (start, end), _ = self.view.viewRange()
        width = max(50, int(self.view.width()))
        x, y = downsampled(curve.x, curve.y, start, end, min(width, 498))
        pen = QPen(item.opts["pen"])
        wide = 1.6 if len(x) <= 200 and pen.color().alpha() == 255 else 1.0  # noise drawn wide is a smear
        if pen.widthF() != wide:
            pen.setWidthF(wide)
            item.setPen(pen)
        item.setData(x, y * factor)

    def set_bands(self, bands: Sequence[Band]) -> None:
        """Put the stage bands where they are now; items are made once a stage."""
        while len(self._bands) < len(bands):
            self._bands.append(self._make_band(bands[len(self._bands)]))
        for i, (region, line, label) in enumerate(self._bands):
            shown = i < len(bands)
            for item in (region, line, label):
                item.setVisible(shown)
            if shown:
                band = bands[i]
                region.setRegion((band.start, band.end))
                region.setBrush(band_color(band.kind))
                line.setPos(band.start)
                label.setText(phrase(band.label))
        self._shown_bands = list(bands)
        self._place_band_labels()

    def _make_band(self, band: Band) -> tuple[pg.LinearRegionItem, pg.InfiniteLine, pg.TextItem]:
        t = tokens()
        region = pg.LinearRegionItem(
            (band.start, band.end), movable=False, brush=band_color(band.kind), pen=pg.mkPen(color(t.line2, 0))
        )
        region.setZValue(-20)
        line = pg.InfiniteLine(band.start, pen=pg.mkPen(t.line2, width=1))
        line.setZValue(-15)
        label = pg.TextItem(phrase(band.label), color=t.sec, anchor=(0, 0))
        label.setFont(font(11, 500))
        label.setZValue(5)
        for item in (region, line, label):
            self.view.addItem(item, ignoreBounds=True)
        return region, line, label

    band_labels = True
    """Whether bands are named; the lower plot leaves that to the upper one."""

    def _place_band_labels(self) -> None:
        (left, right), (_, top) = self.view.viewRange()
        pixels = self.view.width() / max(1e-9, right - left)
        for band, (_, _, label) in zip(self._shown_bands, self._bands, strict=False):
            start, end = max(left, band.start), min(right, band.end)
            fits = (end - start) * pixels >= label.boundingRect().width() - 2
            label.setVisible(self.band_labels and fits)
            if fits:
                label.setPos(start, top)

    def set_times(self, start: float, end: float) -> None:
        self.view.setXRange(start, max(end, start + 1e-3), padding=0)

    def times(self) -> tuple[float, float]:
        """The seconds in view."""
        (start, end), _ = self.view.viewRange()
        return start, end

    def settle(self) -> None:
        """Work out what pyqtgraph leaves until it paints: that marks items again, and the plot is painted twice."""
        self.scene().prepareForPaint()

    def set_values(self, low: float, high: float) -> None:
        self.view.setYRange(low, high, padding=0)

    def show_crosshair(self, seconds: float | None) -> None:
        self._crosshair.setVisible(seconds is not None)
        if seconds is not None:
            self._crosshair.setPos(seconds)

    def seconds_at(self, position: QPointF) -> float | None:
        """The time under a position in the widget; None outside the curves' area."""
        scene = self.mapToScene(position.toPoint())
        if not self.view.sceneBoundingRect().contains(scene):
            return None
        return float(self.view.mapSceneToView(scene).x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.hovered.emit(self.seconds_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(None)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset_requested.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_requested.emit(event.globalPos())
        event.accept()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if event is not None and hasattr(self, "_bands"):
            self._place_band_labels()

"""Validation accuracy over the run, above its baseline; training accuracy thin behind it."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from gui.comparison import value
from gui.plots.time_plot import TimePlot
from gui.run_state import RunState
from gui.text import number
from gui.theme import font, tokens


class AccuracyPlot(TimePlot):
    """Percent over seconds. The last value stands at the end of its curve."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(time_text=False, right_text=False, parent=parent)
        t = tokens()
        self._train = self.line(t.s5, thin=True)
        self._line = self.line(t.s1)
        pen = pg.mkPen(t.s0, width=1)
        pen.setDashPattern([5, 4])
        self._baseline = pg.InfiniteLine(angle=0, pen=pen)
        self._dot = pg.ScatterPlotItem(size=9, brush=pg.mkBrush(t.s1), pen=pg.mkPen(t.panel, width=1.5))
        self._label = pg.TextItem("", color=t.s1, anchor=(0, 0.5))
        self._label.setFont(font(12, 600))
        self._dot.setZValue(10)
        self._label.setZValue(11)
        for item in (self._baseline, self._dot, self._label):
            self.view.addItem(item, ignoreBounds=True)

    def update_from(self, state: RunState) -> None:
        """Draw ``state``; the times in view are set before."""
        accuracy, train = state.curves.get("accuracy"), state.curves.get("train_accuracy")
        baseline = value(state.baseline, "validation_accuracy")
        self._baseline.setVisible(baseline is not None)
        if baseline is not None:
            self._baseline.setPos(baseline)
        self.draw(self._line, accuracy)
        self.draw(self._train, train)
        self._fit(baseline)
        self._end_of(accuracy.x[-1] if accuracy else None, accuracy.y[-1] if accuracy else 0.0)

    def _fit(self, baseline: float | None) -> None:
        """Show every value in view; never less than two points of accuracy, so that noise looks like noise."""
        drawn = [item.yData for item in (self._line, self._train) if item.yData is not None and len(item.yData)]
        values = [float(bound) for data in drawn for bound in (data.min(), data.max())]
        values += [baseline] if baseline is not None else []
        low, high = (min(values), max(values)) if values else (0.0, 100.0)
        spare = max(2.0 - (high - low), 0.0) / 2
        low, high = low - spare, high + spare
        # 22 pixels above, where the names of the bands stand, and 8 below
        unit = (high - low) / max(20.0, self.view.height() - 30)
        self.set_values(low - 8 * unit, high + 22 * unit)

    def _end_of(self, x: float | None, y: float) -> None:
        self._dot.setVisible(x is not None)
        self._label.setVisible(x is not None)
        if x is None:
            return
        self._dot.setData([x], [y])
        self._label.setText(number(y, 2))
        (left, right), (low, high) = self.view.viewRange()
        near_edge = (right - x) / max(1e-9, right - left) * self.view.width() < 64
        near_bottom = (y - low) < (high - low) * 0.2
        beside, below = (-0.1, 0.0) if not near_edge else (1.0, -0.15)
        self._label.setAnchor((beside, 1.1 if near_bottom else below))
        self._label.setPos(x, y)

"""Sparsity in percent (left axis) and training loss (right axis) over the run."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from gui.plots.downsampling import downsampled
from gui.plots.time_plot import TimePlot
from gui.run_state import RunState
from gui.theme import tokens


class SparsityLossPlot(TimePlot):
    """Two axes over one time. Sparsity moves in steps: what was pruned stays so until the next step."""

    band_labels = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(time_text=True, right_text=True, parent=parent)
        t = tokens()
        self._right = pg.ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0)
        item = self.getPlotItem()
        item.scene().addItem(self._right)
        item.getAxis("right").linkToView(self._right)
        self._right.setXLink(self.view)
        self._right.disableAutoRange()
        self._right.setZValue(1)
        self.view.sigResized.connect(self._match)
        self._sparsity = self.line(t.s3)
        self._loss = pg.PlotDataItem([], [], pen=pg.mkPen(t.s2, width=1), antialias=True, skipFiniteCheck=True)
        self._right.addItem(self._loss)

    def _match(self) -> None:
        self._right.setGeometry(self.view.sceneBoundingRect())

    def update_from(self, state: RunState) -> None:
        """Draw ``state``; the times in view are set before."""
        self._match()
        sparsity, loss = state.curves.get("sparsity"), state.curves.get("loss")
        self._draw_sparsity(state)
        self.draw(self._loss, loss)
        self.getPlotItem().getAxis("right").setStyle(showValues=bool(loss))
        highest = max((float(sparsity.y.max()) * 100 if sparsity else 0.0), 8.0)
        self.set_values(0.0, 112.0 if highest > 75.0 else highest * 1.2)  # the 100 stands whole below the edge
        shown = self._loss.yData if self._loss.yData is not None and len(self._loss.yData) else None
        self._right.setYRange(0.0, max(1e-3, float(shown.max()) * 1.12) if shown is not None else 1.0, padding=0)

    def _draw_sparsity(self, state: RunState) -> None:
        curve = state.curves.get("sparsity")
        if not curve:
            self._sparsity.setData([], [])
            return
        (start, end), _ = self.view.viewRange()
        x, y = downsampled(curve.x, curve.y, start, end, max(50, min(498, int(self.view.width()))))
        last = max(float(x[-1]), state.seconds)
        self._sparsity.setData([*x, last], y * 100, stepMode="center")

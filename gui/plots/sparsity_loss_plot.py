"""Sparsity in percent (left axis) over the run, and on the right axis the loss or the learning rate."""

from __future__ import annotations

from typing import Literal

import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from gui.plots.downsampling import downsampled
from gui.plots.time_plot import TimePlot
from gui.run_state import RunState
from gui.theme import tokens

RightAxis = Literal["loss", "learning_rate"]


def loss_parts(state: RunState) -> list[str]:
    """The curves of the parts that the loss is the sum of; none where it has one."""
    return sorted(name for name, curve in state.curves.items() if name.startswith("loss_") and curve)


def part_color(at: int) -> str:
    """The series of a loss's ``at``-th part; also dashed, never told by color alone."""
    t = tokens()
    return (t.s6, t.s4, t.s5, t.s1)[at % 4]


class SparsityLossPlot(TimePlot):
    """Two axes over one time. Sparsity moves in steps: what was pruned stays so until the next step."""

    band_labels = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(time_text=True, right_text=True, parent=parent)
        t = tokens()
        self.right: RightAxis = "loss"
        self._right = pg.ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0)
        item = self.getPlotItem()
        item.scene().addItem(self._right)
        item.getAxis("right").linkToView(self._right)
        self._right.setXLink(self.view)
        self._right.disableAutoRange()
        self._right.setZValue(1)
        self.view.sigResized.connect(self._match)
        self._sparsity = self.line(t.s3)
        self._parts: list[pg.PlotDataItem] = []
        self._loss = self._on_the_right(t.s2)

    def _on_the_right(self, series: str, *, dashed: bool = False) -> pg.PlotDataItem:
        pen = pg.mkPen(series, width=1)
        if dashed:
            pen.setDashPattern([5, 4])
        item = pg.PlotDataItem([], [], pen=pen, antialias=True, skipFiniteCheck=True)
        self._right.addItem(item)
        return item

    def _match(self) -> None:
        self._right.setGeometry(self.view.sceneBoundingRect())

    def update_from(self, state: RunState) -> None:
        """Draw ``state``; the times in view are set before."""
        self._match()
        self._draw_sparsity(state)
        curve = state.curves.get(self.right)
        self.draw(self._loss, curve)
        self._draw_parts(state)
        self.getPlotItem().getAxis("right").setStyle(showValues=bool(curve))
        sparsity = state.curves.get("sparsity")
        highest = max((float(sparsity.y.max()) * 100 if sparsity else 0.0), 8.0)
        self.set_values(0.0, 112.0 if highest > 75.0 else highest * 1.2)  # the 100 stands whole below the edge
        tops = [float(i.yData.max()) for i in (self._loss, *self._parts) if i.yData is not None and len(i.yData)]
        self._right.setYRange(0.0, max(1e-9, max(tops) * 1.12) if tops else 1.0, padding=0)

    def _draw_parts(self, state: RunState) -> None:
        names = loss_parts(state) if self.right == "loss" else []
        while len(self._parts) < len(names):
            self._parts.append(self._on_the_right(part_color(len(self._parts)), dashed=True))
        for at, item in enumerate(self._parts):
            self.draw(item, state.curves[names[at]] if at < len(names) else None)

    def _draw_sparsity(self, state: RunState) -> None:
        curve = state.curves.get("sparsity")
        if not curve:
            self._sparsity.setData([], [])
            return
        (start, end), _ = self.view.viewRange()
        x, y = downsampled(curve.x, curve.y, start, end, max(50, min(498, int(self.view.width()))))
        last = max(float(x[-1]), state.seconds)
        self._sparsity.setData([*x, last], y * 100, stepMode="center")

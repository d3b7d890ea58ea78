"""What the plots without a time axis share: two axes, a readout beside the mouse, a menu.

Signals:
    menu_requested(QPoint): right click, in global coordinates.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, QPointF, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QFrame, QWidget

from gui.plots.legend import Reading, Readout
from gui.plots.time_axis import ValueAxis
from gui.theme import tokens

BOTTOM = 22
"""Height of the numbers below."""


class StillPlot(pg.PlotWidget):
    """Nothing in it moves or scales by the mouse, unless a subclass turns that on in ``view``.

    Args:
        left, bottom: the axes.
        width: room for the numbers at the left.
    """

    menu_requested = Signal(QPoint)

    def __init__(self, left: ValueAxis, bottom: ValueAxis, width: int, parent: QWidget | None = None) -> None:
        super().__init__(
            parent, background=tokens().panel, axisItems={"left": left, "bottom": bottom}, enableMenu=False
        )
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMinimumHeight(96)
        item = self.getPlotItem()
        item.hideButtons()
        item.setContentsMargins(0, 1, 0, 0)
        left.setWidth(width)
        left.setGrid(1)
        bottom.setHeight(BOTTOM)
        self.view = item.getViewBox()
        self.view.setMouseEnabled(x=False, y=False)
        self.view.disableAutoRange()
        self.view.setDefaultPadding(0)
        self.readout = Readout(self)

    def place(self, position: QPointF) -> QPointF | None:
        """A position in the widget as values of the axes; None outside of what is drawn."""
        scene = self.mapToScene(position.toPoint())
        inside = self.view.sceneBoundingRect().contains(scene)
        return self.view.mapSceneToView(scene) if inside else None

    def tell(self, readings: Sequence[Reading], position: QPointF) -> None:
        """Show ``readings`` beside ``position``; nothing where there are none."""
        self.readout.setVisible(bool(readings))
        if readings:
            self.readout.set_readings(readings)
            self.readout.stand_beside(position.x(), position.y())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.readout.hide()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_requested.emit(event.globalPos())
        event.accept()

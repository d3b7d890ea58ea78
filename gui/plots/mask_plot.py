"""The weight of a layer as a picture: what is kept in its value's color, what is pruned as background.

Signals:
    menu_requested(QPoint): right click, in global coordinates.
    looked_at(object): the part of the weight in view, once the person has zoomed or moved (first row, first column,
        rows, columns), where that can show more of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from backend.answers import WeightPicture
from gui.plots.channel_plot import WholeAxis
from gui.plots.legend import Reading
from gui.plots.still_plot import StillPlot
from gui.plots.weight_cells import Layout, Planes, layout_of, painted, palette, tiled
from gui.text import number, percent, significant, tr
from gui.theme import tokens

LEFT = 44
STILL = 250
"""Milliseconds without a move after which the part in view is asked for in detail."""


class TileAxis(WholeAxis):
    """Numbers of rows or columns of tiles, at their middles."""

    tile, count = 1, 0

    def set_tiles(self, size: int, count: int) -> None:
        """``count`` tiles of ``size`` weights, the gap included."""
        self.tile, self.count = size, count

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:
        found = super().tickSpacing(minVal / self.tile, maxVal / self.tile, size)
        middle = max(self.tile - 1, 1) / 2
        return [(step * self.tile, middle) for step, _ in found]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        return [number(value // self.tile) if 0 <= value < self.count * self.tile else "" for value in values]


class MaskPlot(StillPlot):
    """Draws what :meth:`show_picture` gives it; the wheel zooms, dragging moves, a double click shows all again."""

    looked_at = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._rows, self._columns = TileAxis("left", pixels=30), TileAxis("bottom", pixels=60)
        super().__init__(self._rows, self._columns, LEFT, parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._rows.setGrid(False)
        self.getPlotItem().setContentsMargins(0, 6, 0, 0)  # half of the uppermost number
        self.view.setMouseEnabled(x=True, y=True)
        self.view.invertY(True)
        self.picture: WeightPicture | None = None
        self.layout_: Layout | None = None
        self._planes: Planes | None = None
        self._values = True
        self._image = pg.ImageItem(axisOrder="row-major")
        self._detail = pg.ImageItem(axisOrder="row-major")
        self._detail.setZValue(1)
        for item in (self._image, self._detail):
            self.view.addItem(item, ignoreBounds=True)
        self._still = QTimer(self, singleShot=True, interval=STILL)
        self._still.timeout.connect(self._tell_part)
        self._whole = True
        self.view.sigRangeChangedManually.connect(self._moved)
        self.view.sigResized.connect(lambda _: self._fit())
        self._part: tuple[WeightPicture, Planes] | None = None

    def show_picture(self, picture: WeightPicture, planes: Planes, *, values: bool) -> None:
        """Draw ``planes``, of the whole weight or of the part of it that was looked at."""
        rows, columns = picture.before[0], math.prod(picture.before[1:])
        if tuple(picture.area) != (0, 0, rows, columns) and self.picture is not None:
            self._part = (picture, planes)
            self._paint()
            return
        again = self.picture is not None and tuple(self.picture.before) == tuple(picture.before)
        self.picture, self._planes, self._part = picture, planes, None
        self.layout_ = layout_of(picture)
        self._values = values
        self._paint()
        if again:
            self._still.start()  # the part in view, if it is one
        else:
            self.reset()

    def _moved(self, *_: object) -> None:
        self._whole = False
        self._still.start()

    def set_values(self, values: bool) -> None:
        """Color by value, or by what is kept."""
        self._values = values
        self._paint()

    def _paint(self) -> None:
        if self.picture is None or self._planes is None or self.layout_ is None:
            return
        layout = self.layout_
        planes = np.stack([tiled(plane, layout, -1.0) for plane in self._planes]) if layout.tall else self._planes
        self._draw(self._image, planes)
        self._image.setRect(QRectF(0, 0, layout.width, layout.height))
        self._detail.setVisible(self._part is not None)
        if self._part is not None:
            picture, part = self._part
            top, left, height, width = picture.area
            self._draw(self._detail, part)
            self._detail.setRect(QRectF(left, top, width, height))

    def _draw(self, item: pg.ImageItem, planes: Planes) -> None:
        limit = self.picture.limit if self.picture is not None else 1.0
        image = painted(planes, limit, values=self._values)
        item.setImage(image, levels=(0, 255), lut=palette(values=self._values), autoLevels=False)

    def reset(self) -> None:
        """Show the whole weight."""
        self._whole, self._part = True, None
        self._detail.hide()
        self._fit()

    def _fit(self) -> None:
        """The whole weight in the room there is; tiles stay square."""
        layout, width, height = self.layout_, self.view.width(), self.view.height()
        if layout is None or not self._whole or width < 2 or height < 2:
            return
        self._name_axes(layout)
        across, down = layout.width / width, layout.height / height
        if layout.tall:
            across = down = max(across, down)
        room = QRectF(0, 0, across * width, down * height)
        room.moveCenter(QRectF(0, 0, layout.width, layout.height).center())
        self.view.setRange(room, padding=0)

    def _name_axes(self, layout: Layout) -> None:
        """Numbers of outputs and inputs; none where outputs share a line of the picture."""
        for axis, size, count in (
            (self._rows, layout.tall, layout.outputs),
            (self._columns, layout.wide, layout.inputs),
        ):
            axis.set_tiles(size + 1 if layout.tall else 1, count)
            axis.setStyle(showValues=layout.columns == 1)

    def _tell_part(self) -> None:
        """Ask for the part in view where that shows more of it."""
        picture = self.picture
        if picture is None or tuple(picture.cell) == (1, 1):
            return
        (x0, x1), (y0, y1) = self.view.viewRange()
        rows, columns = picture.before[0], math.prod(picture.before[1:])
        top, left = max(0, math.floor(y0)), max(0, math.floor(x0))
        height, width = min(rows, math.ceil(y1)) - top, min(columns, math.ceil(x1)) - left
        if height > 0 and width > 0 and (height < rows or width < columns):
            self.looked_at.emit((top, left, height, width))

    # The mouse

    def readings(self, x: float, y: float) -> list[Reading]:
        """What stands at a place of the picture."""
        picture, layout = self.picture, self.layout_
        if picture is None or layout is None or self._planes is None:
            return []
        found = self._weight_at(layout, x, y)
        if found is None:
            return []
        row, column = found
        shown, planes = (picture, self._planes)
        if self._part is not None and _inside(self._part[0], row, column):
            shown, planes = self._part
        top, left, _, _ = shown.area
        cell = (row - top) // shown.cell[0], (column - left) // shown.cell[1]
        value, kept, there = (float(plane[cell]) for plane in planes)
        return [Reading(self._where(shown, row, column), ""), *_told(shown, value, kept, there)]

    def _weight_at(self, layout: Layout, x: float, y: float) -> tuple[int, int] | None:
        """Output, and input · kernel, at a place of the picture; None in a gap and outside."""
        if not (0 <= x < layout.width and 0 <= y < layout.height):
            return None
        if not layout.tall:
            return int(y), int(x)
        block, inner = divmod(int(x), layout.inputs * (layout.wide + 1) + 1)
        input_, across = divmod(inner, layout.wide + 1)
        line, down = divmod(int(y), layout.tall + 1)
        output = line * layout.columns + block
        if output >= layout.outputs or input_ >= layout.inputs or across == layout.wide or down == layout.tall:
            return None
        return output, (input_ * layout.tall + down) * layout.wide + across

    def _where(self, picture: WeightPicture, row: int, column: int) -> str:
        kernel = math.prod(picture.before[2:])
        if tuple(picture.cell) == (1, 1):
            place = tr("output {output}, input {input}", output=row, input=column // kernel)
            return (
                place
                if kernel == 1
                else tr("{place}, weight {number} of its kernel", place=place, number=column % kernel)
            )
        top, left = picture.area[:2]
        first = top + (row - top) // picture.cell[0] * picture.cell[0]
        begin = (left + (column - left) // picture.cell[1] * picture.cell[1]) // kernel
        last = min(first + picture.cell[0], picture.before[0]) - 1
        end = min(begin + max(1, picture.cell[1] // kernel), picture.before[1]) - 1
        return tr("outputs {first} to {last}, inputs {begin} to {end}", first=first, last=last, begin=begin, end=end)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        at = self.place(event.position())
        self.tell(self.readings(at.x(), at.y()) if at is not None else (), event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset()


def _inside(picture: WeightPicture, row: int, column: int) -> bool:
    top, left, height, width = picture.area
    return top <= row < top + height and left <= column < left + width


def _told(picture: WeightPicture, value: float, kept: float, there: float) -> list[Reading]:
    t = tokens()
    if there == 0:
        return [Reading(tr("Removed"), "")]
    if tuple(picture.cell) == (1, 1):
        return [
            Reading(tr("Pruned"), "")
            if not kept
            else Reading(tr("Weight"), significant(value), t.s2 if value > 0 else t.s1)
        ]
    size = picture.cell[0] * picture.cell[1]
    return [
        Reading(tr("Kept"), tr("{share} of {count}", share=percent(kept, 1), count=number(round(size * there)))),
        Reading(tr("Farthest from 0"), significant(value), t.s2 if value > 0 else t.s1),
    ]

"""The weight of a layer as a picture of its mask, or of its values."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from backend.answers import WeightPicture
from backend.engine.protocol import LayerPicture
from gui.dialogs.array_table_dialog import ArrayTableDialog, Column
from gui.panels.weights_view import Cell, Subject, WeightsView, sizes
from gui.plots.mask_plot import MaskPlot
from gui.plots.picture_key import PictureKey
from gui.text import number, percent, plural, significant, tr
from gui.widgets.labels import label
from gui.widgets.segmented import Segmented

Take = Callable[[str], NDArray[np.float32]]
Area = tuple[int, int, int, int]


class MaskView(WeightsView):
    """``take`` reads the file of an answer."""

    def __init__(self, take: Take, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._take = take
        self._area: Area | None = None
        self._picture: WeightPicture | None = None
        self._planes: NDArray[np.float32] | None = None
        self.color = Segmented([("values", tr("Values")), ("kept", tr("Kept"))], "values", tr("What the color says"))
        self.color.changed.connect(lambda _: self._recolor())
        self.key = PictureKey()
        self.controls.addWidget(self.color)
        self.controls.addStretch(1)
        self.controls.addWidget(self.key)
        self.plot = MaskPlot()
        self.plot.menu_requested.connect(lambda at: self.menu().popup(at))
        self.plot.looked_at.connect(self._look)
        self.inside.addWidget(self.plot, 1)
        self.facts = label("", "caption", "sec", wrap=True)
        self.inside.addWidget(self.facts)

    def question(self, subject: Subject) -> LayerPicture:
        self.title = tr("Mask of {layer}", layer=subject.layer)
        return LayerPicture(subject.model, subject.layer, "", self._area, subject.folder, subject.allowed)

    def forget_part(self) -> None:
        """Ask for the whole picture again: another layer or network is looked at."""
        self._area = None

    def _look(self, area: Area) -> None:
        self._area = area
        self.changed.emit()

    def say(self, text: str) -> None:
        super().say(text)
        self.key.setVisible(not text)
        if text:
            self._picture = self._planes = None

    def draw(self, value: Any, subject: Subject) -> str:
        picture, planes = WeightPicture.from_data(value), self._take(value["file"])
        if self._area is None:
            self._picture, self._planes = picture, planes
        self.plot.show_picture(picture, planes, values=self.color.value == "values")
        self.facts.setText(" · ".join(_told(picture)))
        self.plot.setAccessibleName(self.title)
        self.plot.setAccessibleDescription(self.facts.text())
        self._recolor()
        return sizes(picture.shape, picture.before)

    def _recolor(self) -> None:
        values = self.color.value == "values"
        self.plot.set_values(values)
        if self._picture is not None:
            removed = list(self._picture.shape) != list(self._picture.before)
            self.key.show_key(self._picture.limit if values else None, removed=removed)

    def rows(self) -> tuple[Sequence[str], Iterable[Sequence[Cell]]]:
        """A row a cell: where it begins, its value, and the shares that are kept and present."""
        if self._picture is None or self._planes is None:
            return (), ()
        return ("output", "column", "value", "kept", "present"), self._cells().tolist()

    def _cells(self) -> NDArray[np.float64]:
        if self._picture is None or self._planes is None:
            return np.zeros((0, 5))
        down, across = np.indices(self._planes.shape[1:])
        top, left = self._picture.area[:2]
        places = [top + down * self._picture.cell[0], left + across * self._picture.cell[1]]
        return np.stack([*places, *self._planes.astype(float)], axis=-1).reshape(-1, 5)

    def show_table(self) -> None:
        columns = [
            Column(tr("Output"), number), Column(tr("Input · kernel"), number), Column(tr("Weight"), significant),
            Column(tr("Kept"), percent), Column(tr("Present"), percent),
        ]  # fmt: skip
        ArrayTableDialog(self.title, self.facts.text(), columns, self._cells(), self).open()


def _told(picture: WeightPicture) -> list[str]:
    """What a cell is, and how much is gone."""
    kernel = math.prod(picture.before[2:])
    down, across = picture.cell
    if (down, across) == (1, 1):
        words = [tr("Outputs down, inputs across; each cell is one weight")]
    elif kernel > 1 and across % kernel == 0:
        kernels = number(down * across // kernel)
        words = [tr("Each cell is {kernels} kernels of {size} weights: the value farthest from 0, or the share kept",
                    kernels=kernels, size=number(kernel))]  # fmt: skip
    else:
        words = [tr("Each cell is {down} × {across} weights: the value farthest from 0, or the share kept",
                    down=number(down), across=number(across))]  # fmt: skip
    words.append(_gone(picture))
    if picture.others:
        words.append(plural(picture.others, "{count} more matrix is not shown", "{count} more matrices are not shown"))
    return words


def _gone(picture: WeightPicture) -> str:
    """How much is pruned, and how much is zero without that."""
    pruned, rounded = percent(picture.pruned, 1), percent(picture.zeros - picture.pruned, 1)
    if not picture.zeros:
        return tr("no weight is zero")
    if not picture.masked:
        return tr("{share} are zero", share=pruned)
    if not picture.pruned:
        return tr("none is pruned, {share} are zero", share=rounded)
    if picture.zeros > picture.pruned:
        return tr("{pruned} pruned, {zero} more are zero", pruned=pruned, zero=rounded)
    return tr("{share} pruned", share=pruned)

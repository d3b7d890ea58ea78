"""The weight of a layer as cells of a picture: where each stands, and its color."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from backend.answers import WeightPicture
from gui.theme import tokens

Image = NDArray[np.uint8]
Planes = NDArray[np.float32]
FEW = 4
"""Kernels of as many inputs stand in one row; those of several outputs then share a line of the picture."""
MIDDLE = 125
"""The color of 0; those of the ends of the scale stand at 0 and at twice as much."""
PRUNED, GAP, REMOVED = 253, 254, 255


@dataclass(frozen=True)
class Layout:
    """Where the weights of a picture stand: a kernel is a tile of ``tall`` × ``wide`` weights, a gap around it.

    Without tiles (``tall`` is 0) rows are outputs and columns inputs · kernel.
    """

    outputs: int
    inputs: int
    tall: int = 0
    wide: int = 0
    columns: int = 1
    """Outputs that stand side by side."""

    @property
    def width(self) -> int:
        return self.columns * self.inputs * (self.wide + 1) + (self.columns - 1) if self.tall else self.inputs

    @property
    def height(self) -> int:
        return math.ceil(self.outputs / self.columns) * (self.tall + 1) if self.tall else self.outputs


def layout_of(picture: WeightPicture) -> Layout:
    """Kernels as tiles where every weight is a cell; else the matrix."""
    outputs, inputs, *kernel = picture.before
    size = math.prod(kernel)
    if size == 1 or tuple(picture.cell) != (1, 1) or len(kernel) == 0:
        return Layout(outputs, inputs * size)
    tall, wide = math.prod(kernel[:-1]), kernel[-1]
    columns = 1
    if inputs <= FEW:  # about twice as wide as high
        columns = max(1, min(outputs, round(math.sqrt(2 * outputs * (tall + 1) / (inputs * (wide + 1))))))
    return Layout(outputs, inputs, tall, wide, columns)


def tiled(plane: Planes, layout: Layout, empty: float) -> Planes:
    """A plane of outputs × (inputs · kernel) as it stands in the picture; ``empty`` fills the gaps."""
    if not layout.tall:
        return plane
    rows = math.ceil(layout.outputs / layout.columns)
    across = layout.inputs * (layout.wide + 1)
    made = np.full((rows, layout.columns, layout.tall + 1, across + 1), empty, dtype=np.float32)
    tiles = np.full((layout.outputs, layout.inputs, layout.tall + 1, layout.wide + 1), empty, dtype=np.float32)
    tiles[:, :, : layout.tall, : layout.wide] = plane.reshape(layout.outputs, layout.inputs, layout.tall, layout.wide)
    made.reshape(rows * layout.columns, layout.tall + 1, across + 1)[: layout.outputs, :, :across] = tiles.transpose(
        0, 2, 1, 3
    ).reshape(layout.outputs, layout.tall + 1, across)
    return made.transpose(0, 2, 1, 3).reshape(rows * (layout.tall + 1), layout.columns * (across + 1))[
        :, : layout.width
    ]


def painted(planes: Planes, limit: float, *, values: bool) -> Image:
    """A number of :func:`palette` for each cell: ``values`` by their color, else by the share that is kept.

    What was removed is a checkered pattern; below 0 in the third plane are gaps.
    """
    value, kept, there = planes
    if values:
        made = (np.clip(value / (limit or 1.0), -1, 1) * MIDDLE + MIDDLE).round().astype(np.uint8)
        made[kept <= 0] = PRUNED
    else:
        made = (np.clip(kept, 0, 1) * 2 * MIDDLE).round().astype(np.uint8)
    gone = there <= 0
    if gone.any():
        rows, columns = (np.arange(size, dtype=np.int32) for size in there.shape)
        even = (rows[:, None] + columns) % 2 == 0
        made[gone & even], made[gone & ~even] = REMOVED, PRUNED
        made[there < 0] = GAP
    return made


def palette(*, values: bool) -> Image:
    """256 × RGB: blue over gray to orange, or from the background to blue; then what is no weight."""
    t = tokens()
    ends = (t.s1, t.line2, t.s2) if values else (t.panel, t.s1)
    steps = np.linspace(0, 2 * MIDDLE, len(ends))
    made = np.zeros((256, 3))
    for channel in range(3):
        made[: 2 * MIDDLE + 1, channel] = np.interp(
            np.arange(2 * MIDDLE + 1), steps, [_rgb(end)[channel] for end in ends]
        )
    for place, ink in ((PRUNED, t.panel), (GAP, t.sunken), (REMOVED, t.line2)):
        made[place] = _rgb(ink)
    return made.round().astype(np.uint8)


def _rgb(name: str) -> tuple[int, int, int]:
    ink = QColor(name)
    return ink.red(), ink.green(), ink.blue()

"""The weight of a layer as a picture: a cell a weight, or a cell for a block of them where there are too many."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import pad

from backend.evaluation.layer_weight import LayerWeight, kernel_sides

MOST = 512
"""Cells of a picture in one direction."""

Area = tuple[int, int, int, int]
"""First row, first column, rows, columns of the weight as outputs × (inputs · kernel)."""


@dataclass(frozen=True)
class Cells:
    """What is drawn of a weight.

    Attributes:
        planes: 3 × rows × columns, float32: the weight of a cell that is farthest from 0; the share of its weights
            that is not pruned (of those that were not removed); the share that was not removed with its channel.
        area: of the weight.
        cell: weights in a cell, down and across; a whole kernel or several where it is more than one weight.
    """

    planes: Tensor
    area: Area
    cell: tuple[int, int]


def cells(weight: LayerWeight, area: Area | None = None) -> Cells:
    """The picture of ``area``, of the whole weight if there is none; in the numbering before removal."""
    kernel = math.prod(weight.kernel)
    rows, columns = weight.outputs, weight.inputs * kernel
    top, left, height, width = area or (0, 0, rows, columns)
    top, left = min(max(0, top), rows - 1), min(max(0, left), columns - 1)
    height, width = min(max(1, height), rows - top), min(max(1, width), columns - left)
    cell = cell_size(height, width, weight.kernel)
    left -= left % (kernel if cell[1] > 1 else 1)
    width = min(width + kernel, columns - left) if cell[1] > 1 else width
    planes = _planes(weight, (top, left, height, width), cell)
    return Cells(planes, (top, left, height, width), cell)


def cell_size(rows: int, columns: int, kernel: Sequence[int]) -> tuple[int, int]:
    """Weights that a cell stands for, so that the picture has no more than ``MOST`` cells in a direction.

    Kernels are drawn as squares, one beside the other; those of few inputs in several columns.
    """
    tall, wide = kernel_sides(kernel)
    size = tall * wide
    across = math.ceil(columns / size) * wide
    if size > 1 and across <= MOST and math.ceil(rows / (MOST // across)) * tall <= MOST:
        return 1, 1
    if columns <= MOST:
        return math.ceil(rows / MOST), 1
    return math.ceil(rows / MOST), size * math.ceil(columns / size / MOST)


def _planes(weight: LayerWeight, area: Area, cell: tuple[int, int]) -> Tensor:
    """Rows and columns that were removed are put back, empty."""
    top, left, height, width = area
    kernel = math.prod(weight.kernel)
    rows = _places(weight.rows, top, height)
    columns = _places((weight.columns[:, None] * kernel + torch.arange(kernel)).flatten(), left, width)
    values = _blocks(_placed(weight.values.flatten(1), rows, columns), cell)
    kept = _blocks(_placed(weight.present(), rows, columns), cell).sum((1, 3))
    down, across = (
        [_blocks(known[:, None].float(), (size, 1)).sum((1, 2, 3)) for known in (where >= 0, torch.ones_like(where))]
        for where, size in ((rows, cell[0]), (columns, cell[1]))
    )
    there = torch.outer(down[0], across[0])
    high, low = values.amax((1, 3)), values.amin((1, 3))
    return torch.stack(
        [torch.where(-low > high, low, high), kept / there.clamp(min=1), there / torch.outer(down[1], across[1])]
    )


def _places(numbers: Tensor, first: int, count: int) -> Tensor:
    """For each of ``count`` numbers from ``first`` on: where it stands in ``numbers``, −1 if it does not."""
    places = torch.full((count,), -1)
    inside = ((numbers >= first) & (numbers < first + count)).nonzero().flatten()
    places[numbers[inside] - first] = inside
    return places


def _placed(matrix: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """The elements at ``rows`` × ``columns``; zeros where either is −1."""
    down, across = (rows >= 0).nonzero(), (columns >= 0).nonzero().flatten()
    if len(down) == len(rows) and len(across) == len(columns):  # nothing was removed: no copy
        return matrix[int(rows[0]) : int(rows[-1]) + 1, int(columns[0]) : int(columns[-1]) + 1]
    made = matrix.new_zeros(len(rows), len(columns))
    made[down, across] = matrix[rows[down], columns[across]]
    return made


def _blocks(matrix: Tensor, cell: tuple[int, int]) -> Tensor:
    """Rows × columns → cells down × rows of a cell × cells across × columns of a cell, filled up with zeros."""
    down, across = -matrix.shape[0] % cell[0], -matrix.shape[1] % cell[1]
    full = pad(matrix, (0, across, 0, down)) if down or across else matrix
    return full.reshape(full.shape[0] // cell[0], cell[0], full.shape[1] // cell[1], cell[1])

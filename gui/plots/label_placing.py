"""Finds room for the names of dots: beside their dot, over no other name, over as few dots as can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF

GAP = 7.0
"""Pixels between a dot's center and its name."""
NEAR = 5.0
"""A dot is touched within so many pixels."""


@dataclass(frozen=True)
class Label:
    """A name of ``size`` for the dot at (``x``, ``y``) that keeps ``gap`` pixels free around its center."""

    x: float
    y: float
    size: QSizeF
    gap: float = GAP


def placed(
    labels: Sequence[Label], dots: NDArray[np.float64], area: QRectF, taken: Sequence[QRectF] = ()
) -> list[QRectF | None]:
    """A place for each of ``labels`` in pixels, the first ones before the others; None where there is none.

    Args:
        labels: in the order of their importance.
        dots: 2×N, the centers of everything drawn.
        area: in which names may stand.
        taken: where something else stands.
    """
    found: list[QRectF | None] = []
    full = list(taken)
    for label in labels:
        inside = area.contains(label.x, label.y)
        free = [place for place in _places(label) if _free(place, area, full)] if inside else []
        best = min(free, key=lambda place: _touched(place, dots), default=None)
        found.append(best)
        if best is not None:
            full.append(best)
    return found


def corner_of(area: QRectF, size: QSizeF, dots: NDArray[np.float64]) -> QRectF:
    """The corner of ``area`` where something of ``size`` covers the fewest dots, the upper left one first."""
    right, low = area.right() - size.width(), area.bottom() - size.height()
    corners = [QPointF(x, y) for y in (area.top(), low) for x in (area.left(), right)]
    return min((QRectF(corner, size) for corner in corners), key=lambda place: _touched(place, dots))


def _places(label: Label) -> list[QRectF]:
    """Around the dot, the best first."""
    wide, high, gap = label.size.width(), label.size.height(), label.gap
    right, left, middle = label.x + gap, label.x - gap - wide, label.x - wide / 2
    below, above, beside = label.y + gap * 0.4, label.y - gap * 0.4 - high, label.y - high / 2
    corners = [
        (right, below), (right, above), (left, above), (middle, label.y - gap - high), (right, beside),
        (left, beside), (middle, label.y + gap), (left, below),
    ]  # fmt: skip
    return [QRectF(x, y, wide, high) for x, y in corners]


def _free(place: QRectF, area: QRectF, full: Sequence[QRectF]) -> bool:
    return area.contains(place) and not any(place.intersects(other) for other in full)


def _touched(place: QRectF, dots: NDArray[np.float64]) -> int:
    x, y = dots
    inside = (x > place.left() - NEAR) & (x < place.right() + NEAR) & (y > place.top() - NEAR / 2)
    return int(np.count_nonzero(inside & (y < place.bottom() + NEAR / 2)))

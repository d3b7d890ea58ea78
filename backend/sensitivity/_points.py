"""What to try: every layer, or group of layers, at every amount."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import torch
from torch import Tensor

from backend.sensitivity._base import Point

AMOUNTS = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Where nothing else is asked for."""


class Ranking(Protocol):
    """Parts of a network whose units are ranked, such as :class:`backend.pruning._target.Parts`."""

    def units(self) -> Mapping[str, int]:
        """Part → how many units it has."""

    def masks(self, removed: Mapping[str, int]) -> dict[str, Tensor]:
        """Parameter masks that prune so many of the least important units of each part."""


def part_points(parts: Ranking, amounts: Sequence[float] = AMOUNTS) -> list[Point]:
    """A point for every part and amount; one unit of each part stays, however large the amount."""
    return [
        point(parts, name, amount, count(amount, units)) for name, units in parts.units().items() for amount in amounts
    ]


def point(parts: Ranking, name: str, amount: float, removed: int) -> Point:
    """The point at which ``removed`` units, an ``amount`` of all, go from part ``name``."""
    return Point(name, amount, {key: _small(mask) for key, mask in parts.masks({name: removed}).items()})


def count(amount: float, units: int) -> int:
    """Units that go at ``amount``: one stays."""
    return min(round(amount * units), units - 1)


def _small(mask: Tensor) -> Tensor:
    """``mask`` in little memory, since all points wait together: one value a row where that is all it holds."""
    rows = mask[(slice(None), *[slice(1)] * (mask.dim() - 1))].clone().expand_as(mask)
    return rows if torch.equal(rows, mask) else mask.bool()

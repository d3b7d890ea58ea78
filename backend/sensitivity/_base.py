"""What is tried and what is read off."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from torch import Tensor

from backend.errors import Message


@dataclass(frozen=True)
class Point:
    """One thing to try: the network with every masked parameter multiplied by its mask.

    Attributes:
        target: name of a layer or a group of layers.
        amount: share of its units that the masks prune, 0…1.
        masks: parameter name (``conv1.weight``, ``bn1.bias``) → mask of the parameter's shape
            (1 keeps, 0 prunes).
    """

    target: str
    amount: float
    masks: Mapping[str, Tensor]

    def applied(self, name: str, parameter: Tensor) -> Tensor:
        """What becomes of one of the parameters that ``masks`` names."""
        return parameter * self.masks[name].to(parameter.device)

    @cached_property
    def key(self) -> str:
        """Hash of the masks."""
        digest = hashlib.sha256()
        for name, mask in sorted(self.masks.items()):
            digest.update(f"{name} {tuple(mask.shape)}".encode())
            digest.update(np.packbits(mask.detach().cpu().ne(0).numpy()).data)
        return digest.hexdigest()[:32]


BASELINE = Point("", 0.0, {})
"""The network as it is."""


@dataclass(frozen=True)
class Reading:
    """What the network scores at one point.

    Attributes:
        accuracy: percent, or the value of the data's own metric.
        loss: mean over the images.
        sqnr_db: of the network's output against the original's, see :mod:`backend.evaluation.sqnr`.
    """

    target: str
    amount: float
    accuracy: float
    loss: float
    sqnr_db: float

    def row(self) -> dict[str, float]:
        """The figures as JSON holds them."""
        return {"amount": self.amount, "accuracy": self.accuracy, "loss": self.loss, "sqnr_db": self.sqnr_db}


@dataclass(frozen=True)
class Scan:
    """What a scan found.

    Attributes:
        baseline: the network as it is; its target is empty.
        readings: one for each point, in the points' order.
        images: how many were looked at.
        notes: what a person should know of how it was measured.
    """

    baseline: Reading
    readings: tuple[Reading, ...]
    images: int
    notes: tuple[Message, ...] = ()

    def targets(self) -> dict[str, list[dict[str, Any]]]:
        """Target → rows in ascending amounts."""
        found: dict[str, list[dict[str, Any]]] = {}
        for reading in sorted(self.readings, key=lambda r: r.amount):
            found.setdefault(reading.target, []).append(reading.row())
        return found

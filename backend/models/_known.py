"""Torchvision's architectures by the names and shapes of their weights, known without building one.

``resources/architectures.json`` holds what ``resources/make_architectures.py`` found out. A checkpoint that is not in
it is compared with every architecture instead, which takes seconds.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from backend.models._torchvision import AUXILIARY
from resources.paths import resource

FILE = "architectures.json"
COUNTER = "num_batches_tracked"
"""BatchNorm's step counter; old checkpoints lack it and nothing of inference needs it."""

Shapes = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Known:
    """An architecture's name, and how many classes a checkpoint of it was made for."""

    name: str
    num_classes: int


def known(shapes: Shapes) -> Known | None:
    """The architecture that has exactly these names and, its last layer aside, these shapes."""
    shapes = {key: shape for key, shape in shapes.items() if not key.endswith(COUNTER)}
    plain = {key: shape for key, shape in shapes.items() if not key.startswith(AUXILIARY)}
    for held in (shapes, plain):
        row = _table().get(of_names(held))
        name = row["designs"].get(of_shapes(held, row["head"])) if row is not None else None
        if row is not None and name is not None:
            return Known(name, held[row["head"][0]][0])
    return None


def plausible(name: str, shapes: Shapes) -> bool:
    """Whether a checkpoint of these names may be like torchvision's ``name``: it has the first weight of it."""
    first = next((row["first"] for row in _table().values() if name in row["designs"].values()), None)
    return first is None or first in shapes


def of_names(names: Iterable[str]) -> str:
    return _short("\n".join(sorted(names)))


def of_shapes(shapes: Shapes, without: Iterable[str]) -> str:
    left = set(without)
    return _short("\n".join(f"{key} {tuple(shapes[key])}" for key in sorted(shapes) if key not in left))


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@functools.cache
def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = json.loads(resource(FILE).read_text(encoding="utf-8"))
    return table

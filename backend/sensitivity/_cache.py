"""What earlier scans of the same weights on the same images found.

One file for a network and its images. In it a reading is found by its masks, so by what the method and
its settings chose, whatever those are: a change of the method, its settings or the data it looked at is
noticed, and two methods that choose the same share a reading.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from backend import FORMAT
from backend.datasets._base import Data, PartName
from backend.files import write_json
from backend.sensitivity._base import Point, Reading

FOLDER = "sensitivity"
"""In the workspace."""


class Cache:
    """Readings by their masks, on disk.

    Args:
        path: the file; a damaged one counts as empty. Without one, readings are kept in memory.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._rows = {} if path is None else _rows(path)

    @classmethod
    def of(cls, workspace: Path, module: nn.Module, data: Data, part: PartName = "validation") -> Cache:
        """The cache of ``module`` on ``part`` of ``data``, which :func:`limited` has cut already."""
        key = hashlib.sha256(f"{network_key(module)} {data_key(data, part)}".encode()).hexdigest()
        return cls(workspace / FOLDER / f"{key[:32]}.json")

    def __contains__(self, point: Point) -> bool:
        return point.key in self._rows

    def __getitem__(self, point: Point) -> Reading:
        return replace(self._rows[point.key], target=point.target, amount=point.amount)

    def put(self, points: Iterable[Point], readings: Iterable[Reading]) -> None:
        """Keep what was read at ``points``, in their order.

        Raises:
            CompressionError: the file can't be written.
        """
        self._rows |= {point.key: reading for point, reading in zip(points, readings, strict=True)}
        if self._path is not None:
            write_json(self._path, {"pare": FORMAT, "rows": {key: asdict(row) for key, row in self._rows.items()}})


def network_key(module: nn.Module) -> str:
    """Hash of what a network computes: its classes (a person's file is in their name), settings and weights."""
    digest = hashlib.sha256()
    for name, part in module.named_modules():
        kind = type(part)
        digest.update(f"{name} {kind.__module__}.{kind.__qualname__} {part.extra_repr()}\n".encode())
    for name, value in module.state_dict().items():
        digest.update(name.encode())
        if isinstance(value, Tensor):
            _add(digest, value)
    return digest.hexdigest()


def data_key(data: Data, part: PartName) -> str:
    """Hash of the images of one part, their labels and how they are normalized."""
    digest = hashlib.sha256(repr((part, data.mean, data.std, data.metric is None)).encode())
    _add(digest, data.parts[part].images)
    _add(digest, data.parts[part].labels)
    return digest.hexdigest()


def _add(digest: Any, value: Tensor) -> None:
    digest.update(f"{value.dtype} {tuple(value.shape)}".encode())
    digest.update(value.detach().cpu().contiguous().numpy().data)


def _rows(path: Path) -> dict[str, Reading]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["pare"] != FORMAT:
            return {}
        return {key: _reading(row) for key, row in data["rows"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _reading(row: dict[str, Any]) -> Reading:
    # JSON has no NaN: what could not be told stands as null.
    known: dict[str, Any] = {key: float("nan") if value is None else value for key, value in row.items()}
    return Reading(**known)

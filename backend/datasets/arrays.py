"""Arrays in an .npz file."""

from __future__ import annotations

from pathlib import Path

from backend.cancel import Cancel
from backend.datasets._arrays import read_npz
from backend.datasets._base import Progress, Raw, Source
from backend.paths import found
from backend.recipe import DataSpec


def read(spec: DataSpec, folder: Path, progress: Progress, cancel: Cancel) -> Raw:
    return read_npz(found(spec.root or "", folder))


METHOD = Source(
    id="arrays",
    label="Arrays (.npz)",
    summary="An .npz file with x_train, y_train, x_test and y_test, and classes if there are names.",
    read=read,
    needs=("root",),
)

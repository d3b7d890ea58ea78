"""UCI's handwritten digits, bundled: 1,442 training and 355 test images."""

from __future__ import annotations

from pathlib import Path

from backend.cancel import Cancel
from backend.datasets._arrays import read_npz
from backend.datasets._base import Progress, Raw, Source
from backend.recipe import DataSpec
from resources.paths import resource


def read(spec: DataSpec, folder: Path, progress: Progress, cancel: Cancel) -> Raw:
    return read_npz(resource("samples/digits.npz"))


METHOD = Source(
    id="digits",
    label="Digits",
    summary="1,797 handwritten digits (UCI), bundled: gray, 28×28, ten classes.",
    read=read,
    input_shape=(1, 28, 28),
)

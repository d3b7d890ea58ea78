"""The network and the images that questions are about, kept so that they are read once."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
from torch import Tensor

from backend.cancel import Cancel
from backend.checkpoint import read_mask
from backend.datasets import open_data
from backend.datasets._base import Data, Progress
from backend.errors import CompressionError, Message, msg
from backend.files import writing
from backend.models import open_network, place
from backend.network import Network
from backend.paths import found
from backend.recipe import DataSpec, ModelSpec

IMAGES = 64
"""No question looks at more images of a part."""
PATIENCE = 3.0
"""Seconds that reading them may take."""


def opened(spec: ModelSpec, folder: Path, allowed: Mapping[str, str]) -> Network:
    """The network ``spec`` names; the last two asked for are kept. Questions only read it."""
    files = [folder / name for name in (spec.weights, spec.file) if name]
    return _read(_key(spec, folder, allowed, files))


def mask_of(spec: ModelSpec, folder: Path, layer: str) -> Tensor | None:
    """The mask of the layer's weight that a run left beside its network; None where there is none."""
    if spec.source != "pare" or spec.weights is None:
        return None
    return read_mask(place(found(spec.weights, folder)), f"{layer}.weight")


def calibration(spec: DataSpec, folder: Path, seed: int, allowed: Mapping[str, str]) -> Data:
    """A few images of each part of what ``spec`` describes; the last ones asked for are kept.

    Raises:
        CompressionError: they can't be read, or not at once.
    """
    files = [folder / name for name in (spec.root, spec.file) if name]
    return _images(_key(spec, folder, allowed, files), seed)


def _key(spec: ModelSpec | DataSpec, folder: Path, allowed: Mapping[str, str], files: list[Path]) -> str:
    changed = [file.stat().st_mtime_ns if file.exists() else 0 for file in files]
    return json.dumps([spec.to_data(), str(folder), dict(allowed), changed], sort_keys=True)


@lru_cache(maxsize=2)
def _read(key: str) -> Network:
    spec, folder, allowed, _ = json.loads(key)
    return open_network(ModelSpec.from_data(spec), Path(folder), allowed=allowed)


@lru_cache(maxsize=1)
def _images(key: str, seed: int) -> Data:
    spec, folder, allowed, _ = json.loads(key)
    asked = DataSpec.from_data(spec)
    few = dataclasses.replace(asked, limit=min(IMAGES, asked.limit or IMAGES))
    return open_data(few, Path(folder), seed, _impatient(), Cancel(), allowed=allowed)


def _impatient() -> Progress:
    """Ends a download, or the reading of very many files: a person waits for the answer."""
    begun = time.monotonic()

    def progress(done: float, total: float, text: Message) -> None:
        if time.monotonic() - begun > PATIENCE:
            raise CompressionError(
                msg("Reading the images takes too long to show activations here."),
                msg("Choose data that lies on this computer in one file."),
            )

    return progress


def array_file(name: str, values: Tensor) -> None:
    """Write ``values`` to the .npy file ``name``, whole or not at all."""
    with writing(Path(name)) as part, part.open("wb") as file:
        np.save(file, values.numpy(), allow_pickle=False)

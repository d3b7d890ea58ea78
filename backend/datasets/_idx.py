"""Reads the idx files of MNIST and its relatives (http://yann.lecun.com/exdb/mnist)."""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from backend.cancel import Cancel
from backend.datasets._arrays import Array, read_npz
from backend.datasets._base import Part, Progress, Raw
from backend.datasets._folders import absent, cache
from backend.download import download
from backend.errors import CompressionError, msg
from backend.models._torchvision import torchvision
from backend.paths import found
from backend.recipe import DataSpec

FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


def reader(
    dataset: str, mean: float, std: float, classes: tuple[str, ...]
) -> Callable[[DataSpec, Path, Progress, Cancel], Raw]:
    """A source's ``read`` for the torchvision class ``dataset`` (``MNIST``, ``FashionMNIST``)."""

    def read(spec: DataSpec, folder: Path, progress: Progress, cancel: Cancel) -> Raw:
        if spec.root is None:
            root = _downloaded(dataset, progress, cancel)
        else:
            root = found(spec.root, folder)
        if root.suffix == ".npz":
            raw = read_npz(root)
            return Raw(raw.train, raw.test, classes, (mean,), (std,), notes=raw.notes)
        files = [_find(root, dataset, name) for name in FILES]
        train, test = _part(files[0], files[1], cancel), _part(files[2], files[3], cancel)
        return Raw(train, test, classes, (mean,), (std,))

    return read


def _part(images: Path, labels: Path, cancel: Cancel) -> Part:
    cancel.check()
    pixels, numbers = read_idx(images), read_idx(labels)
    if pixels.ndim != 3 or numbers.ndim != 1:
        raise CompressionError(
            msg("{images} and {labels} do not hold images and their labels.", images=images.name, labels=labels.name),
            msg("Check whether two files have exchanged their names."),
        )
    return Part(torch.from_numpy(pixels).unsqueeze(1), torch.from_numpy(numbers).long())


def read_idx(path: Path) -> Array:
    """The array in an idx file of unsigned bytes, packed with gzip or not.

    Raises:
        CompressionError: it is cut off, or something else.
    """
    try:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError, zlib.error) as error:
        raise _damaged(path, f"{type(error).__name__}: {error}") from error
    if len(content) < 4 or content[:3] != b"\0\0\x08":
        raise CompressionError(
            msg("{path} is not one of the original files: it does not begin like an idx file.", path=str(path)),
            msg("Copy or download the file again."),
        )
    header = 4 + 4 * content[3]
    if len(content) < header:
        raise _damaged(path)
    shape = struct.unpack(f">{content[3]}I", content[4:header])
    values = np.frombuffer(content, np.uint8, offset=header)
    if values.size != math.prod(shape):
        raise _damaged(path)
    return values.reshape(shape).copy()


def _damaged(path: Path, details: str = "") -> CompressionError:
    return CompressionError(
        msg("{path} is cut off or damaged.", path=str(path)), msg("Copy or download the file again."), details=details
    )


def _find(root: Path, dataset: str, name: str) -> Path:
    """The file ``name`` below ``root``: beside it, or in torchvision's layout, packed or not."""
    folder = root if root.is_dir() else root.parent
    for place in (folder, folder / "raw", folder / dataset / "raw", folder / dataset):
        for spelled in (name, name.replace("-idx", ".idx")):
            for file in (place / spelled, place / f"{spelled}.gz"):
                if file.is_file():
                    return file
    raise absent(folder, f"{name}.gz")


def _downloaded(dataset: str, progress: Progress, cancel: Cancel) -> Path:
    """The folder that holds the files, downloaded where they are not there yet."""
    kind: Any = getattr(torchvision().datasets, dataset)
    raw = cache() / dataset / "raw"
    for name, md5 in kind.resources:
        file = raw / name
        if not file.is_file() and not file.with_suffix("").is_file():
            download([mirror + name for mirror in kind.mirrors], file, md5=md5, progress=progress, cancel=cancel)
    return raw

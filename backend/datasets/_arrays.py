"""Reads .npz archives of arrays, and makes parts of arrays."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from backend.datasets._base import Part, Raw
from backend.errors import CompressionError, Message, msg

NEEDED = ("x_train", "y_train", "x_test", "y_test")
Array = NDArray[Any]


def read_npz(path: Path) -> Raw:
    """The arrays ``x_train y_train x_test y_test`` and, where given, ``classes`` of an .npz.

    uint8 images are N×H×W×C (or N×H×W) and are divided by 255 when a batch is made; float values
    stay as they are. Mean and std are those of uint8 training images, or 0 and 1 for floats.

    Raises:
        CompressionError: no such archive, a missing array, pickled objects inside, a type that is no number.
    """
    arrays = load_npz(path)
    missing = [name for name in NEEDED if name not in arrays]
    if missing:
        raise CompressionError(
            msg("{path} lacks {missing}; it holds {present}.", path=str(path), missing=", ".join(missing),
                present=", ".join(arrays) or "nothing"),
            msg("Name the arrays x_train, y_train, x_test and y_test."),
        )  # fmt: skip
    notes: list[Message] = []
    train = part_of(arrays["x_train"], arrays["y_train"], notes)
    test = part_of(arrays["x_test"], arrays["y_test"], [])
    mean, std = moments(train.images)
    return Raw(train, test, _classes(arrays, train, test), mean, std, notes=tuple(notes))


def load_npz(path: Path) -> dict[str, Array]:
    """Every array of the archive; nothing in it is unpickled."""
    try:
        with open(path, "rb") as file:
            if file.read(6) == b"\x93NUMPY":
                raise CompressionError(
                    msg("{path} is a single array (.npy), not an archive of arrays.", path=str(path)),
                    msg("Save x_train, y_train, x_test and y_test together with numpy.savez."),
                )
            if not zipfile.is_zipfile(file):
                raise zipfile.BadZipFile
            file.seek(0)
            with np.load(file, allow_pickle=False) as archive:
                return {name: archive[name] for name in archive.files}
    except ValueError as error:
        if "Object arrays" in str(error):
            raise CompressionError(
                msg("{path} holds pickled objects, which Pare doesn't run.", path=str(path)),
                msg("Save plain arrays of numbers with numpy.savez."),
                details=str(error),
            ) from error
        raise _damaged(path, error) from error
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error, KeyError) as error:
        raise _damaged(path, error) from error


def part_of(images: Array, labels: Array, notes: list[Message]) -> Part:
    """Images and labels as tensors, N×C×H×W (or N×features)."""
    return Part(_images(images, notes), label_tensor(labels))


def label_tensor(labels: Array) -> Tensor:
    """Class numbers as int64; a column becomes a row, one-hot rows become their index."""
    if labels.dtype.kind not in "iufb":
        raise CompressionError(
            msg("The labels are of the type {type}, not numbers.", type=str(labels.dtype)),
            msg("Number the classes from 0 on."),
        )
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim == 2 and np.isin(labels, (0, 1)).all() and (labels.sum(1) == 1).all():
        labels = labels.argmax(1)
    if labels.dtype.kind == "f" and not (np.isfinite(labels) & (labels == np.round(labels))).all():
        return torch.tensor(labels, dtype=torch.float32)
    return torch.tensor(labels.astype(np.int64))


def moments(images: Tensor) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation per channel of uint8 images in 0…1; 0 and 1 for floats."""
    if images.dtype != torch.uint8 or images.dim() != 4:
        return (0.0,), (1.0,)
    flat = images.transpose(0, 1).flatten(1)
    means, stds = [], []
    for channel in flat:
        counts = torch.bincount(channel, minlength=256).double()
        values = torch.arange(256, dtype=torch.float64) / 255
        mean = float((counts * values).sum() / counts.sum())
        variance = float((counts * (values - mean) ** 2).sum() / counts.sum())
        means.append(round(mean, 4))
        stds.append(round(variance**0.5, 4) or 1.0)
    return tuple(means), tuple(stds)


def channels_first(images: Tensor) -> Tensor:
    """N×H×W×C to N×C×H×W with the usual strides.

    ``contiguous()`` is not enough: with one channel it keeps strides that a convolution takes for
    channels-last, and ``x.view(…)`` after it then fails.
    """
    count, height, width, channels = images.shape
    return torch.empty((count, channels, height, width), dtype=images.dtype).copy_(images.permute(0, 3, 1, 2))


def _images(images: Array, notes: list[Message]) -> Tensor:
    if images.dtype.kind not in "iufb":
        raise CompressionError(
            msg("The images are of the type {type}, not numbers.", type=str(images.dtype)),
            msg("Save images as uint8 or float32 arrays."),
        )
    if images.dtype.kind in "iub" and images.dtype != np.uint8:
        images = _bytes(images)
    tensor = torch.tensor(images if images.dtype == np.uint8 else images.astype(np.float32))
    if tensor.dim() == 3:
        return tensor.unsqueeze(1)
    if tensor.dim() != 4:
        return tensor
    pictures = tensor.dtype == torch.uint8
    first = tensor.shape[1] in (1, 3)
    if tensor.shape[3] in (1, 3, *([4] if pictures else [])) and (pictures or not first):
        return channels_first(tensor)
    if pictures and first:
        notes.append(msg("The images were taken as count × channels × height × width."))
    return tensor


def _bytes(images: Array) -> Array:
    if images.size and (images.min() < 0 or images.max() > 255):
        raise CompressionError(
            msg("The images are whole numbers from {low} to {high}.", low=int(images.min()), high=int(images.max())),
            msg("Save them as uint8 from 0 to 255, or as floats."),
        )
    return images.astype(np.uint8)


def _classes(arrays: dict[str, Array], train: Part, test: Part) -> tuple[str, ...]:
    if "classes" in arrays:
        names = arrays["classes"].ravel()
        return tuple(n.decode("utf-8", "replace") if isinstance(n, bytes) else str(n) for n in names)
    highest = max(int(part.labels.max()) if part.labels.numel() else 0 for part in (train, test))
    return tuple(str(i) for i in range(highest + 1))


def _damaged(path: Path, error: Exception) -> CompressionError:
    return CompressionError(
        msg("{path} can't be read as an archive of arrays (.npz).", path=str(path)),
        msg("Check that the file is complete, or save it again with numpy.savez."),
        details=f"{type(error).__name__}: {error}",
    )

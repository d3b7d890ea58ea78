"""A person's own function that returns the data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from backend.cancel import Cancel
from backend.datasets._arrays import channels_first
from backend.datasets._base import Part, Progress, Raw, Source
from backend.errors import CompressionError, msg
from backend.paths import found
from backend.python_file import load_file, member, running
from backend.recipe import DataSpec


def read(spec: DataSpec, folder: Path, progress: Progress, cancel: Cancel) -> Raw:
    """Call the function: ``function() -> (train, test)`` or ``(train, test, metric)``.

    ``train`` and ``test`` are data sets of (image, label), or pairs of tensors or arrays (images, labels).
    Images are C×H×W (uint8 is divided by 255) or PIL's; ``metric(outputs, targets) -> float``, higher
    is better, is for tasks that are not classification. :func:`backend.datasets.open_data` has asked
    for consent before.
    """
    path = found(spec.file or "", folder)
    function = member(load_file(path), spec.function, path, "function")
    with running(path):
        made = function()
    if not isinstance(made, (tuple, list)) or len(made) not in (2, 3):
        raise _wrong(spec, path)
    metric: Callable[[Tensor, Tensor], float] | None = made[2] if len(made) == 3 else None
    train = _part(made[0], path, progress, cancel)
    test = _part(made[1], path, progress, cancel)
    return Raw(train, test, _classes(made[0], train, test, metric is None), (0.0,), (1.0,), metric)


def _part(held: Any, path: Path, progress: Progress, cancel: Cancel) -> Part:
    if isinstance(held, torch.utils.data.TensorDataset) and len(held.tensors) == 2:
        held = held.tensors
    if isinstance(held, (tuple, list)) and len(held) == 2 and all(isinstance(h, (Tensor, np.ndarray)) for h in held):
        return Part(_values(held[0]), _labels(torch.as_tensor(held[1])))
    if not hasattr(held, "__getitem__") or not hasattr(held, "__len__"):
        raise CompressionError(
            msg("{path} returned an object of type {type}, not a data set.", path=str(path), type=type(held).__name__),
            msg("Return data sets with a length and items (image, label)."),
        )
    return _collected(held, path, progress, cancel)


def _collected(held: Any, path: Path, progress: Progress, cancel: Cancel) -> Part:
    """Every item of a data set, stacked."""
    images: list[Tensor] = []
    labels: list[Tensor] = []
    with running(path):
        for i in range(len(held)):
            cancel.check()
            if i % 256 == 0:
                progress(i, len(held), msg("Reading the data"))
            image, label = held[i]
            images.append(_image(image))
            labels.append(torch.as_tensor(label))
    shapes = {tuple(image.shape) for image in images}
    if len(shapes) > 1:
        one, other = sorted(shapes)[:2]
        raise CompressionError(
            msg("{path} returned images of different shapes, {one} and {other}.", path=str(path), one=str(one),
                other=str(other)),
            msg("Bring all images to one size in the function."),
        )  # fmt: skip
    if not images:
        return Part(torch.empty(0, 1), torch.empty(0, dtype=torch.int64))
    return Part(_values(torch.stack(images)), _labels(torch.stack(labels)))


def _image(image: Any) -> Tensor:
    """C×H×W; PIL's pictures have their channels last."""
    if isinstance(image, (Tensor, np.ndarray)):
        return torch.as_tensor(image)
    pixels = torch.from_numpy(np.array(image))
    return pixels.unsqueeze(0) if pixels.dim() == 2 else channels_first(pixels.unsqueeze(0))[0]


def _values(images: Tensor | np.ndarray[Any, Any]) -> Tensor:
    tensor = torch.as_tensor(images)
    return tensor if tensor.dtype == torch.uint8 else tensor.float()


def _labels(labels: Tensor) -> Tensor:
    return labels.float() if labels.is_floating_point() else labels.long()


def _classes(held: Any, train: Part, test: Part, sorts: bool) -> tuple[str, ...]:
    if not sorts:
        return ()
    names = getattr(held, "classes", None)
    if names:
        return tuple(str(name) for name in names)
    highest = max((int(p.labels.max()) for p in (train, test) if p.labels.numel()), default=0)
    return tuple(str(i) for i in range(highest + 1))


def _wrong(spec: DataSpec, path: Path) -> CompressionError:
    return CompressionError(
        msg("{function} in {path} did not return two data sets.", function=str(spec.function), path=str(path)),
        msg("Return (train, test), or (train, test, metric)."),
    )


METHOD = Source(
    id="python",
    label="Python function",
    summary="A function of your own that returns training and test data, and a metric if accuracy does not fit.",
    read=read,
    needs=("file", "function"),
)

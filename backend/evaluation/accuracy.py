"""Accuracy and loss over one part of the data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.datasets._base import Data, PartName
from backend.errors import CompressionError, msg
from backend.evaluation._mode import evaluating

BATCH = 256
"""Images a batch where nothing else is asked for; the figures do not depend on it."""


@dataclass(frozen=True)
class Scores:
    """What a network scores.

    Attributes:
        accuracy: percent of labels told right, or the value of the data's own metric.
        loss: mean cross entropy (mean squared error where the targets are no classes); NaN where the
            outputs hold NaN.
        count: images looked at.
    """

    accuracy: float
    loss: float
    count: int


def evaluate(
    module: nn.Module,
    data: Data,
    part: PartName,
    *,
    device: torch.device | str = "cpu",
    batch_size: int | None = None,
    cancel: Cancel | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Scores:
    """Score ``module`` on ``part`` of ``data`` in evaluation mode; its modes are put back afterwards.

    Args:
        module: on ``device``.
        data: normalized by itself.
        part: ``validation`` for a choice, ``test`` for a report.
        device: where the batches are put.
        batch_size: images a batch.
        cancel: checked at every batch.
        progress: ``progress(images done, images in all)`` after every batch.

    Raises:
        CompressionError: the network does not fit the data (input shape, number of classes).
    """
    total = len(data.parts[part])
    right = count = 0
    loss = 0.0
    kept: list[tuple[Tensor, Tensor]] = []
    with evaluating(module), torch.inference_mode():
        for images, labels in data.batches(part, batch_size or BATCH, device=device):
            if cancel is not None:
                cancel.check()
            outputs = forward(module, images)
            loss += float(summed_loss(outputs, labels))
            count += len(labels)
            if data.metric is not None:
                kept.append((outputs.cpu(), labels.cpu()))
            else:
                right += int((outputs.argmax(1) == labels).sum())
            if progress is not None:
                progress(count, total)
    if data.metric is not None and kept:
        accuracy = float(data.metric(torch.cat([o for o, _ in kept]), torch.cat([t for _, t in kept])))
    else:
        accuracy = 100.0 * right / max(count, 1)
    return Scores(accuracy, loss / max(count, 1), count)


def forward(module: nn.Module, images: Tensor) -> Tensor:
    """The outputs for a batch.

    Raises:
        CompressionError: the network can't take images of that shape, or does not return a tensor.
    """
    try:
        outputs = module(images)
    except (RuntimeError, ValueError, IndexError) as error:
        if isinstance(error, torch.OutOfMemoryError) or "not enough memory" in str(error):
            raise MemoryError from error
        raise CompressionError(
            msg("The network can't take images of shape {shape}.", shape="×".join(map(str, images.shape[1:]))),
            msg("Choose data whose images have the network's input shape, or another network."),
            details=str(error),
        ) from error
    if not isinstance(outputs, Tensor):
        raise CompressionError(
            msg("The network returns a {type} where one tensor is needed.", type=type(outputs).__name__),
            msg("Make the network's forward return its outputs alone."),
        )
    return outputs


def summed_loss(outputs: Tensor, labels: Tensor) -> Tensor:
    """Sum of the loss over a batch, in float64 so that the batch size does not show.

    Raises:
        CompressionError: a label lies outside the network's classes.
    """
    if labels.is_floating_point():
        return F.mse_loss(outputs.double().reshape(labels.shape), labels.double(), reduction="none").sum() / max(
            labels[0].numel(), 1
        )
    classes = outputs.shape[1] if outputs.dim() > 1 else 0
    low, high = int(labels.min()), int(labels.max())
    if low < 0 or high >= classes:
        raise CompressionError(
            msg(
                "The data has the label {label}, but the network tells {classes} classes apart.",
                label=low if low < 0 else high,
                classes=classes,
            ),
            msg("Choose the data the network was made for, or set num_classes of the model."),
        )
    return F.cross_entropy(outputs.double(), labels, reduction="sum")

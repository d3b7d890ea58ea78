"""Cuts the four parts. What is drawn depends on the labels and the seed alone."""

from __future__ import annotations

import torch
from torch import Tensor

from backend.datasets._base import Part, PartName
from backend.errors import CompressionError, msg

VALIDATION = 5000
CALIBRATION = 512
"""At most so many images; never more than a tenth of the training images, at least one of each class."""
FEWEST = 10


def cut(train: Part, test: Part | None, seed: int, limit: int | None) -> dict[PartName, Part]:
    """The four parts: validation and calibration (and the test, if there is none) leave ``train``.

    Every part holds the classes in the shares of the whole. ``limit`` is the most images of each part.

    Raises:
        CompressionError: there are too few images to cut.
    """
    if len(train) < FEWEST:
        raise CompressionError(
            msg("The data has {count} training images, too few to cut validation off.", count=len(train)),
            msg("Give at least {fewest}.", fewest=FEWEST),
        )
    generator = torch.Generator().manual_seed(seed)
    if test is None:
        train, test = _split(train, len(train) // 5, generator)
    classes = len(torch.unique(train.labels)) if _sorts(train.labels) else 1
    share = max(len(train) // 10, min(classes, len(train) // 4))
    train, validation = _split(train, min(VALIDATION, share), generator)
    train, calibration = _split(train, min(CALIBRATION, share), generator)
    parts: dict[PartName, Part] = {
        "train": train, "validation": validation, "calibration": calibration, "test": test,
    }  # fmt: skip
    if limit is None:
        return parts
    return {name: _split(part, limit, generator)[1] for name, part in parts.items()}


def stratified(labels: Tensor, count: int, generator: torch.Generator) -> Tensor:
    """``count`` indices in ascending order, drawn so that each class keeps its share.

    Float targets and targets of more than one number have no classes and are drawn evenly.
    """
    count = min(count, len(labels))
    drawn = torch.randperm(len(labels), generator=generator)
    if not _sorts(labels):
        return drawn[:count].sort().values
    order = drawn[labels[drawn].sort(stable=True).indices]
    _, sizes = torch.unique(labels, return_counts=True)
    quotas = _quotas(sizes, count)
    rank = torch.arange(len(labels)) - torch.repeat_interleave(sizes.cumsum(0) - sizes, sizes)
    return order[rank < torch.repeat_interleave(quotas, sizes)].sort().values


def _quotas(sizes: Tensor, count: int) -> Tensor:
    """``count`` shared out in proportion to ``sizes`` by largest remainder, one each where there is enough."""
    exact = sizes.double() * count / sizes.sum()
    quotas = exact.floor().long()
    if count >= len(sizes):
        quotas = quotas.clamp(min=1)
    while (left := count - int(quotas.sum())) != 0:
        gap = exact - quotas
        if left > 0:
            open_ = torch.where(quotas < sizes, gap, float("-inf"))
            quotas[open_.argmax()] += 1
        else:
            quotas[torch.where(quotas > 1, gap, float("inf")).argmin()] -= 1
    return quotas


def _split(part: Part, count: int, generator: torch.Generator) -> tuple[Part, Part]:
    """What stays and what is taken."""
    taken = stratified(part.labels, count, generator)
    stays = torch.ones(len(part), dtype=torch.bool)
    stays[taken] = False
    return part.select(stays), part.select(taken)


def _sorts(labels: Tensor) -> bool:
    return labels.dim() == 1 and not labels.is_floating_point()

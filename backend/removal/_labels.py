"""Label tensors: which removable channel each element of a tensor belongs to.

A label tensor has the shape of the tensor it speaks of. Its entries are int64 numbers of channels; the
sign says whether the element is zero once its channel is silenced (positive) or not (negative).
Dimensions along which nothing changes have stride 0, so that the label tensor of an activation of any
size holds about as many numbers as there are channels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import torch
from torch import Tensor

from backend.errors import Message


class Labels:
    """Hands out labels, and notes which of them go together and which have to stay."""

    def __init__(self) -> None:
        self.count = 0
        self.operation: tuple[str, str] = ("", "")
        """What is at work, and in which module: whatever is tied now is tied by that."""
        self._pairs: list[Tensor] = []
        self._by: list[tuple[str, str]] = []
        self._pins: list[tuple[Tensor, Message]] = []

    def fresh(self, *shape: int) -> Tensor:
        """New labels, from 1 on, one for each element of ``shape``."""
        size = torch.Size(shape).numel()
        made = torch.arange(self.count + 1, self.count + size + 1).view(shape)
        self.count += size
        return made

    def tie(self, one: Tensor, other: Tensor) -> None:
        """Elements of the two (broadcast) tensors that stand at the same place go together."""
        one, other = torch.broadcast_tensors(one, other)
        pairs = torch.stack([dense.flatten().abs() for dense in compact(one, other)])
        self._pairs.append(pairs[:, pairs[0] != pairs[1]])
        self._by.append(self.operation)

    def ties(self) -> Iterator[tuple[tuple[str, str], Tensor]]:
        """(operation, module) and the pairs it tied (2 × edges), in order."""
        return zip(self._by, self._pairs, strict=True)

    def pin(self, labels: Tensor, why: Message) -> None:
        """These have to stay."""
        self._pins.append((compact(labels)[0].flatten().abs().unique(), why))

    def components(self) -> tuple[Tensor, dict[int, Message]]:
        """Which labels go together, and which of them have to stay.

        Returns:
            The smallest label that goes with each label (index 0 is unused), and such smallest labels of those
            that stay with the first reason that was given.
        """
        parts = torch.arange(self.count + 1)
        if self._pairs:
            merge(parts, torch.cat(self._pairs, dim=1))
        pinned: dict[int, Message] = {}
        for labels, why in self._pins:
            for part in parts[labels].unique().tolist():
                pinned.setdefault(part, why)
        return parts, pinned


def merge(parts: Tensor, pairs: Tensor) -> None:
    """Connected components, in place: every label points at the smallest that it hangs together with.

    Args:
        parts: label → a label it hangs together with, itself at first.
        pairs: 2 × edges.
    """
    while True:
        ends = parts[pairs]
        loose = ends[0] != ends[1]
        if not bool(loose.any()):
            return
        pairs, ends = pairs[:, loose], ends[:, loose]
        low, high = ends.min(dim=0).values, ends.max(dim=0).values
        parts.scatter_reduce_(0, high, low, "amin")
        while True:
            further = parts[parts]
            if torch.equal(further, parts):
                break
            parts.copy_(further)


def varying(labels: Tensor) -> list[int]:
    """Dimensions along which the labels change."""
    return [dim for dim, (size, stride) in enumerate(zip(labels.shape, labels.stride(), strict=True))
            if size > 1 and stride]  # fmt: skip


def compact(*labels: Tensor) -> list[Tensor]:
    """The tensors (of one shape) with only the dimensions along which any of them changes."""
    kept = {dim for each in labels for dim in varying(each)}
    return [flat(each, (dim for dim in range(each.dim()) if dim not in kept)) for each in labels]


def flat(labels: Tensor, dims: Iterable[int]) -> Tensor:
    """The labels at index 0 of ``dims``, which keep the length 1."""
    for dim in dims:
        labels = labels.narrow(dim, 0, min(1, labels.shape[dim]))
    return labels


def compressed(labels: Tensor) -> Tensor:
    """The same labels with stride 0 wherever they do not change."""
    shape = labels.shape
    if labels.numel():
        for dim in varying(labels):
            first = labels.narrow(dim, 0, 1)
            if bool((compact(labels)[0] == compact(first)[0]).all()):
                labels = first
    return labels.expand(shape)


def along(labels: Tensor, dim: int) -> Tensor:
    """The labels along one dimension, where they change along no other."""
    return flat(labels, (d for d in range(labels.dim()) if d != dim)).flatten()


def spread(labels: Tensor, dim: int, shape: Sequence[int]) -> Tensor:
    """A row of labels laid along ``dim`` of a tensor of ``shape``."""
    row = [1] * len(shape)
    row[dim] = -1
    return labels.view(row).expand(*shape)


def positive(labels: Tensor) -> Tensor:
    """The same channels, all zero once silenced."""
    return compact(labels)[0].abs().expand(labels.shape)

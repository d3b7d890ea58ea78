"""Batches from images in memory: one index, one normalization, no Python per image."""

from __future__ import annotations

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from backend.datasets._base import Data, PartName

KEPT_BYTES = 2**30
"""A part whose normalized images take no more than this is normalized once and kept."""
PADDING = 4
SHIFT = 2


def batches(
    data: Data,
    part: PartName,
    batch_size: int,
    generator: torch.Generator | None,
    device: torch.device | str,
) -> Iterator[tuple[Tensor, Tensor]]:
    """Images (normalized float32) and labels of ``part``; see :meth:`backend.datasets._base.Data.batches`.

    The tensors are the caller's own: writing into them leaves the data as it is.
    """
    return ((images, labels) for images, labels, _ in indexed(data, part, batch_size, generator, device))


def indexed(
    data: Data,
    part: PartName,
    batch_size: int,
    generator: torch.Generator | None,
    device: torch.device | str,
) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """The same, and where in ``part`` each image stands (int64, on the CPU)."""
    labels = data.parts[part].labels
    fetch = _Fetch(data, part, torch.device(device))
    augment = data.spec.augment and part == "train" and generator is not None
    order = None if generator is None else torch.randperm(len(labels), generator=generator)
    for start in range(0, len(labels), batch_size):
        index = slice(start, start + batch_size) if order is None else order[start : start + batch_size]
        images = fetch(index)
        places = torch.arange(start, start + len(images)) if isinstance(index, slice) else index
        if augment and generator is not None:
            images = augmented(images, fetch.black, generator)
        yield images, labels[index].to(device, copy=True), places


class _Fetch:
    """Normalized images by index; ``black`` is what a pixel of 0 becomes."""

    def __init__(self, data: Data, part: PartName, device: torch.device) -> None:
        self.images = data.parts[part].images
        self.device = device
        shape = (1, -1, *[1] * (self.images.dim() - 2))
        self.mean = torch.tensor(data.mean, device=device).view(shape)
        self.std = torch.tensor(data.std, device=device).view(shape)
        self.black = -self.mean / self.std
        self.kept = self._keep(data.ready, f"{part} on {device}")

    def __call__(self, index: slice | Tensor) -> Tensor:
        if self.kept is not None:
            on_device = index if isinstance(index, slice) else index.to(self.device)
            return self.kept[on_device].clone() if isinstance(index, slice) else self.kept[on_device]
        return self._normalized(self.images[index])

    def _keep(self, ready: dict[str, Tensor], key: str) -> Tensor | None:
        if 4 * self.images.numel() > KEPT_BYTES:
            return None
        if key not in ready:
            ready[key] = self._normalized(self.images)
        return ready[key]

    def _normalized(self, images: Tensor) -> Tensor:
        """A new float32 tensor."""
        images = images.to(self.device)
        scaled = images.float().div_(255) if images.dtype == torch.uint8 else images.to(torch.float32, copy=True)
        return scaled.sub_(self.mean).div_(self.std)


def augmented(images: Tensor, black: Tensor, generator: torch.Generator) -> Tensor:
    """Randomly moved images, filled with black.

    Color images (3 channels) by up to 4 pixels and mirrored half of the time, as is usual for CIFAR;
    gray ones by up to 2 pixels, since a mirrored digit is another sign. What has no height and
    width is returned as it is.

    Args:
        images: N×C×H×W.
        black: 1×C×1×1.
        generator: on the CPU.
    """
    if images.dim() != 4:
        return images
    count, channels, height, width = images.shape
    color = channels == 3
    margin = PADDING if color else SHIFT
    padded = F.pad(images - black, (margin, margin, margin, margin))
    top, left = torch.randint(0, 2 * margin + 1, (2, count, 1), generator=generator).unbind(0)
    rows = top + torch.arange(height)
    columns = left + torch.arange(width)
    if color:
        mirrored = torch.rand(count, 1, generator=generator) < 0.5
        columns = torch.where(mirrored, columns.flip(1), columns)
    device = images.device
    picked = padded[
        torch.arange(count, device=device).view(-1, 1, 1, 1),
        torch.arange(channels, device=device).view(1, -1, 1, 1),
        rows.to(device).view(count, 1, -1, 1),
        columns.to(device).view(count, 1, 1, -1),
    ]
    return picked + black

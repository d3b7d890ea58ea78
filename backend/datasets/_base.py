"""What a source of data is, and the four parts that never mix."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor

from backend.cancel import Cancel
from backend.description import Method
from backend.errors import Message
from backend.recipe import DataSpec

PartName = Literal["train", "validation", "calibration", "test"]
Progress = Callable[[float, float, Message], None]
"""``progress(done, total, text)``."""
Metric = Callable[[Tensor, Tensor], float]
"""``metric(outputs, targets) -> float`` over a whole part, higher is better; replaces accuracy in percent."""


@dataclass(frozen=True)
class Part:
    """Images and labels held in memory.

    Attributes:
        images: N×C×H×W (or N×features), uint8 (0–255, divided by 255 when a batch is made) or float32.
        labels: N, int64 (or float targets where the data has a metric of its own).
    """

    images: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)

    def select(self, index: Tensor) -> Part:
        return Part(self.images[index], self.labels[index])


@dataclass(frozen=True)
class Raw:
    """What a source reads, before it is cut and normalized.

    ``test`` is None where the source has no test images of its own; a fifth of ``train`` is cut off then.
    """

    train: Part
    test: Part | None
    classes: tuple[str, ...]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    metric: Metric | None = None
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Source(Method):
    """A source of data.

    Attributes:
        read: ``read(spec, folder, progress, cancel) -> Raw``. ``folder`` is what relative paths in
            the recipe are relative to; ``progress(done, total, text)`` reports a download.
        input_shape: C×H×W if it is always the same.
        needs: which of ``root``, ``file``, ``function`` the person must give, for the form.
    """

    read: Callable[[DataSpec, Path, Progress, Cancel], Raw]
    input_shape: tuple[int, ...] | None = None
    needs: tuple[str, ...] = ()
    downloads: bool = False

    def traits(self) -> dict[str, Any]:
        return {
            "input_shape": list(self.input_shape) if self.input_shape else None,
            "needs": list(self.needs),
            "downloads": self.downloads,
        }


@dataclass(frozen=True)
class Data:
    """Four parts that never mix: validation and calibration are cut from train; test is only reported.

    Attributes:
        parts: ``train``, ``validation``, ``calibration``, ``test``.
        spec: the resolved description (mean, std filled in).
        classes: class names, in the order of the labels.
        input_shape: C×H×W.
    """

    parts: Mapping[PartName, Part]
    spec: DataSpec
    classes: tuple[str, ...]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    metric: Metric | None = None
    notes: tuple[Message, ...] = field(default=())
    ready: dict[str, Tensor] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Normalized images by part and device, kept by :meth:`batches` where they are small enough."""

    @property
    def input_shape(self) -> tuple[int, ...]:
        return tuple(self.parts["test"].images.shape[1:])

    def count(self, part: PartName, batch_size: int) -> int:
        """How many batches :meth:`batches` will give."""
        return -(-len(self.parts[part]) // batch_size)

    def batches(
        self,
        part: PartName,
        batch_size: int | None = None,
        *,
        generator: torch.Generator | None = None,
        device: torch.device | str = "cpu",
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """Normalized float32 images and labels, batch by batch.

        Args:
            part: which part.
            batch_size: images a batch; the recipe's by default.
            generator: shuffles (and augments, for ``train`` where the recipe says so) with it; in
                order without one.
            device: where the batch is put.
        """
        from backend.datasets._batches import batches

        return batches(self, part, batch_size or self.spec.batch_size, generator, device)

    def indexed_batches(
        self,
        part: PartName,
        batch_size: int | None = None,
        *,
        generator: torch.Generator | None = None,
        device: torch.device | str = "cpu",
    ) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
        """What :meth:`batches` gives, and where in ``part`` each image stands (int64, on the CPU)."""
        from backend.datasets._batches import indexed

        return indexed(self, part, batch_size or self.spec.batch_size, generator, device)

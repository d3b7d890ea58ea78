"""What a learning-rate schedule is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from backend.description import Method


@dataclass(frozen=True, kw_only=True)
class SchedulerMethod(Method):
    """A learning-rate schedule.

    Attributes:
        build: ``build(optimizer, steps, rate)`` for a stage of ``steps`` batches with the learning
            rate ``rate``; it is stepped after every batch.
        judges: it is stepped after every epoch instead, with the accuracy on validation images in percent.
    """

    build: Callable[[Optimizer, int, float], LRScheduler]
    judges: bool = False

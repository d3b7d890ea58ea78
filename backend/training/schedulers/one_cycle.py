"""torch.optim.lr_scheduler.OneCycleLR."""

from __future__ import annotations

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler, OneCycleLR

from backend.training.schedulers._base import SchedulerMethod


def build(optimizer: Optimizer, steps: int, rate: float) -> LRScheduler:
    return OneCycleLR(optimizer, max_lr=rate, total_steps=max(2, steps))


METHOD = SchedulerMethod(
    id="one_cycle",
    label="One-cycle",
    summary="Raises the learning rate to its value and lowers it again; fast for few epochs (Smith 2018).",
    build=build,
)

"""torch.optim.lr_scheduler.ConstantLR."""

from __future__ import annotations

from torch.optim import Optimizer
from torch.optim.lr_scheduler import ConstantLR, LRScheduler

from backend.training.schedulers._base import SchedulerMethod


def build(optimizer: Optimizer, steps: int, rate: float) -> LRScheduler:
    return ConstantLR(optimizer, factor=1.0)


METHOD = SchedulerMethod(
    id="constant",
    label="Constant",
    summary="Keeps the learning rate as it is.",
    when="For an epoch or two, or to see what the learning rate alone does.",
    build=build,
)

"""torch.optim.lr_scheduler.ExponentialLR."""

from __future__ import annotations

from torch.optim import Optimizer
from torch.optim.lr_scheduler import ExponentialLR, LRScheduler

from backend.training.schedulers._base import SchedulerMethod

LEFT = 0.01
"""Share of the learning rate that is left at the end."""


def build(optimizer: Optimizer, steps: int, rate: float) -> LRScheduler:
    return ExponentialLR(optimizer, gamma=LEFT ** (1 / max(1, steps)))


METHOD = SchedulerMethod(
    id="exponential",
    label="Exponential",
    summary="Lowers the learning rate by the same factor after every batch, to a hundredth of it at the end.",
    when="When training shall slow down early: its second half trains with less than a tenth of the rate.",
    build=build,
)

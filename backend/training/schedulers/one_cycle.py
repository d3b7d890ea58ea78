"""torch.optim.lr_scheduler.OneCycleLR."""

from __future__ import annotations

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler, OneCycleLR

from backend.description import Reference
from backend.training.schedulers._base import SchedulerMethod


def build(optimizer: Optimizer, steps: int, rate: float) -> LRScheduler:
    inert = "betas" not in optimizer.defaults and not optimizer.defaults.get("momentum")
    return OneCycleLR(optimizer, max_lr=rate, total_steps=max(2, steps), cycle_momentum=not inert)


METHOD = SchedulerMethod(
    id="one_cycle",
    label="One-cycle",
    summary="Raises the learning rate to its value and lowers it again; fast for few epochs (Smith 2018).",
    when="For few epochs at a large learning rate, as after heavy pruning or from scratch.",
    reference=Reference(
        authors="Smith",
        title="A Disciplined Approach to Neural Network Hyper-Parameters: Part 1",
        year=2018,
        link="arXiv:1803.09820",
    ),
    build=build,
)

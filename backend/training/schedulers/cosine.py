"""torch.optim.lr_scheduler.CosineAnnealingLR."""

from __future__ import annotations

from torch.optim import Optimizer
from torch.optim.lr_scheduler import CosineAnnealingLR, LRScheduler

from backend.description import Reference
from backend.training.schedulers._base import SchedulerMethod


def build(optimizer: Optimizer, steps: int, rate: float) -> LRScheduler:
    return CosineAnnealingLR(optimizer, T_max=max(1, steps))


METHOD = SchedulerMethod(
    id="cosine",
    label="Cosine",
    summary="Lowers the learning rate to zero along a cosine (Loshchilov and Hutter 2017).",
    when="A safe choice for any number of epochs: it ends with small steps, which settle the weights.",
    reference=Reference(
        authors="Loshchilov and Hutter",
        title="SGDR: Stochastic Gradient Descent with Warm Restarts",
        year=2017,
        link="arXiv:1608.03983",
    ),
    build=build,
)

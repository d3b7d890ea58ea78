"""torch.optim.lr_scheduler.MultiStepLR."""

from __future__ import annotations

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler, MultiStepLR

from backend.description import Reference
from backend.training.schedulers._base import SchedulerMethod


def build(optimizer: Optimizer, steps: int, rate: float) -> LRScheduler:
    return MultiStepLR(optimizer, milestones=[-(-steps // 2), -(-3 * steps // 4)], gamma=0.1)


METHOD = SchedulerMethod(
    id="multi_step",
    label="Multi-step",
    summary="Divides the learning rate by ten after half and after three quarters of the stage.",
    when="For longer trainings from scratch, as residual networks are trained on CIFAR-10.",
    reference=Reference(
        authors="He, Zhang, Ren and Sun",
        title="Deep Residual Learning for Image Recognition",
        year=2016,
        link="arXiv:1512.03385",
    ),
    build=build,
)

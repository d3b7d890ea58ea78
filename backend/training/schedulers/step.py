"""torch.optim.lr_scheduler.StepLR."""

from __future__ import annotations

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler, StepLR

from backend.training.schedulers._base import SchedulerMethod


def build(optimizer: Optimizer, steps: int, rate: float) -> LRScheduler:
    return StepLR(optimizer, step_size=max(1, -(-steps // 3)), gamma=0.1)


METHOD = SchedulerMethod(
    id="step",
    label="Step",
    summary="Divides the learning rate by ten after each third of the stage.",
    when="For longer trainings, when results shall be compared with older papers that trained so.",
    build=build,
)

"""torch.optim.lr_scheduler.LinearLR."""

from __future__ import annotations

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LinearLR, LRScheduler

from backend.training.schedulers._base import SchedulerMethod


def build(optimizer: Optimizer, steps: int, rate: float) -> LRScheduler:
    return LinearLR(optimizer, start_factor=1.0, end_factor=0.0, total_iters=max(1, steps))


METHOD = SchedulerMethod(
    id="linear",
    label="Linear",
    summary="Lowers the learning rate to zero in a straight line.",
    when="For fine-tuning, most of all of transformers and after a warm-up.",
    build=build,
)

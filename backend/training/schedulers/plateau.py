"""torch.optim.lr_scheduler.ReduceLROnPlateau."""

from __future__ import annotations

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler, ReduceLROnPlateau

from backend.training.schedulers._base import SchedulerMethod

EPOCHS = 3
"""So many epochs without a better accuracy are a plateau."""


def build(optimizer: Optimizer, steps: int, rate: float) -> LRScheduler:
    return ReduceLROnPlateau(
        optimizer, mode="max", factor=0.1, patience=EPOCHS - 1, threshold=0.0, threshold_mode="abs"
    )


METHOD = SchedulerMethod(
    id="plateau",
    label="On plateau",
    summary="Divides the learning rate by ten when accuracy on validation images has not risen for three epochs.",
    when="For long trainings whose length is not known beforehand; goes well with early stopping.",
    build=build,
    judges=True,
)

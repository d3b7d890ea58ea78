"""The learning rate over a training: warm-up, then the schedule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch.optim import Optimizer

from backend.registry import method
from backend.training.schedulers._base import SchedulerMethod


class Rates:
    """Sets the rate of an optimizer at every batch.

    In the first ``warm`` batches it rises linearly to the rate that the schedule begins with, batch t (from 1)
    training with t ÷ warm of it (Goyal et al. 2017, "Accurate, large minibatch SGD", section 2.2); the schedule
    shares out the batches that are left.

    Args:
        optimizer: whose rate it is.
        settings: of the train stage: ``scheduler``, ``learning_rate`` and, in epochs, ``warmup``.
        batches: of the training.
        per_epoch: batches of one epoch.
    """

    def __init__(self, optimizer: Optimizer, settings: Mapping[str, Any], batches: int, per_epoch: int) -> None:
        found = method("scheduler", settings["scheduler"])
        if not isinstance(found, SchedulerMethod):
            raise TypeError(settings["scheduler"])
        self._optimizer, self._judges = optimizer, found.judges
        self._warm, self._done = min(batches - 1, round(settings["warmup"] * per_epoch)), 0
        self._scheduler = found.build(optimizer, batches - self._warm, settings["learning_rate"])
        self._first = [group["lr"] for group in optimizer.param_groups]
        self._warm_up()

    @property
    def now(self) -> float:
        """The rate of the next batch."""
        return float(self._optimizer.param_groups[0]["lr"])

    def after_batch(self) -> None:
        """The optimizer has stepped."""
        self._done += 1
        if self._done <= self._warm:
            self._warm_up()
        elif not self._judges:
            self._scheduler.step()

    def after_epoch(self, accuracy: float) -> None:
        """An epoch is over, with this ``accuracy`` on validation images."""
        if self._judges and self._done > self._warm:
            self._scheduler.step(accuracy)  # type: ignore[arg-type]

    def state_dict(self) -> dict[str, Any]:
        return {"done": self._done, "scheduler": self._scheduler.state_dict()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        self._done = state["done"]
        self._scheduler.load_state_dict(state["scheduler"])

    def _warm_up(self) -> None:
        if self._warm:
            share = min(1.0, (self._done + 1) / self._warm)
            for group, rate in zip(self._optimizer.param_groups, self._first, strict=True):
                group["lr"] = rate * share

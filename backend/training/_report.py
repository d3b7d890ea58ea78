"""What the fit loop tells."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from backend.errors import CompressionError, Repair, msg
from backend.events import Emit, Metric, Progress

REPORT_SECONDS = 0.1
"""Loss and running accuracy are reported this often, not at every batch."""


class Report:
    """Turns batches into a few events a second. A batch costs it next to nothing: what was seen is
    kept, and looked at when it is reported.

    Args:
        index: the stage's, for events.
        rate: the learning rate that was asked for, for the repair where the loss becomes infinite.
        per_epoch: batches of one epoch.
        batches: of all rounds together.
        emit: receives ``loss`` and its parts, ``train_accuracy``, ``learning_rate``, ``accuracy`` (validation).
    """

    def __init__(self, index: int, rate: float, per_epoch: int, batches: int, emit: Emit) -> None:
        self._rate = rate
        self._index, self._per_epoch, self._batches, self._emit = index, per_epoch, batches, emit
        self._step = 0
        self._last = time.monotonic()
        self._seen: list[tuple[Mapping[str, Tensor], Tensor, Tensor]] = []

    def batch(self, losses: Mapping[str, Tensor], outputs: Tensor, labels: Tensor, rate: float) -> None:
        """One batch was trained on.

        Raises:
            CompressionError: the loss is NaN or infinite.
        """
        self._step += 1
        self._seen.append((losses, outputs, labels))
        now = time.monotonic()
        if now - self._last < REPORT_SECONDS and self._step < self._batches:
            return
        self._last = now
        self._tell(rate)
        self._seen = []

    def validation(self, accuracy: float) -> None:
        """An epoch ended with this accuracy on validation images."""
        self._metric("accuracy", accuracy)

    def state_dict(self) -> dict[str, Any]:
        return {"step": self._step}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        self._step = state["step"]

    def _tell(self, rate: float) -> None:
        losses, outputs, labels = zip(*self._seen, strict=True)
        means = {name: float(torch.stack([each[name] for each in losses]).mean()) for name in losses[0]}
        mean = sum(means.values())
        if not math.isfinite(mean):
            raise CompressionError(
                msg("The loss became infinite at step {step} of the training.", step=self._step),
                msg("Lower the learning rate, for example to a tenth."),
                repair=Repair(
                    msg("A tenth of the learning rate"),
                    {f"stages.{self._index}.train.learning_rate": float(f"{self._rate / 10:.6g}")},
                ),
            )
        self._metric("loss", mean)
        for name, part in means.items() if len(means) > 1 else ():
            self._metric(f"loss_{name}", part)
        self._metric("learning_rate", rate)
        truth = torch.cat(labels)
        if not truth.is_floating_point():
            self._metric("train_accuracy", 100.0 * float((torch.cat(outputs).argmax(1) == truth).float().mean()))
        epoch, epochs = (-(-step // self._per_epoch) for step in (self._step, self._batches))
        text = msg("Epoch {epoch} of {epochs}", epoch=epoch, epochs=epochs)
        self._emit(Progress(self._index, self._step, self._batches, text))

    def _metric(self, name: str, value: float) -> None:
        self._emit(Metric(self._index, name, self._step, value))

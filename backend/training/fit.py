"""The fit loop."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.lr_scheduler import LRScheduler

from backend.cancel import Cancel
from backend.errors import CompressionError, msg
from backend.evaluation.accuracy import evaluate
from backend.events import Emit, Metric, Progress
from backend.registry import method
from backend.session import Session
from backend.training.loss import task_loss
from backend.training.optimizers._base import OptimizerMethod
from backend.training.schedulers._base import SchedulerMethod

REPORT_SECONDS = 0.1
"""Loss and running accuracy are reported this often, not at every batch."""


def fit(
    session: Session,
    settings: Mapping[str, Any],
    parameters: list[nn.Parameter],
    index: int,
    emit: Emit,
    cancel: Cancel,
) -> None:
    """Train ``session.network`` on the train part; pruned weights stay exactly zero.

    Args:
        session: network, masks and data.
        settings: of the train stage, all of them; learning rate and batch size are chosen.
        parameters: what may move.
        index: the stage's index, for events.
        emit: receives loss, running accuracy, learning rate, and validation accuracy after each epoch.
        cancel: checked at every batch.

    Raises:
        CompressionError: the loss became NaN or infinite, or a batch is too small to normalize over.
    """
    data, module = session.data, session.network.module
    batch_size = settings["batch_size"]
    per_epoch = data.count("train", batch_size)
    optimizer, scheduler = build_optimizer(settings, parameters, per_epoch * settings["epochs"])
    held = [(module.get_parameter(name), mask.to(session.device)) for name, mask in session.masks.items()]
    report = _Report(index, per_epoch, settings["epochs"], emit)
    for _ in range(settings["epochs"]):
        _training(module, parameters)
        for images, labels in data.batches("train", batch_size, generator=session.generator, device=session.device):
            cancel.check()
            outputs = _outputs(module, images)
            loss = task_loss(outputs, labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            scheduler.step()
            if held:
                with torch.no_grad():
                    for weight, mask in held:
                        weight.mul_(mask)
            report.batch(loss.detach(), outputs.detach(), labels, scheduler)
        module.eval()
        report.validation(evaluate(module, data, "validation", device=session.device, cancel=cancel).accuracy)


def build_optimizer(
    settings: Mapping[str, Any], parameters: list[nn.Parameter], steps: int
) -> tuple[torch.optim.Optimizer, LRScheduler]:
    """Optimizer and schedule of a train stage for ``steps`` batches."""
    scheduler_method = method("scheduler", settings["scheduler"])
    if not isinstance(scheduler_method, SchedulerMethod):
        raise TypeError(settings["scheduler"])
    optimizer = _optimizer(settings["optimizer"]).build(parameters, settings)
    return optimizer, scheduler_method.build(optimizer, steps, settings["learning_rate"])


def usual_rate(optimizer: str) -> float:
    """The learning rate that is used with ``optimizer`` where the recipe names none."""
    return _optimizer(optimizer).learning_rate


def _optimizer(id: str) -> OptimizerMethod:
    found = method("optimizer", id)
    if not isinstance(found, OptimizerMethod):
        raise TypeError(id)
    return found


def _training(module: nn.Module, parameters: list[nn.Parameter]) -> None:
    """Training mode, but for normalization that may not move: its running statistics are part of it."""
    module.train()
    moving = {id(p) for p in parameters}
    for part in module.modules():
        own = list(part.parameters(recurse=False))
        if own and hasattr(part, "running_mean") and not any(id(p) in moving for p in own):
            part.eval()


def _outputs(module: nn.Module, images: Tensor) -> Tensor:
    try:
        outputs: Tensor = module(images)
    except ValueError as error:
        if len(images) > 1 or "more than 1 value" not in str(error):
            raise
        raise CompressionError(
            msg("A batch of one image is too small for the normalization layers of this network to learn from."),
            msg("Choose another batch size, one that leaves no single image over."),
            details=str(error),
        ) from error
    return outputs


class _Report:
    """Turns batches into a few events a second. A batch costs it next to nothing: what was seen is
    kept, and looked at when it is reported."""

    def __init__(self, index: int, per_epoch: int, epochs: int, emit: Emit) -> None:
        self._index, self._per_epoch, self._epochs, self._emit = index, per_epoch, epochs, emit
        self._step = 0
        self._last = time.monotonic()
        self._seen: list[tuple[Tensor, Tensor, Tensor]] = []

    def batch(self, loss: Tensor, outputs: Tensor, labels: Tensor, scheduler: LRScheduler) -> None:
        self._step += 1
        self._seen.append((loss, outputs, labels))
        now = time.monotonic()
        if now - self._last < REPORT_SECONDS and self._step < self._per_epoch * self._epochs:
            return
        self._last = now
        self._tell(float(scheduler.get_last_lr()[0]))
        self._seen = []

    def _tell(self, rate: float) -> None:
        losses, outputs, labels = zip(*self._seen, strict=True)
        mean = float(torch.stack(losses).mean())
        if not math.isfinite(mean):
            raise CompressionError(
                msg("The loss became infinite at step {step} of the training.", step=self._step),
                msg("Lower the learning rate, for example to a tenth."),
            )
        self._metric("loss", mean)
        self._metric("learning_rate", rate)
        truth = torch.cat(labels)
        if not truth.is_floating_point():
            self._metric("train_accuracy", 100.0 * float((torch.cat(outputs).argmax(1) == truth).float().mean()))
        epoch = min(self._epochs, (self._step - 1) // self._per_epoch + 1)
        text = msg("Epoch {epoch} of {epochs}", epoch=epoch, epochs=self._epochs)
        self._emit(Progress(self._index, self._step, self._per_epoch * self._epochs, text))

    def validation(self, accuracy: float) -> None:
        self._metric("accuracy", accuracy)

    def _metric(self, name: str, value: float) -> None:
        self._emit(Metric(self._index, name, self._step, value))

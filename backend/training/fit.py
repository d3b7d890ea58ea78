"""The fit loop."""

from __future__ import annotations

import copy
import itertools
import math
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.lr_scheduler import LRScheduler

from backend.cancel import Cancel
from backend.errors import CompressionError, Repair, msg
from backend.evaluation.accuracy import evaluate
from backend.events import Emit, Metric, Progress
from backend.recipe import Stage
from backend.registry import method
from backend.session import Session
from backend.training._during import During
from backend.training._precision import FULL, Precision
from backend.training.distillation._teaching import Teaching
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
    during: Sequence[Stage] = (),
) -> None:
    """Train ``session.network`` on the train part; pruned weights stay exactly zero.

    Args:
        session: network, masks and data; where ``during`` removes channels, its network is another afterwards.
        settings: of the train stage, all of them; learning rate, batch size and precision are chosen.
        parameters: what may move.
        index: the stage's index, for events.
        emit: receives the loss (and its parts, where it has several), running accuracy, learning rate, and
            validation accuracy after each epoch.
        cancel: checked at every batch.
        during: stages that act while the weights move.

    Raises:
        CompressionError: the loss became NaN or infinite, or a batch is too small to normalize over.
    """
    _Fit(session, settings, parameters, index, emit, cancel, during).carry_out()


class _Fit:
    """One train stage at work."""

    def __init__(
        self,
        session: Session,
        settings: Mapping[str, Any],
        parameters: list[nn.Parameter],
        index: int,
        emit: Emit,
        cancel: Cancel,
        during: Sequence[Stage],
    ) -> None:
        self._session, self._cancel = session, cancel
        moving = {id(p) for p in parameters}
        self._frozen = [p for p in session.network.module.parameters() if id(p) not in moving]
        self._batch_size = settings["batch_size"]
        self._per_epoch = session.data.count("train", self._batch_size)
        self._batches = self._per_epoch * settings["epochs"]
        self._during = During(session, during, self._batches, self._per_epoch, index, emit, cancel)
        self._module, self._parameters = self._during.module, [*parameters, *self._during.parameters]
        distill = settings.get("distill")
        self._label_weight, self._teaching = 1.0, None
        if distill is not None:
            self._label_weight = float(distill["label_weight"])
            self._teaching = Teaching(session, distill, self._module, self._during.tap, index, emit, cancel)
        added = [*self._during.parameters, *(self._teaching.parameters if self._teaching else [])]
        self._optimizer, self._scheduler = build_optimizer(settings, parameters, self._batches, added)
        self._precision = Precision(settings.get("precision", FULL), session.device)
        self._report = _Report(index, settings["learning_rate"], self._per_epoch, self._during.batches, emit)
        self._save_at = self._during.rewind if self._during.rounds else -1
        self._early: list[dict[str, Any]] = []

    def carry_out(self) -> None:
        try:
            self._carry_out()
        finally:
            if self._teaching is not None:
                self._teaching.close()

    def _carry_out(self) -> None:
        self._during.begin()
        accuracy = self._train(0)
        for _ in range(self._during.rounds):
            self._during.next_round(accuracy)
            self._rewind()
            accuracy = self._train(self._during.rewind)
        self._during.finish()

    def _train(self, done: int) -> float:
        """Train from batch ``done`` to the last; the validation accuracy then."""
        session, accuracy = self._session, math.nan
        while done < self._batches:
            _training(self._module, self._parameters)
            batches = session.data.indexed_batches(
                "train", self._batch_size, generator=session.generator, device=session.device
            )
            for images, labels, places in itertools.islice(batches, self._per_epoch - done % self._per_epoch):
                self._cancel.check()
                if done == self._save_at:
                    self._save()
                self._batch(images, labels, places)
                done += 1
            self._module.eval()
            accuracy = self._validated()
        return accuracy

    def _validated(self) -> float:
        """The validation accuracy, told where pruning has not done so after this very batch."""
        if self._during.accuracy is not None:
            return self._during.accuracy
        data, device = self._session.data, self._session.device
        accuracy = evaluate(self._module, data, "validation", device=device, cancel=self._cancel).accuracy
        self._report.validation(accuracy)
        return accuracy

    def _losses(self, images: Tensor, outputs: Tensor, labels: Tensor, places: Tensor) -> dict[str, Tensor]:
        """The parts that the loss is the sum of: the labels', and the teacher's where there is one; float32."""
        loss = task_loss(outputs, labels)
        if self._teaching is None:
            return {"labels": loss}
        taught = self._teaching.losses(images, outputs, labels, places, self._precision)
        return {"labels": loss.mul(self._label_weight), **taught}

    def _batch(self, images: Tensor, labels: Tensor, places: Tensor) -> None:
        watching = self._teaching.watching() if self._teaching is not None else nullcontext()
        with self._precision.computing(), watching:
            outputs = _outputs(self._module, images).float()
        parts = self._losses(images, outputs, labels, places)
        loss = torch.stack(list(parts.values())).sum()
        self._optimizer.zero_grad()
        usable = self._precision.backward(loss, self._optimizer)
        for parameter in self._frozen:  # the optimizer does not know it, and gradients would add up
            parameter.grad = None
        if usable:
            self._during.after_backward()
        self._precision.step(self._optimizer)
        if usable:
            self._scheduler.step()
        told = {name: part.detach() for name, part in parts.items()}
        self._report.batch(told, outputs.detach(), labels, self._scheduler)
        self._during.after_step()

    def _save(self) -> None:
        """Remember what the later rounds begin with."""
        self._early = copy.deepcopy([part.state_dict() for part in self._parts()])
        self._save_at = -1

    def _rewind(self) -> None:
        """Put weights, optimizer and learning rate back to the early batch; what is pruned stays zero."""
        for part, state in zip(self._parts(), self._early, strict=True):
            part.load_state_dict(copy.deepcopy(state))
        self._during.hold()

    def _parts(self) -> tuple[Any, ...]:
        return self._module, self._optimizer, self._scheduler


def build_optimizer(
    settings: Mapping[str, Any],
    parameters: list[nn.Parameter],
    steps: int,
    undecayed: Sequence[nn.Parameter] = (),
) -> tuple[torch.optim.Optimizer, LRScheduler]:
    """Optimizer and schedule of a train stage for ``steps`` batches; ``undecayed`` train without weight decay."""
    scheduler_method = method("scheduler", settings["scheduler"])
    if not isinstance(scheduler_method, SchedulerMethod):
        raise TypeError(settings["scheduler"])
    optimizer = _optimizer(settings["optimizer"]).build(parameters, settings)
    if undecayed:
        optimizer.add_param_group({"params": list(undecayed), "weight_decay": 0.0})
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

    def __init__(self, index: int, rate: float, per_epoch: int, batches: int, emit: Emit) -> None:
        self._rate = rate
        self._index, self._per_epoch, self._batches, self._emit = index, per_epoch, batches, emit
        self._step = 0
        self._last = time.monotonic()
        self._seen: list[tuple[Mapping[str, Tensor], Tensor, Tensor]] = []

    def batch(self, losses: Mapping[str, Tensor], outputs: Tensor, labels: Tensor, scheduler: LRScheduler) -> None:
        self._step += 1
        self._seen.append((losses, outputs, labels))
        now = time.monotonic()
        if now - self._last < REPORT_SECONDS and self._step < self._batches:
            return
        self._last = now
        self._tell(float(scheduler.get_last_lr()[0]))
        self._seen = []

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

    def validation(self, accuracy: float) -> None:
        self._metric("accuracy", accuracy)

    def _metric(self, name: str, value: float) -> None:
        self._emit(Metric(self._index, name, self._step, value))

"""The fit loop."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.errors import CompressionError, Repair, msg
from backend.evaluation.accuracy import evaluate
from backend.events import Emit, Noted
from backend.progress import recall_session
from backend.recipe import Stage
from backend.registry import method
from backend.session import Session
from backend.training._during import During
from backend.training._judge import Judge, copied
from backend.training._memory import Memory
from backend.training._precision import Precision
from backend.training._rates import Rates
from backend.training._report import Report
from backend.training.distillation._teaching import Teaching
from backend.training.loss import task_loss
from backend.training.optimizers._base import OptimizerMethod

NETWORK = ("network", "trained", "learner")
"""What the network of an epoch is."""
REWOUND = (*NETWORK, "optimizer", "rates", "teaching")
"""What goes back to an early batch between the rounds of a lottery ticket."""


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

    After each epoch ``session.save`` is offered where the training stands. With ``session.earlier`` it goes on from
    there, and what comes of it is equal bit for bit: everything is built as at the beginning, then each part takes
    back its own state.

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
        CompressionError: the loss became NaN or infinite, a batch is too small to normalize over, or labels that are
            no classes were to be smoothed.
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
        self._session, self._settings, self._index = session, settings, index
        self._emit, self._cancel = emit, cancel
        moving = {id(p) for p in parameters}
        _require_classes(session, settings, index)
        self._frozen = [p for p in session.network.module.parameters() if id(p) not in moving]
        self._batch_size = settings["batch_size"]
        self._per_epoch = session.data.count("train", self._batch_size)
        self._batches = self._per_epoch * settings["epochs"]
        self._during = During(session, during, self._batches, self._per_epoch, index, emit, cancel)
        self._module, self._parameters = self._during.module, [*parameters, *self._during.parameters]
        distill = settings["distill"]
        self._label_weight, self._teaching = 1.0, None
        if distill is not None:
            self._label_weight = float(distill["label_weight"])
            self._teaching = Teaching(session, distill, self._module, self._during.tap, index, emit, cancel)
        added = [*self._during.parameters, *(self._teaching.parameters if self._teaching else [])]
        self._optimizer = build_optimizer(settings, parameters, added)
        self._clipped = [*parameters, *added] if settings["clip_norm"] is not None else []
        self._rates = Rates(self._optimizer, settings, self._batches, self._per_epoch)
        self._precision = Precision(settings["precision"], session.device)
        self._judge = Judge(settings["patience"], settings["keep_best"])
        self._report = Report(index, settings["learning_rate"], self._per_epoch, self._during.batches, emit)
        self._parts = self._stateful()
        self._done, self._accuracy = 0, math.nan
        self._early: dict[str, Any] = {}

    def _stateful(self) -> dict[str, Any]:
        """Name → what has ``state_dict`` and ``load_state_dict``; together they are all that a training is."""
        own = self._session.network.module
        parts = {
            "network": Memory(own),
            "trained": Memory(self._module, own),
            "learner": self._during.learner,
            "optimizer": self._optimizer,
            "rates": self._rates,
            "teaching": self._teaching,
            "during": self._during,
            "precision": self._precision,
            "judge": self._judge,
            "report": self._report,
        }
        return {name: part for name, part in parts.items() if part is not None}

    def carry_out(self) -> None:
        try:
            self._carry_out()
        finally:
            if self._teaching is not None:
                self._teaching.close()

    def _carry_out(self) -> None:
        if self._session.earlier is None:
            self._during.begin()
        else:
            self._go_on(self._session.earlier)
        self._train()
        while self._during.next_round(self._accuracy):
            self._rewind()
            self._train()
        self._take_best()
        self._during.finish()

    def _train(self) -> None:
        """Train to the last batch, or until nothing gets better any more."""
        session = self._session
        while self._done < self._batches and not self._judge.over:
            _training(self._module, self._parameters)
            batches = session.data.indexed_batches(
                "train", self._batch_size, generator=session.generator, device=session.device
            )
            for images, labels, places in itertools.islice(batches, self._per_epoch - self._done % self._per_epoch):
                self._cancel.check()
                if self._during.rounds and self._done == self._during.rewind and not self._early:
                    self._early = copied(self._state(REWOUND))
                self._batch(images, labels, places)
                self._done += 1
            self._module.eval()
            self._accuracy = self._validated()
            self._rates.after_epoch(self._accuracy)
            self._judge.after_epoch(self._accuracy, self._during.final, lambda: self._state(NETWORK))
            session.save(self._whole)

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
        loss = task_loss(outputs, labels, self._settings["label_smoothing"])
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
            if self._clipped:
                nn.utils.clip_grad_norm_(self._clipped, self._settings["clip_norm"])
        self._precision.step(self._optimizer)
        if usable:
            self._rates.after_batch()
        told = {name: part.detach() for name, part in parts.items()}
        self._report.batch(told, outputs.detach(), labels, self._rates.now)
        self._during.after_step()

    def _rewind(self) -> None:
        """Put weights, optimizer and learning rate back to the early batch; what is pruned stays zero."""
        self._recall(copied(self._early))
        self._done = self._during.rewind
        self._judge.restart()
        self._during.hold()

    def _take_best(self) -> None:
        """Put the network of the best epoch in the place of the last one's, where that was asked for."""
        judge = self._judge
        if judge.over:
            text = msg(
                "Training ended early, after epoch {epoch}: accuracy on validation images was highest after {best}.",
                epoch=judge.epochs,
                best=judge.best,
            )
            self._emit(Noted(self._index, text))
        best = judge.kept()
        if best is not None:
            self._recall(best)
            text = msg("The network of epoch {epoch} is kept: the most accurate one.", epoch=judge.best)
            self._emit(Noted(self._index, text))
        if judge.active:
            self._session.report["training"] = judge.told()

    def _go_on(self, earlier: Mapping[str, Any]) -> None:
        """Stand where the training stood that was stopped."""
        recall_session(self._session)
        self._recall({name: earlier[name] for name in self._parts})
        self._done, self._accuracy, self._early = earlier["done"], earlier["accuracy"], earlier["early"]

    def _whole(self) -> dict[str, Any]:
        """Where the training stands between two epochs; what the session holds comes beside it."""
        return {
            **self._state(self._parts),
            "done": self._done,
            "accuracy": self._accuracy,
            "early": self._early,
        }

    def _state(self, names: Iterable[str]) -> dict[str, Any]:
        """What these parts are at this moment; tensors are their own."""
        return {name: self._parts[name].state_dict() for name in names if name in self._parts}

    def _recall(self, state: Mapping[str, Any]) -> None:
        for name, known in state.items():
            self._parts[name].load_state_dict(known)


def _require_classes(session: Session, settings: Mapping[str, Any], index: int) -> None:
    if settings["label_smoothing"] and session.data.parts["train"].labels.is_floating_point():
        raise CompressionError(
            msg("Labels can be smoothed over classes, and this data has none."),
            msg("Set label_smoothing: 0."),
            repair=Repair(msg("Do not smooth labels"), {f"stages.{index}.train.label_smoothing": 0.0}),
        )


def build_optimizer(
    settings: Mapping[str, Any], parameters: list[nn.Parameter], undecayed: Sequence[nn.Parameter] = ()
) -> torch.optim.Optimizer:
    """The optimizer of a train stage; ``undecayed`` train without weight decay."""
    groups: list[dict[str, Any]] = [{"params": parameters}, {"params": list(undecayed), "weight_decay": 0.0}]
    return _optimizer(settings["optimizer"]).build(groups if undecayed else parameters, settings)


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

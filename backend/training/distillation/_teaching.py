"""What a student learns from beside the labels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.errors import CompressionError, Message, Repair, msg
from backend.events import Emit, Progress
from backend.network import Network
from backend.registry import method
from backend.session import Session
from backend.training._precision import Precision
from backend.training.distillation._base import Distillation
from backend.training.distillation._pairing import Pair, Pairing
from backend.training.distillation._teacher import (
    ORIGINAL,
    Teacher,
    judge,
    keeping,
    open_teacher,
    use_original,
)

__all__ = ["ORIGINAL", "Teaching"]

Tap = Callable[[str], nn.Module]
"""``tap(layer)``: the module whose output is that of the named layer in what trains."""


class Teaching:
    """The teacher and the losses of a ``distill`` section.

    Hooks are in the networks only while they run. What was paired and found stands in the session's ``choices`` and
    ``report``.

    Attributes:
        names: of the parts, in order: the loss's id, with ``_2`` and so on where it stands again.
        parameters: of the adapters; they train beside the student's own.

    Args:
        session: holds the original network, the data and the folder that a teacher's file is relative to.
        distill: the section, with its defaults.
        module: the student as it trains.
        tap: finds its layers.
        index: the stage's, for events.
        emit: told what is done before the first batch.
        cancel: checked while a teacher is opened and its outputs are computed.

    Raises:
        ConsentNeeded: the teacher is a Python file that was not consented to.
        CompressionError: the data has no classes, the teacher can't be opened or does not fit, or layers can't be
            paired.
    """

    def __init__(
        self,
        session: Session,
        distill: Mapping[str, Any],
        module: nn.Module,
        tap: Tap,
        index: int,
        emit: Emit,
        cancel: Cancel,
    ) -> None:
        self._settings = list(distill["losses"])
        self._losses = [cast(Distillation, method("distillation", one["loss"])) for one in self._settings]
        self.names = _numbered([loss.id for loss in self._losses])
        self._refuse_without_classes(session, index)
        network, found = open_teacher(session, distill["teacher"], index, emit, cancel)
        self._refuse_other_classes(session.network, network, index)
        path = f"stages.{index}.train.distill"
        if found != distill["teacher"]:
            session.choices[f"{path}.teacher"] = found
        self._pairs = self._paired(session, network, distill, path)
        self._adapters = nn.ModuleList(adapter for pair in self._all_pairs() for adapter in pair.adapters)
        self._adapters.to(session.device)
        self.parameters: list[nn.Parameter] = list(self._adapters.parameters())
        self._taps = {pair.student: tap(pair.student) for pair in self._all_pairs()}
        self._seen: Mapping[str, Tensor] = {}
        if session.earlier is None:  # what goes on was told already
            judge(network, module, session, index, emit, cancel)

        def tell(done: int, total: int) -> None:
            emit(Progress(index, done, total, msg("Computing the teacher's outputs")))

        layers = [name for pair in self._all_pairs() for name in pair.teacher]
        self._teacher = Teacher(network, list(dict.fromkeys(layers)), session, tell, cancel)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """The student's forward pass happens within it: its features are kept for :meth:`losses`."""
        with keeping(self._taps) as self._seen:
            yield

    def losses(
        self, images: Tensor, outputs: Tensor, labels: Tensor, places: Tensor, precision: Precision
    ) -> dict[str, Tensor]:
        """The weighted parts, by name, for the batch that the student has just seen.

        Args:
            images: N×C×H×W, as the student saw them.
            outputs: the student's, N×classes, float32.
            labels: N.
            places: where in the train part the images stand, N.
            precision: what the teacher computes in.
        """
        wanted, theirs = self._teacher.answers(images, places, precision)
        own, self._seen = self._seen, {}
        found = {}
        for name, loss, settings, pairs in zip(self.names, self._losses, self._settings, self._pairs, strict=True):
            if loss.on == "outputs":
                part = loss.loss(outputs, wanted, labels, settings)
            else:
                each = [loss.loss(*pair.compared(own, theirs), settings) for pair in pairs]
                part = torch.stack(each).mean()
            found[name] = part.mul(settings["weight"])
        return found

    def state_dict(self) -> dict[str, Any]:
        """What goes on after a resume: the adapters."""
        return self._adapters.state_dict()

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what :meth:`state_dict` gave."""
        self._adapters.load_state_dict(state)

    def close(self) -> None:
        """Let go of the last batch's features."""
        self._seen = {}

    def _all_pairs(self) -> list[Pair]:
        return [pair for pairs in self._pairs for pair in pairs]

    def _paired(self, session: Session, teacher: Network, distill: Mapping[str, Any], path: str) -> list[list[Pair]]:
        """The pairs of every loss; none for one on outputs. The run's own randomness is left as it is."""
        if all(loss.on == "outputs" for loss in self._losses):
            session.report["distill"] = {"teacher": teacher.name}
            return [[] for _ in self._losses]
        pairing = Pairing(session.network, teacher, distill, path)
        found: list[list[Pair]] = []
        told = {}
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(session.recipe.seed)
            for number, (name, loss) in enumerate(zip(self.names, self._losses, strict=True)):
                if loss.on == "outputs":
                    found.append([])
                    continue
                pairs = told[name] = pairing.pairs(number, loss)
                found.append(pairing.joined(number, loss, pairs))
                session.choices[f"{path}.losses.{number}.pairs"] = pairs
        session.report["distill"] = {"teacher": teacher.name, "pairs": told}
        return found

    def _refuse_without_classes(self, session: Session, index: int) -> None:
        if session.data.metric is None and not session.data.parts["train"].labels.is_floating_point():
            return
        for loss in self._losses:
            if loss.on == "outputs":
                raise CompressionError(
                    msg("{loss} compares probabilities of classes, and this data has none.", loss=Message(loss.label)),
                    msg("Take a loss on features, or remove distill."),
                    repair=Repair(msg("Learn from the data alone"), {f"stages.{index}.train.distill": None}),
                )

    def _refuse_other_classes(self, student: Network, teacher: Network, index: int) -> None:
        if student.classes == teacher.classes or all(loss.on == "features" for loss in self._losses):
            return
        raise CompressionError(
            msg("The teacher {name} has {outputs} outputs, and its student {classes}.", name=teacher.name,
                outputs=teacher.classes or 0, classes=student.classes or 0),
            msg("Choose a teacher for the same classes, or losses on features alone."),
            repair=use_original(index),
        )  # fmt: skip


def _numbered(ids: list[str]) -> list[str]:
    return [id if ids.index(id) == i else f"{id}_{ids[: i + 1].count(id)}" for i, id in enumerate(ids)]

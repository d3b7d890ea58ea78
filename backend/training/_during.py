"""What the ``during`` list of a train stage does while the weights move."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.description import KIND
from backend.errors import CompressionError, msg
from backend.evaluation._mode import evaluating
from backend.evaluation.accuracy import evaluate
from backend.evaluation.weights import owned
from backend.events import Emit, Event, Metric, Progress
from backend.pruning._pruner import Pruner
from backend.pruning.schedules._base import Schedule
from backend.quantization._base import Learner
from backend.recipe import Stage, within
from backend.registry import catalogue, method
from backend.session import Session
from backend.training._quantizing import Quantizing

STEPS = 10
"""No more steps of a stage than this are measured and kept."""


@dataclass(frozen=True)
class _Entry:
    """One prune stage of the list; ``due`` says after how many batches it prunes to which share."""

    pruner: Pruner
    schedule: Schedule
    settings: Mapping[str, Any]
    due: Mapping[int, float]

    @property
    def last(self) -> int:
        """The batch after which its mask is final; 0 for one that goes by rounds."""
        return max(self.due, default=0)

    def soft(self, done: int) -> bool:
        """Whether what it prunes now may come back."""
        return self.schedule.soft and done != self.last


class During:
    """Acts while a session's network trains, and holds pruned weights at zero.

    The fit loop calls ``begin``, then at every batch ``after_backward`` and ``after_step``; where the stage
    repeats (``rounds`` times more, from batch ``rewind`` on), ``next_round`` between two trainings; at the
    very end ``finish``, after which ``session.network`` may be another module.

    Attributes:
        module: what trains: the session's network, or what quantizes it meanwhile.
        parameters: what is trained beside the network's own.
        learner: what quantizes it meanwhile; None where nothing does.

    Args:
        session: what trains.
        entries: prune stages, and at most one quantize stage.
        batches: of one training.
        per_epoch: batches of one epoch.
        index: the train stage's, for events.
        emit: receives ``sparsity`` at every pruning step, and ``accuracy`` (validation) at those that are kept.
        cancel: checked at every layer and batch of measuring.
    """

    def __init__(
        self,
        session: Session,
        entries: Sequence[Stage],
        batches: int,
        per_epoch: int,
        index: int,
        emit: Emit,
        cancel: Cancel,
    ) -> None:
        self._session, self._index, self._emit, self._cancel = session, index, emit, cancel
        self._done = self._round = self.rounds = self.rewind = 0
        self._measured: tuple[int, float] | None = None
        self.batches = batches
        self._pruned: Mapping[str, Tensor] = dict(session.masks)
        self._entries = [self._entry(entry, batches, per_epoch) for entry in entries if entry.kind == "prune"]
        quantizing = [entry for entry in entries if entry.kind == "quantize"]
        self._quantizing = [Quantizing(session, entry, index, batches, self._within, cancel) for entry in quantizing]
        self.module: nn.Module = session.network.module
        self.parameters: list[nn.Parameter] = []
        self.learner: Learner | None = None
        for one in self._quantizing:
            self.learner = one.learner
            self.module, self.parameters = one.learner.module, list(one.learner.parameters)
        self._learning = [entry.pruner for entry in self._entries]
        self._due = {done for entry in self._entries for done in entry.due}
        self._ticket = next((entry for entry in self._entries if entry.schedule.repeats), None)
        if self._ticket is not None:
            self.rounds = self._ticket.settings["rounds"]
            self.rewind = int(self._ticket.settings["rewind"] * batches)
            self.batches += self.rounds * (batches - self.rewind)
        self._kept = thinned(range(1, self.rounds + 1) if self._ticket is not None else sorted(self._due))
        self.hold()

    def tap(self, layer: str) -> nn.Module:
        """The module whose output is that of ``layer`` in what trains.

        Raises:
            CompressionError: there is no such layer, or nothing gives its output where the network trains in int8.
        """
        try:
            found = self._session.network.module.get_submodule(layer)
        except AttributeError as error:
            raise CompressionError(
                msg("No layer of this network is called {pattern}.", pattern=layer), msg("Choose another layer.")
            ) from error
        return self._quantizing[0].learner.tap(layer) if self._quantizing else found

    @property
    def accuracy(self) -> float | None:
        """The validation accuracy where it was measured after this very batch."""
        return self._measured[1] if self._measured is not None and self._measured[0] == self._done else None

    def begin(self) -> None:
        """Prune what is due before the first batch, and quantize where that begins with it."""
        if 0 in self._due:
            self._prune()
        for one in self._quantizing:
            one.after(0)

    def after_backward(self) -> None:
        """Let criteria that learn see the gradients, until their layers are pruned for good."""
        for pruner in self._learning:
            pruner.after_backward()

    def after_step(self) -> None:
        """Hold pruned weights at zero, whatever the optimizer's momentum says; prune where that is due."""
        self._done += 1
        if self._held:
            self._apply()
        if self._done in self._due:
            self._prune()
        for one in self._quantizing:
            one.after(self._done)

    def next_round(self, accuracy: float) -> bool:
        """Keep the network that one round has trained (its validation ``accuracy`` is known), and prune it.

        Returns:
            Whether another round follows; after the last one nothing is done.
        """
        if self._ticket is None or self._round == self.rounds:
            return False
        self._round += 1
        if self._round in self._kept:
            self._session.keep(self._done, self._figures(accuracy))
        with evaluating(self._session.network.module):
            share = self._ticket.schedule.share(self._round / self.rounds, self._ticket.settings)
            self._ticket.pruner.prune(share)
        if self._round == self.rounds:
            self._learning = []
        self._metric("sparsity", self._figures(accuracy)["sparsity"])
        return True

    def hold(self) -> None:
        """Set what the session's masks prune to zero, from now on after every batch."""
        module, device = self._session.network.module, self._session.device
        self._held = [(module.get_parameter(name), mask.to(device)) for name, mask in self._session.masks.items()]
        self._apply()

    @property
    def final(self) -> bool:
        """Whether nothing of the network will be pruned any more, and it trains quantized where it is to."""
        pruned = all(self._done >= entry.last for entry in self._entries)
        return self._round == self.rounds and pruned and all(self._done > one.first for one in self._quantizing)

    def state_dict(self) -> dict[str, Any]:
        """Where it stands; network and masks are the session's, and what quantizes it is ``learner``'s."""
        return {
            "done": self._done,
            "round": self._round,
            "pruned": {name: mask.to(torch.uint8) for name, mask in self._pruned.items()},
            "learning": [i for i, entry in enumerate(self._entries) if entry.pruner in self._learning],
            "pruners": [entry.pruner.state_dict() for entry in self._entries],
            "choices": dict(self.learner.choices) if self.learner is not None else {},
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what :meth:`state_dict` gave; the session's masks are those of then."""
        self._done, self._round = state["done"], state["round"]
        self._pruned = {name: mask.float().to(self._session.device) for name, mask in state["pruned"].items()}
        self._learning = [self._entries[i].pruner for i in state["learning"]]
        for entry, known in zip(self._entries, state["pruners"], strict=True):
            entry.pruner.load_state_dict(known)
        if self.learner is not None:
            self.learner.choices = state["choices"]
        self.hold()

    def finish(self) -> None:
        """Let every entry end its work; one that removes channels comes last."""
        for entry in sorted(self._entries, key=lambda entry: bool(entry.pruner.settings.get("remove"))):
            entry.pruner.finish()
        for one in self._quantizing:
            one.finish(self._within, self._cancel)

    def _entry(self, stage: Stage, batches: int, per_epoch: int) -> _Entry:
        full = within(stage, catalogue())
        settings = {**full.settings["schedule"], "amount": full.settings["amount"]}
        schedule = method("schedule", settings[KIND])
        if not isinstance(schedule, Schedule):
            raise TypeError(settings[KIND])
        pruner = Pruner(self._session, full, self._index, self._within, self._cancel)
        return _Entry(pruner, schedule, settings, due(schedule, settings, batches, per_epoch))

    def _prune(self) -> None:
        """Prune to what is due after this batch; soft masks do their work once and are taken back."""
        entries = [entry for entry in self._entries if self._done in entry.due]
        with evaluating(self._session.network.module):
            for entry in entries:
                if not entry.soft(self._done):
                    entry.pruner.prune(entry.due[self._done])
            firm = dict(self._session.masks)  # a Pruner adds to the session's own
            for entry in entries:
                if entry.soft(self._done):
                    entry.pruner.prune(entry.due[self._done])
            self._tell()
        self._pruned = self._session.masks
        self._session.masks = firm
        self.hold()
        over = [entry.pruner for entry in entries if self._done == entry.last]
        self._learning = [pruner for pruner in self._learning if pruner not in over]

    def _tell(self) -> None:
        if self._done not in self._kept or _same(self._session.masks, self._pruned):
            self._metric("sparsity", self._figures(0.0)["sparsity"])
            return
        session = self._session
        module = session.network.module  # the float one is what is kept
        scores = evaluate(module, session.data, "validation", device=session.device, cancel=self._cancel)
        figures = self._figures(scores.accuracy)
        self._metric("sparsity", figures["sparsity"])
        if module is self.module:
            self._measured = (self._done, scores.accuracy)
            self._metric("accuracy", scores.accuracy)
        session.keep(self._done, figures)

    def _figures(self, accuracy: float) -> dict[str, Any]:
        weights = [weight for layer in owned(self._session.network.module).values() for weight in layer.weights]
        present = sum(weight.numel() for weight in weights)
        left = sum(int(weight.count_nonzero()) for weight in weights)
        return {"validation_accuracy": accuracy, "sparsity": 1 - left / present if present else 0.0}

    def _apply(self) -> None:
        with torch.no_grad():
            for weight, mask in self._held:
                weight.mul_(mask).add_(0.0)  # −0.0 becomes 0.0, which is all that an encoded file leaves out

    def _metric(self, name: str, value: float) -> None:
        self._emit(Metric(self._index, name, self._done, value))

    def _within(self, event: Event) -> None:
        """What a Pruner tells; its progress is that of the training around it."""
        if isinstance(event, Progress):
            event = dataclasses.replace(event, done=self._done, total=self.batches)
        self._emit(event)


def due(schedule: Schedule, settings: Mapping[str, Any], batches: int, per_epoch: int) -> dict[int, float]:
    """Batches done → the share of the amount to be pruned then; nothing for a schedule that goes by rounds.

    Args:
        schedule: its ``share`` says how much.
        settings: its settings and the ``amount``; ``start`` and ``end`` are shares of the training.
        batches: of the training.
        per_epoch: batches of one epoch.
    """
    if schedule.repeats:
        return {}
    start, end = settings.get("start", 0.0) * batches, settings.get("end", 1.0) * batches
    first, last = math.ceil(start - 1e-9), math.ceil(end - 1e-9)
    if schedule.soft:
        epochs = range(per_epoch, last, per_epoch)
        return {done: 1.0 for done in (*epochs, last) if done >= first}
    found: dict[int, float] = {}
    share = 0.0
    for done in range(first, batches + 1):
        way = min(1.0, max(0.0, (done - start) / (end - start))) if end > start else 1.0
        reached = schedule.share(way, settings)
        if reached > share:
            found[done] = share = reached
        if share >= 1.0:
            break
    return found


def thinned(steps: Sequence[int]) -> frozenset[int]:
    """At most ``STEPS`` of ``steps``, evenly spread, the first and the last among them."""
    if len(steps) <= STEPS:
        return frozenset(steps)
    return frozenset(steps[round(i * (len(steps) - 1) / (STEPS - 1))] for i in range(STEPS))


def _same(masks: Mapping[str, Tensor], earlier: Mapping[str, Tensor]) -> bool:
    """Whether ``masks`` prune what ``earlier`` ones did; a parameter that had no mask was whole."""
    return all(
        torch.equal(mask, earlier[name]) if name in earlier else bool(mask.all()) for name, mask in masks.items()
    )

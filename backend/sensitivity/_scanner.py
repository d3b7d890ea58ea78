"""Runs a network at many points, each from where it first differs from the network as it is.

The images move through the network in step with the targets: before a target's first masked layer they
are there already, and only what follows is run again. What is alive between two layers is kept for as
many batches as fit in :data:`KEPT_BYTES`; the others start from their images again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.datasets._base import Data, PartName
from backend.evaluation.accuracy import summed_loss
from backend.evaluation.sqnr import Sums
from backend.sensitivity._base import Point, Reading
from backend.sensitivity._prepare import prepare
from backend.sensitivity._program import Change, Values

KEPT_BYTES = 2**30
SAMPLE = 16
"""Images on which the ways to run the network are compared."""


class Scanner:
    """One scan, to be carried out once; see :func:`backend.sensitivity.scan` for its arguments.

    Args:
        targets: the points of each target.
    """

    def __init__(
        self,
        module: nn.Module,
        targets: Iterable[Sequence[Point]],
        data: Data,
        part: PartName,
        device: torch.device | str,
        progress: Callable[[float, float], None] | None,
        cancel: Cancel,
    ) -> None:
        self._data, self._part, self._device = data, part, device
        first, _ = next(data.batches(part, SAMPLE, device=device))
        self._program, self._batch, self.notes = prepare(module, first)
        self._program.check = cancel.check
        self._length = len(self._program.nodes)
        self._progress, self._done = progress, 0.0
        forks = [(min(self._program.first_use(point.masks) for point in group), group) for group in targets]
        self._targets = sorted(forks, key=lambda entry: entry[0])
        runs = sum(len(group) * (self._length - fork) for fork, group in self._targets)
        self._total = float((runs + self._length) * data.count(part, self._batch))
        self._kept: dict[int, tuple[int, Values]] = {}
        self._room = KEPT_BYTES
        self._outputs: list[Tensor] = []

    def targets(self) -> Iterator[tuple[Sequence[Point], list[Reading]]]:
        """The points of each target and what was read there, in the network's order; after :meth:`baseline`."""
        for fork, group in self._targets:
            yield group, self._target(fork, group)

    def _batches(self) -> Iterator[tuple[int, Tensor, Tensor]]:
        batches = self._data.batches(self._part, self._batch, device=self._device)
        return ((index, images, labels) for index, (images, labels) in enumerate(batches))

    def baseline(self) -> Reading:
        """The network as it is."""
        tally = _Tally(self._data)
        for _, images, labels in self._batches():
            output = self._program.finish(self._program.start(images), 0)
            self._outputs.append(output)
            tally.add(output, labels, output)
            self._advance(self._length)
        return tally.reading("", 0.0)

    def _target(self, fork: int, group: Sequence[Point]) -> list[Reading]:
        tallies = [_Tally(self._data) for _ in group]
        changes = [self._program.change(point, fork) for point in group]
        for index, images, labels in self._batches():
            live = self._live(index, images, fork)
            original = self._outputs[index]
            for tally, change in zip(tallies, changes, strict=True):
                output = original if fork == self._length else self._output(live, fork, change)
                tally.add(output, labels, original)
                self._advance(self._length - fork)
            self._keep(index, fork, live)
        return [tally.reading(p.target, p.amount) for tally, p in zip(tallies, group, strict=True)]

    def _output(self, live: Values, fork: int, change: Change) -> Tensor:
        """The output under ``change``; ``live`` may gain what step ``fork`` gives without it."""
        program = self._program
        values = program.fork(live, fork)
        node = program.nodes[fork]
        values.pop(node, None)
        if change.emptied is not None:
            if node not in live:
                live[node] = program.step(node, live)
            values[node] = live[node].clone()
            which, constants = change.emptied
            channels = program.channels(fork, values[node])
            channels[which] = constants.view(-1, *[1] * (channels.dim() - 1))
        with program.holding(change.weights):
            return program.finish(values, fork)

    def _live(self, index: int, images: Tensor, fork: int) -> Values:
        """What is alive before step ``fork`` for a batch."""
        at, live = self._kept.pop(index, (0, None))
        if live is None:
            live = self._program.start(images)
        else:
            self._room += _bytes(live)
        self._program.run(live, at, fork)
        return live

    def _keep(self, index: int, at: int, live: Values) -> None:
        size = _bytes(live)
        if size <= self._room:
            self._room -= size
            self._kept[index] = (at, live)

    def _advance(self, steps: int) -> None:
        self._done += steps
        if self._progress is not None:
            self._progress(self._done, self._total)


class _Tally:
    """Adds up what a network scores, batch by batch."""

    def __init__(self, data: Data) -> None:
        self._metric = data.metric
        self._right = self._count = 0
        self._loss = 0.0
        self._sums = Sums()
        self._seen: list[tuple[Tensor, Tensor]] = []

    def add(self, outputs: Tensor, labels: Tensor, original: Tensor) -> None:
        self._loss += float(summed_loss(outputs, labels))
        self._count += len(labels)
        self._sums.add(original, outputs)
        if self._metric is None:
            self._right += int((outputs.argmax(1) == labels).sum())
        else:
            self._seen.append((outputs.cpu(), labels.cpu()))

    def reading(self, target: str, amount: float) -> Reading:
        accuracy = 100.0 * self._right / max(self._count, 1)
        if self._metric is not None and self._seen:
            outputs, labels = (torch.cat(values) for values in zip(*self._seen, strict=True))
            accuracy = float(self._metric(outputs, labels))
        return Reading(target, amount, accuracy, self._loss / max(self._count, 1), self._sums.sqnr_db)


def _bytes(live: Values) -> int:
    return sum(value.nbytes for value in live.values() if isinstance(value, Tensor))

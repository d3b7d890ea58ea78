"""The scan as the others call it: what is known at once, the rest target by target."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence

import torch
from torch import nn

from backend.cancel import Cancel
from backend.datasets._base import Data, PartName
from backend.errors import Message
from backend.evaluation._mode import evaluating
from backend.sensitivity._base import BASELINE, Point, Reading, Scan
from backend.sensitivity._cache import Cache
from backend.sensitivity._scanner import Scanner


def scan(
    module: nn.Module,
    points: Iterable[Point],
    data: Data,
    *,
    part: PartName = "validation",
    limit: int | None = None,
    device: torch.device | str = "cpu",
    progress: Callable[[float, float], None] | None = None,
    cancel: Cancel | None = None,
    tell: Callable[[list[Reading]], None] | None = None,
    cache: Cache | None = None,
) -> Scan:
    """Accuracy, loss and SQNR of the output at every point.

    Args:
        module: on ``device``; not changed.
        points: what to try.
        data: normalized by itself.
        part: ``validation``, since a scan serves a choice.
        limit: the most images; the first ones of the part.
        device: where the batches are put.
        progress: ``progress(done, total)`` in steps of the network.
        cancel: checked before every layer of every batch.
        tell: receives the readings of a target as soon as it is finished, those in the cache at once. The first
            call holds the network as it is; its target is empty.
        cache: of this network on these images. What it holds is not measured again; what is measured goes
            into it target by target, so that a scan that was stopped goes on.

    Raises:
        CompressionError: the network does not fit the data, or the cache can't be written.
    """
    asked, known = list(points), cache or Cache()
    tell = tell or (lambda _: None)
    data = limited(data, part, limit)
    groups: dict[str, list[Point]] = {}
    for point in asked:
        groups.setdefault(point.target, []).append(point)
    missing = {
        # Amounts that come to the same are measured once.
        name: list({point.key: point for point in group if point not in known}.values())
        for name, group in groups.items()
    }
    notes: tuple[Message, ...] = ()
    if BASELINE in known:
        tell([known[BASELINE]])
        for name, group in groups.items():
            if not missing[name]:
                tell([known[point] for point in group])
    if BASELINE not in known or any(missing.values()):
        with evaluating(module), torch.inference_mode():
            work = Scanner(module, filter(None, missing.values()), data, part, device, progress, cancel or Cancel())
            notes = work.notes
            _measure(work, groups, known, tell)
    return Scan(known[BASELINE], tuple(known[point] for point in asked), len(data.parts[part]), notes)


def _measure(
    work: Scanner, groups: Mapping[str, Sequence[Point]], known: Cache, tell: Callable[[list[Reading]], None]
) -> None:
    """What is not ``known`` yet becomes so and is told with what was, target by target."""
    new = BASELINE not in known
    known.put([BASELINE], [work.baseline()])
    if new:
        tell([known[BASELINE]])
    for missing, readings in work.targets():
        known.put(missing, readings)
        tell([known[point] for point in groups[missing[0].target]])


def limited(data: Data, part: PartName, limit: int | None) -> Data:
    """``data`` whose ``part`` holds its first ``limit`` images."""
    if limit is None or limit >= len(data.parts[part]):
        return data
    return dataclasses.replace(data, parts={**data.parts, part: data.parts[part].select(torch.arange(limit))})

"""Amounts for a target: what the sensitivity scan says of every layer, turned into how much to prune where."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

import torch
from torch import Tensor
from torch.func import functional_call

from backend.cancel import Cancel
from backend.errors import CompressionError, msg
from backend.evaluation._mode import evaluating
from backend.evaluation.accuracy import evaluate
from backend.evaluation.latency import race
from backend.evaluation.macs import shapes
from backend.evaluation.runtimes._base import Runtime
from backend.evaluation.size import size_bytes
from backend.events import Emit, Progress
from backend.network import Network
from backend.pruning._allocate import Curve, allocate
from backend.pruning._masks import apply_masks
from backend.registry import method
from backend.sensitivity import Cache, Reading, count, limited, point, scan
from backend.session import Session

AMOUNTS = (0.1, 0.25, 0.4, 0.55, 0.7, 0.8, 0.9, 0.97)
IMAGES = 1024
"""Validation images the scan looks at."""
PASSAGE_IMAGES = 8
HALVINGS = 6
"""A target that must be measured (latency, accuracy) is closed in on in so many steps."""


class Parts(Protocol):
    """What amounts are found for: layers by themselves, or groups of channels that go together."""

    @property
    def each(self) -> Mapping[str, int]:
        """Part → how many channels or weights one of its units holds."""

    def units(self) -> Mapping[str, int]:
        """Part → how many units it has."""

    def shares(self, removed: Mapping[str, int]) -> Mapping[str, float]:
        """Part → the amount that removes so many of its units."""

    def given(self) -> Mapping[str, Tensor]:
        """Parameter masks of what goes in any case."""

    def masks(self, removed: Mapping[str, int]) -> dict[str, Tensor]:
        """Parameter masks that prune so many of the least important units of each part."""

    def silenced(self, name: str) -> dict[str, Tensor]:
        """Parameter masks that let nothing of a part through."""

    def costs(self, removed: Mapping[str, int]) -> Mapping[str, float]:
        """``macs``, ``parameters`` and ``weights`` (those that are not zero) of the network then; absent: unknown."""

    def left(self, removed: Mapping[str, int]) -> Mapping[str, int]:
        """Parameter → how many values it has then; those that are not named keep all."""

    def smaller(self, removed: Mapping[str, int]) -> Network:
        """The network without those units."""


@dataclass(frozen=True)
class Plan:
    """Part → share of its units to prune, and what the network is expected to cost then."""

    amounts: Mapping[str, float]
    costs: Mapping[str, float]


def scan_parts(
    session: Session,
    parts: Parts,
    cancel: Cancel,
    progress: Callable[[float, float], None],
    tell: Callable[[list[Reading]], None] | None = None,
    cache: Cache | None = None,
    amounts: Sequence[float] = AMOUNTS,
    limit: int | None = IMAGES,
) -> dict[str, list[Reading]]:
    """The sensitivity of every part, measured on validation images; amounts that come to the same are tried once."""
    points = []
    for name, units in parts.units().items():
        counts: dict[int, float] = {}
        for amount in amounts:
            counts.setdefault(count(amount, units), amount)
        points += [point(parts, name, amount, removed) for removed, amount in counts.items() if removed]
    found = scan(
        session.network.module, points, session.data, limit=limit, device=session.device,
        progress=progress, cancel=cancel, tell=tell, cache=cache,
    )  # fmt: skip
    readings: dict[str, list[Reading]] = {}
    for reading in found.readings:
        readings.setdefault(reading.target, []).append(reading)
    return readings


def find_amounts(
    session: Session, parts: Parts, target: Mapping[str, float], index: int, emit: Emit, cancel: Cancel
) -> Plan:
    """Scan the parts and allocate, so that the network meets ``target``.

    Args:
        session: network, masks and validation images.
        parts: what can be pruned.
        target: one of macs, parameters, size, latency (up to 1 a share of the original network's, above
            it MACs, parameters, bytes, milliseconds), sparsity (share of all weights), accuracy_drop
            (percentage points on validation images, before any fine-tuning).
        index: the stage's, for events.
        emit: receives progress.
        cancel: checked at every point.

    Raises:
        CompressionError: the target can't be met; the hint says what can.
    """

    def progress(done: float, total: float) -> None:
        emit(Progress(index, done, total, msg("Scanning the sensitivity of {count} layers", count=len(parts.units()))))

    return meet(session, parts, scan_parts(session, parts, cancel, progress), target, cancel)


def meet(
    session: Session,
    parts: Parts,
    readings: Mapping[str, Sequence[Reading]],
    target: Mapping[str, float],
    cancel: Cancel,
) -> Plan:
    """The allocation that meets ``target`` at the least expected harm, from what a scan has read.

    Raises:
        CompressionError: the target can't be met; the hint says what can.
    """
    curves = curves_of(session, parts, readings)
    kind, figure = next(iter(target.items()))
    require_meaning(kind, removal="macs" in parts.costs({}))
    search = _Search(session, parts, curves, cancel)
    removed = search.measured(kind, figure) if kind in ("latency", "accuracy_drop") else search.counted(kind, figure)
    return Plan(parts.shares(removed), parts.costs(removed))


def curves_of(session: Session, parts: Parts, readings: Mapping[str, Sequence[Reading]]) -> dict[str, Curve]:
    """What a scan says of each part.

    Raises:
        CompressionError: of none of them.
    """
    curves = {
        name: Curve(units, _noise(readings[name], units), _is_passage(session, parts.silenced(name)), parts.each[name])
        for name, units in parts.units().items()
        if readings.get(name)
    }
    if not curves:
        raise CompressionError(
            msg("There is no layer whose amount could be found."),
            msg("Choose a method that ranks, or remove a keep or an amount from the stage's layers."),
        )
    return curves


def _noise(readings: Sequence[Reading], units: int) -> list[tuple[float, float]]:
    """Noise ÷ signal by the share of the units that was really pruned."""
    return sorted({count(r.amount, units) / units: 10 ** (-r.sqnr_db / 10) for r in readings}.items())


def _is_passage(session: Session, masks: Mapping[str, Tensor]) -> bool:
    """Whether the network says the same of every image once these parameters are masked."""
    images, _ = next(session.data.batches("validation", PASSAGE_IMAGES, device=session.device))
    module = session.network.module
    known = {name: module.get_parameter(name) * mask.to(session.device) for name, mask in masks.items()}
    with evaluating(module), torch.no_grad():
        outputs = functional_call(module, known, (images,))
    return bool(torch.allclose(outputs, outputs[:1].expand_as(outputs), rtol=1e-4, atol=1e-6))


def require_meaning(kind: str, removal: bool) -> None:
    """Masks make a network sparse and nothing else; removal leaves no zeros."""
    if kind == "accuracy_drop" or removal == (kind != "sparsity"):
        return
    raise CompressionError(
        msg("Only masks make a network sparse, and only removal makes it smaller or faster."),
        msg("Set remove: true for macs, parameters, size and latency, and remove: false for sparsity."),
    )


@dataclass(frozen=True)
class _Search:
    session: Session
    parts: Parts
    curves: Mapping[str, Curve]
    cancel: Cancel

    def counted(self, kind: str, figure: float) -> dict[str, int]:
        """For what can be worked out without running the network."""
        cost, budget, one = self._budget(kind, figure)
        removed, reached = self._allocated(cost, budget)
        if reached > budget:
            least = 1 - reached / one if kind == "sparsity" else reached / one
            raise CompressionError(
                msg("The target {target}: {figure} can't be met.", target=kind, figure=f"{figure:g}"),
                msg(
                    "With one unit left in every layer that may be pruned it is {least}; allow more layers.",
                    least=f"{least:.3g}",
                ),
            )
        return removed

    def measured(self, kind: str, figure: float) -> dict[str, int]:
        """For what must be tried: halve the interval of what the network may cost."""
        cost = "macs" if "macs" in self.parts.costs({}) else "weights"
        whole = self.parts.costs({})[cost]
        meets = self._fast_enough(figure) if kind == "latency" else self._accurate_enough(figure)
        low, high = 0.0, 1.0  # shares of the cost: for latency the largest that meets it, for accuracy the smallest
        best: dict[str, int] | None = None
        for _ in range(HALVINGS):
            self.cancel.check()
            middle = (low + high) / 2
            removed, _ = self._allocated(cost, middle * whole)
            good = meets(removed)
            best = removed if good else best
            low, high = (middle, high) if good == (kind == "latency") else (low, middle)
        if best is None:
            raise CompressionError(
                msg("The target {target}: {figure} can't be met.", target=kind, figure=f"{figure:g}"),
                msg("Choose a larger figure, or prune by an amount."),
            )
        return best

    def _allocated(self, cost: str, budget: float) -> tuple[dict[str, int], float]:
        return allocate(self.curves, lambda removed: self.parts.costs(removed)[cost], budget)

    def _budget(self, kind: str, figure: float) -> tuple[str, float, float]:
        """What is counted, how much of it is allowed, and how much of it a ``figure`` of 1 would be."""
        original = self.session.original
        if kind == "sparsity":
            weights = float(sum(p.numel() for p in original.module.parameters() if p.dim() >= 2))
            return "weights", (1 - min(figure, 1.0)) * weights, weights
        if kind == "macs":
            whole = float(sum(shapes(original).macs.values()))
            one = whole if figure <= 1 else 1.0
            return "macs", figure * one, one
        parameters = float(sum(p.numel() for p in original.module.parameters()))
        if kind == "parameters":
            one = parameters if figure <= 1 else 1.0
            return "parameters", figure * one, one
        whole = float(size_bytes(original))
        width = next(original.module.parameters()).element_size()
        rest = float(size_bytes(self.session.network)) - width * self.parts.costs({})["parameters"]
        one = whole if figure <= 1 else 1.0
        return "parameters", max(0.0, figure * one - rest) / width, one / width

    def _accurate_enough(self, drop: float) -> Callable[[Mapping[str, int]], bool]:
        session = self.session
        data = limited(session.data, "validation", IMAGES)
        whole = evaluate(session.network.module, data, "validation", device=session.device, cancel=self.cancel)

        def meets(removed: Mapping[str, int]) -> bool:
            module = session.network.copy().module
            apply_masks(module, self.parts.given())
            apply_masks(module, self.parts.masks(removed))
            now = evaluate(module, data, "validation", device=session.device, cancel=self.cancel)
            return whole.accuracy - now.accuracy <= drop

        return meets

    def _fast_enough(self, figure: float) -> Callable[[Mapping[str, int]], bool]:
        images, _ = next(self.session.data.batches("validation", 1, device=self.session.device))
        runtime = cast(Runtime, method("runtime", "torch"))

        def meets(removed: Mapping[str, int]) -> bool:
            contenders = {"original": self.session.original, "smaller": self.parts.smaller(removed)}
            calls = {name: runtime.prepare(network, images) for name, network in contenders.items()}
            times = race(calls, seconds=0.5, cancel=self.cancel)
            allowed = figure * times["original"].median if figure <= 1 else figure
            return times["smaller"].median <= allowed

        return meets

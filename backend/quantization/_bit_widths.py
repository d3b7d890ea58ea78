"""Bits per layer, chosen so that a target is met at the least noise.

For each layer and each bit width the noise is measured that the rounded weights, alone, bring into the
network's output: Σ(y − ỹ)² / Σy² over validation images. Small errors of different layers add up, so the
allocation minimizes their sum under what the codes may take: a knapsack of which each layer takes one of
its widths (Shoham and Gersho, "Efficient bit allocation for an arbitrary set of quantizers", 1988), solved by
dynamic programming over the bytes.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from backend.cancel import Cancel
from backend.description import Parameter
from backend.errors import CompressionError, Repair, msg
from backend.evaluation.accuracy import evaluate
from backend.evaluation.size import size_bytes
from backend.evaluation.sqnr import HIGHEST_DB
from backend.events import Emit, Event, Progress, Warned
from backend.network import Network
from backend.quantization._base import Outcome, Scheme
from backend.recipe import LayerPlan
from backend.registry import method
from backend.sensitivity import Point, limited, scan
from backend.session import Session

BITS = range(2, 9)
NOISE_IMAGES = 128
"""Validation images on which noise is measured; it varies far less from image to image than accuracy does."""
ACCURACY_IMAGES = 2048
HALVINGS = 6
ATTEMPTS = 8
BINS = 4096
"""Steps in which the allocation counts bytes."""

Plans = Mapping[str, LayerPlan]
Noise = Mapping[str, Mapping[int, float]]
"""Layer → bits → noise ÷ signal of the network's output."""
Made = tuple[Network, Mapping[str, Outcome]]
Convert = Callable[[Plans, Emit], Made]
"""Quantizes as plans say, and leaves the session as it is."""


@dataclass(frozen=True)
class Rounded(Point):
    """A network one of whose weights is rounded to ``amount`` bits."""

    round: Callable[[Tensor], Tensor] = lambda weight: weight

    def applied(self, name: str, parameter: Tensor) -> Tensor:
        return self.round(parameter)

    @cached_property
    def key(self) -> str:
        return f"{self.target} {self.amount}"


@dataclass(frozen=True)
class Found:
    """What was chosen.

    Attributes:
        bits: layer → bits.
        noise: layer → 10·log₁₀(signal / noise) of the network's output with that layer alone so rounded.
        made: the network and what the schemes did.
        told: what they warned of.
    """

    bits: Mapping[str, int]
    noise: Mapping[str, float]
    made: Made
    told: tuple[Warned, ...]


def choose_bits(
    session: Session,
    plans: Plans,
    rules: Mapping[str, Mapping[str, Any]],
    target: Mapping[str, float],
    convert: Convert,
    index: int,
    emit: Emit,
    cancel: Cancel,
) -> Found:
    """Bits of every planned layer whose scheme has any to choose and whose own rule names none.

    Args:
        session: the float network, and validation images.
        plans: what the stage says; a layer keeps its other settings.
        rules: layer → what its own rule says.
        target: ``size`` (up to 1 a share of the original network's file, above it bytes) or
            ``accuracy_drop`` (percentage points on validation images).
        convert: quantizes as plans say.
        index: the stage's, for events and repairs.
        emit: receives progress.
        cancel: checked at every point and every trial.

    Raises:
        CompressionError: no layer has bits to choose, or the target can't be met.
    """
    widths = _widths(session, plans, rules)
    if not widths:
        raise CompressionError(
            msg("A target chooses the bits of each layer, and this stage has no layer with bits to choose."),
            msg("Choose a method that has bits and rounds weights alone, weight_only say, or remove the target."),
            repair=Repair(msg("Remove the target"), {f"stages.{index}.quantize.target": None}),
        )
    noise = _noise(session, plans, widths, index, emit, cancel)
    kind, figure = next(iter(target.items()))
    search = _Search(session, plans, noise, convert, index, emit, cancel)
    return search.small_enough(figure) if kind == "size" else search.accurate_enough(figure)


def allocate(noise: Noise, weights: Mapping[str, int], budget: float) -> dict[str, int]:
    """Bits of each layer, for the least sum of noise; of equal ones the more bits.

    Args:
        noise: by layer and bits.
        weights: how many each layer has.
        budget: bytes that the codes (weights · bits / 8) may take. Where even the fewest bits take more,
            those are the answer.
    """
    fewest = {name: min(levels) for name, levels in noise.items()}
    most = {name: max(levels) for name, levels in noise.items()}
    room = budget - cost(fewest, weights)
    if room <= 0 or cost(most, weights) <= budget:
        return fewest if room <= 0 else most
    least = np.zeros(BINS + 1)  # noise of the layers so far where they take up to so many bins of the room
    taken: dict[str, tuple[NDArray[Any], list[tuple[int, int]]]] = {}
    for name, levels in _rising(noise).items():
        options = [(bits, math.ceil(BINS * weights[name] * (bits - fewest[name]) / 8 / room)) for bits in levels]
        tried = np.full((len(options), BINS + 1), np.inf)
        for row, (bits, bins) in enumerate(options):
            if bins <= BINS:
                tried[row, bins:] = least[: BINS + 1 - bins] + levels[bits]
        taken[name] = (tried.argmin(0), options)
        least = tried.min(0)
    chosen: dict[str, int] = {}
    left = BINS
    for name in reversed(list(noise)):
        choice, options = taken[name]
        bits, bins = options[choice[left]]
        chosen[name], left = bits, left - bins
    return {name: chosen[name] for name in noise}


def cost(bits: Mapping[str, int], weights: Mapping[str, int]) -> float:
    """Bytes of the codes."""
    return sum(weights[name] * count for name, count in bits.items()) / 8


def _rising(noise: Noise) -> dict[str, dict[int, float]]:
    """Noise, from the most bits on, that never falls with fewer: a lucky width is no reason to choose it."""
    found: dict[str, dict[int, float]] = {}
    for name, levels in noise.items():
        worst = 0.0
        for bits in sorted(levels, reverse=True):
            worst = max(worst, levels[bits])
            found.setdefault(name, {})[bits] = worst
    return found


def _widths(session: Session, plans: Plans, rules: Mapping[str, Mapping[str, Any]]) -> dict[str, list[int]]:
    """Layer → the bits it may have."""
    found = {}
    for name, plan in plans.items():
        if not name or plan.settings is None:
            continue
        scheme = method("quantization", plan.settings["method"])
        if not isinstance(scheme, Scheme) or scheme.weight is None:
            continue
        bits = next((p for p in scheme.parameters if p.name == "bits"), None)
        own = "bits" in rules.get(name, {})
        if bits is not None and not own and scheme.applies(session.network.module.get_submodule(name)) is None:
            found[name] = [count for count in BITS if _allowed(bits, count)]
    return {name: counts for name, counts in found.items() if counts}


def _allowed(parameter: Parameter, bits: int) -> bool:
    try:
        return bool(parameter.check(bits) == bits)
    except CompressionError:
        return False


def _noise(
    session: Session, plans: Plans, widths: Mapping[str, list[int]], index: int, emit: Emit, cancel: Cancel
) -> dict[str, dict[int, float]]:
    points = [_point(name, bits, plans[name]) for name, counts in widths.items() for bits in counts]

    def progress(done: float, total: float) -> None:
        emit(Progress(index, done, total, msg("Measuring the noise of {count} layers", count=len(widths))))

    found = scan(
        session.network.module, points, session.data,
        limit=NOISE_IMAGES, device=session.device, progress=progress, cancel=cancel,
    )  # fmt: skip
    noise: dict[str, dict[int, float]] = {}
    for reading in found.readings:
        noise.setdefault(reading.target, {})[int(reading.amount)] = 10 ** (-reading.sqnr_db / 10)
    return noise


def _point(name: str, bits: int, plan: LayerPlan) -> Rounded:
    settings = {**(plan.settings or {}), "bits": bits}
    scheme = method("quantization", settings["method"])

    def rounded(weight: Tensor) -> Tensor:
        if not isinstance(scheme, Scheme) or scheme.weight is None:  # it had one a moment ago
            raise TypeError(settings["method"])
        return scheme.weight(weight, settings)

    return Rounded(name, bits, {f"{name}.weight": torch.ones(())}, rounded)


@dataclass(frozen=True)
class _Search:
    session: Session
    plans: Plans
    noise: Noise
    convert: Convert
    index: int
    emit: Emit
    cancel: Cancel

    def small_enough(self, figure: float) -> Found:
        """The allocation whose file, written as it will be shipped, is within the size."""
        whole = size_bytes(self.session.original)
        limit = figure * whole if figure <= 1 else figure
        budget = limit - (size_bytes(self.session.network) - 4 * sum(self._weights.values()))
        for attempt in range(ATTEMPTS):
            bits = self._fewest if attempt == ATTEMPTS - 1 else allocate(self.noise, self._weights, budget)
            found = self._tried(bits, attempt, ATTEMPTS)
            excess = size_bytes(found.made[0]) - limit
            if excess <= 0:
                return found
            if bits == self._fewest:
                break
            budget = min(budget, cost(bits, self._weights)) - excess  # scales and names take their place too
        raise self._unreachable("size", figure, f"{size_bytes(found.made[0]) / whole:.3g}")

    def accurate_enough(self, drop: float) -> Found:
        """The smallest allocation that keeps the accuracy, by halving the interval of what the codes may take."""
        data = limited(self.session.data, "validation", ACCURACY_IMAGES)

        def accuracy(network: Network) -> float:
            device = self.session.device
            return evaluate(network.module, data, "validation", device=device, cancel=self.cancel).accuracy

        whole = accuracy(self.session.network)
        best = self._tried(self._most, 0, HALVINGS)
        lost = whole - accuracy(best.made[0])
        if lost > drop:
            raise self._unreachable("accuracy_drop", drop, f"{lost:.3g}")
        low, high = cost(self._fewest, self._weights), cost(self._most, self._weights)
        for halving in range(HALVINGS):
            middle = (low + high) / 2
            found = self._tried(allocate(self.noise, self._weights, middle), halving, HALVINGS)
            if whole - accuracy(found.made[0]) <= drop:
                best, high = found, middle
            else:
                low = middle
        return best

    @cached_property
    def _weights(self) -> dict[str, int]:
        module = self.session.network.module
        return {name: module.get_parameter(f"{name}.weight").numel() for name in self.noise}

    @property
    def _fewest(self) -> dict[str, int]:
        return {name: min(levels) for name, levels in self.noise.items()}

    @property
    def _most(self) -> dict[str, int]:
        return {name: max(levels) for name, levels in self.noise.items()}

    def _tried(self, bits: Mapping[str, int], done: int, total: int) -> Found:
        self.cancel.check()
        self.emit(Progress(self.index, done, total, msg("Trying bits per layer")))
        told: list[Event] = []
        made = self.convert(with_bits(self.plans, bits), told.append)
        decibels = {name: _decibels(self.noise[name][count]) for name, count in bits.items()}
        return Found(dict(bits), decibels, made, tuple(event for event in told if isinstance(event, Warned)))

    def _unreachable(self, target: str, figure: float, reached: str) -> CompressionError:
        return CompressionError(
            msg("The target {target}: {figure} can't be met.", target=target, figure=f"{figure:g}"),
            msg("With the fewest bits in every layer it is {reached}.", reached=reached)
            if target == "size"
            else msg("With the most bits in every layer it is {reached}.", reached=reached),
        )


def with_bits(plans: Plans, bits: Mapping[str, int]) -> dict[str, LayerPlan]:
    """``plans`` with these bits in place of what they say."""
    return {
        name: dataclasses.replace(plan, settings={**(plan.settings or {}), "bits": bits[name]})
        if name in bits
        else plan
        for name, plan in plans.items()
    }


def _decibels(noise: float) -> float:
    return min(HIGHEST_DB, -10 * math.log10(noise)) if noise > 0 else HIGHEST_DB

"""Latency: contenders taken in turns, so that what else the machine does hits them alike."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import torch
from torch import Tensor

from backend.cancel import Cancel
from backend.evaluation.runtimes._base import Runtime
from backend.network import Network
from backend.registry import method

LARGE_BATCH = 256
SMALLEST_BATCH = 2
LONGEST_ROUND = 2.0
"""Seconds that one round on the large batch may be expected to take; a smaller batch is taken otherwise."""
ROUNDS = 5


@dataclass(frozen=True)
class Timing:
    """Milliseconds a call.

    ``noise`` is how far the median may be off; a difference of two medians below it says nothing.
    """

    median: float
    min: float
    noise: float
    rounds: int


def race(
    contenders: Mapping[str, Callable[[], object]],
    *,
    seconds: float = 1.0,
    cancel: Cancel | None = None,
) -> dict[str, Timing]:
    """Time ``contenders`` in turns (A B A B …) after two calls of each that do not count.

    Args:
        contenders: name → what is timed.
        seconds: for all of them together; each gets at least five rounds, or as many (at least one)
            as fit into four times as long where they are slow.
        cancel: checked before every call.
    """
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(2):
        _round(contenders, {name: [] for name in contenders}, cancel)
    begun = time.perf_counter()
    rounds = 0
    while True:
        _round(contenders, times, cancel)
        rounds += 1
        spent = time.perf_counter() - begun
        if spent >= 4 * seconds or (spent >= seconds and rounds >= ROUNDS):
            break
    return {name: Timing(statistics.median(t), min(t), _noise(t), rounds) for name, t in times.items()}


def latency(
    networks: Mapping[str, Network],
    images: Tensor,
    *,
    runtime: str = "torch",
    seconds: float = 1.0,
    cancel: Cancel | None = None,
) -> dict[str, dict[str, Any]]:
    """Latency of ``networks`` in turns, on one image and on a large batch.

    Args:
        networks: name → network; all take the same input.
        images: N×C×H×W, normalized; repeated where there are fewer than the large batch needs.
        runtime: id of a runtime.
        seconds: for each of the two races.
        cancel: checked before every call.

    Returns:
        Name → the keys ``latency_ms`` (batch 1) and ``latency_batch_ms`` (batch 256, or the largest
        power of two a slow network can do in reasonable time), each {"median", "min", "noise", "runtime",
        "threads", "batch"}, ready to be merged into M of result.json.
    """
    chosen = cast(Runtime, method("runtime", runtime))
    one = _timed(chosen, networks, images[:1], seconds, cancel)
    many = _timed(chosen, networks, _large(chosen, networks, images, cancel), seconds, cancel)
    return {name: {"latency_ms": one[name], "latency_batch_ms": many[name]} for name in networks}


def _timed(
    runtime: Runtime, networks: Mapping[str, Network], images: Tensor, seconds: float, cancel: Cancel | None
) -> dict[str, dict[str, Any]]:
    prepared = {name: runtime.prepare(network, images) for name, network in networks.items()}
    shared = {"runtime": runtime.id, "threads": runtime.threads(), "batch": len(images)}
    return {
        name: {"median": timing.median, "min": timing.min, "noise": timing.noise, **shared}
        for name, timing in race(prepared, seconds=seconds, cancel=cancel).items()
    }


def _large(runtime: Runtime, networks: Mapping[str, Network], images: Tensor, cancel: Cancel | None) -> Tensor:
    """``images`` repeated to the large batch, or to half of it, a quarter, … where all takes too long."""
    size = SMALLEST_BATCH
    while True:
        batch = images[torch.arange(size) % len(images)]
        calls = {name: runtime.prepare(network, batch) for name, network in networks.items()}
        begun = time.perf_counter()
        _round(calls, {name: [] for name in calls}, cancel)
        if size == LARGE_BATCH or 2 * (time.perf_counter() - begun) > LONGEST_ROUND:
            return batch
        size *= 2


def _noise(times: Sequence[float]) -> float:
    """Twice the notch of a box plot, 1.57 · interquartile range ÷ √n (McGill et al. 1978); 0 for one time."""
    if len(times) < 2:
        return 0.0
    low, _, high = statistics.quantiles(times, n=4, method="inclusive")
    return 2 * 1.57 * (high - low) / math.sqrt(len(times))


def _round(
    contenders: Mapping[str, Callable[[], object]], times: Mapping[str, list[float]], cancel: Cancel | None
) -> None:
    for name, call in contenders.items():
        if cancel is not None:
            cancel.check()
        begun = time.perf_counter()
        call()
        times[name].append((time.perf_counter() - begun) * 1000)

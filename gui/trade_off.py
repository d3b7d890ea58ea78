"""What is gained and what it costs: the moments of many runs as dots, their Pareto front and its knee.

A dot is worse the further right it stands (size, MACs, latency, parameters) and better the higher
(accuracy). No widgets here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.recipe import judged
from gui.comparison import Metrics, accuracy_change, latency, value
from gui.moments import Moment
from gui.text import file_size, milliseconds, number, points, short, size, tr

Floats = NDArray[np.float64]
ACROSS = ("size", "macs", "latency", "parameters", "nonzero_parameters")
UP = ("accuracy", "change", "validation")
_KEYS = {"size": "size_bytes", "accuracy": "accuracy", "validation": "validation_accuracy"}
LEAST = 1e-9
"""Distance from the chord below which a front is straight and has no knee."""


@dataclass(frozen=True)
class TradeOff:
    """Dots and what stands out among them.

    Attributes:
        moments: one for each dot.
        x, y: its figures, in bytes, counts or milliseconds and in percent or percentage points.
        front: the dots that no other is better than, from left to right.
        knee: the dot at the front's knee; None where there is none.
        untold: figure → how many moments are not drawn because they have none.
        otherwise: finished runs whose latency was taken under other conditions.
    """

    across: str
    up: str
    moments: Sequence[Moment]
    x: Floats
    y: Floats
    front: Sequence[int]
    knee: int | None
    untold: Mapping[str, int] = field(default_factory=dict)
    otherwise: int = 0


def trade_off(moments: Sequence[Moment], across: str, up: str) -> TradeOff:
    """The dots of ``moments`` that have both figures; equal conditions for latencies are those of the first."""
    conditions = next((found for moment in moments if (found := timed(moment.metrics)) is not None), None)
    shown: list[tuple[Moment, float, float]] = []
    otherwise, untold = 0, dict.fromkeys((across, up), 0)
    for moment in moments:
        if across == "latency" and timed(moment.metrics) not in (None, conditions):
            otherwise += 1
            continue
        x, y = figure(moment, across), figure(moment, up)
        if x is None or y is None:
            untold[across if x is None else up] += 1
        else:
            shown.append((moment, x, y))
    x_all = np.array([x for _, x, _ in shown], dtype=np.float64)
    y_all = np.array([y for _, _, y in shown], dtype=np.float64)
    front = pareto_front(x_all, y_all)
    bend = knee(x_all[front], y_all[front])
    at = front[bend] if bend is not None else None
    untold = {measure: count for measure, count in untold.items() if count}
    return TradeOff(across, up, [moment for moment, _, _ in shown], x_all, y_all, front, at, untold, otherwise)


def pareto_front(x: Floats, y: Floats) -> list[int]:
    """Dots than which none is left of them and as high, or higher and as far left; ordered by ``x``, then ``y``.

    Of several equal dots all are on the front or none.
    """
    front: list[int] = []
    for i in np.lexsort((-y, x)).tolist():
        if not front or y[i] > y[front[-1]] or (x[i] == x[front[-1]] and y[i] == y[front[-1]]):
            front.append(i)
    return front


def knee(x: Floats, y: Floats) -> int | None:
    """The dot of a front where giving up a little more of one begins to cost much of the other.

    With both figures brought to 0…1 over the front, the dot furthest above the chord between the
    front's ends: Das, "On characterizing the 'knee' of the Pareto curve based on Normal-Boundary
    Intersection", Structural Optimization 18 (1999), section 3; the same as Satopää et al., "Finding a
    'Kneedle' in a Haystack" (2011), for a curve without noise.

    Args:
        x: the front's figures across, from left to right.
        y: the front's figures up; they ascend with ``x``.

    Returns:
        Its place in the front (the leftmost of equals); None for fewer than three different dots and for
        a front that nowhere rises above its chord.
    """
    if len(x) < 3 or x[0] == x[-1]:
        return None
    above = (y - y[0]) / (y[-1] - y[0]) - (x - x[0]) / (x[-1] - x[0])
    best = int(np.argmax(above))
    return best if above[best] > LEAST else None


def staircase(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """What can be had at most everywhere along a front: its dots, and the corners between them."""
    return np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1]


# Figures


def figure(moment: Moment, measure: str) -> float | None:
    """One of :data:`ACROSS` or :data:`UP`; None where it was not measured."""
    if measure == "latency":
        return latency(moment.metrics)
    if measure == "change":
        return accuracy_change(moment.baseline, moment.metrics)
    return value(moment.metrics, _KEYS.get(measure, measure))


def timed(metrics: Metrics) -> tuple[Any, ...] | None:
    """Under which conditions latency was taken; only equal ones can be compared."""
    how = metrics.get("latency_ms")
    return tuple(how.get(key) for key in ("runtime", "threads", "batch")) if isinstance(how, Mapping) else None


@dataclass(frozen=True)
class Limits:
    """What the budget says of two axes.

    Attributes:
        most: across; None where nothing is said.
        least: up; None where nothing is said.
        all: whether the budget limits nothing else.
    """

    most: float | None = None
    least: float | None = None
    all: bool = True


def limits(budget: Mapping[str, float], original: Moment, across: str, up: str) -> Limits:
    """The part of the budget that can be drawn. A drop of accuracy is one on test images."""
    allowed = {verdict.limit: verdict.allowed for verdict in judged(budget, original.baseline, original.baseline)}
    drop, before = allowed.get("accuracy_drop"), figure(original, up)
    least = before - drop if up in ("accuracy", "change") and drop is not None and before is not None else None
    drawn = {across, "accuracy_drop"} if least is not None else {across}
    return Limits(allowed.get(across), least, set(budget) <= drawn)


def within(budget: Mapping[str, float], moment: Moment) -> bool | None:
    """Whether a moment keeps every limit; None where there is no budget or a figure is not known."""
    kept = [verdict.within for verdict in judged(budget, moment.baseline, moment.metrics)]
    if False in kept:
        return False
    return True if kept and None not in kept else None


# Words


def name(measure: str) -> str:
    """What a chooser and a heading call it."""
    return {
        "size": tr("Size"),
        "macs": tr("MACs"),
        "latency": tr("Latency"),
        "parameters": tr("Parameters"),
        "nonzero_parameters": tr("Non-zero parameters"),
        "accuracy": tr("Accuracy"),
        "change": tr("Accuracy change"),
        "validation": tr("Validation accuracy"),
    }[measure]


def axis_title(measure: str, unit: str) -> str:
    """Beside its axis: what it is, in which unit, and which way is better."""
    match measure:
        case "size":
            return tr("Size on disk ({unit}), smaller is better", unit=unit)
        case "latency":
            return tr("Latency (ms), lower is better")
        case "macs":
            return tr("{unit} MACs, fewer is better", unit=unit) if unit else tr("MACs, fewer is better")
        case "parameters":
            return tr("Parameters ({unit}), fewer is better", unit=unit) if unit else tr("Parameters, fewer is better")
        case "nonzero_parameters":
            return (
                tr("Non-zero parameters ({unit}), fewer is better", unit=unit)
                if unit
                else tr("Non-zero parameters, fewer is better")
            )
        case "accuracy":
            return tr("Top-1 accuracy on test images (%), higher is better")
        case "change":
            return tr("Change of test accuracy (pt), higher is better")
        case _:
            return tr("Top-1 accuracy on validation images (%), higher is better")


def scale(measure: str, largest: float) -> tuple[float, str]:
    """By what to divide figures up to ``largest`` for the axis, and the unit they then have."""
    if measure == "size":
        unit = size(largest)[1] or "B"
        return {"B": 1.0, "KB": 1e3, "MB": 1e6, "GB": 1e9}[unit], unit
    if measure in ("macs", "parameters", "nonzero_parameters"):
        return next(((f, unit) for f, unit in ((1e9, "G"), (1e6, "M"), (1e3, "K")) if largest >= f), (1.0, ""))
    return 1.0, ""


def text(measure: str, found: float | None) -> str:
    """A figure with its unit."""
    match measure:
        case "size":
            return file_size(found)
        case "latency":
            return milliseconds(found)
        case "change":
            return points(found)
        case "accuracy" | "validation":
            return tr("{value}%", value=number(found, 2))
        case _:
            return short(found)

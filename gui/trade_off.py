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


class Pool:
    """Moments to weigh against each other, and their figures as columns that are made when they are asked for.

    Latencies are alike where they were taken as the first one was: the others have none here.

    Attributes:
        moments: in the order of the columns.
        between: which of them are no finished network: steps, and ends of stages.
        otherwise: how many have a latency that was taken in another manner.
    """

    def __init__(self, moments: Sequence[Moment] = ()) -> None:
        self.moments = moments
        self.between = np.array([m.kind in ("step", "stage") and not m.running for m in moments], dtype=bool)
        conditions = [timed(moment.metrics) for moment in moments]
        self._first = next((found for found in conditions if found is not None), None)
        self.otherwise = sum(found not in (None, self._first) for found in conditions)
        self._columns: dict[str, Floats] = {}

    def column(self, measure: str) -> Floats:
        """A figure of every moment, NaN where it has none."""
        if measure not in self._columns:
            self._columns[measure] = np.array([self._figure(m, measure) for m in self.moments], dtype=np.float64)
        return self._columns[measure]

    def _figure(self, moment: Moment, measure: str) -> float | None:
        alike = measure != "latency" or timed(moment.metrics) == self._first
        return figure(moment, measure) if alike else None


def trade_off(pool: Pool, across: str, up: str, *, steps: bool = True) -> TradeOff:
    """The dots of ``pool`` that have both figures; without ``steps`` only those of finished networks."""
    x, y = pool.column(across), pool.column(up)
    wanted = np.ones(len(x), dtype=bool) if steps else ~pool.between
    no_x, no_y = np.isnan(x), np.isnan(y)
    places = np.flatnonzero(wanted & ~no_x & ~no_y)
    x, y = x[places], y[places]
    front = pareto_front(x, y)
    bend = knee(x[front], y[front])
    otherwise = pool.otherwise if across == "latency" else 0
    untold = {across: int((wanted & no_x).sum()) - otherwise, up: int((wanted & no_y & ~no_x).sum())}
    return TradeOff(
        across, up, [pool.moments[i] for i in places.tolist()], x, y, front, None if bend is None else front[bend],
        {measure: count for measure, count in untold.items() if count}, otherwise,
    )  # fmt: skip


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

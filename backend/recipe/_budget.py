"""The budget: what the result is wished to cost at most, and whether it does.

A limit has the words, units and meaning of a prune stage's ``target``: up to 1 it is a share of the
original, above it MACs, parameters, bytes or milliseconds; ``accuracy_drop`` is in percentage points, and
``sparsity`` the least share of weights that are zero.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

TARGETS = ("macs", "parameters", "size", "latency", "sparsity", "accuracy_drop")
"""What a target or a limit can be set for."""
AT_LEAST = "sparsity"
"""The one of them that is not to be fallen short of; the others are not to be exceeded."""
SHARES = ("macs", "parameters", "size", "latency")
"""Those whose figure is a share of the original up to 1."""
_METRICS = {"macs": "macs", "parameters": "parameters", "size": "size_bytes", "sparsity": "sparsity"}


@dataclass(frozen=True)
class Verdict:
    """One limit and what a network has of it.

    Attributes:
        limit: one of :data:`TARGETS`.
        figure: as the recipe says it.
        allowed: MACs, parameters, bytes, milliseconds, percentage points, or the share of zeros; None where the
            original's figure is not known.
        reached: of the network, in the same unit; None where it is not known.
    """

    limit: str
    figure: float
    allowed: float | None
    reached: float | None

    @property
    def over(self) -> float | None:
        """By how much the network misses the limit; 0 or less where it is within."""
        if self.allowed is None or self.reached is None:
            return None
        over = self.allowed - self.reached if self.limit == AT_LEAST else self.reached - self.allowed
        return 0.0 if math.isclose(self.allowed, self.reached, rel_tol=1e-9, abs_tol=1e-9) else over

    @property
    def within(self) -> bool | None:
        return None if self.over is None else self.over <= 0

    def to_data(self) -> dict[str, Any]:
        return {**asdict(self), "within": self.within}


def judged(budget: Mapping[str, float], baseline: Mapping[str, Any], metrics: Mapping[str, Any]) -> list[Verdict]:
    """What each limit of ``budget`` says of a network.

    Args:
        budget: limit → figure.
        baseline: the original's measurement (M of result.json).
        metrics: the network's; a latency that is absent makes that verdict unknown.
    """
    return [
        Verdict(limit, figure, allowed(limit, figure, baseline), reached(limit, baseline, metrics))
        for limit, figure in budget.items()
    ]


def allowed(limit: str, figure: float, baseline: Mapping[str, Any]) -> float | None:
    """What ``figure`` comes to for an original that measures ``baseline``."""
    if limit == AT_LEAST:
        return min(figure, 1.0)
    if limit not in SHARES or figure > 1:
        return figure
    whole = reached(limit, baseline, baseline)
    return None if whole is None else figure * whole


def reached(limit: str, baseline: Mapping[str, Any], metrics: Mapping[str, Any]) -> float | None:
    """The figure of a network that ``limit`` is about."""
    if limit == "latency":
        times = metrics.get("latency_ms")
        return _number(times.get("median")) if isinstance(times, Mapping) else None
    if limit == "accuracy_drop":
        before, after = _number(baseline.get("accuracy")), _number(metrics.get("accuracy"))
        return None if before is None or after is None else before - after
    return _number(metrics.get(_METRICS[limit]))


def _number(value: Any) -> float | None:
    known = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if known else None

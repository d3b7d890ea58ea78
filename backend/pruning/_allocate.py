"""Automatic allocation: how much to prune where, so that a target is met at the least expected harm.

The harm of pruning a layer is what the sensitivity scan saw: the noise it brings into the network's
output, 10^(−SQNR/10), which for small errors adds up over layers where a drop in accuracy does not.
Noise can't tell a layer that fine-tuning will mend from one that has become a bottleneck; so where
everything the network knows of its input passes through a layer, how few units are left counts as well,
as a multiple of 1/units². Greedy: the step that costs the least harm
for what it saves is taken again and again, until the target is met; then steps are exchanged for others
that do less harm together.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

CAPACITY = 30.0
"""Weight of 1/(units left)² against noise ÷ signal."""
ROUNDS = 3
STEPS = 32
"""A layer's units are removed in about this many steps, and at the end in finer ones."""
FINE_STEPS = 512
"""Channels then go one by one, of a layer's many weights a few hundred at a time."""


@dataclass(frozen=True)
class Curve:
    """What the scan says of one layer (or group of layers).

    Attributes:
        units: how many there are.
        noise: (amount, noise ÷ signal of the network's output) in rising order of amount, (0, 0) left out.
        passage: whether nothing of the input reaches the output but through this layer; a branch beside a
            shortcut is none.
        each: channels or weights that a unit holds.
    """

    units: int
    noise: Sequence[tuple[float, float]]
    passage: bool = True
    each: int = 1

    def harm(self, removed: int) -> float:
        """Expected harm of removing ``removed`` units; rises with every unit."""
        narrow = CAPACITY / (self.each * (self.units - removed)) ** 2 if self.passage else 0.0
        return self.noise_at(removed / self.units) + narrow

    @property
    def step(self) -> int:
        return max(1, self.units // STEPS)

    def noise_at(self, amount: float) -> float:
        points = [(0.0, 0.0), *self.noise]
        worst = 0.0
        for (low, before), (high, after) in pairwise(points):
            after = max(worst, after)  # a lucky point is not a reason to prune more
            if amount <= high:
                return worst + (after - worst) * (amount - low) / (high - low)
            worst = max(worst, before, after)
        last = points[-1][0]  # beyond what was tried it is taken to get as bad as silence
        return worst + (amount - last) / (1 - last) if last < 1 else worst


Costs = Callable[[Mapping[str, int]], float]
"""Costs of the network when so many units of each are removed: MACs, parameters, weights that are not zero."""


def allocate(curves: Mapping[str, Curve], costs: Costs, budget: float) -> tuple[dict[str, int], float]:
    """Units to remove of each, and what the network then costs.

    One unit of each stays. Where that still costs more than ``budget``, everything else is removed and
    the cost returned is above it.

    Args:
        curves: by name.
        costs: falls with every unit removed.
        budget: what the network may cost.
    """
    coarse = {name: curve.step for name, curve in curves.items()}
    removed = _greedy(curves, costs, budget, dict.fromkeys(curves, 0), coarse)
    fine = {name: max(1, curve.units // FINE_STEPS) for name, curve in curves.items()}
    for steps in (coarse, fine):
        for _ in range(ROUNDS):
            better = _exchanged(curves, costs, budget, removed, steps)
            if better == removed:
                break
            removed = better
    return removed, costs(removed)


def _greedy(
    curves: Mapping[str, Curve], costs: Costs, budget: float, start: Mapping[str, int], steps: Mapping[str, int]
) -> dict[str, int]:
    """From ``start`` on, take the cheapest step (name → units) until the budget is met."""
    removed = dict(start)
    cost = costs(removed)
    if cost <= budget:
        return removed
    waiting = [(_price(curves[name], removed, name, step, costs, cost), name) for name, step in steps.items()]
    heapq.heapify(waiting)
    while cost > budget and waiting:
        # A price changes little with the other layers' steps, so only the cheapest is worked out anew.
        _, name = heapq.heappop(waiting)
        price = _price(curves[name], removed, name, steps[name], costs, cost)
        if math.isinf(price):
            continue
        if waiting and price > waiting[0][0]:
            heapq.heappush(waiting, (price, name))
            continue
        removed[name] += min(steps[name], curves[name].units - 1 - removed[name])
        cost = costs(removed)
        heapq.heappush(waiting, (_price(curves[name], removed, name, steps[name], costs, cost), name))
    return removed


def _exchanged(
    curves: Mapping[str, Curve], costs: Costs, budget: float, removed: dict[str, int], steps: Mapping[str, int]
) -> dict[str, int]:
    """``removed``, with steps given back where others can be taken in their place at less harm."""

    def harm(of: Mapping[str, int]) -> float:
        return sum(curves[name].harm(count) for name, count in of.items())

    least = harm(removed)
    for name, step in steps.items():
        others = {other: size for other, size in steps.items() if other != name}
        while removed[name] >= step:
            tried = _greedy(curves, costs, budget, {**removed, name: removed[name] - step}, others)
            now = harm(tried)
            if costs(tried) > budget or now >= least:
                break
            removed, least = tried, now
    return removed


def _price(curve: Curve, removed: dict[str, int], name: str, step: int, costs: Costs, cost: float) -> float:
    """Harm per saving of the next step of ``name``; infinite where none is left."""
    now = removed[name]
    step = min(step, curve.units - 1 - now)
    if step <= 0:
        return math.inf
    saved = cost - costs({**removed, name: now + step})
    return (curve.harm(now + step) - curve.harm(now)) / saved if saved > 0 else math.inf

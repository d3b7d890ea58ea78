"""Ranks: those that keep an energy, and those that meet a target at the least energy lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from backend.decomposition._base import Option, Ranks
from backend.decomposition._costs import Figure, Pricing

EXACT = 1e-9
"""All the energy, but for rounding."""


@dataclass(frozen=True)
class Choice:
    """One way to have a layer: factors of these ranks (None: as it is), the share of energy lost, and the cost."""

    ranks: Ranks | None
    lost: float
    cost: int


def keeping(options: Iterable[Option], energy: float) -> Option | None:
    """The first that keeps ``energy``; None where none of them does."""
    return next((option for option in options if option.kept >= energy - EXACT), None)


def choices(pricing: Pricing, options: Iterable[Option], figure: Figure) -> list[Choice]:
    """What is worth considering of a layer: itself, and factors that are smaller; in falling cost, rising loss."""
    whole = Choice(None, 0.0, pricing.cost(None, figure))
    made = [
        Choice(option.ranks, max(0.0, 1 - option.kept), pricing.cost(option.ranks, figure))
        for option in options
        if pricing.of(option.ranks).saves(pricing.whole)
    ]
    hull: list[Choice] = []
    for choice in sorted([whole, *made], key=lambda c: (c.cost, c.lost)):
        if hull and choice.lost >= hull[-1].lost:
            continue
        while len(hull) >= 2 and _price(hull[-2], hull[-1]) <= _price(hull[-1], choice):
            hull.pop()
        hull.append(choice)
    return hull[::-1]


def allocate(layers: Mapping[str, Sequence[Choice]], budget: float) -> dict[str, Choice] | None:
    """The choice for each layer that loses the least energy in all and costs no more than ``budget``.

    The lost shares of energy add up over layers as noise does. On the lower convex hull of each layer's choices the
    best for a price λ of a unit of cost is where the slope passes λ, so steps are taken in the order of their price:
    energy lost for what they save.

    Args:
        layers: the hull of each, in falling cost.
        budget: for all of them together.

    Returns:
        None where the cheapest of all cost more.
    """
    steps = sorted(
        (_price(after, before), name, number)
        for name, hull in layers.items()
        for number, (before, after) in enumerate(pairwise(hull), start=1)
    )
    chosen = dict.fromkeys(layers, 0)
    cost = sum(hull[0].cost for hull in layers.values())
    for _, name, number in steps:
        if cost <= budget:
            break
        cost -= layers[name][number - 1].cost - layers[name][number].cost
        chosen[name] = number
    if cost > budget:
        return None
    return {name: hull[chosen[name]] for name, hull in layers.items()}


def _price(cheap: Choice, dear: Choice) -> float:
    """Energy lost for each unit of cost that ``cheap`` saves on ``dear``."""
    return (cheap.lost - dear.lost) / (dear.cost - cheap.cost)

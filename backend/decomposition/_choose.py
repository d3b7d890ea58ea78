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
    """What is worth considering of a layer: itself, and smaller factors; in falling cost, rising loss."""
    whole = Choice(None, 0.0, pricing.cost(None, figure))
    made = [
        Choice(option.ranks, max(0.0, 1 - option.kept), pricing.cost(option.ranks, figure))
        for option in options
        if pricing.of(option.ranks).saves(pricing.whole)
    ]
    front: list[Choice] = []
    for choice in sorted([whole, *made], key=lambda c: (c.cost, c.lost)):
        if not front or choice.lost < front[-1].lost:
            front.append(choice)
    return front[::-1]


def allocate(layers: Mapping[str, Sequence[Choice]], budget: float) -> dict[str, Choice] | None:
    """The choice for each layer that loses the least energy in all, nearly, and costs no more than ``budget``.

    The lost shares of energy add up over layers as noise does. Steps along the lower convex hull of each layer's
    choices are taken in the order of their price, energy lost for what they save; what the last step saves too much
    is given back where it wins most.

    Args:
        layers: the choices of each, in falling cost and rising loss.
        budget: for all of them together.

    Returns:
        None where the cheapest of all cost more.
    """
    hulls = {name: _hull(choices) for name, choices in layers.items()}
    steps = sorted(
        (_price(after, before), name, number)
        for name, hull in hulls.items()
        for number, (before, after) in enumerate(pairwise(hull), start=1)
    )
    chosen = {name: hull[0] for name, hull in hulls.items()}
    room = budget - sum(choice.cost for choice in chosen.values())
    for _, name, number in steps:
        if room >= 0:
            break
        room += chosen[name].cost - hulls[name][number].cost
        chosen[name] = hulls[name][number]
    if room < 0:
        return None
    return _given_back(layers, chosen, room)


def _hull(choices: Sequence[Choice]) -> list[Choice]:
    """Those of ``choices`` whose price rises from step to step; the others lie above a line between two of these."""
    hull: list[Choice] = []
    for choice in choices:
        while len(hull) >= 2 and _price(hull[-1], hull[-2]) >= _price(choice, hull[-1]):
            hull.pop()
        hull.append(choice)
    return hull


def _given_back(layers: Mapping[str, Sequence[Choice]], chosen: Mapping[str, Choice], room: float) -> dict[str, Choice]:
    """``chosen``, with better choices as long as there is ``room`` for one."""
    now = dict(chosen)
    while True:
        better = {name: next(c for c in layers[name] if c.cost <= now[name].cost + room) for name in now}
        name = max(now, key=lambda name: now[name].lost - better[name].lost, default=None)
        if name is None or better[name].lost >= now[name].lost:
            return now
        room -= better[name].cost - now[name].cost
        now[name] = better[name]


def _price(cheap: Choice, dear: Choice) -> float:
    """Energy lost for each unit of cost that ``cheap`` saves on ``dear``."""
    return (cheap.lost - dear.lost) / (dear.cost - cheap.cost)

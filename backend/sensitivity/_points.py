"""What to try: every layer at every amount, as its criterion would prune it alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from torch import Tensor

from backend.pruning._masks import Ranked, local_mask
from backend.sensitivity._base import Point

AMOUNTS = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Where nothing else is asked for."""


def layer_points(
    layers: Iterable[Ranked], amounts: Sequence[float] = AMOUNTS, masks: Mapping[str, Tensor] | None = None
) -> list[Point]:
    """A point for every layer and amount.

    Args:
        layers: the layers and what ranks their units; those whose criterion does not rank have no amount
            and are left out.
        amounts: shares of each layer's units.
        masks: what is pruned already, by parameter; it stays so.
    """
    points: list[Point] = []
    for layer, criterion in layers:
        if criterion.scores is None:
            continue
        scores = criterion.scores(layer)  # once for all amounts
        once = dataclasses.replace(criterion, scores=lambda _, scores=scores: scores)  # type: ignore[misc]
        name = f"{layer.name}.weight"
        for amount in amounts:
            points.append(Point(layer.name, amount, {name: local_mask(layer, once, amount, (masks or {}).get(name))}))
    return points

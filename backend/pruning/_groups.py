"""Ranking of channels that can only go together.

Layers whose outputs are added to each other lose the same channels (a residual stream). A channel's
importance is then the sum, over the layers of its group, of the criterion's score divided by that
layer's mean score: norms grow with the number of weights, so raw sums would let one layer decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import gcd

import torch
from torch import Tensor

from backend.pruning._masks import Ranked, lowest, relative, unit_scores
from backend.removal import Group, Structure


def group_scores(group: Group, layers: Mapping[str, Ranked], masks: Mapping[str, Tensor]) -> Tensor:
    """Importance of each unit of ``group`` (float64, mean 1), −inf where every weight of it is pruned already.

    Args:
        group: what goes together.
        layers: its layers, or those that are to be asked, with the criterion of each.
        masks: masks so far, by parameter.
    """
    total = torch.zeros(group.units, dtype=torch.float64)
    for name, rows in group.rows.items():
        if name in layers:
            total += relative(unit_scores(*layers[name], None).cpu()[rows].sum(dim=1))
    return total.masked_fill(emptied(group, masks), -torch.inf)


def local_units(scores: Tensor, amount: float, width: int = 1, round_to: int | None = None) -> Tensor:
    """Indices of the units to remove: the lowest ``amount`` of them, one at least stays.

    Args:
        scores: of the units; −inf goes in any case.
        amount: share of the units that are gone afterwards.
        width: channels in a unit.
        round_to: what the number of channels that stay is rounded up to a multiple of, where it can be.
    """
    count = max(round(amount * len(scores)), int((scores == -torch.inf).sum()))
    return _indices(lowest(scores, rounded(min(count, len(scores) - 1), len(scores), width, round_to)))


def global_units(
    scores: Mapping[str, Tensor], amount: float, widths: Mapping[str, int], round_to: int | None = None
) -> dict[str, Tensor]:
    """Group → indices of the units to remove, by one ranking over all groups; one unit of each stays."""
    flat = {name: s.clone() for name, s in scores.items()}
    for s in flat.values():
        s[s.argmax()] = torch.inf
    joined = torch.cat(list(flat.values()))
    keep = lowest(joined, min(round(amount * len(joined)), len(joined) - len(flat)))
    removed: dict[str, Tensor] = {}
    for (name, s), part in zip(flat.items(), torch.split(keep, [len(s) for s in flat.values()]), strict=True):
        count = rounded(int((part == 0).sum()), len(s), widths[name], round_to)
        removed[name] = _indices(lowest(s, count))
    return removed


def width(group: Group) -> int:
    """Channels that a unit of ``group`` holds: more than one for attention heads and grouped convolutions."""
    return next(iter(group.rows.values())).shape[1]


def emptied(group: Group, masks: Mapping[str, Tensor]) -> Tensor:
    """Which units of ``group`` have no weight left in any of its layers (bool, one a unit)."""
    gone = torch.ones(group.units, dtype=torch.bool)
    for name, rows in group.rows.items():
        gone &= _empty(masks.get(f"{name}.weight"), rows)
    return gone


def silent(group: Group, structure: Structure, masks: Mapping[str, Tensor]) -> Tensor:
    """Which units of ``group`` give nothing at all (bool, one a unit): weights, biases and normalization are masked."""
    gone = torch.ones(group.units, dtype=torch.bool)
    for (name, dim), cut in structure.cuts[group.name].items():
        if (name, dim) in structure.silent:
            mask = masks.get(name, torch.ones(structure.shapes[name])).cpu().movedim(dim, 0)
            present = mask.reshape(len(mask), -1).ne(0).any(dim=1)
            gone[cut.units[present[cut.rows]]] = False
    return gone


def rounded(count: int, units: int, width: int, round_to: int | None) -> int:
    """As many of ``count`` units as leave a multiple of ``round_to`` channels; fewer go, never more."""
    if round_to is None:
        return count
    step = at_a_time(width, round_to)
    kept = -(-(units - count) // step) * step
    return max(0, units - kept)


def at_a_time(width: int, round_to: int | None) -> int:
    """Units of ``width`` channels that make a multiple of ``round_to`` channels."""
    return 1 if round_to is None else round_to // gcd(round_to, width)


def _empty(mask: Tensor | None, rows: Tensor) -> Tensor:
    """Which units of a layer are pruned already."""
    if mask is None:
        return torch.zeros(len(rows), dtype=torch.bool)
    return mask.cpu().flatten(1).eq(0).all(dim=1)[rows].all(dim=1)


def _indices(keep: Tensor) -> Tensor:
    return (keep == 0).nonzero().flatten()

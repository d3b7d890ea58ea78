"""From scores and amounts to masks: what all criteria share.

``amount`` is the share of a layer's units (of all ranked layers' units under ``scope: global``) that
are zero afterwards; units that an earlier mask has already pruned count and go first. As many units
go as torch.nn.utils.prune would take: round(amount · units), the smallest scores.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from backend.pruning._base import Candidate, Criterion, Unit, unit_of

Ranked = tuple[Candidate, Criterion]


def local_mask(layer: Candidate, criterion: Criterion, amount: float, old: Tensor | None) -> Tensor:
    """The mask of one layer by itself, never reviving what ``old`` pruned.

    Args:
        layer: the layer.
        criterion: ranks its units, or gives the mask itself (``amount`` is unused then).
        amount: share of units that are zero afterwards.
        old: mask so far.

    Returns:
        A float mask of the weight's shape; 1 keeps, 0 prunes.
    """
    if criterion.mask is not None:
        made = criterion.mask(layer)
    else:
        unit = unit_of(layer, criterion)
        scores = unit_scores(layer, criterion, old)
        made = spread(lowest(scores.flatten(), _count(amount, scores.numel(), unit)), scores, layer, unit)
    return made if old is None else made * old


def global_masks(layers: Sequence[Ranked], amount: float, old: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Masks from one ranking over all ``layers``; at least one unit of each layer stays.

    Weights are compared by their scores as they are (torch.nn.utils.prune.global_unstructured).
    Channels are compared after dividing by their layer's mean score, because norms grow with the
    number of weights in a channel.
    """
    scores = [unit_scores(layer, criterion, old.get(layer.name)) for layer, criterion in layers]
    units = [unit_of(layer, criterion) for layer, criterion in layers]
    flat = [
        s.flatten().clone() if unit == "weight" else relative(s.flatten())
        for s, unit in zip(scores, units, strict=True)
    ]
    for s in flat:
        s[s.argmax()] = torch.inf
    joined = torch.cat(flat)
    keep = lowest(joined, min(round(amount * len(joined)), len(joined) - len(flat)))
    masks: dict[str, Tensor] = {}
    parts = torch.split(keep, [len(f) for f in flat])
    for part, s, unit, (layer, _) in zip(parts, scores, units, layers, strict=True):
        mask = spread(part, s, layer, unit)
        before = old.get(layer.name)
        masks[layer.name] = mask if before is None else mask * before
    return masks


def unit_scores(layer: Candidate, criterion: Criterion, old: Tensor | None) -> Tensor:
    """The criterion's scores as float64, −inf for units that are pruned already."""
    if criterion.scores is None:
        raise TypeError(f"{criterion.id} does not rank")
    scores = criterion.scores(layer).detach().double()
    if old is None:
        return scores
    gone = old == 0 if unit_of(layer, criterion) == "weight" else _slices(old, layer).eq(0).all(dim=1)
    return scores.masked_fill(gone, -torch.inf)


def lowest(scores: Tensor, count: int) -> Tensor:
    """A flat mask that is 0 at the ``count`` smallest of flat ``scores`` and 1 elsewhere."""
    keep = torch.ones_like(scores)
    if count > 0:
        keep[torch.topk(scores, count, largest=False).indices] = 0
    return keep


def spread(keep: Tensor, scores: Tensor, layer: Candidate, unit: Unit) -> Tensor:
    """A flat mask over units as a mask of the weight's shape."""
    weight = layer.weight
    if unit == "weight":
        return keep.view_as(scores).to(weight)
    shape = [1] * weight.dim()
    shape[layer.settings.get("dim", 0)] = -1
    return keep.view(shape).to(weight).expand_as(weight).clone()


def _count(amount: float, units: int, unit: Unit) -> int:
    """Units to prune; a layer keeps at least one channel, however large the amount."""
    count = round(amount * units)
    return min(count, units - 1) if unit == "channel" else count


def relative(scores: Tensor) -> Tensor:
    """``scores`` divided by the mean of those that are not −inf, so that layers can be compared."""
    present = scores[scores > -torch.inf]
    mean = present.mean() if len(present) else torch.ones(())
    return scores / mean if mean > 0 else scores.clone()


def _slices(mask: Tensor, layer: Candidate) -> Tensor:
    """``mask`` as units × weights in a unit, for unit ``channel``."""
    return mask.movedim(layer.settings.get("dim", 0), 0).flatten(1)


def apply_masks(module: nn.Module, masks: Mapping[str, Tensor]) -> None:
    """Set every pruned value to exactly zero; ``masks`` by the parameter's name."""
    with torch.no_grad():
        for name, mask in masks.items():
            parameter = module.get_parameter(name)
            parameter.mul_(mask.to(parameter.device)).add_(0.0)  # no −0.0

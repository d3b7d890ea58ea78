"""Magnitude that adapts to the layer, for global rankings."""

from __future__ import annotations

import torch
from torch import Tensor

from backend.description import Reference
from backend.pruning._base import Candidate, Criterion


def scores(layer: Candidate) -> Tensor:
    """w_u² ÷ Σ_{v: w_v² ≥ w_u²} w_v² of each weight u (Lee et al. 2021, "Layer-adaptive sparsity for the
    magnitude-based pruning", eq. 1). Shape of the weight; the largest weight of a layer scores 1."""
    squares = layer.weight.double().square()
    ordered, order = squares.flatten().sort()
    not_smaller = ordered.flip(0).cumsum(0).flip(0)
    ranked = torch.where(not_smaller > 0, ordered / not_smaller, torch.zeros_like(ordered))
    return torch.empty_like(ranked).scatter_(0, order, ranked).view_as(squares)


METHOD = Criterion(
    id="lamp",
    label="LAMP",
    summary="Ranks weights by their share of what would be left of their layer; made for a global ranking.",
    when="With the global scope and high sparsity, where plain magnitudes would empty whole layers. Needs no data.",
    reference=Reference(
        authors="Lee, Park, Mo, Ahn and Shin",
        title="Layer-Adaptive Sparsity for the Magnitude-Based Pruning",
        year=2021,
        link="arXiv:2010.07611",
    ),
    unit="weight",
    scores=scores,
)

"""Whole channels with the smallest norm."""

from __future__ import annotations

import torch
from torch import Tensor

from backend.description import Parameter, Reference
from backend.pruning._base import DIM, Candidate, Criterion


def scores(layer: Candidate) -> Tensor:
    """‖w_c‖_n of each slice c along ``dim``, as torch.nn.utils.prune.LnStructured ranks (Li et al. 2017,
    "Pruning filters for efficient ConvNets", with n = 1). One value per slice."""
    dim = layer.settings["dim"]
    others = [d for d in range(layer.weight.dim()) if d != dim]
    norms: Tensor = torch.linalg.vector_norm(layer.weight, ord=float(layer.settings["n"]), dim=others)
    return norms


METHOD = Criterion(
    id="ln_structured",
    label="Ln structured",
    summary="Removes whole channels whose weights have the smallest norm.",
    when="The first thing to try for whole channels, which can then be removed: smaller and faster everywhere."
    " Needs no data.",
    reference=Reference(
        authors="Li, Kadav, Durdanovic, Samet and Graf",
        title="Pruning Filters for Efficient ConvNets",
        year=2017,
        link="arXiv:1608.08710",
    ),
    parameters=(
        Parameter(
            name="n",
            type="choice",
            label="Norm",
            default=2,
            choices=(1, 2, "inf", "-inf"),
            summary="1 sums absolute values, 2 is Euclidean, inf takes the largest, -inf the smallest.",
        ),
        DIM,
    ),
    unit="channel",
    scores=scores,
)

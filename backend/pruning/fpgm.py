"""Filters that the others of their layer can replace."""

from __future__ import annotations

import torch
from torch import Tensor

from backend.description import Reference
from backend.pruning._base import DIM, Candidate, Criterion


def scores(layer: Candidate) -> Tensor:
    """Σ_j ‖w_i − w_j‖₂ of each filter i over all filters j of its layer: the smallest lie nearest to the
    geometric median (He et al. 2019, "Filter pruning via geometric median", eq. 4). One value per
    slice of ``dim``."""
    filters = layer.weight.movedim(layer.settings["dim"], 0).flatten(1).double()
    return torch.cdist(filters, filters, compute_mode="donot_use_mm_for_euclid_dist").sum(dim=1)


METHOD = Criterion(
    id="fpgm",
    label="FPGM",
    summary="Removes the channels nearest to the geometric median of their layer: the others can stand in for them.",
    when="For whole channels where norms are all alike: it looks for the replaceable, not for the small. Needs"
    " no data.",
    reference=Reference(
        authors="He, Liu, Wang, Hu and Yang",
        title="Filter Pruning via Geometric Median for Deep Convolutional Neural Networks Acceleration",
        year=2019,
        link="arXiv:1811.00250",
    ),
    parameters=(DIM,),
    unit="channel",
    scores=scores,
)

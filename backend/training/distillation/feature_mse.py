"""FitNets: the student's features become the teacher's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch.nn.functional as F
from torch import Tensor

from backend.description import Reference
from backend.training.distillation._base import PAIRS, WEIGHT, Distillation
from backend.training.distillation._features import regressor, same_size


def loss(student: Sequence[Tensor], teacher: Sequence[Tensor], settings: Mapping[str, Any]) -> Tensor:
    """Mean over batch and elements of (u_teacher − r(u_student))² (Romero et al. 2015, equation 3, whose constant
    factor ½ and sum over elements are the weight's business). r is the regressor, where the widths differ; both are
    averaged to the smaller height and width."""
    return F.mse_loss(*same_size(student[0], teacher[0]))


METHOD = Distillation(
    id="feature_mse",
    label="Feature MSE",
    summary="The outputs of the student's layers become those of the teacher's; where widths differ, a trained "
    "regressor stands between them and is left out of the result.",
    when="Where student and teacher are built alike, as after pruning. The error grows with the size of the features: "
    "choose the weight by the parts of the loss. Each batch also runs through the teacher.",
    reference=Reference(
        authors="Romero et al.", title="FitNets: Hints for Thin Deep Nets", year=2015, link="arXiv:1412.6550"
    ),
    parameters=(WEIGHT, PAIRS),
    on="features",
    loss=loss,
    adapter=regressor,
)

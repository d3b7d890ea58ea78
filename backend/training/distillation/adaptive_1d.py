"""A trained linear layer brings the student's hidden states into the teacher's space."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch.nn.functional as F
from torch import Size, Tensor, nn

from backend.description import Reference
from backend.training.distillation._base import PAIRS, WEIGHT, Distillation
from backend.training.distillation._features import same_size


def loss(student: Sequence[Tensor], teacher: Sequence[Tensor], settings: Mapping[str, Any]) -> Tensor:
    """Mean over batch and elements of (H_teacher − H_student·W)² (Jiao et al. 2020, equation 8); sequences are averaged
    to the shorter length."""
    return F.mse_loss(*same_size(student[0], teacher[0]))


def adapter(student: Size, teacher: Size) -> nn.Module:
    """W, also where the widths agree: the spaces need not. It begins as the identity as far as widths allow."""
    linear = nn.Linear(student[-1], teacher[-1], bias=False)
    nn.init.eye_(linear.weight)
    return linear


METHOD = Distillation(
    id="adaptive_1d",
    label="Adaptive 1-D",
    summary="A trained linear layer aligns the last dimension of hidden vectors and sequences, and is left out of the "
    "result.",
    when="For linear and attention layers, where the student may order its features in another way than its teacher. "
    "Feature MSE is for convolutions.",
    reference=Reference(
        authors="Jiao et al.",
        title="TinyBERT: Distilling BERT for Natural Language Understanding",
        year=2020,
        link="arXiv:1909.10351",
    ),
    parameters=(WEIGHT, PAIRS),
    on="features",
    loss=loss,
    adapter=adapter,
    dims=(2, 3),
)

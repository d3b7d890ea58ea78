"""Activation-based attention transfer: the student looks where the teacher looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from backend.description import Parameter, Reference
from backend.training.distillation._base import PAIRS, WEIGHT, Distillation
from backend.training.distillation._features import same_size


def loss(student: Sequence[Tensor], teacher: Sequence[Tensor], settings: Mapping[str, Any]) -> Tensor:
    """‖Q_S ÷ ‖Q_S‖₂ − Q_T ÷ ‖Q_T‖₂‖₂, mean over the batch, Q = vec(Σ_c |A_c|^p) (Zagoruyko & Komodakis 2017, equations
    1 and 2; their β ÷ 2 is the weight). Maps are averaged to the smaller height and width before they are normalized.
    Of N×T×D the sum goes over D."""
    own, wanted = same_size(*(_map(features, float(settings["power"])) for features in (student[0], teacher[0])))
    apart: Tensor = torch.linalg.vector_norm(_normalized(own) - _normalized(wanted), dim=1)
    return apart.mean()


def _map(features: Tensor, power: float) -> Tensor:
    """N×1×H×W, or N×T×1."""
    return features.abs().pow(power).sum(1 if features.dim() == 4 else 2, keepdim=True)


def _normalized(attention: Tensor) -> Tensor:
    return F.normalize(attention.flatten(1), dim=1)


METHOD = Distillation(
    id="attention_transfer",
    label="Attention transfer",
    summary="Where in an image the student's layers are active becomes where the teacher's are; widths may differ.",
    when="For convolutional networks of any widths: nothing is trained beside the student. It says where to look, not "
    "what to see; use it beside soft targets.",
    reference=Reference(
        authors="Zagoruyko and Komodakis",
        title="Paying More Attention to Attention: Improving the Performance of Convolutional Neural Networks via "
        "Attention Transfer",
        year=2017,
        link="arXiv:1612.03928",
    ),
    parameters=(
        WEIGHT,
        PAIRS,
        Parameter(
            name="power",
            type="float",
            label="Power",
            default=2.0,
            minimum=1.0,
            maximum=8.0,
            required=True,
            advanced=True,
            summary="The higher, the more the strongest channel of a place counts.",
        ),
    ),
    on="features",
    loss=loss,
    dims=(3, 4),
)

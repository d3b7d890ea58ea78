"""Decoupled knowledge distillation: what is said of the label, and what of all other classes, weighted apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from backend.description import Parameter, Reference
from backend.training.distillation._base import TEMPERATURE, WEIGHT, Distillation


def loss(outputs: Tensor, teacher: Tensor, labels: Tensor, settings: Mapping[str, Any]) -> Tensor:
    """T²·(α·TCKD + β·NCKD), mean over the batch (Zhao et al. 2022, equation 7).

    With p = softmax(z ÷ T) and t the label: TCKD = KL(bᵀ ‖ bˢ), b = [p_t, 1 − p_t] (the target class), and NCKD =
    KL(p̂ᵀ ‖ p̂ˢ), p̂ = softmax of z ÷ T over the classes that are not the label (equations 2, 3 and 6). Classical
    distillation is TCKD + (1 − p_tᵀ)·NCKD: there a sure teacher silences what it knows of the other classes. With two
    classes NCKD is 0.
    """
    t = float(settings["temperature"])
    (target, others), (wanted_target, wanted_others) = (_parts(z / t, labels) for z in (outputs, teacher))
    tckd = F.kl_div(target, wanted_target, log_target=True, reduction="batchmean")
    nckd = F.kl_div(others, wanted_others, log_target=True, reduction="batchmean")
    weighted: Tensor = settings["alpha"] * tckd + settings["beta"] * nckd
    return t * t * weighted


def _parts(logits: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """Logarithms of b (N×2) and p̂ (N×(classes − 1)), from logits alone: 1 − p_t would be 0 for a sure network."""
    target = F.one_hot(labels, logits.shape[1]).bool()
    others = logits[~target].view(len(logits), -1)
    scores = torch.stack([logits[target], others.logsumexp(1)], dim=1)
    return F.log_softmax(scores, 1), F.log_softmax(others, 1)


METHOD = Distillation(
    id="decoupled",
    label="Decoupled",
    summary="Soft targets in two parts: how sure the teacher is of the label, and how it ranks the other classes.",
    when="Where the teacher is so sure that soft targets say little more than the labels. Beta decides: the paper "
    "takes 8 for CIFAR-100 and 0.5 for ImageNet. Costs what soft targets do.",
    reference=Reference(
        authors="Zhao, Cui, Song, Qiu and Liang",
        title="Decoupled Knowledge Distillation",
        year=2022,
        link="arXiv:2203.08679",
    ),
    parameters=(
        WEIGHT,
        TEMPERATURE,
        Parameter(
            name="alpha",
            type="float",
            label="Alpha",
            default=1.0,
            minimum=0.0,
            maximum=1000.0,
            required=True,
            summary="What the label's part is multiplied by.",
        ),
        Parameter(
            name="beta",
            type="float",
            label="Beta",
            default=8.0,
            minimum=0.0,
            maximum=1000.0,
            required=True,
            summary="What the other classes' part is multiplied by.",
        ),
    ),
    on="outputs",
    loss=loss,
)

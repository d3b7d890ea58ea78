"""torch.optim.AdamW."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from backend.description import Reference
from backend.training.optimizers._base import OptimizerMethod, Parameters


def build(parameters: Parameters, settings: Mapping[str, Any]) -> torch.optim.Optimizer:
    return torch.optim.AdamW(parameters, lr=settings["learning_rate"], weight_decay=settings["weight_decay"])


METHOD = OptimizerMethod(
    id="adamw",
    label="AdamW",
    summary="Adam with weight decay apart from the gradient; the usual choice for transformers.",
    when="For transformers, and wherever weight decay matters. Keeps two more numbers for each weight.",
    reference=Reference(
        authors="Loshchilov and Hutter",
        title="Decoupled Weight Decay Regularization",
        year=2019,
        link="arXiv:1711.05101",
    ),
    build=build,
    learning_rate=0.001,
)

"""torch.optim.Adagrad."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from backend.description import Reference
from backend.training.optimizers._base import OptimizerMethod, Parameters


def build(parameters: Parameters, settings: Mapping[str, Any]) -> torch.optim.Optimizer:
    return torch.optim.Adagrad(parameters, lr=settings["learning_rate"], weight_decay=settings["weight_decay"])


METHOD = OptimizerMethod(
    id="adagrad",
    label="Adagrad",
    summary="Lowers the step of every weight by all the gradients that it has seen (Duchi et al. 2011).",
    when="For short trainings with rare features: steps only ever shrink. One more number for each weight.",
    reference=Reference(
        authors="Duchi, Hazan and Singer",
        title="Adaptive Subgradient Methods for Online Learning and Stochastic Optimization",
        year=2011,
    ),
    build=build,
    learning_rate=0.01,
)

"""torch.optim.Adam."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from backend.description import Reference
from backend.training.optimizers._base import OptimizerMethod, Parameters


def build(parameters: Parameters, settings: Mapping[str, Any]) -> torch.optim.Optimizer:
    return torch.optim.Adam(parameters, lr=settings["learning_rate"], weight_decay=settings["weight_decay"])


METHOD = OptimizerMethod(
    id="adam",
    label="Adam",
    summary="Adapts the step of every weight; needs little tuning (Kingma and Ba 2015).",
    when="When nobody knows the right learning rate, or training starts from scratch. Keeps two more numbers "
    "for each weight.",
    reference=Reference(
        authors="Kingma and Ba",
        title="Adam: A Method for Stochastic Optimization",
        year=2015,
        link="arXiv:1412.6980",
    ),
    build=build,
    learning_rate=0.001,
)

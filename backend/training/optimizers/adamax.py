"""torch.optim.Adamax."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from backend.description import Reference
from backend.training.optimizers._base import OptimizerMethod, Parameters


def build(parameters: Parameters, settings: Mapping[str, Any]) -> torch.optim.Optimizer:
    return torch.optim.Adamax(parameters, lr=settings["learning_rate"], weight_decay=settings["weight_decay"])


METHOD = OptimizerMethod(
    id="adamax",
    label="Adamax",
    summary="Adam by the largest gradient instead of the mean square (Kingma and Ba 2015, section 7.1).",
    when="Where single large gradients upset Adam. Two more numbers for each weight.",
    reference=Reference(
        authors="Kingma and Ba",
        title="Adam: A Method for Stochastic Optimization",
        year=2015,
        link="arXiv:1412.6980",
    ),
    build=build,
    learning_rate=0.002,
)

"""torch.optim.RAdam."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from backend.description import Reference
from backend.training.optimizers._base import OptimizerMethod, Parameters


def build(parameters: Parameters, settings: Mapping[str, Any]) -> torch.optim.Optimizer:
    return torch.optim.RAdam(parameters, lr=settings["learning_rate"], weight_decay=settings["weight_decay"])


METHOD = OptimizerMethod(
    id="radam",
    label="RAdam",
    summary="Adam whose first steps are held back until it knows how gradients vary (Liu et al. 2020).",
    when="Where Adam needs a warm-up: it brings its own. Two more numbers for each weight.",
    reference=Reference(
        authors="Liu et al.",
        title="On the Variance of the Adaptive Learning Rate and Beyond",
        year=2020,
        link="arXiv:1908.03265",
    ),
    build=build,
    learning_rate=0.001,
)

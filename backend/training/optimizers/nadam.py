"""torch.optim.NAdam."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from backend.description import Reference
from backend.training.optimizers._base import OptimizerMethod, Parameters


def build(parameters: Parameters, settings: Mapping[str, Any]) -> torch.optim.Optimizer:
    return torch.optim.NAdam(parameters, lr=settings["learning_rate"], weight_decay=settings["weight_decay"])


METHOD = OptimizerMethod(
    id="nadam",
    label="NAdam",
    summary="Adam with Nesterov's look ahead (Dozat 2016).",
    when="Where Adam works, to come down somewhat faster. Two more numbers for each weight.",
    reference=Reference(
        authors="Dozat",
        title="Incorporating Nesterov Momentum into Adam",
        year=2016,
    ),
    build=build,
    learning_rate=0.002,
)

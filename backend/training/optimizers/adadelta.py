"""torch.optim.Adadelta."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from backend.description import Reference
from backend.training.optimizers._base import OptimizerMethod, Parameters


def build(parameters: Parameters, settings: Mapping[str, Any]) -> torch.optim.Optimizer:
    return torch.optim.Adadelta(parameters, lr=settings["learning_rate"], weight_decay=settings["weight_decay"])


METHOD = OptimizerMethod(
    id="adadelta",
    label="Adadelta",
    summary="Takes steps as large as the ones that went before, without a rate to tune (Zeiler 2012).",
    when="When no learning rate is known; 1 leaves its steps as they are. Two more numbers for each weight.",
    reference=Reference(
        authors="Zeiler",
        title="ADADELTA: An Adaptive Learning Rate Method",
        year=2012,
        link="arXiv:1212.5701",
    ),
    build=build,
    learning_rate=1.0,
)

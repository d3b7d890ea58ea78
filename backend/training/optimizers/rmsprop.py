"""torch.optim.RMSprop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from backend.description import Reference
from backend.training.optimizers._base import OptimizerMethod, Parameters


def build(parameters: Parameters, settings: Mapping[str, Any]) -> torch.optim.Optimizer:
    return torch.optim.RMSprop(parameters, lr=settings["learning_rate"], weight_decay=settings["weight_decay"])


METHOD = OptimizerMethod(
    id="rmsprop",
    label="RMSprop",
    summary="Divides the step of every weight by a running mean of its gradient's size.",
    when="For networks whose gradients differ much in size, as in the training of MobileNets. One more number for "
    "each weight.",
    reference=Reference(
        authors="Tieleman and Hinton",
        title="Lecture 6.5 – RMSprop: Divide the Gradient by a Running Average of Its Recent Magnitude",
        year=2012,
    ),
    build=build,
    learning_rate=0.001,
)

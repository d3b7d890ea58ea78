"""torch.optim.SGD."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch import nn

from backend.training.optimizers._base import OptimizerMethod


def build(parameters: Iterable[nn.Parameter], settings: Mapping[str, Any]) -> torch.optim.Optimizer:
    return torch.optim.SGD(
        parameters, lr=settings["learning_rate"], momentum=settings["momentum"], weight_decay=settings["weight_decay"]
    )


METHOD = OptimizerMethod(
    id="sgd",
    label="SGD",
    summary="Stochastic gradient descent with momentum; the usual choice for convolutional networks.",
    build=build,
    learning_rate=0.01,
)

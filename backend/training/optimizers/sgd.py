"""torch.optim.SGD."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from backend.description import Reference
from backend.training.optimizers._base import OptimizerMethod, Parameters


def build(parameters: Parameters, settings: Mapping[str, Any]) -> torch.optim.Optimizer:
    momentum = settings["momentum"]
    return torch.optim.SGD(
        parameters,
        lr=settings["learning_rate"],
        momentum=momentum,
        weight_decay=settings["weight_decay"],
        nesterov=settings["nesterov"] and momentum > 0,  # without momentum there is nothing to look ahead along
    )


METHOD = OptimizerMethod(
    id="sgd",
    label="SGD",
    summary="Stochastic gradient descent with momentum; the usual choice for convolutional networks.",
    when="For fine-tuning convolutional networks, which it leaves near where they were. Needs a fitting learning rate.",
    reference=Reference(
        authors="Robbins and Monro",
        title="A Stochastic Approximation Method",
        year=1951,
        link="doi:10.1214/aoms/1177729586",
    ),
    build=build,
    learning_rate=0.01,
)

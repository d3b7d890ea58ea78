"""Moving average."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from torch import nn
from torch.ao.quantization import MovingAverageMinMaxObserver

from backend.description import Reference
from backend.quantization.observers._base import ActivationRange, Observer


def make(range: ActivationRange) -> Callable[[], nn.Module]:
    return cast("Callable[[], nn.Module]", MovingAverageMinMaxObserver.with_args(**range.to_arguments()))


METHOD = Observer(
    id="moving_average",
    label="Moving average",
    summary="Smallest and largest value of each batch, averaged with 1 % weight for the newest.",
    when="In quantization-aware training, where ranges move with the weights. As fast as min-max.",
    reference=Reference(
        authors="Jacob et al.",
        title="Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference",
        year=2018,
        link="arXiv:1712.05877",
    ),
    make=make,
)

"""Min-max."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from torch import nn
from torch.ao.quantization import MinMaxObserver

from backend.quantization.observers._base import ActivationRange, Observer


def make(range: ActivationRange) -> Callable[[], nn.Module]:
    return cast("Callable[[], nn.Module]", MinMaxObserver.with_args(**range.to_arguments()))


METHOD = Observer(
    id="min_max",
    label="Min-max",
    summary="From the smallest to the largest value seen.",
    when="When nothing may be clipped, and values have no outliers. The fastest.",
    make=make,
)

"""Histogram."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from torch import nn
from torch.ao.quantization import HistogramObserver

from backend.quantization.observers._base import ActivationRange, Observer


def make(range: ActivationRange) -> Callable[[], nn.Module]:
    return cast("Callable[[], nn.Module]", HistogramObserver.with_args(**range.to_arguments()))


METHOD = Observer(
    id="histogram",
    label="Histogram",
    summary="The part of the values' histogram that costs the least squared error; outliers are clipped.",
    when="The usual choice for activations: outliers hardly cost precision. A little slower than min-max.",
    make=make,
)

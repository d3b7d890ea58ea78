"""Percentile: the range without its extreme values."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import torch
from torch import Tensor, nn

from backend.description import Reference
from backend.quantization.observers._base import ActivationRange, Observer
from backend.quantization.observers._histogram import BINS, HistogramBase

SHARE = 0.9999
"""Of the values, on each side that is clipped."""


class PercentileObserver(HistogramBase):
    """Keeps the values between the percentiles 0.01 and 99.99; symmetric: magnitudes up to percentile 99.99.

    To within a bin of the histogram (at most 1/2048 of the largest magnitude), and never beyond what was seen.
    """

    def clip(self) -> tuple[float, float]:
        if self.symmetric:
            counts = self.magnitudes()
            counts[0] += self.zeros
            end = min(_bins_below(counts) * self.width, self.largest)
            return -end, end
        counts = self.counts.clone()
        counts[BINS] += self.zeros
        high = (_bins_below(counts) - BINS) * self.width
        low = (BINS - _bins_below(counts.flip(0))) * self.width
        return max(low, float(self.min_val)), min(high, float(self.max_val))


def _bins_below(counts: Tensor) -> int:
    """How many bins, from the first on, hold the share together."""
    sums = counts.cumsum(0)
    return int(torch.searchsorted(sums.double(), SHARE * float(sums[-1]))) + 1


def make(range: ActivationRange) -> Callable[[], nn.Module]:
    return cast("Callable[[], nn.Module]", PercentileObserver.with_args(**range.to_arguments()))


METHOD = Observer(
    id="percentile",
    label="Percentile",
    summary="From percentile 0.01 to percentile 99.99 of the values; the few beyond are clipped.",
    when="When a few outliers would stretch the range of everything else. About as fast as the histogram.",
    reference=Reference(
        authors="Wu, Judd, Zhang, Isaev and Micikevicius",
        title="Integer Quantization for Deep Learning Inference: Principles and Empirical Evaluation",
        year=2020,
        link="arXiv:2004.09602",
    ),
    make=make,
)

"""Entropy: the range that keeps the most of the values' distribution, as TensorRT chooses it."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import torch
from torch import Tensor, nn

from backend.description import Reference
from backend.quantization.observers._base import ActivationRange, Observer
from backend.quantization.observers._histogram import HistogramBase

STRIDE = 16
"""Bins between thresholds that are tried."""


class EntropyObserver(HistogramBase):
    """Clips magnitudes where KL(P ‖ Q) is least (Migacz 2017, "8-bit inference with TensorRT").

    P is the histogram of magnitudes up to a threshold with all that lies beyond in its last bin, Q the same without
    it, merged into the levels and spread over the bins that are not empty. Zeros are left out: every scale represents
    them, and behind a ReLU they would hide the rest.
    """

    def clip(self) -> tuple[float, float]:
        if self.largest == 0:
            return 0.0, 0.0
        both = self.symmetric or float(self.min_val) < 0
        levels = (self.quant_max - self.quant_min + 1) // (2 if both else 1)
        end = min((threshold(self.magnitudes(), levels) + 0.5) * self.width, self.largest)
        return (-end, end) if self.symmetric else (max(-end, float(self.min_val)), min(end, float(self.max_val)))


def threshold(counts: Tensor, levels: int) -> int:
    """How many of the bins ``counts`` to keep for ``levels`` quantized magnitudes."""
    used = int(counts.nonzero().max()) + 1
    tried: list[int] = [*range(levels, used, STRIDE), used]
    best = torch.stack([_divergence(counts, kept, levels) for kept in tried]).argmin()
    return tried[int(best)]


def _divergence(counts: Tensor, kept: int, levels: int) -> Tensor:
    """KL(P ‖ Q) in nats; infinite where P has what Q can't have."""
    inside = counts[:kept].double()
    p = inside.clone()
    p[-1] += counts[kept:].sum()
    level = torch.arange(kept) * levels // kept
    filled = inside > 0
    mean = torch.bincount(level, inside, levels) / torch.bincount(level, filled.double(), levels)
    q = torch.where(filled, mean[level], 0.0)
    there = p > 0
    p, q = p / p.sum(), q / q.sum()
    divergence = (p[there] * (p[there] / q[there]).log()).sum()
    return divergence.nan_to_num(nan=torch.inf, posinf=torch.inf)


def make(range: ActivationRange) -> Callable[[], nn.Module]:
    return cast("Callable[[], nn.Module]", EntropyObserver.with_args(**range.to_arguments()))


METHOD = Observer(
    id="entropy",
    label="Entropy",
    summary="The range whose quantized values differ least in distribution (Kullback-Leibler, as TensorRT does).",
    when="For activations with long tails, when percentiles cut too much. Slower than min-max, still seconds.",
    reference=Reference(
        authors="Migacz",
        title="8-bit Inference with TensorRT",
        year=2017,
    ),
    make=make,
)

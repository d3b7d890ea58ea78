"""MSE: the range that costs the least squared error."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import torch
from torch import Tensor, nn

from backend.quantization.observers._base import ActivationRange, Observer
from backend.quantization.observers._histogram import BINS, HistogramBase

STEPS = 100
"""Ends that are tried: every hundredth of the smallest and of the largest value."""


class MSEObserver(HistogramBase):
    """Minimizes Σ (x − Q(x))², Q with the scale and zero point of the range (Choukroun 2019, equation 3).

    Both ends are searched in turn, each in hundredths of the extreme value, until neither gives less error.
    Values are taken to stand in the middle of their bin.
    """

    def clip(self) -> tuple[float, float]:
        shares = torch.arange(1, STEPS + 1, dtype=torch.float64) / STEPS
        if self.symmetric:
            ends = self.largest * shares
            end = float(ends[self._best(-ends, ends)])
            return -end, end
        lows, highs = min(0.0, float(self.min_val)) * shares, max(0.0, float(self.max_val)) * shares
        low = high = STEPS - 1
        while True:
            before = low, high
            high = self._best(lows[low].expand(STEPS), highs) if self.max_val > 0 else high
            low = self._best(lows, highs[high].expand(STEPS)) if self.min_val < 0 else low
            if (low, high) == before:
                return float(lows[low]), float(highs[high])

    def _best(self, lows: Tensor, highs: Tensor) -> int:
        """Which of the ranges costs least; the widest of several."""
        errors = self.errors(lows.float(), highs.float())
        return STEPS - 1 - int(errors.flip(0).argmin())

    def errors(self, lows: Tensor, highs: Tensor) -> Tensor:
        """Squared error summed over all values, for each range."""
        filled = self.counts.nonzero()[:, 0]
        values = (filled - BINS + 0.5) * self.width
        scales, zero_points = self.scales(lows, highs)
        scales, zero_points = scales.double()[:, None], zero_points[:, None]
        levels = (values / scales).round_().add_(zero_points).clamp_(self.quant_min, self.quant_max)
        return (levels.sub_(zero_points).mul_(scales).sub_(values)).square_() @ self.counts[filled].double()


def make(range: ActivationRange) -> Callable[[], nn.Module]:
    return cast("Callable[[], nn.Module]", MSEObserver.with_args(**range.to_arguments()))


METHOD = Observer(
    id="mse",
    label="MSE",
    summary="The range with the least squared error between the values and their quantized ones.",
    when="When accuracy counts most: it tries many ranges and keeps the best. The slowest, still seconds.",
    make=make,
)

"""A histogram of activations whose bins do not depend on the order of what it saw.

Bins are as wide as a power of two and begin at 0. When a larger value comes, neighbors merge, which is exact: the
counts are those of a histogram that had known the largest value from the start.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.ao.quantization.observer import UniformQuantizationObserverBase

BITS = 12
BINS = 1 << BITS
"""On each side of 0; the larger side uses at least half of them: 16 bins for each of 128 levels."""
SMALLEST = -100
"""Exponent of the finest histogram: 2**-100 is far below any activation, and its bins are no denormal numbers."""
CHUNK = 1 << 20
"""Values counted at once, which bounds the memory for their indices."""


class HistogramBase(UniformQuantizationObserverBase):  # type: ignore[misc]
    """Counts what passes; a subclass says which range is kept.

    Attributes:
        min_val: the smallest value seen.
        max_val: the largest value seen.
        counts: values other than 0 in each of the 2 · BINS bins, from −BINS · width on, int64.
        zeros: values that are exactly 0: any scale represents them.
    """

    min_val: Tensor
    max_val: Tensor
    counts: Tensor

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.register_buffer("min_val", torch.tensor(math.inf))
        self.register_buffer("max_val", torch.tensor(-math.inf))
        self.register_buffer("counts", torch.zeros(2 * BINS, dtype=torch.int64))
        self.zeros = 0
        self.exponent = SMALLEST

    @abstractmethod
    def clip(self) -> tuple[float, float]:
        """The range that is quantized; values outside take its nearest end."""

    @property
    def width(self) -> float:
        """Of a bin."""
        return 2.0 ** (self.exponent - BITS)

    @property
    def symmetric(self) -> bool:
        """Whether the zero point stands in the middle."""
        return bool(self.qscheme == torch.per_tensor_symmetric)

    @property
    def largest(self) -> float:
        """The largest magnitude seen."""
        return max(abs(float(self.min_val)), abs(float(self.max_val)))

    def magnitudes(self) -> Tensor:
        """Counts of absolute values other than 0, BINS of them, from 0 on."""
        return self.counts[BINS:] + self.counts[:BINS].flip(0)

    def forward(self, activation: Tensor) -> Tensor:
        """Count ``activation`` and hand it on as it is."""
        values = activation.detach().flatten().float()
        if values.numel():
            low, high = values.aminmax()
            self.min_val, self.max_val = torch.minimum(self.min_val, low), torch.maximum(self.max_val, high)
            self._widen()
            for chunk in values.split(CHUNK):
                self._count(chunk)
        return activation

    def calculate_qparams(self, **_: Any) -> tuple[Tensor, Tensor]:
        """(scale, zero point) of the range that :meth:`clip` keeps."""
        if bool(torch.isinf(self.min_val)):
            return self.scales(self.min_val, self.max_val)
        low, high = self.clip()
        return self.scales(torch.tensor(low), torch.tensor(high))

    def scales(self, low: Tensor, high: Tensor) -> tuple[Tensor, Tensor]:
        """Scales and zero points of the ranges ``low`` … ``high``, as many as there are."""
        scale, zero_point = self._calculate_qparams(low, high)
        return scale, zero_point

    def _widen(self) -> None:
        exponent = max(SMALLEST, math.frexp(self.largest)[1] if self.largest else SMALLEST)
        if exponent > self.exponent:
            merged = self.counts.view(-1, 1 << min(exponent - self.exponent, BITS)).sum(dim=1)
            beside = BINS - len(merged) // 2
            self.counts = F.pad(merged, (beside, beside))
            self.exponent = exponent

    def _count(self, values: Tensor) -> None:
        places = values.div(self.width).floor_().long().add_(BINS)
        zeros = len(values) - int(values.count_nonzero())
        self.counts += torch.bincount(places, minlength=2 * BINS)
        self.counts[BINS] -= zeros
        self.zeros += zeros

"""What an observer of activations is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from backend.description import Method


@dataclass(frozen=True)
class ActivationRange:
    """How an activation is quantized; the highest level is the engine's and set before conversion.

    Attributes:
        symmetric: the zero point stands in the middle; else where the smallest value asks for it.
    """

    symmetric: bool

    def to_arguments(self) -> dict[str, Any]:
        """Arguments of torch.ao's observers."""
        scheme = torch.per_tensor_symmetric if self.symmetric else torch.per_tensor_affine
        return {"dtype": torch.quint8, "qscheme": scheme, "quant_min": 0, "quant_max": 255}


@dataclass(frozen=True, kw_only=True)
class Observer(Method):
    """Watches activations during calibration and chooses the range that is quantized.

    Attributes:
        make: ``make(range) -> constructor`` of an observer: a module whose forward takes an
            activation and returns it, with buffers ``min_val`` and ``max_val`` and
            ``calculate_qparams() -> (scale, zero_point)``.
    """

    make: Callable[[ActivationRange], Callable[[], nn.Module]]

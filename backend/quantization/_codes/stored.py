"""A weight in a floating type of 16 bits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

KIND = "stored"


def encode(weight: Tensor, dtype: torch.dtype, precision: str) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """The code of ``weight`` in ``dtype``; ``precision`` is what to call it (``fp16``)."""
    return {"kind": KIND, "precision": precision}, {"values": weight.to(dtype)}


def decode(tensors: Mapping[str, Tensor], _: Mapping[str, Any]) -> Tensor:
    """The weight in float32."""
    return tensors["values"].float()

"""What a distillation loss is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from backend.description import Method, Parameter

WEIGHT = Parameter(
    name="weight",
    type="float",
    label="Weight",
    default=0.7,
    minimum=0.0,
    maximum=1.0,
    percent=True,
    summary="Share of the loss that comes from the original network; the rest comes from the labels.",
)


@dataclass(frozen=True, kw_only=True)
class Distillation(Method):
    """A loss between a network and its teacher, the untouched original.

    Attributes:
        loss: ``loss(outputs, teacher's outputs, settings)``, both N×classes before any softmax; a mean
            over the batch. ``weight`` is applied by the fit loop.
    """

    loss: Callable[[Tensor, Tensor, Mapping[str, Any]], Tensor]

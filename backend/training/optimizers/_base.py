"""What an optimizer is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from backend.description import Method

Parameters = Iterable[nn.Parameter] | Iterable[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class OptimizerMethod(Method):
    """An optimizer.

    Attributes:
        build: ``build(parameters, settings)``: parameters, or torch's groups of them; ``settings`` are the train
            stage's, with ``learning_rate`` filled.
        learning_rate: used where the recipe names none.
    """

    build: Callable[[Parameters, Mapping[str, Any]], torch.optim.Optimizer]
    learning_rate: float

    def traits(self) -> dict[str, Any]:
        return {"learning_rate": self.learning_rate}

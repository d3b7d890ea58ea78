"""What a bundled architecture is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import nn

from backend.description import Method


@dataclass(frozen=True, kw_only=True)
class Architecture(Method):
    """A network Pare brings along.

    Attributes:
        build: ``build(num_classes=n, **arguments)`` makes it with fresh weights.
        input_shape: C×H×W of the input it is made for.
        num_classes: the default number of classes.
    """

    build: Callable[..., nn.Module]
    input_shape: tuple[int, int, int]
    num_classes: int = 10

    def traits(self) -> dict[str, Any]:
        return {"input_shape": list(self.input_shape), "num_classes": self.num_classes}

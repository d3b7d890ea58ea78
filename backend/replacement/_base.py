"""What a method that replaces layers is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from backend.description import Method
from backend.errors import Message


@dataclass(frozen=True)
class Joining:
    """How a layer goes into the one directly before it.

    Attributes:
        applies: ``applies(before, output, layer)``: None where ``layer`` can go into ``before``, which has just
            computed ``output``, else why not.
        join: ``join(before, layer)``: the layer that does the work of both.
    """

    applies: Callable[[nn.Module, Tensor, nn.Module], Message | None]
    join: Callable[[nn.Module, nn.Module], nn.Module]


@dataclass(frozen=True, kw_only=True)
class Replacement(Method):
    """How to replace layers of some kinds.

    Attributes:
        kinds: types of layers it is meant for; others are passed over.
        applies: None where a layer can be replaced, else why not.
        replace: ``replace(layer, settings)``: the new layer, computing what is closest to the old one. What it is
            made of follows from the old one's sizes and ``settings`` alone, never from its weights, so that
            it can be made again before the weights are loaded.
        joining: where the layer's work goes into the one before it.
        calls: names of functions that do the same within a forward, where nothing can be replaced.
        error: ``error(old, new)``: ‖W − W′‖ ÷ ‖W‖ of the weights that the new layer stands for, where it has such.
        exact: whether the network computes the same afterwards; it is measured, and refused where it does not.
    """

    kinds: tuple[type[nn.Module], ...]
    applies: Callable[[nn.Module], Message | None]
    replace: Callable[[nn.Module, Mapping[str, Any]], nn.Module]
    joining: Joining | None = None
    calls: frozenset[str] = frozenset()
    error: Callable[[nn.Module, nn.Module], float] | None = None
    exact: bool = False

    def traits(self) -> dict[str, Any]:
        return {"exact": self.exact, "types": sorted(kind.__name__ for kind in self.kinds)}

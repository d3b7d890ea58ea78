"""What a decomposition is."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.description import Method
from backend.errors import Message, msg

Ranks = tuple[int, ...]
GLANCE = 1024
"""So many values of a weight are looked at first: every layer is asked when a network opens."""


@dataclass(frozen=True)
class Option:
    """Ranks, and the share of the weight's energy (its squared norm) that factors of these ranks keep."""

    ranks: Ranks
    kept: float


@dataclass(frozen=True, kw_only=True)
class Decomposition(Method):
    """How to write one layer as several that follow each other.

    A decomposed layer is a plain ``nn.Sequential`` of plain layers under the old name (``conv1.first``,
    ``conv1.core``, ``conv1.last``): tracing, exporters, removal and quantization need to know nothing of it, and its
    output is still that of the layer ``conv1``.

    Attributes:
        applies: None where the layer qualifies, else why not.
        ranks: names of the settings that give the ranks; one that is not set takes the value of the first.
        largest: ``largest(layer)``: ranks beyond which nothing is gained, one for each of ``ranks``.
        weights: ``weights(layer, ranks)``: factor → how many values its weight has.
        build: ``build(layer, ranks)``: the factors, whose weights are yet to be filled; the last has the bias.
        options: ``options(layer, cancel)``: ranks worth considering, in rising order of what they keep; what takes
            long is worked out as it is asked for.
        factorize: ``factorize(layer, ranks, cancel)``: a weight for each factor, in float64. Deterministic.
    """

    applies: Callable[[nn.Module], Message | None]
    ranks: tuple[str, ...]
    largest: Callable[[nn.Module], Ranks]
    weights: Callable[[nn.Module, Ranks], Mapping[str, int]]
    build: Callable[[nn.Module, Ranks], nn.Sequential]
    options: Callable[[nn.Module, Cancel], Iterable[Option]]
    factorize: Callable[[nn.Module, Ranks, Cancel], Sequence[Tensor]]

    def traits(self) -> dict[str, Any]:
        return {"ranks": list(self.ranks)}

    def asked(self, layer: nn.Module, settings: Mapping[str, Any]) -> Ranks | None:
        """The ranks that ``settings`` give; None where they leave them to the energy or to a target."""
        first = settings.get(self.ranks[0])
        if first is None:
            return None
        wished = [first if settings.get(name) is None else settings[name] for name in self.ranks]
        return tuple(min(rank, most) for rank, most in zip(wished, self.largest(layer), strict=True))

    def empty(self, layer: nn.Module, ranks: Ranks) -> nn.Sequential:
        """The factors of ``layer`` before they are filled; what torch draws for them is nobody's randomness."""
        with torch.random.fork_rng(devices=[]):
            return self.build(layer, ranks)

    def decomposed(self, layer: nn.Module, ranks: Ranks, cancel: Cancel) -> nn.Sequential:
        """The factors of ``layer``, filled; ``layer`` stays as it is."""
        made = self.empty(layer, ranks)
        values = self.factorize(layer, ranks, cancel)
        with torch.no_grad():
            for factor, value in zip(made, values, strict=True):
                weight = factor.get_parameter("weight")
                weight.copy_(value.reshape(weight.shape))
            if isinstance(bias := layer._parameters.get("bias"), Tensor):
                made[-1].get_parameter("bias").copy_(bias)
        return made.train(layer.training)


def weight_of(layer: nn.Module) -> Tensor:
    """The weight that is decomposed, in float64 on the CPU: factors are the same wherever the network runs."""
    return layer.get_parameter("weight").detach().double().cpu()


def unsuitable(layer: nn.Module) -> Message | None:
    """Why no decomposition could take this layer; None where its type alone decides."""
    weight = layer._parameters.get("weight")
    if weight is None:
        return msg("Its weight is computed from other tensors")
    if not weight.is_floating_point():
        return msg("Its weight is in low precision")
    if not bool(weight.flatten()[:GLANCE].any()) and not bool(weight.any()):
        return msg("Every weight of it is zero")
    return None


def sequence(**factors: nn.Module) -> nn.Sequential:
    """Factors that follow each other, by name."""
    return nn.Sequential(OrderedDict(factors))


def place(weight: Tensor) -> dict[str, Any]:
    """Where and in what type factors of ``weight`` are made."""
    return {"device": weight.device, "dtype": weight.dtype}

"""What layers and their factors cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor, nn

from backend.decomposition._base import Decomposition, Ranks
from backend.evaluation._mode import evaluating, hooked
from backend.network import Network

Figure = Literal["parameters", "macs"]


@dataclass(frozen=True)
class Cost:
    """Of one layer, or of its factors: parameters, and multiply-accumulates of one input."""

    parameters: int
    macs: int

    def saves(self, on: Cost) -> bool:
        """Whether this is less than ``on`` in one of the two, and not more in the other."""
        return self != on and self.parameters <= on.parameters and self.macs <= on.macs


@dataclass(frozen=True)
class Pricing:
    """Costs of one layer as it is and as factors of any rank.

    Attributes:
        layer: the layer.
        how: its decomposition.
        whole: what it costs as it is.
        positions: factor → values of one channel that it computes for one input, over all its calls. They do not
            depend on the rank.
    """

    layer: nn.Module
    how: Decomposition
    whole: Cost
    positions: Mapping[str, int]

    def cost(self, ranks: Ranks | None, figure: Figure) -> int:
        """One figure of the factors, or without ranks of the layer."""
        cost = self.whole if ranks is None else self.of(ranks)
        return cost.macs if figure == "macs" else cost.parameters

    def of(self, ranks: Ranks) -> Cost:
        weights = self.how.weights(self.layer, ranks)
        bias = self.layer._parameters.get("bias")
        parameters = sum(weights.values()) + (0 if bias is None else bias.numel())
        return Cost(parameters, sum(count * self.positions[name] for name, count in weights.items()))


def pricings(network: Network, layers: Mapping[str, Decomposition]) -> dict[str, Pricing]:
    """The pricing of each of ``layers``, from one pass over one input.

    Raises:
        RuntimeError: and whatever else the network's forward raises.
    """
    calls: dict[str, list[Tensor]] = {name: [] for name in layers}

    def keep(name: str) -> Callable[..., None]:
        return lambda _part, inputs: calls[name].append(inputs[0])

    parts = {name: network.module.get_submodule(name) for name in layers}
    hooks: Any = (part.register_forward_pre_hook(keep(name)) for name, part in parts.items())
    with hooked(hooks), evaluating(network.module), torch.no_grad():
        network.module(network.example())
    return {name: _pricing(parts[name], how, calls[name]) for name, how in layers.items()}


def _pricing(layer: nn.Module, how: Decomposition, inputs: list[Tensor]) -> Pricing:
    factors = how.empty(layer, tuple(1 for _ in how.ranks))
    positions = dict.fromkeys(factors._modules, 0)
    macs = 0
    with torch.no_grad():
        for value in inputs:
            macs += _positions(layer, layer(value)) * layer.get_parameter("weight").numel()
            for name, factor in factors.named_children():
                value = factor(value)
                positions[name] += _positions(factor, value)
    parameters = sum(p.numel() for p in layer.parameters())
    return Pricing(layer, how, Cost(parameters, macs), positions)


def _positions(layer: nn.Module, output: Tensor) -> int:
    """Outputs of one channel: each weight is multiplied once for each."""
    return output.numel() // len(layer.get_parameter("weight"))

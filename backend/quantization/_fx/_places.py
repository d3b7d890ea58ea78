"""Where in a prepared graph the output of each layer of the float network is.

FX mode takes containers apart, folds normalization and ReLU into the layer before and puts observers between. What
is left of a layer is found by what it computes: two nodes give the same where they do the same to the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch.nn.functional as F
from torch import fx, nn
from torch.ao.nn.intrinsic.modules.fused import _FusedModule
from torch.ao.quantization import ObserverBase

from backend.quantization._fx._spelling import SPELLINGS
from backend.quantization._fx._trace import GIVES


@dataclass(frozen=True)
class Place:
    """Where an output is.

    Attributes:
        region: the graph's name in the network.
        node: the node's name in the graph.
        steps: how many of the steps that the node takes come after it: a folded normalization, a ReLU.
    """

    region: str
    node: str
    steps: int


def places(region: str, traced: fx.GraphModule, prepared: fx.GraphModule, norms: Mapping[str, str]) -> dict[str, Place]:
    """Layer (its name within the region, containers too) → where its output is; the last one where it runs twice.

    Args:
        region: the graph's name in the network.
        traced: the float graph.
        prepared: the graph with observers.
        norms: layer → the normalization that is folded into it.
    """
    values = _Values()
    found: dict[int, Place] = {}
    for node in prepared.graph.nodes:
        made = list(values.steps(prepared, node, norms.get(str(node.target))))
        values.of[node] = made[-1]
        if not _observes(prepared, node):
            found |= {value: Place(region, node.name, len(made) - 1 - i) for i, value in enumerate(made)}
    given: dict[str, Place] = {}
    for node in traced.graph.nodes:
        values.of[node] = list(values.steps(traced, node, None))[-1]
        place = found.get(values.of[node])
        given |= dict.fromkeys(node.meta.get(GIVES, ()), place) if place is not None else {}
    return given


class _Values:
    """A number for everything that nodes compute; the same for the same.

    Attributes:
        of: node → number.
    """

    def __init__(self) -> None:
        self.of: dict[fx.Node, int] = {}
        self._known: dict[str, int] = {}

    def steps(self, graph: fx.GraphModule, node: fx.Node, norm: str | None) -> Iterator[int]:
        """What ``node`` computes, step by step where it stands for a layer, its normalization and a ReLU."""
        module = graph.get_submodule(str(node.target)) if node.op == "call_module" else None
        if isinstance(module, ObserverBase):
            yield self.of[node.all_input_nodes[0]]
            return
        if module is None or isinstance(module, nn.ReLU):
            yield self._plain(node, module)
            return
        value = self._number("call_module", node.target, *self._inputs(node))
        yield value
        if norm is not None:
            value = self._number("call_module", norm, (_Value(value),), {})
            yield value
        if isinstance(module, _FusedModule):
            yield self._number("relu", _Value(value))

    def _plain(self, node: fx.Node, relu: nn.Module | None) -> int:
        target = SPELLINGS.get(node.target, node.target) if node.op == "call_function" else node.target
        if relu is not None or target is F.relu:
            return self._number("relu", self._inputs(node)[0][0])
        return self._number(node.op, target, *self._inputs(node))

    def _inputs(self, node: fx.Node) -> tuple[Any, Any]:
        def numbered(given: Any) -> Any:
            return _Value(self.of[given])

        return fx.node.map_arg(node.args, numbered), dict(fx.node.map_arg(node.kwargs, numbered))

    def _number(self, *key: Any) -> int:
        return self._known.setdefault(repr(key), len(self._known))


@dataclass(frozen=True)
class _Value:
    """Stands for a node among arguments."""

    number: int


def _observes(graph: fx.GraphModule, node: fx.Node) -> bool:
    return node.op == "call_module" and isinstance(graph.get_submodule(str(node.target)), ObserverBase)

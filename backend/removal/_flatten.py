"""``x.view(-1, 256)``: a forward that flattens to a fixed size, made to flatten to whatever there is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, fx, nn
from torch.fx.passes.shape_prop import ShapeProp
from torch.overrides import TorchFunctionMode

from backend.evaluation._mode import evaluating

RESHAPES = {"view", "reshape"}


def fixed(module: nn.Module, example: Tensor) -> list[str]:
    """Names of the nodes of the network's graph that flatten all but the batch to a size that is a number.

    Empty where there are none, or where torch.fx can't follow the network.
    """
    if not _flattens(module, example):
        return []
    try:
        graph = _graph(module)
        with torch.no_grad():
            ShapeProp(graph).propagate(example)  # type: ignore[no-untyped-call]
    except Exception:  # torch.fx raises whatever a person's forward raises on its proxies
        return []
    return [node.name for node in graph.graph.nodes if _reshapes(node) and _is_fixed(node)]


def rewrite(module: nn.Module, nodes: Iterable[str]) -> nn.Module:
    """The network as a graph in which ``nodes`` flatten whatever there is. ``module`` is used up."""
    graph = _graph(module)
    by_name = {node.name: node for node in graph.graph.nodes}
    for name in nodes:
        node = by_name[name]
        node.op, node.target, node.args, node.kwargs = "call_function", torch.flatten, (node.args[0], 1), {}
    _dropouts(graph)
    graph.graph.eliminate_dead_code()
    graph.recompile()
    return graph.train(module.training)


def _graph(module: nn.Module) -> fx.GraphModule:
    with evaluating(module):
        return fx.GraphModule(module, fx.Tracer().trace(module), type(module).__name__)


def _dropouts(graph: fx.GraphModule) -> None:
    """A graph remembers F.dropout as it was in evaluation; as a layer it works in training again."""
    for node in list(graph.graph.nodes):
        if node.op == "call_function" and node.target in (F.dropout, torch.dropout):
            share = node.args[1] if len(node.args) > 1 else node.kwargs.get("p", 0.5)
            graph.add_submodule(node.name, nn.Dropout(share))
            node.op, node.target, node.args, node.kwargs = "call_module", node.name, node.args[:1], {}


def _reshapes(node: fx.Node) -> bool:
    return (node.op == "call_method" and node.target in RESHAPES) or node.target is torch.reshape


def _is_fixed(node: fx.Node) -> bool:
    before, after = _shape(node.args[0]), _shape(node)
    given: Any = node.args[1:]
    sizes = given[0] if len(given) == 1 and isinstance(given[0], (tuple, list)) else given
    flattens = len(before) > 2 and len(after) == 2 and before[0] == after[0]
    return flattens and len(sizes) == 2 and isinstance(sizes[1], int) and sizes[1] > 0


def _shape(node: Any) -> tuple[int, ...]:
    return tuple(getattr(node.meta.get("tensor_meta"), "shape", ()))


def _flattens(module: nn.Module, example: Tensor) -> bool:
    """Whether the network reshapes anything to batch × numbers: most need no graph to be told."""
    watch = _Watch()
    with evaluating(module), torch.no_grad(), watch:
        module(example)
    return watch.seen


class _Watch(TorchFunctionMode):
    def __init__(self) -> None:
        super().__init__()
        self.seen = False

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        if getattr(func, "__name__", "") in RESHAPES and isinstance(result, Tensor):
            self.seen |= result.dim() == 2 < args[0].dim()
        return result

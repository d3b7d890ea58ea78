"""Forwards that count on a fixed number of channels, rewritten so that they do not.

``x.view(-1, 256)`` becomes ``x.flatten(1)``; channels of zeros that F.pad adds become a layer that knows how many;
a shuffle of channels, and ``chunk`` and ``split`` beside one, become layers that hold the channels' numbers. Only
the module whose own code does it is written as a graph (torch.fx); the modules in it stay what they are.
"""

from __future__ import annotations

import copy
import operator
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, fx, nn
from torch.overrides import TorchFunctionMode

from backend.evaluation._mode import evaluating, hooked
from backend.removal._pick import Pick, Widen
from backend.tracing import Tracer

Change = dict[str, Any]
"""``from``: the node it takes; ``channels`` it picks, or ``pads`` it adds, or neither: it flattens."""
Changes = dict[str, Change]
"""Node of a graph → what it becomes."""

RESHAPES = {"view", "reshape"}
SWAPS = {"transpose", "permute", "swapaxes"}
SPLITS = {"chunk", "split"}
MOVES = RESHAPES | SWAPS | {"contiguous", "flatten"}


def rewritable(module: nn.Module, example: Tensor) -> dict[str, Changes]:
    """What there is to rewrite: module → its changes. What torch.fx can't follow is left out."""
    watch = _Watch()
    with evaluating(module), torch.no_grad(), watch.entering(module), watch:
        module(example)
    found: dict[str, Changes] = {}
    for name, inputs in watch.found.items():
        part = module.get_submodule(name)
        try:
            graph = _graph(part)
            with torch.no_grad(), evaluating(part):
                _Valued(graph).run(*inputs)
        except Exception:  # torch.fx raises whatever a person's forward raises on its proxies
            continue
        changes = _changes(graph)
        if changes and _keys(graph) == _keys(part):
            found[name] = changes
    return found


def rewrite(module: nn.Module, modules: Mapping[str, Changes]) -> nn.Module:
    """``module`` with the changes made; it is used up."""
    for name, changes in modules.items():
        part = _rewritten(module.get_submodule(name), changes)
        if name:
            module.set_submodule(name, part)
        else:
            module = part
    return module


def _rewritten(part: nn.Module, changes: Changes) -> nn.Module:
    graph = _graph(part)
    nodes = {node.name: node for node in graph.graph.nodes}
    for name, change in changes.items():
        node, source = nodes[name], nodes[change["from"]]
        if "channels" in change:
            _becomes(graph, node, source, Pick(change["channels"]))
        elif "pads" in change:
            _becomes(graph, node, source, Widen(change["pads"]))
        else:
            node.op, node.target, node.args, node.kwargs = "call_function", torch.flatten, (source, 1), {}
    _dropouts(graph)
    graph.graph.eliminate_dead_code()
    graph.recompile()
    return graph.train(part.training)


def _becomes(graph: fx.GraphModule, node: fx.Node, source: Any, layer: nn.Module) -> None:
    graph.add_submodule(node.name, layer)
    node.op, node.target, node.args, node.kwargs = "call_module", node.name, (source,), {}


def _dropouts(graph: fx.GraphModule) -> None:
    """A graph remembers F.dropout as it was in evaluation; as a layer it works in training again."""
    for node in list(graph.graph.nodes):
        if node.op == "call_function" and node.target in (F.dropout, torch.dropout):
            share = node.args[1] if len(node.args) > 1 else node.kwargs.get("p", 0.5)
            _becomes(graph, node, node.args[0], nn.Dropout(share))


class _Own(Tracer):
    """Follows a module's own code only."""

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        return True


class _Valued(fx.Interpreter):
    """Keeps what every node gives."""

    def run_node(self, n: fx.Node) -> Any:
        value = super().run_node(n)
        n.meta["value"] = value
        return value


def _graph(part: nn.Module) -> fx.GraphModule:
    part = copy.copy(part)  # a forward may keep what it sees, and must not keep torch.fx's stand-ins
    with evaluating(part):
        return fx.GraphModule(part, _Own().trace(part), type(part).__name__)


def _keys(part: nn.Module) -> set[str]:
    """A graph forgets modules that only training uses; then there must be none."""
    return set(part.state_dict())


def _changes(graph: fx.GraphModule) -> Changes:
    nodes = list(graph.graph.nodes)
    changes: Changes = {node.name: {"from": node.args[0].name} for node in nodes if _flattens(node)}
    changes |= {node.name: {"from": node.args[0].name, "pads": pads} for node in nodes if (pads := _pads(node))}
    shuffles = {node.name: change for node in nodes if (change := _shuffled(node)) is not None}
    if shuffles or any(_split(node) and _is_fixed(node) for node in nodes):
        changes |= shuffles
        for node in nodes:
            if _split(node):
                changes |= _parts(node)
    return changes


def _flattens(node: fx.Node) -> bool:
    """view(-1, 256): all but the batch, to a size that is a number."""
    if _name(node) not in RESHAPES:
        return False
    before, after = _shape(node.args[0]), _shape(node)
    given: Any = node.args[1:]
    sizes = given[0] if len(given) == 1 and isinstance(given[0], (tuple, list)) else given
    flat = len(before) > 2 and len(after) == 2 and before[0] == after[0]
    return flat and len(sizes) == 2 and isinstance(sizes[1], int) and sizes[1] > 0


def _pads(node: fx.Node) -> list[int] | None:
    """F.pad(x, (…, before, after)): zeros as channels of an image."""
    if node.target is not F.pad or len(_shape(node)) != 4 or len(node.args) < 2:
        return None
    pads: Any = node.args[1]
    rest = [*node.args[2:], *node.kwargs.values()]
    numbers = isinstance(pads, (tuple, list)) and len(pads) == 6 and all(isinstance(n, int) for n in pads)
    zeros = all(value in ("constant", 0, None) for value in rest)
    return list(pads) if numbers and zeros and min(pads[4:]) >= 0 < max(pads[4:]) else None


def _shuffled(node: fx.Node) -> Change | None:
    """view, transpose, view back: the channels in the order in which they come out."""
    chain = [node]
    while _name(chain[-1]) in MOVES:
        chain.append(chain[-1].args[0])  # type: ignore[arg-type]
        if _shape(chain[-1]) == _shape(node) and any(_name(each) in SWAPS for each in chain[:-1]):
            order = _order(chain)
            return {"from": chain[-1].name, "channels": order} if order else None
    return None


def _order(chain: list[fx.Node]) -> list[int] | None:
    """Carry out the chain on the numbers of the channels."""
    shape = _shape(chain[-1])
    if len(shape) < 3 or _name(chain[0]) not in RESHAPES | {"flatten"}:
        return None
    value = torch.arange(shape[1]).view(1, -1, *[1] * (len(shape) - 2)).expand(shape).contiguous()
    for node in reversed(chain[:-1]):
        args = fx.node.map_arg(node.args[1:], lambda n: n.meta["value"])
        value = getattr(value, _name(node))(*args, **node.kwargs)
    first = value[(slice(1), slice(None), *[slice(1)] * (len(shape) - 2))]
    return first.flatten().tolist() if torch.equal(first.expand(shape), value) else None


def _split(node: fx.Node) -> bool:
    """Chunk or split along the channels."""
    if _name(node) not in SPLITS or len(_shape(node.args[0])) < 3:
        return False
    dim = node.kwargs.get("dim", node.args[2] if len(node.args) > 2 else 0)
    return bool(dim == 1) and all(
        user.target is operator.getitem and isinstance(user.args[1], int) for user in node.users
    )


def _is_fixed(node: fx.Node) -> bool:
    """Split by a number, or numbers, that stand in the code."""
    return _name(node) == "split" and not isinstance(node.args[1], fx.Node)


def _parts(node: fx.Node) -> Changes:
    source: Any = node.args[0]
    sizes = [piece.shape[1] for piece in node.meta["value"]]
    starts = [sum(sizes[:i]) for i in range(len(sizes))]
    picks: Changes = {}
    for user in node.users:
        number: Any = user.args[1]
        channels = list(range(starts[number], starts[number] + sizes[number]))
        picks[user.name] = {"from": source.name, "channels": channels}
    return picks


def _name(node: Any) -> str:
    if not isinstance(node, fx.Node) or node.op not in ("call_method", "call_function"):
        return ""
    return node.target if isinstance(node.target, str) else getattr(node.target, "__name__", "")


def _shape(node: Any) -> tuple[int, ...]:
    value = node.meta.get("value") if isinstance(node, fx.Node) else None
    return tuple(value.shape) if isinstance(value, Tensor) else ()


class _Watch(TorchFunctionMode):
    """Which modules reshape, split or shuffle in their own code, and their inputs then."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, tuple[Any, ...]] = {}
        self._stack: list[tuple[str, tuple[Any, ...] | None]] = []

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        name, inputs = self._stack[-1] if self._stack else ("", None)
        if inputs is not None and self._telling(getattr(func, "__name__", ""), args, result):
            self.found.setdefault(name, inputs)
        return result

    def _telling(self, function: str, args: Any, result: Any) -> bool:
        if function in RESHAPES:
            return isinstance(result, Tensor) and result.dim() == 2 < args[0].dim()
        return function in SPLITS | {"pad"} or (function in SWAPS and args[0].dim() == 5)

    @contextmanager
    def entering(self, module: nn.Module) -> Iterator[None]:
        parts = list(module.named_modules())
        hooks = [
            *(part.register_forward_pre_hook(self._enter(name), with_kwargs=True) for name, part in parts),
            *(part.register_forward_hook(self._leave, always_call=True) for _, part in parts),
        ]
        with hooked(hooks):
            yield

    def _enter(self, name: str) -> Any:
        def enter(part: nn.Module, args: Any, kwargs: Any) -> None:
            plain = not kwargs and all(isinstance(value, Tensor) for value in args)
            self._stack.append((name, args if plain else None))

        return enter

    def _leave(self, part: nn.Module, args: Any, output: Any) -> None:
        self._stack.pop()

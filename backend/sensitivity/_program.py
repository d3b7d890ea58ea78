"""A network that can be run from the middle, with some of its weights masked for a while."""

from __future__ import annotations

import copy
import operator
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.fx.node import map_arg

from backend.sensitivity._base import Point
from backend.sensitivity._fold import CONVOLUTIONS, folded_weights

Values = dict[fx.Node, Any]
"""What the steps so far gave, as far as later ones need it."""


IN_PLACE = {"setitem", "__setitem__", *(f"__i{n}__" for n in ("add", "sub", "mul", "truediv", "and", "or", "xor"))} | {
    "iadd", "isub", "imul", "itruediv", "ifloordiv", "imod", "ipow", "imatmul", "iand", "ior", "ixor",
}  # fmt: skip
"""Functions and methods that write into their first argument; so do those that end in one ``_``."""


@dataclass(frozen=True)
class Change:
    """What becomes of a program when parameters are masked.

    Attributes:
        weights: its parameters that differ.
        emptied: channels that become constant in what the first masked layer gives, and their values; that
            layer is not among ``weights`` then.
    """

    weights: Mapping[str, Tensor]
    emptied: tuple[Tensor, Tensor] | None = None


class Program:
    """The steps of a network, in order.

    Args:
        source: the network as it is; never changed.
        module: a copy of it, which the program owns.
        graph: its steps.
        folded: convolution → norm that was folded into it in ``module``.
        layout: how images and weights lie in memory.

    Attributes:
        check: called before every step; may raise.
    """

    def __init__(
        self,
        source: nn.Module,
        module: nn.Module,
        graph: fx.Graph,
        folded: Mapping[str, str],
        layout: torch.memory_format = torch.contiguous_format,
    ) -> None:
        self._source, self._module, self._folded, self._layout = source, module, folded, layout
        self.check: Callable[[], None] = lambda: None
        self.nodes = list(graph.nodes)
        self._dead = _last_uses(self.nodes)
        self._calls = Counter(str(node.target) for node in self.nodes if node.op == "call_module")
        self._names: dict[int, list[str]] = {}
        for name, parameter in module.named_parameters(remove_duplicate=False):
            self._names.setdefault(id(parameter), []).append(name)
        self._first = self._first_uses()
        changing = [i for i, node in enumerate(self.nodes) if self._writes(node)]
        self._last_write = max(changing, default=-1)

    def first_use(self, masks: Mapping[str, Tensor]) -> int:
        """The step that first reads one of the masked parameters; the number of steps where none does."""
        return min((self._first.get(name, len(self.nodes)) for name in masks), default=len(self.nodes))

    def start(self, images: Tensor) -> Values:
        """What the first step begins with."""
        inputs = [node for node in self.nodes if node.op == "placeholder"]
        rest = {node: node.args[0] for node in inputs[1:]}
        return {inputs[0]: self._laid_out(images), **rest}

    def run(self, values: Values, start: int, stop: int) -> None:
        """Carry out steps ``start`` to ``stop`` (exclusive) on ``values``, which then hold what is needed later."""
        for node, dead in zip(self.nodes[start:stop], self._dead[start:stop], strict=True):
            self.check()
            if node not in values:
                values[node] = self.step(node, values)
            for gone in dead:
                values.pop(gone, None)

    def finish(self, values: Values, start: int) -> Tensor:
        """The network's output from ``start`` on."""
        self.run(values, start, len(self.nodes))
        output: Tensor = values[self.nodes[-1]]
        return output

    def fork(self, values: Values, start: int) -> Values:
        """``values`` for another run of the steps from ``start``, whatever those write into."""
        if self._last_write < start:
            return dict(values)
        # A deep copy at once: what shares memory shares it in the copy too.
        return dict(zip(values, copy.deepcopy(list(values.values())), strict=True))

    def step(self, node: fx.Node, values: Values) -> Any:
        """What one step gives."""
        args, kwargs = map_arg((node.args, node.kwargs), values.__getitem__)
        match node.op, node.target:
            case "call_module", str(name):
                return self._module.get_submodule(name)(*args, **kwargs)
            case "call_method", str(name):
                return getattr(args[0], name)(*args[1:], **kwargs)
            case "get_attr", str(name):
                return operator.attrgetter(name)(self._module)
            case "output", _:
                return args[0]
            case _, function if callable(function):
                return function(*args, **kwargs)
        raise TypeError(node.format_node())

    def change(self, point: Point, fork: int) -> Change:
        """What ``point``, which names parameters of the source, comes to for a run from step ``fork`` on."""
        changed = {name: point.applied(name, self._source.get_parameter(name).detach()) for name in point.masks}
        weights: dict[str, Tensor] = {}
        for conv, norm in self._folded.items():
            own = {f"{layer}.{name}" for layer in (conv, norm) for name in ("weight", "bias")} & changed.keys()
            if own:
                weights |= folded_weights(self._source, conv, norm, {name: changed.pop(name) for name in own})
        return self._emptied({name: self._laid_out(value) for name, value in (weights | changed).items()}, fork)

    @contextmanager
    def holding(self, weights: Mapping[str, Tensor]) -> Iterator[None]:
        """The program with ``weights`` in place of its own, for a while."""
        own = {name: self._module.get_parameter(name) for name in weights}
        kept = {name: parameter.data for name, parameter in own.items()}
        try:
            for name, parameter in own.items():
                parameter.data = weights[name]
            yield
        finally:
            for name, parameter in own.items():
                parameter.data = kept[name]

    def _laid_out(self, value: Tensor) -> Tensor:
        return value.contiguous(memory_format=self._layout) if value.dim() == 4 else value

    def _emptied(self, weights: dict[str, Tensor], fork: int) -> Change:
        """Whether all that the first layer loses is channels, which become constant: it need not run again."""
        name = str(self.nodes[fork].target) if fork < len(self.nodes) else ""
        layer: Any = self._module.get_submodule(name) if self._calls[name] == 1 else None
        own = [] if layer is None else [len(self._names[id(parameter)]) for parameter in layer.parameters()]
        if type(layer) not in (*CONVOLUTIONS, nn.Linear) or max(own) > 1:  # other layers use its weights too
            return Change(weights)
        weight = weights.get(f"{name}.weight", layer.weight.detach())
        held = layer.weight.new_zeros(len(weight)) if layer.bias is None else layer.bias.detach()
        bias = weights.get(f"{name}.bias", held)
        changed = (weight != layer.weight).flatten(1).any(1) | (bias != held)
        if bool((changed & weight.ne(0).flatten(1).any(1)).any()):
            return Change(weights)
        rest = {key: value for key, value in weights.items() if key.rpartition(".")[0] != name}
        return Change(rest, (changed, bias[changed]))

    def channels(self, at: int, output: Tensor) -> Tensor:
        """A view of what layer ``at`` gave with its channels first."""
        layer = self._module.get_submodule(str(self.nodes[at].target))
        return output.movedim(-1 if isinstance(layer, nn.Linear) else -_dimensions(layer), 0)

    def _first_uses(self) -> dict[str, int]:
        """Parameter name → first step that reads it, under whichever of its names."""
        first: dict[str, int] = {}
        for index, node in enumerate(self.nodes):
            for read in self._reads(node):
                for name in self._names.get(id(read), ()):
                    first.setdefault(name, index)
        return first

    def _reads(self, node: fx.Node) -> Iterator[Tensor]:
        if node.op == "call_module":
            yield from self._module.get_submodule(str(node.target)).parameters()
            if node.target in self._folded:
                yield from self._module.get_submodule(self._folded[str(node.target)]).parameters()
        elif node.op == "get_attr":
            yield operator.attrgetter(str(node.target))(self._module)

    def _writes(self, node: fx.Node) -> bool:
        """Whether a step may write into its inputs."""
        if node.kwargs.get("inplace") or node.kwargs.get("out") is not None:
            return True
        if node.op == "call_module":
            part = self._module.get_submodule(str(node.target))
            own = not type(part).__module__.startswith("torch.nn") or any(True for _ in part.children())
            return own or bool(getattr(part, "inplace", False))
        name = node.target if isinstance(node.target, str) else getattr(node.target, "__name__", "_")
        if node.op == "call_method":
            return (name.endswith("_") and not name.endswith("__")) or name in IN_PLACE
        return node.op == "call_function" and (name.endswith("_") or name in IN_PLACE or _positional(node))


def _positional(node: fx.Node) -> bool:
    """Whether ``inplace=True`` may have been given without its name, as in F.relu(x, True)."""
    return any(argument is True for argument in node.args)


def _dimensions(layer: Any) -> int:
    """Channel dimension of a convolution's output, from the end: 1d −2, 2d −3, 3d −4."""
    return len(layer.kernel_size) + 1


def _last_uses(nodes: list[fx.Node]) -> list[list[fx.Node]]:
    """For each step, what nobody needs once it is done; the last one's result stays."""
    seen = {nodes[-1]}
    dead: list[list[fx.Node]] = []
    for node in reversed(nodes):
        used = [n for n in (*node.all_input_nodes, node) if n not in seen]
        seen.update(used)
        dead.append(used)
    return dead[::-1]

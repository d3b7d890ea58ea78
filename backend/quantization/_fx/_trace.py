"""Finds the parts of a network that torch.fx can follow and writes them as graphs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, fx, nn
from torch.ao.quantization.fx.tracer import QuantizationTracer

from backend.errors import CompressionError, msg

SPELLINGS: Mapping[Any, Any] = {torch.relu: F.relu, torch.relu_: F.relu, torch.max_pool2d: F.max_pool2d}
FUNCTIONS: Mapping[Any, Any] = {
    nn.Linear: F.linear,
    nn.Conv1d: F.conv1d,
    nn.Conv2d: F.conv2d,
    nn.Conv3d: F.conv3d,
}
CONVOLUTION = ("stride", "padding", "dilation", "groups")
METHODS: Mapping[Any, Any] = {
    "relu": F.relu,
    "relu_": F.relu,
    "flatten": torch.flatten,
    "add": torch.add,
    "add_": torch.add,
    "mul": torch.mul,
    "mul_": torch.mul,
}


@dataclass(frozen=True)
class Traced:
    """A network whose traceable parts are graphs.

    Attributes:
        module: the network; itself a graph where ``regions`` begins with an empty name.
        regions: names of the parts that are graphs, outer ones first.
        opaque: name of a part that can't be traced → why, in Python's words.
        shared: layers that run more than once, which stay in float.
    """

    module: nn.Module
    regions: tuple[str, ...]
    opaque: Mapping[str, str]
    shared: frozenset[str]


def trace(module: nn.Module) -> Traced:
    """Trace ``module`` (which is used up), whole where possible, else the largest parts of it.

    Raises:
        CompressionError: no part of it can be traced.
    """
    opaque = _opaque(module)
    regions = tuple(_regions(module, "", opaque))
    if not regions:
        reason = opaque.get("", "")
        raise CompressionError(
            msg("This network decides in Python what to compute, so no part of it can be written as a graph."),
            msg("Choose dynamic int8, which needs no graph."),
            details=reason,
        )
    for name in opaque:
        if name:
            module.get_submodule(name).register_forward_pre_hook(_contiguous)
    shared: set[str] = set()
    for name in regions:
        part = module.get_submodule(name)
        graph = QuantizationTracer(_below(opaque, name), []).trace(part)
        shared |= {f"{name}.{layer}" if name else layer for layer in _repeated(part, graph)}
        module = placed(module, name, _rewritten(part, graph))
    return Traced(module, regions, opaque, frozenset(shared))


def placed(module: nn.Module, name: str, part: nn.Module) -> nn.Module:
    """``module`` with ``part`` at ``name``; ``part`` itself where the name is empty."""
    if not name:
        return part
    module.set_submodule(name, part)
    return module


def leaves(opaque: Mapping[str, str], region: str) -> list[str]:
    """Names, within ``region``, of the parts its graph calls as they are."""
    return _below(opaque, region)


def _opaque(root: nn.Module) -> dict[str, str]:
    """Containers that FX can't follow even with their own opaque parts left alone, inner ones first."""
    found: dict[str, str] = {}
    whole = _why_not(root, [])
    if whole is None:
        return found
    for name, module in reversed(list(root.named_modules())):
        if not _is_container(module):
            continue
        why = _why_not(module, _below(found, name))
        if why is not None:
            found[name] = why
    return found


def _regions(root: nn.Module, name: str, opaque: Mapping[str, str]) -> Iterator[str]:
    """The largest traceable containers at and below ``name``, and those within what is opaque below them."""
    part = root.get_submodule(name)
    if name not in opaque:
        yield name
        below = [f"{name}.{inner}" if name else inner for inner in _below(opaque, name)]
        tops = [inner for inner in below if not any(inner.startswith(f"{other}.") for other in below)]
        for inner in tops:
            yield from _regions(root, inner, opaque)
        return
    for child, module in part.named_children():
        if _is_container(module):
            yield from _regions(root, f"{name}.{child}" if name else child, opaque)


def _is_container(module: nn.Module) -> bool:
    own = not type(module).__module__.startswith(("torch.nn", "torch.ao.nn"))
    groups = isinstance(module, (nn.Sequential, nn.ModuleList, nn.ModuleDict))
    return (own or groups) and any(True for _ in module.children())


def _below(opaque: Mapping[str, str], region: str) -> list[str]:
    if not region:
        return [name for name in opaque if name]
    return [name.removeprefix(f"{region}.") for name in opaque if name.startswith(f"{region}.")]


def _why_not(module: nn.Module, skipped: list[str]) -> str | None:
    try:
        QuantizationTracer(skipped, []).trace(module)
    except Exception as error:  # a network's own code may raise anything when it meets a proxy
        return f"{type(error).__name__}: {error}"
    return None


def _rewritten(module: nn.Module, graph: fx.Graph) -> fx.GraphModule:
    _reshape_instead_of_view(graph)
    _functional_spelling(graph)
    _functional_activations(module, graph)
    _functional_where_shared(module, graph)
    graph._tracer_cls = None  # pickling would make it again without its arguments
    for node in graph.nodes:
        node.type = None  # annotations written as texts can't be pickled
    made = fx.GraphModule(module, graph)
    made.recompile()
    return made


def _reshape_instead_of_view(graph: fx.Graph) -> None:
    """int8 convolutions return channels-last tensors, where ``view`` raises and ``reshape`` copies."""
    for node in graph.nodes:
        if node.op == "call_method" and node.target == "view" and not _is_cast(node):
            node.target = "reshape"
        elif node.op == "call_function" and node.target is torch.Tensor.view and not _is_cast(node):
            node.target = torch.reshape
            node.args = (node.args[0], node.args[1] if _is_shape(node.args[1]) else tuple(node.args[1:]))


def _is_cast(node: fx.Node) -> bool:
    return (len(node.args) == 2 and isinstance(node.args[1], torch.dtype)) or "dtype" in node.kwargs


def _is_shape(value: Any) -> bool:
    return isinstance(value, (tuple, list))


def _functional_spelling(graph: fx.Graph) -> None:
    """FX mode knows one spelling of some operations: ``F.relu`` but not ``x.relu()``, ``torch.flatten`` alone."""
    for node in graph.nodes:
        known = SPELLINGS if node.op == "call_function" else METHODS if node.op == "call_method" else {}
        if node.target in known:
            node.op, node.target = "call_function", known[node.target]


def _functional_activations(module: nn.Module, graph: fx.Graph) -> None:
    """Call ELU and PReLU as functions: their int8 modules keep scale or weight out of the state dict."""
    for node in list(graph.nodes):
        part = module.get_submodule(node.target) if node.op == "call_module" else None
        if isinstance(part, nn.ELU):
            node.op, node.target, node.kwargs = "call_function", F.elu, {"alpha": part.alpha}
        elif isinstance(part, nn.PReLU):
            with graph.inserting_before(node):
                weight = graph.get_attr(f"{node.target}.weight")
            node.op, node.target, node.args = "call_function", torch.prelu, (*node.args, weight)


def _repeated(module: nn.Module, graph: fx.Graph) -> set[str]:
    """Names of convolutions and linear layers that the graph calls more than once."""
    calls = Counter(str(node.target) for node in graph.nodes if node.op == "call_module")
    return {name for name, count in calls.items() if count > 1 and type(module.get_submodule(name)) in FUNCTIONS}


def _functional_where_shared(module: nn.Module, graph: fx.Graph) -> None:
    """Call a layer that runs more than once as a function, which stays in float.

    FX mode gives such a layer one scale and one following activation for all its calls.
    """
    shared = _repeated(module, graph)
    for node in list(graph.nodes):
        if node.op != "call_module" or node.target not in shared:
            continue
        part: Any = module.get_submodule(node.target)
        with graph.inserting_before(node):
            weight = graph.get_attr(f"{node.target}.weight")
            bias = None if part.bias is None else graph.get_attr(f"{node.target}.bias")
        kwargs = {} if isinstance(part, nn.Linear) else {key: getattr(part, key) for key in CONVOLUTION}
        node.op, node.target = "call_function", FUNCTIONS[type(part)]
        node.args, node.kwargs = (*node.args, weight, bias), kwargs


def contiguous_output(graph: fx.Graph) -> None:
    """What meets the graph's result (Python code, a loss) finds it laid out as the float network's."""
    output = next(node for node in graph.nodes if node.op == "output")
    result = output.args[0]
    if isinstance(result, fx.Node):
        with graph.inserting_before(output):
            output.args = (graph.call_method("contiguous", (result,)),)


def _contiguous(_: nn.Module, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
    """Forward pre-hook of parts outside the graphs: their own ``view`` expects the usual layout."""
    return tuple(value.contiguous() if isinstance(value, Tensor) else value for value in inputs)

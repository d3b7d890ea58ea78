"""Writes a traced graph in the words that FX mode knows, without changing what it computes."""

from __future__ import annotations

import math
import operator
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import fx, nn

SPELLINGS: Mapping[Any, Any] = {
    torch.relu: F.relu,
    torch.relu_: F.relu,
    torch.max_pool2d: F.max_pool2d,
    torch.concat: torch.cat,
    torch.concatenate: torch.cat,
}
FUNCTIONS: Mapping[Any, Any] = {
    nn.Linear: F.linear,
    nn.Conv1d: F.conv1d,
    nn.Conv2d: F.conv2d,
    nn.Conv3d: F.conv3d,
}
OPERANDS = frozenset({"input", "tensors"})
"""What torch calls the first argument."""
INPLACE = frozenset({"iadd", "isub", "imul", "itruediv"})
PLACES = ([2, 3], [-2, -1])
"""Height and width."""
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


def rewritten(module: nn.Module, graph: fx.Graph) -> fx.GraphModule:
    """``graph``, traced from ``module``, as a module."""
    _input_first(graph)
    _scalars_apart(graph)
    _results_instead_of_changed_inputs(module, graph)
    _reshape_instead_of_view(graph)
    _mean_of_flat_places(graph)
    _functional_spelling(graph)
    _functional_activations(module, graph)
    _functional_where_shared(module, graph)
    graph._tracer_cls = None  # pickling would make it again without its arguments
    for node in graph.nodes:
        node.type = None  # annotations written as texts can't be pickled
    made = fx.GraphModule(module, graph)
    made.recompile()
    return made


def _input_first(graph: fx.Graph) -> None:
    """``conv(x)`` for ``conv(input=x)``: FX mode looks at places, not at names."""
    for node in graph.nodes:
        named = next((key for key in OPERANDS if key in node.kwargs), None)
        if named is not None and not node.args and node.op in ("call_module", "call_function"):
            node.args = (node.kwargs[named],)
            node.kwargs = {key: value for key, value in node.kwargs.items() if key != named}


def _scalars_apart(graph: fx.Graph) -> None:
    """Sizes computed with a float (``width ** -0.5``) look like tensors to FX mode, unless they stand in a list."""
    scalars: set[fx.Node] = set()
    for node in graph.nodes:
        if _is_size(node) or (node.op == "call_function" and node.args and _of_scalars(node, scalars)):
            scalars.add(node)
            if node.op == "call_function" and any(isinstance(value, float) for value in node.args):
                module = "math" if node.target.__module__ == "math" else "operator"
                node.args = ([module, node.target.__name__, *node.args],)
                node.target = of_scalars


def _is_size(node: fx.Node) -> bool:
    if node.op == "call_method":
        return node.target in ("size", "dim", "numel")
    return node.op == "call_function" and node.target is getattr and node.args[1] in ("shape", "ndim")


def _of_scalars(node: fx.Node, scalars: set[fx.Node]) -> bool:
    known = getattr(node.target, "__module__", "") in ("_operator", "math")
    inputs = node.all_input_nodes
    return known and bool(inputs) and all(value in scalars for value in inputs)


def of_scalars(call: Sequence[Any]) -> Any:
    """The function of ``operator`` or ``math`` that the first two of ``call`` name, of the others.

    FX mode traces a graph anew; this call stands in the new one as it is.
    """
    proxy = next((value for value in call if isinstance(value, fx.Proxy)), None)
    if proxy is not None:
        return proxy.tracer.create_proxy("call_function", of_scalars, (list(call),), {})
    module, name, *operands = call
    return getattr(math if module == "math" else operator, name)(*operands)


def _results_instead_of_changed_inputs(module: nn.Module, graph: fx.Graph) -> None:
    """Let what uses a value that ``relu_``, ``+=`` and their like have changed use their result.

    The int8 operations that replace them give new values and change none.
    """
    place = {node: at for at, node in enumerate(graph.nodes)}
    for node in graph.nodes:
        source = node.args[0] if node.args and _in_place(module, node) else None
        if isinstance(source, fx.Node):
            for user in [user for user in source.users if place[user] > place[node]]:
                user.replace_input_with(source, node)


def _in_place(module: nn.Module, node: fx.Node) -> bool:
    if node.op == "call_module":
        return bool(getattr(module.get_submodule(str(node.target)), "inplace", False))
    name = node.target if isinstance(node.target, str) else getattr(node.target, "__name__", "")
    written = name.endswith("_") and not name.endswith("__")
    return node.op.startswith("call_") and (written or name in INPLACE or bool(node.kwargs.get("inplace", False)))


def _reshape_instead_of_view(graph: fx.Graph) -> None:
    """int8 convolutions return channels-last tensors, where ``view`` raises and ``reshape`` copies."""
    for node in graph.nodes:
        if node.op == "call_method" and node.target == "view" and not _is_cast(node):
            node.target = "reshape"
        elif node.op == "call_function" and node.target is torch.Tensor.view and not _is_cast(node):
            node.target = torch.reshape
            node.args = (node.args[0], _shape(node))
        if node.op == "call_method" and node.target == "reshape" and len(node.args) > 1 and _is_given(node.args[0]):
            # The method goes on with the scale of what it is given, which has none yet; the function is in float.
            node.op, node.target, node.args = "call_function", torch.reshape, (node.args[0], _shape(node))


def _is_given(value: Any) -> bool:
    return isinstance(value, fx.Node) and value.op == "placeholder"


def _shape(node: fx.Node) -> Any:
    return node.args[1] if _is_shape(node.args[1]) else tuple(node.args[1:])


def _is_cast(node: fx.Node) -> bool:
    return (len(node.args) == 2 and isinstance(node.args[1], torch.dtype)) or "dtype" in node.kwargs


def _is_shape(value: Any) -> bool:
    return isinstance(value, (tuple, list))


def _mean_of_flat_places(graph: fx.Graph) -> None:
    """``x.flatten(2, 3).mean(2)`` for ``x.mean((2, 3))``, whose int8 kernel raises where height and width are 1."""
    for node in list(graph.nodes):
        if not (node.target is torch.mean or (node.op == "call_method" and node.target == "mean")):
            continue
        dims = node.args[1] if len(node.args) == 2 else node.kwargs.get("dim")
        others = node.kwargs.keys() - {"dim", "keepdim"}
        if others or node.kwargs.get("keepdim") or not _is_shape(dims) or sorted(dims) not in PLACES:
            continue
        first, last = sorted(dims)
        with graph.inserting_before(node):
            flat = graph.call_function(torch.flatten, (node.args[0], first, last))
        node.args, node.kwargs = (flat, first if first > 0 else -1), {}


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


def repeated(module: nn.Module, graph: fx.Graph) -> set[str]:
    """Names of convolutions and linear layers that the graph calls more than once."""
    calls = Counter(str(node.target) for node in graph.nodes if node.op == "call_module")
    return {name for name, count in calls.items() if count > 1 and type(module.get_submodule(name)) in FUNCTIONS}


def _functional_where_shared(module: nn.Module, graph: fx.Graph) -> None:
    """Call a layer that runs more than once as a function, which stays in float.

    FX mode gives such a layer one scale and one following activation for all its calls.
    """
    shared = repeated(module, graph)
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

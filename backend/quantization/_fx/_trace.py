"""Finds the parts of a network that torch.fx can follow and writes them as graphs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor, fx, nn
from torch.ao.quantization import quantize_fx
from torch.ao.quantization.fx.tracer import QuantizationTracer

from backend.errors import CompressionError, msg
from backend.quantization._fx._spelling import repeated, rewritten
from backend.tracing import Tracer

GIVES = "gives"
"""In the ``meta`` of a node: the layers and containers whose output it is."""


class _Tracer(Tracer, QuantizationTracer):
    """torch.ao's, with what other threads do left alone; nodes say whose outputs they are."""

    def call_module(self, m: nn.Module, forward: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
        made = super().call_module(m, forward, args, kwargs)
        if isinstance(made, fx.Proxy):
            made.node.meta.setdefault(GIVES, []).append(self.path_of_module(m))
        return made


quantize_fx.QuantizationTracer = _Tracer  # type: ignore[attr-defined]  # prepare_fx traces by itself


@dataclass(frozen=True)
class Traced:
    """A network whose traceable parts are graphs.

    Attributes:
        module: the network; itself a graph where ``regions`` begins with an empty name.
        regions: names of the parts that are graphs, outer ones first.
        opaque: name of a part that can't be traced → why, in Python's words.
        shared: layers that run more than once, which stay in float.
        attentions: names of nn.MultiheadAttention, which is one operation.
    """

    module: nn.Module
    regions: tuple[str, ...]
    opaque: Mapping[str, str]
    shared: frozenset[str]
    attentions: tuple[str, ...] = ()

    def outside(self, name: str) -> bool:
        """Whether no graph calls the layer ``name``, but Python."""
        parts = [part for part in (*self.regions, *self.opaque) if not part or name.startswith(f"{part}.")]
        return max(parts, key=len, default="") in self.opaque


def trace(module: nn.Module) -> Traced:
    """Trace ``module`` (which is used up), whole where possible, else the largest parts of it.

    Raises:
        CompressionError: no part of it can be traced.
    """
    opaque = _opaque(module)
    regions, attentions = _regions_of(module, opaque), _attentions(module)
    for name in opaque:
        if name:
            module.get_submodule(name).register_forward_pre_hook(_contiguous)
    shared: set[str] = set()
    for name in regions:
        part = module.get_submodule(name)
        graph = _Tracer(_below(opaque, name), []).trace(part)
        shared |= {f"{name}.{layer}" if name else layer for layer in repeated(part, graph)}
        module = placed(module, name, rewritten(part, graph))
    return Traced(module, regions, opaque, frozenset(shared), attentions)


def outline(module: nn.Module) -> Traced:
    """What :func:`trace` would find in ``module``, which is left as it is.

    Raises:
        CompressionError: no part of it can be traced.
    """
    opaque = _opaque(module)
    regions = _regions_of(module, opaque)
    shared: set[str] = set()
    for name in regions:
        part = module.get_submodule(name)
        graph = _Tracer(_below(opaque, name), []).trace(part)
        shared |= {f"{name}.{layer}" if name else layer for layer in repeated(part, graph)}
    return Traced(module, regions, opaque, frozenset(shared), _attentions(module))


def placed(module: nn.Module, name: str, part: nn.Module) -> nn.Module:
    """``module`` with ``part`` at ``name``; ``part`` itself where the name is empty."""
    if not name:
        return part
    module.set_submodule(name, part)
    return module


def leaves(opaque: Mapping[str, str], region: str) -> list[str]:
    """Names, within ``region``, of the parts its graph calls as they are."""
    return _below(opaque, region)


def _regions_of(module: nn.Module, opaque: Mapping[str, str]) -> tuple[str, ...]:
    regions = tuple(_regions(module, "", opaque))
    if not regions:
        raise CompressionError(
            msg("This network decides in Python what to compute, so no part of it can be written as a graph."),
            msg("Choose dynamic int8, which needs no graph."),
            details=opaque.get("", ""),
        )
    return regions


def _attentions(module: nn.Module) -> tuple[str, ...]:
    return tuple(name for name, part in module.named_modules() if isinstance(part, nn.MultiheadAttention))


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
        _Tracer(skipped, []).trace(module)
    except Exception as error:  # a network's own code may raise anything when it meets a proxy
        return f"{type(error).__name__}: {error}"
    return None


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

"""A network as a list of steps, as far as torch.fx can follow it."""

from __future__ import annotations

from typing import Any

from torch import fx, nn

from backend.tracing import Tracer


def trace(module: nn.Module) -> tuple[fx.Graph, tuple[str, ...]]:
    """The graph of ``module`` in evaluation mode, and the containers that are single steps of it.

    A container whose forward decides in Python what to compute is one step. Where ``module`` itself is
    one, its graph is a single call and the names are those of nothing but it: ``("",)``.
    """
    opaque: dict[nn.Module, str] = {}
    if not _traceable(module, opaque):
        for name, part in reversed(list(module.named_modules())):
            if _is_container(part) and not _traceable(part, opaque):
                opaque[part] = name
    if module in opaque:
        return whole(), ("",)
    return _Tracer(opaque).trace(module), tuple(reversed(opaque.values()))


def whole() -> fx.Graph:
    """The graph that runs the network as it is."""
    graph = fx.Graph()
    graph.output(graph.create_node("call_module", "", (graph.placeholder("images"),)))
    return graph


class _Tracer(Tracer):
    def __init__(self, opaque: dict[nn.Module, str]) -> None:
        super().__init__()
        self._opaque = opaque

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        return m in self._opaque or super().is_leaf_module(m, module_qualified_name)


def _traceable(module: nn.Module, opaque: dict[nn.Module, str]) -> bool:
    try:
        _Tracer(opaque).trace(module)
    except Exception:  # a network's own code may raise anything when it meets a proxy
        return False
    return True


def _is_container(module: nn.Module) -> bool:
    own: Any = type(module).__module__
    return any(True for _ in module.children()) and (
        not own.startswith("torch.nn") or isinstance(module, nn.Sequential)
    )

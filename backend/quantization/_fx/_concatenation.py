"""int8 concatenation copies bytes: right only where all inputs have one scale and zero point."""

from __future__ import annotations

import torch
from torch import fx, nn
from torch.ao.quantization import ObserverBase


def concatenations_of_unequal_scales(prepared: fx.GraphModule) -> list[int]:
    """Which of the graph's ``torch.cat`` calls (0 is the first) FX mode gave observers that differ.

    It lets the inputs share their observer, but not through a permutation or for a parameter (the
    class token of a vision transformer); the kernel would then mix scales without a word.
    """
    calls = [node for node in prepared.graph.nodes if node.op == "call_function" and node.target is torch.cat]
    return [place for place, node in enumerate(calls) if len(_observers(prepared, node)) > 1]


def _observers(prepared: fx.GraphModule, node: fx.Node) -> set[int]:
    found = (_observer(prepared, source) for source in node.args[0] if isinstance(source, fx.Node))  # type: ignore[union-attr]
    return {id(observer) for observer in found}


def _observer(prepared: fx.GraphModule, node: fx.Node | None) -> nn.Module | None:
    """The observer of the value at ``node``, looked for through operations that only move values."""
    while isinstance(node, fx.Node):
        if node.op == "call_module":
            module = prepared.get_submodule(str(node.target))
            if isinstance(module, ObserverBase):
                return module
        node = node.args[0] if node.args and isinstance(node.args[0], fx.Node) else None
    return None

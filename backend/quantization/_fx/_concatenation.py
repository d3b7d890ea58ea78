"""int8 concatenation copies bytes: right only where all inputs have one scale and zero point."""

from __future__ import annotations

import operator
from collections.abc import Collection
from typing import Any

import torch
from torch import fx, nn
from torch.ao.quantization import ObserverBase
from torch.ao.quantization.backend_config import ObservationType, get_native_backend_config

MOVES = frozenset(
    config.pattern
    for config in get_native_backend_config().configs
    if config.observation_type is ObservationType.OUTPUT_SHARE_OBSERVER_WITH_INPUT and config.pattern is not torch.cat
)
"""Operations whose int8 kernel gives its output the scale of its input."""
ARITHMETIC = frozenset({operator.add, operator.mul, torch.add, torch.mul})
"""With a number, their int8 kernels change scale and zero point and leave the values."""


def concatenations_of_unequal_scales(prepared: fx.GraphModule) -> list[int]:
    """Which of the graph's ``torch.cat`` calls (0 is the first) would mix scales.

    FX mode lets the inputs share one observer. Behind an operation that only moves values
    (``permute``, ``chunk``) or takes a number (``x * 0.5``) that observer never sets a scale, and the
    kernel mixes two in silence: the class token of a vision transformer meets its patches so.
    """
    return [place for place, node in enumerate(_calls(prepared)) if len(_scales(prepared, node)) > 1]


def in_float(part: fx.GraphModule, places: Collection[int]) -> None:
    """Let the ``torch.cat`` calls at ``places`` compute in float: FX mode knows no other spelling of it."""
    for place, node in enumerate(_calls(part)):
        if place in places:
            node.target = torch.concat
    part.recompile()


def _calls(part: fx.GraphModule) -> list[fx.Node]:
    return [node for node in part.graph.nodes if node.op == "call_function" and node.target is torch.cat]


def _scales(prepared: fx.GraphModule, node: fx.Node) -> set[int]:
    sources = node.args[0] if node.args else ()
    nodes = [source for source in sources if isinstance(source, fx.Node)] if isinstance(sources, (list, tuple)) else []
    return {id(_observer(prepared, source)) for source in nodes}


def _observer(prepared: fx.GraphModule, node: fx.Node) -> nn.Module | fx.Node | None:
    """What sets the scale of the value at ``node``: an observer, or an operation itself; None for a float value."""
    module = module_of(prepared, node)
    if isinstance(module, ObserverBase):
        made = node.args[0]
        if isinstance(made, fx.Node) and kind(prepared, made) in ARITHMETIC and len(made.all_input_nodes) == 1:
            return made
        if isinstance(made, fx.Node) and kind(prepared, made) in MOVES and isinstance(made.args[0], fx.Node):
            return _observer(prepared, made.args[0]) or module
        return module
    if kind(prepared, node) in MOVES and isinstance(node.args[0], fx.Node):
        return _observer(prepared, node.args[0])
    return None


def kind(prepared: fx.GraphModule, node: fx.Node) -> Any:
    """What backend configurations call an operation: function, method name or class of module."""
    module = module_of(prepared, node)
    return node.target if module is None else type(module)


def module_of(prepared: fx.GraphModule, node: fx.Node) -> nn.Module | None:
    """The module that is called at ``node``."""
    return prepared.get_submodule(str(node.target)) if node.op == "call_module" else None

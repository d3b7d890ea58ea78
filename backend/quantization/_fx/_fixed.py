"""Ranges that are known beforehand: sigmoid gives 0 … 1. They are those of outputs, and of nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from torch import fx, nn
from torch.ao.quantization import FixedQParamsObserver, QConfig, get_default_qconfig_mapping

from backend.quantization._fx._concatenation import MOVES, kind, module_of


def _is_fixed(qconfig: QConfig | None) -> bool:
    return qconfig is not None and isinstance(qconfig.activation(), FixedQParamsObserver)


FIXED: Mapping[Any, QConfig | None] = {
    op: qconfig
    for op, qconfig in get_default_qconfig_mapping("qnnpack").object_type_qconfigs.items()
    if _is_fixed(qconfig)
}
"""Operation → settings that hold the range of what it gives."""


def observe_inputs(prepared: fx.GraphModule, make: Callable[[], nn.Module]) -> None:
    """Let ``make``'s observers measure what goes into such an operation.

    FX mode observes a float input with the settings of the operation that takes it, and would clip what goes into
    a sigmoid to what comes out of one.
    """
    for node in prepared.graph.nodes:
        source = node.args[0] if node.args else None
        if isinstance(module_of(prepared, node), FixedQParamsObserver) and isinstance(source, fx.Node):
            made_by = kind(prepared, source)
            if made_by not in FIXED and made_by not in MOVES:
                prepared.set_submodule(str(node.target), make())

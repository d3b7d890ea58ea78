"""Networks in low precision as ones that need nothing of Pare: for formats that hold a structure."""

from __future__ import annotations

import torch
from torch import fx, nn

from backend.errors import CompressionError, msg
from backend.quantization._cast import NOTE, TOGETHER, uncast
from backend.quantization._packing import unpacked


def resolution(module: nn.Module) -> float:
    """Largest relative error of rounding to the types that ``module`` computes in beside float32; 0 without any."""
    casts = [dtype for part in module.modules() for dtype in part.__dict__.get(NOTE, ())]
    return max((torch.finfo(dtype).eps / 2 for dtype in casts if dtype != torch.float32), default=0.0)


def in_float32(module: nn.Module) -> nn.Module:
    """A copy of ``module`` with the same weights, unpacked, and computing with them in float32."""
    made = unpacked(module)
    halves = [part for part in made.modules() if uncast(part) is not None]
    return made.float() if halves else made


def as_modules(module: nn.Module) -> nn.Module:
    """A copy of ``module`` with its weights unpacked, and graphs around what is cast in place of hooks.

    Raises:
        CompressionError: what is cast takes or gives more than one tensor.
    """
    made = unpacked(module)
    for name, part in reversed(list(made.named_modules())):
        casts = uncast(part)
        if casts is None:
            continue
        if isinstance(part, (*TOGETHER, nn.RNNBase)):
            raise CompressionError(
                msg("{layer} has casts at its borders, which a pickle can't hold without Pare.", layer=name),
                msg("Export the state dict or safetensors instead."),
            )
        wrapped = _graph(part, *casts)
        if not name:
            return wrapped
        made.set_submodule(name, wrapped)
    return made


def _graph(part: nn.Module, inner: torch.dtype, outer: torch.dtype) -> fx.GraphModule:
    """``part`` as the submodule ``network`` of a graph that casts what comes in and what goes out."""
    graph = fx.Graph()
    given = graph.call_method("to", (graph.placeholder("images"), inner))
    made = graph.call_module("network", (given,))  # type: ignore[no-untyped-call]
    graph.output(graph.call_method("to", (made, outer)))
    root = nn.Module()
    root.add_module("network", part)
    return fx.GraphModule(root, graph).train(part.training)

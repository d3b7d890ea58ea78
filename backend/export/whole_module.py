"""The whole network as one pickle, structure and weights."""

from __future__ import annotations

import io
import pickle
from types import SimpleNamespace
from typing import Any

import torch
from torch import fx, nn

from backend.errors import CompressionError, Message, msg
from backend.evaluation.weights import is_packed
from backend.export._base import ExportFormat, Function, Structure, evaluated
from backend.network import Network
from backend.quantization import engine_of
from backend.quantization._plain import as_modules


class _Pickler(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        # torch.ao's convolutions restore their state into an object that was never initialized, which
        # then is no module; made by their class first, they read back with torch alone.
        if isinstance(value, nn.Module) and is_packed(value) and hasattr(value, "kernel_size"):
            return type(value), (value.in_channels, value.out_channels, value.kernel_size), value.__getstate__()
        return NotImplemented


_PICKLE = SimpleNamespace(Pickler=_Pickler, __name__="pickle")

# Its kernels take activations of 8 bits, where those for x86 leave one bit free; a pickle says neither.
EIGHT_BITS = "qnnpack"

# The source whose classes exist only while Pare has the person's file loaded.
PYTHON = "python"


def _applies(network: Network) -> Message | None:
    if network.spec.source == PYTHON:
        return msg("A network from a Python file can't be pickled whole: its class can't be imported by name.")
    if any(type(part).__module__.startswith("backend.quantization") for part in network.module.modules()):
        return msg("Its layers quantize their inputs, which a pickle can't hold without Pare.")
    engine, loaded = engine_of(network.module), torch.backends.quantized.engine
    if engine is not None and (engine == EIGHT_BITS) != (loaded == EIGHT_BITS):
        return msg(
            "This network was quantized for {engine}; torch.load would pack it for {loaded}, which computes otherwise.",
            engine=engine,
            loaded=loaded,
        )
    return None


def _encode(network: Network) -> bytes:
    content = io.BytesIO()
    try:
        torch.save(_picklable(as_modules(network.module)), content, pickle_module=_PICKLE)
    except (TypeError, AttributeError, ValueError, RuntimeError, pickle.PicklingError) as error:
        raise CompressionError(
            msg("This network can't be pickled whole."),
            msg("Export the state dict or safetensors instead."),
            details=f"{type(error).__name__}: {error}",
        ) from error
    return content.getvalue()


def _picklable(module: nn.Module) -> nn.Module:
    """A traced network keeps its source's annotations, and those written as texts can't be pickled."""
    for part in module.modules():
        if isinstance(part, fx.GraphModule):
            for node in part.graph.nodes:
                node.type = None
            part.recompile()
    return module


def _decode(content: bytes, _structure: Structure) -> Function:
    # A pickle runs code when it is read. These are the very bytes that Pare wrote a moment ago:
    # load() has compared their SHA-256. No other pickle is ever read so.
    return evaluated(torch.load(io.BytesIO(content), map_location="cpu", weights_only=False))


METHOD = ExportFormat(
    id="whole_module",
    label="PyTorch module",
    summary="Structure and weights in one pickle (.module.pth), for torch.load where the same classes can be imported.",
    when="For one's own scripts on the same versions, where convenience counts. Reading it runs code: not for "
    "files from others.",
    suffix=".module.pth",
    applies=_applies,
    encode=_encode,
    decode=_decode,
)

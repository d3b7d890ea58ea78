"""Weights as safetensors: fast to open, and nothing in it can run."""

from __future__ import annotations

import json

from safetensors.torch import load

from backend.export._base import ExportFormat, Function, Structure, always, evaluated
from backend.network import Network
from backend.state import unpack_state


def _decode(content: bytes, structure: Structure) -> Function:
    module = structure()
    module.load_state_dict(unpack_state(load(content), _layout(content)))
    return evaluated(module)


def _layout(content: bytes) -> dict[str, object]:
    """What the file's header says of quantized tensors; see :mod:`backend.state`."""
    length = int.from_bytes(content[:8], "little")
    metadata = json.loads(content[8 : 8 + length]).get("__metadata__", {})
    layout: dict[str, object] = json.loads(metadata.get("pare", "{}")).get("layout", {})
    return layout


METHOD = ExportFormat(
    id="safetensors",
    label="safetensors",
    summary="Weights by name (.safetensors), opened in no time and free of code. Int8 weights stay int8.",
    when="To hand weights to people who have the network's code, safely: reading it runs nothing.",
    suffix=".safetensors",
    applies=always,
    encode=Network.weights_bytes,
    decode=_decode,
)

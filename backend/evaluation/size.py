"""Size of the file Pare would ship, without writing it."""

from __future__ import annotations

import json
from typing import Any

from torch import Tensor

from backend import FORMAT
from backend.network import Network

# Types as a safetensors header names them, in the order in which the file holds their tensors.
_TYPES = {
    "int64": "I64",
    "float64": "F64",
    "float32": "F32",
    "int32": "I32",
    "bfloat16": "BF16",
    "float16": "F16",
    "int16": "I16",
    "int8": "I8",
    "uint8": "U8",
    "bool": "BOOL",
}
_ORDER = {name: place for place, name in enumerate(_TYPES)}


def size_bytes(network: Network) -> int:
    """Length of :meth:`backend.network.Network.weights_bytes`, which copies every weight to know it.

    The header is written here as safetensors writes it; packed weights are really written instead.
    """
    state = network.module.state_dict()
    if not all(isinstance(value, Tensor) and not value.is_quantized for value in state.values()):
        return len(network.weights_bytes())
    header: dict[str, Any] = {"__metadata__": {"pare": json.dumps({"pare": FORMAT, "layout": {}})}}
    rows = sorted((_ORDER[_name(tensor)], key, tensor) for key, tensor in state.items())
    end = 0
    for _, key, tensor in rows:
        begin, end = end, end + tensor.nbytes
        header[key] = {"dtype": _TYPES[_name(tensor)], "shape": list(tensor.shape), "data_offsets": [begin, end]}
    length = len(json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode())
    # Eight bytes hold the header's length; the header is padded to a multiple of eight.
    return 8 + -(-length // 8) * 8 + end


def _name(tensor: Tensor) -> str:
    return str(tensor.dtype).removeprefix("torch.")

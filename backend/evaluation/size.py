"""Size of the file Pare would ship, without writing it."""

from __future__ import annotations

import json
from typing import Any

from torch import Tensor, nn

from backend import FORMAT
from backend.state import pack_state

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


def size_bytes(module: nn.Module) -> int:
    """Length of :meth:`backend.network.Network.weights_bytes`, which copies every weight to know it."""
    state = module.state_dict()
    plain = {key: value for key, value in state.items() if isinstance(value, Tensor) and not value.is_quantized}
    packed, layout = pack_state({key: value for key, value in state.items() if key not in plain})
    rows = [(_name(tensor), key, tensor) for key, tensor in {**plain, **packed}.items()]
    header: dict[str, Any] = {"__metadata__": {"pare": json.dumps({"pare": FORMAT, "layout": layout})}}
    end = 0
    for name, key, tensor in sorted(rows, key=lambda row: (_ORDER[row[0]], row[1])):
        begin, end = end, end + tensor.nbytes
        header[key] = {"dtype": _TYPES[name], "shape": list(tensor.shape), "data_offsets": [begin, end]}
    length = len(json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode())
    # Eight bytes hold the header's length; the header is padded to a multiple of eight.
    return 8 + -(-length // 8) * 8 + end


def _name(tensor: Tensor) -> str:
    return str(tensor.dtype).removeprefix("torch.")

"""The whole network in one small file: sparse positions, codebooks and Huffman codes, without loss.

Deep Compression (Han et al. 2016), section 4, for any network: what has zeros or few different values
(pruned, int8, shared weights) becomes small, and the rest stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from backend import encoding
from backend.description import Reference
from backend.errors import Message, msg
from backend.export._base import ExportFormat, Function, Structure, evaluated
from backend.network import Network, packing
from backend.quantization._codes import normal_float
from backend.quantization._codes.encoded import KIND, STREAM
from backend.quantization._packing import PREFIX, packed
from backend.state import pack_state, unpack_state

_STREAM = f".{PREFIX}{STREAM}"
_WEIGHT = ".weight"


def _applies(network: Network) -> Message | None:
    tensors, _ = pack_state(network.module.state_dict())
    for name, tensor in tensors.items():
        dtype = str(tensor.dtype).removeprefix("torch.")
        if dtype not in (*encoding.TYPES, "bfloat16"):
            return msg("{name} is of the type {type}, which the encoded file does not hold.", name=name, type=dtype)
    return None


def _encode(network: Network) -> bytes:
    tensors, layout = pack_state(network.module.state_dict())
    codes = {
        name: code for name, part in network.module.named_modules(remove_duplicate=False) if (code := packed(part))
    }
    streams = {f"{name}{_STREAM}": f"{name}{_WEIGHT}" for name, code in codes.items() if code["kind"] == KIND}
    frames = {
        streams.get(key, key): _bytes(tensor) if key in streams else _frame(tensor) for key, tensor in tensors.items()
    }
    header = {
        "bfloat16": [key for key, tensor in tensors.items() if tensor.dtype == torch.bfloat16],
        "streams": list(streams.values()),
        "packed": {f"{name}{_WEIGHT}".lstrip("."): _told(code) for name, code in codes.items() if code["kind"] != KIND},
        "layout": layout,
        "network": _structure(network),
    }
    return encoding.write({key: value for key, value in header.items() if value}, frames)


def _told(code: Mapping[str, Any]) -> dict[str, Any]:
    """What the decoder beside the file needs of a packed weight's code: it has no normal distribution."""
    if code["kind"] == normal_float.KIND:
        return {**code, "levels": normal_float.levels(code["bits"]).tolist()}
    return dict(code)


def _structure(network: Network) -> dict[str, Any]:
    """The structure without what is true on this machine alone: where its source lies."""
    data = network.structure()
    model = {key: value for key, value in data["model"].items() if key != "weights"}
    if "file" in model:
        model["file"] = Path(model["file"]).name
    return {**data, "model": model}


def _frame(tensor: Tensor) -> bytes:
    return encoding.encode((tensor.view(torch.uint16) if tensor.dtype == torch.bfloat16 else tensor).numpy())


def _bytes(stream: Tensor) -> bytes:
    return stream.numpy().tobytes()


def _decode(content: bytes, structure: Structure) -> Function:
    header, frames = encoding.read(content)
    tensors = {}
    for name, frame in frames.items():
        if name in header.get("streams", ()):
            tensors[name.removesuffix(_WEIGHT) + _STREAM] = torch.frombuffer(bytearray(frame), dtype=torch.uint8)
        else:
            tensor = torch.from_numpy(encoding.decode(frame))
            tensors[name] = tensor.view(torch.bfloat16) if name in header["bfloat16"] else tensor
    module = structure()
    with packing(module):
        module.load_state_dict(unpack_state(tensors, header.get("layout", {})))
    return evaluated(module)


METHOD = ExportFormat(
    id="encoded",
    label="Encoded",
    summary="Sparse positions, codebooks and Huffman codes (.encoded): the smallest file, without loss. "
    "The decoder written beside it needs numpy alone.",
    when="To send or store a pruned or few-bit network. The network is decoded when it is read, which takes a moment.",
    reference=Reference(
        authors="Han, Mao and Dally",
        title="Deep Compression: Compressing Deep Neural Networks with Pruning, Trained Quantization and "
        "Huffman Coding",
        year=2016,
        link="arXiv:1510.00149",
    ),
    suffix=".encoded",
    applies=_applies,
    encode=_encode,
    decode=_decode,
    companions=(encoding.DECODER,),
)

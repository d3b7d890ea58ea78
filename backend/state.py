"""A state dict as plain tensors, and back.

safetensors holds no quantized tensors and torch.ao's packed parameters are tuples; both are taken
apart into plain tensors and a layout that JSON can hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor


def pack_state(state: Mapping[str, Any]) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Plain contiguous tensors, and the layout that :func:`unpack_state` needs.

    Tensors that share storage are written once each: safetensors refuses shared memory.
    """
    tensors: dict[str, Tensor] = {}
    layout = {key: _pack(key, value, tensors) for key, value in state.items()}
    return tensors, {key: entry for key, entry in layout.items() if entry != "tensor"}


def unpack_state(tensors: Mapping[str, Tensor], layout: Mapping[str, Any]) -> dict[str, Any]:
    """The state dict that :func:`pack_state` took apart."""
    used: set[str] = set()
    state = {key: _unpack(key, entry, tensors, used) for key, entry in layout.items()}
    return {**{key: value for key, value in tensors.items() if key not in used}, **state}


def _pack(key: str, value: Any, tensors: dict[str, Tensor]) -> Any:
    match value:
        case Tensor() if value.is_quantized:
            tensors[f"{key}.int"] = value.int_repr().contiguous()
            if value.qscheme() in (torch.per_channel_affine, torch.per_channel_symmetric):
                tensors[f"{key}.scales"] = value.q_per_channel_scales().contiguous()
                tensors[f"{key}.zero_points"] = value.q_per_channel_zero_points().contiguous()
                return {"quantized": _name(value.dtype), "axis": value.q_per_channel_axis()}
            return {"quantized": _name(value.dtype), "scale": value.q_scale(), "zero_point": value.q_zero_point()}
        case Tensor():
            tensors[key] = value.detach().cpu().contiguous().clone()
            return "tensor"
        case torch.dtype():
            return {"dtype": _name(value)}
        case tuple() | list():
            return {"tuple": [_pack(f"{key}.{i}", item, tensors) for i, item in enumerate(value)]}
        case None | bool() | int() | float() | str():
            return {"value": value}
        case _:
            raise TypeError(f"{key} holds a {type(value).__name__}, which a checkpoint can't")


def _unpack(key: str, entry: Any, tensors: Mapping[str, Tensor], used: set[str]) -> Any:
    if entry == "tensor":
        used.add(key)
        return tensors[key]
    if "quantized" in entry:
        dtype = getattr(torch, entry["quantized"])
        integers = tensors[f"{key}.int"]
        used.add(f"{key}.int")
        if "axis" in entry:
            scales, zero_points = tensors[f"{key}.scales"], tensors[f"{key}.zero_points"]
            used |= {f"{key}.scales", f"{key}.zero_points"}
            return torch._make_per_channel_quantized_tensor(integers, scales, zero_points, entry["axis"])
        made = torch._make_per_tensor_quantized_tensor(integers, entry["scale"], entry["zero_point"])
        if made.dtype != dtype:
            raise ValueError(f"{key} is {made.dtype}, not {dtype}")
        return made
    if "dtype" in entry:
        return getattr(torch, entry["dtype"])
    if "tuple" in entry:
        return tuple(_unpack(f"{key}.{i}", item, tensors, used) for i, item in enumerate(entry["tuple"]))
    return entry["value"]


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")

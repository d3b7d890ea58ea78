"""A state dict as plain tensors, and back.

safetensors holds no quantized tensors and torch.ao's packed parameters are tuples; both are taken
apart into plain tensors and a layout that JSON can hold. So are the dicts and lists of an optimizer's state.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

VERSIONS = ""
"""The layout's key for the versions of modules; no tensor has an empty name."""


class StateDict(OrderedDict[str, Any]):
    """A state dict with what torch keeps beside it: quantized modules load by their version."""

    _metadata: dict[str, dict[str, Any]]


def pack_state(state: Mapping[str, Any]) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Plain contiguous tensors, and the layout that :func:`unpack_state` needs.

    Tensors that share storage are written once each: safetensors refuses shared memory.
    """
    tensors: dict[str, Tensor] = {}
    layout = {key: _pack(key, value, tensors) for key, value in state.items()}
    layout = {key: entry for key, entry in layout.items() if entry != "tensor"}
    if layout:
        layout[VERSIONS] = _versions(state)
    return tensors, layout


def unpack_state(tensors: Mapping[str, Tensor], layout: Mapping[str, Any]) -> dict[str, Any]:
    """The state dict that :func:`pack_state` took apart, with the versions torch loads it by.

    Packed parameters are packed by the engine that is chosen at this moment.
    """
    used: set[str] = set()
    state = {key: _unpack(key, entry, tensors, used) for key, entry in layout.items() if key != VERSIONS}
    made = StateDict({**{key: value for key, value in tensors.items() if key not in used}, **state})
    made._metadata = {key: {"version": version} for key, version in layout.get(VERSIONS, {}).items()}
    return made


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
            word = "tuple" if isinstance(value, tuple) else "list"
            return {word: [_pack(f"{key}.{i}", item, tensors) for i, item in enumerate(value)]}
        case dict():
            return {"dict": [[name, _pack(f"{key}.{name}", item, tensors)] for name, item in value.items()]}
        case torch.ScriptObject():
            return _pack_object(key, value, tensors)
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
    if "packed" in entry:
        return _unpack_object(key, entry, tensors, used)
    if "dtype" in entry:
        return getattr(torch, entry["dtype"])
    if "tuple" in entry:
        return tuple(_unpack(f"{key}.{i}", item, tensors, used) for i, item in enumerate(entry["tuple"]))
    if "list" in entry:
        return [_unpack(f"{key}.{i}", item, tensors, used) for i, item in enumerate(entry["list"])]
    if "dict" in entry:
        return {name: _unpack(f"{key}.{name}", item, tensors, used) for name, item in entry["dict"]}
    return entry["value"]


def _pack_object(key: str, value: Any, tensors: dict[str, Tensor]) -> dict[str, Any]:
    """Packed parameters: of a linear layer (weight, bias), or of one direction of a recurrent one."""
    kind = value._type().name()
    if kind == "LinearPackedParamsBase":
        return {"packed": "linear", "parts": _pack(key, value.unpack(), tensors)}
    if kind == "CellParamsBase":
        name, biases, _, flags, matrices = value.__getstate__()[0]
        if name == "quantized_dynamic":
            parts = _pack(key, (*matrices, *biases), tensors)
            return {"packed": "cell", "parts": parts, "reduce_range": bool(flags[0])}
    raise TypeError(f"{key} holds a {kind}, which a checkpoint can't")


def _unpack_object(key: str, entry: Any, tensors: Mapping[str, Tensor], used: set[str]) -> Any:
    parts = _unpack(key, entry["parts"], tensors, used)
    if entry["packed"] == "linear":
        return torch.ops.quantized.linear_prepack(*parts)
    return torch.ops.quantized.make_quantized_cell_params_dynamic(*parts, entry["reduce_range"])


def _versions(state: Mapping[str, Any]) -> dict[str, int]:
    metadata: Mapping[str, Mapping[str, Any]] = getattr(state, "_metadata", {})
    return {key: facts["version"] for key, facts in metadata.items() if facts.get("version") is not None}


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")

"""Layers whose weight is stored in few bits and computed with in float32.

A packed layer stays what it was (a Conv2d, a Linear): its geometry, its bias and its forward are its own.
Its ``weight`` is a buffer that is not saved, decoded once from the buffers that are. So everything that
looks at layers (attention that reads a weight from outside, tracing, exporters) goes on working, the file
is small, and the speed is that of float32.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from backend.errors import Message, msg
from backend.network import packing
from backend.quantization._codes import DECODERS
from backend.quantization._kinds import WEIGHTED

NOTE = "packing"
"""Attribute of a packed layer: what JSON can hold of its code (``kind``, ``precision``, ``tensors``, …)."""
PREFIX = "packed_"
"""Begins the names of the buffers that hold the code."""


def applies(module: nn.Module) -> Message | None:
    """None where the weight of ``module`` can be packed, else why not."""
    if not isinstance(module, WEIGHTED):
        return msg("Needs a convolution or a linear layer")
    if "weight" not in module._parameters:
        return msg("Its weight is computed from other tensors")
    return None


def pack(layer: nn.Module, code: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> dict[str, Any]:
    """Replace the weight of ``layer``, in place, by its code.

    Args:
        layer: a convolution or a linear layer with a parameter ``weight``.
        code: what JSON can hold: ``kind`` names a decoder, ``precision`` what to call it (``int4``), and
            whatever the decoder needs.
        tensors: the code itself (integers, scales, …).

    Returns:
        ``code`` with the weight's shape and the tensors' types and shapes: what :func:`repack` needs.
    """
    weight = layer.get_parameter("weight")
    described = {name: [str(t.dtype).removeprefix("torch."), list(t.shape)] for name, t in tensors.items()}
    full = {**code, "shape": list(weight.shape), "tensors": described}
    _place(layer, full, {name: t.detach().to(weight.device) for name, t in tensors.items()})
    return full


def repack(layer: nn.Module, code: Mapping[str, Any]) -> None:
    """The same structure with an empty code: loading a state dict fills it."""
    tensors = {
        name: torch.zeros(shape, dtype=getattr(torch, dtype)) for name, (dtype, shape) in code["tensors"].items()
    }
    _place(layer, code, tensors)


def rebuild(module: nn.Module, data: Mapping[str, Any]) -> nn.Module:
    """A copy of ``module`` with the layers of ``data["layers"]`` (name → code) repacked, and empty.

    It is the ``rebuild`` of every scheme whose outcome holds nothing but packed layers.
    """
    with packing(module):
        made = copy.deepcopy(module)
    for name, code in data["layers"].items():
        repack(made.get_submodule(name), code)
    return made


def unpacked(module: nn.Module) -> nn.Module:
    """A copy of ``module`` in which packed layers are ordinary ones that hold what their code stands for."""
    with packing(module):
        made = copy.deepcopy(module)
    for part in made.modules():
        code = part.__dict__.pop(NOTE, None)
        if code is None:
            continue
        weight = part.get_buffer("weight")
        for name in ("weight", *(PREFIX + name for name in code["tensors"])):
            delattr(part, name)
        part.register_parameter("weight", nn.Parameter(weight))
        for key in [key for key, hook in part._load_state_dict_post_hooks.items() if hook is _loaded]:
            del part._load_state_dict_post_hooks[key]
    return made


def packed(part: nn.Module) -> Mapping[str, Any] | None:
    """The code of a packed layer; None for any other."""
    return part.__dict__.get(NOTE)


def _place(layer: nn.Module, code: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> None:
    del layer.weight
    layer.__dict__[NOTE] = dict(code)
    for name, tensor in tensors.items():
        layer.register_buffer(PREFIX + name, tensor.contiguous())
    layer.register_buffer("weight", None, persistent=False)
    decode(layer)
    layer.register_load_state_dict_post_hook(_loaded)


def decode(layer: nn.Module) -> None:
    """Make the weight of a packed ``layer`` from its code, in the type it had (float32 at first)."""
    code = layer.__dict__[NOTE]
    before = layer._buffers["weight"]
    tensors = {name: getattr(layer, PREFIX + name) for name in code["tensors"]}
    decoder: Callable[[Mapping[str, Tensor], Mapping[str, Any]], Tensor] = DECODERS[code["kind"]]
    weight = decoder(tensors, code).reshape(code["shape"])
    layer.weight = weight if before is None else weight.to(before.dtype)


def _loaded(layer: nn.Module, _incompatible: Any) -> None:
    decode(layer)

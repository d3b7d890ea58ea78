"""What stands in a quantized network: its int8 layers and the weights packed into them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn
from torch.ao.nn.quantized import dynamic as nnqd
from torch.ao.nn.quantized.dynamic.modules.rnn import RNNBase, RNNCellBase
from torch.ao.nn.quantized.modules.conv import _ConvNd
from torch.ao.nn.quantized.modules.linear import Linear

Packed = dict[str, tuple[Tensor, Tensor | None]]
STATIC = (_ConvNd, Linear)
DYNAMIC = (nnqd.Linear, RNNBase, RNNCellBase)


def int8_layers(module: nn.Module) -> dict[str, dict[str, Any]]:
    """Layer name → what is known of each layer that really runs on an int8 kernel.

    Every entry has ``precision``, ``kernel`` (its class), ``per_channel`` and ``dynamic``; layers
    with a static output have its ``scale`` and ``zero_point`` too.
    """
    return {name: _facts(part) for name, part in _int8(module)}


def packed_weights(module: nn.Module) -> Packed:
    """Layer name → (weight, bias) as float tensors, of each layer whose weights are packed.

    A convolution's and a linear layer's weight has its usual shape. A recurrent layer's matrices
    stand side by side: gates·hidden × Σ(inputs + hidden) over layers and directions, so that its
    number of elements is the multiply-accumulates of one time step; its biases follow one another.
    """
    return {name: _unpacked(part) for name, part in _int8(module) if isinstance(part, STATIC + DYNAMIC)}


def _int8(module: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    for name, part in module.named_modules():
        if isinstance(part, STATIC + DYNAMIC) or _is_normalization(part):
            yield name, part


def _is_normalization(part: nn.Module) -> bool:
    """BatchNorm, LayerNorm and the like on int8 kernels: their weights stay plain parameters."""
    kind = type(part)
    named = "Norm" in kind.__name__ or kind.__name__.startswith("BNReLU")
    return kind.__module__.startswith("torch.ao.nn") and "quantized" in kind.__module__ and named


def _facts(part: nn.Module) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "precision": "int8",
        "kernel": type(part).__name__,
        "per_channel": _per_channel(part),
        "dynamic": isinstance(part, DYNAMIC),
    }
    scale = getattr(part, "scale", None)
    if scale is not None and not facts["dynamic"]:
        facts |= {"scale": float(scale), "zero_point": int(part.zero_point)}  # type: ignore[arg-type]
    return facts


def _per_channel(part: nn.Module) -> bool:
    if not isinstance(part, (*STATIC, nnqd.Linear)):
        return False
    scheme = part.weight().qscheme()  # type: ignore[operator]
    return scheme in (torch.per_channel_affine, torch.per_channel_symmetric)


def _unpacked(part: nn.Module) -> tuple[Tensor, Tensor | None]:
    if isinstance(part, (RNNBase, RNNCellBase)):
        values = part._weight_bias()  # type: ignore[no-untyped-call]
        weights = [value.dequantize().detach() for value in values["weight"].values()]
        biases = [value.detach().flatten() for value in values["bias"].values() if value is not None]
        return torch.cat(weights, dim=1), torch.cat(biases) if biases else None
    weight, bias = part.weight(), part.bias()  # type: ignore[operator]
    return weight.dequantize().detach(), None if bias is None else bias.detach()

"""Layers of which not every tensor is rounded: no int8 kernel computes so, so they hold rounded values in float."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.ao.quantization import PerChannelMinMaxObserver, QConfig

from backend.quantization._fx._quiet import quiet
from backend.quantization._kinds import WEIGHTED

LARGEST = 255
"""What kernels hold activations to. Scales may be chosen for fewer levels, so that sums of products have room."""
INPUT, OUTPUT = "rounded_input", "rounded_output"


class Held(nn.Module):
    """Rounds to S · (Q − Z) with a scale and zero point that no longer change.

    Args:
        observer: knows both; None leaves them to be loaded.
        highest: the largest Q of the observed range, which the scale is chosen for.
    """

    scale: Tensor
    zero_point: Tensor

    def __init__(self, observer: nn.Module | None, highest: int) -> None:
        super().__init__()
        scale, zero_point = torch.ones(1), torch.zeros(1, dtype=torch.int64)
        if observer is not None:
            known: Any = copy.deepcopy(observer)
            known.quant_min, known.quant_max = 0, highest
            with quiet():
                scale, zero_point = known.calculate_qparams()
        self.register_buffer("scale", scale.float())
        self.register_buffer("zero_point", zero_point.int())

    def forward(self, values: Tensor) -> Tensor:
        return torch.fake_quantize_per_tensor_affine(values, self.scale, self.zero_point, 0, LARGEST)


def hold(layer: nn.Module, tensors: str, config: QConfig, observers: Mapping[str, nn.Module], highest: int) -> None:
    """Round what ``tensors`` names of a float ``layer``, in place; anything but a layer of ``WEIGHTED`` stays.

    Args:
        layer: of the converted network.
        tensors: ``weight``, ``input_weight``, …
        config: makes the weight's observer.
        observers: of ``input`` and ``output``; those that are missing get their scale when weights are loaded.
        highest: the largest quantized activation.
    """
    if not isinstance(layer, WEIGHTED):
        return
    words = tensors.split("_")
    if "weight" in words:
        layer.weight = nn.Parameter(rounded(layer.weight.detach(), config.weight()))
    if "input" in words:
        layer.add_module(INPUT, Held(observers.get("input"), highest))
        layer.register_forward_pre_hook(_round_input)
    if "output" in words:
        layer.add_module(OUTPUT, Held(observers.get("output"), highest))
        layer.register_forward_hook(_round_output)


def rounded(weight: Tensor, observer: Any) -> Tensor:
    """``weight`` on the grid that ``observer``, a fresh one, finds for it; no gradient passes."""
    weight = weight.detach()
    with quiet():
        _look(observer.to(weight.device), weight)
        scale, zero_point = observer.calculate_qparams()
    if hasattr(observer, "ch_axis"):
        shape = [-1 if i == observer.ch_axis else 1 for i in range(weight.dim())]
        scale, zero_point = scale.reshape(shape), zero_point.reshape(shape)
    made = on_grid(weight, scale, zero_point).clamp_(observer.quant_min, observer.quant_max)
    return made.sub_(zero_point).mul_(scale)


def on_grid(values: Tensor, scale: Tensor, zero_point: Tensor) -> Tensor:
    """Q = round(x ÷ S) + Z before it is held to its range, as float32.

    The arithmetic of torch's ``fake_quantize``, whose kernels take five to ten times as long on a CPU.
    """
    return values.mul(scale.reciprocal()).round_().add_(zero_point)


def _look(observer: Any, weight: Tensor) -> None:
    """What ``observer`` does by itself in thirty times the time where it has a range per channel."""
    if isinstance(observer, PerChannelMinMaxObserver):
        rows = weight.transpose(0, observer.ch_axis).flatten(1)
        observer.min_val, observer.max_val = rows.amin(1), rows.amax(1)
    else:
        observer(weight)


def _round_input(layer: nn.Module, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
    return (layer.get_submodule(INPUT)(inputs[0]), *inputs[1:])


def _round_output(layer: nn.Module, _: Any, output: Tensor) -> Tensor:
    made: Tensor = layer.get_submodule(OUTPUT)(output)
    return made

"""Whether int8 kernels compute what their weights say: torch's do not for every shape on every engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.ao.nn.quantized.modules.conv import _ConvNd, _ConvTransposeNd
from torch.ao.nn.quantized.modules.linear import Linear

from backend.evaluation._mode import hooked
from backend.quantization._fx._packed import STATIC

STEPS = 1.0
"""How large the root mean square error of a kernel's output may be, in steps of its scale; rounding costs 0.29."""
CONVOLUTIONS: Mapping[int, Any] = {3: F.conv1d, 4: F.conv2d, 5: F.conv3d}
TRANSPOSED: Mapping[int, Any] = {3: F.conv_transpose1d, 4: F.conv_transpose2d, 5: F.conv_transpose3d}


def wrong_layers(module: nn.Module, images: Tensor) -> dict[str, bool]:
    """Int8 layers of ``module`` whose kernel can't be trusted with these images.

    Each layer that runs is computed once more in float, from its own input and its own rounded weight.

    Returns:
        layer → whether its kernel runs (and gives wrong values) or raises. Nothing runs after one that raises.
    """
    wrong: dict[str, bool] = {}
    running: list[str] = []

    def watch(name: str, part: Any) -> list[Any]:
        def after(_: nn.Module, inputs: tuple[Any, ...], output: Any) -> None:
            running.pop()
            if name not in wrong and not _close(part, inputs[0], output):
                wrong[name] = True

        return [part.register_forward_pre_hook(lambda *_: running.append(name)), part.register_forward_hook(after)]

    hooks = [h for name, part in module.named_modules() if isinstance(part, STATIC) for h in watch(name, part)]
    with hooked(hooks), torch.no_grad():
        try:
            module(images)
        except (RuntimeError, TypeError, ValueError, NotImplementedError):
            if not running:
                raise
            wrong[running[-1]] = False
    return wrong


def _close(part: Any, given: Tensor, made: Tensor) -> bool:
    expected = _expected(part, given.dequantize())
    levels = (expected / part.scale + part.zero_point).clamp(0, 255)
    error = made.int_repr().float() - levels
    return bool(error.square().mean().sqrt() <= STEPS)


def _expected(part: Any, values: Tensor) -> Tensor:
    weight, bias = part.weight().dequantize(), part.bias()
    if isinstance(part, Linear):
        made = F.linear(values, weight, bias)
    elif isinstance(part, _ConvTransposeNd):
        places = (part.stride, part.padding, part.output_padding, part.groups, part.dilation)
        made = TRANSPOSED[weight.dim()](values, weight, bias, *places)
    else:
        made = _convolved(part, values, weight, bias)
    return made.relu() if "ReLU" in type(part).__name__ else made


def _convolved(part: _ConvNd, values: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    padding: Any = part.padding
    if part.padding_mode != "zeros":
        values = F.pad(values, [p for p in reversed(padding) for _ in range(2)], mode=part.padding_mode)
        padding = 0
    made: Tensor = CONVOLUTIONS[weight.dim()](values, weight, bias, part.stride, padding, part.dilation, part.groups)
    return made

"""The Hessian of a layer's squared output error, H = 2·X·Xᵀ, from what the layer is given.

A column of X is what the layer multiplies its weights with at one position: the features of a linear layer, the
patch of a convolution. A transposed convolution is a convolution over its inputs with zeros between them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeGuard

import torch
from torch import Tensor, nn
from torch.nn import functional

from backend.quantization._kinds import CONVOLUTIONS, TRANSPOSED

ELEMENTS = 2**23
"""Inputs that are laid out at once, where one image does not need more."""


class Hessian:
    """H of one layer, summed over what the layer is shown; the inputs themselves are not kept.

    Args:
        layer: a linear layer or a convolution. Grouped convolutions have one H a group.
    """

    def __init__(self, layer: nn.Module) -> None:
        self._layer = layer
        columns, device = inputs_of(layer), layer.get_parameter("weight").device
        self._sum = torch.zeros(getattr(layer, "groups", 1), columns, columns, dtype=torch.float64, device=device)
        self._count = 0

    def show(self, inputs: Tensor) -> None:
        """Add what ``layer`` was given: … × features, or N × channels × … for a convolution."""
        for x in _columns(self._layer, inputs.detach().float()):
            self._sum += (x @ x.mT).double()
            self._count += x.shape[-1]

    def mean(self) -> Tensor:
        """H = 2·X·Xᵀ / n, groups × columns × columns in float64."""
        return 2 * self._sum / max(self._count, 1)


def inputs_of(layer: nn.Module) -> int:
    """How many inputs each output of ``layer`` is made from: the columns of its H."""
    weight = layer.get_parameter("weight")
    if isinstance(layer, TRANSPOSED):
        return weight.numel() // weight.shape[1] // layer.groups
    return weight[0].numel()


def fits(given: object, layer: nn.Module) -> TypeGuard[Tensor]:
    """Whether ``given`` is what ``layer`` multiplies its weights with; a class of a person's own may take more."""
    if not isinstance(given, Tensor) or not given.is_floating_point():
        return False
    if isinstance(layer, nn.Linear):
        return given.dim() > 0 and given.shape[-1] == layer.in_features
    if not isinstance(layer, (*CONVOLUTIONS, *TRANSPOSED)):
        return False
    dims = len(layer.kernel_size)
    return given.dim() in (dims + 1, dims + 2) and given.shape[-dims - 1] == layer.in_channels


def rows_of(layer: nn.Module, values: Tensor) -> Tensor:
    """``values``, laid out as the weight of ``layer``, as outputs × inputs."""
    if not isinstance(layer, TRANSPOSED):
        return values.flatten(1)
    grouped = values.reshape(layer.groups, -1, *values.shape[1:])
    return grouped.transpose(1, 2).reshape(values.shape[1] * layer.groups, -1)


def laid_out(layer: nn.Module, rows: Tensor) -> Tensor:
    """The inverse of :func:`rows_of`."""
    shape = layer.get_parameter("weight").shape
    if not isinstance(layer, TRANSPOSED):
        return rows.reshape(shape)
    grouped = rows.reshape(layer.groups, shape[1], shape[0] // layer.groups, *shape[2:])
    return grouped.transpose(1, 2).reshape(shape)


def _columns(layer: nn.Module, inputs: Tensor) -> Iterator[Tensor]:
    """X: groups × columns × positions, in parts that fit into memory."""
    if isinstance(layer, nn.Linear):
        yield inputs.reshape(1, -1, inputs.shape[-1]).mT
        return
    if not isinstance(layer, (*CONVOLUTIONS, *TRANSPOSED)):
        raise TypeError(type(layer).__name__)
    dims = len(layer.kernel_size)
    if inputs.dim() == dims + 1:
        inputs = inputs[None]
    transposed = isinstance(layer, TRANSPOSED)
    padded = _between(layer, inputs) if transposed else _around(layer, inputs)
    stride = (1,) * dims if transposed else layer.stride
    order = (1, *range(2 + dims, 2 + 2 * dims), 0, *range(2, 2 + dims))  # channels, patch | images, positions
    each = padded[0].numel() * layer.weight[0, 0].numel()
    for patches in padded.split(max(1, ELEMENTS // each)):
        for place, size in enumerate(layer.kernel_size):
            spanned = (size - 1) * layer.dilation[place] + 1
            patches = patches.unfold(2 + place, spanned, stride[place])[..., :: layer.dilation[place]]
        if transposed:  # its kernel is walked from the other end
            patches = patches.flip(tuple(range(2 + dims, 2 + 2 * dims)))
        yield patches.permute(order).reshape(layer.groups, inputs_of(layer), -1)


def _around(layer: Any, inputs: Tensor) -> Tensor:
    mode = "constant" if layer.padding_mode == "zeros" else layer.padding_mode
    return functional.pad(inputs, layer._reversed_padding_repeated_twice, mode=mode)


def _between(layer: Any, inputs: Tensor) -> Tensor:
    """What the convolution sees that is equal to a transposed one: zeros between the inputs and around them."""
    sizes = [(size - 1) * stride + 1 for size, stride in zip(inputs.shape[2:], layer.stride, strict=True)]
    spaced = inputs.new_zeros(*inputs.shape[:2], *sizes)
    places: list[Any] = [slice(None, None, stride) for stride in layer.stride]
    spaced[(..., *places)] = inputs
    padding: list[int] = []
    for place in reversed(range(len(sizes))):
        reach = layer.dilation[place] * (layer.kernel_size[place] - 1) - layer.padding[place]
        padding += [reach, reach + layer.output_padding[place]]
    return functional.pad(spaced, padding)

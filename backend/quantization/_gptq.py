"""GPTQ's mathematics (Frantar et al., "GPTQ: Accurate Post-Training Quantization", 2022): what one layer needs.

The weights of a row are rounded column after column, and the error of each is made up for by the columns that
follow. With the Hessian H = 2·X·Xᵀ of the layer's squared output error and H⁻¹ = Uᵀ·U (U upper triangular),
rounding column j from w to q changes the columns k behind it by −(w − q) / U_jj · U_jk (equations 2, 3 and
algorithm 1).
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional

from backend.cancel import Cancel
from backend.quantization._codes import blocks

COLUMNS = 128
"""Columns whose errors are gathered before they reach the columns behind them."""
LARGEST = 10_000
"""Columns of the largest H: it and its factors take 32 bytes for each pair of columns."""
ELEMENTS = 2**23
"""Inputs that are laid out at once, where one image does not need more."""


class Hessian:
    """H of one layer, summed over what the layer is shown; the inputs themselves are not kept.

    Args:
        layer: a linear layer or a convolution. Grouped convolutions have one H a group.
    """

    def __init__(self, layer: nn.Module) -> None:
        self._layer = layer
        weight = layer.get_parameter("weight")
        columns = weight[0].numel()
        self._sum = torch.zeros(
            getattr(layer, "groups", 1), columns, columns, dtype=torch.float64, device=weight.device
        )
        self._count = 0

    def show(self, inputs: Tensor) -> None:
        """Add what ``layer`` was given: … × features, or N × channels × … for a convolution."""
        for x in _columns(self._layer, inputs.detach().float()):
            self._sum += (x @ x.mT).double()
            self._count += x.shape[-1]

    def mean(self) -> Tensor:
        """H = 2·X·Xᵀ / n, groups × columns × columns in float64."""
        return 2 * self._sum / max(self._count, 1)


def _columns(layer: nn.Module, inputs: Tensor) -> Iterator[Tensor]:
    """X: groups × columns × positions, in parts that fit into memory.

    A position is a place the layer's weights are multiplied at; its column holds the patch of the input there.
    """
    if isinstance(layer, nn.Linear):
        yield inputs.reshape(1, -1, inputs.shape[-1]).mT
        return
    if not isinstance(layer, nn.Conv1d | nn.Conv2d | nn.Conv3d):
        raise TypeError(type(layer).__name__)
    if inputs.dim() == len(layer.kernel_size) + 1:
        inputs = inputs[None]
    mode = "constant" if layer.padding_mode == "zeros" else layer.padding_mode
    padded = functional.pad(inputs, layer._reversed_padding_repeated_twice, mode=mode)
    each = padded[0].numel() * layer.weight[0, 0].numel()
    for part in padded.split(max(1, ELEMENTS // each)):
        patches = part
        for place, (size, stride, dilation) in enumerate(
            zip(layer.kernel_size, layer.stride, layer.dilation, strict=True)
        ):
            patches = patches.unfold(2 + place, (size - 1) * dilation + 1, stride)[..., ::dilation]
        dims = len(layer.kernel_size)
        order = (1, *range(2 + dims, 2 + 2 * dims), 0, *range(2, 2 + dims))  # channels, patch | images, places
        yield patches.permute(order).reshape(layer.groups, layer.weight[0].numel(), -1)


def solve(
    weight: Tensor, hessian: Tensor, bits: int, group: int, symmetric: bool, damping: float, cancel: Cancel
) -> tuple[Tensor, Tensor, Tensor]:
    """Round ``weight`` so that the layer's outputs change least on what the Hessian has seen.

    Columns that were always 0 are rounded to the nearest level; weights that are 0 (pruned) stay so.

    Args:
        weight: rows × columns; the rows of the groups of ``hessian`` one after the other.
        hessian: groups × columns × columns (float64).
        bits: 1 to 8.
        group: columns that share S and Z, which are fitted when the first of them is reached.
        symmetric: see :func:`backend.quantization._codes.blocks.fit`.
        damping: share of H's mean diagonal that is added to its diagonal.
        cancel: checked at every block of columns.

    Returns:
        Q (rows × columns), S and Z (rows × blocks).
    """
    groups, columns, _ = hessian.shape
    left = weight.double().reshape(groups, -1, columns).clone()
    pruned = left == 0
    factor = _factor(hessian, damping)
    integers = torch.empty_like(left)
    fitted: list[tuple[Tensor, Tensor]] = []
    step = group if group <= 2 * COLUMNS else COLUMNS
    for start in range(0, columns, step):
        cancel.check()
        end = min(start + step, columns)
        errors = torch.zeros_like(left[..., start:end])
        for column in range(start, end):
            if column % group == 0:
                fitted.append(blocks.fit(left[..., column : column + group], bits, symmetric))
            s, z = fitted[-1]
            q = torch.where(pruned[..., column], z, blocks.quantized(left[..., column], s, z, bits))
            integers[..., column] = q
            error = (left[..., column] - s * (q - z)) / factor[:, column, column, None]
            left[..., column + 1 : end] -= error[..., None] * factor[:, None, column, column + 1 : end]
            errors[..., column - start] = error
        left[..., end:] -= errors @ factor[:, start:end, end:]
    scales, zero_points = (torch.stack(parts, -1).flatten(0, 1).float() for parts in zip(*fitted, strict=True))
    return integers.flatten(0, 1), scales, zero_points


def _factor(hessian: Tensor, damping: float) -> Tensor:
    """U of H⁻¹ = Uᵀ·U for each group; a Hessian that has no inverse is damped more."""
    diagonal = hessian.diagonal(dim1=-2, dim2=-1)
    mean = diagonal.mean(-1, keepdim=True)
    while True:
        damped = hessian.clone()
        damped.diagonal(dim1=-2, dim2=-1).add_(damping * mean + (diagonal == 0))
        lower, failed = torch.linalg.cholesky_ex(damped)
        if not bool(failed.any()):
            upper: Tensor
            upper, failed = torch.linalg.cholesky_ex(torch.cholesky_inverse(lower), upper=True)
            if not bool(failed.any()):
                return upper
        damping *= 10

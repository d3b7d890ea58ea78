"""GPTQ's mathematics (Frantar et al., "GPTQ: Accurate Post-Training Quantization", 2022): what one layer needs.

The weights of a row are rounded column after column, and the error of each is made up for by the columns that
follow. With the Hessian H = 2·X·Xᵀ of the layer's squared output error and H⁻¹ = Uᵀ·U (U upper triangular),
rounding column j from w to q changes the columns k behind it by −(w − q) / U_jj · U_jk (equations 2, 3 and
algorithm 1).
"""

from __future__ import annotations

import torch
from torch import Tensor

from backend.cancel import Cancel
from backend.quantization._codes import blocks

COLUMNS = 128
"""Columns whose errors are gathered before they reach the columns behind them."""
LARGEST = 10_000
"""Columns of the largest H: it and its factors take 32 bytes for each pair of columns."""


def solve(
    weight: Tensor,
    hessian: Tensor,
    bits: int,
    group: int,
    symmetric: bool,
    damping: float,
    cancel: Cancel,
    given: tuple[Tensor, Tensor] | None = None,
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
        given: S and Z of every weight (rows × columns) where they are known before; each column is a group then.

    Returns:
        Q (rows × columns), S and Z (rows × blocks).
    """
    groups, columns, _ = hessian.shape
    left = weight.double().reshape(groups, -1, columns).clone()
    pruned = left == 0
    factor = _factor(hessian, damping)
    known = None if given is None else [values.double().reshape(left.shape) for values in given]
    integers = torch.empty_like(left)
    fitted: list[tuple[Tensor, Tensor]] = []
    step = group if group <= 2 * COLUMNS else COLUMNS
    for start in range(0, columns, step):
        cancel.check()
        end = min(start + step, columns)
        errors = torch.zeros_like(left[..., start:end])
        for column in range(start, end):
            if known is not None:
                fitted.append((known[0][..., column], known[1][..., column]))
            elif column % group == 0:
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

"""Uniform integers with a scale (and a zero point) for each block of weights.

Q = round(R / S) + Z, clamped to 0 … 2^bits − 1, and R ≈ S · (Q − Z). A block is ``group`` consecutive
weights of one row of ``weight.flatten(1)`` (an output channel, but for transposed convolutions); without
``group`` the whole tensor is one block.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from backend.quantization._codes.bits import pack_bits, unpack_bits

KIND = "blocks"


def encode(
    integers: Tensor, scales: Tensor, zero_points: Tensor | float, bits: int, group: int | None, precision: str
) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """The code of a weight.

    Args:
        integers: Q, rows × columns, 0 … 2^bits − 1.
        scales: S (float32), rows × ⌈columns / group⌉, or one value without ``group``.
        zero_points: Z in the shape of ``scales`` (0 … 2^bits − 1), or the one value all blocks share.
        bits: 1 to 8.
        group: weights in a block; None for one block.
        precision: what to call it (``int4``).

    Returns:
        What JSON can hold, and the tensors: arguments of :func:`backend.quantization._packing.pack`.
    """
    code: dict[str, Any] = {
        "kind": KIND,
        "precision": precision,
        "bits": bits,
        "group": group,
        "matrix": list(integers.shape),
    }
    tensors = {"codes": pack_bits(integers, bits), "scales": scales.float()}
    if isinstance(zero_points, Tensor):
        tensors["zero_points"] = zero_points.to(torch.uint8)
    else:
        code["zero_point"] = zero_points
    return code, tensors


def decode(tensors: Mapping[str, Tensor], code: Mapping[str, Any]) -> Tensor:
    """R ≈ S · (Q − Z), rows × columns in float32."""
    rows, columns = code["matrix"]
    integers = unpack_bits(tensors["codes"], code["bits"], rows * columns).reshape(rows, columns).float()
    zero_points: Tensor | float = tensors["zero_points"] if "zero_points" in tensors else code["zero_point"]
    scales = tensors["scales"]
    if code["group"] is None:
        return scales.reshape(()) * (integers - zero_points)
    if isinstance(zero_points, Tensor):
        zero_points = spread(zero_points.float(), code["group"], columns)
    return spread(scales, code["group"], columns) * (integers - zero_points)


def spread(values: Tensor, group: int, columns: int) -> Tensor:
    """One value a block (rows × ⌈columns / group⌉) → one a weight (rows × columns)."""
    return values.repeat_interleave(min(group, columns), dim=1)[:, :columns]


def blocks(columns: int, group: int | None) -> int:
    """How many blocks a row of ``columns`` weights has."""
    return 1 if group is None else math.ceil(columns / group)

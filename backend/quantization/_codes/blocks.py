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
HALF = torch.finfo(torch.float16)
SMALLEST = torch.finfo(torch.float32).smallest_normal


def fit(values: Tensor, bits: int, symmetric: bool) -> tuple[Tensor, Tensor]:
    """S and Z of each block, so that its range just fits between the lowest and the highest level.

    Args:
        values: R, … × weights of a block; zeros may fill a block up.
        bits: 2 to 8.
        symmetric: Z in the middle, 2^(bits−1); else where the block's range puts it. 0 is always a level.

    Returns:
        S (see :func:`storable`) and Z (whole numbers), both in the type and the shape of ``values`` without the
        last dimension.
    """
    levels, middle = 2**bits - 1, 2 ** (bits - 1)
    low, high = values.amin(-1).double().clamp(max=0), values.amax(-1).double().clamp(min=0)
    if symmetric:
        scales = storable(torch.maximum(-low, high) / (middle - 1)).to(values)
        return scales, torch.full_like(scales, middle)
    scales = storable((high - low) / levels).to(values)
    return scales, (-low / scales).round().clamp(0, levels).to(values)


def quantized(values: Tensor, scales: Tensor, zero_points: Tensor | float, bits: int) -> Tensor:
    """Q = round(R / S) + Z, clamped to 0 … 2^bits − 1, in the type of ``values``."""
    integers: Tensor = (values / scales).round() + zero_points
    return integers.clamp(0, 2**bits - 1)


def storable(scales: Tensor) -> Tensor:
    """``scales`` as the file will hold them; 1 in place of 0.

    They are numbers of float16 where that holds all of them to three digits; the type is float32 either way.
    """
    single = torch.where(scales > 0, scales, torch.ones_like(scales)).float().clamp(min=SMALLEST)
    inside = (single > HALF.smallest_normal) & (single < HALF.max)
    return single.half().float() if bool(inside.all()) else single


def encode(
    integers: Tensor, scales: Tensor, zero_points: Tensor | float, bits: int, group: int | None, precision: str
) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """The code of a weight.

    Args:
        integers: Q, rows × columns, 0 … 2^bits − 1.
        scales: S (float32), rows × ⌈columns / group⌉, or one value without ``group``; stored as float16 where
            that loses nothing.
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
    tensors = {"codes": pack_bits(integers, bits), "scales": compact(scales)}
    if isinstance(zero_points, Tensor):
        tensors["zero_points"] = zero_points.to(torch.uint8)
    else:
        code["zero_point"] = zero_points
    return code, tensors


def compact(scales: Tensor) -> Tensor:
    """``scales`` in float16 where that loses nothing, else in float32."""
    half = scales.half()
    return half if bool((half.float() == scales.float()).all()) else scales.float()


def decode(tensors: Mapping[str, Tensor], code: Mapping[str, Any]) -> Tensor:
    """R ≈ S · (Q − Z), rows × columns in float32."""
    rows, columns = code["matrix"]
    integers = unpack_bits(tensors["codes"], code["bits"], rows * columns).reshape(rows, columns).float()
    scales = tensors["scales"].float()
    zero_points: Tensor | float = code.get("zero_point", 0.0)
    if "zero_points" in tensors:
        zero_points = tensors["zero_points"].float()
    if code["group"] is None:
        return scales.reshape(()) * (integers - zero_points)
    if isinstance(zero_points, Tensor):
        zero_points = spread(zero_points, code["group"], columns)
    return spread(scales, code["group"], columns) * (integers - zero_points)


def split(matrix: Tensor, group: int) -> Tensor:
    """Rows × columns → rows × blocks × weights of a block; zeros fill up the last block of a row."""
    rows, columns = matrix.shape
    group = min(group, columns)
    padded = torch.nn.functional.pad(matrix, (0, -columns % group))
    return padded.reshape(rows, -1, group)


def spread(values: Tensor, group: int, columns: int) -> Tensor:
    """One value a block (rows × ⌈columns / group⌉) → one a weight (rows × columns)."""
    return values.repeat_interleave(min(group, columns), dim=1)[:, :columns]


def blocks(columns: int, group: int | None) -> int:
    """How many blocks a row of ``columns`` weights has."""
    return 1 if group is None else math.ceil(columns / group)

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
SHARES = tuple(1 - step / 40 for step in range(25))
"""Parts of a block's range that are tried: clipping its largest weight may cost less than coarse steps."""
HALF = torch.finfo(torch.float16)
SMALLEST = torch.finfo(torch.float32).smallest_normal


def fit(values: Tensor, bits: int, symmetric: bool) -> tuple[Tensor, Tensor]:
    """S and Z of each block: of the ranges tried (:data:`SHARES`) the one with the smallest squared error.

    Args:
        values: R, … × weights of a block; zeros may fill a block up.
        bits: 1 to 8.
        symmetric: Z in the middle, 2^(bits−1); else where the block's range puts it. 0 is always a level.

    Returns:
        S (values of float16 where its range allows, see :func:`encode`) and Z (whole numbers), both in the
        type and the shape of ``values`` without the last dimension.
    """
    levels, middle = 2**bits - 1, 2 ** (bits - 1)
    low, high = values.amin(-1).double().clamp(max=0), values.amax(-1).double().clamp(min=0)
    widest = torch.maximum(-low, high) / max(middle - 1, 1) if symmetric else (high - low) / levels
    best = torch.full_like(low, math.inf)
    scales = zero_points = torch.zeros_like(values[..., 0])
    for share in SHARES:
        s = storable(widest, share)
        z = torch.full_like(s, middle) if symmetric else (-low * share / s).round().clamp(0, levels).float()
        s, z = s.to(values), z.to(values)
        restored = s[..., None] * (quantized(values, s[..., None], z[..., None], bits) - z[..., None])
        error = (values - restored).square().sum(-1)
        better = error < best
        best = torch.where(better, error.double(), best)
        scales, zero_points = torch.where(better, s, scales), torch.where(better, z, zero_points)
    return scales, zero_points


def quantized(values: Tensor, scales: Tensor, zero_points: Tensor | float, bits: int) -> Tensor:
    """Q = round(R / S) + Z, clamped to 0 … 2^bits − 1, in the type of ``values``."""
    integers: Tensor = (values / scales).round() + zero_points
    return integers.clamp(0, 2**bits - 1)


def storable(scales: Tensor, share: float = 1.0) -> Tensor:
    """``share`` of ``scales`` as the file will hold them, in float32; 1 in place of 0.

    They are numbers of float16 where that holds all of them, and any share that is tried, to three digits.
    """
    single = torch.where(scales.float() > 0, scales.float(), torch.ones_like(scales, dtype=torch.float32))
    inside = (single * min(SHARES) > HALF.smallest_normal) & (single < HALF.max)
    single = (single * share).clamp(min=SMALLEST)
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
    scales, half = scales.float(), scales.half()
    lossless = bool((half.float() == scales).all())
    tensors = {"codes": pack_bits(integers, bits), "scales": half if lossless else scales}
    if isinstance(zero_points, Tensor):
        tensors["zero_points"] = zero_points.to(torch.uint8)
    else:
        code["zero_point"] = zero_points
    return code, tensors


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

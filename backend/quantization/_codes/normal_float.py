"""NormalFloat: levels where the quantiles of a normal distribution are (Dettmers et al., "QLoRA", 2023, equation 4).

R ≈ S · level[Q], where S is the largest magnitude of the block. The levels go from −1 to 1, each as likely as the
others if weights are normal, and 0 is one of them; those of 4 bits are QLoRA's NF4.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from backend.quantization._codes.bits import pack_bits, unpack_bits
from backend.quantization._codes.blocks import compact, spread

KIND = "normal_float"


@functools.cache
def levels(bits: int) -> Tensor:
    """The 2^bits levels in rising order (float32): half of them above 0, one fewer below.

    Both sides are cut at even steps of probability; the outermost stands between the first step of the one side
    and of the other, as QLoRA's does.
    """
    half = 2 ** (bits - 1)
    outermost = 1 - (1 / (4 * half) + 1 / (4 * half - 2)) / 2
    normal = torch.distributions.Normal(torch.tensor(0.0, dtype=torch.float64), 1.0)
    above = normal.icdf(torch.linspace(outermost, 0.5, half + 1, dtype=torch.float64)[:-1])
    below = -normal.icdf(torch.linspace(outermost, 0.5, half, dtype=torch.float64)[:-1])
    found = torch.cat([below, torch.zeros(1, dtype=torch.float64), above.flip(0)])
    return (found / found.max()).float()


def nearest(values: Tensor, bits: int) -> Tensor:
    """The number of the level that is nearest to each of ``values`` (−1 to 1)."""
    found = levels(bits).to(values.device)
    return torch.bucketize(values, (found[1:] + found[:-1]) / 2)


def encode(
    numbers: Tensor, scales: Tensor, bits: int, group: int, precision: str
) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """The code of a weight.

    Args:
        numbers: of levels, rows × columns.
        scales: S, rows × ⌈columns / group⌉.
        bits: 2 to 8.
        group: weights in a block.
        precision: what to call it (``nf4``).

    Returns:
        Arguments of :func:`backend.quantization._packing.pack`.
    """
    code = {"kind": KIND, "precision": precision, "bits": bits, "group": group, "matrix": list(numbers.shape)}
    return code, {"codes": pack_bits(numbers, bits), "scales": compact(scales)}


def decode(tensors: Mapping[str, Tensor], code: Mapping[str, Any]) -> Tensor:
    """R ≈ S · level[Q], rows × columns in float32."""
    rows, columns = code["matrix"]
    numbers = unpack_bits(tensors["codes"], code["bits"], rows * columns).reshape(rows, columns)
    values = levels(code["bits"]).to(numbers.device)[numbers.long()]
    return spread(tensors["scales"].float(), code["group"], columns) * values

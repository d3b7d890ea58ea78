"""Integers of a few bits, side by side in bytes."""

from __future__ import annotations

import torch
from torch import Tensor


def pack_bits(values: Tensor, bits: int) -> Tensor:
    """Write integers from 0 to 2^bits − 1 one after the other, the lowest bit first.

    Args:
        values: integers, any shape; read in row-major order.
        bits: 1 to 8.

    Returns:
        ⌈n·bits / 8⌉ bytes (uint8).
    """
    flat = values.reshape(-1).to(torch.uint8)
    if bits == 8:
        return flat.clone()
    shifts = torch.arange(bits, dtype=torch.uint8, device=flat.device)
    stream = ((flat[:, None] >> shifts) & 1).reshape(-1)
    padded = torch.nn.functional.pad(stream, (0, -len(stream) % 8)).reshape(-1, 8)
    places = torch.arange(8, dtype=torch.uint8, device=flat.device)
    return (padded << places).sum(1, dtype=torch.uint8)


def unpack_bits(packed: Tensor, bits: int, count: int) -> Tensor:
    """The ``count`` integers that :func:`pack_bits` wrote (uint8)."""
    if bits == 8:
        return packed[:count].clone()
    places = torch.arange(8, dtype=torch.uint8, device=packed.device)
    stream = ((packed[:, None] >> places) & 1).reshape(-1)[: count * bits].reshape(count, bits)
    shifts = torch.arange(bits, dtype=torch.uint8, device=packed.device)
    return (stream << shifts).sum(1, dtype=torch.uint8)

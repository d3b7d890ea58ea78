"""Weights as one byte stream: gaps between nonzero values, a codebook of the values, Huffman codes for both.

The stream is what :mod:`backend.encoding` makes, so its length is what the layer takes in a file.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from backend import encoding

KIND = "encoded"
STREAM = "stream"
"""The tensor of the code: bytes."""


def encode(weight: Tensor, precision: str) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """The code of ``weight``, without loss; few different values and many zeros make it small.

    Args:
        weight: any shape.
        precision: what to call it (``codebook4``).

    Returns:
        What JSON can hold, and the tensors: arguments of :func:`backend.quantization._packing.pack`.
    """
    stream = encoding.encode(weight.detach().cpu().numpy())
    return {"kind": KIND, "precision": precision}, {STREAM: torch.frombuffer(bytearray(stream), dtype=torch.uint8)}


def decode(tensors: Mapping[str, Tensor], code: Mapping[str, Any]) -> Tensor:
    """The very weight.

    Raises:
        DecodeError: the stream is damaged.
    """
    stream = tensors[STREAM]
    if not stream.any():  # nothing is loaded yet
        return torch.zeros(math.prod(code["shape"]), device=stream.device)
    return torch.from_numpy(encoding.decode(stream.cpu().numpy().tobytes())).to(stream.device)

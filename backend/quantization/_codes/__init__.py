"""How weights are written in few bits: one file a code, each with its encoder and its decoder.

A decoder is ``decode(tensors, code) -> weight`` (float32, any shape with the right number of elements);
it must not fail on a code of zeros, which is what a network holds before its weights are loaded.
"""

from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor

from backend.quantization._codes import blocks, encoded, normal_float, stored

DECODERS: Mapping[str, Callable[[Mapping[str, Tensor], Mapping[str, Any]], Tensor]] = {
    "blocks": blocks.decode,
    "encoded": encoded.decode,
    "normal_float": normal_float.decode,
    "stored": stored.decode,
}

__all__ = ["DECODERS", "blocks", "encoded", "normal_float", "stored"]

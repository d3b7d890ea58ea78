"""Tensors without loss in few bytes: gaps between nonzero values, a codebook, and Huffman codes for both.

:mod:`pare_decode` reads what :func:`encode` writes. It stands by itself and goes along with every file.
"""

from pathlib import Path

from backend.encoding._encode import encode, write
from backend.encoding.pare_decode import TYPES, DecodeError, decode, read

DECODER = Path(__file__).with_name("pare_decode.py")
"""The decoder that a person gets with the file."""

__all__ = ["DECODER", "TYPES", "DecodeError", "decode", "encode", "read", "write"]

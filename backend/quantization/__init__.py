"""Quantization: one file a scheme, observers in a folder of their own.

What other parts need of a quantized network is imported from here.
"""

from backend.quantization._engines import using
from backend.quantization._fx import engine_of, int8_layers, packed_weights

__all__ = ["engine_of", "int8_layers", "packed_weights", "using"]

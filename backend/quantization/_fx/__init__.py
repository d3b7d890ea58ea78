"""torch.ao's FX mode, and all Pare knows of it.

The mode is deprecated (and present to at least torch 2.15), so nothing outside this folder and the
observers imports torch.ao: another engine beneath the int8 schemes replaces this folder alone.
"""

from backend.quantization._fx._convert import (
    ALL,
    Converter,
    Int8Module,
    LayerSettings,
    engine_of,
    make_dynamic,
    set_engine,
)
from backend.quantization._fx._packed import int8_layers, packed_weights
from backend.quantization._fx._refusing import refusing
from backend.quantization._fx._right import wrong_layers
from backend.quantization._fx._table import calibration_table
from backend.quantization._fx._trace import Traced, outline, trace
from backend.quantization._fx._training import Training, adopt, training

__all__ = [
    "ALL",
    "Converter",
    "Int8Module",
    "LayerSettings",
    "Traced",
    "Training",
    "adopt",
    "calibration_table",
    "engine_of",
    "int8_layers",
    "make_dynamic",
    "outline",
    "packed_weights",
    "refusing",
    "set_engine",
    "trace",
    "wrong_layers",
    "training",
]

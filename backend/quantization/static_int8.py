"""Weights and activations in int8, with the ranges of the activations measured beforehand."""

from __future__ import annotations

from collections.abc import Mapping

from backend.cancel import Cancel
from backend.description import Parameter, Reference
from backend.events import Emit
from backend.quantization import _int8
from backend.quantization._base import TRACES, Outcome, Scheme, path_of
from backend.quantization._calibrate import calibrate
from backend.quantization._int8 import Int8Plan, stage_settings
from backend.recipe import LayerPlan
from backend.session import Session

ID = "static_int8"


def quantize(session: Session, plans: Mapping[str, LayerPlan], index: int, emit: Emit, cancel: Cancel) -> Outcome:
    """Calibrate, choose the engine, convert.

    Raises:
        CompressionError: nothing can be quantized, the data is unfit, or the engine is.
    """
    plan = Int8Plan.of(plans, path_of(session, index))
    batches = stage_settings(plans)["calibration_batches"]
    converter = plan.converter(session.network.module)
    calibrate(converter.prepared, converter.traced.module, session, batches, index, emit, cancel)
    return _int8.finished(plan, converter, session.network.module, session, index, emit, cancel)


PRESETS = {
    "Recommended": {
        "observer": "mse",
        "weights": "per_channel",
        "weight_scheme": "symmetric",
        "activation_scheme": "affine",
    },
    "Tutorial: min-max, per tensor": {
        "observer": "min_max",
        "weights": "per_tensor",
        "weight_scheme": "affine",
        "activation_scheme": "affine",
    },
}
"""The second is the qconfig of many tutorials: MinMaxObserver for quint8 activations and qint8 weights."""

METHOD = Scheme(
    id=ID,
    label="Static int8",
    summary="Weights and activations compute in int8, with ranges measured on calibration images.",
    when="The first thing to try on a CPU: a quarter of the size, and mostly faster. A few calibration images "
    "and seconds.",
    reference=Reference(
        authors="Krishnamoorthi",
        title="Quantizing Deep Convolutional Networks for Efficient Inference: A Whitepaper",
        year=2018,
        link="arXiv:1806.08342",
    ),
    parameters=(
        _int8.ENGINE,
        _int8.observer("mse"),
        Parameter(
            name="calibration_batches",
            type="int",
            label="Calibration batches",
            default=8,
            minimum=1,
            required=True,
            per_layer=False,
            summary="Batches of training images the ranges are measured on.",
        ),
        _int8.WEIGHTS,
        _int8.WEIGHT_SCHEME,
        _int8.ACTIVATION_SCHEME,
    ),
    quantize=quantize,
    rebuild=_int8.rebuild,
    applies=_int8.applies,
    stays=_int8.stays,
    calibrates=True,
    turn=TRACES,
    presets=PRESETS,
)

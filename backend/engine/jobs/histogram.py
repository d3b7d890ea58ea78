"""The weights of one layer, or what comes into it; beside those of the original network where that is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backend.cancel import Cancel
from backend.engine.jobs._opened import calibration, opened
from backend.engine.protocol import LayerHistogram
from backend.errors import CompressionError
from backend.evaluation.histogram import Values, activation_values, counted, weight_values
from backend.events import Answer, Emit
from backend.recipe import DataSpec, ModelSpec

BATCH = 8


def histogram(request: LayerHistogram, emit: Emit, cancel: Cancel) -> None:
    """Answer with the Histogram of ``request.layer``."""
    values = _values(request, request.model, request.settings, cancel)
    cancel.check()
    emit(Answer(counted(request.layer, values, request.bins, _before(request, cancel)).to_data()))


def _before(request: LayerHistogram, cancel: Cancel) -> Values | None:
    """Those of the original network, if it has this layer."""
    if request.before is None:
        return None
    try:
        return _values(request, request.before, None, cancel)
    except CompressionError:
        return None


def _values(
    request: LayerHistogram, model: Mapping[str, Any], settings: Mapping[str, Any] | None, cancel: Cancel
) -> Values:
    folder = Path(request.folder)
    module = opened(ModelSpec.from_data(model), folder, request.allowed).module
    cancel.check()
    if request.data is None:
        return weight_values(module, request.layer, settings)
    images = calibration(DataSpec.from_data(request.data), folder, request.seed, request.allowed)
    batches = (batch for batch, _ in images.batches("calibration", BATCH))
    return activation_values(module, request.layer, batches, cancel, settings)

"""The weights of one layer, or what comes into it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from torch import Tensor

from backend.cancel import Cancel
from backend.engine.jobs._opened import calibration, opened
from backend.engine.protocol import LayerHistogram
from backend.evaluation.histogram import activation_histogram, weight_histogram
from backend.events import Answer, Emit
from backend.recipe import DataSpec, ModelSpec

BATCH = 8


def histogram(request: LayerHistogram, emit: Emit, cancel: Cancel) -> None:
    """Answer with the Histogram of ``request.layer``."""
    folder = Path(request.folder)
    module = opened(ModelSpec.from_data(request.model), folder, request.allowed).module
    cancel.check()
    if request.data is None:
        found = weight_histogram(module, request.layer, request.settings, request.bins)
    else:
        images = calibration(DataSpec.from_data(request.data), folder, request.seed, request.allowed)
        batches: Iterator[Tensor] = (batch for batch, _ in images.batches("calibration", BATCH))
        found = activation_histogram(module, request.layer, batches, cancel, request.settings, request.bins)
    emit(Answer(found.to_data()))

"""The weights of one layer."""

from __future__ import annotations

from pathlib import Path

from backend.cancel import Cancel
from backend.engine.jobs._opened import opened
from backend.engine.protocol import WeightHistogram
from backend.evaluation.inspect import histogram as count
from backend.events import Answer, Emit
from backend.recipe import ModelSpec


def histogram(request: WeightHistogram, emit: Emit, cancel: Cancel) -> None:
    """Answer with the Histogram of ``request.layer``."""
    network = opened(ModelSpec.from_data(request.model), Path(request.folder), request.allowed)
    cancel.check()
    emit(Answer(count(network.module, request.layer, request.bins).to_data()))

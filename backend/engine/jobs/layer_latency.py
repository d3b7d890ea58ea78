"""Measure how long each layer takes."""

from __future__ import annotations

from pathlib import Path

from backend.cancel import Cancel
from backend.engine.jobs._opened import opened
from backend.engine.protocol import LayerLatency
from backend.errors import msg
from backend.evaluation import layer_latency as measuring
from backend.events import Emit, Finished, Progress
from backend.recipe import ModelSpec


def layer_latency(request: LayerLatency, emit: Emit, cancel: Cancel) -> None:
    """Measure, and end with the figures."""

    def progress(done: float, total: float) -> None:
        emit(Progress(0, done, total, msg("Measuring the latency of each layer")))

    network = opened(ModelSpec.from_data(request.model), Path(request.folder), request.allowed)
    cancel.check()
    emit(Finished(measuring.layer_latency(network, request.batch, progress=progress, cancel=cancel)))

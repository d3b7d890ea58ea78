"""Describe a network."""

from __future__ import annotations

from pathlib import Path

from backend.cancel import Cancel
from backend.engine.jobs._opened import opened
from backend.engine.protocol import Inspect
from backend.evaluation.inspect import inspect_network
from backend.events import Answer, Emit
from backend.recipe import ModelSpec


def inspect(request: Inspect, emit: Emit, cancel: Cancel) -> None:
    """Answer with the Inspection of the network that ``request.model`` names."""
    network = opened(ModelSpec.from_data(request.model), Path(request.folder), request.allowed)
    cancel.check()
    emit(Answer(inspect_network(network).to_data()))

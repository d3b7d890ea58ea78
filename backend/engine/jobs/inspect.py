"""Describe a network."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from backend.cancel import Cancel
from backend.engine.jobs._opened import opened
from backend.engine.protocol import Inspect
from backend.evaluation.inspect import inspect_network
from backend.events import Answer, Emit
from backend.models._glance import file_of
from backend.models._trust import trust_of
from backend.recipe import ModelSpec


def inspect(request: Inspect, emit: Emit, cancel: Cancel) -> None:
    """Answer with the Inspection of the network that ``request.model`` names."""
    spec, folder = ModelSpec.from_data(request.model), Path(request.folder)
    network = opened(spec, folder, request.allowed)
    cancel.check()
    path = file_of(spec, folder)
    trust = trust_of(path) if path is not None else None
    emit(Answer(dataclasses.replace(inspect_network(network), trust=trust).to_data()))

"""Say what a file holds before any weight is read."""

from __future__ import annotations

from pathlib import Path

from backend.cancel import Cancel
from backend.engine.protocol import Glance
from backend.events import Answer, Emit
from backend.models._glance import glance as look
from backend.recipe import ModelSpec


def glance(request: Glance, emit: Emit, cancel: Cancel) -> None:
    """Answer with an Inspection that is not complete."""
    emit(Answer(look(ModelSpec.from_data(request.model), Path(request.folder)).to_data()))

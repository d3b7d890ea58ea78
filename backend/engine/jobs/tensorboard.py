"""Write a run's figures for TensorBoard."""

from __future__ import annotations

from pathlib import Path

from backend.cancel import Cancel
from backend.engine.protocol import EventFile
from backend.events import Answer, Emit
from backend.tensorboard import write_events


def tensorboard(request: EventFile, emit: Emit, cancel: Cancel) -> None:
    """Answer with the path of the event file."""
    cancel.check()
    emit(Answer(str(write_events(Path(request.run)))))

"""What a run's networks answer for every test image."""

from __future__ import annotations

from pathlib import Path

from backend.cancel import Cancel
from backend.engine.protocol import Predictions
from backend.evaluation.predictions import predictions as find
from backend.events import Emit, Finished
from backend.predicted import ORIGINAL, place


def predictions(request: Predictions, emit: Emit, cancel: Cancel) -> None:
    """End with the files that hold the answers; the arrays do not cross the pipe."""
    run = Path(request.run)
    _, after = find(run, emit, cancel, checkpoint=request.checkpoint, allowed=request.allowed)
    files = {"original": str(place(run, ORIGINAL)), "file": str(place(run, request.checkpoint))}
    emit(Finished({**files, "images": len(after.labels)}))

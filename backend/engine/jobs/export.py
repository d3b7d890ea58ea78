"""Write a run's network in other formats."""

from __future__ import annotations

from pathlib import Path

from backend.cancel import Cancel
from backend.engine.protocol import Export
from backend.events import Emit, Finished
from backend.export import export_run


def export(request: Export, emit: Emit, cancel: Cancel) -> None:
    """Export and end with the rows of result.json's ``exports``."""
    rows = export_run(
        Path(request.run),
        request.formats,
        Path(request.destination),
        request.name,
        emit,
        cancel,
        allowed=request.allowed,
    )
    emit(Finished({"exports": rows}))

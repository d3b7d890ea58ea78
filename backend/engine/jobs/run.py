"""Carry out a recipe."""

from __future__ import annotations

from pathlib import Path

from backend.cancel import Cancel
from backend.engine.protocol import Run
from backend.events import Emit
from backend.recipe import recipe_from_data
from backend.registry import catalogue
from backend.runner import run as run_recipe


def run(request: Run, emit: Emit, cancel: Cancel) -> None:
    """Run ``request.recipe`` into ``request.output``; the runner emits the ending."""
    run_recipe(
        recipe_from_data(dict(request.recipe), catalogue()),
        Path(request.output),
        emit,
        cancel,
        folder=Path(request.folder),
        resume=request.resume,
        allowed=request.allowed,
    )

"""Scan what pruning each layer of a recipe's network costs."""

from __future__ import annotations

from pathlib import Path

from backend.cancel import Cancel
from backend.engine.protocol import Sensitivity
from backend.events import Emit, Finished
from backend.recipe import recipe_from_data
from backend.registry import catalogue
from backend.sensitivity import AMOUNTS
from backend.sensitivity._recipe import scan_recipe
from backend.workspace import default_workspace


def sensitivity(request: Sensitivity, emit: Emit, cancel: Cancel) -> None:
    """Scan and end with the readings of every target."""
    result = scan_recipe(
        recipe_from_data(dict(request.recipe), catalogue()),
        Path(request.folder),
        emit,
        cancel,
        stage=request.stage,
        amounts=request.amounts or AMOUNTS,
        limit=request.limit,
        workspace=Path(request.workspace) if request.workspace else default_workspace(),
        allowed=request.allowed,
    )
    emit(Finished(result))

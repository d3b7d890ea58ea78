"""Find amounts that meet a target."""

from __future__ import annotations

from pathlib import Path

from backend.cancel import Cancel
from backend.engine.protocol import Allocate
from backend.events import Emit, Finished
from backend.recipe import recipe_from_data
from backend.registry import catalogue
from backend.sensitivity import AMOUNTS
from backend.sensitivity._plan import Kept, plan_recipe
from backend.workspace import default_workspace

KEPT = Kept()
"""From one step of a drag to the next."""


def allocate(request: Allocate, emit: Emit, cancel: Cancel) -> None:
    """End with the amounts, and with what the network is expected to cost then."""
    result = plan_recipe(
        recipe_from_data(dict(request.recipe), catalogue()),
        Path(request.folder),
        emit,
        cancel,
        stage=request.stage,
        target=request.target,
        amounts=request.amounts or AMOUNTS,
        limit=request.limit,
        workspace=Path(request.workspace) if request.workspace else default_workspace(),
        allowed=request.allowed,
        latencies=request.latencies,
        total_ms=request.total_ms,
        kept=KEPT,
    )
    emit(Finished(result))

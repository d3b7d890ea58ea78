"""Amounts for a target from a scan: what "use this plan" proposes before anything is pruned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from backend.cancel import Cancel
from backend.description import Parameter
from backend.errors import msg
from backend.events import Emit, Progress
from backend.pruning._pruner import Pruner
from backend.pruning._target import IMAGES, meet, scan_parts
from backend.recipe import Recipe, resolved
from backend.registry import catalogue
from backend.runner import open_session
from backend.sensitivity._cache import Cache
from backend.sensitivity._recipe import checked, prune_stage
from backend.sensitivity._scan import limited


def plan_recipe(
    recipe: Recipe,
    folder: Path,
    emit: Emit,
    cancel: Cancel,
    *,
    stage: int | None = None,
    target: Mapping[str, float],
    amounts: Sequence[float],
    limit: int | None = IMAGES,
    workspace: Path,
    allowed: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The amounts by which the prune stage of ``recipe`` would meet ``target``.

    What an earlier scan with the same amounts and limit has measured is not measured again.

    Args:
        recipe: names network, data, criterion and whether channels are removed.
        folder: what relative paths in the recipe are relative to.
        emit: receives Progress.
        cancel: checked at every point of every batch.
        stage: number of the prune stage; the first by default.
        target: as in a prune stage, ``{"macs": 0.5}``.
        amounts: shares to try where they are not known.
        limit: the most images.
        workspace: holds the cache.
        allowed: Python files that may be run: path → SHA-256.

    Returns:
        ``layers`` (name → amount), and ``before`` and ``predicted``: parameters and MACs, or the weights
        that are not zero.

    Raises:
        CompressionError: the network or the data can't be opened, or the target can't be met.
    """
    full = resolved(recipe, catalogue())
    index, prune = prune_stage(full, stage)
    figure = _declared().check(target)
    session = open_session(full, folder, emit, cancel, allowed=allowed)
    pruner = Pruner(session, prune, index, emit, cancel)
    parts = pruner.parts()

    def progress(done: float, total: float) -> None:
        emit(Progress(index, done, total, msg("Scanning layers")))

    cache = Cache.of(workspace, session.network.module, limited(session.data, "validation", limit))
    readings = scan_parts(session, parts, cancel, progress, cache=cache, amounts=checked(amounts, limit), limit=limit)
    found = meet(session, parts, readings, figure, cancel)
    return {
        "layers": dict(pruner.amounts(found.amounts)),
        "before": dict(parts.costs({})),
        "predicted": dict(found.costs),
    }


def _declared() -> Parameter:
    """The prune stage's parameter ``target``."""
    found = catalogue().get("stage", "prune").parameter("target")
    if found is None:
        raise KeyError("target")
    return found

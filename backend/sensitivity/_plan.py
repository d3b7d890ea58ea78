"""Amounts for a target from a scan: what the budget proposes before anything is pruned."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backend.cancel import Cancel
from backend.errors import CompressionError
from backend.events import Emit
from backend.paths import found
from backend.pruning._target import IMAGES
from backend.recipe import Recipe, resolved
from backend.recipe._check import LIMIT
from backend.registry import catalogue
from backend.sensitivity._planner import Planner
from backend.sensitivity._ranked import Asked
from backend.sensitivity._recipe import checked, prune_stage


@dataclass
class Kept:
    """The planner of the network that was asked about last, so that the next answer needs no preparation."""

    _held: tuple[str, Planner] | None = field(default=None, init=False)

    def planner(
        self, recipe: Recipe, folder: Path, emit: Emit, cancel: Cancel, allowed: Mapping[str, str] | None
    ) -> Planner:
        key = _key(recipe, folder, allowed)
        if self._held is None or self._held[0] != key:
            self._held = None  # two large networks need not be held at once
            self._held = key, Planner(recipe, folder, emit, cancel, allowed=allowed)
        return self._held[1]


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
    latencies: Mapping[str, float] | None = None,
    total_ms: float | None = None,
    kept: Kept | None = None,
) -> dict[str, Any]:
    """The amounts by which the prune stage of ``recipe`` would meet ``target``, and the rest of its budget.

    What an earlier scan with the same amounts and limit has measured is not measured again.

    Args:
        recipe: names network, data, criterion and whether channels are removed.
        folder: what relative paths in the recipe are relative to.
        emit: receives Progress.
        cancel: checked at every point of every batch.
        stage: number of the prune stage; the first by default.
        target: as in a prune stage, ``{"macs": 0.5}``; empty asks what the recipe comes to as it is.
        amounts: shares to try where they are not known.
        limit: the most images.
        workspace: holds the cache.
        allowed: Python files that may be run: path → SHA-256.
        latencies: layer → milliseconds, where they were measured.
        total_ms: of the whole network then.
        kept: holds what is prepared from one request to the next.

    Returns:
        ``layers`` (name → amount; none for an empty target), and ``before`` and ``predicted``: as far as they are
        known, macs, parameters, sparsity, size_bytes, accuracy (percent, on validation images, before any
        fine-tuning) and latency_ms, each as result.json has it. Predicted figures are estimated.

    Raises:
        CompressionError: the network or the data can't be opened, or the target can't be met.
    """
    full = resolved(recipe, catalogue())
    index, prune = prune_stage(full, stage)
    figure = LIMIT.check(target) if target else {}
    asked = Asked(full, index, prune, checked(amounts, limit), limit, workspace, latencies or {}, total_ms)
    planner = (kept or Kept()).planner(full, folder, emit, cancel, allowed)
    return planner.propose(asked, figure, emit, cancel) if figure else planner.as_it_is(asked, emit, cancel)


def _key(recipe: Recipe, folder: Path, allowed: Mapping[str, str] | None) -> str:
    """What network and images depend on; a file that was written again is another one."""
    names = (recipe.model.weights, recipe.model.file, recipe.data.root, recipe.data.file)
    times = [_changed(name, folder) for name in names if name]
    sections = [recipe.model.to_data(), recipe.data.to_data(), recipe.seed, recipe.device]
    return json.dumps([sections, str(folder), dict(allowed or {}), times], sort_keys=True)


def _changed(name: str, folder: Path) -> int:
    try:
        return found(name, folder).stat().st_mtime_ns
    except (CompressionError, OSError):  # the name of published weights, say
        return 0

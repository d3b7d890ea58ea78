"""The scan of a recipe's network, told as events."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from backend.cancel import Cancel
from backend.errors import CompressionError, Message, msg
from backend.events import Emit, Progress, Sensitivity, Warned
from backend.pruning._base import Criterion
from backend.pruning._pruner import Pruner
from backend.recipe import Recipe, Stage, filled, resolved
from backend.registry import catalogue, methods
from backend.runner import ORIGINAL, open_session
from backend.sensitivity._base import Point, Reading
from backend.sensitivity._cache import Cache
from backend.sensitivity._points import part_points
from backend.sensitivity._scan import limited, scan

DEFAULT = Stage("prune", {"method": "ln_structured"})
"""Whose settings are used where the recipe does not prune."""
TOLD = 200
"""Progress is told about so many times."""


def scan_recipe(
    recipe: Recipe,
    folder: Path,
    emit: Emit,
    cancel: Cancel,
    *,
    stage: int | None = None,
    amounts: Sequence[float],
    limit: int | None = None,
    workspace: Path,
    allowed: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Scan the network of ``recipe`` as it is opened, on its validation images.

    Args:
        recipe: names network, data and the criterion.
        folder: what relative paths in the recipe are relative to.
        emit: receives Progress, Warned and, target by target, Sensitivity.
        cancel: checked before every layer of every batch.
        stage: number of the prune stage whose settings and layer rules are used; the first by default.
        amounts: shares to try.
        limit: the most images.
        workspace: holds the cache.
        allowed: Python files that may be run: path → SHA-256.

    Returns:
        ``baseline`` (a row), ``targets`` (name → rows), ``layers`` (name → the layers that go together under
        it), ``amounts``, ``images``, ``method`` and ``notes``.

    Raises:
        CompressionError: the network or the data can't be opened, or there is nothing to prune.
    """
    full = resolved(recipe, catalogue())
    amounts = checked(amounts, limit)
    index, prune = prune_stage(full, stage)
    session = open_session(full, folder, emit, cancel, allowed=allowed)
    single = dataclasses.replace(prune, settings={**prune.settings, "round_to": None})  # curves show every amount
    points = part_points(Pruner(session, single, index, emit, cancel).parts(), amounts)
    if not points:
        raise CompressionError(
            msg("No layer of {name} can be ranked by {method}, so there is nothing to scan.",
                name=session.network.name, method=filled(prune, catalogue())["method"]),
            msg("Choose another method, or take layers off keep."),
        )  # fmt: skip
    data = limited(session.data, "validation", limit)
    found = scan(
        session.network.module,
        points,
        data,
        device=session.device,
        progress=_thinned(lambda done, total: emit(Progress(index, done, total, msg("Scanning layers")))),
        cancel=cancel,
        tell=lambda readings: emit(Sensitivity(readings[0].target, rows(readings))),
        cache=Cache.of(workspace, session.network.module, data),
    )
    notes = (*_notes(full, index, prune), *found.notes)
    for note in notes:
        emit(Warned(index, note))
    return {
        "baseline": found.baseline.row(),
        "targets": found.targets(),
        "layers": {point.target: _layers(point) for point in points},
        "amounts": list(amounts),
        "images": found.images,
        "method": filled(prune, catalogue())["method"],
        "notes": [note.to_data() for note in notes],
    }


def rows(readings: Sequence[Reading]) -> list[dict[str, float]]:
    """Readings of one target in rising amounts."""
    return [reading.row() for reading in sorted(readings, key=lambda reading: reading.amount)]


def _layers(point: Point) -> list[str]:
    """The layers whose weights the point masks; vectors (biases, norms) go along with those."""
    return [name.rpartition(".")[0] for name, mask in point.masks.items() if mask.dim() >= 2]


def checked(amounts: Sequence[float], limit: int | None) -> tuple[float, ...]:
    """The amounts in rising order, each once."""
    if limit is not None and limit < 1:
        raise CompressionError(
            msg("A scan needs images, and the limit is {limit}.", limit=limit), msg("Give a limit of 1 or more.")
        )
    for amount in amounts:
        if not 0 <= amount <= 1:
            raise CompressionError(
                msg("{amount} is no share of a layer.", amount=amount), msg("Give amounts between 0 and 1.")
            )
    return tuple(sorted(set(amounts)))


def prune_stage(recipe: Recipe, index: int | None) -> tuple[int, Stage]:
    """The prune stage to go by and where it stands; −1 where the recipe has none."""
    if index is not None and not 0 <= index < len(recipe.stages):
        raise CompressionError(
            msg("The recipe has no stage {index}.", index=index),
            msg("Its stages are numbered from 0 to {last}.", last=len(recipe.stages) - 1),
        )
    for at, stage in enumerate(recipe.stages):
        for candidate in (stage, *stage.during):
            if candidate.kind == "prune" and index in (None, at):
                return at, by_itself(candidate)
    if index is not None:
        raise CompressionError(
            msg("Stage {index} of the recipe does not prune.", index=index),
            msg("Name a stage that prunes, or none."),
        )
    return ORIGINAL, DEFAULT


def by_itself(stage: Stage) -> Stage:
    """``stage`` as a scan needs it: at once, by given amounts, and without criteria that only training can teach."""
    learning = {id for id, criterion in methods("criterion").items() if cast(Criterion, criterion).learn is not None}
    settings = {k: v for k, v in stage.settings.items() if k not in ("target", "schedule")}
    if settings.get("method") in learning:
        settings = {**DEFAULT.settings, **{k: settings[k] for k in ("remove", "round_to") if k in settings}}
    rules = tuple(r for r in stage.layers if r.settings is None or r.settings.get("method") not in learning)
    return dataclasses.replace(stage, settings=settings, layers=rules)


def _notes(recipe: Recipe, index: int, used: Stage) -> Iterator[Message]:
    """Where what was scanned differs from what the recipe does."""
    if any(stage.kind == "train" for stage in recipe.stages[: max(index, 0)]):
        yield msg("The network is scanned as it was opened; in the recipe it is trained before it is pruned.")
    given = [s.settings["method"] for s in recipe.stages[index].during if s.kind == "prune"] if index >= 0 else []
    if given and given[0] != used.settings["method"]:
        yield msg(
            "{method} ranks only while the network is trained; the scan ranks by {other}.",
            method=given[0],
            other=used.settings["method"],
        )


def _thinned(tell: Callable[[float, float], None]) -> Callable[[float, float], None]:
    told = -1.0

    def progress(done: float, total: float) -> None:
        nonlocal told
        if done >= total or done - told >= total / TOLD:
            told = done
            tell(done, total)

    return progress

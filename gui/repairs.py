"""A repair that a run proposes, fitted to the recipe as it is now: later edits stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from backend.description import Catalogue
from backend.errors import CompressionError, Repair, msg
from backend.recipe import Recipe, recipe_from_data, resolved

STAGES = "stages"


def fitted(repair: Repair, made_for: Sequence[Any], recipe: Recipe, catalogue: Catalogue) -> Mapping[str, Any]:
    """The edits of ``repair`` for ``recipe``; ``made_for`` are the stages, as plain data, of the run it is about.

    Where it gives the whole list of stages, only what it changes in them is taken.

    Raises:
        CompressionError: the recipe no longer has the stage that the repair is about.
    """
    run, now = _kinds(made_for), [stage.kind for stage in recipe.stages]
    if set(repair.edits) != {STAGES}:
        for path in repair.edits:
            parts = path.split(".")
            if parts[0] == STAGES and len(parts) > 2 and now[int(parts[1]) : int(parts[1]) + 1] != [parts[2]]:
                raise _other_stages()
        return repair.edits
    if not made_for:
        return repair.edits
    if run != now:
        raise _other_stages()
    return {STAGES: _merged(made_for, repair.edits[STAGES], recipe, catalogue)}


def _merged(before: Sequence[Any], after: Sequence[Any], recipe: Recipe, catalogue: Catalogue) -> list[Any]:
    """The stages of ``recipe`` with those replaced that differ between ``before`` and ``after``.

    Raises:
        CompressionError: one of those was edited since.
    """
    now = recipe.to_data()[STAGES]
    old, new, full = (_full(stages, recipe, catalogue) for stages in (before, after, now))
    first = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    last = 0
    while last < min(len(old), len(new)) - first and old[-1 - last] == new[-1 - last]:
        last += 1
    if full[first : len(full) - last] != old[first : len(old) - last]:
        raise _other_stages()
    return [*now[:first], *after[first : len(after) - last], *now[len(now) - last :]]


def _full(stages: Sequence[Any], recipe: Recipe, catalogue: Catalogue) -> list[Any]:
    """``stages`` with every default written out, so that they can be compared."""
    data = {**recipe.to_data(), STAGES: list(stages)}
    return list(resolved(recipe_from_data(data, catalogue), catalogue).to_data()[STAGES])


def _kinds(stages: Sequence[Any]) -> list[str]:
    return [next(iter(stage)) if isinstance(stage, Mapping) else str(stage) for stage in stages]


def _other_stages() -> CompressionError:
    return CompressionError(
        msg("The recipe has other stages than the run that this repair is about."),
        msg("Run the recipe again: if it still needs the repair, that is offered anew."),
    )

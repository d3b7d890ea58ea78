"""Where a stage stands in the recipe: ``(2,)`` is the third, ``(2, 0)`` the first within its training."""

from __future__ import annotations

import dataclasses

from backend.recipe import Recipe, Stage

Place = tuple[int, ...]


def stage_at(recipe: Recipe, place: Place) -> Stage:
    stage = recipe.stages[place[0]]
    return stage.during[place[1]] if len(place) > 1 else stage


def path_of(recipe: Recipe, place: Place) -> str:
    """What ``--set`` calls it: ``stages.2.train.during.0.prune``."""
    path = f"stages.{place[0]}.{recipe.stages[place[0]].kind}"
    return f"{path}.during.{place[1]}.{stage_at(recipe, place).kind}" if len(place) > 1 else path


def with_stage(recipe: Recipe, place: Place, stage: Stage | None) -> Recipe:
    """``recipe`` with ``stage`` at ``place``, or without what stood there."""
    index = place[0]
    if len(place) > 1:
        holder = recipe.stages[index]
        stage = dataclasses.replace(holder, during=_put(holder.during, place[1], stage))
    return dataclasses.replace(recipe, stages=_put(recipe.stages, index, stage))


def _put(stages: tuple[Stage, ...], at: int, stage: Stage | None) -> tuple[Stage, ...]:
    return (*stages[:at], *([stage] if stage is not None else []), *stages[at + 1 :])

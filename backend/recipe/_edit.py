"""Edits: each returns a new recipe and leaves the old one as it is."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from backend.description import Catalogue
from backend.errors import RecipeError, msg
from backend.recipe._check import recipe_from_data
from backend.recipe._types import KEEP, Recipe, Rule, Stage


def with_value(data: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy of plain recipe ``data`` with ``value`` at ``path`` (``stages.0.prune.amount``).

    A value of None removes the key. Layer names hold dots: after ``layers`` the name is what stands
    between it and the last part, as in ``stages.0.prune.layers.layer1.0.conv1.amount``; for a rule as a
    whole (``keep``, or a mapping) it is everything that follows. An entry of a ``during`` list is counted
    like a stage: ``stages.1.train.during.0.prune.schedule.kind``.

    Raises:
        RecipeError: the path leads to a stage that does not exist.
    """
    parts = path.split(".")
    if "layers" in parts[:-2]:
        at = parts.index("layers") + 1
        whole_rule = value == KEEP or isinstance(value, Mapping)
        parts = [*parts[:at], ".".join(parts[at:])] if whole_rule else [*parts[:at], ".".join(parts[at:-1]), parts[-1]]
    copy: dict[str, Any] = _copy(data)
    place: Any = copy
    for part in parts[:-1]:
        if isinstance(place, list):
            if not part.isdigit() or int(part) >= len(place):
                raise RecipeError(
                    msg("The recipe has no stage {part} to set {path}.", part=part, path=path),
                    msg("Stages count from 0; this recipe has {count}.", count=len(place)),
                    path=path,
                )
            if isinstance(place[int(part)], str):  # a stage may be a single word
                place[int(part)] = {place[int(part)]: {}}
            place = place[int(part)]
        else:
            if not isinstance(place.get(part), (dict, list)):
                place[part] = {}
            place = place[part]
    if not isinstance(place, dict):
        raise RecipeError(msg("{path} names a list, not a value.", path=path), msg("Add a key to it."), path=path)
    if value is None:
        place.pop(parts[-1], None)
    else:
        place[parts[-1]] = value
    return copy


def merged(recipe: Recipe, edits: Mapping[str, Any], catalogue: Catalogue) -> Recipe:
    """``recipe`` with every ``path: value`` of ``edits`` set, checked as a whole."""
    data = recipe.to_data()
    for path, value in edits.items():
        data = with_value(data, path, value)
    return recipe_from_data(data, catalogue)


def add_stage(recipe: Recipe, stage: Stage, index: int | None = None) -> Recipe:
    """``recipe`` with ``stage`` inserted at ``index``.

    Without an index it goes where it makes sense: before the first stage that must follow it.
    """
    stages = list(recipe.stages)
    stages.insert(_place(stages, stage.kind) if index is None else index, stage)
    return dataclasses.replace(recipe, stages=tuple(stages))


def remove_stage(recipe: Recipe, index: int) -> Recipe:
    return dataclasses.replace(recipe, stages=recipe.stages[:index] + recipe.stages[index + 1 :])


def move_stage(recipe: Recipe, source: int, target: int) -> Recipe:
    """``recipe`` with the stage at ``source`` at position ``target``."""
    stages = list(recipe.stages)
    stages.insert(target, stages.pop(source))
    return dataclasses.replace(recipe, stages=tuple(stages))


def edit_layers(
    recipe: Recipe,
    kind: str,
    layers: Iterable[str],
    rule: Mapping[str, Any] | str | None,
    selected: int | None = None,
    *,
    trained: bool = False,
) -> tuple[Recipe, int]:
    """Set one rule on many layers, as a menu edit does.

    It goes to the selected stage of its kind, else to the first; where there is none, a stage that
    keeps everything else is inserted.

    Args:
        recipe: the recipe to edit.
        kind: of a stage that treats layers: ``prune``, ``decompose``, ``replace``, ``quantize``.
        layers: exact names (or patterns).
        rule: settings, ``"keep"``, or None to remove the rules.
        selected: index of the stage selected in the window.
        trained: a stage that is inserted goes behind the training.

    Returns:
        The new recipe and the index of the stage that was edited.
    """
    index = stage_for(recipe.stages, kind, selected)
    if index is None:
        if rule is None or rule == KEEP:
            return recipe, 0
        index = _place(recipe.stages, "train" if trained else kind)
        recipe = add_stage(recipe, Stage(kind, {}, (Rule("*", None),)), index)
    stage = recipe.stages[index]
    names = dict.fromkeys(layers)
    kept = [r for r in stage.layers if r.pattern not in names]
    added: list[Rule] = []
    if rule is not None:
        settings = None if rule == KEEP else dict(rule)  # type: ignore[arg-type]
        added = [Rule(name, settings) for name in names]
    stage = dataclasses.replace(stage, layers=(*added, *kept))
    stages = (*recipe.stages[:index], stage, *recipe.stages[index + 1 :])
    return dataclasses.replace(recipe, stages=stages), index


def stage_for(stages: Sequence[Stage], kind: str, selected: int | None) -> int | None:
    """The stage a menu edit of ``kind`` goes to, or None where there is none."""
    if selected is not None and 0 <= selected < len(stages) and stages[selected].kind == kind:
        return selected
    return next((i for i, stage in enumerate(stages) if stage.kind == kind), None)


def _place(stages: Sequence[Stage], kind: str) -> int:
    """Where a new stage of ``kind`` makes sense."""
    before = {"quantize": (), "train": ("quantize",)}.get(kind, ("train", "quantize"))
    place = next((i for i, stage in enumerate(stages) if stage.kind in before), len(stages))
    while kind in ("decompose", "replace") and place and _masks(stages[place - 1]):
        place -= 1  # the zeros of a layer are lost with it
    return place


def _masks(stage: Stage) -> bool:
    return stage.kind == "prune" and not stage.settings.get("remove")


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(v) for key, v in value.items()}
    if isinstance(value, list):
        return [_copy(v) for v in value]
    return value

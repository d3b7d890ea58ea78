"""Edits of layer rules that reach into the ``during`` list of a training: each gives a new recipe."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from backend.description import Catalogue
from backend.recipe import Recipe, Rule, Stage, add_stage, edit_layers, filled
from gui.places import Place, stage_at, with_stage
from gui.stage_settings import unit, without_foreign

LayerRule = Mapping[str, Any] | str | None
"""Settings, ``keep``, or None to remove the rule."""


def pruning(recipe: Recipe) -> list[Place]:
    """Every place where ``recipe`` prunes, in its order; within a training too."""
    return [place for place in _places(recipe) if stage_at(recipe, place).kind == "prune"]


def with_rules(
    recipe: Recipe,
    kind: str,
    layers: Sequence[str],
    rule: LayerRule,
    selected: int,
    pattern: str = "",
    *,
    trained: bool = False,
) -> tuple[Recipe, int]:
    """One rule for ``layers`` in the stage of ``kind`` that is selected, else the first; and where that stands.

    What a training does while it goes on counts where that training is selected, or nothing else is of its kind.
    A ``pattern`` that means just these layers is written instead of their names. ``trained``: a stage that is
    inserted goes behind the training.
    """
    if pattern:
        recipe, _ = with_rules(recipe, kind, layers, None, selected)
        layers = _by_pattern(recipe, layers, rule, pattern)
    inner = [place for place in _places(recipe) if len(place) > 1 and stage_at(recipe, place).kind == kind]
    place = next((place for place in inner if place[0] == selected), None)
    if place is None and inner and not any(stage.kind == kind for stage in recipe.stages):
        place = inner[0]
    if place is None:
        return edit_layers(recipe, kind, layers, rule, selected, trained=trained)
    return _within(recipe, place, layers, rule), place[0]


def in_every_stage(recipe: Recipe, layers: Sequence[str], rule: LayerRule, pattern: str = "") -> Recipe:
    """The same rule for ``layers`` wherever layers can have one; see :func:`with_rules`."""
    if pattern:
        recipe = in_every_stage(recipe, layers, None)
        layers = _by_pattern(recipe, layers, rule, pattern)
    for place in _places(recipe):
        stage = stage_at(recipe, place)
        if len(place) > 1:
            recipe = _within(recipe, place, layers, rule)
        elif stage.kind != "train":
            recipe, _ = edit_layers(recipe, stage.kind, layers, rule, place[0])
    return recipe


def with_removal(
    recipe: Recipe,
    layers: Sequence[str],
    method: str,
    settings: Mapping[str, Any],
    selected: int,
    pattern: str = "",
) -> Recipe:
    """Channels of ``layers`` taken out: by the stage that does so already, else by a new one; see `with_rules`."""
    rule = {"method": method, **settings}
    removing = [i for i, s in enumerate(recipe.stages) if s.kind == "prune" and s.settings.get("remove")]
    if removing:
        at = selected if selected in removing else removing[0]
        if pattern:
            recipe, _ = edit_layers(recipe, "prune", layers, None, at)
            layers = _by_pattern(recipe, layers, rule, pattern)
        return edit_layers(recipe, "prune", layers, rule, at)[0]
    layers = [pattern] if pattern else layers
    others = () if "*" in layers else (Rule("*", None),)
    rules = (*(Rule(layer, rule) for layer in layers), *others)
    return add_stage(recipe, Stage("prune", {"method": method, "remove": True}, rules))


def with_amounts(recipe: Recipe, place: Place | None, amounts: Mapping[str, float], method: str) -> Recipe:
    """Each layer's amount in the prune stage at ``place``, in a new one with ``method`` where it is None."""
    if place is None:
        recipe = add_stage(recipe, Stage("prune", {"method": method}))
        place = pruning(recipe)[0]
    stage = stage_at(recipe, place)
    old = {rule.pattern: rule.settings or {} for rule in stage.layers}
    rules = [Rule(name, {**old.get(name, {}), "amount": share}) for name, share in amounts.items()]
    kept = [rule for rule in stage.layers if rule.pattern not in amounts]
    # a layer with an amount of its own leaves the ranking: what would be left of a global scope is none
    settings = {name: value for name, value in stage.settings.items() if name not in ("target", "scope")}
    return with_stage(recipe, place, dataclasses.replace(stage, settings=settings, layers=(*rules, *kept)))


def _by_pattern(recipe: Recipe, layers: Sequence[str], rule: LayerRule, pattern: str) -> list[str]:
    """The pattern, and those of ``layers`` that follow the rule of a container, which counts more than a pattern."""
    if rule is None:
        return [pattern]
    named = {rule.pattern for place in _places(recipe) for rule in stage_at(recipe, place).layers}
    return [pattern, *(name for name in layers if any(above in named for above in _containers(name)))]


def _containers(name: str) -> Iterator[str]:
    while name := name.rpartition(".")[0]:
        yield name


def with_channels_removed(recipe: Recipe, place: Place | None, method: str, catalogue: Catalogue) -> Recipe:
    """The prune stage at ``place`` takes channels out, by ``method`` where its own prunes none or there is no stage."""
    if place is None:
        return add_stage(recipe, Stage("prune", {"method": method, "remove": True}))
    stage = stage_at(recipe, place)
    settings = dict(stage.settings)
    rules = stage.layers
    if unit(filled(stage, catalogue), catalogue) != "channel":
        for name in without_foreign(stage, method, catalogue):
            settings.pop(name, None)
        settings["method"] = method
        rules = tuple(rule for rule in rules if rule.settings is None)
    target = settings.get("target")
    if target is not None and "sparsity" in target:
        del settings["target"]
    settings["remove"] = True
    return with_stage(recipe, place, dataclasses.replace(stage, settings=settings, layers=rules))


def _places(recipe: Recipe) -> list[Place]:
    found: list[Place] = []
    for index, stage in enumerate(recipe.stages):
        found.append((index,))
        found += [(index, at) for at in range(len(stage.during))]
    return found


def _within(recipe: Recipe, place: Place, layers: Sequence[str], rule: LayerRule) -> Recipe:
    holder = recipe.stages[place[0]]
    inside = dataclasses.replace(recipe, stages=holder.during)
    inside, _ = edit_layers(inside, stage_at(recipe, place).kind, layers, rule, place[1])
    return with_stage(recipe, (place[0],), dataclasses.replace(holder, during=inside.stages))

"""Which settings apply to a layer, and where they come from."""

from __future__ import annotations

import dataclasses
import fnmatch
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.description import KIND, Catalogue, Parameter
from backend.recipe._types import KEEP, Recipe, Rule, Stage

__all__ = ["KEEP", "LayerPlan", "filled", "plan", "plan_of", "resolved", "rule_of", "unmatched", "within"]

USUAL_SCHEDULE = "agp"
"""The schedule of a prune entry of a ``during`` list that names none."""


@dataclass(frozen=True)
class LayerPlan:
    """What a stage does to one layer.

    Attributes:
        settings: all settings with defaults filled, or None for *keep as is*.
        origin: the pattern of the rule they come from; empty for the stage itself.
    """

    settings: Mapping[str, Any] | None
    origin: str = ""


def parameters(kind: str, settings: Mapping[str, Any], catalogue: Catalogue) -> dict[str, Parameter]:
    """The parameters a stage of ``kind`` has under ``settings``: its own and its method's."""
    stage = catalogue.get("stage", kind)
    known = {p.name: p for p in stage.parameters}
    of = next((p for p in stage.parameters if p.name == "method"), None)
    if of is not None:
        chosen = settings.get("method", of.default)
        known |= {p.name: p for p in catalogue.get(of.of, chosen).parameters}
    return known


def filled(stage: Stage, catalogue: Catalogue) -> dict[str, Any]:
    """The settings of ``stage`` with every default written out."""
    known = parameters(stage.kind, stage.settings, catalogue)
    return {name: _full(p, stage.settings.get(name, p.default), catalogue) for name, p in known.items()}


def _full(parameter: Parameter, value: Any, catalogue: Catalogue) -> Any:
    """A method's settings, or those of a group, with their defaults; any other value as it is."""
    if value is None:
        return None
    match parameter.type:
        case "nested":
            return _method(parameter, value, catalogue)
        case "list":
            return [_method(parameter, one, catalogue) for one in value]
        case "group":
            return {p.name: _full(p, value.get(p.name, p.default), catalogue) for p in parameter.fields}
    return value


def _method(parameter: Parameter, value: Mapping[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    known = catalogue.get(parameter.of, value[parameter.key]).parameters
    settings = {p.name: _full(p, value.get(p.name, p.default), catalogue) for p in known}
    return {parameter.key: value[parameter.key], **settings}


def plan(stage: Stage, name: str, type: str, catalogue: Catalogue) -> LayerPlan:
    """What ``stage`` does to the layer ``name`` of ``type`` (``Conv2d``); see :func:`rule_of`."""
    return plan_of(stage, rule_of(stage, name, type), catalogue)


def plan_of(stage: Stage, rule: Rule | None, catalogue: Catalogue) -> LayerPlan:
    """What ``stage`` does to the layers that follow ``rule``.

    When a rule chooses another method, settings carry over that mean the same to both, and those that
    can't differ from layer to layer.
    """
    if rule is None:
        return LayerPlan(filled(stage, catalogue))
    if rule.settings is None:
        return LayerPlan(None, rule.pattern)
    own = parameters(stage.kind, stage.settings, catalogue)
    known = parameters(stage.kind, {**stage.settings, **rule.settings}, catalogue)
    carried = {key for key, p in known.items() if p == own.get(key) or not p.per_layer}
    merged = {**{key: value for key, value in stage.settings.items() if key in carried}, **rule.settings}
    return LayerPlan({key: merged.get(key, p.default) for key, p in known.items()}, rule.pattern)


def rule_of(stage: Stage, name: str, type: str) -> Rule | None:
    """The rule of ``stage`` that applies to a layer, or None.

    The exact name wins, then the nearest named ancestor, then globs and ``type:`` patterns in the
    order written.
    """
    named = stage.rules_by_pattern
    ancestor = name
    while ancestor:
        if ancestor in named:
            return named[ancestor]
        ancestor = ancestor.rpartition(".")[0]
    return next((rule for rule in stage.globs if _covers(rule.pattern, name, type)), None)


def unmatched(stage: Stage, layers: Mapping[str, str]) -> list[str]:
    """Patterns of ``stage`` that match nothing in ``layers`` (name → type, containers included)."""
    return [
        rule.pattern
        for rule in stage.layers
        if rule.pattern not in layers and not any(_covers(rule.pattern, n, t) for n, t in layers.items())
    ]


def resolved(recipe: Recipe, catalogue: Catalogue) -> Recipe:
    """``recipe`` with every default of every stage written out."""
    stages = tuple(
        dataclasses.replace(
            s, settings=filled(s, catalogue), during=tuple(within(entry, catalogue) for entry in s.during)
        )
        for s in recipe.stages
    )
    return dataclasses.replace(recipe, stages=stages)


def within(entry: Stage, catalogue: Catalogue) -> Stage:
    """An entry of a ``during`` list with every default written out, its schedule included."""
    late = entry.kind == "prune" and entry.settings.get("schedule") is None
    usual = {"schedule": {KIND: USUAL_SCHEDULE}} if late else {}
    full = dataclasses.replace(entry, settings={**entry.settings, **usual})
    return dataclasses.replace(full, settings=filled(full, catalogue))


def _covers(pattern: str, name: str, type: str) -> bool:
    if pattern.startswith("type:"):
        return fnmatch.fnmatchcase(type, pattern[5:])
    return fnmatch.fnmatchcase(name, pattern)

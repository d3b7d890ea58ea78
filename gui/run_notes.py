"""What is to be said of a run beside its figures: where accuracy fell, and what masks do not do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.description import Catalogue
from backend.events import Finished, Warned
from backend.recipe import Recipe, Rule, Stage
from gui.comparison import precisions, value
from gui.run_state import RunState
from gui.stage_settings import unit

LEAST = 0.01
"""Sparsity below which nobody takes a network for a pruned one."""


def diagnosis(state: RunState) -> Warned | None:
    """The warning of this run that comes with its repair; the last one, nearest to the result."""
    return next((warned for warned in reversed(state.warnings) if warned.repair is not None), None)


def stages_of(state: RunState) -> tuple[Stage, ...]:
    """The stages of a finished run, as its result tells them; empty otherwise."""
    if not isinstance(state.ending, Finished):
        return ()
    recipe = state.ending.result.get("recipe")
    entries = recipe.get("stages") if isinstance(recipe, Mapping) else None
    return tuple(_stage(entry) for entry in entries or () if isinstance(entry, Mapping) and len(entry) == 1)


def only_masked(state: RunState) -> list[int]:
    """Stages of a finished run that pruned by masks alone; empty where nothing came of it."""
    sparsity = value(state.final, "sparsity") or 0.0
    if sparsity - (value(state.baseline, "sparsity") or 0.0) < LEAST:
        return []
    return [i for i, stage in enumerate(stages_of(state)) if any(map(_masks, (stage, *stage.during)))]


def removable(masked: list[int], recipe: Recipe | None, catalogue: Catalogue | None) -> dict[str, Any]:
    """Edits that have ``recipe`` remove what those stages of it mask; empty where they can't."""
    edits: dict[str, Any] = {}
    for index in masked:
        stage = recipe.stages[index] if recipe is not None and index < len(recipe.stages) else None
        if stage is not None and catalogue is not None and stage.kind == "prune" and _whole(stage, catalogue):
            edits |= {f"stages.{index}.prune.remove": True, f"stages.{index}.prune.target": None}
    return edits


def removes(recipe: Recipe | None) -> bool:
    """Whether a stage of ``recipe`` removes channels."""
    stages = recipe.stages if recipe is not None else ()
    return any(one.settings.get("remove") for stage in stages for one in (stage, *stage.during))


def on_int8_kernels(state: RunState, catalogue: Catalogue) -> bool:
    """Whether layers of a finished run compute in int8: weights alone in 8 bits do not."""
    if "int8" not in precisions(state.final).split(" + "):
        return False
    used = [id for stage in stages_of(state) for one in (stage, *stage.during) for id in _schemes(one, catalogue)]
    known = [catalogue.kind("quantization").get(id) for id in used]
    return not used or any(one is None or (not one.traits.get("weights_only") and "int8" in one.id) for one in known)


def _schemes(stage: Stage, catalogue: Catalogue) -> list[str]:
    """The methods a quantize stage uses: its own unless it keeps all other layers, and those of its rules."""
    if stage.kind != "quantize":
        return []
    usual = catalogue.get("stage", "quantize").parameter("method")
    own = {"method": usual.default if usual is not None else "", **stage.settings}
    used = [] if any(rule.pattern == "*" and rule.settings is None for rule in stage.layers) else [own]
    used += [{**own, **rule.settings} for rule in stage.layers if rule.settings is not None]
    return [str(settings["method"]) for settings in used]


def _masks(stage: Stage) -> bool:
    return stage.kind == "prune" and not stage.settings.get("remove") and stage.settings.get("method") != "layer"


def _whole(stage: Stage, catalogue: Catalogue) -> bool:
    """Whether every method of the stage prunes whole channels, so that they can be removed."""
    if stage.settings.get("remove"):
        return False
    default = catalogue.get("stage", "prune").parameter("method")
    own = {"method": default.default if default is not None else "", **stage.settings}
    used = [own] if not any(rule.pattern == "*" for rule in stage.layers) else []
    used += [{**own, **rule.settings} for rule in stage.layers if rule.settings is not None]
    return bool(used) and all(unit(settings, catalogue) == "channel" for settings in used)


def _stage(entry: Mapping[str, Any]) -> Stage:
    """A stage as a result holds it: what was checked before it ran is not checked again."""
    kind, body = next(iter(entry.items()))
    body = dict(body or {})
    rules = body.pop("layers", None) or {}
    during = tuple(_stage(inner) for inner in body.pop("during", None) or ())
    layers = tuple(Rule(name, dict(rule) if isinstance(rule, Mapping) else None) for name, rule in rules.items())
    return Stage(kind, body, layers, during)

"""The plan as the checks see it: the recipe and everything that is known around it. No torch, no widgets."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from backend.answers import Inspection, LayerInfo
from backend.description import Catalogue, Description
from backend.errors import CompressionError, Message, Repair, msg
from backend.events import Failed, Warned
from backend.recipe import Recipe, Rule, Stage, filled, move_stage, plan_of, rule_of
from gui.item_models.layer_refusals import BARE
from gui.places import Place, path_of, with_stage
from gui.stage_settings import unit

HEAVY = {"weight": 0.5, "channel": 0.2, "block": 0.2}
"""Amounts from which networks seldom keep their accuracy without training, by what is pruned as one."""
REWRITING = ("decompose", "replace")
"""Kinds of stages that put other layers in the place of some."""


@dataclass(frozen=True)
class Problem:
    """One problem.

    Attributes:
        message, hint: what is wrong, and what to do about it.
        repair: edits of the recipe that repair it.
        details: for *Copy details*.
        level: error where a run would fail, warning where it would do something else than is meant.
        stage: index of the stage it is about.
        action: id of the command that leads to its repair, where no edit is one.
    """

    message: Message
    hint: Message | None = None
    repair: Repair | None = None
    details: str = ""
    level: Literal["error", "warning"] = "error"
    stage: int | None = None
    action: str = ""

    @classmethod
    def of(cls, source: Failed | Warned | CompressionError) -> Problem:
        """The problem that an event or an error tells of."""
        if isinstance(source, Warned):
            return cls(source.message, source.hint, source.repair, level="warning")
        return cls(source.message, source.hint, source.repair, source.details)


@dataclass
class Plan:
    """What is to be checked.

    Attributes:
        capabilities: what the engine said this computer can do; empty before it said so.
        folder: what relative paths are relative to.
        workspace: the folder of the runs.
        baseline, final: what this very recipe measured when it was last run; empty where it was not.
    """

    recipe: Recipe
    catalogue: Catalogue
    inspection: Inspection | None = None
    capabilities: Mapping[str, Any] = field(default_factory=dict)
    folder: Path = Path()
    workspace: Path = Path()
    baseline: Mapping[str, Any] = field(default_factory=dict)
    final: Mapping[str, Any] = field(default_factory=dict)

    _sorted: dict[int, list[tuple[Rule | None, list[LayerInfo]]]] = field(default_factory=dict, repr=False)

    @property
    def layers(self) -> Sequence[LayerInfo]:
        return self.inspection.layers if self.inspection is not None else ()

    @functools.cached_property
    def leaves(self) -> list[LayerInfo]:
        """The layers that hold weights."""
        return [layer for layer in self.layers if layer.leaf and layer.weight_shape]

    def treated(self, stage: Stage) -> Sequence[LayerInfo]:
        """The layers that a stage of this kind could treat."""
        if self._method_kind(stage) in BARE:
            return [layer for layer in self.layers if layer.leaf]
        return self.leaves

    def acting(self) -> Iterator[tuple[Place, Stage]]:
        """Every stage that treats layers, also within a training, and its place."""
        for index, stage in enumerate(self.recipe.stages):
            if self._method_kind(stage):
                yield (index,), stage
            for number, entry in enumerate(stage.during):
                yield (index, number), entry

    def _method_kind(self, stage: Stage) -> str:
        described = self.catalogue.kind("stage").get(stage.kind)
        return str(described.traits.get("method_kind") or "") if described is not None else ""

    def filled(self, stage: Stage) -> dict[str, Any]:
        return filled(stage, self.catalogue)

    def path(self, place: Place) -> str:
        return path_of(self.recipe, place)

    def rules_of(self, stage: Stage) -> Sequence[tuple[Rule | None, Sequence[LayerInfo]]]:
        """The layers by the rule of ``stage`` that they follow; None for those that follow the stage."""
        if not stage.layers:
            return [(None, self.treated(stage))]
        if id(stage) not in self._sorted:
            self._sorted[id(stage)] = self._sort(stage)
        return self._sorted[id(stage)]

    def _sort(self, stage: Stage) -> list[tuple[Rule | None, list[LayerInfo]]]:
        found: dict[str | None, tuple[Rule | None, list[LayerInfo]]] = {}
        for layer in self.treated(stage):
            rule = rule_of(stage, layer.name, layer.type)
            found.setdefault(rule.pattern if rule is not None else None, (rule, []))[1].append(layer)
        return list(found.values())

    def settings(self, stage: Stage, rule: Rule | None) -> Mapping[str, Any] | None:
        """What ``stage`` says to the layers of ``rule``; None keeps them as they are."""
        return plan_of(stage, rule, self.catalogue).settings

    def refusal(self, stage: Stage, rule: Rule | None, layer: LayerInfo) -> Message | None:
        """Why the method that ``rule`` or ``stage`` names does not apply to ``layer``."""
        settings = rule.settings if rule is not None and rule.settings is not None else {}
        default = self.catalogue.get("stage", stage.kind).parameter("method")
        if self.inspection is None or default is None:
            return None
        method = settings.get("method") or stage.settings.get("method", default.default)
        return self.inspection.refusals.get(default.of, {}).get(method, {}).get(layer.name)

    def idle(self, stage: Stage, rule: Rule | None, layer: LayerInfo) -> bool:
        """Whether ``stage`` leaves ``layer`` as it is."""
        if rule is not None and rule.settings is None:
            return True
        given = rule.settings if rule is not None and rule.settings is not None else {}
        amount = given.get("amount", stage.settings.get("amount"))
        return amount == 0 or self.refusal(stage, rule, layer) is not None

    def method_label(self, stage: Stage, rule: Rule) -> Message:
        described = self.catalogue.get("stage", stage.kind).parameter("method")
        id = str((self.settings(stage, rule) or {}).get("method", ""))
        method = self.catalogue.kind(described.of).get(id) if described is not None else None
        return Message(method.label if method is not None else id)

    def heavy(self) -> Iterator[tuple[int, Stage]]:
        """Prune stages by themselves whose amount is large, with no training after them."""
        for index, stage in enumerate(self.recipe.stages):
            trains = any(later.kind == "train" for later in self.recipe.stages[index + 1 :])
            if stage.kind != "prune" or trains or stage.settings.get("target") is not None:
                continue
            full = self.filled(stage)
            method = self.catalogue.kind("criterion").get(str(full.get("method")))
            ranks = method is not None and method.traits.get("ranks", True)
            whole = not any(rule.pattern == "*" and rule.settings is None for rule in stage.layers)
            if ranks and whole and full["amount"] >= HEAVY.get(unit(full, self.catalogue), 1.0):
                yield index, stage

    def methods(self, stage: Stage) -> list[Description]:
        """The methods that ``stage`` has for some layer of the network."""
        known = self.catalogue.kind(self._method_kind(stage))
        found = [str((self.settings(stage, rule) or {}).get("method")) for rule, _ in self._used(stage)]
        return [known[id] for id in dict.fromkeys(found) if id in known]

    def exact(self, stage: Stage) -> bool:
        """Whether the network computes the same after ``stage`` as before it."""
        return all(method.traits.get("exact") for method in self.methods(stage))

    def touched(self, stage: Stage) -> list[str]:
        """The layers that ``stage`` changes."""
        return [layer.name for rule, layers in self._used(stage) for layer in layers]

    def _used(self, stage: Stage) -> Iterator[tuple[Rule | None, list[LayerInfo]]]:
        for rule, layers in self.rules_of(stage):
            if acting := [layer for layer in layers if not self.idle(stage, rule, layer)]:
                yield rule, acting

    def last_training(self) -> int:
        """Index of the last stage that trains; -1 where none does."""
        return max((i for i, stage in enumerate(self.recipe.stages) if stage.kind == "train"), default=-1)

    # Repairs

    def moved(self, label: Message, source: int, target: int) -> Repair:
        """The recipe with the stage at ``source`` at position ``target``."""
        return self.stages(label, move_stage(self.recipe, source, target).stages)

    def stages(self, label: Message, stages: Sequence[Stage]) -> Repair:
        return Repair(label, {"stages": [stage.to_data() for stage in stages]})

    def without_stage(self, place: Place) -> Repair:
        changed = with_stage(self.recipe, place, None)
        return self.stages(msg("Remove stage {number}", number=place[0] + 1), changed.stages)

    def without_rule(self, place: Place, pattern: str) -> Repair:
        """The recipe without one rule of the stage at ``place``."""
        stage = dict(self.acting())[place]
        kept = tuple(rule for rule in stage.layers if rule.pattern != pattern)
        changed = with_stage(self.recipe, place, dataclasses.replace(stage, layers=kept))
        return self.stages(msg("Remove the rule for {pattern}", pattern=pattern), changed.stages)

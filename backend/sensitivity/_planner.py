"""Plans from a scan while somebody waits: network, images, ranking and readings are prepared once."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import torch

from backend.cancel import Cancel
from backend.datasets._base import PartName
from backend.evaluation.figures import structure
from backend.events import Emit
from backend.pruning._target import Parts
from backend.recipe import Recipe, Rule, Stage
from backend.registry import method
from backend.runner import open_session
from backend.sensitivity._prices import size_price
from backend.sensitivity._ranked import Asked, Ranked
from backend.sensitivity._recipe import by_itself
from backend.sensitivity._search import Plan, timed
from backend.session import Session
from backend.stages._base import StageMethod
from backend.stages._layers import layer_plans

AMOUNT = ("amount", "scope", "target", "reestimate")
"""Settings of a stage that say how much goes, not what is ranked, and how."""
REWRITING = ("decompose", "replace")
"""Stages that put other layers in the place of some."""


class Planner:
    """A network and its images, ready to be planned for.

    Raises:
        CompressionError: they can't be opened.
    """

    def __init__(
        self, recipe: Recipe, folder: Path, emit: Emit, cancel: Cancel, *, allowed: Mapping[str, str] | None
    ) -> None:
        opened = open_session(dataclasses.replace(recipe, stages=()), folder, emit, cancel, allowed=allowed)
        kept: tuple[PartName, ...] = ("validation", "calibration")
        parts = {name: opened.data.parts[name] for name in kept}
        self._opened = dataclasses.replace(opened, data=dataclasses.replace(opened.data, parts=parts))
        self._ranked: tuple[str, Ranked] | None = None

    def propose(self, asked: Asked, target: Mapping[str, float], emit: Emit, cancel: Cancel) -> dict[str, Any]:
        """The amounts that meet ``target``, and with it whatever else of the budget can be met.

        Raises:
            CompressionError: the target can't be met.
        """
        ranked = self._rank(asked, emit, cancel)
        ranked.learn(emit, cancel)
        plan = Plan(ranked, asked, self.before(asked, ranked))
        removed = plan.meeting(target, cancel)
        return {
            "layers": ranked.amounts(removed),
            "before": plan.before,
            "predicted": plan.predicted(removed),
        }

    def as_it_is(self, asked: Asked, emit: Emit, cancel: Cancel) -> dict[str, Any]:
        """What the network costs once the recipe's own stages have pruned and rewritten it; nothing is trained.

        How accurate and how quick rewritten layers are, nothing but a run can tell.
        """
        ranked = self._rank(asked, emit, cancel) if asked.index >= 0 else None
        if ranked is not None:
            ranked.recall()
        before = self.before(asked, ranked)
        session = self._session(asked.recipe)
        for index, stage in enumerate(asked.recipe.stages):
            for acting in (stage, *stage.during):
                if acting.kind == "prune":
                    acting = self._amounts(acting, asked, emit, cancel)
                elif acting.kind not in REWRITING:
                    continue
                _carry_out(session, acting, index, cancel)
        rewritten = any(stage.kind in REWRITING for stage in asked.recipe.stages)
        session.network.module.eval()
        figures = structure(session.network, original=session.original)
        left = {name: p.numel() for name, p in session.network.module.named_parameters()}
        return {
            "layers": {},
            "before": before,
            "predicted": {
                **{key: figures[key] for key in ("macs", "parameters", "sparsity")},
                "size_bytes": size_price(session.network, asked.recipe).of({}),
                **(timed(session.original, asked, left) if not rewritten else {}),
                **(ranked.scored(_shares(session, ranked.parts)) if ranked is not None and not rewritten else {}),
            },
        }

    def _amounts(self, stage: Stage, asked: Asked, emit: Emit, cancel: Cancel) -> Stage:
        """``stage`` as it prunes in one go, its target as the amounts that meet it."""
        plain, target = by_itself(stage), stage.settings.get("target")
        if not target:
            return plain
        recipe = dataclasses.replace(asked.recipe, budget={})
        found = self.propose(dataclasses.replace(asked, recipe=recipe), target, emit, cancel)
        old = {rule.pattern: rule.settings or {} for rule in plain.layers}
        rules = [Rule(name, {**old.get(name, {}), "amount": amount}) for name, amount in found["layers"].items()]
        return dataclasses.replace(
            plain, layers=(*rules, *(r for r in plain.layers if r.pattern not in found["layers"]))
        )

    def before(self, asked: Asked, ranked: Ranked | None) -> dict[str, Any]:
        """The original, as far as it is known."""
        found = {**self._structure, **timed(self._opened.original, asked, None)}
        return found if ranked is None else {**found, **ranked.scored({})}

    @cached_property
    def _structure(self) -> dict[str, Any]:
        figures = structure(self._opened.original)
        return {key: figures[key] for key in ("macs", "parameters", "sparsity", "size_bytes")}

    def _session(self, recipe: Recipe) -> Session:
        """The network untouched, in a session of its own."""
        return dataclasses.replace(
            self._opened,
            recipe=dataclasses.replace(recipe, model=self._opened.recipe.model, data=self._opened.recipe.data),
            network=self._opened.original.copy(),
            generator=torch.Generator().manual_seed(recipe.seed),
            masks={}, choices={}, report={}, files={}, figures={},
        )  # fmt: skip

    def _rank(self, asked: Asked, emit: Emit, cancel: Cancel) -> Ranked:
        """What the stage ranks: the last one is kept, whatever amounts the recipe gives."""
        plans = layer_plans(self._opened.original.module, asked.stage)
        chosen = {
            name: plan.settings and {k: v for k, v in plan.settings.items() if k not in AMOUNT}
            for name, plan in plans.items()
        }
        how = [asked.stage.settings.get(key) for key in ("remove", "round_to")]
        key = json.dumps([chosen, how, asked.amounts, asked.limit, str(asked.workspace)], default=str)
        if self._ranked is None or self._ranked[0] != key:
            self._ranked = key, Ranked(self._session(asked.recipe), asked, emit, cancel)
        return self._ranked[1]


def _carry_out(session: Session, stage: Stage, index: int, cancel: Cancel) -> None:
    """What the stage would do to statistics costs nothing."""
    settings = {key: value for key, value in stage.settings.items() if key != "reestimate"}
    quick = dataclasses.replace(stage, settings=settings)
    cast(StageMethod, method("stage", stage.kind)).run(session, quick, index, lambda event: None, cancel)


def _shares(session: Session, parts: Parts) -> dict[str, float]:
    """Part → share of its units that a pruned session has lost."""
    removed = session.report.get("removal", {"layers": []})["layers"]
    rows = {row["name"]: 1 - row["left"] / row["channels"] for row in removed}
    names, masks = parts.units(), session.masks
    zeros = {n: float(masks[f"{n}.weight"].eq(0).float().mean()) for n in names if f"{n}.weight" in masks}
    return {**zeros, **{name: share for name, share in rows.items() if name in names}}

"""Prunes a session's network as a ``prune`` stage says: in one go, or step by step while it trains."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import cast

from torch import Tensor, nn

from backend.cancel import Cancel
from backend.errors import Message, msg
from backend.evaluation.figures import layer_rows
from backend.events import Emit, LayerChanged, Progress, Warned
from backend.pruning._base import Candidate, Criterion, Evidence, unit_of
from backend.pruning._masks import Ranked, apply_masks, global_masks, local_mask
from backend.recipe import LayerPlan, Stage, filled
from backend.registry import catalogue, method
from backend.session import Session
from backend.stages._layers import layer_plans


class Pruner:
    """What a prune stage does to a session.

    ``prune`` may be called again with a larger share (a schedule does): what was pruned stays pruned.
    Criteria that learn take part in training through ``after_backward``. ``finish`` tells what came of it.

    Raises:
        CompressionError: a pattern of the stage matches no layer.
    """

    def __init__(self, session: Session, stage: Stage, index: int, emit: Emit, cancel: Cancel) -> None:
        self._session, self._index, self._emit, self._cancel = session, index, emit, cancel
        self.settings = filled(stage, catalogue())
        self._ranked: list[Ranked] = []
        self._alone: list[Ranked] = []
        self._refused: dict[str, Message] = {}
        self._masked: set[str] = set()
        self._sort(stage, layer_plans(session.network.module, stage))
        self._learners = {c: c.learn(self._evidence(c)) for c in self._criteria() if c.learn is not None}

    def after_backward(self) -> None:
        """Let criteria that learn see the gradients of this batch."""
        for learner in self._learners.values():
            learner.after_backward()

    def prune(self, share: float = 1.0) -> None:
        """Prune to ``share`` of every amount (0…1), never reviving what is pruned."""
        self._look()
        amounts = {layer.name: share * layer.settings["amount"] for layer, _ in self._alone}
        total = len(self._alone) + bool(self._ranked)
        old = {layer.name: mask for layer, _ in self._layers() if (mask := self._mask(layer)) is not None}
        masks: dict[str, Tensor] = {}
        for done, (layer, criterion) in enumerate(self._alone):
            self._cancel.check()
            self._emit(Progress(self._index, done, total, msg("Pruning {layer}", layer=layer.name)))
            masks[layer.name] = local_mask(layer, criterion, amounts[layer.name], old.get(layer.name))
        if self._ranked:
            self._cancel.check()
            self._emit(
                Progress(self._index, len(self._alone), total, msg("Ranking {count} layers", count=len(self._ranked)))
            )
            masks |= global_masks(self._ranked, share * self.settings["amount"], old)
        self._session.masks |= {f"{name}.weight": mask for name, mask in masks.items()}
        self._masked |= masks.keys()
        apply_masks(self._session.network.module, self._session.masks)

    def finish(self) -> None:
        """Tell what was done and what was not."""
        for name, why in self._refused.items():
            self._emit(Warned(self._index, msg("{layer} is kept as it is: {reason}.", layer=name, reason=why)))
        for name in sorted(self._masked):
            # A layer without weights gives the same output for every image; no training brings it back.
            if not bool(self._session.masks[f"{name}.weight"].any()):
                self._emit(
                    Warned(self._index, msg("Every weight of {layer} is pruned, so it passes nothing on.", layer=name))
                )
        count = msg("Pruned {count} layers", count=len(self._masked))
        self._emit(Progress(self._index, 1, 1, count))
        rows = layer_rows(self._session.network, self._session.figures)
        self._emit(LayerChanged(self._index, [row for row in rows if row["name"] in self._masked]))

    def _layers(self) -> list[Ranked]:
        return [*self._alone, *self._ranked]

    def _criteria(self) -> list[Criterion]:
        return list({criterion.id: criterion for _, criterion in self._layers()}.values())

    def _mask(self, layer: Candidate) -> Tensor | None:
        return self._session.masks.get(f"{layer.name}.weight")

    def _sort(self, stage: Stage, plans: Mapping[str, LayerPlan]) -> None:
        """Who is pruned alone, who is in the ranking, and why each of the others that was asked for is not."""
        head = classifier(self._session)
        for name, plan in plans.items():
            if plan.settings is None:
                continue
            criterion = cast(Criterion, method("criterion", plan.settings["method"]))
            module = self._session.network.module.get_submodule(name)
            layer = Candidate(name, module, plan.settings, self._session.generator, self._session.folder)
            why = criterion.applies(module)
            if why is None and name == head and _takes_classes(layer, criterion):
                why = msg("Its channels are the classes")
            if why is None:
                together = self.settings["scope"] == "global" and _in_ranking(stage, plan, criterion)
                (self._ranked if together else self._alone).append((layer, criterion))
            elif plan.origin == name or name == head:
                self._refused[name] = why

    def _evidence(self, criterion: Criterion) -> Evidence:
        data, device = self._session.data, self._session.device
        return Evidence(
            module=self._session.network.module,
            layers={layer.name: layer for layer, used in self._layers() if used is criterion},
            example=self._session.network.example(),
            batches=lambda: data.batches("calibration", device=device),
            count=data.count("calibration", data.spec.batch_size),
            progress=lambda done, total: self._emit(
                Progress(self._index, done, total, msg("Looking at calibration images"))
            ),
            cancel=self._cancel,
        )

    def _look(self) -> None:
        """Let the criteria that look at data do so, and give what they found to their layers."""
        for criterion in self._criteria():
            found: Mapping[str, Tensor | Message]
            if criterion.measure is not None:
                found = criterion.measure(self._evidence(criterion))
            elif criterion in self._learners:
                found = self._learners[criterion].statistics()
            else:
                continue
            self._alone = self._informed(self._alone, criterion, found)
            self._ranked = self._informed(self._ranked, criterion, found)

    def _informed(
        self, layers: list[Ranked], criterion: Criterion, found: Mapping[str, Tensor | Message]
    ) -> list[Ranked]:
        informed: list[Ranked] = []
        for layer, used in layers:
            statistic = found.get(layer.name) if used is criterion else layer.statistic
            if isinstance(statistic, Message):
                self._refused[layer.name] = statistic
            else:
                informed.append((dataclasses.replace(layer, statistic=statistic), used))
        return informed


def classifier(session: Session) -> str | None:
    """The layer whose outputs are the classes: the last linear layer or convolution with as many outputs."""
    classes = session.network.classes or len(session.data.classes)
    names = [
        name
        for name, m in session.network.module.named_modules()
        if (isinstance(m, nn.Linear) and m.out_features == classes)
        or (isinstance(m, nn.Conv2d) and m.out_channels == classes)
    ]
    return names[-1] if names else None


def _takes_classes(layer: Candidate, criterion: Criterion) -> bool:
    return unit_of(layer, criterion) == "channel" and layer.settings.get("dim", 0) == 0


def _in_ranking(stage: Stage, plan: LayerPlan, criterion: Criterion) -> bool:
    """A layer with an amount or a method of its own leaves the ranking, and so does a mask from a file."""
    rule = next((r for r in stage.layers if r.pattern == plan.origin), None)
    own = rule is not None and rule.settings is not None and {"amount", "method"} & set(rule.settings)
    return not own and criterion.scores is not None

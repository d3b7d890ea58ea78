"""Prunes a session's network as a ``prune`` stage says: in one go, or step by step while it trains."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.errors import Message, by_reason, msg
from backend.evaluation._mode import evaluating, hooked
from backend.evaluation.figures import layer_rows
from backend.events import Emit, LayerChanged, Progress, Warned
from backend.pruning._base import Candidate, Criterion, Evidence, unit_of
from backend.pruning._layers import Layers
from backend.pruning._masks import Ranked, apply_masks
from backend.pruning._target import find_amounts
from backend.recipe import LayerPlan, Stage, filled
from backend.registry import catalogue, method
from backend.session import Session
from backend.stages._layers import layer_plans

if TYPE_CHECKING:
    from backend.pruning._removal import Channels
    from backend.pruning._target import Parts


class Pruner:
    """What a prune stage does to a session.

    ``prune`` may be called again with a larger share (a schedule does): what was pruned stays pruned.
    Criteria that learn take part in training through ``after_backward``. ``finish`` removes the channels
    where the stage says so, and tells what came of it.

    Raises:
        CompressionError: a pattern of the stage matches no layer, or the network can't be made smaller.
    """

    def __init__(self, session: Session, stage: Stage, index: int, emit: Emit, cancel: Cancel) -> None:
        self._session, self._index, self._emit, self._cancel = session, index, emit, cancel
        self.settings = filled(stage, catalogue())
        self._ranked: list[Ranked] = []
        self._alone: list[Ranked] = []
        self._refused: dict[str, Message] = {}
        self._masked: set[str] = set()
        self._rules: dict[str, Mapping[str, Any]] = {}
        self._work: Layers | Channels
        if self.settings["remove"]:
            from backend.pruning._removal import Channels

            self._work = Channels(session, index, emit, cancel)
        else:
            self._work = Layers(session, index, emit, cancel)
        self._sort(stage, layer_plans(session.network.module, stage))
        self._learners = {c.id: c.learn(self._evidence(c)) for c in self._criteria() if c.learn is not None}

    def after_backward(self) -> None:
        """Let criteria that learn see the gradients of this batch."""
        for learner in self._learners.values():
            learner.after_backward()

    def parts(self) -> Parts:
        """All that is to be pruned and whose units are ranked, to be tried part by part."""
        self._look()
        ranked = [pair for pair in (*self._alone, *self._ranked) if pair[1].scores is not None]
        return self._work.parts((), ranked, self.settings)

    def amounts(self, chosen: Mapping[str, float]) -> Mapping[str, float]:
        """Layer → amount, of the amounts chosen for :meth:`parts`."""
        return self._work.amounts(chosen)

    def prune(self, share: float = 1.0) -> None:
        """Prune to ``share`` of every amount (0…1), never reviving what is pruned."""
        self._look()
        if self.settings["target"] is not None:
            self._find_amounts()
        masks = self._work.masks(self._alone, self._ranked, share, self.settings)
        self._masked |= {name.rpartition(".")[0] for name in masks}
        self._session.masks |= masks
        apply_masks(self._session.network.module, self._session.masks)

    def state_dict(self) -> dict[str, Any]:
        """What it has found out and done; the masks are the session's."""
        return {
            "refused": {name: why.to_data() for name, why in self._refused.items()},
            "masked": sorted(self._masked),
            "learners": {id: learner.state_dict() for id, learner in self._learners.items()},
            "work": self._work.state_dict(),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what :meth:`state_dict` gave; what the criteria know of layers is looked up when it is needed."""
        self._refused = {name: Message.from_data(why) for name, why in state["refused"].items()}
        self._masked = set(state["masked"])
        for id, learner in self._learners.items():
            learner.load_state_dict(state["learners"][id])
        self._work.load_state_dict(state["work"])
        self._alone, self._ranked = (
            [pair for pair in layers if pair[0].name not in self._refused] for layers in (self._alone, self._ranked)
        )

    def finish(self) -> None:
        """Remove what is to be removed, and tell what was done and what was not."""
        self._work.finish()
        for criterion in self._criteria():
            if criterion.on_cpu is not None and self._session.device.type == "cpu":
                self._emit(Warned(self._index, criterion.on_cpu))
        self._refused |= self._work.refused
        for layers, why in by_reason(self._refused):
            self._emit(
                Warned(self._index, msg("Kept as they are: {layers}. Reason: {reason}.", layers=layers, reason=why))
            )
        for name in sorted(self._masked):
            # A layer without weights gives the same output for every image; no training brings it back.
            mask = self._session.masks.get(f"{name}.weight")
            if mask is not None and not bool(mask.any()):
                empty = msg("Every weight of {layer} is pruned, so it passes nothing on.", layer=name)
                self._emit(Warned(self._index, empty))
        self._emit(Progress(self._index, 1, 1, msg("Pruned {count} layers", count=len(self._masked))))
        rows = layer_rows(self._session.network, self._session.figures)
        self._emit(LayerChanged(self._index, [row for row in rows if row["name"] in self._masked]))

    def _find_amounts(self) -> None:
        """Amounts that meet the target, from a sensitivity scan; resolved.yaml then holds them in its place."""
        drawn = self._session.generator.get_state()
        parts = self._work.parts(self._alone, self._ranked, self.settings)
        self._session.generator.set_state(drawn)  # what is pruned is drawn as a run of resolved.yaml draws it
        plan = find_amounts(self._session, parts, self.settings["target"], self._index, self._emit, self._cancel)
        amounts = self._work.amounts(plan.amounts)
        path = f"stages.{self._index}.prune"
        for layer, criterion in self._ranked:
            if layer.name in amounts:
                rule = {**self._rules.get(layer.name, {}), "amount": amounts[layer.name]}
                self._session.choices[f"{path}.layers.{self._known(layer.name)}"] = rule
                layer = dataclasses.replace(layer, settings={**layer.settings, **rule}, own_amount=True)
            self._alone.append((layer, criterion))
        self._alone.sort(key=lambda pair: list(self._rules).index(pair[0].name))
        self._ranked = []
        self._session.choices[f"{path}.target"] = None

    def _known(self, name: str) -> str:
        """``name``, or what holds it in the network as the recipe names it: attention's parts are made by removal."""
        names = dict(self._session.original.module.named_modules())
        while name not in names:
            name = name.rpartition(".")[0]
        return name

    def _criteria(self) -> list[Criterion]:
        return list({criterion.id: criterion for _, criterion in (*self._alone, *self._ranked)}.values())

    def _sort(self, stage: Stage, plans: Mapping[str, LayerPlan]) -> None:
        """Who is pruned alone, who is in the ranking, and why each of the others that was asked for is not."""
        head = classifier(self._session)
        for name, plan in plans.items():
            if plan.settings is None:
                continue
            criterion = cast(Criterion, method("criterion", plan.settings["method"]))
            if criterion.unit == "block":
                continue
            module = self._session.network.module.get_submodule(name)
            rule = _rule(stage, plan)
            layer = Candidate(
                name, module, plan.settings, self._session.generator, self._session.folder, "amount" in rule
            )
            why = criterion.applies(module)
            if why is None and name == head and _takes_classes(layer, criterion):
                why = msg("Its channels are the classes")
            if why is None:
                joint = self.settings["scope"] == "global" or self.settings["target"] is not None
                together = joint and _in_ranking(stage, plan, criterion)
                (self._ranked if together else self._alone).append((layer, criterion))
                self._rules[name] = rule
            elif plan.origin == name or name == head or _has_matrix(module):
                self._refused[name] = why
        self._alone, self._ranked = self._work.sort(self._alone, self._ranked)

    def _evidence(self, criterion: Criterion) -> Evidence:
        data, device = self._session.data, self._session.device
        return Evidence(
            module=self._session.network.module,
            layers={layer.name: layer for layer, used in (*self._alone, *self._ranked) if used is criterion},
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
            elif criterion.id in self._learners:
                found = self._learners[criterion.id].statistics()
            else:
                continue
            self._alone = self._informed(self._alone, criterion, found)
            self._ranked = self._informed(self._ranked, criterion, found)
        self._alone, self._ranked = self._work.sort(self._alone, self._ranked)

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
    """The layer whose outputs are the classes: the last linear layer or convolution to run with as many outputs."""
    network = session.network
    classes = network.classes or len(session.data.classes)
    able = {
        m: name
        for name, m in network.module.named_modules()
        if (isinstance(m, nn.Linear) and m.out_features == classes)
        or (isinstance(m, nn.Conv2d) and m.out_channels == classes)
    }
    last = list(able.values())[-1:]
    if len(able) > 1:
        hooks = [m.register_forward_hook(lambda m, *_: last.append(able[m])) for m in able]
        with hooked(hooks), evaluating(network.module), torch.no_grad():
            network.module(network.example())
    return last[-1] if last else None


def _has_matrix(module: nn.Module) -> bool:
    """Whether a layer holds what a person thinks of as weights, unlike a normalization."""
    return any(parameter.dim() >= 2 for parameter in module.parameters(recurse=False))


def _takes_classes(layer: Candidate, criterion: Criterion) -> bool:
    return unit_of(layer, criterion) == "channel" and layer.settings.get("dim", 0) == 0


def _in_ranking(stage: Stage, plan: LayerPlan, criterion: Criterion) -> bool:
    """A layer with an amount or a method of its own leaves the ranking, and so does a mask from a file."""
    return not {"amount", "method"} & set(_rule(stage, plan)) and criterion.scores is not None


def _rule(stage: Stage, plan: LayerPlan) -> Mapping[str, Any]:
    """What the rule that a layer's plan comes from says; empty where it comes from the stage."""
    rule = next((r for r in stage.layers if r.pattern == plan.origin), None)
    return rule.settings or {} if rule is not None else {}

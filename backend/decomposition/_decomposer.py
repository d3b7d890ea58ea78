"""Carries out a ``decompose`` stage: who takes part, with which ranks, and what came of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from torch import nn

from backend.cancel import Cancel
from backend.decomposition._base import Decomposition, Ranks
from backend.decomposition._choose import Choice, choices, keeping
from backend.decomposition._costs import Cost, Figure, pricings
from backend.decomposition._replace import Factored, decomposed, empty, read_from_outside, tied
from backend.decomposition._target import Room, meet
from backend.decomposition._tell import Row, errors, tell, weight_error
from backend.errors import CompressionError, Message, Repair, by_reason, msg
from backend.events import Emit, Progress
from backend.network import Network
from backend.pruning._masks import apply_masks
from backend.recipe import KEEP, LayerPlan, Stage, filled
from backend.registry import catalogue, method, methods
from backend.session import Session
from backend.stages._layers import layer_plans

OWN = ("rank", "rank_in", "energy")
"""A layer whose rule names one of these leaves the search for a target."""


@dataclass(frozen=True)
class _Layer:
    """A layer that takes part, and what its rule says of it."""

    module: nn.Module
    how: Decomposition
    settings: Mapping[str, Any]
    rule: Mapping[str, Any]
    origin: str


class Decomposer:
    """What a decompose stage does to a session.

    Raises:
        CompressionError: a pattern of the stage matches no layer, or nothing can be decomposed.
    """

    def __init__(self, session: Session, stage: Stage, index: int, emit: Emit, cancel: Cancel) -> None:
        self._session, self._index, self._emit, self._cancel = session, index, emit, cancel
        self._settings = filled(stage, catalogue())
        self._path = f"stages.{index}.decompose"
        self._refused: dict[str, Message] = {}
        self._larger: dict[str, tuple[Cost, Cost]] = {}
        self._layers: dict[str, _Layer] = {}
        apply_masks(session.network.module, session.masks)
        self._sort(stage, layer_plans(session.network.module, stage))
        how = {name: (layer.how, (1,) * len(layer.how.ranks)) for name, layer in self._layers.items()}
        self._refuse(read_from_outside(session.network, how, cancel))
        if not self._layers:
            raise self._nothing_applies()
        parts = {name: layer.how for name, layer in self._layers.items()}
        self._pricings = pricings(session.network, parts)

    def decompose(self) -> None:
        """Put factors in place of the layers, and tell what they cost and how far they are off."""
        chosen = self._chosen()
        if not chosen:
            raise self._all_larger()
        before = self._session.network
        made: dict[str, nn.Sequential] = {}
        rows: list[Row] = []
        for done, (name, (how, ranks)) in enumerate(chosen.items()):
            self._step(done, len(chosen), msg("Decomposing {layer}", layer=name))
            layer = self._layers[name].module
            made[name] = how.decomposed(layer, ranks, self._cancel)
            price = self._pricings[name]
            rows.append(Row(name, how.id, ranks, price.whole, price.of(ranks), weight_error(layer, made[name])))
        network = decomposed(before, made, chosen)
        found = errors(self._session, before.module, network.module, list(chosen), self._cancel)
        self._session.network = network
        dropped = self._drop_masks(chosen)
        tell(self._session, rows, found, self._refused, self._larger, dropped, self._index, self._emit)

    def _sort(self, stage: Stage, plans: Mapping[str, LayerPlan]) -> None:
        """Who takes part, and why each of the others that was asked for does not."""
        module = self._session.network.module
        shared = tied(module)
        rules = {rule.pattern: rule.settings or {} for rule in stage.layers}
        for name, plan in plans.items():
            if plan.settings is None:
                continue
            part = module.get_submodule(name)
            how = cast(Decomposition, method("decomposition", plan.settings["method"]))
            why = how.applies(part) or shared.get(name)
            if why is None:
                self._layers[name] = _Layer(part, how, plan.settings, rules.get(plan.origin, {}), plan.origin)
            elif plan.origin == name or any(p.dim() >= 2 for p in part.parameters(recurse=False)):
                self._refused[name] = why

    def _refuse(self, reasons: Mapping[str, Message]) -> None:
        self._refused |= reasons
        for name in reasons:
            del self._layers[name]

    def _chosen(self) -> dict[str, Factored]:
        """Layer → decomposition and ranks, of those whose factors are smaller."""
        free = [name for name, layer in self._layers.items() if self._searched(layer)]
        found: dict[str, Factored] = {}
        for done, (name, layer) in enumerate(self._layers.items()):
            if name in free:
                continue
            self._step(done, len(self._layers), msg("Looking for the ranks of {layer}", layer=name))
            ranks = self._ranks(layer)
            price = self._pricings[name]
            if ranks is not None and price.of(ranks).saves(price.whole):
                found[name] = (layer.how, ranks)
            else:
                self._larger[name] = (price.whole, price.of(ranks or layer.how.largest(layer.module)))
        if free:
            found |= self._meet(free, found)
        return {name: found[name] for name in self._layers if name in found}

    def _searched(self, layer: _Layer) -> bool:
        return self._settings["target"] is not None and not set(OWN) & set(layer.rule)

    def _ranks(self, layer: _Layer) -> Ranks | None:
        asked = layer.how.asked(layer.module, layer.settings)
        if asked is not None:
            return asked
        option = keeping(layer.how.options(layer.module, self._cancel), layer.settings["energy"])
        return None if option is None else option.ranks

    def _meet(self, free: list[str], fixed: Mapping[str, Factored]) -> dict[str, Factored]:
        """Ranks of the layers ``free`` that meet the target; resolved.yaml then holds them in its place."""
        target = self._settings["target"]
        figure: Figure = "macs" if "macs" in target else "parameters"
        hulls: dict[str, list[Choice]] = {}
        for done, name in enumerate(free):
            self._step(done, len(free), msg("Looking for the ranks of {layer}", layer=name))
            layer = self._layers[name]
            hulls[name] = choices(self._pricings[name], layer.how.options(layer.module, self._cancel), figure)

        def factored(found: Mapping[str, Choice]) -> dict[str, Factored]:
            return {n: (self._layers[n].how, c.ranks) for n, c in found.items() if c.ranks is not None}

        def structure(found: Mapping[str, Choice]) -> Network:
            module = empty(self._session.network.module, {**fixed, **factored(found)})
            return dataclasses.replace(self._session.network, module=module)

        def cost(name: str, ranks: Ranks | None = None) -> int:
            return self._pricings[name].cost(ranks, figure)

        saved = sum(cost(name) - cost(name, ranks) for name, (_, ranks) in fixed.items())
        whole = sum(cost(name) for name in free)
        room = Room(self._session.original, self._session.network, saved, whole, structure)
        found = factored(meet(target, hulls, room))
        if not found and not fixed:
            raise self._met(target)
        self._keep_choices(free, found)
        return found

    def _keep_choices(self, free: list[str], found: Mapping[str, Factored]) -> None:
        for name in free:
            rule: Any = KEEP
            if name in found:
                how, ranks = found[name]
                rule = {**self._layers[name].rule, **dict(zip(how.ranks, ranks, strict=True))}
            self._session.choices[f"{self._path}.layers.{name}"] = rule
        self._session.choices[f"{self._path}.target"] = None

    def _drop_masks(self, chosen: Mapping[str, Factored]) -> list[str]:
        """Layers whose masks were folded into their factors, which are dense."""
        gone = [name for name in chosen if f"{name}.weight" in self._session.masks]
        for name in chosen:
            for key in [key for key in self._session.masks if key.rpartition(".")[0] == name]:
                del self._session.masks[key]
        return gone

    def _nothing_applies(self) -> CompressionError:
        """No layer qualifies: another decomposition may."""
        module = self._session.network.module
        suits = {
            id: sum(cast(Decomposition, how).applies(part) is None for part in module.modules())
            for id, how in methods("decomposition").items()
        }
        best = max(suits, key=suits.__getitem__)
        repair = None
        if suits[best] and best != self._settings["method"]:
            label = catalogue().get("decomposition", best).label
            repair = Repair(msg("Use {method}", method=label), {f"{self._path}.method": best})
        reasons = by_reason(self._refused)[:1]
        return CompressionError(
            msg("No layer can be decomposed so. {layers}: {reason}.", layers=reasons[0][0], reason=reasons[0][1])
            if reasons
            else msg("Every layer is kept as it is, so there is nothing to decompose."),
            msg("Choose another method, or remove a keep from the stage's layers."),
            repair=repair,
        )

    def _met(self, target: Mapping[str, float]) -> CompressionError:
        """There is nothing to do."""
        kind, figure = next(iter(target.items()))
        return CompressionError(
            msg("The network meets the target {target}: {figure} as it is, so no layer was decomposed.",
                target=kind, figure=f"{figure:g}"),
            msg("Choose a lower target, or remove the stage."),
        )  # fmt: skip

    def _all_larger(self) -> CompressionError:
        """Every layer's factors would be larger: the most energy at which one is smaller."""
        most, place = 0.0, self._path
        for name, layer in self._layers.items():
            price = self._pricings[name]
            for option in layer.how.options(layer.module, self._cancel):
                if option.kept > most and price.of(option.ranks).saves(price.whole):
                    most = option.kept
                    place = f"{self._path}.layers.{layer.origin}" if set(OWN) & set(layer.rule) else self._path
        share = int(most * 100) / 100
        return CompressionError(
            msg("No layer was decomposed: the factors of each would be larger than the layer."),
            msg("Choose smaller ranks, or keep less energy: up to {percent}% makes a layer smaller.",
                percent=f"{100 * share:.0f}"),
            repair=Repair(
                msg("Keep {percent}% of the energy", percent=f"{100 * share:.0f}"),
                {f"{place}.energy": share, f"{place}.rank": None},
            ) if share > 0 else None,
        )  # fmt: skip

    def _step(self, done: int, total: int, text: Message) -> None:
        self._cancel.check()
        self._emit(Progress(self._index, done, total, text))

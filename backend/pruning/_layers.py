"""Pruning by masks alone: every layer by itself, or all of them in one ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from backend.cancel import Cancel
from backend.errors import CompressionError, Message, msg
from backend.events import Emit, Progress
from backend.network import Network
from backend.pruning._base import unit_of
from backend.pruning._masks import Ranked, global_masks, local_mask, lowest, spread, unit_scores
from backend.session import Session


class Layers:
    """The layers of a session's network, each with a mask of its own."""

    def __init__(self, session: Session, index: int, emit: Emit, cancel: Cancel) -> None:
        self._session, self._index, self._emit, self._cancel = session, index, emit, cancel
        self.refused: dict[str, Message] = {}

    def sort(self, alone: Sequence[Ranked], ranked: Sequence[Ranked]) -> tuple[list[Ranked], list[Ranked]]:
        """All of them, but a weight that several layers share is pruned once."""
        first: dict[int, str] = {}
        for layer, _ in (*alone, *ranked):
            owner = first.setdefault(id(layer.module.get_parameter("weight")), layer.name)
            if owner != layer.name:
                self.refused[layer.name] = msg("Shares its weight with {layer}, and is pruned with that", layer=owner)
        return (
            [pair for pair in alone if pair[0].name not in self.refused],
            [pair for pair in ranked if pair[0].name not in self.refused],
        )

    def masks(
        self, alone: Sequence[Ranked], ranked: Sequence[Ranked], share: float, settings: Mapping[str, Any]
    ) -> dict[str, Tensor]:
        """Masks by parameter: to ``share`` of each layer's amount, and of the stage's for those in the ranking."""
        total = len(alone) + bool(ranked)
        masks: dict[str, Tensor] = {}
        for done, (layer, criterion) in enumerate(alone):
            self._step(done, total, msg("Pruning {layer}", layer=layer.name))
            old = self._session.masks.get(f"{layer.name}.weight")
            masks[layer.name] = local_mask(layer, criterion, share * layer.settings["amount"], old)
        if ranked:
            self._step(len(alone), total, msg("Ranking {count} layers", count=len(ranked)))
            before = {layer.name: self._session.masks.get(f"{layer.name}.weight") for layer, _ in ranked}
            known = {name: mask for name, mask in before.items() if mask is not None}
            masks |= global_masks(ranked, share * settings["amount"], known)
        return {f"{name}.weight": mask for name, mask in masks.items()}

    def state_dict(self) -> dict[str, Any]:
        return {}  # the session holds the masks

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Nothing to go on from."""

    def parts(self, alone: Sequence[Ranked], ranked: Sequence[Ranked], _: Mapping[str, Any]) -> LayerParts:
        """What a target chooses amounts for."""
        scores = {
            layer.name: unit_scores(layer, criterion, self._session.masks.get(f"{layer.name}.weight"))
            for layer, criterion in ranked
        }
        fixed = {
            f"{layer.name}.weight": local_mask(
                layer, criterion, layer.settings["amount"], self._session.masks.get(f"{layer.name}.weight")
            )
            for layer, criterion in alone
        }
        every = sum(p.numel() for p in self._session.network.module.parameters() if p.dim() >= 2)
        free = sum(layer.weight.numel() for layer, _ in ranked)
        pruned = sum(int((mask == 0).sum()) for mask in fixed.values())
        return LayerParts({pair[0].name: pair for pair in ranked}, scores, fixed, every - free - pruned)

    def amounts(self, chosen: Mapping[str, float]) -> Mapping[str, float]:
        """Layer → amount, of the amounts chosen for :meth:`parts`."""
        return chosen

    def finish(self) -> None:
        """Nothing: masks are all there is."""

    def _step(self, done: int, total: int, text: Message) -> None:
        self._cancel.check()
        self._emit(Progress(self._index, done, total, text))


@dataclass(frozen=True)
class LayerParts:
    """Layers whose amounts a target chooses; see :class:`backend.pruning._target.Parts`.

    Attributes:
        layers: by name.
        scores: of their units.
        fixed: masks of other layers.
        rest: weights of the network that stay whatever the amounts.
    """

    layers: Mapping[str, Ranked]
    scores: Mapping[str, Tensor]
    fixed: Mapping[str, Tensor]
    rest: float

    @property
    def each(self) -> Mapping[str, int]:
        return dict.fromkeys(self.scores, 1)

    def units(self) -> Mapping[str, int]:
        return {name: s.numel() for name, s in self.scores.items()}

    def shares(self, removed: Mapping[str, int]) -> dict[str, float]:
        return {name: count / self.scores[name].numel() for name, count in removed.items()}

    def given(self) -> dict[str, Tensor]:
        return dict(self.fixed)

    def masks(self, removed: Mapping[str, int]) -> dict[str, Tensor]:
        made: dict[str, Tensor] = {}
        for name, count in removed.items():
            layer, criterion = self.layers[name]
            keep = lowest(self.scores[name].flatten(), count)
            made[f"{name}.weight"] = spread(keep, self.scores[name], layer, unit_of(layer, criterion))
        return made

    def silenced(self, name: str) -> dict[str, Tensor]:
        return {f"{name}.weight": torch.zeros_like(self.layers[name][0].weight)}

    def costs(self, removed: Mapping[str, int]) -> Mapping[str, float]:
        left = sum(
            layer.weight.numel() * (1 - removed.get(name, 0) / self.scores[name].numel())
            for name, (layer, _) in self.layers.items()
        )
        return {"weights": self.rest + left}

    def left(self, removed: Mapping[str, int]) -> dict[str, int]:
        return {}

    def smaller(self, removed: Mapping[str, int]) -> Network:
        raise CompressionError(
            msg("Masks alone make no network smaller or faster."), msg("Set remove: true, or choose another target.")
        )

"""Weights that fine-tuning moves toward zero."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from backend.description import Reference
from backend.errors import Message, msg
from backend.pruning._base import Criterion, Evidence
from backend.pruning._units import statistic


class Movement:
    """S = −Σ_t w_t·∂L/∂w_t over the batches t of a training (Sanh et al. 2020, "Movement pruning: adaptive
    sparsity by fine-tuning", eq. 4 without its constant factor): negative where the loss pulls a weight to
    zero, positive where it pushes it away. A weight that is pruned stays at zero and keeps its S."""

    def __init__(self, evidence: Evidence) -> None:
        self._weights = {name: layer.module.get_parameter("weight") for name, layer in evidence.layers.items()}
        self._scores = {name: torch.zeros_like(weight) for name, weight in self._weights.items()}
        self._trained: set[str] = set()

    def after_backward(self) -> None:
        for name, weight in self._weights.items():
            if weight.grad is not None:
                self._trained.add(name)
                self._scores[name].addcmul_(weight.detach(), weight.grad, value=-1)

    def statistics(self) -> Mapping[str, Tensor | Message]:
        """S so far; before the first batch all of them are 0."""
        why = msg("Its weights are not trained, so they do not move")
        return {
            name: score.clone() if name in self._trained or not self._trained else why
            for name, score in self._scores.items()
        }

    def state_dict(self) -> dict[str, Any]:
        return {"scores": self._scores, "trained": sorted(self._trained)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        for name, score in state["scores"].items():
            self._scores[name].copy_(score)
        self._trained = set(state["trained"])


METHOD = Criterion(
    id="movement",
    label="Movement",
    summary="Removes the single weights that fine-tuning moves toward zero, however large they are.",
    when="When a pretrained network is fine-tuned on a new task and much is pruned. Works while weights move, "
    "so it costs a training.",
    reference=Reference(
        authors="Sanh, Wolf and Rush",
        title="Movement Pruning: Adaptive Sparsity by Fine-Tuning",
        year=2020,
        link="arXiv:2005.07683",
    ),
    unit="weight",
    scores=statistic,
    learn=Movement,
)

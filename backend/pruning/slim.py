"""Channels that the normalization after them scales down to nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from backend.description import Parameter, Reference
from backend.errors import Message, msg
from backend.pruning._base import Candidate, Criterion, Evidence
from backend.pruning._following import following
from backend.pruning._units import statistic


class Slimming:
    """Adds λ·Σ|γ| to the loss, γ the scales of the BatchNorm after each layer, by its subgradient λ·sign(γ);
    a channel scores |γ| (Liu et al. 2017, "Learning efficient convolutional networks through network
    slimming", eq. 1). A scale that follows two layers is penalized once."""

    def __init__(self, evidence: Evidence) -> None:
        after = following(evidence.module, evidence.layers, evidence.example)
        self._scales: dict[str, nn.Parameter | None] = {
            name: _scale(evidence.module, after[name].norm, layer) for name, layer in evidence.layers.items()
        }
        self._penalties = {
            scale: layer.settings["penalty"]
            for name, layer in evidence.layers.items()
            if (scale := self._scales[name]) is not None
        }

    @torch.no_grad()
    def after_backward(self) -> None:
        for scale, penalty in self._penalties.items():
            if scale.grad is not None:
                scale.grad.add_(scale.sign(), alpha=penalty)

    def statistics(self) -> Mapping[str, Tensor | Message]:
        why = msg("Needs a BatchNorm with scales right after it")
        return {name: why if scale is None else scale.detach().abs() for name, scale in self._scales.items()}

    def state_dict(self) -> dict[str, Any]:
        return {}  # the scales are the network's own

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Nothing to go on from."""


def _scale(module: nn.Module, norm: str | None, layer: Candidate) -> nn.Parameter | None:
    """γ of the BatchNorm called ``norm``, one per output channel of ``layer``."""
    found: Any = module.get_submodule(norm).weight if norm is not None else None
    fits = norm is not None and isinstance(module.get_submodule(norm), _BatchNorm)
    return found if fits and found is not None and len(found) == len(layer.weight) else None


METHOD = Criterion(
    id="slim",
    label="Slim",
    summary="Removes the channels that the BatchNorm after them scales smallest, and pulls scales to zero in training.",
    when="For convolutions followed by BatchNorm, best with some epochs of training in which the scales "
    "shrink. Ranking itself costs nothing.",
    reference=Reference(
        authors="Liu, Li, Shen, Huang, Yan and Zhang",
        title="Learning Efficient Convolutional Networks through Network Slimming",
        year=2017,
        link="arXiv:1708.06519",
    ),
    parameters=(
        Parameter(
            name="penalty",
            type="float",
            label="Penalty",
            default=1e-4,
            minimum=0.0,
            required=True,
            summary="How hard training pulls the scales to zero.",
        ),
    ),
    unit="channel",
    scores=statistic,
    learn=Slimming,
)

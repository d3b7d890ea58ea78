"""Whole channels drawn at random."""

from __future__ import annotations

import torch
from torch import Tensor

from backend.pruning._base import DIM, Candidate, Criterion


def scores(layer: Candidate) -> Tensor:
    """Uniform draws, one per slice of ``dim``; the seed of the recipe decides."""
    size = layer.weight.shape[layer.settings["dim"]]
    return torch.rand(size, generator=layer.generator).to(layer.weight.device)


METHOD = Criterion(
    id="random_structured",
    label="Random structured",
    summary="Removes whole channels at random: the yardstick that any other criterion must beat.",
    when="As a yardstick: a criterion that does not beat it is not worth its time. Needs no data.",
    parameters=(DIM,),
    unit="channel",
    scores=scores,
)

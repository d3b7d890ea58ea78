"""Single weights drawn at random."""

from __future__ import annotations

import torch
from torch import Tensor

from backend.pruning._base import Candidate, Criterion


def scores(layer: Candidate) -> Tensor:
    """Uniform draws, so that every weight is as likely to go; the seed of the recipe decides. Shape of the weight."""
    return torch.rand(layer.weight.shape, generator=layer.generator).to(layer.weight.device)


METHOD = Criterion(
    id="random_unstructured",
    label="Random unstructured",
    summary="Removes single weights at random: the yardstick that any other criterion must beat.",
    when="As a yardstick for single weights: a criterion that does not beat it is not worth its time. Needs no data.",
    unit="weight",
    scores=scores,
)

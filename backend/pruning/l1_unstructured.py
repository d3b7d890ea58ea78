"""Single weights with the smallest absolute value."""

from __future__ import annotations

from torch import Tensor

from backend.pruning._base import Candidate, Criterion


def scores(layer: Candidate) -> Tensor:
    """|w|, as torch.nn.utils.prune.L1Unstructured ranks (Han et al. 2015, "Learning both weights and
    connections", magnitude pruning). Shape of the weight."""
    return layer.weight.abs()


METHOD = Criterion(
    id="l1_unstructured",
    label="L1 unstructured",
    summary="Removes the single weights with the smallest absolute value.",
    unit="weight",
    scores=scores,
)

"""Single weights with the smallest absolute value."""

from __future__ import annotations

from torch import Tensor

from backend.description import Reference
from backend.pruning._base import Candidate, Criterion


def scores(layer: Candidate) -> Tensor:
    """|w|, as torch.nn.utils.prune.L1Unstructured ranks (Han et al. 2015, "Learning both weights and
    connections", magnitude pruning). Shape of the weight."""
    return layer.weight.abs()


METHOD = Criterion(
    id="l1_unstructured",
    label="L1 unstructured",
    summary="Removes the single weights with the smallest absolute value.",
    when="The first thing to try for single weights: strong with fine-tuning, and needs no data. Files become "
    "small when encoded; speed stays.",
    reference=Reference(
        authors="Han, Pool, Tran and Dally",
        title="Learning both Weights and Connections for Efficient Neural Networks",
        year=2015,
        link="arXiv:1506.02626",
    ),
    unit="weight",
    scores=scores,
)

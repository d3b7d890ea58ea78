"""Every weight below a threshold."""

from __future__ import annotations

from torch import Tensor

from backend.description import Parameter, Reference
from backend.pruning._base import Candidate, Criterion


def mask(layer: Candidate) -> Tensor:
    """0 where |w| < t, 1 elsewhere (Han et al. 2015). Shape of the weight."""
    kept: Tensor = layer.weight.abs() >= layer.settings["threshold"]
    return kept.to(layer.weight)


METHOD = Criterion(
    id="threshold",
    label="Threshold",
    summary="Removes every weight whose absolute value lies below a threshold; the amount follows from it.",
    when="When weights below a known size do not count, as after training with a penalty. The amount can't be chosen.",
    reference=Reference(
        authors="Han, Pool, Tran and Dally",
        title="Learning both Weights and Connections for Efficient Neural Networks",
        year=2015,
        link="arXiv:1506.02626",
    ),
    parameters=(
        Parameter(
            name="threshold",
            type="float",
            label="Threshold",
            default=0.01,
            minimum=0.0,
            required=True,
            summary="In the units of the weights themselves.",
        ),
    ),
    unit="weight",
    mask=mask,
)

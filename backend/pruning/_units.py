"""From what a criterion found out about each weight to what it says of a unit."""

from __future__ import annotations

from torch import Tensor

from backend.description import Parameter
from backend.pruning._base import Candidate

UNIT = Parameter(
    name="unit",
    type="choice",
    label="Unit",
    default="weight",
    choices=("weight", "channel"),
    required=True,
    summary="weight removes single weights, channel whole channels.",
)


def statistic(layer: Candidate) -> Tensor:
    """What was measured or learned about ``layer``.

    Raises:
        TypeError: nothing was; the caller ranks before it measures.
    """
    if layer.statistic is None:
        raise TypeError(f"{layer.name} was not measured")
    return layer.statistic


def per_unit(values: Tensor, layer: Candidate) -> Tensor:
    """``values`` of the weight's shape, summed over each unit that the settings name."""
    return per_channel(values, layer) if layer.settings["unit"] == "channel" else values


def per_channel(values: Tensor, layer: Candidate) -> Tensor:
    """``values`` of the weight's shape, summed over each slice of ``dim``; in float64."""
    return values.double().movedim(layer.settings["dim"], 0).flatten(1).sum(dim=1)

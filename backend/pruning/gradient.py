"""Weights and channels that the loss hardly reacts to."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from backend.errors import Message
from backend.pruning._base import DIM, Candidate, Criterion, Evidence
from backend.pruning._gradients import summed
from backend.pruning._units import UNIT, per_unit, statistic


def measure(evidence: Evidence) -> Mapping[str, Tensor | Message]:
    """Σ_b |∂L_b/∂w| of each weight over the calibration batches b, with L_b the mean loss of a batch: how
    much the loss reacts to the weight, whatever its size. Shape of the weight."""
    sums, _ = summed(evidence, lambda _layer, gradient, _images: gradient.abs())
    return sums


def scores(layer: Candidate) -> Tensor:
    """What was measured; for unit ``channel`` summed over the weights of each slice of ``dim``."""
    return per_unit(statistic(layer), layer)


METHOD = Criterion(
    id="gradient",
    label="Gradient",
    summary="Removes the weights or channels with the smallest gradients of the loss on calibration images.",
    when="To compare with criteria that weigh gradients by weights; rarely the best of them. One backward pass"
    " for each calibration batch.",
    parameters=(UNIT, DIM),
    unit="weight",
    scores=scores,
    measure=measure,
)

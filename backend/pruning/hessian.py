"""Weights and channels whose removal changes the loss least, to second order."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from backend.description import Reference
from backend.errors import Message
from backend.pruning._base import DIM, Candidate, Criterion, Evidence
from backend.pruning._gradients import summed
from backend.pruning._units import UNIT, per_unit, statistic


def measure(evidence: Evidence) -> Mapping[str, Tensor | Message]:
    """The diagonal of the empirical Fisher information, F = 1/N·Σ_n (∂L_n/∂w)², with L_n the loss of
    calibration image n on its label: each image is differentiated by itself, because the square of a
    batch's mean gradient is not the mean of squares. Shape of the weight."""
    sums, images = summed(evidence, lambda _layer, gradient, _images: gradient.square(), image_by_image=True)
    return {name: total / images for name, total in sums.items()}


def scores(layer: Candidate) -> Tensor:
    """½·F·w²: the saliency ½·h·w² of LeCun et al. 1990, "Optimal brain damage" (each term of eq. 2), with F
    for the diagonal h of the Hessian (Theis et al. 2018, "Faster gaze prediction with dense networks and
    Fisher pruning"); for unit ``channel`` summed over the weights of each slice of ``dim``."""
    return per_unit(layer.weight.double().square() * statistic(layer) / 2, layer)


METHOD = Criterion(
    id="hessian",
    label="Hessian",
    summary="Removes the weights or channels that the loss on calibration images would miss least, by its curvature.",
    when="When accuracy matters more than time: it knows the curvature of the loss. Each calibration image is "
    "differentiated by itself.",
    reference=Reference(
        authors="LeCun, Denker and Solla",
        title="Optimal Brain Damage",
        year=1990,
    ),
    parameters=(UNIT, DIM),
    unit="weight",
    scores=scores,
    measure=measure,
)

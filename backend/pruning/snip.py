"""Connections that do not matter to the loss, found before any training."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from backend.description import Reference
from backend.errors import Message
from backend.pruning._base import Criterion, Evidence
from backend.pruning._gradients import summed
from backend.pruning._units import statistic


def measure(evidence: Evidence) -> Mapping[str, Tensor | Message]:
    """|g_j| ÷ Σ_k |g_k| with g_j = w_j·∂L/∂w_j, L the mean loss over all calibration images and k over the
    weights of all layers that are measured together (Lee et al. 2019, "SNIP: single-shot network pruning
    based on connection sensitivity", eq. 4 and 5). Shape of the weight."""
    # Each batch counts by its images; what the sum lacks of a mean cancels in the quotient.
    sums, _ = summed(evidence, lambda layer, gradient, images: layer.weight * gradient * images)
    sensitivities = {name: total.abs().double() for name, total in sums.items()}
    whole = sum(float(values.sum()) for values in sensitivities.values())
    return {name: values / (whole or 1.0) for name, values in sensitivities.items()}


METHOD = Criterion(
    id="snip",
    label="SNIP",
    summary="Removes the single weights that matter least to the loss; made for a network before any training.",
    when="Before training from scratch, to choose once what shall be trained at all. One backward pass for "
    "each calibration batch.",
    reference=Reference(
        authors="Lee, Ajanthan and Torr",
        title="SNIP: Single-shot Network Pruning based on Connection Sensitivity",
        year=2019,
        link="arXiv:1810.02340",
    ),
    unit="weight",
    scores=statistic,
    measure=measure,
)

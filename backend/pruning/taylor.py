"""Channels whose removal changes the loss least, to first order."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from backend.description import Reference
from backend.errors import Message
from backend.pruning._base import DIM, Candidate, Criterion, Evidence
from backend.pruning._gradients import summed
from backend.pruning._units import per_channel, statistic


def measure(evidence: Evidence) -> Mapping[str, Tensor | Message]:
    """(Σ_{s∈S} g_s·w_s)² of each channel's weights S, with g the gradient of a batch's mean loss; squared
    for each batch, then averaged over the batches (Molchanov et al. 2019, "Importance estimation for
    neural network pruning", eq. 8, averaged over minibatches as its algorithm does). The bias and the
    normalization that follows do not count. One value per slice of ``dim``."""
    sums, batches = summed(evidence, _squared)
    return {name: total / batches for name, total in sums.items()}


def _squared(layer: Candidate, gradient: Tensor, _images: int) -> Tensor:
    return per_channel(layer.weight * gradient, layer).square()


METHOD = Criterion(
    id="taylor",
    label="Taylor",
    summary="Removes the channels whose removal should change the loss on calibration images least.",
    when="For whole channels when labeled images are at hand: mostly better than norms. One backward pass for "
    "each calibration batch.",
    reference=Reference(
        authors="Molchanov, Mallya, Tyree, Frosio and Kautz",
        title="Importance Estimation for Neural Network Pruning",
        year=2019,
        link="arXiv:1906.10771",
    ),
    parameters=(DIM,),
    unit="channel",
    scores=statistic,
    measure=measure,
)

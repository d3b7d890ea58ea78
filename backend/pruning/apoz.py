"""Channels whose activation is zero most of the time."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from backend.description import Reference
from backend.errors import Message, msg
from backend.evaluation._mode import evaluating
from backend.evaluation.accuracy import forward
from backend.pruning._base import Candidate, Criterion, Evidence
from backend.pruning._following import Activation, Watch
from backend.pruning._units import statistic


def measure(evidence: Evidence) -> Mapping[str, Tensor | Message]:
    """The share of zeros in each channel after the activation that follows the layer, over all calibration
    images and positions (Hu et al. 2016, "Network trimming", eq. 1: APoZ). One value per output channel."""
    counts = _Counts()
    with evaluating(evidence.module), torch.no_grad(), Watch(evidence.module, evidence.layers, counts.add):
        for done, (images, _) in enumerate(evidence.batches()):
            evidence.cancel.check()
            forward(evidence.module, images)
            evidence.progress(done + 1, evidence.count)
    why = msg("Needs an activation that gives zeros, such as ReLU, right after it")
    return {name: counts.zeros[name] / counts.all[name] if name in counts.all else why for name in evidence.layers}


class _Counts:
    """Zeros in each channel after each layer, and values in a channel."""

    def __init__(self) -> None:
        self.zeros: dict[str, Tensor] = {}
        self.all: dict[str, int] = {}

    def add(self, layer: str, activation: Activation) -> None:
        if not activation.gives_zeros:
            return
        zeros = activation.channels.eq(0).sum(dim=(0, 2), dtype=torch.double)
        self.zeros[layer] = self.zeros[layer].add_(zeros) if layer in self.zeros else zeros
        self.all[layer] = self.all.get(layer, 0) + activation.channels[:, 0].numel()


def scores(layer: Candidate) -> Tensor:
    """1 − APoZ: the share of values that are not zero."""
    return 1 - statistic(layer)


METHOD = Criterion(
    id="apoz",
    label="APoZ",
    summary="Removes the channels whose activation is zero on the largest share of calibration images.",
    when="For networks with ReLU, whose silent channels it finds. One pass over the calibration images.",
    reference=Reference(
        authors="Hu, Peng, Tai and Tang",
        title="Network Trimming: A Data-Driven Neuron Pruning Approach towards Efficient Deep Architectures",
        year=2016,
        link="arXiv:1607.03250",
    ),
    unit="channel",
    scores=scores,
    measure=measure,
)

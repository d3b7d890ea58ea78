"""Binarized networks: the sign of every weight and of every input, one bit each.

sign(v) is +1 for v ≥ 0, else −1; its gradient passes where |v| ≤ 1, and weights are kept from −1 to 1
(Courbariaux et al. 2016, Binarized Neural Networks, eq. 1 and 4, algorithm 1). A weight may be α·sign(w) with
α = mean|w| of its output channel, and a BatchNorm stands before each sign, or the sign of what a ReLU gives would
always be +1 (Rastegari et al. 2016, XNOR-Net, eq. 6 and section 3.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.description import Parameter, Reference
from backend.events import Emit
from backend.quantization._base import START, Learner, Scheme
from backend.quantization._fake import (
    EDGES,
    Fake,
    FakeQuantization,
    WeightQuantizer,
    rebuild,
)
from backend.quantization._inputs import Sign, signed
from backend.quantization._packing import applies
from backend.recipe import LayerPlan
from backend.session import Session

ID = "bnn"


class SignedWeight(WeightQuantizer):
    """α·sign(w): S·(Q − ½) with S = 2α; the gradient reaches the weight through α, too."""

    zero = False

    def __init__(self, per_channel: bool) -> None:
        super().__init__()
        self.per_channel = per_channel

    def forward(self, weight: Tensor) -> Tensor:
        return self._alpha(weight) * signed(weight)

    def code(self, weight: Tensor) -> tuple[Tensor, Tensor, float]:
        return signed(weight).add(1) / 2, 2 * self._alpha(weight), 0.5

    def bound(self, weight: Tensor) -> None:
        weight.clamp_(-1, 1)

    def _alpha(self, weight: Tensor) -> Tensor:
        if not self.per_channel:
            return torch.ones((), device=weight.device)
        return weight.abs().mean(tuple(range(1, weight.dim())), keepdim=True)


def make(layer: nn.Module, settings: Mapping[str, Any], normalized: bool) -> Fake:
    """How ``settings`` quantize ``layer``."""
    linear = isinstance(layer, nn.Linear)
    channels = layer.in_features if isinstance(layer, nn.Linear) else int(layer.in_channels)  # type: ignore[arg-type]
    inserts = settings["batch_norm"] and not normalized
    return Fake(1, "w1a1", SignedWeight(settings["per_channel"]), Sign(channels if inserts else None, linear))


def learn(session: Session, plans: Mapping[str, LayerPlan], index: int, emit: Emit, cancel: Cancel) -> Learner:
    """A network that trains with signs.

    Raises:
        CompressionError: a weight is pruned: a sign is never zero.
    """
    return FakeQuantization(session, plans, index, make)


METHOD = Scheme(
    id=ID,
    label="Binarized (BNN)",
    summary="One bit for each weight and each input. The file becomes small; it computes in float32, so latency does "
    "not fall.",
    when="For the very smallest files, where some accuracy may go. Needs a long training; best with BatchNorm "
    "before each sign.",
    reference=Reference(
        authors="Courbariaux, Hubara, Soudry, El-Yaniv and Bengio",
        title="Binarized Neural Networks: Training Deep Neural Networks with Weights and Activations "
        "Constrained to +1 or -1",
        year=2016,
        link="arXiv:1602.02830",
    ),
    parameters=(
        Parameter(
            name="per_channel",
            type="bool",
            label="Scale per channel",
            default=True,
            required=True,
            summary="Multiplies each output channel by the mean size of its weights, as XNOR-Net does.",
        ),
        Parameter(
            name="batch_norm",
            type="bool",
            label="Insert BatchNorm",
            default=True,
            required=True,
            summary="Before each sign, where the input does not come from a BatchNorm already.",
        ),
        EDGES,
        START,
    ),
    quantize=None,
    rebuild=rebuild,
    applies=applies,
    learn=learn,
    zero=False,
)

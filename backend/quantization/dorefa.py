"""DoReFa: tanh-normalized weights and activations from 0 to 1, both rounded to k bits.

quantize_k(r) = round((2^k − 1)·r) / (2^k − 1) for r from 0 to 1 (Zhou et al. 2016, DoReFa-Net, section 2.2). A
weight is 2·quantize_k(tanh(w) / (2·max|tanh(w)|) + ½) − 1, with one bit E|w|·sign(w) (section 2.3); an activation
is quantize_k(clamp(x, 0, 1)) (section 2.4). Rounding passes gradients straight through. Gradients themselves are
not quantized: the paper does that to train on small devices, and nothing of it is left in the network that comes
out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.description import Reference
from backend.events import Emit
from backend.quantization._base import START, Learner, Scheme
from backend.quantization._fake import (
    EDGES,
    TENSORS,
    Fake,
    FakeQuantization,
    WeightQuantizer,
    few_bits,
    precision,
    rebuild,
)
from backend.quantization._inputs import Grid, straight
from backend.quantization._packing import applies
from backend.recipe import LayerPlan
from backend.session import Session

ID = "dorefa"


class Normalized(WeightQuantizer):
    """The values of a weight are S·(Q − Z): S = 2/(2^k − 1) and Z = (2^k − 1)/2, with one bit S = 2·E|w| and Z = ½."""

    zero = False

    def __init__(self, bits: int) -> None:
        super().__init__()
        self.levels = 2**bits - 1

    def forward(self, weight: Tensor) -> Tensor:
        if self.levels == 1:
            integers, scale, zero_point = self.code(weight.detach())
            return straight(weight, scale * (integers - zero_point))
        share = self._share(weight)
        return straight(share, share.detach().round()).sub(self.levels / 2).mul(2 / self.levels)

    def code(self, weight: Tensor) -> tuple[Tensor, Tensor, float]:
        if self.levels == 1:
            return (weight >= 0).to(weight.dtype), 2 * weight.abs().mean(), 0.5
        return self._share(weight).round(), weight.new_tensor(2 / self.levels), self.levels / 2

    def _share(self, weight: Tensor) -> Tensor:
        """From 0 to 2^k − 1, not rounded yet."""
        bounded = torch.tanh(weight)
        most = bounded.abs().max().clamp(min=torch.finfo(weight.dtype).tiny)
        return bounded.div(2 * most).add(0.5).mul(self.levels)


def make(layer: nn.Module, settings: Mapping[str, Any], normalized: bool) -> Fake:
    """How ``settings`` quantize ``layer``."""
    tensors, bits, input_bits = settings["tensors"], settings["weight_bits"], settings["activation_bits"]
    inputs = Grid(input_bits, signed=False)
    inputs.step.fill_(1 / (2**input_bits - 1))
    return Fake(
        bits,
        precision(bits, input_bits, tensors),
        Normalized(bits) if tensors != "activations" else None,
        inputs if tensors != "weights" else None,
    )


def learn(session: Session, plans: Mapping[str, LayerPlan], index: int, emit: Emit, cancel: Cancel) -> Learner:
    """A network that trains on these grids.

    Raises:
        CompressionError: a weight is pruned: the grid has no zero.
    """
    return FakeQuantization(session, plans, index, make)


METHOD = Scheme(
    id=ID,
    label="DoReFa",
    summary="Weights squeezed by tanh and inputs clamped to 0 … 1, at 1 to 8 bits each. Inputs that are negative or "
    "above 1 are cut, so it suits networks with bounded activations. Computes in float32, so latency does not fall.",
    when="For 1 to 4 bits when the network is trained anyway and its activations are bounded. Costs a training.",
    reference=Reference(
        authors="Zhou, Wu, Ni, Zhou, Wen and Zou",
        title="DoReFa-Net: Training Low Bitwidth Convolutional Neural Networks with Low Bitwidth Gradients",
        year=2016,
        link="arXiv:1606.06160",
    ),
    parameters=(
        few_bits("weight_bits", "Weight bits", 1),
        few_bits("activation_bits", "Activation bits", 1),
        TENSORS,
        EDGES,
        START,
    ),
    quantize=None,
    rebuild=rebuild,
    applies=applies,
    learn=learn,
    zero=False,
)

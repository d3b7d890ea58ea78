"""Learned step size quantization: the step sizes of weights and activations train beside the weights.

v̂ = s·round(clip(v / s, −Q_N, Q_P)); the gradient of s is scaled by g = 1/√(N·Q_P), and s begins with
2·mean|v|/√Q_P (Esser et al. 2020, Learned Step Size Quantization, eq. 1 to 3, sections 2.1 and 2.2).
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.description import Parameter, Reference
from backend.events import Emit
from backend.quantization._base import START, Learner, Scheme
from backend.quantization._fake import (
    EDGE_BITS,
    EDGES,
    TENSORS,
    Fake,
    FakeQuantization,
    WeightQuantizer,
    few_bits,
    precision,
    rebuild,
)
from backend.quantization._inputs import Grid, bounds, learned
from backend.quantization._packing import applies
from backend.recipe import LayerPlan
from backend.session import Session

ID = "lsq"
SMALLEST = 1e-8
"""No step size begins below this."""
FACTOR = 2.0
"""One batch changes a step size by no more than this; a gradient that is far too large would make it zero."""


class LearnedStep(Grid):
    """The input of a layer; its step size, and whether its integers are signed, come from the first batch.

    Of a layer that is called more than once every call of that batch counts.
    """

    _before: Tensor

    def __init__(self, bits: int) -> None:
        super().__init__(bits, signed=False)
        del self.step
        self.step = nn.Parameter(torch.ones(()))
        self.ready = self._settled = False
        self._sum = self._count = 0.0
        self.register_buffer("_before", self.step.detach().clone(), persistent=False)

    def forward(self, values: Tensor) -> Tensor:
        if self.training and not self._settled:
            self._watch(values.detach())
        return super().forward(values) if self.ready else values

    def gain(self, values: Tensor) -> float:
        """Esser's g of an activation: N counts the values of one input."""
        return 1 / math.sqrt(values[0].numel() * bounds(self.bits, self.signed)[1])

    def settle(self) -> None:
        self._settled = self.ready
        self._before = held(self.step, self._before)

    def _watch(self, values: Tensor) -> None:
        self.ready = True
        self.signed = self.signed or bool((values < 0).any())
        self._sum += float(values.float().abs().mean()) * values.numel()
        self._count += values.numel()
        high = bounds(self.bits, self.signed)[1]
        self.step.data.fill_(max(SMALLEST, 2 * self._sum / self._count / math.sqrt(high)))
        self._before = self.step.detach().clone()


class LearnedWeightStep(WeightQuantizer):
    """A weight; one step size, or one for each row.

    Args:
        weight: begins with it; its zeros (it may be pruned) are left out of the mean.
        bits: 2 to 8.
        per_channel: a step size for each row of its first axis.
    """

    _before: Tensor

    def __init__(self, weight: Tensor, bits: int, per_channel: bool) -> None:
        super().__init__()
        self.low, self.high = bounds(bits, signed=True)
        self.per_channel, self.ready = per_channel, False
        shape = (weight.shape[0], *[1] * (weight.dim() - 1)) if per_channel else ()
        self.step = nn.Parameter(torch.ones(shape))
        self.register_buffer("_before", self.step.detach().clone(), persistent=False)

    def forward(self, weight: Tensor) -> Tensor:
        if not self.ready:
            self._start(weight.detach())
        shared = weight[0].numel() if self.per_channel else weight.numel()
        return learned(weight, self.step, self.low, self.high, 1 / math.sqrt(shared * self.high))

    def settle(self) -> None:
        self._before = held(self.step, self._before)

    def keep(self, rows: Tensor) -> None:
        if self.per_channel:
            self.step = nn.Parameter(self.step.detach()[rows.to(self.step.device)])

    def code(self, weight: Tensor) -> tuple[Tensor, Tensor, float]:
        integers = weight.div(self.step.detach()).clamp_(self.low, self.high).round_()
        return integers - self.low, self.step.detach(), float(-self.low)

    def _start(self, weight: Tensor) -> None:
        self.ready = True
        rows = weight.flatten(1) if self.per_channel else weight.reshape(1, -1)
        mean = rows.abs().sum(1) / rows.count_nonzero(1).clamp(min=1)
        self.step.data.copy_((2 * mean / math.sqrt(self.high)).clamp(min=SMALLEST).reshape(self.step.shape))
        self._before = self.step.detach().clone()


def held(step: Tensor, before: Tensor) -> Tensor:
    """Bring ``step`` back to within ``FACTOR`` of what it was ``before``, in place; a copy of it."""
    step.data.clamp_(before / FACTOR, before * FACTOR)
    return step.detach().clone()


def make(layer: nn.Module, settings: Mapping[str, Any], normalized: bool) -> Fake:
    """How ``settings`` quantize ``layer``."""
    tensors, bits, input_bits = settings["tensors"], settings["weight_bits"], settings["activation_bits"]
    weight = LearnedWeightStep(layer.get_parameter("weight"), bits, settings["per_channel"])
    return Fake(
        bits,
        precision(bits, input_bits, tensors),
        weight if tensors != "activations" else None,
        LearnedStep(input_bits) if tensors != "weights" else None,
    )


def learn(session: Session, plans: Mapping[str, LayerPlan], index: int, emit: Emit, cancel: Cancel) -> Learner:
    """A network whose step sizes train with its weights."""
    return FakeQuantization(session, plans, index, make)


METHOD = Scheme(
    id=ID,
    label="Learned step size (LSQ)",
    summary="Step sizes of weights and activations train with the weights, at 2 to 8 bits. The file becomes small; it "
    "computes in float32, so latency does not fall.",
    when="For 2 to 4 bits with the least loss of accuracy. Costs a training: some epochs at a small learning rate.",
    reference=Reference(
        authors="Esser, McKinstry, Bablani, Appuswamy and Modha",
        title="Learned Step Size Quantization",
        year=2020,
        link="arXiv:1902.08153",
    ),
    parameters=(
        few_bits("weight_bits", "Weight bits", 2),
        few_bits("activation_bits", "Activation bits", 2),
        TENSORS,
        Parameter(
            name="per_channel",
            type="bool",
            label="Step per channel",
            default=False,
            required=True,
            advanced=True,
            summary="One step size for each output channel of a weight instead of one for all.",
        ),
        dataclasses.replace(EDGES, choices=("float", EDGE_BITS, "same")),
        START,
    ),
    quantize=None,
    rebuild=rebuild,
    applies=applies,
    learn=learn,
)

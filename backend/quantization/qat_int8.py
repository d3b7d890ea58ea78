"""Quantization-aware training: weights and activations are rounded while the weights move, and end in int8.

Jacob et al. 2018, "Quantization and training of neural networks for efficient integer-arithmetic-only inference":
the forward pass rounds as the int8 kernels will, r = S · (Q − Z) (equation 1), and the gradient passes through.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from torch import nn

from backend.cancel import Cancel
from backend.description import Parameter, Reference
from backend.events import Emit
from backend.quantization import _int8
from backend.quantization._base import START, TRACES, Learner, Outcome, Scheme, path_of
from backend.quantization._engines import highest_level
from backend.quantization._fx import ALL, adopt, training
from backend.quantization._int8 import Int8Plan, stage_settings
from backend.recipe import LayerPlan
from backend.session import Session


class QuantizationAware:
    """The network that trains, and what it becomes (see :class:`backend.quantization._base.Learner`)."""

    parameters: Sequence[nn.Parameter] = ()

    def __init__(
        self, session: Session, plans: Mapping[str, LayerPlan], index: int, emit: Emit, cancel: Cancel
    ) -> None:
        self._session, self._index, self._settings = session, index, stage_settings(plans)
        plan, module = Int8Plan.of(plans, path_of(session, index)), session.network.module
        self._plan = _int8.settled(plan, session, index, emit, cancel)
        self.choices: Mapping[str, Any] = {"engine": self._plan.engine} if plan.engine == "auto" else {}
        self._training = training(self._plan.converter(module), module, highest_level(self._plan.engine))
        self.module: nn.Module = self._training

    def tap(self, layer: str) -> nn.Module:
        return self._training.tap(layer)

    def begin(self) -> None:
        self._training.switch.on = True
        self._freeze(0.0)

    def after_step(self, share: float) -> None:
        if self._training.switch.on:
            start = self._settings["start"]
            self._freeze((share - start) / (1 - start))

    def state_dict(self) -> dict[str, Any]:
        switch = self._training.switch
        return {"on": switch.on, "observing": switch.observing, "frozen": self._training.frozen}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        self._training.switch.on, self._training.switch.observing = state["on"], state["observing"]
        if state["frozen"]:
            self._training.freeze_batch_norm()

    def convert(self, emit: Emit, cancel: Cancel) -> Outcome:
        before = self._session.network.module
        converter = self._plan.converter(before)
        adopt(converter, self._training)
        made = _int8.finished(self._plan, converter, before, self._session, self._index, emit, cancel)
        return dataclasses.replace(made, choices=self.choices)

    def _freeze(self, share: float) -> None:
        """``share`` of the quantized part of the training is done."""
        if share >= self._settings["freeze_batch_norm"]:
            self._training.freeze_batch_norm()
        if share >= self._settings["freeze_observers"]:
            self._training.switch.observing = False


def learn(session: Session, plans: Mapping[str, LayerPlan], index: int, emit: Emit, cancel: Cancel) -> Learner:
    """The network of ``session`` with fake quantization.

    Raises:
        CompressionError: nothing of it can become int8, or the engine is not here or not fit.
    """
    return QuantizationAware(session, plans, index, emit, cancel)


METHOD = Scheme(
    id="qat_int8",
    label="Quantization-aware int8",
    summary="Rounds weights and activations to int8 while the weights move, which win back what rounding costs.",
    when="When static int8 costs too much accuracy. The same speed in the end, for some epochs of training.",
    reference=Reference(
        authors="Jacob et al.",
        title="Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference",
        year=2018,
        link="arXiv:1712.05877",
    ),
    parameters=(
        START,
        _int8.ENGINE,
        _int8.observer("moving_average"),
        Parameter(
            name="tensors",
            type="choice",
            label="Tensors",
            default=ALL,
            choices=(ALL, "input_weight", "weight_output", "input_output", "input", "weight", "output"),
            required=True,
            advanced=True,
            summary="What of a layer is rounded. An int8 kernel needs all; with less, the layer computes in float with "
            "rounded values.",
        ),
        Parameter(
            name="freeze_batch_norm",
            type="float",
            label="Freeze BatchNorm",
            default=0.5,
            minimum=0.0,
            maximum=1.0,
            percent=True,
            required=True,
            per_layer=False,
            advanced=True,
            summary="The share of the quantized training after which the statistics of BatchNorm stand still.",
        ),
        Parameter(
            name="freeze_observers",
            type="float",
            label="Freeze ranges",
            default=0.9,
            above=0.0,
            maximum=1.0,
            percent=True,
            required=True,
            per_layer=False,
            advanced=True,
            summary="The share of the quantized training after which the ranges of activations stand still.",
        ),
        _int8.WEIGHTS,
        _int8.WEIGHT_SCHEME,
        _int8.ACTIVATION_SCHEME,
    ),
    quantize=None,
    rebuild=_int8.rebuild,
    applies=_int8.applies,
    stays=_int8.stays,
    learn=learn,
    learning_rate=0.1,
    turn=TRACES,
)

"""What a quantization scheme is. The engine beneath (torch.ao FX today) is known to one folder, ``_fx``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from torch import Tensor, nn

from backend.cancel import Cancel
from backend.description import Method, Parameter
from backend.errors import Message
from backend.events import Emit
from backend.recipe import LayerPlan

if TYPE_CHECKING:
    from backend.session import Session


@dataclass(frozen=True)
class Outcome:
    """What a scheme did.

    Attributes:
        module: the quantized network.
        data: what JSON can hold and ``rebuild`` needs to make the same structure from the float
            network; the resolved choices (the engine's name, not ``auto``) are in it.
        layers: layer name → {"precision": "int8", "scale": …, "zero_point": …} where known.
        left_in_float: layer name → why it was not quantized.
        choices: settings that were chosen automatically (``engine`` → ``onednn``).
        reference: the float network that errors per layer are measured against, with layers joined
            as in ``module``; None where the network itself will do.
        files: name (``calibration.json``) → what JSON can hold, written beside the stage's checkpoint.
    """

    module: nn.Module
    data: Mapping[str, Any]
    layers: Mapping[str, Mapping[str, Any]]
    left_in_float: Mapping[str, Message]
    choices: Mapping[str, Any]
    reference: nn.Module | None = None
    files: Mapping[str, Any] = field(default_factory=dict)


START = Parameter(
    name="start",
    type="float",
    label="Start",
    default=0.0,
    minimum=0.0,
    maximum=0.95,
    percent=True,
    required=True,
    per_layer=False,
    advanced=True,
    summary="The share of the training after which quantization begins.",
)
"""A parameter of every scheme that learns."""


TRACES, SWAPS, CASTS, PACKS = range(4)
"""Turns of schemes: the network as graphs on int8 kernels, layers swapped for such, casts, weights in few bits."""


class Learner(Protocol):
    """A network that is quantized while its weights move.

    Attributes:
        module: what trains in place of the session's network. It computes as the quantized network will
            (fake quantization) with the very parameters and buffers of ``session.network.module``, so that
            masks and the float weights stay where everything else looks for them
            (see :func:`backend.network.twin`).
        parameters: what it adds to what is trained (step sizes, centroids); without weight decay.
        choices: settings that were chosen automatically (``engine`` → ``onednn``) before anything trained; a
            training that is resumed begins with them.
    """

    module: nn.Module
    parameters: Sequence[nn.Parameter]
    choices: Mapping[str, Any]

    def tap(self, layer: str) -> nn.Module:
        """What in ``module`` gives the output of ``layer`` of the float network; a container is one, too.

        Raises:
            CompressionError: nothing does.
        """

    def begin(self) -> None:
        """Quantize from the next batch on; until then ``module`` computes in float."""

    def after_step(self, share: float) -> None:
        """The optimizer has stepped; ``share`` (0 to 1) of the training is done."""

    def state_dict(self) -> dict[str, Any]:
        """What it knows beside what ``module`` and its parts hold, as tensors and plain data."""

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what :meth:`state_dict` gave; ``module`` is as it was then."""

    def convert(self, emit: Emit, cancel: Cancel) -> Outcome:
        """The network that really holds the low precision."""


@dataclass(frozen=True, kw_only=True)
class Scheme(Method):
    """How to quantize.

    Attributes:
        quantize: ``quantize(session, plans, index, emit, cancel) -> Outcome``: works on a copy of
            ``session.network.module`` (float); ``plans`` holds the LayerPlan of every layer that has
            a weight, and under an empty name that of operations which are no layer (additions, pooling).
            None where the scheme works only while weights move.
        rebuild: ``rebuild(float_module, data) -> nn.Module`` makes the quantized structure again, so
            that its state dict can be loaded strictly.
        applies: None where the layer qualifies, else why not.
        stays: ``stays(module) -> {layer: why}``: layers that qualify by themselves and yet stay as they are in this
            network, as far as that is known without running it; None where ``applies`` says all.
        learn: ``learn(session, plans, index, emit, cancel) -> Learner`` for an entry of a ``during`` list; None
            where the scheme does not train.
        weight: ``weight(values, settings) -> values``: what a float weight is rounded to, in its shape, where
            the scheme changes weights alone; it allows bit widths to be compared without converting.
        converts: whether the network can't be trained afterwards.
        calibrates: whether it looks at calibration images.
        zero: whether a pruned weight and a silent channel are exactly zero to it while it trains, so that the
            channel can be removed.
        learning_rate: what it multiplies the optimizer's usual learning rate by, where it trains.
        turn: when it works, where layers of one stage differ in their schemes: lower ones first. What traces the
            network must find float layers, and what casts must find what runs on int8 kernels.
        presets: name → settings that are usual together, which a form offers.
    """

    quantize: Callable[[Session, Mapping[str, LayerPlan], int, Emit, Cancel], Outcome] | None
    rebuild: Callable[[nn.Module, Mapping[str, Any]], nn.Module]
    applies: Callable[[nn.Module], Message | None]
    stays: Callable[[nn.Module], Mapping[str, Message]] | None = None
    learn: Callable[[Session, Mapping[str, LayerPlan], int, Emit, Cancel], Learner] | None = None
    weight: Callable[[Tensor, Mapping[str, Any]], Tensor] | None = None
    converts: bool = True
    calibrates: bool = False
    zero: bool = True
    learning_rate: float = 1.0
    turn: int = PACKS
    presets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def traits(self) -> dict[str, Any]:
        return {
            "converts": self.converts,
            "calibrates": self.calibrates,
            "zero": self.zero,
            "learns": self.learn is not None,
            "by_itself": self.quantize is not None,
            "weights_only": self.weight is not None,
            "presets": {name: dict(settings) for name, settings in self.presets.items()},
        }


def path_of(session: Session, index: int) -> str:
    """Where the quantize stage stands in the recipe that works in stage ``index``, by itself or while that trains."""
    stages = session.recipe.stages
    during = stages[index].during if index < len(stages) else ()
    number = next((n for n, entry in enumerate(during) if entry.kind == "quantize"), None)
    return f"stages.{index}.quantize" if number is None else f"stages.{index}.train.during.{number}.quantize"

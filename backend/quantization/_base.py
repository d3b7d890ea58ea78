"""What a quantization scheme is. The engine beneath (torch.ao FX today) is known to one folder, ``_fx``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from torch import nn

from backend.cancel import Cancel
from backend.description import Method
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
    """

    module: nn.Module
    data: Mapping[str, Any]
    layers: Mapping[str, Mapping[str, Any]]
    left_in_float: Mapping[str, Message]
    choices: Mapping[str, Any]
    reference: nn.Module | None = None


@dataclass(frozen=True, kw_only=True)
class Scheme(Method):
    """How to quantize.

    Attributes:
        quantize: ``quantize(session, plans, index, emit, cancel) -> Outcome``: works on a copy of
            ``session.network.module`` (float); ``plans`` holds the LayerPlan of every layer that has
            a weight, and under an empty name that of operations which are no layer (additions, pooling).
        rebuild: ``rebuild(float_module, data) -> nn.Module`` makes the quantized structure again, so
            that its state dict can be loaded strictly.
        applies: None where the layer qualifies, else why not.
        converts: whether the network runs on low-precision kernels afterwards and can't be trained.
    """

    quantize: Callable[[Session, Mapping[str, LayerPlan], int, Emit, Cancel], Outcome]
    rebuild: Callable[[nn.Module, Mapping[str, Any]], nn.Module]
    applies: Callable[[nn.Module], Message | None]
    converts: bool = True
    calibrates: bool = False

    def traits(self) -> dict[str, Any]:
        return {"converts": self.converts, "calibrates": self.calibrates}

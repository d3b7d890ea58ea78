"""An activation for another one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from torch import nn

from backend.description import Parameter
from backend.errors import Message, msg
from backend.replacement._base import Replacement

MADE: Mapping[str, Callable[..., nn.Module]] = {
    "relu": nn.ReLU,
    "relu6": nn.ReLU6,
    "leaky_relu": nn.LeakyReLU,
    "prelu": nn.PReLU,
    "elu": nn.ELU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "hardswish": nn.Hardswish,
    "mish": nn.Mish,
    "tanh": nn.Tanh,
}
"""What can be made; layers of these kinds, and of ``OTHERS``, can be replaced."""
OTHERS = (nn.RReLU, nn.SELU, nn.CELU, nn.Softplus, nn.Hardtanh)
KINDS = (nn.ReLU, nn.ReLU6, nn.LeakyReLU, nn.PReLU, nn.ELU, nn.GELU, nn.SiLU, nn.Hardswish, nn.Mish, nn.Tanh, *OTHERS)
GATES = (nn.Sigmoid, nn.Hardsigmoid, nn.Softmax, nn.LogSoftmax, nn.Softmax2d, nn.LogSigmoid)


def applies(module: nn.Module) -> Message | None:
    if isinstance(module, GATES):
        return msg("Its values are shares or probabilities, which others would not be")
    return None if type(module) in KINDS else msg("It is no activation")


def replace(module: nn.Module, settings: Mapping[str, Any]) -> nn.Module:
    """Works in place where the old one does and the new one can: forwards may count on it."""
    made: Any = MADE[settings["to"]]()
    if getattr(module, "inplace", False) and hasattr(made, "inplace"):
        made.inplace = True
    return made  # type: ignore[no-any-return]


METHOD = Replacement(
    id="activation",
    label="Activation",
    summary="Exchanges the kind of activation.",
    when="ReLU where a network shall run in int8 or be quick anywhere; SiLU or Hardswish for accuracy. Fine-tune "
    "afterwards: the weights were trained with the old kind.",
    parameters=(Parameter(name="to", type="choice", label="Kind", default="relu", choices=tuple(MADE), required=True),),
    kinds=KINDS,
    applies=applies,
    replace=replace,
    calls=frozenset({*MADE, "hardtanh", "selu", "celu", "rrelu", "softplus"}),
)

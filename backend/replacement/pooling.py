"""Maximum pooling for average pooling over the same windows, and the other way round."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import nn

from backend.description import Parameter
from backend.errors import Message, msg
from backend.replacement._base import Replacement

PAIRS: Mapping[type[nn.Module], type[nn.Module]] = {
    nn.MaxPool1d: nn.AvgPool1d,
    nn.MaxPool2d: nn.AvgPool2d,
    nn.MaxPool3d: nn.AvgPool3d,
    nn.AdaptiveMaxPool1d: nn.AdaptiveAvgPool1d,
    nn.AdaptiveMaxPool2d: nn.AdaptiveAvgPool2d,
    nn.AdaptiveMaxPool3d: nn.AdaptiveAvgPool3d,
}
"""Maximum → average."""
BACK: Mapping[type[nn.Module], type[nn.Module]] = {average: maximum for maximum, average in PAIRS.items()}


def applies(module: nn.Module) -> Message | None:
    if type(module) not in PAIRS and type(module) not in BACK:
        return msg("It is no pooling layer")
    if getattr(module, "return_indices", False):
        return msg("It returns where the maxima are, too")
    if getattr(module, "dilation", 1) not in (1, (1, 1), (1, 1, 1)):
        return msg("Its windows have gaps, which average pooling can't have")
    if getattr(module, "divisor_override", None) is not None:
        return msg("It divides by a number of its own")
    return None


def replace(module: nn.Module, settings: Mapping[str, Any]) -> nn.Module:
    """Averages leave out the padding, as maxima do."""
    old: Any = module
    new: Any = (PAIRS if settings["to"] == "average" else BACK).get(type(module), type(module))
    if hasattr(old, "output_size"):
        return new(old.output_size)  # type: ignore[no-any-return]
    window = {"stride": old.stride, "padding": old.padding, "ceil_mode": old.ceil_mode}
    if new in BACK:
        window["count_include_pad"] = False
    return new(old.kernel_size, **window)  # type: ignore[no-any-return]


METHOD = Replacement(
    id="pooling",
    label="Pooling",
    summary="Exchanges maximum and average pooling over the same windows.",
    when="For devices that know one of them only, or to try which suits the data. Fine-tune afterwards: the next layer "
    "sees other values.",
    parameters=(
        Parameter(name="to", type="choice", label="Kind", default="average", choices=("average", "max"), required=True),
    ),
    kinds=(*PAIRS, *BACK),
    applies=applies,
    replace=replace,
    calls=frozenset(
        f"{adaptive}{kind}_pool{n}d" for adaptive in ("", "adaptive_") for kind in ("max", "avg") for n in (1, 2, 3)
    ),
)

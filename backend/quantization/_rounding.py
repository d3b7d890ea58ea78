"""What schemes share that round weights layer by layer: which layers, which settings, what to tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from backend.description import Parameter
from backend.errors import CompressionError, Message, Repair, msg
from backend.quantization._codes import blocks
from backend.recipe import LayerPlan

ROW = "row"
BITS = Parameter(
    name="bits",
    type="int",
    label="Bits",
    default=4,
    minimum=2,
    maximum=8,
    required=True,
    summary="Bits of a weight; its scale is shared by the weights of a group.",
)
GROUP = Parameter(
    name="group",
    type="choice",
    label="Group",
    default=64,
    choices=(32, 64, 128, 256, ROW),
    required=True,
    summary="Weights that share a scale: so many neighbors in a row, or a whole row (an output channel).",
)
SCHEME = Parameter(
    name="weight_scheme",
    type="choice",
    label="Weight range",
    default="affine",
    choices=("affine", "symmetric"),
    required=True,
    summary="Affine uses all levels for the range of a group, with a byte for its zero point; symmetric needs none.",
)


def chosen(
    module: nn.Module, plans: Mapping[str, LayerPlan], applies: Callable[[nn.Module], Message | None], path: str
) -> tuple[dict[str, Mapping[str, Any]], dict[str, Message]]:
    """Settings of the planned layers that can be rounded, and why the others that have weights can't be.

    ``path`` is the stage's place in the recipe, for the repair.

    Raises:
        CompressionError: there is no such layer, or a weight is NaN or infinite.
    """
    wanted: dict[str, Mapping[str, Any]] = {}
    left: dict[str, Message] = {}
    for name, plan in plans.items():
        if not name or plan.settings is None:
            continue
        layer = module.get_submodule(name)
        why = applies(layer)
        if why is None:
            wanted[name] = plan.settings
            _refuse_infinite(name, layer, path)
        elif holds_weights(layer):
            left[name] = why
    if (rest := plans.get("")) is not None and rest.settings is not None:
        left |= {
            name: msg("Its weights are not those of a layer")
            for name, part in module.named_modules()
            if name and name not in plans and holds_weights(part)
        }
        own = module.named_parameters(recurse=False)  # of the network itself, which has no name
        left |= {name: msg("Its weights are not those of a layer") for name, value in own if value.dim() > 1}
    if not wanted:
        raise CompressionError(
            msg("None of the chosen layers has a weight that can be rounded."),
            msg("Choose convolutions or linear layers, or another method."),
        )
    return wanted, left


def holds_weights(part: nn.Module) -> bool:
    """Vectors (a bias, a normalization) are no weights."""
    return any(parameter.dim() > 1 for parameter in part.parameters(recurse=False))


def _refuse_infinite(name: str, layer: nn.Module, path: str) -> None:
    if bool(torch.isfinite(layer.get_parameter("weight")).all()):
        return
    raise CompressionError(
        msg("The weights of {layer} hold NaN or infinite values.", layer=name),
        msg("Train again if the training diverged, or keep the layer in float."),
        repair=Repair(msg("Keep {layer} in float", layer=name), {f"{path}.layers.{name}": "keep"}),
    )


def group_of(settings: Mapping[str, Any], columns: int) -> int:
    """Weights in a block, at most a row's."""
    return columns if settings["group"] == ROW else min(settings["group"], columns)


def told(code: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> dict[str, Any]:
    """What a person is told of a packed layer: scale and zero point where there is one for all weights."""
    facts: dict[str, Any] = {"precision": code["precision"], "bits": code["bits"], "group": code["group"]}
    if tensors["scales"].numel() == 1:
        facts["scale"] = float(tensors["scales"])
        if code["kind"] == blocks.KIND:
            points = tensors.get("zero_points")
            facts["zero_point"] = code["zero_point"] if points is None else int(points)
    return facts

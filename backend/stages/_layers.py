"""Which layers a stage acts on."""

from __future__ import annotations

from collections.abc import Mapping

from torch import nn

from backend.errors import CompressionError, msg, nearest
from backend.recipe import LayerPlan, Stage, plan, unmatched
from backend.registry import catalogue


def layer_plans(module: nn.Module, stage: Stage, *, weightless: bool = False) -> dict[str, LayerPlan]:
    """What ``stage`` does to every layer of ``module`` that has a weight of its own, in their order; ``weightless``
    adds those that have none (activations, pooling).

    Raises:
        CompressionError: a pattern of the stage matches nothing; the hint names the nearest layer.
    """
    types = {name: type(child).__name__ for name, child in module.named_modules() if name}
    for pattern in unmatched(stage, types):
        if pattern == "*":
            continue
        close = nearest(pattern, types)
        raise CompressionError(
            msg("No layer of this network is called {pattern}.", pattern=pattern),
            msg("Did you mean {close}?", close=close)
            if close
            else msg("Its layers are: {layers}.", layers=", ".join(list(types)[:12])),
        )
    return {
        name: plan(stage, name, types[name], catalogue())
        for name, child in module.named_modules()
        if name and not any(True for _ in child.children()) and (weightless or has_weight(child))
    }


def quantization_plans(module: nn.Module, stage: Stage) -> dict[str, LayerPlan]:
    """The plans of a quantize stage: every layer's, and under an empty name that of operations that are no layer.

    Raises:
        CompressionError: a pattern of the stage matches nothing, or every layer is kept.
    """
    layers = layer_plans(module, stage)
    if layers and all(each.settings is None for each in layers.values()):
        raise CompressionError(
            msg("Every layer is kept as it is, so there is nothing to quantize."),
            msg("Remove a keep from the stage's layers, or remove the stage."),
        )
    return {**layers, "": plan(stage, "", "", catalogue())}


def schemes(plans: Mapping[str, LayerPlan]) -> list[str]:
    """Ids of the methods in ``plans`` that quantize a layer."""
    return sorted({plan.settings["method"] for name, plan in plans.items() if name and plan.settings is not None})


def has_weight(module: nn.Module) -> bool:
    """Whether a leaf layer holds weights a stage can act on."""
    return any(True for _ in module.parameters(recurse=False))

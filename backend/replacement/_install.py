"""Puts a replacement in place of a layer, now or when a saved network is opened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from torch import nn

from backend.errors import CompressionError, msg
from backend.registry import method
from backend.replacement._base import Replacement

KIND = "replace"


def install(module: nn.Module, name: str, how: Mapping[str, Any]) -> nn.Module:
    """Replace the layer ``name`` of ``module`` in place, wherever that layer stands.

    Args:
        module: the network.
        name: of the layer.
        how: ``method``, its settings, and ``before``: the layer that it goes into, where it does.

    Returns:
        The new layer.
    """
    chosen = cast(Replacement, method("replacement", how["method"]))
    old = module.get_submodule(name)
    if chosen.joining is not None:
        before = module.get_submodule(how["before"])
        _put(module, before, chosen.joining.join(before, old))
    new = chosen.replace(old, how)
    _put(module, old, new)
    return new


def rebuilt(module: nn.Module, data: Mapping[str, Any]) -> nn.Module:
    """``module`` (which is used up) after an edit of kind ``replace``.

    Raises:
        CompressionError: the edit belongs to another network.
    """
    try:
        for name, how in data["layers"].items():
            install(module, name, how)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CompressionError(
            msg("Layers that were replaced in this network are not in it."),
            msg("The folder was changed after Pare wrote it; run the recipe again."),
            details=f"{type(error).__name__}: {error}",
        ) from error
    return module


def _put(module: nn.Module, old: nn.Module, new: nn.Module) -> None:
    """``new`` under every name that ``old`` has."""
    new.train(old.training)
    device = next((tensor.device for tensor in module.parameters()), None)
    if device is not None:
        new.to(device)
    for name in [name for name, part in module.named_modules(remove_duplicate=False) if part is old]:
        module.set_submodule(name, new)
        parent: Any = module.get_submodule(name.rpartition(".")[0])
        if hasattr(parent, "activation_relu_or_gelu"):  # torch's transformer layer remembers what it was made with
            parent.activation_relu_or_gelu = 0

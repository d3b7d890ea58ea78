"""Layers whose weight is computed from other tensors at every call: weight norm, spectral norm."""

from __future__ import annotations

from typing import cast

from torch import nn
from torch.nn.utils import parametrize


def parametrized(module: nn.Module) -> list[str]:
    """Their names."""
    return [name for name, part in module.named_modules() if parametrize.is_parametrized(part)]


def fold(module: nn.Module) -> None:
    """Make each weight what was computed, in place: every method looks for a layer's own weight."""
    for name in parametrized(module):
        layer = module.get_submodule(name)
        layer.eval()  # spectral norm goes on estimating while it trains
        for tensor in list(cast(nn.ModuleDict, layer.parametrizations)):
            parametrize.remove_parametrizations(layer, tensor, leave_parametrized=True)

"""Factors in the place of layers, and the edit that makes them again."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Mapping
from typing import Any, cast

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.decomposition._base import Decomposition, Ranks
from backend.errors import CompressionError, Message, msg
from backend.evaluation._mode import evaluating
from backend.network import Edit, Network
from backend.registry import method

KIND = "decompose"
Factored = tuple[Decomposition, Ranks]


def empty(module: nn.Module, layers: Mapping[str, Factored]) -> nn.Module:
    """A copy of ``module`` with factors in place of ``layers`` whose weights are not those of the network."""
    made = {name: how.empty(module.get_submodule(name), ranks) for name, (how, ranks) in layers.items()}
    return placed(module, made)


def placed(module: nn.Module, made: Mapping[str, nn.Module]) -> nn.Module:
    """A copy of ``module`` with the modules ``made`` wherever it has the layers of those names."""
    # What is replaced is not copied: the copy finds the new module in its place.
    return copy.deepcopy(module, {id(module.get_submodule(name)): factors for name, factors in made.items()})


def decomposed(network: Network, made: Mapping[str, nn.Sequential], layers: Mapping[str, Factored]) -> Network:
    """``network`` with the filled factors ``made`` in place of its layers; it stays as it is."""
    data = {name: {"method": how.id, "ranks": list(ranks)} for name, (how, ranks) in layers.items()}
    edit = Edit(KIND, {"layers": data})
    return dataclasses.replace(network, module=placed(network.module, made), edits=(*network.edits, edit))


def replay(module: nn.Module, data: Mapping[str, Any]) -> nn.Module:
    """``module`` (which is used up) with the structure that a ``decompose`` edit describes.

    Raises:
        CompressionError: the edit belongs to another network.
    """
    try:
        layers = {
            name: (cast(Decomposition, method("decomposition", facts["method"])), tuple(facts["ranks"]))
            for name, facts in data["layers"].items()
        }
        return empty(module, layers)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CompressionError(
            msg("The layers that were decomposed in this network are not in it."),
            msg("The folder was changed after Pare wrote it; run the recipe again."),
            details=str(error),
        ) from error


def tied(module: nn.Module) -> dict[str, Message]:
    """Layers whose weight is also another layer's, and why that keeps them whole."""
    owners: dict[int, list[str]] = {}
    for name, part in module.named_modules():
        weight = part._parameters.get("weight")
        if isinstance(weight, Tensor):
            owners.setdefault(id(weight), []).append(name)
    shared = [names for names in owners.values() if len(names) > 1]
    return {
        name: msg("Shares its weight with {layer}", layer=next(other for other in names if other != name))
        for names in shared
        for name in names
    }


def read_from_outside(network: Network, layers: Mapping[str, Factored], cancel: Cancel) -> dict[str, Message]:
    """Layers of ``layers`` that the network does not only call: without them as they are, it stops running."""
    found: dict[str, Message] = {}
    if layers and not _runs(network, layers):
        for name, how in layers.items():
            cancel.check()
            if not _runs(network, {name: how}):
                found[name] = msg("The network uses its weight without calling the layer")
    return found


def _runs(network: Network, layers: Mapping[str, Factored]) -> bool:
    module = empty(network.module, layers)
    try:
        with evaluating(module), torch.no_grad():
            module(network.example())
    except Exception:  # a person's own forward may raise anything
        return False
    return True

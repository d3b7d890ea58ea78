"""Changes of a network that compute the same and let more of it be removed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from torch import nn

from backend.network import Edit, Network
from backend.removal import _attention, _rewrite
from backend.removal._verify import agreement, random_images

ATTENTION, REWRITE = "attention", "rewrite"


def prepared(network: Network) -> Network:
    """A network that computes the same, whose attention has heads that can go and whose forwards do not count on
    fixed numbers of channels. The same network where there is nothing to change."""
    for find, kind, key in ((_attention.replaceable, ATTENTION, "layers"), (_rewrite.rewritable, REWRITE, "modules")):
        found = find(network.module, network.example()) if not network.converted else []
        if found:
            network = _changed(network, Edit(kind, {key: found}))
    return network


def rebuilt(module: nn.Module, edit: Edit) -> nn.Module:
    """``module`` (which is used up) after ``edit``."""
    return _REBUILD[edit.kind](module, edit.data)


def _changed(network: Network, edit: Edit) -> Network:
    """``network`` after ``edit``, unless it computes something else then."""
    new = network.copy()
    new.module = rebuilt(new.module, edit)
    try:
        same = agreement(network.module, new.module, random_images(network)).equal
    except (RuntimeError, TypeError, ValueError, AttributeError):  # attention whose weights are looked at
        same = False
    if not same:
        return network
    new.edits += (edit,)
    return new


_REBUILD: Mapping[str, Callable[[nn.Module, Mapping[str, Any]], nn.Module]] = {
    ATTENTION: lambda module, data: _attention.replace(module, data["layers"]),
    REWRITE: lambda module, data: _rewrite.rewrite(module, data["modules"]),
}
KINDS = frozenset(_REBUILD)

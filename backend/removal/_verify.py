"""Proves that a network with channels removed computes what the masked one does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.utils._pytree import tree_leaves

from backend.cancel import Cancel
from backend.errors import Message, msg
from backend.evaluation._mode import evaluating
from backend.network import Network
from backend.removal._cut import remove
from backend.removal._structure import Group, Structure

TOLERANCE = 1e-4
"""Share of the largest output. A sum without zeros in it is rounded in another order: one part in 10⁷ for a sum,
10⁻⁶ after the hundred layers of torchvision's classifiers (resources/tables/removal.md). One channel
too many or too few shows at 10⁻² and more."""


@dataclass(frozen=True)
class Agreement:
    """How far the two outputs are apart.

    Attributes:
        max_abs_error: largest absolute difference.
        scale: largest absolute output of the masked network.
    """

    max_abs_error: float
    scale: float

    @property
    def equal(self) -> bool:
        """Equal but for float32's rounding."""
        return self.max_abs_error <= TOLERANCE * self.scale


def agreement(masked: nn.Module, smaller: nn.Module, images: Tensor) -> Agreement:
    """Compare what the two make of ``images`` (on their device), in evaluation mode.

    Raises:
        RuntimeError: and whatever else a forward raises.
    """
    with evaluating(masked), evaluating(smaller), torch.no_grad():
        expected, found = (_outputs(module(images)) for module in (masked, smaller))
    if [tensor.shape for tensor in expected] != [tensor.shape for tensor in found]:
        return Agreement(float("inf"), 1.0)
    worst = max((float((a - b).abs().max()) for a, b in zip(expected, found, strict=True)), default=0.0)
    scale = max((float(tensor.abs().max()) for tensor in expected), default=0.0)
    return Agreement(worst if worst == worst else float("inf"), scale)


def checked(network: Network, structure: Structure, cancel: Cancel | None = None) -> Structure:
    """``structure`` without what turns out to break the network.

    One unit of every group is removed from a copy, whose output is compared with the masked network's. Where
    they differ, the groups at fault are found and refused with the reason.
    """
    refused: dict[str, Message] = {}
    images = random_images(network)
    _search(network, structure, structure.groups, images, refused, cancel)
    return structure.without(refused)


def _search(
    network: Network,
    structure: Structure,
    groups: Sequence[Group],
    images: Tensor,
    refused: dict[str, Message],
    cancel: Cancel | None,
) -> None:
    """Halve the groups until those at fault stand alone."""
    if cancel is not None:
        cancel.check()
    if not groups:
        return
    why = _fault(network, structure, {group.name: torch.tensor([group.units // 2]) for group in groups}, images)
    if why is None:
        return
    if len(groups) == 1:
        refused[groups[0].name] = why
        return
    half = len(groups) // 2
    for part in (groups[:half], groups[half:]):
        _search(network, structure, part, images, refused, cancel)


def _fault(network: Network, structure: Structure, removed: Mapping[str, Tensor], images: Tensor) -> Message | None:
    """What is wrong with the network after removal."""
    masked = network.copy()
    with torch.no_grad():
        for (name, dim), rows in structure.rows(removed).items():
            if (name, dim) in structure.silent:  # as masks would, without the memory for them
                masked.module.get_parameter(name).index_fill_(dim, rows.to(masked.device), 0.0)
    try:
        found = agreement(masked.module, remove(network, structure, removed).module, images)
    except Exception as error:  # a person's own forward may raise anything
        return msg(
            "The network's own code needs all of its channels ({error})",
            error=(str(error).strip().splitlines() or [type(error).__name__])[0],
        )
    return None if found.equal else msg("Without one of its channels the network gives other results")


def random_images(network: Network) -> Tensor:
    """Two inputs of random numbers: with one, a size that is fixed in a forward can hide in the batch."""
    generator = torch.Generator().manual_seed(0)
    return torch.randn((2, *network.input_shape), generator=generator).to(network.device)


def _outputs(result: object) -> list[Tensor]:
    return [leaf for leaf in tree_leaves(result) if isinstance(leaf, Tensor) and leaf.is_floating_point()]

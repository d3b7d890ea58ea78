"""What can be removed of a network, and what removing it would save."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from backend.errors import CompressionError, Message, msg

Place = tuple[str, int]
"""A tensor of the network and one of its dimensions."""


@dataclass(frozen=True)
class Group:
    """Layers whose output channels can only go together.

    A layer can belong to several groups, each with a part of its channels, where a shortcut widens.

    Attributes:
        name: its first layer in order of computation.
        layers: all layers that produce these channels.
        rows: layer → units × k, int64: the rows of its weight (dimension 0) that belong to each unit.
    """

    name: str
    layers: tuple[str, ...]
    rows: Mapping[str, Tensor]

    @property
    def units(self) -> int:
        return len(next(iter(self.rows.values())))


@dataclass(frozen=True)
class Costs:
    """What is left after removal, as sums of products of widths.

    Attributes:
        groups: group → its column in ``shrink``.
        sizes: parameters × 2: the lengths of their (at most two) dimensions that can get shorter.
        shrink: 2 × parameters × groups: by how much each unit of a group shortens these.
        rest: product of a parameter's other dimensions.
        positions: how often each value of a parameter is multiplied for one input.
        heads: multiply-accumulates that each unit of a group brings along in attention.
        fixed: parameters and multiply-accumulates that nothing of this changes.
    """

    groups: Mapping[str, int]
    sizes: NDArray[np.int64]
    shrink: NDArray[np.int64]
    rest: NDArray[np.int64]
    positions: NDArray[np.int64]
    heads: NDArray[np.int64]
    fixed: tuple[int, int]

    def after(self, removed: Mapping[str, int | Tensor]) -> tuple[int, int]:
        counts = np.zeros(len(self.groups), dtype=np.int64)
        for name, units in removed.items():
            counts[self.groups[name]] = units if isinstance(units, int) else units.numel()
        sizes = self.sizes - (self.shrink @ counts).T
        values = sizes.prod(axis=1) * self.rest
        macs = int(values @ self.positions) - int(self.heads @ counts)
        return self.fixed[0] + int(values.sum()), self.fixed[1] + macs


@dataclass(frozen=True)
class Structure:
    """What :func:`backend.removal.analyze` found out.

    Attributes:
        groups: what can go, in order of computation.
        refused: layer → why none of its output channels can go.
        cuts: group → place → units × k: what each unit takes with it, everywhere in the network.
        silent: places whose values are set to zero in the masked network.
        shapes: parameter → its shape.
        cost: what removal saves.
    """

    groups: tuple[Group, ...]
    refused: Mapping[str, Message]
    cuts: Mapping[str, Mapping[Place, Tensor]]
    silent: frozenset[Place]
    shapes: Mapping[str, tuple[int, ...]]
    cost: Costs

    def group_of(self, layer: str) -> Group | None:
        """The group that holds most of the layer's channels."""
        found = self.groups_of(layer)
        return max(found, key=lambda group: group.rows[layer].numel()) if found else None

    def groups_of(self, layer: str) -> tuple[Group, ...]:
        return tuple(group for group in self.groups if layer in group.rows)

    def silenced(self, removed: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Masks that make the channels of ``removed`` (group → units) zero after normalization and activation.

        Returns:
            Parameter → float mask of its shape: 0 on the rows of weights, the biases and the scales and shifts of
            normalization that belong to those channels, 1 elsewhere.
        """
        masks: dict[str, Tensor] = {}
        for (name, dim), rows in self.rows(removed).items():
            if (name, dim) in self.silent:
                mask = masks.setdefault(name, torch.ones(self.shapes[name]))
                mask.index_fill_(dim, rows, 0.0)
        return masks

    def costs(self, removed: Mapping[str, int | Tensor]) -> tuple[int, int]:
        """Parameters and multiply-accumulates of one input, exactly, after removing ``removed`` (group → how many
        units, or which)."""
        return self.cost.after(removed)

    def rows(self, removed: Mapping[str, Tensor]) -> dict[Place, Tensor]:
        """Place → sorted indices that go with ``removed`` (group → units).

        Raises:
            CompressionError: nothing would be left of a group.
        """
        found: dict[Place, list[Tensor]] = {}
        by_name = {group.name: group for group in self.groups}
        for name, units in removed.items():
            if units.unique().numel() >= by_name[name].units:
                raise CompressionError(
                    msg("Removing every channel of {layer} would leave no network.", layer=name),
                    msg("Lower the amount, or keep the layer."),
                )
            for place, rows in self.cuts[name].items() if units.numel() else ():
                found.setdefault(place, []).append(rows[units].flatten())
        return {place: torch.cat(rows).unique() for place, rows in found.items()}

    def without(self, refused: Mapping[str, Message]) -> Structure:
        """The same without some groups (group → why it can't go after all)."""
        groups = tuple(group for group in self.groups if group.name not in refused)
        left = {layer for group in groups for layer in group.layers}
        reasons = {
            layer: refused[group.name]
            for group in self.groups
            if group.name in refused
            for layer in group.layers
            if layer not in left
        }
        return replace(self, groups=groups, refused={**self.refused, **reasons})


def costs_of(
    groups: Sequence[Group],
    cuts: Mapping[str, Mapping[Place, Tensor]],
    shapes: Mapping[str, tuple[int, ...]],
    positions: Mapping[str, int],
    heads: Mapping[str, int],
    macs: int,
) -> Costs:
    """Prepare :meth:`Structure.costs`.

    Args:
        groups: all of them.
        cuts: as in :class:`Structure`.
        shapes: parameter → shape.
        positions: weight → how often each of its values is multiplied.
        heads: group → multiply-accumulates that a unit brings along in attention.
        macs: of the whole network.
    """
    order = list(shapes)
    dims: list[list[int]] = [[] for _ in order]
    index = {name: i for i, name in enumerate(order)}
    shrink = np.zeros((2, len(order), len(groups)), dtype=np.int64)
    for column, group in enumerate(groups):
        for (name, dim), rows in cuts[group.name].items():
            if name in index:
                known = dims[index[name]]
                if dim not in known:
                    known.append(dim)
                shrink[known.index(dim), index[name], column] += rows.shape[1]
    sizes = np.ones((len(order), 2), dtype=np.int64)
    rest = np.ones(len(order), dtype=np.int64)
    for i, name in enumerate(order):
        for dim, size in enumerate(shapes[name]):
            if dim in dims[i]:
                sizes[i, dims[i].index(dim)] = size
            else:
                rest[i] *= size
    used = np.array([positions.get(name, 0) for name in order], dtype=np.int64)
    brought = np.array([heads.get(group.name, 0) for group in groups], dtype=np.int64)
    fixed = macs - int((sizes.prod(axis=1) * rest) @ used)
    names = {group.name: i for i, group in enumerate(groups)}
    return Costs(names, sizes, shrink, rest, used, brought, (0, fixed))

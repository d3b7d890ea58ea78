"""What can be removed of a network, and what removing it would save."""

from __future__ import annotations

import math
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
        reasons: the operations in which the channels of its layers meet; empty for a single layer.
    """

    name: str
    layers: tuple[str, ...]
    rows: Mapping[str, Tensor]
    reasons: tuple[Message, ...] = ()

    @property
    def units(self) -> int:
        return len(next(iter(self.rows.values())))


@dataclass(frozen=True)
class Cut:
    """What the units of a group take out of one place.

    Attributes:
        rows: the indices along the place, those of the first unit first.
        units: which unit each of them belongs to.
    """

    rows: Tensor
    units: Tensor

    def of(self, units: Tensor) -> Tensor:
        """The indices that go with ``units``."""
        return self.rows[torch.isin(self.units, units.to(self.units.device))]

    @property
    def even(self) -> bool:
        """Whether every unit takes the same number."""
        return bool((self.units.bincount() == self.units.bincount()[0]).all())


@dataclass(frozen=True)
class Costs:
    """What is left after removal, as sums of products of widths.

    Attributes:
        groups: group → its column in ``shrink``.
        sizes: parameters × 2: the lengths of their (at most two) dimensions that can get shorter.
        shrink: 2 × parameters × groups: by how much each unit of a group shortens these, on average.
        rest: product of a parameter's other dimensions.
        positions: how often each value of a parameter is multiplied for one input.
        brought: multiply-accumulates that each unit of a group brings along outside of layers.
        fixed: multiply-accumulates that nothing of this changes.
        uneven: group → (side, parameter, cut) where its units are not alike.
    """

    groups: Mapping[str, int]
    sizes: NDArray[np.int64]
    shrink: NDArray[np.float64]
    rest: NDArray[np.int64]
    positions: NDArray[np.int64]
    brought: NDArray[np.float64]
    fixed: int
    uneven: Mapping[str, Sequence[tuple[int, int, Cut]]]

    def after(self, removed: Mapping[str, int | Tensor]) -> tuple[int, int]:
        values = self.left(removed)
        brought = round(float(self.brought @ self._counts(removed)))
        return int(values.sum()), self.fixed + int(values @ self.positions) - brought

    def left(self, removed: Mapping[str, int | Tensor]) -> NDArray[np.int64]:
        """How many values each parameter still has."""
        shorter = self.shrink @ self._counts(removed)
        for name, units in removed.items():
            if isinstance(units, Tensor):
                for side, parameter, cut in self.uneven.get(name, ()):
                    average = self.shrink[side, parameter, self.groups[name]] * units.numel()
                    shorter[side, parameter] += cut.of(units).numel() - average
        values: NDArray[np.int64] = (self.sizes - np.rint(shorter).astype(np.int64).T).prod(axis=1) * self.rest
        return values

    def _counts(self, removed: Mapping[str, int | Tensor]) -> NDArray[np.float64]:
        counts = np.zeros(len(self.groups))
        for name, units in removed.items():
            counts[self.groups[name]] = units if isinstance(units, int) else units.numel()
        return counts


@dataclass(frozen=True)
class Structure:
    """What :func:`backend.removal.analyze` found out.

    Attributes:
        groups: what can go, in order of computation.
        refused: layer → why none of its output channels can go.
        cuts: group → place → what each unit takes with it, everywhere in the network.
        silent: places whose values are set to zero in the masked network.
        shapes: parameter → its shape.
        cost: what removal saves.
    """

    groups: tuple[Group, ...]
    refused: Mapping[str, Message]
    cuts: Mapping[str, Mapping[Place, Cut]]
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
        """Parameters and multiply-accumulates of one input after removing ``removed`` (group → how many units, or
        which). Exact; where the units of a group are not alike (channels that are shuffled take different ways),
        only for a given choice of them."""
        return self.cost.after(removed)

    def left(self, removed: Mapping[str, int | Tensor]) -> dict[str, int]:
        """Parameter → how many values it has after removing ``removed``, as in :meth:`costs`."""
        return dict(zip(self.shapes, self.cost.left(removed).tolist(), strict=True))

    def rows(self, removed: Mapping[str, Tensor]) -> dict[Place, Tensor]:
        """Place → sorted indices that go with ``removed`` (group → units).

        Raises:
            CompressionError: nothing would be left of a group.
        """
        found: dict[Place, list[Tensor]] = {}
        by_name = {group.name: group for group in self.groups}
        for name, units in removed.items():
            if units.unique().numel() >= by_name[name].units:
                raise _nothing_left(name)
            for place, cut in self.cuts[name].items() if units.numel() else ():
                found.setdefault(place, []).append(cut.of(units))
        joined = {place: torch.cat(rows).sort().values for place, rows in found.items() if any(map(len, rows))}
        for (name, dim), rows in joined.items():
            if name in self.shapes and len(rows) == self.shapes[name][dim]:
                raise _nothing_left(name.rpartition(".")[0])
        return joined

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


def _nothing_left(layer: str) -> CompressionError:
    return CompressionError(
        msg("Removing every channel of {layer} would leave no network.", layer=layer),
        msg("Lower the amount, or keep the layer."),
    )


def costs_of(
    groups: Sequence[Group],
    cuts: Mapping[str, Mapping[Place, Cut]],
    shapes: Mapping[str, tuple[int, ...]],
    positions: Mapping[str, int],
    brought: Mapping[str, float],
    macs: int,
) -> Costs:
    """Prepare :meth:`Structure.costs`.

    Args:
        groups: all of them.
        cuts: as in :class:`Structure`.
        shapes: parameter → shape.
        positions: weight → how often each of its values is multiplied.
        brought: group → multiply-accumulates that a unit brings along outside of layers (attention).
        macs: of the whole network.
    """
    index = {name: i for i, name in enumerate(shapes)}
    dims: list[list[int]] = [[] for _ in shapes]
    shrink = np.zeros((2, len(shapes), len(groups)))
    uneven: dict[str, list[tuple[int, int, Cut]]] = {}
    for column, group in enumerate(groups):
        for (name, dim), cut in cuts[group.name].items():
            if name not in index:
                continue
            row = index[name]
            if dim not in dims[row]:
                dims[row].append(dim)
            side = dims[row].index(dim)
            shrink[side, row, column] += len(cut.rows) / group.units
            if not cut.even or len(cut.units.unique()) < group.units:
                uneven.setdefault(group.name, []).append((side, row, cut))
    sizes = np.array([[*(shape[d] for d in dims[i]), 1, 1][:2] for i, shape in enumerate(shapes.values())])
    rest = np.array([math.prod(shape) for shape in shapes.values()]) // sizes.prod(axis=1)
    used = np.array([positions.get(name, 0) for name in shapes], dtype=np.int64)
    each = np.array([brought.get(group.name, 0.0) for group in groups])
    fixed = macs - int((sizes.prod(axis=1) * rest) @ used)
    columns = {group.name: i for i, group in enumerate(groups)}
    return Costs(columns, sizes, shrink, rest, used, each, fixed, uneven)

"""Finds out which channels of a network depend on which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._pytree import tree_leaves

from backend.cancel import Cancel
from backend.errors import CompressionError, Message, msg
from backend.evaluation._mode import evaluating
from backend.evaluation.macs import shapes as count_macs
from backend.network import Network
from backend.removal._attention import slow_attention
from backend.removal._couplers import meetings, reasons
from backend.removal._labels import along, compact, varying
from backend.removal._layers import COMPUTED
from backend.removal._rules import follow
from backend.removal._structure import Cut, Group, Place, Structure, costs_of
from backend.removal._trace import RECURRENT, Trace

CLASSES = msg("Its channels are the classes")
OUTPUT = msg("Its channels are the network's output")
ONE = msg("All of its channels depend on each other, so they could only go together")
SINGLE = msg("It has a single channel, and that must stay")
UNUSED = msg("The network's output does not depend on it")
TABLE = msg("A parameter is read as a whole, not channel by channel")
TRANSPOSED = msg("Its output channels stand in the second dimension of its weight, which criteria do not rank")

Signature = tuple[tuple[Place, int], ...]


def analyze(network: Network, cancel: Cancel | None = None) -> Structure:
    """What of ``network`` can be removed, by following one input of zeros through it.

    Args:
        network: to look at; it is left as it is. Attention becomes followable through :func:`prepared`.
        cancel: checked at every operation.

    Raises:
        CompressionError: the network is quantized, or too large.
    """
    if network.converted:
        raise CompressionError(
            msg("{name} is quantized, and channels can't be removed from low-precision weights.", name=network.name),
            msg("Put the stage that prunes before the one that quantizes."),
        )
    trace = _traced(network, cancel)
    parts, pinned = _settled(trace)
    places = _places(trace, parts, pinned)
    groups, cuts, refused = _groups(network.module, trace, parts, places, pinned)
    learned = dict(network.module.named_parameters())
    silent = {(name, dim) for name, dim in places if name in learned and trace.made.get(name, dim) == dim}
    shapes = {name: tuple(parameter.shape) for name, parameter in learned.items()}
    brought = _brought(trace, parts, groups, cuts, places)
    macs = sum(count_macs(network).macs.values())
    cost = costs_of(groups, cuts, shapes, trace.positions, brought, macs)
    return Structure(groups, refused, cuts, frozenset(silent), shapes, cost)


def _traced(network: Network, cancel: Cancel | None) -> Trace:
    trace = Trace(network.module, follow, cancel)
    with evaluating(network.module), slow_attention():
        output = trace.run(network.example())
    found = [tensor for tensor in tree_leaves(output) if isinstance(tensor, Tensor)]
    classes = len(found) == 1 and found[0].dim() == 2
    for tensor in found:
        trace.pin([tensor], CLASSES if classes else OUTPUT)
    trace.labels.operation = "", ""
    return trace


def _settled(trace: Trace) -> tuple[Tensor, dict[int, Message]]:
    """The components, once what must vanish as whole slices does."""
    while True:
        parts, pinned = trace.labels.components()
        loose = [grid for grid in trace.grids if not _in_slices(parts[compact(grid)[0].abs()], pinned)]
        if not loose:
            return parts, pinned
        for grid in loose:
            # Of dimensions made from one, the first is usually the number of groups, which the code fixes.
            first = varying(grid)[0]
            trace.labels.tie(grid, grid.narrow(first, 0, 1))


def _in_slices(grid: Tensor, pinned: Mapping[int, Message]) -> bool:
    """Whether every component that may go is made of whole slices along one and the same dimension."""
    if not pinned.keys().isdisjoint(grid.unique().tolist()) and len(grid.unique()) == 1:
        return True
    return any(bool((grid == grid.amin([d for d in range(grid.dim()) if d != dim], keepdim=True)).all())
               for dim in range(grid.dim()) if grid.shape[dim] > 1)  # fmt: skip


def _places(trace: Trace, parts: Tensor, pinned: dict[int, Message]) -> dict[Place, Tensor]:
    """Place → the component of each index along it."""
    places = {place: parts[row] for place, row in trace.rows.items()}
    for name, table in trace.tables.items():
        grid = parts[compact(table)[0]]
        dims = [d for d in range(grid.dim()) if grid.shape[d] > 1]
        dim = next((d for d in dims if bool((grid == _first(grid, d)).all())), None)
        others = [row for place, row in places.items() if place[0] == name]
        if dim is None or others:
            for part in torch.cat([grid.flatten(), *others]).unique().tolist():
                pinned.setdefault(part, TABLE)
        else:
            places[name, dim] = along(grid.expand(table.shape), dim)
    return places


def _first(grid: Tensor, dim: int) -> Tensor:
    """The components along ``dim``, as they stand at index 0 of the other dimensions."""
    for other in range(grid.dim()):
        if other != dim:
            grid = grid.narrow(other, 0, 1)
    return grid


def _groups(
    module: nn.Module,
    trace: Trace,
    parts: Tensor,
    places: Mapping[Place, Tensor],
    pinned: Mapping[int, Message],
) -> tuple[tuple[Group, ...], dict[str, dict[Place, Cut]], dict[str, Message]]:
    """Components that take as many channels with them of the same layers make a group."""
    layers = _layers(module)
    makers = [(name, 0) for name, dim in trace.made.items() if dim == 0 and name in layers]
    found = [(signature, units) for signature, units in _signatures(makers, places, pinned).items() if len(units) > 1]
    taken = _cuts(places, [units for _, units in found])
    met = meetings(trace.labels, parts, [trace.row(*place) for place in makers])
    groups: list[Group] = []
    cuts: dict[str, dict[Place, Cut]] = {}
    for (signature, units), own in zip(found, taken, strict=True):
        rows = {layers[place[0]]: own[place].rows.view(len(units), -1) for place, _ in signature}
        name = _unused_name(next(iter(rows)), cuts)
        why = reasons(met, units, module) if len(rows) > 1 else ()
        groups.append(Group(name, tuple(rows), rows, why))
        cuts[name] = own
    order = [layers[name] for name, _ in makers]
    groups.sort(key=lambda group: order.index(group.layers[0]))
    shorter = {name for own in cuts.values() for name, dim in own if trace.made.get(name) == dim}
    refused = _refused(module, layers, trace, places, pinned, shorter)
    return tuple(groups), cuts, refused


def _signatures(
    makers: Sequence[Place], places: Mapping[Place, Tensor], pinned: Mapping[int, Message]
) -> dict[Signature, list[int]]:
    """Layers and how many channels of each go together → the components that are such, ascending."""
    taken: dict[int, list[tuple[Place, int]]] = {}
    for place in makers:
        parts, counts = places[place].unique(return_counts=True)
        for part, count in zip(parts.tolist(), counts.tolist(), strict=True):
            if part not in pinned:
                taken.setdefault(part, []).append((place, count))
    found: dict[Signature, list[int]] = {}
    for part, signature in sorted(taken.items()):
        found.setdefault(tuple(signature), []).append(part)
    return found


def _cuts(places: Mapping[Place, Tensor], groups: Sequence[Sequence[int]]) -> list[dict[Place, Cut]]:
    """For each group (its components): what its units take out of which place."""
    largest = max((int(row.max()) for row in places.values() if len(row)), default=0)
    group, unit = (torch.full((largest + 1,), -1) for _ in range(2))
    for number, units in enumerate(groups):
        group[units] = number
        unit[units] = torch.arange(len(units))
    cuts: list[dict[Place, Cut]] = [{} for _ in groups]
    for place, row in places.items():
        owners, members = group[row], unit[row]
        for number in owners.unique().tolist():
            if number >= 0:
                here = (owners == number).nonzero().flatten()
                here = here[members[here].argsort(stable=True)]
                cuts[number][place] = Cut(here, members[here])
    return cuts


def _unused_name(name: str, used: Iterable[str]) -> str:
    """A layer whose channels belong to several groups names the first; the others get a number."""
    taken, count = set(used), 1
    while (candidate := name if count == 1 else f"{name} ({count})") in taken:
        count += 1
    return candidate


def _layers(module: nn.Module) -> dict[str, str]:
    """Weight of a layer → the layer; a shared weight belongs to the first."""
    found: dict[str, str] = {}
    for name, _ in module.named_parameters():
        layer, _, leaf = name.rpartition(".")
        if leaf == "weight":
            found[name] = layer
    return found


def _refused(
    module: nn.Module,
    layers: Mapping[str, str],
    trace: Trace,
    places: Mapping[Place, Tensor],
    pinned: Mapping[int, Message],
    shorter: set[str],
) -> dict[str, Message]:
    refused: dict[str, Message] = {}
    for name, parameter in module.named_parameters():
        layer = layers.get(name) or name.rpartition(".")[0]
        if parameter.dim() < 2 or name in shorter or layer in refused:
            continue
        if name in trace.made:
            refused[layer] = _reason(places[name, trace.made[name]], trace.made[name], pinned)
        elif name in layers or isinstance(module.get_submodule(layer), nn.RNNBase):
            refused[layer] = _why_unreached(module.get_submodule(layer), name, trace)
    return refused | _without_weight(module, layers)


def _without_weight(module: nn.Module, layers: Mapping[str, str]) -> dict[str, Message]:
    """Layers whose weight is another's, or no parameter at all (weight normalization computes it)."""
    owners = {id(module.get_parameter(name)): layer for name, layer in layers.items()}
    found: dict[str, Message] = {}
    for name, part in module.named_modules():
        if isinstance(part, (nn.Linear, nn.modules.conv._ConvNd)):
            owner = owners.get(id(part.weight))
            if owner is None:
                found[name] = COMPUTED
            elif owner != name:
                found[name] = msg("Shares its weight with {layer}, and its channels go with that", layer=owner)
    return found


def _reason(row: Tensor, dim: int, pinned: Mapping[int, Message]) -> Message:
    reasons = [pinned[part] for part in row.unique().tolist() if part in pinned]
    if reasons:
        return max(reasons, key=reasons.count)
    if len(row) == 1:
        return SINGLE
    return TRANSPOSED if dim else ONE


def _why_unreached(part: Any, name: str, trace: Trace) -> Message:
    if isinstance(part, nn.RNNBase):
        return RECURRENT
    return COMPUTED if name in trace.tables or any(place[0] == name for place in trace.rows) else UNUSED


def _brought(
    trace: Trace, parts: Tensor, groups: Sequence[Group], cuts: Mapping[str, Mapping[Place, Cut]],
    places: Mapping[Place, Tensor],
) -> dict[str, float]:  # fmt: skip
    """Group → multiply-accumulates outside of layers that each of its units brings along."""
    found: dict[str, float] = {}
    for labels, each in trace.products:
        heads = parts[labels.abs()]
        for group in groups:
            place, cut = next(iter(cuts[group.name].items()))
            own = int(torch.isin(heads, places[place][cut.rows]).sum())
            found[group.name] = found.get(group.name, 0.0) + own * each / group.units
    return found

"""Ranks for a target: the figure that the whole network is to have, shared out among its layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from backend.decomposition._choose import Choice, allocate
from backend.errors import CompressionError, msg
from backend.evaluation.macs import shapes
from backend.evaluation.size import size_bytes
from backend.network import Network

TARGETS = ("macs", "parameters", "size")
"""What a decompose stage can aim at; up to 1 a share of the original, above it MACs, parameters, bytes."""
ATTEMPTS = 4
"""At a size: the names of factors take room of their own, which is known once the factors are."""


@dataclass(frozen=True)
class Room:
    """What a network costs beside the layers whose ranks are looked for.

    Attributes:
        original: what a share is a share of.
        network: as it is now.
        saved: MACs or parameters that factors of other layers save already.
        free: MACs or parameters of the layers whose ranks are looked for, as they are.
        structure: the network with a choice made: its tensors have the right shapes.
    """

    original: Network
    network: Network
    saved: int
    free: int
    structure: Callable[[Mapping[str, Choice]], Network]


def meet(target: Mapping[str, float], layers: Mapping[str, Sequence[Choice]], room: Room) -> Mapping[str, Choice]:
    """The choice for each layer with which the network meets ``target`` at the least energy lost.

    Args:
        target: one of :data:`TARGETS` and its figure.
        layers: the choices of each (:func:`backend.decomposition._choose.choices`).
        room: what there is beside them.

    Raises:
        CompressionError: the target can't be met; the hint says what can.
    """
    kind, figure = next(iter(target.items()))
    whole = _figure(room.original, kind) if figure <= 1 else 1.0
    unit = next(room.network.module.parameters()).element_size() if kind == "size" else 1
    rest = _figure(room.network, kind) / unit - room.saved - room.free
    allowed = figure * whole
    for _ in range(ATTEMPTS):
        found = allocate(layers, allowed / unit - rest)
        if found is None:
            break
        over = size_bytes(room.structure(found)) - figure * whole if kind == "size" else 0.0
        if over <= 0:
            return found
        allowed -= over
    least = (rest + sum(choices[-1].cost for choices in layers.values())) * unit
    raise CompressionError(
        msg("The target {target}: {figure} can't be met.", target=kind, figure=f"{figure:g}"),
        msg(
            "With the smallest ranks everywhere it is {least}; decompose more layers.",
            least=f"{least / whole:.3g}" if figure <= 1 else f"{least:,.0f}",
        ),
    )


def _figure(network: Network, kind: str) -> float:
    if kind == "macs":
        return float(sum(shapes(network).macs.values()))
    if kind == "size":
        return float(size_bytes(network))
    return float(sum(p.numel() for p in network.module.parameters()))

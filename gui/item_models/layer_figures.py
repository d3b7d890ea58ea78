"""What runs, scans and measurements found, by the place of a layer; containers have the sum of what they hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from backend.answers import LayerInfo
from gui.comparison import value
from gui.item_models.layer_kinds import quiet
from gui.precisions import MIXED
from gui.run_parts import put_together

Rows = Mapping[str, Mapping[str, Any]]
"""A run's rows L by layer name."""


class LayerFigures:
    """Figures of ``layers``, of which ``parents`` are the places of the containers (−1 for the network).

    Attributes:
        sparsity: share of zeros; empty where nothing was measured.
        precision: a word; ``mixed`` where the layers of a container differ.
        left: parameters after the run, where they are fewer.
        sqnr: decibels, of layers alone.
        latency: milliseconds.
        drops: points of accuracy lost, of layers alone.
        rows: what the run said of each layer.
    """

    def __init__(self, layers: Sequence[LayerInfo], parents: Sequence[int]) -> None:
        self._layers, self._parents = layers, parents
        self._places = {layer.name: i for i, layer in enumerate(layers)}
        self._leaves = {layer.name for layer in layers if layer.leaf}
        self.sparsity: dict[int, float] = {}
        self.precision: dict[int, str] = {}
        self.left: dict[int, int] = {}
        self.sqnr: dict[int, float] = {}
        self.latency: dict[int, float] = {}
        self.drops: dict[int, float] = {}
        self.rows: Rows = {}

    def take_run(self, rows: Rows, before: Rows, *, measured: bool) -> None:
        """What a run says. Without ``measured`` nothing is known; else a layer without a row is as it begins."""
        rows = put_together(rows, self._leaves)
        self.rows, self.left, self.sqnr = rows, {}, {}
        self._sum_up(rows if measured else None)
        if not rows and not before:
            return
        lost = self._summed(lambda layer: _lost(layer, rows, before))
        self.left = {i: self._layers[i].parameters - int(count) for i, count in enumerate(lost) if count > 0}
        self.sqnr = self._by_place({name: sqnr for name in rows if (sqnr := value(rows[name], "sqnr_db")) is not None})

    def take_latencies(self, latencies: Mapping[str, float]) -> None:
        """Milliseconds by name, containers with the sum of what they hold."""
        self.latency = self._by_place(latencies)

    def take_drops(self, drops: Mapping[str, float]) -> None:
        self.drops = self._by_place(drops)

    def _by_place(self, figures: Mapping[str, float]) -> dict[int, float]:
        return {self._places[name]: figure for name, figure in figures.items() if name in self._places}

    def _sum_up(self, rows: Rows | None) -> None:
        self.sparsity, self.precision = {}, {}
        if rows is None:
            return
        zeros = [0.0] * len(self._layers)
        words = [""] * len(self._layers)
        for i in range(len(self._layers) - 1, -1, -1):
            layer, above = self._layers[i], self._parents[i]
            if layer.leaf and layer.parameters:
                row = rows.get(layer.name, {})
                zeros[i] = float(row.get("sparsity") or 0.0) * layer.parameters
                words[i] = "" if quiet(layer) else str(row.get("precision") or "fp32")
            if layer.parameters:
                self.sparsity[i] = zeros[i] / layer.parameters
                self.precision[i] = words[i]
            if above >= 0:
                zeros[above] += zeros[i]
                words[above] = _together(words[above], words[i])

    def _summed(self, own: Callable[[LayerInfo], int]) -> list[int]:
        found = [own(layer) for layer in self._layers]
        for i in range(len(found) - 1, 0, -1):
            found[self._parents[i]] += found[i]
        return found


def _lost(layer: LayerInfo, rows: Rows, before: Rows) -> int:
    """Parameters of its own that a layer has lost in the run; a norm that is folded away has lost none.

    A layer that stands in ``before`` alone is gone; a bias may come in where a norm is folded.
    """
    old = before.get(layer.name, {}).get("parameters", layer.parameters if layer.leaf else 0)
    if layer.name in rows:
        return int(old) - int(rows[layer.name].get("parameters", old))
    return int(old) if layer.name in before and not quiet(layer) else 0


def _together(one: str, other: str) -> str:
    """The precision of two layers of a container; empty where a layer has none."""
    return one if one == other or not other else MIXED if one else other

"""What stands in the cells of the layer tree: texts, tooltips, and the values they are painted and sorted by."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any

from backend.answers import Coupling, LayerInfo
from gui.document import Document
from gui.item_models.layer_columns import Column
from gui.item_models.layer_figures import LayerFigures
from gui.item_models.layer_kinds import points_lost
from gui.item_models.layer_plans import LayerPlans
from gui.layer_knowledge import coupled_text
from gui.precisions import described
from gui.text import milliseconds, number, percent, short, significant, tr

DIGITS = re.compile(r"(\d+)")


class LayerCells:
    """The cells of ``layers`` by place and column.

    Attributes:
        figures: what runs, scans and measurements found.
        couplings: layer → the layers that lose channels together with it.
        coupled: places that lose channels together with the selection.
        conditions: how latencies were measured.
        drop_tip: all that a scan knows of a layer.
    """

    def __init__(
        self, document: Document, layers: Sequence[LayerInfo], figures: LayerFigures, plans: LayerPlans
    ) -> None:
        self._document, self._layers, self._plans = document, layers, plans
        self.figures = figures
        self.couplings: Mapping[str, Coupling] = {}
        self.coupled: Set[int] = frozenset()
        self.conditions = ""
        self.drop_tip: Callable[[str], str] = str

    def name(self, place: int, *, whole: bool = False) -> str:
        """A module by the last part of its name, or by all of it."""
        name = self._layers[place].name
        return (name if whole else name.rpartition(".")[2]) or self._document.network_name

    def text(self, place: int, column: int) -> str:
        layer = self._layers[place]
        match column:
            case Column.NAME:
                return self.name(place)
            case Column.TYPE:
                return layer.type
            case Column.PARAMETERS:
                return self._parameters(place)
            case Column.MACS:
                return percent(self._share(layer), 1 if place else 0) if layer.macs else ""
            case Column.LATENCY:
                return _milliseconds(self.figures.latency.get(place))
            case Column.SPARSITY:
                return percent(self.figures.sparsity[place]) if place in self.figures.sparsity else ""
            case Column.PRECISION:
                return self.figures.precision.get(place, "")
            case Column.PLAN:
                return self._plans.badge(place).text
            case Column.SENSITIVITY:
                return points_lost(self.figures.drops[place]) if place in self.figures.drops else ""
            case Column.SQNR:
                return number(self.figures.sqnr[place], 1) if place in self.figures.sqnr else ""
        return "×".join(map(str, layer.output_shape))

    def _parameters(self, place: int) -> str:
        left = self.figures.left.get(place)
        if left is None:
            return short(self._layers[place].parameters) if self._layers[place].parameters else ""
        return tr("↓{count}", count=short(left)) if left else tr("gone")

    def _share(self, layer: LayerInfo) -> float | None:
        whole = self._layers[0].macs
        return layer.macs / whole if layer.macs is not None and whole else None

    def value(self, place: int, column: int) -> Any:
        """What a cell is painted by, beside its text."""
        match column:
            case Column.SPARSITY:
                return self.figures.sparsity.get(place)
            case Column.PRECISION:
                return self.figures.precision.get(place, "")
            case Column.PLAN:
                return self._plans.badge(place)
            case Column.SENSITIVITY:
                return self.figures.drops.get(place)
        return None

    def figure(self, place: int, column: Column) -> float | None:
        """The number of a layer in a column, as the filter compares it."""
        layer = self._layers[place]
        match column:
            case Column.PARAMETERS:
                return self.figures.left.get(place, layer.parameters)
            case Column.MACS:
                return layer.macs
            case Column.LATENCY:
                return self.figures.latency.get(place)
            case Column.SPARSITY:
                return self.figures.sparsity.get(place)
            case Column.SENSITIVITY:
                return self.figures.drops.get(place)
            case Column.SQNR:
                return self.figures.sqnr.get(place)
        return None

    def key(self, place: int, column: Column) -> Any:
        """What a layer is sorted by; None where there is nothing to compare."""
        layer = self._layers[place]
        match column:
            case Column.NAME:
                return _in_numbers(layer.name)
            case Column.TYPE:
                return layer.type
            case Column.PRECISION:
                return self.figures.precision.get(place) or None
            case Column.PLAN:
                return self._plans.badge(place).text or None
            case Column.SHAPE:
                return layer.output_shape or None
        return self.figure(place, column) if layer.parameters or column != Column.PARAMETERS else None

    def spoken(self, place: int, column: int, folded: bool | None) -> str:
        """For screen readers: a name with its type, and what is folded away."""
        if column != Column.NAME:
            return self.text(place, column)
        name, type = self.name(place, whole=True), self._layers[place].type
        if folded is None:
            return tr("{layer}, {type}", layer=name, type=type)
        if folded:
            return tr("{layer}, {type}, folded", layer=name, type=type)
        return tr("{layer}, {type}, unfolded", layer=name, type=type)

    def tip(self, place: int, column: int) -> str:
        layer = self._layers[place]
        match column:
            case Column.PLAN:
                badge = self._plans.badge(place)
                return "\n".join(line for line in (badge.text, badge.why) if line)
            case Column.PRECISION if place in self.figures.precision:
                return described(self.figures.rows.get(layer.name, {})) or self.text(place, column)
            case Column.SENSITIVITY:
                return self.drop_tip(layer.name) if place in self.figures.drops else ""
            case Column.PARAMETERS if place in self.figures.left:
                return tr(
                    "{layer}: {before} → {after} parameters",
                    layer=self.name(place, whole=True),
                    before=number(layer.parameters),
                    after=number(self.figures.left[place]),
                )
            case Column.LATENCY if place in self.figures.latency:
                return "\n".join((milliseconds(self.figures.latency[place]), self.conditions))
        coupling = self.couplings.get(layer.name)
        about = self._about(layer)
        return "\n".join((about, coupled_text(coupling, layer.name))) if coupling is not None else about

    def _about(self, layer: LayerInfo) -> str:
        name = layer.name or layer.type
        if not layer.weight_shape:
            return tr("{layer} · {type}", layer=name, type=layer.type)
        shape = " × ".join(map(str, layer.weight_shape))
        return tr("{layer} · {type} · weight {shape}", layer=name, type=layer.type, shape=shape)


def _milliseconds(latency: float | None) -> str:
    """Below a microsecond nothing was measured."""
    if latency is None:
        return ""
    return significant(latency) if latency >= 1 else number(latency, 3) if latency >= 0.0005 else "<0.001"


def _in_numbers(name: str) -> list[Any]:
    """What puts ``layer10`` behind ``layer2``: texts and numbers in turn."""
    parts: list[Any] = DIGITS.split(name)
    parts[1::2] = map(int, parts[1::2])
    return parts

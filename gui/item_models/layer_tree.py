"""The network as a tree of modules, with what is known and what is planned for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)

from backend.answers import LayerInfo
from gui.document import Document
from gui.item_models.layer_plans import Badge, badge_of
from gui.precisions import MIXED, described
from gui.text import message, number, percent, short, signed, tr

Index = QModelIndex | QPersistentModelIndex
NAME, PARAMETERS, MACS, SPARSITY, PRECISION, PLAN, SENSITIVITY = range(7)
LAYER_ROLE = Qt.ItemDataRole.UserRole + 1
VALUE_ROLE = Qt.ItemDataRole.UserRole + 2
"""Sparsity as a share, precision as a word, the plan as a :class:`Badge`."""


class LayerTreeModel(QAbstractItemModel):
    """One row a module; rows know their parents by index, so 10,000 of them open at once.

    ``repainted``: figures or plans changed in any row; a view paints what it shows again.
    """

    repainted = Signal()

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._layers: list[LayerInfo] = []
        self._parents: list[int] = []
        self._rows: list[int] = []
        self._children: list[list[int]] = []
        self._badges: dict[int, Badge] = {}
        self._figures: dict[int, tuple[float, str]] = {}
        self._known: Mapping[str, Mapping[str, Any]] = {}
        self._left: dict[int, int] = {}
        self._drops: Mapping[str, float] = {}
        self._drop_tips: Callable[[str], str] = str
        document.inspection_changed.connect(self.reload)
        document.recipe_changed.connect(self._replan)
        document.catalogue_changed.connect(self._replan)
        self.reload()

    def reload(self) -> None:
        """Take the document's network."""
        self.beginResetModel()
        inspection = self._document.inspection
        self._layers = list(inspection.layers) if inspection is not None else []
        self._link()
        self._badges.clear()
        self._figures.clear()
        self._left.clear()
        self.endResetModel()

    def _link(self) -> None:
        by_name = {layer.name: i for i, layer in enumerate(self._layers)}
        self._parents, self._rows = [], []
        self._children = [[] for _ in self._layers]
        for i, layer in enumerate(self._layers):
            parent = _nearest(layer.name, by_name) if i else -1
            siblings = self._children[parent] if parent >= 0 else []
            self._parents.append(parent)
            self._rows.append(len(siblings) if parent >= 0 else 0)
            siblings.append(i)

    def set_figures(
        self,
        rows: Mapping[str, Mapping[str, Any]],
        before: Mapping[str, Mapping[str, Any]] | None = None,
        *,
        measured: bool = True,
    ) -> None:
        """Sparsity, precision and parameters by layer name, as a run reports them; containers get their sum.

        A layer that stands in ``before`` alone is gone. What is not ``measured`` is left blank; else a layer
        without a row is as a network begins: dense, in float32.
        """
        self._figures = self._summed(rows) if measured else {}
        self._known = rows
        self._left = self._parameters_left(rows, before or {})
        self.repainted.emit()

    def _parameters_left(
        self, rows: Mapping[str, Mapping[str, Any]], before: Mapping[str, Mapping[str, Any]]
    ) -> dict[int, int]:
        """Row → parameters after the run, where they are fewer (a bias may come in where a norm is folded)."""
        lost = [0] * len(self._layers)
        for i in range(len(self._layers) - 1, -1, -1):
            lost[i] += _lost(self._layers[i], rows, before)
            if self._parents[i] >= 0:
                lost[self._parents[i]] += lost[i]
        return {i: self._layers[i].parameters - count for i, count in enumerate(lost) if count > 0}

    def set_sensitivity(self, drops: Mapping[str, float], tip: Callable[[str], str]) -> None:
        """Points of accuracy lost by layer name; ``tip`` says all that is known of a layer."""
        self._drops, self._drop_tips = drops, tip
        self.repainted.emit()

    def _summed(self, rows: Mapping[str, Mapping[str, Any]]) -> dict[int, tuple[float, str]]:
        zeros: list[float] = [0.0] * len(self._layers)
        words: list[set[str]] = [set() for _ in self._layers]
        for i in range(len(self._layers) - 1, -1, -1):
            layer = self._layers[i]
            if layer.leaf and layer.parameters:
                row = rows.get(layer.name, {})
                zeros[i] = float(row.get("sparsity") or 0.0) * layer.parameters
                words[i] = set() if quiet(layer) else {str(row.get("precision") or "fp32")}
            if self._parents[i] >= 0:
                zeros[self._parents[i]] += zeros[i]
                words[self._parents[i]] |= words[i]
        return {
            i: (zeros[i] / layer.parameters, _one(words[i])) for i, layer in enumerate(self._layers) if layer.parameters
        }

    def _replan(self) -> None:
        self._badges.clear()
        self.repainted.emit()

    # QAbstractItemModel

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008 — Qt's
        if not self._layers or not 0 <= column <= SENSITIVITY:
            return QModelIndex()
        if not parent.isValid():
            return self.createIndex(0, column, 0) if row == 0 else QModelIndex()
        children = self._children[parent.internalId()]
        return self.createIndex(row, column, children[row]) if 0 <= row < len(children) else QModelIndex()

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]
        above = self._parents[index.internalId()] if index.isValid() else -1
        return self.createIndex(self._rows[above], 0, above) if above >= 0 else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        if not parent.isValid():
            return min(1, len(self._layers))
        return len(self._children[parent.internalId()]) if parent.column() == 0 else 0

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return SENSITIVITY + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (
                tr("Layer"), tr("Params"), tr("MACs"), tr("Sparsity"), tr("Precision"), tr("Plan"), tr("Sens."),
            )[section]  # fmt: skip
        if role == Qt.ItemDataRole.ToolTipRole and section == SENSITIVITY:
            return tr("Points of accuracy lost when this layer alone is pruned")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in (PARAMETERS, MACS) else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        at = index.internalId()
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._text(at, index.column())
            case Qt.ItemDataRole.ToolTipRole:
                return self._tip(at, index.column())
            case _ if role == LAYER_ROLE:
                return self._layers[at]
            case _ if role == VALUE_ROLE:
                return self._value(at, index.column())
        return None

    def _text(self, at: int, column: int) -> str:
        layer = self._layers[at]
        match column:
            case 0:
                return layer.name.rpartition(".")[2] or self._document.network_name
            case 1 if at in self._left:
                return tr("↓{count}", count=short(self._left[at])) if self._left[at] else tr("gone")
            case 1:
                return short(layer.parameters) if layer.parameters else ""
            case 2:
                return percent(self._share(layer), 1 if at else 0) if layer.macs else ""
            case 3:
                return percent(self._figures[at][0]) if at in self._figures else ""
            case 4:
                return str(self._value(at, 4) or "")
            case 5:
                return self.badge(at).text
            case _:
                return points_lost(self._drops[layer.name]) if layer.name in self._drops else ""

    def _value(self, at: int, column: int) -> Any:
        match column:
            case 3:
                return self._figures[at][0] if at in self._figures else None
            case 4:
                return self._figures[at][1] if at in self._figures else ""
            case 5:
                return self.badge(at)
            case 6:
                return self._drops.get(self._layers[at].name)
        return None

    def _share(self, layer: LayerInfo) -> float | None:
        whole = self._layers[0].macs
        return layer.macs / whole if layer.macs is not None and whole else None

    def _tip(self, at: int, column: int) -> str:
        layer = self._layers[at]
        if column == PLAN:
            return self.badge(at).text
        if column == PRECISION and at in self._figures:
            return described(self._known.get(layer.name, {})) or self._text(at, PRECISION)
        if column == SENSITIVITY:
            return self._drop_tips(layer.name) if layer.name in self._drops else ""
        if column == PARAMETERS and at in self._left:
            return tr(
                "{layer}: {before} → {after} parameters",
                layer=layer.name or self._document.network_name,
                before=number(layer.parameters),
                after=number(self._left[at]),
            )
        shape = " × ".join(map(str, layer.weight_shape))
        where = layer.name or layer.type
        return (
            tr("{layer} · {type} · weight {shape}", layer=where, type=layer.type, shape=shape)
            if shape
            else (tr("{layer} · {type}", layer=where, type=layer.type))
        )

    # Plans

    def badge(self, at: int) -> Badge:
        """What the recipe does to a layer, worked out when it is first painted."""
        if at not in self._badges:
            self._badges[at] = badge_of(self._document, self._layers[at])
        return self._badges[at]

    # What a menu asks

    def refusal(self, kind: str, method: str, layer: LayerInfo) -> str:
        """Why ``method`` does not apply to ``layer``; empty where it does.

        A container qualifies where one of its layers does.
        """
        inspection = self._document.inspection
        if inspection is None:
            return ""
        reasons = inspection.refusals.get(kind, {}).get(method, {})
        described = self._document.method_of(kind, method)
        if not layer.leaf and described is not None and described.traits.get("unit") == "block":
            return ""
        below = [layer] if layer.leaf else self._leaves(layer)
        refused = [reasons.get(one.name) for one in below]
        if below and any(why is None for why in refused):
            return ""
        return message(next((why for why in refused if why is not None), None)) or tr("Needs a layer with weights")

    def _leaves(self, layer: LayerInfo) -> list[LayerInfo]:
        start = f"{layer.name}." if layer.name else ""
        return [one for one in self._layers if one.leaf and one.parameters and one.name.startswith(start)]

    @property
    def precisions(self) -> set[str]:
        """Every precision that stands in the column."""
        return {word for i, (_, word) in self._figures.items() if not quiet(self._layers[i])}

    @property
    def layers(self) -> list[LayerInfo]:
        return self._layers

    def at_name(self, name: str) -> QModelIndex:
        """The row of the layer called ``name``."""
        at = next((i for i, layer in enumerate(self._layers) if layer.name == name), -1)
        return self.createIndex(self._rows[at], 0, at) if at >= 0 else QModelIndex()


class LayerFilter(QSortFilterProxyModel):
    """Rows whose name or type holds a text; their parents stay."""

    def __init__(self, model: LayerTreeModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._needle = ""
        self._type = ""
        self.setRecursiveFilteringEnabled(True)
        self.setSourceModel(model)

    def search(self, text: str, type: str = "") -> None:
        """Show layers whose dotted name or type holds ``text``, of ``type`` where one is given."""
        self.beginFilterChange()
        self._needle, self._type = text.strip().lower(), type
        self.endFilterChange()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        if not self._needle and not self._type:
            return True
        layer = self.sourceModel().data(self.sourceModel().index(row, 0, parent), LAYER_ROLE)
        found = self._needle in layer.name.lower() or self._needle in layer.type.lower()
        return found and self._type in ("", layer.type)


def points_lost(drop: float) -> str:
    """``0.7`` where accuracy is lost; a gain has its sign: ``+0.7``."""
    return signed(-drop, 1) if drop < 0 else number(drop, 1)


def icon_name(layer: LayerInfo) -> str:
    """The Phosphor icon for a kind of layer."""
    type = layer.type
    if not layer.name:
        return "cube"
    if not layer.leaf:
        return "stack" if type == "Sequential" else "squares-four"
    for words, name in (
        (("Conv",), "grid-four"),
        (("Norm",), "activity"),
        (("Linear",), "line-segments"),
        (("Pool",), "arrows-in-simple"),
    ):
        if any(word in type for word in words):
            return name
    return "square"


def quiet(layer: LayerInfo) -> bool:
    """Whether a row is only there for completeness: no weights of its own to compress."""
    return layer.leaf and (not layer.weight_shape or "Norm" in layer.type)


def _lost(layer: LayerInfo, rows: Mapping[str, Mapping[str, Any]], before: Mapping[str, Mapping[str, Any]]) -> int:
    """Parameters of its own that a layer has lost in the run; a norm that is folded away has lost none."""
    old = before.get(layer.name, {}).get("parameters", layer.parameters if layer.leaf else 0)
    if layer.name in rows:
        return int(old) - int(rows[layer.name].get("parameters", old))
    return int(old) if layer.name in before and not quiet(layer) else 0


def _nearest(name: str, by_name: Mapping[str, int]) -> int:
    """Index of the closest listed ancestor; the network itself where there is none."""
    above = name.rpartition(".")[0]
    while above and above not in by_name:
        above = above.rpartition(".")[0]
    return by_name.get(above, 0)


def _one(words: Iterable[str]) -> str:
    found = sorted(words)
    return found[0] if len(found) == 1 else MIXED if found else ""

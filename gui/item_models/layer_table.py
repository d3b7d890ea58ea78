"""Layers before and after, as a table model; rows L of result.json."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from gui.comparison import value
from gui.precisions import described
from gui.run_parts import parts_of, put_together
from gui.run_state import RunState
from gui.text import NOTHING, number, percent, significant, tr

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole
SORT_ROLE = Qt.ItemDataRole.UserRole + 1


class Column(IntEnum):
    LAYER = 0
    TYPE = 1
    PARAMETERS = 2
    CHANNELS = 3
    SPARSITY = 4
    PRECISION = 5
    SQNR = 6
    COSINE = 7
    SCALE = 8
    ZERO_POINT = 9


LEFT_ALIGNED = (Column.LAYER, Column.TYPE, Column.PRECISION)


@dataclass(frozen=True)
class LayerRow:
    """One layer: its row L in the original and now (empty where it is not there), its channels where some went."""

    name: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    channels: tuple[int, int] | None = None

    def figure(self, key: str) -> float | None:
        return value(self.after, key)

    @property
    def type(self) -> str:
        return str(self.after.get("type") or self.before.get("type") or "")

    @property
    def precision(self) -> str:
        return str(self.after.get("precision") or "")


class LayerTableModel(QAbstractTableModel):
    """Layers of ``state`` in the order of the network."""

    def __init__(self, state: RunState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[LayerRow] = []
        self._state = state
        state.changed.connect(self._changed)
        self.reload()

    def set_state(self, state: RunState) -> None:
        self._state.changed.disconnect(self._changed)
        self._state = state
        state.changed.connect(self._changed)
        self.reload()

    def reload(self) -> None:
        """Take the layers as they are now; a table of the same layers keeps its selection."""
        before, after = self._state.baseline_layers, self._state.layers
        parts, whole = parts_of(after, before), put_together(after, before)
        channels = self._state.channels
        names = [one for name in {**before, **whole} for one in (name, *parts.get(name, ()))]
        rows = [LayerRow(name, before.get(name, {}), {**after, **whole}.get(name, {}), channels.get(name))
                for name in names]  # fmt: skip
        if [row.name for row in rows] == [row.name for row in self._rows] and rows:
            self._rows = rows
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(Column) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    @property
    def rows(self) -> list[LayerRow]:
        return self._rows

    def _changed(self, kinds: set[str]) -> None:
        if "layers" in kinds:
            self.reload()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        match role:
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(section)
            case Qt.ItemDataRole.DisplayRole:
                return (
                    tr("Layer"), tr("Type"), tr("Parameters"), tr("Channels"), tr("Sparsity"), tr("Precision"),
                    tr("SQNR, dB"), tr("Cosine"), tr("Scale"), tr("Zero"),
                )[section]  # fmt: skip
            case Qt.ItemDataRole.ToolTipRole:
                return _tip(Column(section))
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self._rows[index.row()], Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == ROW_ROLE:
            return row
        if role == SORT_ROLE:
            return _sort_key(row, column, index.row())
        if role == Qt.ItemDataRole.ToolTipRole and column == Column.LAYER:
            return row.name
        if role == Qt.ItemDataRole.ToolTipRole and column == Column.PARAMETERS and row.before and not row.after:
            return tr("Not in the network any more: removed, or folded into the layer before it")
        if role == Qt.ItemDataRole.ToolTipRole and column == Column.PRECISION:
            return described(row.after) or None
        return None


def _tip(column: Column) -> str | None:
    return {
        Column.PARAMETERS: tr("Weights and biases, before and after"),
        Column.CHANNELS: tr("Output channels, before and after removal"),
        Column.SPARSITY: tr("Share of the weights that are zero"),
        Column.SCALE: tr("Scale S in R = S · (Q − Z): of the output where that is quantized, else of the weights"),
        Column.ZERO_POINT: tr("Zero point Z: the integer that stands for 0"),
        Column.SQNR: tr("Signal to quantization noise of the layer's output, in decibels; higher is better"),
        Column.COSINE: tr("Cosine similarity of the layer's output to the original's; 1 is equal"),
    }.get(column)


def _text(row: LayerRow, column: Column) -> str:
    match column:
        case Column.LAYER:
            return row.name
        case Column.TYPE:
            return row.type
        case Column.PARAMETERS:
            return _parameters(row)
        case Column.CHANNELS:
            return tr("{before} → {after}", before=row.channels[0], after=row.channels[1]) if row.channels else NOTHING
        case Column.SPARSITY:
            return percent(row.figure("sparsity"), 1)
        case Column.PRECISION:
            return row.precision or NOTHING
        case Column.SQNR:
            return number(row.figure("sqnr_db"), 1)
        case Column.COSINE:
            return number(row.figure("cosine"), 4)
        case Column.SCALE:
            return significant(row.figure("scale"))
        case Column.ZERO_POINT:
            return number(row.figure("zero_point"))


def _parameters(row: LayerRow) -> str:
    before, after = value(row.before, "parameters"), value(row.after, "parameters")
    if before is None or before == after:
        return number(after)
    return tr("{before} → {after}", before=number(before), after=number(after) if row.after else tr("gone"))


def _sort_key(row: LayerRow, column: Column, place: int) -> Any:
    keys = {
        Column.PARAMETERS: "parameters",
        Column.SPARSITY: "sparsity",
        Column.SQNR: "sqnr_db",
        Column.COSINE: "cosine",
        Column.SCALE: "scale",
        Column.ZERO_POINT: "zero_point",
    }
    if column in keys:
        figure = row.figure(keys[column])
        return -1e18 if figure is None else figure
    if column == Column.CHANNELS:
        return row.channels[1] if row.channels else -1
    if column == Column.LAYER:
        return place  # the order of the network, which is what a name's order stands for
    return row.type if column == Column.TYPE else row.precision


def _alignment(column: int) -> int:
    side = Qt.AlignmentFlag.AlignLeft if column in LEFT_ALIGNED else Qt.AlignmentFlag.AlignRight
    return int(side | Qt.AlignmentFlag.AlignVCenter)

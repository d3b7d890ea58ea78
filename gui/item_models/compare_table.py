"""Lines of a comparison as a table model: one row a line, one column a network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from gui.compare.cells import Cell, Line
from gui.text import tr

Index = QModelIndex | QPersistentModelIndex
LINE_ROLE = Qt.ItemDataRole.UserRole
SORT_ROLE = Qt.ItemDataRole.UserRole + 1
CELL_ROLE = Qt.ItemDataRole.UserRole + 2


class CompareTableModel(QAbstractTableModel):
    """``headers`` name the columns; the first names the lines."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.headers: tuple[str, ...] = ("",)
        self._tips: tuple[str, ...] = ("",)
        self.lines: tuple[Line, ...] = ()

    def show_lines(self, headers: Sequence[str], lines: Sequence[Line], tips: Sequence[str] = ()) -> None:
        """``tips`` are the headers in full."""
        self.beginResetModel()
        self.headers, self.lines = tuple(headers), tuple(lines)
        self._tips = tuple(tips) or self.headers
        self.endResetModel()

    def table(self) -> tuple[list[str], list[list[str | float | None]]]:
        """Header and rows for a file: bare figures where there are any, else the text."""
        rows: list[list[str | float | None]] = [
            [line.name, *(cell.text if cell.figure is None else cell.figure for cell in line.cells)]
            for line in self.lines
        ]
        return list(self._tips), rows

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self.headers)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.headers[section]
            case Qt.ItemDataRole.ToolTipRole:
                return self._tips[section]
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if section else Qt.AlignmentFlag.AlignLeft
                return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.lines[index.row()]
        cell = line.cells[index.column() - 1] if index.column() and line.cells else None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _text(line, cell, index.column())
            case Qt.ItemDataRole.ToolTipRole:
                return "\n".join(filter(None, (line.name, line.note, line.tip))) if cell is None else _said(cell)
            case Qt.ItemDataRole.AccessibleTextRole if cell is not None:
                return _said(cell)
            case _ if role == LINE_ROLE:
                return line
            case _ if role == CELL_ROLE:
                return cell
            case _ if role == SORT_ROLE:
                return _sort_key(index.row(), cell)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.lines[index.row()].section:
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


def _text(line: Line, cell: Cell | None, column: int) -> str:
    if cell is not None:
        return cell.text
    return "" if column else line.name


def _said(cell: Cell) -> str:
    """A cell for those who hear it: figure, difference, whether it is the best."""
    return ", ".join(filter(None, (cell.text, cell.change, tr("best") if cell.best else "")))


def _sort_key(place: int, cell: Cell | None) -> Any:
    """The order of the network for names; what has no figure comes first."""
    if cell is None:
        return place
    return cell.figure if cell.figure is not None else -1e18

"""Figures of a plot as a table: a row each, sorted by its header where there are not very many."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtWidgets import QWidget

from gui.dialogs.sheet import Sheet
from gui.text import tr
from gui.widgets.buttons import button
from gui.widgets.table_style import fit_columns, table_view

Index = QModelIndex | QPersistentModelIndex
SORT_ROLE = Qt.ItemDataRole.UserRole
MANY = 5000
"""More rows stay in the order in which they are given: sorting them would take seconds."""


@dataclass(frozen=True)
class Column:
    """A column: its title, and how its figures are written."""

    title: str
    text: Callable[[float], str]


class ArrayTableModel(QAbstractTableModel):
    """``values``, rows × columns."""

    def __init__(self, columns: Sequence[Column], values: NDArray[Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns, self._values = columns, values

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._values)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return self._columns[section].title if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        figure = float(self._values[index.row(), index.column()])
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._columns[index.column()].text(figure)
            case Qt.ItemDataRole.TextAlignmentRole:
                return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            case _ if role == SORT_ROLE:
                return -math.inf if math.isnan(figure) else figure
        return None


class ArrayTableDialog(Sheet):
    """Shows :class:`ArrayTableModel`."""

    def __init__(
        self,
        title: str,
        text: str,
        columns: Sequence[Column],
        values: NDArray[Any],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, text, width=560, parent=parent)
        self.model = ArrayTableModel(columns, np.asarray(values), self)
        last = len(columns) - 1
        sorts = len(values) <= MANY
        self.view = table_view(self._ordered() if sorts else self.model, {}, last, title)
        fit_columns(self.view, range(last), 36)
        if sorts:
            self.view.setSortingEnabled(True)
            self.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.view.setStyleSheet("QTableView { font-size: 12px; } QTableView::item { padding: 0 3px; }")
        self.body.addWidget(self.view, 1)
        self.footer.addStretch(1)
        self.footer.addWidget(button(tr("Close"), self.reject))
        self.resize(760, 480)

    def _ordered(self) -> QSortFilterProxyModel:
        ordered = QSortFilterProxyModel(self)
        ordered.setSourceModel(self.model)
        ordered.setSortRole(SORT_ROLE)
        return ordered

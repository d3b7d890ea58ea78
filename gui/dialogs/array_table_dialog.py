"""Figures of a plot as a table: a row each, sorted by its header where there are not very many."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt
from PySide6.QtWidgets import QWidget

from gui.dialogs.table_dialog import SORT_ROLE, Index, TableDialog, aligned, heading
from gui.widgets.table_style import fit_columns

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
        return heading(orientation, role, lambda: self._columns[section].title, right=True)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        figure = float(self._values[index.row(), index.column()])
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._columns[index.column()].text(figure)
            case Qt.ItemDataRole.TextAlignmentRole:
                return aligned(right=True)
            case _ if role == SORT_ROLE:
                return -math.inf if math.isnan(figure) else figure
        return None


class ArrayTableDialog(TableDialog):
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
        self.show_table(self.model, {}, last, title, sorts=len(values) <= MANY)
        fit_columns(self.view, range(last), 36)
        self.resize(760, 480)

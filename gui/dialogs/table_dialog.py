"""The figures behind a plot as a table in a sheet of its own: what the tables of all plots share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)

from gui.dialogs.sheet import Sheet
from gui.text import tr
from gui.widgets.buttons import button
from gui.widgets.table_style import StretchTable, table_view

Index = QModelIndex | QPersistentModelIndex
SORT_ROLE = Qt.ItemDataRole.UserRole


def aligned(right: bool) -> int:
    """The alignment of a cell: figures to the right, words to the left."""
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)


def heading(orientation: Qt.Orientation, role: int, title: Callable[[], str], *, right: bool) -> Any:
    """What a table's header says of one column."""
    if orientation != Qt.Orientation.Horizontal:
        return None
    if role == Qt.ItemDataRole.TextAlignmentRole:
        return aligned(right)
    return title() if role == Qt.ItemDataRole.DisplayRole else None


class TableDialog(Sheet):
    """A sheet with one table and Close."""

    view: StretchTable

    def show_table(
        self, model: QAbstractTableModel, widths: dict[int, int], stretched: int, name: str, *, sorts: bool = True
    ) -> None:
        """Put ``model`` in; ``sorts`` lets its header sort it by what it gives for :data:`SORT_ROLE`."""
        if sorts:
            self._sorted = QSortFilterProxyModel(self)
            self._sorted.setSourceModel(model)
            self._sorted.setSortRole(SORT_ROLE)
        self.view = table_view(self._sorted if sorts else model, widths, stretched, name)
        if sorts:
            self.view.setSortingEnabled(True)
            self.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.view.setStyleSheet("QTableView { font-size: 12px; } QTableView::item { padding: 0 3px; }")
        self.body.addWidget(self.view, 1)
        self.footer.addStretch(1)
        self.footer.addWidget(button(tr("Close"), self.reject))

    def source(self, index: QModelIndex) -> QModelIndex:
        """A place in a table that sorts, in its model."""
        return self._sorted.mapToSource(index)

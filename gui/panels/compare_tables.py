"""The tables of a comparison: figures, stages and layers, and two recipes line by line."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.compare.cells import Line
from gui.item_models.compare_delegate import PADDING, CompareDelegate
from gui.item_models.compare_table import LINE_ROLE, SORT_ROLE, CompareTableModel
from gui.theme import font
from gui.widgets.table_style import ROW_HEIGHT, table_view

NAME = 196
"""Pixels that the names of the lines keep."""
NARROW_NAME = 166
HIGH = 44
"""Of rows that say the difference below the figure."""
MEASURED = 300
CELL = 110
"""A cell is no narrower: then the table scrolls."""


class CompareTable(QWidget):
    """Lines of a comparison; ``tall`` rows, and those with too little room, say the difference below the figure.

    Signals:
        line_chosen(str): key of the line that was clicked, or on which Enter was pressed.
    """

    line_chosen = Signal(str)

    def __init__(self, name: str, *, tall: bool = False, sortable: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = CompareTableModel(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.model)
        self._sorted.setSortRole(SORT_ROLE)
        self.view = table_view(self._sorted, {}, 0, name)
        self.delegate = CompareDelegate(self.view)
        self.view.setItemDelegate(self.delegate)
        self.view.setSortingEnabled(sortable)
        if sortable:
            self.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self._tall = tall
        self.view.clicked.connect(self._chosen)
        self.view.activated.connect(self._chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)

    def show_lines(self, headers: Sequence[str], lines: Sequence[Line], tips: Sequence[str]) -> None:
        """The first header stands over the names."""
        self.model.show_lines(headers, lines, tips)
        for row, line in enumerate(self.model.lines):
            if line.section or self.view.columnSpan(row, 0) > 1:
                self.view.setSpan(row, 0, 1, len(headers) if line.section else 1)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The names keep their room, the networks share the rest."""
        count = self.model.columnCount() - 1
        if count < 1:
            return
        room = self.width() - 12
        name = NAME if room - NAME >= CELL * count else NARROW_NAME
        cell = max(CELL, (room - name) // count)
        for column in range(1, count + 1):
            self.view.setColumnWidth(column, cell)
        self.view.fit()
        tall = self._tall or self._needed() > cell
        self.view.verticalHeader().setDefaultSectionSize(HIGH if tall else ROW_HEIGHT)

    def _needed(self) -> int:
        """Pixels of the widest cell that says figure and difference beside each other."""
        figure, change = QFontMetrics(font(12)), QFontMetrics(font(11, 500))
        cells = (cell for line in self.model.lines[:MEASURED] for cell in line.cells if cell.change)
        widths = (figure.horizontalAdvance(cell.text) + change.horizontalAdvance(cell.change) for cell in cells)
        return max(widths, default=0) + 2 * PADDING + 8

    def _chosen(self, index: QModelIndex) -> None:
        line: Line = index.data(LINE_ROLE)
        if line.key:
            self.line_chosen.emit(line.key)

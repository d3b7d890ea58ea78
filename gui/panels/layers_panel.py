"""Per layer: parameters before and after, sparsity, precision, and how far its output moved.

Signals:
    layer_activated(str): a row was double-clicked or Enter was pressed; the layer's name.
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from gui.item_models.layer_delegate import LayerTableDelegate
from gui.item_models.layer_table import ROW_ROLE, SORT_ROLE, Column, LayerRow, LayerTableModel
from gui.panels.error_chart import ErrorChart
from gui.plots.error_plot import Bar
from gui.precisions import chip_width
from gui.run_state import RunState
from gui.text import tr
from gui.widgets.empty_state import EmptyState
from gui.widgets.table_style import fit_columns, table_view

WIDTHS = {Column.TYPE: 64, Column.SPARSITY: 80, Column.PRECISION: 74}
FITTED = (Column.TYPE, Column.PARAMETERS, Column.CHANNELS, Column.SQNR, Column.COSINE, Column.SCALE, Column.ZERO_POINT)
OPTIONAL = {
    Column.SQNR: "sqnr_db",
    Column.COSINE: "cosine",
    Column.SCALE: "scale",
    Column.ZERO_POINT: "zero_point",
}
"""Columns that stand only where some layer has the figure."""
LEAST_MISSED = (Column.TYPE, Column.ZERO_POINT, Column.SCALE)
"""Columns that make way where the table is too narrow: the tree has the first, the precision's tooltip the others."""

SCROLL_BAR = 12


LONGEST_NAME = 240
"""Pixels a layer's name may take before it is elided."""


class LayersPanel(QWidget):
    """The layers of ``state``; :meth:`set_state` shows another run's."""

    layer_activated = Signal(str)

    def __init__(self, state: RunState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = LayerTableModel(state, self)
        self._behind = False
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self._model)
        self._sorted.setSortRole(SORT_ROLE)
        self.view = table_view(self._sorted, WIDTHS, Column.LAYER, tr("Layers"))
        self.view.setItemDelegate(LayerTableDelegate(self.view))
        self.view.setSortingEnabled(True)
        self.view.sortByColumn(Column.LAYER, Qt.SortOrder.AscendingOrder)
        self.view.activated.connect(self._activated)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(
            EmptyState(
                "rows",
                tr("No figures per layer yet"),
                tr("Each layer's parameters, sparsity, precision and error appear here once a run has measured them."),
            )
        )
        self.chart = ErrorChart()
        self.chart.layer_chosen.connect(self._chosen)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        column.addWidget(self.chart)
        self._stack.addWidget(page)
        self._model.modelReset.connect(self._show)
        self._model.dataChanged.connect(self._show)
        self._show()

    def set_state(self, state: RunState) -> None:
        """Show another run."""
        self._model.set_state(state)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._behind:
            self._show()

    def _show(self) -> None:
        """Fit columns and chart to the layers; where nobody looks, that waits until somebody does."""
        self._behind = self.window().isVisible() and not self.isVisible()
        if self._behind:
            return
        rows = self._model.rows
        self._stack.setCurrentIndex(1 if rows else 0)
        self.view.setColumnHidden(Column.TYPE, False)
        for column, key in OPTIONAL.items():
            self.view.setColumnHidden(column, not any(row.figure(key) is not None for row in rows))
        self.view.setColumnHidden(Column.CHANNELS, not any(row.channels for row in rows))
        widest = max((chip_width(row.precision) for row in rows if row.precision), default=0)
        self.view.setColumnWidth(Column.PRECISION, max(WIDTHS[Column.PRECISION], widest + 20))
        fit_columns(self.view, [column for column in FITTED if not self.view.isColumnHidden(column)])
        self.view.show_whole(LONGEST_NAME)
        self._make_room()
        errors = [(row, row.figure("sqnr_db")) for row in rows]
        self.chart.show_bars([Bar(row.name, sqnr, row.figure("cosine")) for row, sqnr in errors if sqnr is not None])

    def _make_room(self) -> None:
        """Hide the columns that are missed least until the others fit."""
        for column in LEAST_MISSED:
            if self.view.needed > self.width() - SCROLL_BAR:
                self.view.setColumnHidden(column, True)
        self.view.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show()

    def _chosen(self, name: str) -> None:
        """Select the row of a bar that was clicked."""
        row = next((i for i in range(self._sorted.rowCount()) if self._row(i).name == name), None)
        if row is not None:
            self.view.selectRow(row)

    def _row(self, row: int) -> LayerRow:
        found: LayerRow = self._sorted.index(row, 0).data(ROW_ROLE)
        return found

    def _activated(self, index: QModelIndex) -> None:
        self.layer_activated.emit(index.data(ROW_ROLE).name)

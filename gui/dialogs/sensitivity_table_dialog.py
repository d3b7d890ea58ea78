"""The curves of a sensitivity scan as a table: a row a layer, a column an amount."""

from __future__ import annotations

from typing import Any

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
from gui.scan_state import Measure, Point, ScanState
from gui.text import NOTHING, number, percent, tr
from gui.widgets.buttons import button
from gui.widgets.table_style import table_view

Index = QModelIndex | QPersistentModelIndex
SORT_ROLE = Qt.ItemDataRole.UserRole


class SensitivityTableModel(QAbstractTableModel):
    """A still picture of the scan."""

    def __init__(self, scan: ScanState, measure: Measure, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._measure = measure
        self._amounts = scan.amounts
        self._rows: list[tuple[str, dict[float, Point]]] = [
            (name, {point.amount: point for point in points}) for name, points in scan.targets.items()
        ]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self._amounts) + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(section)
        if role == Qt.ItemDataRole.DisplayRole:
            return percent(self._amounts[section - 1]) if section else tr("Layer")
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        name, points = self._rows[index.row()]
        column = index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column)
        point = points.get(self._amounts[column - 1]) if column else None
        figure = point.figure(self._measure) if point is not None else None
        match role:
            case Qt.ItemDataRole.DisplayRole if not column:
                return name
            case Qt.ItemDataRole.DisplayRole:
                return point.text(self._measure) if point is not None else NOTHING
            case _ if role == SORT_ROLE:
                return (1e18 if figure is None else figure) if column else index.row()
        return None


def _side(column: int) -> int:
    side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)


class SensitivityTableDialog(Sheet):
    """Shows :class:`SensitivityTableModel`, sorted by its header."""

    def __init__(self, scan: ScanState, measure: Measure, parent: QWidget | None = None) -> None:
        title = tr("Accuracy against amount") if measure == "accuracy" else tr("SQNR against amount")
        text = tr("Each layer pruned alone, all others as they are.")
        if scan.baseline is not None and measure == "accuracy":
            accuracy = number(scan.baseline.accuracy, 2)
            text = tr(
                "Each layer pruned alone, all others as they are. Nothing pruned: {accuracy}%.", accuracy=accuracy
            )
        super().__init__(title, text, width=560, parent=parent)
        self.model = SensitivityTableModel(scan, measure, self)
        ordered = QSortFilterProxyModel(self)
        ordered.setSourceModel(self.model)
        ordered.setSortRole(SORT_ROLE)
        self.view = table_view(ordered, {i: 76 for i in range(1, self.model.columnCount())}, 0, title)
        self.view.setSortingEnabled(True)
        self.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.view.setStyleSheet("QTableView { font-size: 12px; } QTableView::item { padding: 0 3px; }")
        self.body.addWidget(self.view, 1)
        self.footer.addStretch(1)
        self.footer.addWidget(button(tr("Close"), self.reject))
        self.resize(720, 480)

"""The curves of a sensitivity scan as a table: a row a layer, a column an amount."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt
from PySide6.QtWidgets import QWidget

from gui.dialogs.table_dialog import SORT_ROLE, Index, TableDialog, aligned, heading
from gui.scan_state import Measure, Point, ScanState
from gui.text import NOTHING, number, percent, tr


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
        title = lambda: percent(self._amounts[section - 1]) if section else tr("Layer")  # noqa: E731
        return heading(orientation, role, title, right=bool(section))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        name, points = self._rows[index.row()]
        column = index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return aligned(right=bool(column))
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


class SensitivityTableDialog(TableDialog):
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
        self.show_table(self.model, {i: 76 for i in range(1, self.model.columnCount())}, 0, title)
        self.resize(720, 480)

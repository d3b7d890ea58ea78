"""The plots' data as a table: every moment at which a curve has a point."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt
from PySide6.QtWidgets import QWidget

from backend.description import Catalogue
from gui.dialogs.table_dialog import Index, TableDialog, aligned, heading
from gui.plots.run_data import curve_name, table
from gui.run_state import RunState
from gui.text import number, percent, significant, tr


class CurveTableModel(QAbstractTableModel):
    """A still picture of the run's curves."""

    def __init__(self, state: RunState, catalogue: Catalogue | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self._columns, self._rows = table(state)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return heading(orientation, role, lambda: curve_name(self._columns[section], self._catalogue), right=True)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return aligned(right=True)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        cell = self._rows[index.row()][index.column()]
        if cell is None:
            return ""
        match self._columns[index.column()]:
            case "seconds":
                return number(cell, 2)
            case "accuracy" | "train_accuracy":
                return f"{number(cell, 2)}%"
            case "sparsity":
                return percent(cell, 1)
            case _:
                return significant(cell)


class CurveTableDialog(TableDialog):
    """Shows :class:`CurveTableModel`."""

    def __init__(self, state: RunState, catalogue: Catalogue | None = None, parent: QWidget | None = None) -> None:
        super().__init__(tr("Curves of {run}", run=state.name), width=640, parent=parent)
        self.model = CurveTableModel(state, catalogue, self)
        widths = {i: 136 for i in range(1, self.model.columnCount())}
        self.show_table(self.model, widths, 0, tr("Curves"), sorts=False)
        self.resize(736, 480)

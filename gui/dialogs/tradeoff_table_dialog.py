"""The dots of the trade-off as a table: what stands on the front, where its knee is, what keeps the budget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtWidgets import QWidget

from gui.dialogs.sheet import Sheet
from gui.text import NOTHING, tr
from gui.trade_off import ACROSS, TradeOff, figure, within
from gui.tradeoff_text import name, text
from gui.widgets.buttons import button
from gui.widgets.table_style import fit_columns, table_view

Index = QModelIndex | QPersistentModelIndex
SORT_ROLE = Qt.ItemDataRole.UserRole
NAME = 260
"""Pixels that a dot's name may take before it is elided."""


class TradeoffTableModel(QAbstractTableModel):
    """A still picture of the dots: name, the chosen accuracy, every cost, and where the dot stands."""

    def __init__(self, shown: TradeOff, budget: Mapping[str, float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shown = shown
        self._budget = budget
        self._measures = (shown.up, *ACROSS)
        self._front = set(shown.front)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.shown.moments)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self._measures) + 3

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(section)
        if role == Qt.ItemDataRole.DisplayRole:
            return (tr("Dot"), *map(name, self._measures), tr("Pareto front"), tr("Budget"))[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        match role:
            case Qt.ItemDataRole.TextAlignmentRole:
                return self._side(column)
            case Qt.ItemDataRole.DisplayRole:
                return self._text(row, column)
            case _ if role == SORT_ROLE:
                return self._key(row, column)
        return None

    def _text(self, row: int, column: int) -> str:
        moment = self.shown.moments[row]
        if column == 0:
            return moment.title
        if column <= len(self._measures):
            measure = self._measures[column - 1]
            return text(measure, figure(moment, measure))
        if column == len(self._measures) + 1:
            return (
                tr("Knee") if row == self.shown.knee else tr("On the front") if row in self._front else tr("Dominated")
            )
        kept = within(self._budget, moment)
        return NOTHING if kept is None else tr("Within budget") if kept else tr("Over budget")

    def _key(self, row: int, column: int) -> Any:
        if 1 <= column <= len(self._measures):
            found = figure(self.shown.moments[row], self._measures[column - 1])
            return 1e300 if found is None else found
        return self._text(row, column) if column else row

    def _side(self, column: int) -> int:
        figures = 1 <= column <= len(self._measures)
        side = Qt.AlignmentFlag.AlignRight if figures else Qt.AlignmentFlag.AlignLeft
        return int(side | Qt.AlignmentFlag.AlignVCenter)


class TradeoffTableDialog(Sheet):
    """Shows :class:`TradeoffTableModel`, sorted by its header.

    Signals:
        chosen(int): a row was double-clicked or Enter was pressed; its dot.
    """

    chosen = Signal(int)

    def __init__(self, shown: TradeOff, budget: Mapping[str, float], parent: QWidget | None = None) -> None:
        title = tr("{up} against {across}", up=name(shown.up), across=name(shown.across))
        super().__init__(title, width=640, parent=parent)
        self.model = TradeoffTableModel(shown, budget, self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.model)
        self._sorted.setSortRole(SORT_ROLE)
        self.view = table_view(self._sorted, {}, 0, title)
        fit_columns(self.view, range(1, self.model.columnCount()), padding=32)
        self.view.show_whole(NAME)
        self.view.setSortingEnabled(True)
        self.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.view.setStyleSheet("QTableView { font-size: 12px; } QTableView::item { padding: 0 3px; }")
        self.view.activated.connect(self._activated)
        self.body.addWidget(self.view, 1)
        self.footer.addStretch(1)
        self.footer.addWidget(button(tr("Close"), self.reject))
        self.resize(920, 480)

    def _activated(self, index: QModelIndex) -> None:
        self.chosen.emit(self._sorted.mapToSource(index).row())
        self.accept()

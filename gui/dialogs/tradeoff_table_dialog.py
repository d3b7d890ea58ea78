"""The dots of the trade-off as a table: what stands on the front, where its knee is, what keeps the budget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from gui.dialogs.table_dialog import SORT_ROLE, Index, TableDialog, aligned, heading
from gui.text import NOTHING, tr
from gui.trade_off import ACROSS, TradeOff, figure, within
from gui.tradeoff_text import name, text
from gui.widgets.table_style import fit_columns

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
        titles = (tr("Dot"), *map(name, self._measures), tr("Pareto front"), tr("Budget"))
        return heading(orientation, role, lambda: titles[section], right=self._is_figure(section))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        match role:
            case Qt.ItemDataRole.TextAlignmentRole:
                return aligned(self._is_figure(column))
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
        if self._is_figure(column):
            found = figure(self.shown.moments[row], self._measures[column - 1])
            return 1e300 if found is None else found
        return self._text(row, column) if column else row

    def _is_figure(self, column: int) -> bool:
        return 1 <= column <= len(self._measures)


class TradeoffTableDialog(TableDialog):
    """Shows :class:`TradeoffTableModel`, sorted by its header.

    Signals:
        chosen(int): a row was double-clicked or Enter was pressed; its dot.
    """

    chosen = Signal(int)

    def __init__(self, shown: TradeOff, budget: Mapping[str, float], parent: QWidget | None = None) -> None:
        title = tr("{up} against {across}", up=name(shown.up), across=name(shown.across))
        super().__init__(title, width=640, parent=parent)
        self.model = TradeoffTableModel(shown, budget, self)
        self.show_table(self.model, {}, 0, title)
        fit_columns(self.view, range(1, self.model.columnCount()), padding=32)
        self.view.show_whole(NAME)
        self.view.activated.connect(self._activated)
        self.resize(920, 480)

    def _activated(self, index: QModelIndex) -> None:
        self.chosen.emit(self.source(index).row())
        self.accept()

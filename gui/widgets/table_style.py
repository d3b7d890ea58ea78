"""How the tables of the centre look: 28 px rows, numbers on the right, one line under the header."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from gui.theme import font, tokens

ROW_HEIGHT = 28
INDENT = 10
"""Of the first column, beyond the padding of every column."""


class Header(QHeaderView):
    """Begins where the docks' text begins."""

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        if self.visualIndex(logicalIndex) != 0:
            super().paintSection(painter, rect, logicalIndex)
            return
        left = QRect(rect.x(), rect.y(), INDENT, rect.height())
        painter.fillRect(left, QColor(tokens().window))
        painter.setPen(QColor(tokens().line))
        painter.drawLine(left.topLeft(), left.topRight())
        painter.drawLine(left.bottomLeft(), left.bottomRight())
        super().paintSection(painter, rect.adjusted(INDENT, 0, 0, 0), logicalIndex)


class IndentDelegate(QStyledItemDelegate):
    """Begins where the header begins; for tables that paint nothing of their own."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        if index.column() == 0:
            option.rect = option.rect.adjusted(INDENT, 0, 0, 0)


class StretchTable(QTableView):
    """One column takes what the others leave, down to a width below which the table scrolls."""

    def __init__(self, stretch: int, least: int = 76) -> None:
        super().__init__()
        self._stretch, self._least, self._needed = stretch, least, least

    def show_whole(self, most: int) -> None:
        """Let the stretching column show its longest text whole, up to ``most`` pixels."""
        model, text = self.model(), QFontMetricsF(font(12, 500))
        cells = (str(model.index(row, self._stretch).data() or "") for row in range(min(300, model.rowCount())))
        longest = max((text.horizontalAdvance(cell) for cell in cells), default=0.0)
        self._needed = min(most, max(self._least, round(longest) + 2 * INDENT + 16))
        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    @property
    def needed(self) -> int:
        """Pixels that all columns take where the stretching one has no more than it needs."""
        header = self.horizontalHeader()
        return self._needed + sum(header.sectionSize(i) for i in range(header.count()) if i != self._stretch)

    def fit(self) -> None:
        """Give the stretching column its width again, after another one was hidden or resized."""
        header = self.horizontalHeader()
        others = sum(header.sectionSize(i) for i in range(header.count()) if i != self._stretch)
        self.setColumnWidth(self._stretch, max(self._needed, self.viewport().width() - others))


def table_view(model: QAbstractItemModel, widths: Mapping[Any, int], stretch: int, name: str) -> StretchTable:
    """A view of ``model``: columns ``widths`` wide, ``stretch`` takes what is left; sorted by its header."""
    view = StretchTable(stretch)
    view.setHorizontalHeader(Header(Qt.Orientation.Horizontal, view))
    view.setModel(model)
    view.setItemDelegate(IndentDelegate(view))
    view.setAccessibleName(name)
    view.setFrameShape(QTableView.Shape.NoFrame)
    view.setShowGrid(False)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setWordWrap(False)
    view.setMouseTracking(True)
    view.setTabKeyNavigation(False)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
    view.verticalHeader().setMinimumSectionSize(ROW_HEIGHT)
    header = view.horizontalHeader()
    header.setHighlightSections(False)
    header.setSectionsClickable(True)
    header.setFixedHeight(ROW_HEIGHT)
    header.setMinimumSectionSize(28)
    header.setTextElideMode(Qt.TextElideMode.ElideRight)
    header.setSectionResizeMode(stretch, QHeaderView.ResizeMode.Fixed)
    for column, width in widths.items():
        view.setColumnWidth(column, width)
    return view


def fit_columns(view: QTableView, columns: Iterable[int], padding: int = 20) -> None:
    """Make ``columns`` as wide as their header and the longest text of their first rows."""
    model = view.model()
    text, head = QFontMetricsF(font(12)), QFontMetricsF(font(12, 500))
    for column in columns:
        width = head.horizontalAdvance(str(model.headerData(column, Qt.Orientation.Horizontal) or ""))
        for row in range(min(300, model.rowCount())):
            width = max(width, text.horizontalAdvance(str(model.index(row, column).data() or "")))
        view.setColumnWidth(column, round(width) + padding)

"""A confusion matrix as a table that is its own heat map.

Signals:
    entry_chosen(object): (label, answer) of the entry that was clicked, or on which Enter was pressed.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from gui.item_models.answers_delegates import ConfusionDelegate
from gui.item_models.confusion import ConfusionModel
from gui.text import tr
from gui.theme import font, tokens

ROW = 24
LOWEST = 18
"""Pixels of a row where the window is low."""
LEAST = 24
"""Pixels of an entry's width; where that is too narrow for its number, the number decides."""
MOST = 48
LONGEST = 84
"""Pixels a class's name may take."""
UPRIGHT = 3
"""Letters up to which the names over the columns need not be turned."""


class TurnedHeader(QHeaderView):
    """Names that are too long for the columns stand upright; :meth:`measure` them when they are others."""

    turned = False
    _height = 28

    def measure(self, names: Sequence[str]) -> None:
        self.turned = any(len(name) > UPRIGHT for name in names)
        text = QFontMetrics(font(11, 500))
        longest = max((text.horizontalAdvance(name) for name in names), default=0)
        self._height = min(LONGEST, longest) + 12 if self.turned else 28
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._height)

    def _name(self, section: int) -> str:
        return str(self.model().headerData(section, self.orientation()) or "")

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        painter.save()
        painter.fillRect(rect, QColor(tokens().panel))
        painter.setFont(font(11, 500))
        painter.setPen(QColor(tokens().sec))
        last = logicalIndex == self.count() - 1
        if self.turned and not last:
            painter.translate(rect.x(), rect.bottom() - 4)
            painter.rotate(-90)
            area = QRect(0, 0, rect.height() - 8, rect.width())
            shown = painter.fontMetrics().elidedText(
                self._name(logicalIndex), Qt.TextElideMode.ElideRight, area.width()
            )
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, shown)
        else:
            side = Qt.AlignmentFlag.AlignRight if last else Qt.AlignmentFlag.AlignHCenter
            area = rect.adjusted(0, 0, -6 if last else 0, -4)
            painter.drawText(area, side | Qt.AlignmentFlag.AlignBottom, self._name(logicalIndex))
        painter.restore()


class ConfusionTable(QTableView):
    """Rows are the labels, columns the answers; the last column is the share that is right."""

    entry_chosen = Signal(object)

    def __init__(self, model: ConfusionModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._matrix = model
        self._header = TurnedHeader(Qt.Orientation.Horizontal, self)
        self.setHorizontalHeader(self._header)
        self.setModel(model)
        model.modelReset.connect(lambda: self._header.measure(model.classes))
        self.setItemDelegate(ConfusionDelegate(self))
        self.setAccessibleName(tr("Confusion matrix"))
        self.setAccessibleDescription(tr("Rows are the labels, columns the answers"))
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setMinimumWidth(200)
        self.setStyleSheet(f"QTableCornerButton::section {{ background: {tokens().panel}; border: none; }}")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setMinimumSectionSize(LOWEST)
            header.setHighlightSections(False)
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.verticalHeader().setMaximumWidth(LONGEST)
        self.verticalHeader().setStyleSheet(
            f"QHeaderView {{ background: {tokens().panel}; }}"
            f"QHeaderView::section {{ background: {tokens().panel}; border: none; padding: 0 6px 0 0;"
            "font-size: 11px; }"
        )
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.horizontalHeader().setToolTip(tr("What the network answers"))
        self.clicked.connect(self._chosen)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    @property
    def needed(self) -> int:
        """Pixels at which nothing need be scrolled sideways."""
        least, last = self._widths()
        return self.verticalHeader().sizeHint().width() + least * len(self._matrix.classes) + last + 12

    def _widths(self) -> tuple[int, int]:
        """Of an entry at least, and of the last column."""
        text, model = QFontMetrics(font(11, 600)), self._matrix
        largest = int(abs(model.matrix).max(initial=0))  # before there are answers the matrix is empty
        widest = tr("{value} pt", value="+00.00") if model.difference else "100.0%"
        number = f"+{largest:,}" if model.difference else f"{largest:,}"
        return max(LEAST, text.horizontalAdvance(number) + 6), text.horizontalAdvance(widest) + 12

    def fit(self) -> None:
        """Share the width among the columns; no narrower than their numbers."""
        count = len(self._matrix.classes)
        if not count:
            return
        least, last = self._widths()
        width = min(MOST, max(least, (self.viewport().width() - last) // count))
        self.horizontalHeader().setDefaultSectionSize(width)
        self.setColumnWidth(count, last)
        self.verticalHeader().setDefaultSectionSize(max(LOWEST, min(ROW, self.viewport().height() // count)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._chosen(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _chosen(self, index: QModelIndex) -> None:
        if index.isValid() and index.column() < len(self._matrix.classes):
            self.entry_chosen.emit((index.row(), index.column()))

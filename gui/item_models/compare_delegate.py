"""Paints a cell of a comparison: the figure, below or beside it the difference, and a mark on the best."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui.compare.cells import Cell, Line
from gui.icons import pixmap
from gui.item_models.compare_table import CELL_ROLE, LINE_ROLE
from gui.precisions import chip_width, paint_chip
from gui.text import NOTHING, tr
from gui.theme import Tokens, font, tokens

Index = QModelIndex | QPersistentModelIndex
PADDING = 8
TALL = 40
"""Rows from this height on say the difference on a second line."""
RIGHT = Qt.AlignmentFlag.AlignRight
LEFT = Qt.AlignmentFlag.AlignLeft


class CompareDelegate(QStyledItemDelegate):
    """For a view on :class:`CompareTableModel`; ``chips`` paints texts as precisions."""

    chips = False

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t = tokens()
        line: Line = index.data(LINE_ROLE)
        cell: Cell | None = index.data(CELL_ROLE)
        rect, state = QRect(option.rect), option.state  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if line.section:
            painter.fillRect(rect, QColor(t.window))
        elif state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(t.sel))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(t.hover))
        area = rect.adjusted(PADDING if index.column() else 16, 0, -PADDING, 0)
        if cell is None:
            self._name(painter, area, line, index.column(), t)
        elif self.chips and cell.text not in (NOTHING, tr("gone")):
            self._chip(painter, area, cell, bool(state & QStyle.StateFlag.State_Selected))
        elif cell.differs and cell.figure is None:  # a word that is another one
            _draw(painter, area, RIGHT, cell.text, t.ter if cell.text == NOTHING else t.accent, 600)
        elif rect.height() >= TALL:
            self._two_lines(painter, area, cell, t)
        else:
            self._one_line(painter, area, cell, t)
        painter.restore()

    def _name(self, painter: QPainter, area: QRect, line: Line, column: int, t: Tokens) -> None:
        if column:
            return
        tall = area.height() >= TALL
        name = area.adjusted(0, 4, 0, -area.height() // 2) if tall and line.note else area
        _draw(painter, name, LEFT, line.name, t.text, 600 if line.section else 500)
        if tall and line.note:
            _draw(painter, area.adjusted(0, area.height() // 2 - 2, 0, -3), LEFT, line.note, t.ter, 400, 11)

    def _two_lines(self, painter: QPainter, area: QRect, cell: Cell, t: Tokens) -> None:
        top = area.adjusted(0, 4, 0, -area.height() // 2) if cell.change else area
        weight = 600 if cell.best else 400
        large = QFontMetrics(font(13, weight)).horizontalAdvance(cell.text)
        size = 13 if large <= area.width() else 11
        _draw(painter, top, RIGHT, cell.text, t.ter if cell.text == NOTHING else t.text, weight, size)
        if cell.best:
            figure = QFontMetrics(font(size, weight)).horizontalAdvance(cell.text)
            self._best(painter, top.adjusted(0, 0, -figure - 8, 0), t)
        _draw(painter, area.adjusted(0, area.height() // 2 - 2, 0, -3), RIGHT, cell.change, _tone(cell, t), 500, 11)

    def _best(self, painter: QPainter, area: QRect, t: Tokens) -> None:
        """A trophy and the word, left of the figure; the trophy alone where both do not fit."""
        word = tr("best")
        width = QFontMetrics(font(11, 500)).horizontalAdvance(word) + 15
        if width > area.width():
            word, width = "", 13
        painter.drawPixmap(area.right() - width + 1, area.center().y() - 5, pixmap("trophy", t.ok, 12))
        _draw(painter, area, RIGHT, word, t.ok, 500, 11)

    def _one_line(self, painter: QPainter, area: QRect, cell: Cell, t: Tokens) -> None:
        change = QFontMetrics(font(11, 500)).horizontalAdvance(cell.change)
        room = area.width() - change - 8 if change else area.width()
        figure = QRect(area.x(), area.y(), room, area.height())
        _draw(painter, figure, RIGHT, cell.text, t.ter if cell.text == NOTHING else t.text, 400)
        _draw(painter, area, RIGHT, cell.change, _tone(cell, t), 500, 11)

    def _chip(self, painter: QPainter, area: QRect, cell: Cell, selected: bool) -> None:
        width = min(area.width(), chip_width(cell.text))
        paint_chip(painter, area.right() - width, area.center().y(), cell.text, selected=selected, most=width)


def _tone(cell: Cell, t: Tokens) -> str:
    return {"ok": t.ok, "bad": t.bad}.get(cell.tone, t.sec)


def _draw(
    painter: QPainter, area: QRect, side: Qt.AlignmentFlag, text: str, color: str, weight: int, size: int = 12
) -> None:
    painter.setFont(font(size, weight))
    painter.setPen(QColor(color))
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, shown)

"""Paints a row of the layer table: figures on the right, precision as a chip, sparsity with its bar."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui.item_models.layer_table import LEFT_ALIGNED, ROW_ROLE, Column, LayerRow
from gui.precisions import paint_chip
from gui.text import NOTHING
from gui.theme import font, tokens

Index = QModelIndex | QPersistentModelIndex


class LayerTableDelegate(QStyledItemDelegate):
    """For a view on :class:`LayerTableModel`."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t = tokens()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)  # type: ignore[attr-defined]
        if selected or hovered:
            painter.fillRect(option.rect, QColor(t.sel if selected else t.hover))  # type: ignore[attr-defined]
        area = QRect(option.rect).adjusted(6 if index.column() else 16, 0, -6, 0)  # type: ignore[attr-defined]
        row: LayerRow = index.data(ROW_ROLE)
        text = str(index.data() or "")
        match index.column():
            case Column.PRECISION if text != NOTHING:
                paint_chip(painter, area.x(), area.center().y(), text, selected=selected, most=area.width())
            case Column.SPARSITY:
                self._bar(painter, area, row.figure("sparsity"))
                self._text(painter, area, text, Column.SPARSITY)
            case column:
                self._text(painter, area, text, Column(column))
        painter.restore()

    def _text(self, painter: QPainter, area: QRect, text: str, column: Column) -> None:
        t = tokens()
        painter.setFont(font(12, 500 if column == Column.LAYER else 400))
        muted = text == NOTHING or column == Column.TYPE
        painter.setPen(QColor(t.ter if muted else t.text))
        side = Qt.AlignmentFlag.AlignLeft if column in LEFT_ALIGNED else Qt.AlignmentFlag.AlignRight
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, area.width())
        painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, shown)

    def _bar(self, painter: QPainter, area: QRect, share: float | None) -> None:
        t = tokens()
        bar = QRectF(area.x(), area.center().y() - 1, 28, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.line))
        painter.drawRoundedRect(bar, 2, 2)
        if share:
            painter.setBrush(QColor(t.s1))
            painter.drawRoundedRect(QRectF(bar.x(), bar.y(), max(3.0, 28 * share), 4), 2, 2)

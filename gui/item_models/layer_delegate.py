"""Paints a row of the layer table: figures on the right, precision as a chip, sparsity with its bar."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui.item_models.layer_table import LEFT_ALIGNED, ROW_ROLE, Column, LayerRow
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
                precision_chip(painter, area, text, selected=selected)
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


def precision_chip(painter: QPainter, area: QRect, text: str, *, selected: bool) -> None:
    """``text`` in a chip: float outlined, low precisions tinted."""
    t = tokens()
    fill, ink = (t.int8_bg, t.int8) if "8" in text else (t.int4_bg, t.int4) if "4" in text else (None, t.sec)
    if "32" in text or "16" in text:
        fill, ink = None, t.sec
    painter.setFont(font(11, 500))
    width = max(42, painter.fontMetrics().horizontalAdvance(text) + 12)
    chip = QRectF(area.x() + 0.5, area.center().y() - 8.5, width, 18)
    painter.setPen(QPen(QColor(t.line2)) if fill is None else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(t.panel if selected or fill is None else fill))
    painter.drawRoundedRect(chip, 4, 4)
    painter.setPen(QColor(ink))
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)

"""Entries of a list with a name, and a line in smaller letters below it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui.theme import font, tokens

ROW = 46
SECOND_ROLE = Qt.ItemDataRole.UserRole + 1
"""The role of the second line."""


class TwoLines(QStyledItemDelegate):
    """A name, and what it is for in smaller letters below it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        t = tokens()
        rect = QRect(option.rect)  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(t.sel if selected else t.hover))
        for text, made, tone, top, height in (
            (str(index.data()), font(13, 500), t.text, 4, 20),
            (str(index.data(SECOND_ROLE)), font(12), t.sec if selected else t.ter, 23, 18),
        ):
            painter.setFont(made)
            painter.setPen(QColor(tone))
            area = QRect(rect.x() + 10, rect.y() + top, rect.width() - 18, height)
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()

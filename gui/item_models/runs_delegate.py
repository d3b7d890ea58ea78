"""Paints a row of the runs table: star, name, figures, status with its sign, time."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui.icons import pixmap
from gui.item_models.run_rows import RunRow
from gui.item_models.runs import ROW_ROLE, Column, RunsModel, status_text
from gui.text import NOTHING, percent
from gui.theme import font, tokens

Index = QModelIndex | QPersistentModelIndex


WORD = 40
"""Pixels from which on the status is said in a word beside its sign."""


class RunsDelegate(QStyledItemDelegate):
    """``model`` tells which run is starred."""

    def __init__(self, model: RunsModel) -> None:
        super().__init__(model)
        self._model = model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t = tokens()
        row: RunRow = index.data(ROW_ROLE)
        painter.save()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)  # type: ignore[attr-defined]
        if selected or hovered:
            painter.fillRect(option.rect, QColor(t.sel if selected else t.hover))  # type: ignore[attr-defined]
        area = QRect(option.rect).adjusted(6, 0, -6, 0)  # type: ignore[attr-defined]
        match index.column():
            case Column.STAR:
                best = self._model.best()
                starred = best is not None and best.folder == row.folder
                image = pixmap("star-fill", t.s6, 15) if starred else pixmap("star", t.ter, 15)
                painter.drawPixmap(area.x() + 10, area.center().y() - 7, image)
            case Column.STATUS:
                self._status(painter, area, row)
            case column:
                self._text(painter, area, row, Column(column), str(index.data() or ""))
        painter.restore()

    def _text(self, painter: QPainter, area: QRect, row: RunRow, column: Column, text: str) -> None:
        t = tokens()
        unfinished = row.status != "done"
        color, made, side = t.text, font(12), Qt.AlignmentFlag.AlignRight
        if column == Column.NAME:
            made, side = font(12, 500), Qt.AlignmentFlag.AlignLeft
        elif text == NOTHING or unfinished:
            color = t.ter
        elif self._model.over(row, column):
            color = t.bad
        elif column == Column.TIME:
            color = t.sec
        painter.setFont(made)
        painter.setPen(QColor(color))
        elided = Qt.TextElideMode.ElideMiddle if column == Column.NAME else Qt.TextElideMode.ElideRight
        shown = painter.fontMetrics().elidedText(text, elided, area.width())
        painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, shown)

    def _status(self, painter: QPainter, area: QRect, row: RunRow) -> None:
        t = tokens()
        painter.setFont(font(12))
        if row.status == "running":
            progress_bar(painter, area, row.fraction)
            return
        name, tone = {
            "done": ("check-circle-fill", t.ok),
            "stopped": ("minus-circle-fill", t.ter),
            "failed": ("x-circle-fill", t.bad),
        }.get(row.status, ("minus-circle-fill", t.ter))
        painter.drawPixmap(area.x(), area.center().y() - 6, pixmap(name, tone, 14))
        if area.width() < WORD:
            return
        painter.setPen(QColor(t.bad if row.status == "failed" else t.sec))
        text = status_text(row.status)
        painter.drawText(area.adjusted(20, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)


def progress_bar(painter: QPainter, area: QRect, fraction: float) -> None:
    """A line that is as full as ``fraction`` says, and the percentage."""
    t = tokens()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    bar = QRectF(area.x(), area.center().y() - 1, max(20, area.width() - 38), 4)
    painter.setBrush(QColor(t.line))
    painter.drawRoundedRect(bar, 2, 2)
    painter.setBrush(QColor(t.accent))
    painter.drawRoundedRect(QRectF(bar.x(), bar.y(), max(4.0, bar.width() * fraction), 4), 2, 2)
    painter.setPen(QColor(t.ter))
    painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, percent(fraction))

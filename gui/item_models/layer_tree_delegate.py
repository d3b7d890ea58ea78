"""Paints one row of the layer tree: icon and name, figures, bar, chips."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from backend.answers import LayerInfo
from gui.icons import pixmap
from gui.item_models.layer_plans import Badge
from gui.item_models.layer_tree import (
    LAYER_ROLE,
    MACS,
    NAME,
    PARAMETERS,
    PLAN,
    PRECISION,
    SENSITIVITY,
    SPARSITY,
    VALUE_ROLE,
    icon_name,
    quiet,
)
from gui.precisions import paint_chip
from gui.theme import Tokens, font, tokens

ROW = 26
HEAT = (0.5, 2.0, 5.0, 15.0)
"""Points of accuracy lost at which the next darker step of the heat begins."""
Index = QModelIndex | QPersistentModelIndex


class LayerDelegate(QStyledItemDelegate):
    """The only delegate of the tree; the column decides."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t = tokens()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        area = QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected or hovered:
            painter.fillRect(area, QColor(t.sel if selected else t.hover))
        layer: LayerInfo = index.data(LAYER_ROLE)
        match index.column():
            case column if column == NAME:
                self._name(painter, area, layer, str(index.data()), t, selected)
            case column if column in (PARAMETERS, MACS):
                self._number(painter, area, str(index.data() or ""), t, selected)
            case column if column == SPARSITY and not quiet(layer):
                self._bar(painter, area, index.data(VALUE_ROLE), str(index.data() or ""), t, selected)
            case column if column == PRECISION and not quiet(layer) and (word := str(index.data(VALUE_ROLE) or "")):
                paint_chip(painter, area.left() + 6, area.center().y(), word, selected=selected, most=area.width() - 8)
            case column if column == PLAN:
                self._badge(painter, area, index.data(VALUE_ROLE), t, selected)
            case column if column == SENSITIVITY:
                self._heat(painter, area, index.data(VALUE_ROLE), str(index.data() or ""), t)
        if option.state & QStyle.StateFlag.State_HasFocus and option.state & QStyle.StateFlag.State_KeyboardFocusChange:
            painter.setPen(QPen(QColor(t.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(area).adjusted(1, 1, -1, -1))
        painter.restore()

    def _name(self, painter: QPainter, area: QRect, layer: LayerInfo, text: str, t: Tokens, selected: bool) -> None:
        faint = quiet(layer)
        tone = t.ter if faint and not selected else t.sec
        if not faint and layer.leaf:
            tone = t.accent
        painter.drawPixmap(area.left() + 2, area.center().y() - 7, pixmap(icon_name(layer), tone, 14))
        painter.setFont(font(13, 400 if layer.leaf else 500))
        painter.setPen(QColor((t.sec if selected else t.ter) if faint else t.text))
        _text(painter, area.adjusted(22, 0, -4, 0), text)

    def _number(self, painter: QPainter, area: QRect, text: str, t: Tokens, selected: bool) -> None:
        painter.setFont(font(12))
        painter.setPen(QColor(t.text if selected else t.sec))
        _text(painter, area.adjusted(2, 0, -6, 0), text, Qt.AlignmentFlag.AlignRight)

    def _bar(self, painter: QPainter, area: QRect, share: float | None, text: str, t: Tokens, selected: bool) -> None:
        if share is None:
            return
        track = QRectF(area.left() + 8, area.center().y() - 1.5, 28, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.line2 if selected else t.line))
        painter.drawRoundedRect(track, 2, 2)
        if share > 0:
            painter.setBrush(QColor(t.s1))
            painter.drawRoundedRect(QRectF(track.x(), track.y(), max(3.0, 28 * min(1.0, share)), 4), 2, 2)
        painter.setFont(font(12))
        painter.setPen(QColor((t.text if selected else t.sec) if share > 0 else t.ter))
        _text(painter, area.adjusted(36, 0, -4, 0), text, Qt.AlignmentFlag.AlignRight)

    def _badge(self, painter: QPainter, area: QRect, badge: Badge | None, t: Tokens, selected: bool) -> None:
        if badge is None or not badge.text:
            return
        room = area.width() - 12
        if badge.origin == "inherited":
            painter.setFont(font(11, italic=not _chinese(badge.text)))
            painter.setPen(QColor(t.sec if selected else t.ter))
            _text(painter, area.adjusted(12, 0, -4, 0), fitting(painter, badge, area.width() - 16))
            return
        painter.setFont(font(11, 600))
        shown = fitting(painter, badge, room - 12)
        text = QFontMetrics(painter.font()).elidedText(shown, Qt.TextElideMode.ElideRight, room - 12)
        width = QFontMetrics(painter.font()).horizontalAdvance(text) + 12
        box = QRectF(area.left() + 6, area.center().y() - 8.5, width, 18)
        painter.setPen(QPen(QColor(t.line2), 1))
        painter.setBrush(QColor(t.panel if selected else t.sunken))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(QColor(t.sec if badge.origin == "keep" else t.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _heat(self, painter: QPainter, area: QRect, drop: float | None, text: str, t: Tokens) -> None:
        """How much accuracy a layer costs: the number on a ground that is darker the more it is."""
        if drop is None:
            return
        step = sum(drop >= bound for bound in HEAT)
        box = QRectF(area.right() - 42, area.center().y() - 8.5, 36, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.heat[step]))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setFont(font(11, 600))
        painter.setPen(QColor(heat_ink(step, t)))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def heat_ink(step: int, t: Tokens) -> str:
    """The color of a number on a step of the heat: 4.5 times as light or as dark at least."""
    return "#FFFFFF" if (step < 4 if t.dark else step == 4) else "#101318"


def _text(painter: QPainter, area: QRect, text: str, side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft) -> None:
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, int(side | Qt.AlignmentFlag.AlignVCenter), shown)


def fitting(painter: QPainter, badge: Badge, room: int) -> str:
    """The plan whole where there is room, else in fewer words."""
    return badge.text if painter.fontMetrics().horizontalAdvance(badge.text) <= room else badge.brief or badge.text


def _chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)

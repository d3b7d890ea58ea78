"""Paints one row of the layer tree: caret, icon and name, figures, bar, chips."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui.icons import pixmap
from gui.item_models.layer_columns import NUMBERS, Column
from gui.item_models.layer_kinds import icon_name, quiet
from gui.item_models.layer_plans import Badge
from gui.item_models.layer_tree import LayerTreeModel
from gui.precisions import paint_chip
from gui.theme import Tokens, color, font, tokens

ROW = 26
INDENT, CARET, ICON = 12, 16, 20
HEAT = (0.5, 2.0, 5.0, 15.0)
"""Points of accuracy lost at which the next darker step of the heat begins."""
COUPLED = 130
"""Alpha of the ground of coupled layers: lighter than what is selected."""
Index = QModelIndex | QPersistentModelIndex


def caret_left(depth: int) -> int:
    """Pixels from the left of a row to the place of its caret."""
    return 4 + INDENT * depth


def name_left(depth: int) -> int:
    """Pixels from the left of a row to its name, behind caret and icon."""
    return caret_left(depth) + CARET + ICON


class LayerDelegate(QStyledItemDelegate):
    """The only delegate of the tree; the column decides. It asks the model directly: rows are painted often."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t = tokens()
        model = cast(LayerTreeModel, index.model())
        place, column = model.rows.shown[index.row()], index.column()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        area = QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected:
            painter.fillRect(area, QColor(t.sel))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, QColor(t.hover))
        elif place in model.cells.coupled:
            painter.fillRect(area, color(t.tint, COUPLED))
        self._cell(painter, area, model, place, column, t, selected)
        if option.state & QStyle.StateFlag.State_HasFocus and option.state & QStyle.StateFlag.State_KeyboardFocusChange:
            painter.setPen(QPen(QColor(t.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(area).adjusted(1, 1, -1, -1))
        painter.restore()

    def _cell(
        self, painter: QPainter, area: QRect, model: LayerTreeModel, place: int, column: int, t: Tokens, selected: bool
    ) -> None:
        layer, cells = model.layers[place], model.cells
        if column == Column.NAME:
            self._name(painter, area, model, place, t, selected)
            return
        value = cells.value(place, column)
        if column == Column.PLAN:
            self._badge(painter, area, value, t, selected)
        elif column == Column.PRECISION:
            if value and not quiet(layer):
                middle = area.center().y()
                paint_chip(painter, area.left() + 6, middle, value, selected=selected, most=area.width() - 8)
        elif text := cells.text(place, column):
            if column in NUMBERS:
                self._number(painter, area, text, t, selected)
            elif column == Column.SENSITIVITY:
                self._heat(painter, area, value, text, t)
            elif column == Column.SPARSITY and not quiet(layer):
                self._bar(painter, area, value, text, t, selected)
            elif column == Column.TYPE:
                painter.setFont(font(12))
                painter.setPen(QColor(t.sec if selected else t.ter))
                _text(painter, area.adjusted(6, 0, -4, 0), text)

    def _name(
        self, painter: QPainter, area: QRect, model: LayerTreeModel, place: int, t: Tokens, selected: bool
    ) -> None:
        layer = model.layers[place]
        folded, listed = model.rows.is_folded(place), model.rows.sorting is not None
        left = area.left() + (6 if listed else caret_left(model.rows.depths[place]))
        middle, ratio = area.center().y(), painter.device().devicePixelRatioF()
        if folded is not None:
            caret = "caret-right-fill" if folded else "caret-down-fill"
            painter.drawPixmap(left, middle - 5, pixmap(caret, t.ter, 12, ratio))
        left += 0 if listed else CARET
        faint = quiet(layer)
        tone = t.accent if layer.leaf and not faint else t.ter if faint and not selected else t.sec
        if place in model.cells.coupled:
            painter.fillRect(QRect(area.left(), area.top(), 3, area.height()), QColor(t.accent))
            painter.drawPixmap(left, middle - 7, pixmap("link", t.accent, 14, ratio))
        else:
            painter.drawPixmap(left, middle - 7, pixmap(icon_name(layer), tone, 14, ratio))
        room = area.adjusted(left + ICON - area.left(), 0, -4, 0)
        painter.setFont(font(13, 400 if layer.leaf else 500))
        painter.setPen(QColor((t.sec if selected else t.ter) if faint else t.text))
        name = model.cells.name(place, whole=listed)
        _text(painter, room, name, elide=Qt.TextElideMode.ElideLeft if listed else Qt.TextElideMode.ElideRight)

    def _number(self, painter: QPainter, area: QRect, text: str, t: Tokens, selected: bool) -> None:
        painter.setFont(font(12))
        painter.setPen(QColor(t.text if selected else t.sec))
        _text(painter, area.adjusted(2, 0, -6, 0), text, Qt.AlignmentFlag.AlignRight)

    def _bar(self, painter: QPainter, area: QRect, share: float, text: str, t: Tokens, selected: bool) -> None:
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

    def _badge(self, painter: QPainter, area: QRect, badge: Badge, t: Tokens, selected: bool) -> None:
        if not badge.text:
            return
        room = area.width() - 12
        if badge.origin == "inherited":
            painter.setFont(font(11, italic=not _chinese(badge.text)))
            painter.setPen(QColor(t.sec if selected else t.ter))
            _text(painter, area.adjusted(12, 0, -4, 0), fitting(painter, badge, area.width() - 16))
            return
        painter.setFont(font(11, 600))
        shown = fitting(painter, badge, room - 12)
        text = painter.fontMetrics().elidedText(shown, Qt.TextElideMode.ElideRight, room - 12)
        width = painter.fontMetrics().horizontalAdvance(text) + 12
        box = QRectF(area.left() + 6, area.center().y() - 8.5, width, 18)
        painter.setPen(QPen(QColor(t.line2), 1))
        painter.setBrush(QColor(t.panel if selected else t.sunken))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(QColor(t.sec if badge.origin == "keep" else t.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _heat(self, painter: QPainter, area: QRect, drop: float, text: str, t: Tokens) -> None:
        """How much accuracy a layer costs: the number on a ground that is darker the more it is."""
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


def _text(
    painter: QPainter,
    area: QRect,
    text: str,
    side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> None:
    shown = painter.fontMetrics().elidedText(text, elide, area.width())
    painter.drawText(area, int(side | Qt.AlignmentFlag.AlignVCenter), shown)


def fitting(painter: QPainter, badge: Badge, room: int) -> str:
    """The plan whole where there is room, else in fewer words."""
    return badge.text if painter.fontMetrics().horizontalAdvance(badge.text) <= room else badge.brief or badge.text


def _chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)

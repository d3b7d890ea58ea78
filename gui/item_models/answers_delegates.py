"""Paints the entries of a confusion matrix and the images whose answer changed."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from backend.predicted import Change
from gui.icons import pixmap
from gui.item_models.changed_images import IMAGE_ROLE, ChangedImage, change_word, picture
from gui.item_models.confusion import ENTRY_ROLE, Entry
from gui.text import tr
from gui.theme import Tokens, color, font, tokens

Index = QModelIndex | QPersistentModelIndex
HEAT = 140
"""Alpha of the strongest entry: the number on it stays readable."""
FAINTEST = 26
THUMBNAIL = 56
ITEM = QSize(108, 126)


class ConfusionDelegate(QStyledItemDelegate):
    """The share of the label's images as heat, its number always printed."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t = tokens()
        entry: Entry = index.data(ENTRY_ROLE)
        rect, state = QRect(option.rect), option.state  # type: ignore[attr-defined]
        painter.save()
        if entry.count:
            painter.fillRect(rect.adjusted(0, 0, -1, -1), _heat(entry, t))
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(QColor(t.accent), 2))
            painter.drawRect(rect.adjusted(1, 1, -2, -2))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QPen(QColor(t.line2), 1))
            painter.drawRect(rect.adjusted(0, 0, -2, -2))
        painter.setFont(font(11, 600 if entry.right else 400))
        painter.setPen(QColor(t.text if entry.count or entry.count is None else t.ter))
        side = Qt.AlignmentFlag.AlignCenter
        if entry.count is None:
            side, rect = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, rect.adjusted(0, 0, -6, 0)
        painter.drawText(rect, side, str(index.data() or ""))
        painter.restore()


def _heat(entry: Entry, t: Tokens) -> QColor:
    """Right answers blue and wrong ones orange; of a difference, what is better green and what is worse red."""
    if entry.good is not None:
        hue = t.ok if entry.good else t.bad
    else:
        hue = t.s1 if entry.right else t.s2
    strength = abs(entry.share) ** 0.5  # few errors among many images are what is looked for
    return color(hue, FAINTEST + round((HEAT - FAINTEST) * min(1.0, strength)))


class ChangedImageDelegate(QStyledItemDelegate):
    """Thumbnail, label, the answers, and what became of them in words."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return ITEM

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t = tokens()
        image: ChangedImage = index.data(IMAGE_ROLE)
        rect, state = QRect(option.rect), option.state  # type: ignore[attr-defined]
        painter.save()
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.sel if state & QStyle.StateFlag.State_Selected else t.hover))
            painter.drawRoundedRect(rect.adjusted(2, 2, -2, -2), 6, 6)
        self._thumbnail(
            painter, QRect(rect.center().x() - THUMBNAIL // 2, rect.y() + 8, THUMBNAIL, THUMBNAIL), image, t
        )
        line = QRect(rect.x() + 6, rect.y() + 68, rect.width() - 12, 16)
        _line(painter, line, tr("Label {label}", label=image.label), t.sec, 400)
        answers = tr("{before} → {after}", before=image.before, after=image.after)
        _line(painter, line.translated(0, 17), answers, t.text, 600)
        sign, tone = _SIGNS[image.change]
        ink = {"ok": t.ok, "bad": t.bad}.get(tone, t.sec)
        self._change(painter, line.translated(0, 34), change_word(image.change), sign, ink)
        painter.restore()

    def _thumbnail(self, painter: QPainter, area: QRect, image: ChangedImage, t: Tokens) -> None:
        if image.pixels is None:
            painter.setPen(QPen(QColor(t.line), 1))
            painter.setBrush(QColor(t.sunken))
            painter.drawRoundedRect(area.adjusted(0, 0, -1, -1), 4, 4)
            _line(painter, area, f"#{image.number}", t.ter, 400)
            return
        made = picture(image.pixels)
        size = made.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(0, 0, size.width(), size.height())
        target.moveCenter(area.center())
        painter.drawPixmap(target, QPixmap.fromImage(made))

    def _change(self, painter: QPainter, area: QRect, word: str, sign: str, ink: str) -> None:
        painter.setFont(font(11, 500))
        shown = painter.fontMetrics().elidedText(word, Qt.TextElideMode.ElideRight, area.width() - 16)
        width = painter.fontMetrics().horizontalAdvance(shown) + 15
        left = area.center().x() - width // 2
        painter.drawPixmap(left, area.center().y() - 5, pixmap(sign, ink, 12))
        painter.setPen(QColor(ink))
        painter.drawText(QRect(left + 15, area.y(), width, area.height()), Qt.AlignmentFlag.AlignVCenter, shown)


_SIGNS = {
    Change.WRONG: ("x-circle-fill", "bad"),
    Change.RIGHT: ("check-circle-fill", "ok"),
    Change.OTHER: ("minus-circle-fill", "plain"),
    Change.SAME: ("minus-circle-fill", "plain"),
}


def _line(painter: QPainter, area: QRect, text: str, ink: str, weight: int) -> None:
    painter.setFont(font(11, weight))
    painter.setPen(QColor(ink))
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, shown)

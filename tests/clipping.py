"""What is cut off in a window: used by the test that walks every tab and dialog in both languages."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton, QScrollArea, QWidget

from gui.widgets.labels import ElidedLabel

ROUNDING = 2
"""Pixels by which a font's measures differ from what is painted."""


def clipped(root: QWidget) -> list[str]:
    """Labels and buttons of ``root`` whose text has less room than it needs; what is meant to end in "…" aside."""
    return [
        f"{type(one).__name__} {one.text()!r}: {why}"
        for one in (*root.findChildren(QLabel), *root.findChildren(QAbstractButton))
        if one.text() and one.isVisible() and not isinstance(one, ElidedLabel) and (why := _cut(one))
    ]


def _cut(one: QLabel | QAbstractButton) -> str:
    if isinstance(one, QLabel):
        return _cut_label(one)
    need = one.minimumSizeHint() if isinstance(one, QPushButton) else one.sizeHint()
    return "" if one.width() + ROUNDING >= need.width() else f"{one.width()} px wide of {need.width()}"


def _cut_label(label: QLabel) -> str:
    room = label.contentsRect()
    flags = Qt.TextFlag.TextWordWrap if label.wordWrap() else Qt.TextFlag.TextSingleLine
    if label.textFormat() == Qt.TextFormat.RichText:
        need = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
        return "" if label.height() + ROUNDING >= need else f"{label.height()} px high of {need}"
    text = label.fontMetrics().boundingRect(QRect(0, 0, room.width(), 10_000), int(flags), label.text())
    if text.width() > room.width() + ROUNDING and not label.wordWrap():
        return f"{room.width()} px wide of {text.width()}"
    return "" if text.height() <= room.height() + 4 * ROUNDING else f"{room.height()} px high of {text.height()}"


def outside(root: QWidget) -> list[str]:
    """Labels and buttons that stand beyond their window's edge, where nothing scrolls to them."""
    found = []
    for one in (*root.findChildren(QLabel), *root.findChildren(QAbstractButton)):
        if one.text() and one.isVisible() and not _scrolled(one):
            at = QRect(one.mapTo(root, one.rect().topLeft()), one.size())
            if at.right() > root.width() + ROUNDING or at.left() < -ROUNDING:
                found.append(f"{type(one).__name__} {one.text()!r} ends at {at.right()} of {root.width()}")
    return found


def _scrolled(one: QWidget) -> bool:
    above = one.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    return above is not None


def settle() -> None:
    """Let layouts come to rest."""
    for _ in range(3):
        QApplication.processEvents()

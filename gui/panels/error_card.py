"""What went wrong, why, and the button that repairs it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui.icons import pixmap
from gui.text import tr
from gui.theme import tokens
from gui.widgets.buttons import button
from gui.widgets.labels import ElidedLabel, Paragraph, label

WIDTH = 640


class ErrorCard(QWidget):
    """A card in the middle of its page.

    Args:
        title: what Pare could not do.
        text: why, and what to do, in sentences.
        facts: (name, value) pairs of what was found.
        repair: label and slot of the button that repairs it.
        other: label and slot of what else can be done.
        details: text for *Copy details*.
    """

    def __init__(
        self,
        title: str,
        text: str,
        *,
        facts: Sequence[tuple[str, str]] = (),
        repair: tuple[str, Callable[[], object]] | None = None,
        other: tuple[str, Callable[[], object]] | None = None,
        details: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.text, self.facts = text, tuple(facts)
        self.setProperty("surface", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._details = "\n".join([title, text, *(f"{name}: {value}" for name, value in facts), details]).strip()
        card = QFrame()
        card.setProperty("kind", "popover")
        card.setFixedWidth(WIDTH)
        card.setGraphicsEffect(_shadow())
        row = QHBoxLayout(card)
        row.setContentsMargins(23, 23, 23, 23)
        row.setSpacing(16)
        row.addWidget(_sign(), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(8)
        words.addWidget(label(title, "heading", wrap=True))
        body = Paragraph(text)
        body.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        body.fit(WIDTH - 2 * 23 - 40 - 16)
        words.addWidget(body)
        if facts:
            words.addSpacing(8)
            words.addWidget(_facts(facts))
        words.addSpacing(12)
        words.addLayout(self._buttons(repair, other))
        row.addLayout(words, 1)
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        outer.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(1)

    def _buttons(
        self,
        repair: tuple[str, Callable[[], object]] | None,
        other: tuple[str, Callable[[], object]] | None,
    ) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        if repair is not None:
            self.repair = button(repair[0], repair[1], kind="primary")
            row.addWidget(self.repair)
        self.copy = button(tr("Copy details"), self._copy, icon_name="copy")
        row.addWidget(self.copy)
        row.addStretch(1)
        if other is not None:
            self.other = button(other[0], other[1], kind="link")
            row.addWidget(self.other)
        return row

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._details)
        self.copy.setText(tr("Copied"))


def _sign() -> QLabel:
    t = tokens()
    sign = QLabel()
    sign.setFixedSize(40, 40)
    sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
    sign.setPixmap(pixmap("warning", t.warn, 20))
    sign.setStyleSheet(f"background: {t.warn_bg}; border-radius: 8px;")
    return sign


def _facts(facts: Sequence[tuple[str, str]]) -> QFrame:
    box = QFrame()
    box.setProperty("kind", "sunken")
    column = QVBoxLayout(box)
    column.setContentsMargins(13, 10, 13, 10)
    column.setSpacing(8)
    for name, value in facts:
        row = QHBoxLayout()
        caption = label(name, "caption", "sec")
        caption.setFixedWidth(112)
        row.addWidget(caption)
        found = ElidedLabel(value, "strong")
        row.addWidget(found, 1)
        column.addLayout(row)
    return box


def _shadow() -> QGraphicsDropShadowEffect:
    t = tokens()
    shadow = QGraphicsDropShadowEffect()
    shadow.setBlurRadius(32)
    shadow.setOffset(0, 8)
    shadow.setColor(QColor(*t.shadow_rgb, t.shadow_alpha))
    return shadow

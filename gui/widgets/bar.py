"""A line between two parts of a panel: what is so now, and links that change it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from gui.icons import pixmap
from gui.theme import tokens
from gui.widgets.buttons import button
from gui.widgets.labels import ElidedLabel

Link = tuple[str, Callable[[], object]]
"""What a link is called, and what it does."""


class Bar(QWidget):
    """Hidden unless there is something to say."""

    def __init__(self, icon_name: str, links: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        t = tokens()
        self.setStyleSheet(f"#bar {{ background: {t.window}; border-top: 1px solid {t.line}; }}")
        self.setFixedHeight(30)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 12, 0)
        row.setSpacing(8)
        sign = QLabel()
        sign.setPixmap(pixmap(icon_name, t.sec, 14))
        row.addWidget(sign)
        self._text = ElidedLabel("", "caption", "sec")
        row.addWidget(self._text, 1)
        self.links = [self._link(at) for at in range(links)]
        for one in self.links:
            row.addWidget(one)
        self._calls: list[Callable[[], object]] = []
        self.hide()

    def _link(self, at: int) -> QPushButton:
        made = button("", lambda: self._calls[at](), kind="link")
        made.hide()
        return made

    def tell(self, text: str, *links: Link) -> None:
        """Say ``text`` and offer ``links``; nothing where the text is empty."""
        self._text.setText(text)
        self._calls = [call for _, call in links]
        for at, one in enumerate(self.links):
            one.setVisible(at < len(links))
            one.setText(links[at][0] if at < len(links) else "")
        self.setAccessibleName(text)
        self.setVisible(bool(text))

    @property
    def text(self) -> str:
        return self._text.text()

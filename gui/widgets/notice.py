"""A calm card inside a panel: a sentence, and the button that acts on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui.icons import pixmap
from gui.theme import tokens
from gui.widgets.buttons import button
from gui.widgets.text_label import text_label


class Notice(QFrame):
    """Hidden unless there is something to say. ``tone`` warn is for what is doubtful, info for what is only so."""

    def __init__(self, tone: Literal["info", "warn"] = "info", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        t = tokens()
        back, ink, sign_name = (t.warn_bg, t.warn, "warning") if tone == "warn" else (t.sunken, t.sec, "info")
        self.setObjectName("notice")
        self.setStyleSheet(f"#notice {{ background: {back}; border-radius: 8px; }}")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 7, 10, 7)
        row.setSpacing(8)
        sign = QLabel()
        sign.setPixmap(pixmap(sign_name, ink, 16))
        sign.setFixedHeight(20)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        self._text = text_label("", 13, 500 if tone == "warn" else 400, wrap=True)
        self._hint = text_label("", 12, 400, t.sec, wrap=True)
        words.addWidget(self._text)
        words.addWidget(self._hint)
        row.addLayout(words, 1)
        self.action = button("", self._act, compact=True)
        row.addWidget(self.action, 0, Qt.AlignmentFlag.AlignVCenter)
        self._call: Callable[[], object] | None = None
        self._said = ("", "", "")
        self.hide()

    def show_text(self, text: str, hint: str = "", action: str = "", call: Callable[[], object] | None = None) -> None:
        """Say ``text``; nothing where it is empty."""
        self._call = call
        if (text, hint, action) == self._said:
            return
        self._said = (text, hint, action)
        self._text.setText(text)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self.action.setText(action)
        self.action.setVisible(bool(action))
        self.setAccessibleName(text)
        self.setAccessibleDescription(hint)
        self.setVisible(bool(text))

    @property
    def text(self) -> str:
        return self._text.text()

    def _act(self) -> None:
        if self._call is not None:
            self._call()

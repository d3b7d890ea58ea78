"""Whether a file can run code: one word in color, and the sentence behind it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolTip, QWidget

from backend.answers import Trust
from gui.text import message, tr
from gui.widgets.labels import restyle

COLORS = {"safe": "ok", "code": "warn", "unknown": "neutral"}
MOST = 6
"""Imports that are named."""


class TrustBadge(QLabel):
    """Hidden while there is no file to judge; a click shows the sentence at once."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("badge", "neutral")  # its padding is only heeded from the beginning
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_trust(self, trust: Trust | None) -> None:
        self.setVisible(trust is not None)
        if trust is not None:
            restyle(self, badge=COLORS[trust.level])
            self.setText(trust_word(trust))
            self.setToolTip(trust_text(trust))
            self.setAccessibleName(tr("Trust: {word}", word=trust_word(trust)))
            self.setAccessibleDescription(trust_text(trust))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        QToolTip.showText(event.globalPosition().toPoint(), self.toolTip(), self)


def trust_word(trust: Trust) -> str:
    return {"safe": tr("Safe"), "code": tr("Runs code")}.get(trust.level) or tr("Unknown")


def trust_text(trust: Trust) -> str:
    """Why, and what its code would import."""
    if not trust.wants:
        return message(trust.text)
    names = ", ".join(trust.wants[:MOST]) + (", …" if len(trust.wants) > MOST else "")
    return "\n".join((message(trust.text), tr("It imports {names}.", names=names)))

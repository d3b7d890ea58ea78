"""What the dialogs share: heading, body, a footer with its buttons. They never block: ``open()``."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QLayout, QPushButton, QVBoxLayout, QWidget

from gui.text import tr
from gui.theme import tokens
from gui.widgets.buttons import button
from gui.widgets.text_label import text_label

MARGIN = 24
LABEL = 96
"""Width of a label before its field."""


class Sheet(QDialog):
    """A dialog with ``body`` and ``footer`` to fill; deleted when it is closed."""

    def __init__(self, title: str, subtitle: str = "", width: int = 560, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        t = tokens()
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(width)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        inner = QVBoxLayout()
        inner.setContentsMargins(MARGIN, 20, MARGIN, 20)
        inner.setSpacing(0)
        self._heading = text_label(title, 18, 600)
        self._subtitle = text_label(subtitle, 12, 400, t.sec, wrap=True)
        self._subtitle.setVisible(bool(subtitle))
        inner.addWidget(self._heading)
        inner.addSpacing(2)
        inner.addWidget(self._subtitle)
        inner.addSpacing(16)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        inner.addLayout(self.body, 1)
        column.addLayout(inner, 1)
        rule = QFrame()
        rule.setProperty("kind", "rule")
        column.addWidget(rule)
        self.footer = QHBoxLayout()
        self.footer.setContentsMargins(MARGIN, 12, MARGIN, 12)
        self.footer.setSpacing(8)
        column.addLayout(self.footer)

    def add_buttons(self, accept: str, cancel: str | None = None) -> QPushButton:
        """The two usual ones at the right of the footer; gives the primary one."""
        self.footer.addStretch(1)
        self.footer.addWidget(button(cancel or tr("Cancel"), self.reject))
        primary = button(accept, self.accept, kind="primary")
        primary.setDefault(True)
        self.footer.addWidget(primary)
        return primary


def field(label: str, *content: QWidget | QLayout, label_width: int = LABEL) -> QHBoxLayout:
    """A label and what it names, in one row."""
    row = QHBoxLayout()
    row.setSpacing(8)
    name: QLabel = text_label(label, 13, 400, tokens().sec)
    name.ensurePolished()
    name.setFixedWidth(max(label_width, name.sizeHint().width()))  # a long translation is not cut
    row.addWidget(name)
    for i, part in enumerate(content):
        if isinstance(part, QLayout):
            row.addLayout(part, 1)
        else:
            row.addWidget(part, 1 if i == 0 else 0)
            if i == 0:
                name.setBuddy(part)
                if not part.accessibleName():
                    part.setAccessibleName(label)
    return row

"""The title bar of a dock: title, a detail, buttons; 40 px."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.widgets.labels import ElidedLabel, label


class TitleBar(QWidget):
    """``detail`` is the grey text after the title; ``buttons`` stand at the right."""

    def __init__(self, title: str, *buttons: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(40)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(label(title, "section"))
        self.detail = ElidedLabel("", "caption", "sec")
        row.addWidget(self.detail, 1)
        for button in buttons:
            row.addWidget(button)

    def sizeHint(self) -> QSize:
        return QSize(200, 40)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 40)

"""What stands where there is nothing yet: what will appear, and how to get it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gui.icons import pixmap
from gui.theme import tokens
from gui.widgets.text_label import text_label


class EmptyState(QWidget):
    """An icon, a title and a sentence, centered; ``action`` stands below them."""

    def __init__(
        self, icon_name: str, title: str, text: str, action: QWidget | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        t = tokens()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(4)
        column.addStretch(2)
        image = QLabel()
        image.setPixmap(pixmap(icon_name, t.ter, 28))
        image.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        heading = text_label(title, 13, 600)
        heading.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        detail = text_label(text, 12, 400, t.sec, wrap=True)
        detail.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(image)
        column.addSpacing(4)
        column.addWidget(heading)
        column.addWidget(detail, 0, Qt.AlignmentFlag.AlignHCenter)
        if action is not None:
            column.addSpacing(8)
            column.addWidget(action, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        detail.ensurePolished()
        width = min(420, detail.fontMetrics().horizontalAdvance(text) + 8)
        detail.setFixedSize(width, detail.heightForWidth(width))
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)

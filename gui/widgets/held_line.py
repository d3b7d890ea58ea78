"""What a file holds, in one line: its badge, layers, parameters and size."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from backend.answers import Inspection
from gui.text import file_size, message, plural, short
from gui.widgets.labels import ElidedLabel
from gui.widgets.trust_badge import TrustBadge


class HeldLine(QWidget):
    """Empty until a file was looked at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.badge = TrustBadge()
        self.text = ElidedLabel("", "caption", "sec")
        row.addWidget(self.badge)
        row.addWidget(self.text, 1)
        self.setMinimumHeight(self.text.sizeHint().height() + 4)

    def show_held(self, found: Inspection | None) -> None:
        self.badge.show_trust(found.trust if found is not None else None)
        if found is None:
            self.text.setText("")
        elif found.layers:
            self.text.setText(held_text(found))
        else:
            self.text.setText(message(found.trust.text) if found.trust is not None else "")


def held_text(found: Inspection) -> str:
    """``16 layers, 138.4 M parameters, 553 MB``."""
    return plural(
        sum(layer.leaf for layer in found.layers),
        "{count} layer, {parameters} parameters, {size}",
        "{count} layers, {parameters} parameters, {size}",
        parameters=short(found.parameters),
        size=file_size(found.size_bytes),
    )

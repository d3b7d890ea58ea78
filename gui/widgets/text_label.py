"""A label at a size of the type scale, in a color of the theme."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

HEIGHTS = {11: 16, 12: 18, 13: 20, 14: 22, 16: 24, 18: 26, 28: 40}
"""Line heights by font size, so that English and Chinese line up."""


def text_label(
    text: str = "",
    pixels: int = 13,
    weight: int = 400,
    color: str | None = None,
    *,
    wrap: bool = False,
    parent: QWidget | None = None,
) -> QLabel:
    """A plain-text label; ``color`` is ``#RRGGBB``, the primary text color if None."""
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    restyle(label, pixels, weight, color)
    label.setWordWrap(wrap)
    if wrap:
        label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.MinimumExpanding)
        label.setMinimumHeight(HEIGHTS[pixels])
    else:
        label.setFixedHeight(HEIGHTS[pixels])
    return label


def restyle(label: QLabel, pixels: int = 13, weight: int = 400, color: str | None = None) -> None:
    """Give ``label`` another size, weight or color."""
    style = f"font-size: {pixels}px; font-weight: {weight};" + (f" color: {color};" if color else "")
    if label.styleSheet() != style:
        label.setStyleSheet(style)

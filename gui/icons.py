"""Phosphor icons through qtawesome, cached by name, color, size and pixel ratio."""

from __future__ import annotations

import functools

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap

from gui.theme import tokens

SIZE = 16
STAGES = {
    "prune": "scissors",
    "decompose": "arrows-out-line-horizontal",
    "replace": "swap",
    "train": "graduation-cap",
    "quantize": "stack-simple",
}
"""Kind of stage → its icon, in the order in which stages are offered."""


def icon(
    name: str,
    color: str | None = None,
    size: int = SIZE,
    disabled: str | None = None,
    gap: int = 0,
    chosen: str | None = None,
) -> QIcon:
    """The icon ``name`` (``play-fill``) in ``color`` (``#RRGGBB``; secondary text if None).

    ``gap`` adds empty pixels at the right: style sheets know no distance between icon and text. ``chosen`` is
    its color in the entry of a menu that is about to be chosen.
    """
    t = tokens()
    made = QIcon(_with_gap(pixmap(name, color or t.sec, size), gap))
    made.addPixmap(_with_gap(pixmap(name, disabled or t.dis, size), gap), QIcon.Mode.Disabled)
    if chosen is not None:
        made.addPixmap(_with_gap(pixmap(name, chosen, size), gap), QIcon.Mode.Active)
    return made


def _with_gap(drawn: QPixmap, gap: int) -> QPixmap:
    if not gap:
        return drawn
    ratio = drawn.devicePixelRatio()
    wide = QPixmap(drawn.width() + round(gap * ratio), drawn.height())
    wide.setDevicePixelRatio(ratio)
    wide.fill(Qt.GlobalColor.transparent)
    painter = QPainter(wide)
    painter.drawPixmap(0, 0, drawn)
    painter.end()
    return wide


def pixmap(name: str, color: str | None = None, size: int = SIZE, ratio: float | None = None) -> QPixmap:
    """The icon as a square pixmap of ``size`` logical pixels, sharp at the screen's pixel ratio."""
    if ratio is None:
        screen = QGuiApplication.primaryScreen()
        ratio = screen.devicePixelRatio() if screen is not None else 1.0
    return _draw(name, color or tokens().sec, size, ratio)


@functools.lru_cache(maxsize=1024)
def _draw(name: str, color: str, size: int, ratio: float) -> QPixmap:
    import qtawesome  # 40 ms: not before the first icon is needed

    drawn = qtawesome.icon(f"ph.{name}", color=QColor(color))
    pixels = QSize(round(size * ratio), round(size * ratio))
    made = drawn.pixmap(pixels, 1.0, QIcon.Mode.Normal, QIcon.State.Off)
    if made.size() != pixels:
        made = made.scaled(pixels, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    made.setDevicePixelRatio(ratio)
    return made

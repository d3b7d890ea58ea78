"""Where everything in the window changes at once, its parts are painted one after the other."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

TURN = 25
"""Milliseconds from one part to the next: time for what a person does in between."""


def paint_in_turns(parts: Sequence[QWidget]) -> None:
    """Put off what ``parts`` are about to paint: the first by one turn, each other by one more.

    Painting them together keeps the window's thread longer than a key stroke should wait.
    """
    for turn, part in enumerate(parts, 1):
        if part.isVisible() and part.updatesEnabled():
            part.setUpdatesEnabled(False)
            QTimer.singleShot(turn * TURN, part, lambda part=part: part.setUpdatesEnabled(True))

"""Python's cyclic garbage is collected in the window's thread alone.

Python collects in whichever thread happens to allocate. In any other than the window's that destroys widgets and
models while Qt delivers their events, and ends the process.
"""

from __future__ import annotations

import atexit
import gc
import time

from PySide6.QtCore import QObject, QTimer

EVERY = 200
"""Milliseconds between two looks at what has gathered."""
WHOLE = 10.0
"""Seconds between two collections of everything: each walks all that lives."""


class Collector(QObject):
    """Takes the place of Python's own collector, with its thresholds, for as long as the process lives."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        atexit.register(gc.freeze)  # nor at the very end, in any order, when Qt is half gone
        self._whole = time.monotonic()
        self._timer = QTimer(self, interval=EVERY)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect the oldest generation that is due, and with it all younger ones."""
        due = [count > limit for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        now = time.monotonic()
        if due[2] and now - self._whole >= WHOLE:
            gc.collect()
            self._whole = time.monotonic()
        elif due[1] or due[0]:
            gc.collect(1 if due[1] else 0)

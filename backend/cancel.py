"""How a job is asked to stop."""

from __future__ import annotations

import threading

from backend.errors import Cancelled


class Cancel:
    """Handed to every job; work functions call :meth:`check` at every batch and every layer."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def request(self) -> None:
        """Ask the job to stop at its next check."""
        self._event.set()

    def check(self) -> None:
        """Raise :class:`backend.errors.Cancelled` once a stop was asked for."""
        if self._event.is_set():
            raise Cancelled

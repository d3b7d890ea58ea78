"""The thread that owns the engine process, and what the window asks of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal

from backend.engine.client import EngineClient
from backend.engine.protocol import Request
from backend.events import Answer, Cancelled, Event, Failed, Finished, Hello

Batch = list[tuple[str, float, Event]]
INTERVAL = 0.033
"""Seconds between two lists of events: a signal for each one would flood the window."""


class EngineThread(QThread):
    """Receives the engine's events and hands them over in lists.

    Signals:
        events: a list of (job, seconds since the job began, event), at most every 33 ms, in order.
        greeted: the engine's Hello: it is ready (again).
    """

    events = Signal(object)
    greeted = Signal(object)
    _batch = Signal(object)

    def __init__(self, parent: QObject | None = None, connect: Callable[[], Any] = EngineClient) -> None:
        super().__init__(parent)
        self._connect = connect
        self._client: Any = None
        self._waiting: dict[str, tuple[Callable[[Any], None], Callable[[Failed], None] | None]] = {}
        self.hello: Hello | None = None
        self.setStackSize(16 * 1024 * 1024)
        self._batch.connect(self._hand_over)

    def open(self) -> None:
        """Start the engine process and listen to it."""
        self._client = self._connect()
        self.start()

    @property
    def pid(self) -> int | None:
        """Process id of the engine; None before it was started."""
        return self._client.pid if self._client is not None else None

    @property
    def ready(self) -> bool:
        return self.hello is not None

    def send(self, request: Request) -> str:
        """Send a request; its id stands in the ``job`` of its events. Once closed, nothing is sent or answered."""
        if self._client is None:
            return ""
        job: str = self._client.send(request)
        return job

    def ask(
        self,
        request: Request,
        on_answer: Callable[[Any], None],
        on_failed: Callable[[Failed], None] | None = None,
    ) -> str:
        """Send a question, or a job of which only the result counts.

        ``on_answer(value)`` or ``on_failed(failed)`` is called once, in the window's thread; neither where it
        was cancelled.
        """
        job = self.send(request)
        self._waiting[job] = (on_answer, on_failed)
        return job

    def forget(self, job: str) -> None:
        """Nobody wants what comes of ``job`` any more: it is worked on for as long as it does not hear of that.

        Unlike :meth:`cancel` this never ends the process, in which something else may be at work.
        """
        self._waiting.pop(job, None)
        if self._client is not None:
            self._client.cancel(job, patient=True)

    def cancel(self, job: str) -> None:
        self._client.cancel(job)

    def run(self) -> None:
        """Body of the thread; called by Qt."""
        gathered: Batch = []
        last = 0.0
        while not self.isInterruptionRequested():
            since = time.monotonic() - last
            gathered += self._client.receive(INTERVAL if not gathered else max(0.001, INTERVAL - since))
            now = time.monotonic()
            if gathered and now - last >= INTERVAL:
                self._batch.emit(gathered)
                gathered, last = [], now

    def close(self) -> None:
        """Stop listening and end the engine process."""
        if self._client is None:
            return
        self._waiting.clear()
        self.requestInterruption()
        self.wait()
        self._client.close()
        self._client = None

    def _hand_over(self, batch: Batch) -> None:
        for job, _, event in batch:
            if isinstance(event, Hello):
                self.hello = event
                self.greeted.emit(event)
            elif isinstance(event, (Answer, Failed, Finished, Cancelled)):
                self._settle(job, event)
        self.events.emit(batch)

    def _settle(self, job: str, event: Answer | Failed | Finished | Cancelled) -> None:
        on_answer, on_failed = self._waiting.pop(job, (None, None))
        match event:
            case Answer() if on_answer is not None:
                on_answer(event.value)
            case Finished() if on_answer is not None:
                on_answer(event.result)
            case Failed() if on_failed is not None:
                on_failed(event)

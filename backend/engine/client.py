"""The other end of the pipe: starts the engine process, sends requests, receives events.

Knows neither Qt nor torch. The window's EngineThread and the tests use it.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import signal
import threading
import time
from itertools import count
from multiprocessing.context import SpawnProcess

from backend.engine.process import main
from backend.engine.protocol import CancelJob, Request, decode_event, encode_request
from backend.errors import Message, msg
from backend.events import ENDINGS, Cancelled, Event, Failed

GRACE = 2.0
"""Seconds a job has to stop by itself before its process is ended."""


class EngineClient:
    """One engine process and the jobs it works on.

    :meth:`send` may be called from any thread; :meth:`receive` from one thread only. A process that
    dies is replaced at once, and each of its open jobs ends with one ``Failed`` (or ``Cancelled``,
    where the person had asked for that).
    """

    def __init__(self) -> None:
        self._ids = count(1)
        self._open: dict[str, float] = {}
        self._deadlines: dict[str, float] = {}
        self._lock = threading.Lock()
        self._wake_in, self._wake_out = multiprocessing.Pipe(duplex=False)
        self._closing = False
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process: SpawnProcess = context.Process(target=main, args=(theirs,), name="pare-engine", daemon=True)
        self._process.start()
        theirs.close()
        self._started = time.monotonic()

    @property
    def pid(self) -> int | None:
        """Process id, for reading its CPU time and memory."""
        return self._process.pid

    def send(self, request: Request) -> str:
        """Send a request; its id comes back and stands in ``job`` of its events."""
        id = str(next(self._ids))
        with self._lock:
            self._open[id] = time.monotonic()
            try:
                self._connection.send_bytes(encode_request(id, request))
            except OSError:
                pass  # the process has just died; receive() ends the job with a Failed
        return id

    def cancel(self, job: str, *, patient: bool = False) -> None:
        """Ask ``job`` to stop; after two seconds its process is ended instead, and everything else it works on.

        ``patient``: nobody waits for it to end, so it stops where it hears of it.
        """
        with self._lock:
            if job not in self._open or job in self._deadlines:
                return
            if not patient:
                self._deadlines[job] = time.monotonic() + GRACE
            try:
                self._connection.send_bytes(encode_request(f"cancel-{job}", CancelJob(job)))
            except OSError:
                pass  # as above
        self._wake_out.send_bytes(b"c")

    def receive(self, timeout: float) -> list[tuple[str, float, Event]]:
        """Events since the last call: (job, seconds since the job began, event).

        Waits up to ``timeout`` seconds for the first one, on the connection and on the process at
        once: a process that dies first is noticed too.
        """
        with self._lock:
            connection, sentinel = self._connection, self._process.sentinel
            nearest = min(self._deadlines.values(), default=None)
        if nearest is not None:
            timeout = max(0.0, min(timeout, nearest - time.monotonic()))
        ready = multiprocessing.connection.wait([connection, sentinel, self._wake_in], timeout)
        events: list[tuple[str, float, Event]] = []
        if self._wake_in in ready:
            self._wake_in.recv_bytes()
        alive = self._drain(events)
        now = time.monotonic()
        with self._lock:
            overdue = any(deadline <= now for deadline in self._deadlines.values())
        if overdue and alive:
            self._process.kill()
            self._process.join()
            self._drain(events)
            alive = False
        if not alive and not self._closing:
            self._replace(events)
        return events

    def _drain(self, events: list[tuple[str, float, Event]]) -> bool:
        """Take everything that has come; False once the process is gone.

        Asked before reading: what a process sent up to its death is read in full.
        """
        alive = self._process.is_alive()
        try:
            while self._connection.poll():
                job, seconds, event = decode_event(self._connection.recv_bytes())
                if isinstance(event, ENDINGS):
                    with self._lock:
                        self._open.pop(job, None)
                        self._deadlines.pop(job, None)
                events.append((job, seconds, event))
        except (EOFError, OSError):
            return False
        return alive

    def _replace(self, events: list[tuple[str, float, Event]]) -> None:
        """End what the dead process left open and start another one."""
        self._process.join(1.0)
        reason = death(self._process.exitcode)
        if time.monotonic() - self._started < 1.0:
            time.sleep(1.0)  # an engine that can't even start is not started in a tight loop
        with self._lock:
            for job, begun in self._open.items():
                ending: Event = Cancelled() if job in self._deadlines else Failed(reason, HINT)
                events.append((job, time.monotonic() - begun, ending))
            self._open.clear()
            self._deadlines.clear()
            self._connection.close()
            self._start()

    def close(self) -> None:
        """End the process: closing the pipe ends it even in the middle of a batch."""
        self._closing = True
        self._connection.close()
        self._process.join(GRACE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


HINT = msg("The engine was started again; your recipe and your finished runs are safe. Run it once more.")


def death(exitcode: int | None) -> Message:
    """Why a process ended, in the words of the system."""
    if exitcode is None or exitcode >= 0:
        return msg("The engine ended unexpectedly (exit code {code}).", code=-1 if exitcode is None else exitcode)
    number = -exitcode
    if number == getattr(signal, "SIGKILL", 9):
        return msg("The system ended the engine (SIGKILL), most often because memory ran out.")
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = str(number)
    return msg("The engine crashed ({signal}).", signal=name)

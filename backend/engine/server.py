"""The engine's side of the pipe.

Three threads: this one reads requests, so Stop is always heard; one answers questions, also beside a
running job; one works on jobs in turn. The end of the pipe ends the process, even in the middle of a
batch.
"""

from __future__ import annotations

import faulthandler
import gc
import os
import queue
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

import torch

from backend import __version__
from backend.cancel import Cancel
from backend.engine.jobs import JOBS
from backend.engine.protocol import QUESTIONS, VERSION, CancelJob, Request, decode_request, encode_event
from backend.environment import capabilities
from backend.errors import Cancelled
from backend.events import ENDINGS, Event, Hello, failure
from backend.events import Cancelled as CancelledEnding
from backend.registry import catalogue


@dataclass(frozen=True)
class Task:
    """A request on its way. Whoever takes it first ends it: the thread that works, or a Stop before that."""

    id: str
    request: Request
    cancel: Cancel = field(default_factory=Cancel)
    taken: threading.Lock = field(default_factory=threading.Lock)

    def take(self) -> bool:
        return self.taken.acquire(blocking=False)


def serve(connection: Connection) -> None:
    """Say hello, then serve until the pipe ends."""
    faulthandler.enable()
    sender = _Sender(connection)
    sender.event("", 0, 0.0, Hello(VERSION, __version__, torch.__version__, catalogue().to_data(), capabilities()))
    questions: queue.Queue[Task] = queue.Queue()
    jobs: queue.Queue[Task] = queue.Queue()
    open_tasks: dict[str, Task] = {}
    for tasks, name in ((questions, "questions"), (jobs, "jobs")):
        threading.Thread(target=_work, args=(tasks, sender, open_tasks), name=name, daemon=True).start()
    gc.freeze()  # what the imports left stays; collecting it again costs half of an inspection
    while True:
        try:
            id, request = decode_request(connection.recv_bytes())
        except (EOFError, OSError):
            os._exit(0)
        if isinstance(request, CancelJob):
            asked = open_tasks.get(request.job)
            if asked is not None:
                asked.cancel.request()
                if asked.take():  # it waits behind another, which goes on
                    with suppress(OSError):
                        sender.event(asked.id, 0, 0.0, CancelledEnding())
            continue
        open_tasks[id] = Task(id, request)
        (questions if isinstance(request, QUESTIONS) else jobs).put(open_tasks[id])


class _Sender:
    """Sends events of several threads, one message at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()

    def event(self, job: str, seq: int, seconds: float, event: Event) -> None:
        line = encode_event(job, seq, seconds, event).encode()
        with self._lock:
            try:
                self._connection.send_bytes(line)
            except OSError:  # the window has gone: a run that nobody hears was stopped, it did not fail
                os._exit(0)


def _work(tasks: queue.Queue[Task], sender: _Sender, open_tasks: dict[str, Task]) -> None:
    while True:
        task = tasks.get()
        if task.take():
            with suppress(OSError):  # the window has gone, and the thread that reads ends the process
                perform(task.request, _numbered(task.id, sender), task.cancel)
        del open_tasks[task.id]


def perform(request: Request, emit: Callable[[Event], None], cancel: Cancel) -> None:
    """Carry out one request; exactly one ending is emitted, whatever happens."""
    ended = False

    def once(event: Event) -> None:
        nonlocal ended
        if not ended:
            emit(event)  # what can't be sent has not ended the job
            ended = isinstance(event, ENDINGS)

    try:
        cancel.check()
        JOBS[type(request)](request, once, cancel)
        if not ended:
            raise RuntimeError(f"{type(request).__name__} ended without a result")
    except Cancelled:
        once(CancelledEnding())
    except Exception as error:  # every error becomes one sentence at this boundary
        once(failure(error, traceback.format_exc()))


def _numbered(id: str, sender: _Sender) -> Callable[[Event], None]:
    begun = time.monotonic()
    seq = 0

    def emit(event: Event) -> None:
        nonlocal seq
        sender.event(id, seq, time.monotonic() - begun, event)
        seq += 1

    return emit

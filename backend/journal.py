"""events.jsonl: every event of a run, one line of JSON each, in the order they were emitted."""

from __future__ import annotations

import time
from pathlib import Path
from types import TracebackType
from typing import TextIO

from backend.engine.protocol import encode_event
from backend.events import ENDINGS, Emit, Event
from backend.files import write_error


class Journal:
    """Writes each event to a file and hands it on.

    A disk that is full ends the run with a sentence; the ending itself is handed on even then.
    """

    def __init__(self, path: Path, emit: Emit, *, append: bool = False) -> None:
        self._path, self._emit = path, emit
        self._begun = time.monotonic()
        self._seq = 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if append and path.exists():
                _cut_torn_line(path)
            self._file: TextIO = path.open("a" if append else "w", encoding="utf-8", newline="\n")
        except OSError as error:
            raise write_error(path, error) from error

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._file.close()
        except OSError:
            pass  # the line that did not fit was reported when it was written

    def emit(self, event: Event) -> None:
        """Write ``event``, then hand it on."""
        line = encode_event(self._path.parent.name, self._seq, time.monotonic() - self._begun, event)
        self._seq += 1
        try:
            self._file.write(line + "\n")
            self._file.flush()
        except OSError as error:
            if not isinstance(event, ENDINGS):
                raise write_error(self._path, error) from error
        self._emit(event)


def _cut_torn_line(path: Path) -> None:
    """A run that was killed may have left half a line, which the next event would be glued to."""
    with path.open("rb+") as file:
        file.truncate(file.read().rfind(b"\n") + 1)

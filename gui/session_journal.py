"""The journal of a window's session: what brings it back after its process was ended.

One line of JSON for each thing that happened, appended and flushed at once, so that a killed process loses nothing
that was done before: ``open`` (recipe, folder, path), ``edit`` (label, recipe), ``move`` (place in the undo history),
``save`` (path), ``view`` (what was selected and shown), ``end`` (closed in order). No Qt widgets here.

Each window writes a file of its own, held by a lock; a file whose lock nobody holds was left behind by a process that
ended without closing. The one that was closed last in order is kept as ``last.jsonl``.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import platformdirs
from PySide6.QtCore import QLockFile

LAST = "last.jsonl"
KEPT_DAYS = 30
"""A session left behind for longer is nobody's any more."""
_NUMBERS = count(1)


def sessions_folder() -> Path:
    """Where the journals stand, in the person's state folder."""
    return Path(platformdirs.user_state_dir("Pare", False)) / "sessions"


@dataclass
class Session:
    """What a journal adds up to.

    Attributes:
        steps: (label, recipe as plain data): as opened, then after each edit that can be undone or done again.
        index: which of them is the present one.
        clean: which of them stands in the file at ``path``; −1 for none.
        folder, path: of the document.
        view: what was selected and shown, by name.
        ended: whether the window was closed in order.
        claimed: whether an earlier start tried to bring it back and did not get to the end.
    """

    steps: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    index: int = 0
    clean: int = 0
    folder: str = ""
    path: str | None = None
    view: Mapping[str, Any] = field(default_factory=dict)
    ended: bool = False
    claimed: bool = False

    def take(self, line: Mapping[str, Any]) -> None:
        """Follow one line of the journal.

        Raises:
            KeyError, TypeError, ValueError: it is no line of a journal.
        """
        match line["kind"]:
            case "open":
                self.steps, self.index, self.clean = [("", dict(line["recipe"]))], 0, 0
                self.folder, self.path = str(line["folder"]), line["path"]
            case "edit":
                if self.clean > self.index:
                    self.clean = -1
                self.steps[self.index + 1 :] = [(str(line["label"]), dict(line["recipe"]))]
                self.index += 1
            case "move":
                self.index = max(0, min(int(line["at"]), len(self.steps) - 1))
            case "save":
                self.path, self.folder, self.clean = str(line["path"]), str(line["folder"]), self.index
            case "clean":
                self.clean = int(line["at"])
            case "view":
                self.view = dict(line["view"])
            case "end":
                self.ended = True
            case "claimed":
                self.claimed = True

    def lines(self) -> Iterator[dict[str, Any]]:
        """The shortest journal that adds up to this."""
        first, *rest = self.steps
        yield {"kind": "open", "recipe": first[1], "folder": self.folder, "path": self.path}
        for label, recipe in rest:
            yield {"kind": "edit", "label": label, "recipe": recipe}
        if self.index != len(rest):
            yield {"kind": "move", "at": self.index}
        if self.clean:
            yield {"kind": "clean", "at": self.clean}
        if self.view:
            yield {"kind": "view", "view": dict(self.view)}


def read_session(file: Path) -> Session | None:
    """What the journal ``file`` adds up to; lines that can't be read (the last one of a killed process) are
    passed over. None where no recipe stands in it."""
    session = Session()
    try:
        lines = file.read_bytes().splitlines()
    except OSError:
        return None
    for line in lines:
        with suppress(ValueError, KeyError, TypeError, IndexError):
            session.take(json.loads(line))
    return session if session.steps else None


def last_session() -> Session | None:
    """The session that was closed last in order."""
    return read_session(sessions_folder() / LAST)


def last_name() -> str:
    """What the recipe of the last session was called; empty where there is none. Only a line of it is read."""
    with suppress(OSError, ValueError, KeyError, TypeError), (sessions_folder() / LAST).open("rb") as file:
        return str(json.loads(file.readline())["recipe"]["name"])
    return ""


class SessionJournal:
    """Writes the journal of one window. A disk that refuses ends the writing, never the work: see ``error``."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._lock: QLockFile | None = None
        self._writing = False
        self.error: OSError | None = None

    def begin(self, session: Session) -> None:
        """Write ``session`` in as few lines as it needs, in place of what was written before."""
        try:
            path = self._own_path()
            part = path.with_suffix(".part")
            part.write_text("".join(map(_line, session.lines())), encoding="utf-8", newline="\n")
            os.replace(part, path)
            self._writing, self.error = True, None
        except OSError as error:
            self._writing, self.error = False, error

    def write(self, kind: str, **values: Any) -> None:
        """Append a line; nothing before :meth:`begin`."""
        if not self._writing or self._path is None:
            return
        try:
            with self._path.open("a", encoding="utf-8", newline="\n") as file:
                file.write(_line({"kind": kind, **values}))
        except OSError as error:
            self._writing, self.error = False, error

    def end(self) -> None:
        """The window closes in order: keep the session as the last one."""
        self.write("end")
        self._set_aside()

    def give_up(self) -> None:
        """Nothing is open any more; what was is kept as the last session, edits and all."""
        self._set_aside()

    def _set_aside(self) -> None:
        if self._writing and self._path is not None:
            with suppress(OSError):
                os.replace(self._path, self._path.with_name(LAST))
        self._writing = False
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None

    def claim(self) -> Session | None:
        """The newest session that a process left behind, if any. It is this window's now: what is written with
        :meth:`begin` takes its place."""
        for path in _left_behind():
            session = read_session(path)
            lock = _lock(path)
            if not lock.tryLock(0):
                continue
            if session is None or session.ended or session.claimed or _outdated(path):
                _retire(path, session)
                lock.unlock()
                continue
            with suppress(OSError), path.open("a", encoding="utf-8") as file:
                file.write("\n" + _line({"kind": "claimed"}))
            self._path, self._lock = path, lock
            return session
        return None

    def _own_path(self) -> Path:
        """The file of this window, whose lock it holds."""
        if self._path is None or self._lock is None:
            folder = sessions_folder()
            folder.mkdir(parents=True, exist_ok=True)
            self._path = folder / f"{time.time_ns()}-{os.getpid()}-{next(_NUMBERS)}.jsonl"
            self._lock = _lock(self._path)
            self._lock.tryLock(0)
        return self._path


def _line(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False) + "\n"


def _lock(path: Path) -> QLockFile:
    lock = QLockFile(str(path.with_suffix(".lock")))
    lock.setStaleLockTime(0)  # stale once its process is gone, not by its age
    return lock


def _left_behind() -> list[Path]:
    """Every journal but the last session's, the newest first."""
    found = [path for path in sessions_folder().glob("*.jsonl") if path.name != LAST]
    return sorted(found, key=lambda path: path.name, reverse=True)


def _outdated(path: Path) -> bool:
    with suppress(OSError):
        return time.time() - path.stat().st_mtime > KEPT_DAYS * 86_400
    return True


def _retire(path: Path, session: Session | None) -> None:
    """A session that could not be brought back once is offered from now on, not forced."""
    with suppress(OSError):
        if session is None or _outdated(path):
            path.unlink()
        else:
            os.replace(path, path.with_name(LAST))

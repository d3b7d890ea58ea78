"""The queue: recipes as they were when they were added, carried out one after the other.

It stands in ``queue.json`` of the workspace, the recipe in progress included, so that nothing is lost when the
window is killed. Runs are started by the one :class:`gui.running.Runner`.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import uuid
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from backend.errors import CompressionError, msg
from backend.events import Failed
from backend.files import sha256, write_error, write_json
from backend.recipe import Recipe, recipe_from_data
from gui.consent import allowed
from gui.document import Document
from gui.engine_thread import EngineThread
from gui.running import Runner, workspace

FILE = "queue.json"


@dataclasses.dataclass(frozen=True)
class Entry:
    """A recipe that waits. ``held`` is the file it may not run until the person allows it."""

    recipe: Recipe
    folder: Path
    id: str = dataclasses.field(default_factory=lambda: uuid.uuid4().hex)
    held: Mapping[str, str] | None = None

    def to_data(self) -> dict[str, Any]:
        return {"id": self.id, "folder": str(self.folder), "recipe": self.recipe.to_data()}


class Queue(QObject):
    """What is to be run, in order.

    Attributes:
        entries: those that wait.
        current: the one whose run is in progress; None while none is, or a run that did not come from here.
        paused: whether nothing is started by itself.
        removed: the entry that was taken out last and where it stood.

    Signals:
        changed: entries, their order or what is in progress.
        consent_wanted: ({"file", "sha256"}, a call that adds again).
        failed: a CompressionError; the queue could not be kept, or not be read.
    """

    changed = Signal()
    consent_wanted = Signal(object, object)
    failed = Signal(object)

    def __init__(
        self,
        document: Document,
        engine: EngineThread,
        runner: Runner,
        busy: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._engine, self._runner, self._busy = document, engine, runner, busy
        self.entries: list[Entry] = []
        self.current: Entry | None = None
        self.paused = False
        self.removed: tuple[int, Entry] | None = None
        self._unread: Mapping[str, Any] = {}
        self._file = workspace() / FILE
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._start_next)
        runner.ended.connect(self._ended)
        engine.greeted.connect(lambda _: self._soon.start())
        document.catalogue_changed.connect(self._read_kept)
        self._load()

    @property
    def next(self) -> Entry | None:
        """The entry that is started when nothing else is in progress."""
        return None if self.paused else next((entry for entry in self.entries if entry.held is None), None)

    @property
    def working(self) -> bool:
        """Whether a run of it is in progress or about to begin."""
        return self.current is not None or self.next is not None

    def position(self, id: str) -> int:
        """Where the entry stands now, −1 where it waits no more: a run that ends moves the others up."""
        return next((at for at, entry in enumerate(self.entries) if entry.id == id), -1)

    # What a person does

    def add(self, recipe: Recipe, folder: Path) -> bool:
        """Line up ``recipe``; False where a Python file of it must be allowed first, which is asked now."""
        needed = needed_consent(recipe, folder)
        if needed is not None:
            self.consent_wanted.emit(needed, partial(self.add, recipe, folder))
            return False
        self._put([*self.entries, Entry(recipe, folder)])
        return True

    def move(self, source: int, target: int) -> None:
        """Put the entry at ``source`` to position ``target``."""
        if source != target and 0 <= source < len(self.entries) and 0 <= target < len(self.entries):
            entries = list(self.entries)
            entries.insert(target, entries.pop(source))
            self._put(entries)

    def remove(self, index: int) -> None:
        self.removed = index, self.entries[index]
        self._put([entry for i, entry in enumerate(self.entries) if i != index])

    def put_back(self) -> None:
        """Undo the last removal."""
        if self.removed is not None:
            index, entry = self.removed
            self.removed = None
            self._put([*self.entries[:index], entry, *self.entries[index:]])

    def rename(self, index: int, name: str) -> None:
        entry = self.entries[index]
        if name.strip() and name.strip() != entry.recipe.name:
            renamed = dataclasses.replace(entry, recipe=dataclasses.replace(entry.recipe, name=name.strip()))
            self._put([renamed if one is entry else one for one in self.entries])

    def set_paused(self, paused: bool) -> None:
        """Start nothing more by itself, or go on."""
        self.paused = paused
        self._put(self.entries)

    def release(self, id: str) -> None:
        """The file that an entry was held for may be run now."""
        self._put([dataclasses.replace(entry, held=None) if entry.id == id else entry for entry in self.entries])

    def ask_again(self, index: int) -> None:
        """Ask once more whether the file of a held entry may be run."""
        entry = self.entries[index]
        if entry.held is not None:
            self.consent_wanted.emit(entry.held, partial(self.release, entry.id))

    def follow(self) -> None:
        """Something else ended that kept the next entry waiting."""
        self._soon.start()

    def follow_workspace(self) -> None:
        """The runs are kept in another folder from now on, and the queue with them."""
        if self._file == workspace() / FILE:
            return
        old, unread, self._file = self._file, self._unread, workspace() / FILE
        self._load()
        if unread:  # the methods are not known yet
            self._unread = {"entries": [*unread["entries"], *self._unread.get("entries", ())]}
        if self._keep():  # else the old file is all there is
            with contextlib.suppress(OSError):  # the folder is gone, or can only be read
                old.unlink(missing_ok=True)
        self.changed.emit()
        self._soon.start()

    # Working

    def _start_next(self) -> None:
        entry = self.next
        ready = self._engine.ready and not (self._runner.running or self._runner.stopping or self._busy())
        if entry is None or not ready:
            return
        self.entries.remove(entry)
        self.current = entry
        self._runner.start(entry.recipe, entry.folder, partial(self.release, entry.id))
        self._put(self.entries)

    def _ended(self, ending: object) -> None:
        ended, self.current = self.current, None
        if ended is not None and isinstance(ending, Failed) and ending.consent is not None:
            self.entries = [dataclasses.replace(ended, held=ending.consent), *self.entries]
        self._put(self.entries)

    def _put(self, entries: list[Entry]) -> None:
        self.entries = entries
        self._keep()
        self.changed.emit()
        self._soon.start()

    # The file

    def _keep(self) -> bool:
        """Whether the file says what there is now."""
        kept = [entry.to_data() for entry in ([self.current] if self.current else []) + self.entries]
        if self._unread:
            kept += self._unread["entries"]
        try:
            if kept:
                write_json(self._file, {"pare": 1, "entries": kept})
            else:
                self._file.unlink(missing_ok=True)
        except CompressionError as error:
            self.failed.emit(error)
            return False
        except OSError as error:
            self.failed.emit(write_error(self._file, error))
            return False
        return True

    def _load(self) -> None:
        """Take what was kept; it waits until the person says that it shall go on."""
        try:
            self._unread = json.loads(self._file.read_text(encoding="utf-8"))
            list(self._unread["entries"])
        except FileNotFoundError:
            self._unread = {}
        except (OSError, ValueError, KeyError, TypeError):
            self._unread = {}
            self._set_aside()
        self._read_kept()

    def _read_kept(self) -> None:
        """Read recipes that were kept, as soon as the methods are known."""
        if not self._unread or self._document.catalogue is None:
            return
        kept, self._unread = self._unread["entries"], {}
        entries = []
        for data in kept:
            try:
                recipe = recipe_from_data(data["recipe"], self._document.catalogue)
                entries.append(Entry(recipe, Path(data["folder"]), str(data["id"])))
            except (CompressionError, KeyError, TypeError):
                self._set_aside()
        self.paused = self.paused or bool(entries)
        self._put([*entries, *self.entries])

    def _set_aside(self) -> None:
        """A file that can't be read is kept under another name: the next change would write over it."""
        aside = self._file.with_suffix(".unreadable.json")
        try:
            self._file.replace(aside)
        except OSError:
            return  # it was set aside already
        error = CompressionError(
            msg("The queue that was kept in {path} can't be read.", path=str(self._file)),
            msg("It stands in {file} now; its recipes can be opened one by one.", file=aside.name),
        )
        QTimer.singleShot(0, self, lambda: self.failed.emit(error))


def needed_consent(recipe: Recipe, folder: Path) -> dict[str, str] | None:
    """The first Python file of ``recipe`` that nobody has allowed to run as it is now."""
    known = allowed()
    for name in (recipe.model.file, recipe.data.file):
        path = (folder / Path(name).expanduser()).resolve() if name else None
        if path is not None and path.is_file():
            digest = sha256(path)
            if known.get(str(path)) != digest:
                return {"file": str(path), "sha256": digest}
    return None

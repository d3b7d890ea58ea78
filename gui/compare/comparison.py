"""Which networks are compared, and what the engine found them to answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal

from backend.description import Catalogue
from backend.engine.protocol import Predictions
from backend.errors import msg
from backend.events import Failed, Progress
from backend.predicted import Predicted, read
from gui.compare.columns import Compared, compared
from gui.consent import allowed
from gui.engine_thread import Batch, EngineThread
from gui.moments import Moment, moments_in
from gui.text import tr

Asking = Literal["no", "asking", "waiting", "stopped"]
"""``waiting``: a run goes first."""
Place = tuple[Path, str | None]
"""A run, and the checkpoint in it; None for its end, which also tells of the original."""


class Comparison(QObject):
    """The columns; the first one is what the others are compared with.

    Signals:
        changed: other columns, or in another order.
        answered: answers have come, or asking for them goes on, was stopped or has failed.
        consent_wanted: ({"file", "sha256"}, a call that asks again).
    """

    changed = Signal()
    answered = Signal()
    consent_wanted = Signal(object, object)

    def __init__(
        self, engine: EngineThread, catalogue: Callable[[], Catalogue | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engine, self._catalogue = engine, catalogue
        self._answers: dict[Place, tuple[Predicted, Predicted]] = {}
        self._failures: dict[Place, Failed] = {}
        self._job = ""
        self._asked: Place | None = None
        self.columns: tuple[Compared, ...] = ()
        self.asking: Asking = "no"
        self.view = "figures"
        """Which of its views a panel shows; kept while the window is built again."""
        self._busy = False
        self.progress: Progress | None = None
        engine.events.connect(self._heard)

    # Columns

    def show(self, moments: Sequence[Moment]) -> None:
        """Compare ``moments``; one alone is compared with the original of its run."""
        if len(moments) == 1:
            moments = [*moments_in(moments[0].run)[:1], *moments]
        columns = [compared(moment, self._catalogue()) for moment in moments]
        self._set([column for at, column in enumerate(columns) if not any(column.same(c) for c in columns[:at])])

    def add(self, moment: Moment) -> None:
        """Compare one more; the original comes first."""
        column = compared(moment, self._catalogue())
        others = [other for other in self.columns if not other.same(column)]
        self._set([column, *others] if column.original else [*others, column])

    def remove(self, column: Compared) -> None:
        self._set([other for other in self.columns if other is not column])

    def drop_missing(self) -> None:
        """Take out runs whose folders are gone, to the bin for one."""
        there = [column for column in self.columns if column.moment.run.is_dir()]
        if len(there) < len(self.columns):
            self._set(there)

    def lead(self, column: Compared) -> None:
        """Compare the others with ``column``."""
        self._set([column, *(other for other in self.columns if other is not column)])

    def _set(self, columns: Sequence[Compared]) -> None:
        self.columns = tuple(columns)
        runs = {column.moment.run for column in columns}
        self._answers = {at: known for at, known in self._answers.items() if at[0] in runs}
        self._failures = {}
        self._stop()
        self.asking = "no"
        self.changed.emit()

    # Answers

    def answers(self, column: Compared) -> Predicted | None:
        """What the network of ``column`` answers; None while nobody knows."""
        run, place = self._place(column)
        for (known, at), (before, after) in self._answers.items():
            if known == run and (at == place or column.original):
                return before if column.original else after
        return None

    def failure(self, column: Compared) -> Failed | None:
        """Why its answers could not be had."""
        return self._failures.get(self._place(column))

    def ask_again(self) -> None:
        self._failures = {}
        self.ask()

    def ask(self) -> None:
        """Ask the engine for the answers that are missing, one network after the other."""
        open_ = (c for c in self.columns if self.answers(c) is None and self.failure(c) is None)
        missing = next(open_, None)
        if missing is None or self._busy:
            self.asking = "no" if missing is None else "waiting"
            self.answered.emit()
            return
        if self.asking == "asking":
            return
        self._asked = self._place(missing)
        run, place = self._asked
        self.asking, self.progress = "asking", None
        self._job = self._engine.ask(Predictions(str(run), place, allowed()), self._found, self._failed)
        self.answered.emit()

    def stop(self) -> None:
        """Ask no more; what is known stays."""
        if self.asking in ("asking", "waiting"):
            self._stop()
            self.asking = "stopped"
            self.answered.emit()

    def make_way(self, busy: bool) -> None:
        """While a run is in progress (``busy``) nothing is asked; afterwards it goes on."""
        self._busy = busy
        if busy and self.asking == "asking":
            self._stop()
            self.asking = "waiting"
            self.answered.emit()
        elif not busy and self.asking == "waiting":
            self.asking = "no"
            self.ask()

    @staticmethod
    def _place(column: Compared) -> Place:
        moment = column.moment
        if moment.kind in ("original", "final") or moment.checkpoint is None:
            return moment.run, None
        return moment.run, moment.checkpoint.relative_to(moment.run).as_posix()

    def _stop(self) -> None:
        if self._job:
            self._engine.forget(self._job)
        self._job = ""

    def _found(self, result: Any) -> None:
        before, after = read(Path(result["original"])), read(Path(result["file"]))
        self._job = ""
        if before is None or after is None or self._asked is None:
            self._failed(
                Failed(msg("The answers were written to {path} but can't be read there.", path=result["file"]))
            )
            return
        self._answers[self._asked] = (before, after)
        self.asking = "no"
        self.ask()

    def _failed(self, failed: Failed) -> None:
        self._job = ""
        self.asking = "no"
        if self._asked is not None:
            self._failures[self._asked] = failed
        if failed.consent is not None:
            self.consent_wanted.emit(failed.consent, self.ask_again)
        self.ask()

    def _heard(self, batch: Batch) -> None:
        if not self._job:
            return
        mine = [event for job, _, event in batch if job == self._job and isinstance(event, Progress)]
        if mine:
            self.progress = mine[-1]
            self.answered.emit()


def why_not_paired(before: Predicted, after: Predicted) -> str:
    """Why the answers of two networks can't be set against each other image by image; empty where they can."""
    if before.images != after.images:
        return tr("These networks were tested on different images, so their answers can't be set against each other.")
    if len(before.classes) != len(after.classes):
        return tr("These networks tell different classes apart, so their answers can't be set against each other.")
    return ""

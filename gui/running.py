"""Run and Stop: one run at a time, in the engine."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal

from backend.engine.protocol import Run
from backend.events import Failed
from backend.recipe import Recipe
from backend.workspace import default_workspace, new_run_folder
from gui.consent import allowed
from gui.document import Document
from gui.engine_thread import Batch, EngineThread
from gui.run_state import RunState
from gui.text import tr


def workspace() -> Path:
    """The folder of the runs: what was chosen, else ``Pare/`` in the documents."""
    chosen = str(QSettings().value("workspace", ""))
    return Path(chosen) if chosen else default_workspace()


class Runner(QObject):
    """Sends recipes to the engine and feeds ``state`` with what it tells.

    Signals:
        changed: running, stopping or ended.
        consent_wanted: ({"file", "sha256"}, a call that tries again).
        ended: the run's ending, once.
    """

    changed = Signal()
    consent_wanted = Signal(object, object)
    ended = Signal(object)

    def __init__(
        self, document: Document, engine: EngineThread, state: RunState, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._engine = engine
        self.state = state
        self.recipe: Recipe | None = None
        self.stopping = False
        self._again: Callable[[], object] = self.run
        engine.events.connect(self._heard)

    @property
    def running(self) -> bool:
        return self.state.status == "running"

    def why_not(self) -> str:
        """Why Run is not possible now; empty where it is."""
        recipe = self._document.recipe
        if recipe is None:
            return tr("Open a network first")
        if self.stopping:
            return tr("The last run is stopping")
        if self.running:
            return tr("A run is in progress; stop it first")
        if not recipe.stages:
            return tr("Add a stage first: there is nothing to do yet")
        return self._document.why_unknown()

    def run(self) -> None:
        """Carry out the document's recipe in a new folder of the workspace."""
        recipe = self._document.recipe
        if recipe is not None and not self.why_not():
            self.start(recipe, self._document.folder)

    def start(self, recipe: Recipe, folder: Path, again: Callable[[], object] | None = None) -> None:
        """Carry out ``recipe``, whose paths are relative to ``folder``, unless a run is in progress.

        ``again`` is called where the person allows a Python file that the run was not allowed to use.
        """
        if self.running:
            return
        self.recipe = recipe
        self._again = again or partial(self.start, recipe, folder)
        output = new_run_folder(workspace(), recipe.name)
        job = self._engine.send(Run(recipe.to_data(), str(output), str(folder), False, allowed()))
        self.state.begin(job, recipe.name)
        self.changed.emit()

    def resume(self, recipe: Recipe, output: Path, folder: Path) -> None:
        """Go on with the stopped run in ``output`` after its last finished stage, unless a run is in progress."""
        if self.running:
            return
        self.recipe = recipe
        self._again = partial(self.resume, recipe, output, folder)
        job = self._engine.send(Run(recipe.to_data(), str(output), str(folder), True, allowed()))
        self.state.go_on(job, output)
        self.changed.emit()

    def stop(self) -> None:
        """Ask the run to stop; the engine is ended where it does not within two seconds."""
        if self.running and not self.stopping and self.state.job is not None:
            self.stopping = True
            self._engine.cancel(self.state.job)
            self.changed.emit()

    def _heard(self, batch: Batch) -> None:
        if not self.running:
            return
        self.state.apply(batch)
        ending = self.state.ending
        if ending is None:
            return
        self.stopping = False
        self.changed.emit()
        if isinstance(ending, Failed) and ending.consent is not None:
            self.consent_wanted.emit(ending.consent, self._again)
        self.ended.emit(ending)

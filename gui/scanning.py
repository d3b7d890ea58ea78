"""Scan and Stop: one sensitivity scan at a time, in the engine."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from backend.engine.protocol import Sensitivity
from backend.events import Failed
from backend.recipe import Recipe, Stage, filled
from gui.consent import allowed
from gui.document import Document
from gui.engine_thread import Batch, EngineThread
from gui.layer_edits import pruning
from gui.places import Place, stage_at
from gui.running import workspace
from gui.scan_state import ScanState
from gui.text import tr

WITHOUT_STAGE = "ln_structured"
"""How the engine scans a recipe that does not prune."""


class Scanner(QObject):
    """Asks the engine for scans of the document and feeds ``state`` with what it tells.

    Signals:
        changed: scanning, stopping or ended.
        consent_wanted: ({"file", "sha256"}, a call that tries again).
    """

    changed = Signal()
    consent_wanted = Signal(object, object)

    def __init__(
        self, document: Document, engine: EngineThread, state: ScanState, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._engine, self.state = document, engine, state
        self._scanned: Any = None
        self.stopping = False
        engine.events.connect(self._heard)
        document.opened.connect(self._forget)

    @property
    def running(self) -> bool:
        return self.state.status == "running"

    @property
    def place(self) -> Place | None:
        """The prune stage whose settings count: that of the open stage, else the first, within a training too."""
        recipe = self._document.recipe
        found = pruning(recipe) if recipe is not None else []
        chosen = self._document.selected_stage
        return next((place for place in found if place[0] == chosen), next(iter(found), None))

    @property
    def stage(self) -> int | None:
        """Where that stands among the stages; the engine's number for it."""
        return self.place[0] if self.place is not None else None

    @property
    def outdated(self) -> bool:
        """Whether the network, the data or the method are others now than those that were scanned."""
        recipe = self._document.recipe
        return self._scanned is not None and recipe is not None and self._key(recipe) != self._scanned

    def why_not(self) -> str:
        """Why a scan is not possible now; empty where it is."""
        if self._document.recipe is None:
            return tr("Open a network first")
        if self.running:
            return tr("A scan is in progress; stop it first")
        return self._document.why_unknown()

    def start(self) -> None:
        """Scan every layer that the recipe prunes."""
        recipe = self._document.recipe
        if recipe is None or self.why_not():
            return
        self._scanned = self._key(recipe)
        folder, runs = str(self._document.folder), str(workspace())
        request = Sensitivity(recipe.to_data(), self.stage, (), None, folder, allowed(), runs)
        self.state.begin(self._engine.send(request), self._method(recipe))
        self.changed.emit()

    def stop(self) -> None:
        """Ask the scan to stop; what it has measured stays in its cache."""
        if self.running and not self.stopping and self.state.job is not None:
            self.stopping = True
            self._engine.cancel(self.state.job)
            self.changed.emit()

    def _heard(self, batch: Batch) -> None:
        if not self.running:
            return
        self.state.apply(batch)
        if self.running:
            return
        self.stopping = False
        self.changed.emit()
        failed = self.state.failed
        if isinstance(failed, Failed) and failed.consent is not None:
            self.consent_wanted.emit(failed.consent, self.start)

    def _forget(self) -> None:
        self.stop()
        self.stopping = False
        self._scanned = None
        self.state.clear()
        self.changed.emit()

    def _method(self, recipe: Recipe) -> str:
        at = self.place
        return str(self._settings(stage_at(recipe, at)).get("method")) if at is not None else WITHOUT_STAGE

    def _settings(self, stage: Stage) -> dict[str, Any]:
        catalogue = self._document.catalogue
        return filled(stage, catalogue) if catalogue is not None else dict(stage.settings)

    def _key(self, recipe: Recipe) -> Any:
        """What a scan depends on; amounts, targets and layer rules are not among it."""
        catalogue, at = self._document.catalogue, self.place
        settings: dict[str, Any] = {"method": WITHOUT_STAGE}
        if at is not None and catalogue is not None:
            full = self._settings(stage_at(recipe, at))
            known = catalogue.kind("criterion").get(str(full.get("method")))
            names = ["method", "remove", *(p.name for p in (known.parameters if known is not None else ()))]
            settings = {name: full.get(name) for name in names}
        return recipe.model, recipe.data, recipe.seed, settings

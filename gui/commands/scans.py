"""Scan the sensitivity of layers, and make a plan of what it found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from backend.engine.protocol import Allocate
from backend.errors import CompressionError
from backend.events import Failed
from backend.recipe import Stage
from gui.consent import allowed
from gui.places import Place, stage_at
from gui.running import workspace
from gui.scanning import WITHOUT_STAGE
from gui.text import tr

if TYPE_CHECKING:
    from gui.main_window import MainWindow


class ScanCommands:
    """One scan at a time, and none beside a run: both want the whole processor."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def why_not_scan(self) -> str:
        if self._window.runner.running:
            return tr("A run is in progress; stop it first")
        if self._window.knowledge.measuring:
            return tr("The latency of the layers is being measured")
        return self._window.scanner.why_not()

    def why_not_plan(self) -> str:
        if self._window.runner.running:
            return tr("A run is in progress; stop it first")
        if self._window.scanner.outdated:
            return tr("Scan again first: these figures are of other settings")
        return "" if self._window.scan.status == "done" else tr("Scan the sensitivity first")

    def scan(self) -> None:
        """Scan, or go to the scan in progress."""
        self._window.panes.show_sensitivity()
        reason = self.why_not_scan()
        if not reason:
            self._window.scanner.start()
        elif not self._window.scanner.running:
            self._window.say(reason)

    def stop(self) -> None:
        self._window.scanner.stop()

    def plan(self) -> None:
        """Ask what the network shall become, propose amounts for every layer, and set those that are wanted."""
        from gui.dialogs.plan_dialog import PlanDialog
        from gui.stage_settings import offered

        document, window = self._window.document, self._window
        if document.recipe is None or document.catalogue is None:
            return
        place = window.scanner.place
        stage = stage_at(document.recipe, place) if place is not None else Stage("prune", {"method": WITHOUT_STAGE})
        targets = offered(stage, document.catalogue).parameter("target")
        if targets is None:
            window.say(tr("Not in this version of Pare"))
            return
        note = tr("Masks make nothing smaller: for MACs, parameters, size or latency, turn on Remove and scan again.")
        if stage.settings.get("remove"):
            note = ""
        dialog = PlanDialog(window.scan, targets, note, self._ask, self._forget, window)
        window.engine.events.connect(dialog.apply_events)
        dialog.accepted_plan.connect(lambda amounts: self._use(place, amounts))
        dialog.open()

    def _ask(
        self, target: Mapping[str, float], answered: Callable[[Any], None], failed: Callable[[Failed], None]
    ) -> str:
        document = self._window.document
        recipe = document.recipe.to_data() if document.recipe is not None else {}
        folder, runs = str(document.folder), str(workspace())
        stage = self._window.scanner.stage
        request = Allocate(recipe, dict(target), stage, (), None, folder, allowed(), runs)
        return self._window.engine.ask(request, answered, failed)

    def _forget(self, job: str) -> None:
        self._window.engine.forget(job)
        self._window.engine.cancel(job)

    def _use(self, place: Place | None, amounts: Mapping[str, float]) -> None:
        try:
            self._window.document.set_amounts(place, amounts, WITHOUT_STAGE, tr("Plan from the scan"))
        except CompressionError as error:
            self._window.problems.show_problem(error)

"""Run, stop, export, and which run is shown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer

from backend.engine.client import HINT
from backend.errors import CompressionError
from backend.events import Failed, Finished
from backend.recipe import read_recipe
from backend.workspace import RECIPE
from gui.item_models.run_rows import RunRow
from gui.moments import Moment, moments_of
from gui.panels.problems_panel import Problem
from gui.panels.steps_menu import steps_menu
from gui.run_state import RunState
from gui.text import tr

if TYPE_CHECKING:
    from gui.main_window import MainWindow


class RunCommands:
    """One run at a time; any run of the workspace can be looked at meanwhile."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def why_not_run(self) -> str:
        if self._window.scanner.running and not self._window.runner.running:
            return tr("A scan is in progress; stop it first")
        if self._window.knowledge.measuring:
            return tr("The latency of the layers is being measured")
        return self._window.runner.why_not()

    def why_not_stop(self) -> str:
        if self._window.runner.stopping:
            return tr("The run is stopping")
        if self._window.scanner.stopping:
            return tr("The scan is stopping")
        working = self._window.runner.running or self._window.scanner.running or self._window.knowledge.measuring
        return "" if working else tr("Nothing is running")

    def why_not_export(self) -> str:
        if self.exportable() is not None:
            return ""
        if self._window.runner.running:
            return tr("Wait until the run is finished")
        finished = self._window.runs.best() is not None
        return tr("Select a finished run first") if finished else tr("Run the recipe first")

    def exportable(self) -> Path | None:
        """The folder of the run that is shown, if it is finished: no other is exported in its place."""
        if isinstance(self._window.shown.ending, Finished) and self._window.shown.folder:
            return Path(self._window.shown.folder)
        return None

    def run_recipe(self) -> None:
        reason = self.why_not_run()
        if reason:
            self._window.say(reason)
            return
        self._window.frame.show_page(self._window.panes.tabs)
        self._window.panes.tabs.setCurrentWidget(self._window.panes.live)
        self.show_live()
        self._window.runner.run()

    def stop_run(self) -> None:
        """Stop what the engine works on: a run or a scan."""
        if self._window.runner.running:
            self._window.runner.stop()
        else:
            self._window.scanner.stop()
            self._window.knowledge.stop()

    def why_not_resume(self) -> str:
        """Why the run in view can't be gone on with."""
        if self._window.runner.running or self._window.scanner.running:
            return tr("The engine is at work; stop it first")
        shown = self._window.shown
        if shown.status not in ("stopped", "failed") or not (Path(shown.folder) / RECIPE).is_file():
            return tr("Select a stopped run first")
        return ""

    def resume_run(self) -> None:
        """Go on with the run in view."""
        if not self.why_not_resume():
            self.resume_folder(Path(self._window.shown.folder))

    def resume_folder(self, folder: Path) -> None:
        """Go on with the stopped run in ``folder`` after its last finished stage."""
        document = self._window.document
        if self._window.runner.running or self._window.scanner.running:
            self._window.say(tr("The engine is at work; stop it first"))
            return
        if document.catalogue is None:
            return
        try:
            recipe = read_recipe(folder / RECIPE, document.catalogue)
        except CompressionError as error:
            self._window.problems.show_problem(error)
            return
        own = document.recipe
        same = own is not None and (own.model, own.data) == (recipe.model, recipe.data)
        self._window.runner.resume(recipe, folder, document.folder if same else folder)
        self._window.panes.tabs.setCurrentWidget(self._window.panes.live)
        self.show_live()

    def ended(self, ending: object) -> None:
        problems = [Problem.of(warning) for warning in self._window.state.warnings]
        if isinstance(ending, Failed) and ending.consent is None:
            problems.insert(0, Problem.of(ending))
        self._window.panes.problems.set_problems(problems)
        self._window.follow_engine()
        if isinstance(ending, Failed) and ending.repair is None:
            self._offer_way_out(ending)
        self._window.texts.ended(self._window.state.folder, self._leave_if_done)

    def _leave_if_done(self) -> None:
        """The window was closed while runs were to finish without it."""
        self._window.closing.run_ended()

    def _offer_way_out(self, failed: Failed) -> None:
        """Where no edit repairs a failure: go on after the engine was lost, or choose what was not found."""
        window = self._window
        window.plan_problems.look()
        known = next((one for one in window.plan_problems.found if one.level == "error" and one.action), None)
        if failed.hint == HINT and not self.why_not_resume():
            window.panes.live.offer(tr("Resume"), self.resume_run)
        elif known is not None:
            action = window.actions_by_id[known.action]
            window.panes.live.offer(action.text(), action.trigger)

    def show_live(self) -> None:
        """Show the latest run."""
        if self._window.shown is not self._window.state:
            self._window.shown = self._window.state
            self._window.panes.show_state(self._window.state)
        self._window.update_actions()

    def show_run(self, folder: Path) -> None:
        """Show a run of the workspace."""
        folder = Path(folder)
        if not folder.is_dir():  # deleted by hand: it neither was stopped nor can be shown
            QTimer.singleShot(0, self._window, self._window.runs.reload)
            self._window.say(tr("The folder of this run is gone, and so is the run"))
            return
        if self._window.state.folder and Path(self._window.state.folder) == folder:
            self.show_live()
            return
        self._window.shown = RunState.from_folder(folder)  # nobody else holds it: it goes when another run is shown
        self._window.panes.show_state(self._window.shown)
        self._window.frame.show_page(self._window.panes.tabs)
        self._window.update_actions()

    def offer_steps(self, where: QPoint) -> None:
        """Show the points of the run in view that can be opened again."""
        menu = steps_menu(Path(self._window.shown.folder), self._window.files.open_step, self._window)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(where)

    def why_not_compare(self) -> str:
        return "" if self._comparable() else tr("Select a finished run first")

    def _comparable(self) -> list[RunRow]:
        panes = self._window._panes  # asked while they are built, too
        return [row for row in panes.runs.selected() if row.status == "done"] if panes is not None else []

    def compare_runs(self) -> None:
        """Compare the runs that are selected; one alone with the original."""
        self.compare([moments[-1] for row in self._comparable() if (moments := moments_of(row))])

    def compare(self, moments: Sequence[Moment]) -> None:
        """Show networks side by side."""
        self._window.comparison.show(moments)
        self._window.panes.show_compare()

    def export_run(self) -> None:
        folder = self.exportable()
        if folder is not None:
            self.export_folder(folder)

    def export_folder(self, folder: Path) -> None:
        from gui.dialogs.export_dialog import ExportDialog

        catalogue = self._window.document.catalogue
        if catalogue is None:
            return
        same = self._window.shown.folder and Path(self._window.shown.folder) == Path(folder)
        run = self._window.shown if same else RunState.from_folder(Path(folder))
        engine, rows = self._window.engine, self._window.runs.rows
        title = next((row.title for row in rows if Path(row.folder) == Path(folder)), "")
        dialog = ExportDialog(run, catalogue, engine.send, engine.cancel, None, self._window, title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._window.engine.events.connect(dialog.apply)
        dialog.script_wanted.connect(self._window.texts.show_script)
        dialog.open()

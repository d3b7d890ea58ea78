"""The window: it holds the document, the runs and the engine, and carries out the commands."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QSettings, Qt, QTimer
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QMainWindow, QMessageBox, QWidget

from backend import __version__
from backend.errors import CompressionError, Repair
from backend.events import Failed, Finished, Hello
from backend.recipe import DATA_PARAMETERS, ModelSpec, Recipe
from backend.workspace import RECIPE
from gui import actions, consent, languages, menus
from gui.document import Document
from gui.engine_thread import EngineThread
from gui.frame import Frame
from gui.icons import icon
from gui.item_models.layer_tree import icon_name
from gui.opening import WEIGHTS, Opener
from gui.panels.error_card import ErrorCard
from gui.panels.problems_panel import Problem
from gui.run_state import RunState
from gui.running import Runner, workspace
from gui.text import message, tr
from gui.theme import Choice, apply_theme
from gui.widgets.search_box import Entry

if TYPE_CHECKING:
    from gui.item_models.runs import RunsModel
    from gui.panes import Panes

NARROW = 1280
"""Below this width the recipe starts folded away."""


class MainWindow(QMainWindow):
    """Slots without arguments are the commands of :mod:`gui.actions`."""

    def __init__(self, engine: EngineThread) -> None:
        super().__init__()
        self.engine = engine
        self.document = Document(self)
        self.state = RunState(self)
        self.shown = self.state
        self._runs: RunsModel | None = None
        self._panes: Panes | None = None
        self.opener = Opener(self.document, engine, self)
        self.runner = Runner(self.document, engine, self.state, self)
        self._quit_after_run = False
        self.setAcceptDrops(True)
        self.setMinimumSize(1120, 700)
        self.setDockOptions(QMainWindow.DockOption.AllowNestedDocks)
        self._build()
        self._listen()
        self._restore()

    # Building

    def _build(self) -> None:
        self.actions_by_id = actions.build(self)
        self.addActions(list(self.actions_by_id.values()))
        self.frame = Frame(self)
        self._follow_engine()
        self._follow_recipe()

    @property
    def runs(self) -> RunsModel:
        """The runs of the workspace, read when they are first asked for."""
        if self._runs is None:
            from gui.item_models.runs import RunsModel

            self._runs = RunsModel(workspace(), self.state, self)
        return self._runs

    @property
    def panes(self) -> Panes:
        """The panels. They and the libraries they need are not loaded before the first paint."""
        if self._panes is None:
            from gui.panes import Panes

            self._panes = Panes(self, self.frame)
            self._restore_layout()
            self._follow_engine()
            self._follow_document()
        return self._panes

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._panes is None:
            QTimer.singleShot(0, lambda: self.panes)

    def rebuild(self) -> None:
        """Build everything that is seen again: in another language, or in other colors."""
        layout, sizes = self.saveState(), self._dock_sizes()
        page, work = self.panes.tabs.currentIndex(), self.frame.pages.currentWidget() is self.panes.tabs
        self.panes.remove()
        self.frame.remove()
        self._panes = None
        for action in self.actions_by_id.values():
            self.removeAction(action)
            action.deleteLater()
        self._build()
        self.panes.show_state(self.shown)
        self.restoreState(layout)
        self._resize_docks(sizes)
        self.panes.tabs.setCurrentIndex(page)
        if work:
            self.frame.show_page(self.panes.tabs)
        else:
            self.show_welcome()

    def _dock_sizes(self) -> tuple[int, int, int]:
        """Widths of the model and the recipe, height of the history."""
        p = self.panes
        return p.model_dock.width(), p.recipe_dock.width(), p.history_dock.height()

    def _resize_docks(self, sizes: tuple[int, int, int]) -> None:
        p = self.panes
        self.resizeDocks([p.model_dock, p.recipe_dock], list(sizes[:2]), Qt.Orientation.Horizontal)
        self.resizeDocks([p.history_dock], [sizes[2]], Qt.Orientation.Vertical)

    def _listen(self) -> None:
        document = self.document
        document.opened.connect(self._opened)
        document.inspection_changed.connect(self._follow_document)
        document.recipe_changed.connect(self._follow_recipe)
        document.undo_stack.cleanChanged.connect(self._follow_recipe)
        self.engine.greeted.connect(self._greeted)
        self.opener.busy.connect(self._follow_opening)
        self.opener.failed.connect(self._not_opened)
        self.opener.consent_wanted.connect(self._ask_consent)
        self.opener.class_wanted.connect(self._ask_class)
        self.runner.changed.connect(self._follow_engine)
        self.runner.consent_wanted.connect(self._ask_consent)
        self.runner.ended.connect(self._run_ended)
        hints = QApplication.styleHints()
        hints.colorSchemeChanged.connect(self._follow_scheme)

    def _restore(self) -> None:
        geometry = QSettings().value("geometry")
        if not (isinstance(geometry, QByteArray) and self.restoreGeometry(geometry)):
            screen = self.screen().availableGeometry()
            self.resize(min(1440, screen.width()), min(900, screen.height()))

    def _restore_layout(self) -> None:
        layout = QSettings().value("layout")
        if not (isinstance(layout, QByteArray) and self.restoreState(layout)):
            self.reset_layout()
        self._show_docks()

    def reset_layout(self) -> None:
        """The sizes of the design."""
        p = self.panes
        self.removeDockWidget(p.history_dock)
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, p.model_dock)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, p.recipe_dock)
        self.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, p.history_dock)
        model = 520 if self.width() >= 1400 else 440
        self._resize_docks((model, 304, 208))
        self.hidden_docks = {"recipe"} if self.width() < NARROW else set()
        self._show_docks()

    hidden_docks: set[str] = set()

    def _show_docks(self) -> None:
        """Docks belong to an open document; the start page has the window to itself."""
        for dock in self.panes.docks:
            dock.setVisible(self.document.is_open and dock.objectName() not in self.hidden_docks)

    def toggle_dock(self, name: str) -> None:
        """Show or hide the dock called ``name``."""
        self.hidden_docks ^= {name}
        self._show_docks()

    # Following

    def _opened(self) -> None:
        self.frame.drop_error()
        self.frame.show_page(self.panes.tabs)
        if not self.runner.running:
            self.state.clear()
            self.runner.recipe = None
        self.show_live()
        self._show_docks()
        self.panes.model.tree.setFocus()

    def _follow_document(self) -> None:
        self.panes.show_network()
        if self.document.inspection is not None and self.frame.error is not None:
            self.frame.drop_error()
            self.frame.show_page(self.panes.tabs)
        elif self.document.is_open and self.frame.error is None:
            self.frame.show_page(self.panes.tabs)
        self._follow_recipe()

    def _follow_recipe(self) -> None:
        recipe = self.document.recipe
        if self._panes is not None:
            self._panes.recipe_title.detail.setText(self.document.name)
        self.frame.toolbar.show_document(*(menus.chip_texts(self) if recipe is not None else ("", "", "")))
        self.setWindowModified(self.document.dirty)
        name = tr("{name}[*] – Pare", name=self.document.name) if recipe is not None else "Pare"
        self.setWindowTitle(name)
        self._update_actions()

    def _follow_opening(self, busy: bool) -> None:
        if busy:
            self.say(tr("Opening the network…") if self.engine.ready else tr("The engine is starting…"))
        else:
            self.statusBar().clearMessage()

    def _follow_engine(self) -> None:
        state = "starting" if not self.engine.ready else "ready"
        if self.runner.running:
            state = "stopping" if self.runner.stopping else "busy"
        version = self.engine.hello.torch if self.engine.hello is not None else ""
        self.frame.status.set_engine(state, version)  # type: ignore[arg-type]
        self.frame.status.set_pid(self.engine.pid)
        self.frame.toolbar.stop.setText(tr("Stopping…") if self.runner.stopping else tr("Stop"))
        if self._panes is not None:
            self._panes.pill.setVisible(self.runner.running)
            self._panes.pill.setText(tr("{run} · running", run=self.state.name))
            self._panes.tabs.place_aside()
            self._panes.recipe.running_recipe = self.runner.recipe
        self._update_actions()

    def _greeted(self, hello: Hello) -> None:
        self.document.set_catalogue(list(hello.methods))
        self._follow_engine()

    def _update_actions(self) -> None:
        actions.update(self, self.actions_by_id)
        self.frame.toolbar.follow_actions()

    # Why a command is not possible now; "" where it is

    def why_no_document(self) -> str:
        return "" if self.document.is_open else tr("Open a network first")

    def why_no_undo(self) -> str:
        return "" if self.document.undo_stack.canUndo() else tr("Nothing to undo")

    def why_no_redo(self) -> str:
        return "" if self.document.undo_stack.canRedo() else tr("Nothing to redo")

    def why_not_run(self) -> str:
        return self.runner.why_not()

    def why_not_stop(self) -> str:
        if self.runner.stopping:
            return tr("The run is stopping")
        return "" if self.runner.running else tr("Nothing is running")

    def why_not_export(self) -> str:
        if self.exportable() is not None:
            return ""
        return tr("Wait until the run is finished") if self.runner.running else tr("Run the recipe first")

    def exportable(self) -> Path | None:
        """The folder of the finished run that is shown, else of the best one."""
        if isinstance(self.shown.ending, Finished) and self.shown.folder:
            return Path(self.shown.folder)
        best = self.runs.best() if self.document.is_open else None
        return best.folder if best is not None else None

    # Files

    def choose_file(self) -> None:
        kinds = tr("Networks and recipes")
        filters = f"{kinds} (*.yaml *.yml *.pt *.pth *.ckpt *.bin *.safetensors *.py *.pare *.onnx)"
        folder = str(QSettings().value("folder", ""))
        path, _ = QFileDialog.getOpenFileName(self, tr("Open a network or a recipe"), folder, filters)
        if path:
            QSettings().setValue("folder", str(Path(path).parent))
            self.open_file(Path(path))

    def open_file(self, path: Path) -> None:
        if self._may_leave():
            self.opener.open(Path(path))

    def open_sample(self) -> None:
        if self._may_leave():
            self.opener.sample()

    def open_run_recipe(self, folder: Path) -> None:
        """Open the recipe that filled a run's folder, as a template."""
        if not self._may_leave():
            return
        try:
            self.document.open(Path(folder) / RECIPE, template=True)
        except CompressionError as error:
            self.show_problem(error)

    def new_recipe(self) -> None:
        """The same network without stages."""
        old = self.document.recipe
        if old is not None and self._may_leave():
            inspection = self.document.inspection
            self.document.start(Recipe(old.model, old.data, (), device=old.device), self.document.folder)
            if inspection is not None:
                self.document.set_inspection(inspection)

    def save(self) -> None:
        if self.document.path is None:
            self.save_as()
        else:
            self._save(self.document.path)

    def save_as(self) -> None:
        start = self.document.path or Path(str(QSettings().value("folder", ""))) / f"{self.document.name}.yaml"
        path, _ = QFileDialog.getSaveFileName(self, tr("Save recipe"), str(start), tr("Recipe") + " (*.yaml)")
        if path:
            self._save(Path(path).with_suffix(".yaml") if not Path(path).suffix else Path(path))

    def _save(self, path: Path) -> None:
        try:
            self.document.save(path)
        except CompressionError as error:
            self.show_problem(error)
        else:
            self.say(tr("Saved as {file}.", file=path.name))
        self._follow_recipe()

    def _may_leave(self) -> bool:
        """Ask about unsaved edits before they are gone."""
        if not self.document.is_open or not self.document.dirty:
            return True
        box = QMessageBox(self)
        box.setWindowTitle(tr("Unsaved recipe"))
        box.setText(tr("The recipe {name} has edits that are not saved.", name=self.document.name))
        save = box.addButton(tr("Save"), QMessageBox.ButtonRole.AcceptRole)
        drop = box.addButton(tr("Discard"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(save)
        box.exec()
        if box.clickedButton() is save:
            self.save()
            return not self.document.dirty
        return box.clickedButton() is drop

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = next((Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()), None)
        if path is not None:
            event.acceptProposedAction()
            QTimer.singleShot(0, partial(self.open_file, path))

    # Errors and questions

    def _not_opened(self, path: Path | None, event: Failed) -> None:
        name = path.name if path is not None else self.document.name
        facts = [(tr("File"), str(path))] if path is not None else []
        repair: tuple[str, Callable[[], object]] | None = None
        if event.repair is not None and self.document.is_open:
            repair = (message(event.repair.label), partial(self.repair, event.repair))
        elif path is not None and path.suffix.lower() in WEIGHTS and self.document.catalogue is not None:
            model = {"source": "checkpoint", "weights": str(path)}
            repair = (tr("Choose the network…"), partial(self._ask_network, model))
        elif self.document.is_open and event.consent is None:
            repair = (tr("Try again"), self._try_again)
        card = ErrorCard(
            tr("Pare can't open {name}", name=name),
            f"{message(event.message)} {message(event.hint)}".strip(),
            facts=facts,
            repair=repair or (tr("Open another file…"), self.choose_file),
            other=(tr("Open another file…"), self.choose_file) if repair else None,
            details=event.details,
        )
        self.frame.show_error(card)
        self._update_actions()

    def _try_again(self) -> None:
        self.frame.drop_error()
        self.frame.show_page(self.panes.tabs)
        self.opener.again()

    def _ask_consent(self, needed: dict[str, str], again: Any) -> None:
        consent.ask(self, needed, again)

    def _ask_class(self, path: Path, names: list[str]) -> None:
        text = tr("{file} defines several classes. Which one is the network?", file=path.name)
        name, chosen = QInputDialog.getItem(self, tr("Choose the network"), text, names, 0, False)
        if chosen:
            self.opener.python_class(path, name)

    def repair(self, repair: Repair) -> None:
        """Set what a repair sets, as one step of undo."""
        try:
            self.document.set_values(repair.edits, message(repair.label))
        except CompressionError as error:
            self.show_problem(error)

    def show_problem(self, error: CompressionError | Failed) -> None:
        """Add a problem to the list and show it."""
        self.panes.problems.set_problems([Problem.of(error)])
        self.panes.show_history(self.panes.problems)

    def say(self, text: str) -> None:
        """Say something in the status line for a few seconds."""
        self.statusBar().showMessage(f"   {text}", 6000)

    # Edits

    def undo(self) -> None:
        self.document.undo_stack.undo()

    def redo(self) -> None:
        self.document.undo_stack.redo()

    # Runs

    def run_recipe(self) -> None:
        reason = self.runner.why_not()
        if reason:
            self.say(reason)
            return
        self.frame.show_page(self.panes.tabs)
        self.panes.tabs.setCurrentWidget(self.panes.live)
        self.show_live()
        self.runner.run()

    def stop_run(self) -> None:
        self.runner.stop()

    def _run_ended(self, ending: object) -> None:
        problems = [Problem.of(warning) for warning in self.state.warnings]
        if isinstance(ending, Failed) and ending.consent is None:
            problems.insert(0, Problem.of(ending))
        self.panes.problems.set_problems(problems)
        self._follow_engine()
        if self._quit_after_run:
            self._leave()

    def show_live(self) -> None:
        """Show the latest run."""
        self.shown = self.state
        self.panes.show_state(self.state)
        self._update_actions()

    def show_run(self, folder: Path) -> None:
        """Show a run of the workspace."""
        folder = Path(folder)
        if self.state.folder and Path(self.state.folder) == folder:
            self.show_live()
            return
        self.shown = RunState.from_folder(folder, self)
        self.panes.show_state(self.shown)
        self.frame.show_page(self.panes.tabs)
        self._update_actions()

    def export_run(self) -> None:
        folder = self.exportable()
        if folder is not None:
            self.export_folder(folder)

    def export_folder(self, folder: Path) -> None:
        from gui.dialogs.export_dialog import ExportDialog

        catalogue = self.document.catalogue
        if catalogue is None:
            return
        same = self.shown.folder and Path(self.shown.folder) == Path(folder)
        run = self.shown if same else RunState.from_folder(Path(folder), self)
        dialog = ExportDialog(run, catalogue, self.engine.send, self.engine.cancel, None, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.engine.events.connect(dialog.apply)
        dialog.open()

    # Network, data, device

    def choose_network(self) -> None:
        recipe = self.document.recipe
        self._ask_network(recipe.model.to_data() if recipe is not None else {})

    def _ask_network(self, model: dict[str, Any]) -> None:
        from gui.dialogs.model_dialog import ModelDialog

        if self.document.catalogue is not None:
            dialog = ModelDialog(self.document.catalogue, model, self)
            dialog.chosen.connect(self._open_network)
            dialog.open()

    def _open_network(self, model: dict[str, Any]) -> None:
        if self._may_leave():
            self.opener.network(ModelSpec.from_data(model))

    def choose_data(self) -> None:
        from gui.dialogs.data_dialog import DataDialog

        recipe, catalogue = self.document.recipe, self.document.catalogue
        if recipe is not None and catalogue is not None:
            dialog = DataDialog(catalogue, recipe.data.to_data(), self)
            dialog.chosen.connect(self._use_data)
            dialog.open()

    def _use_data(self, data: dict[str, Any]) -> None:
        edits = {f"data.{p.name}": data.get(p.name) for p in DATA_PARAMETERS}
        self.set_values(edits, tr("Data"))

    def choose_device(self) -> None:
        from gui.dialogs.device_menu import device_menu

        recipe, hello = self.document.recipe, self.engine.hello
        if recipe is not None:
            capabilities = hello.capabilities if hello is not None else {}
            menu = device_menu(capabilities, recipe.device, lambda d: self.set_values({"device": d}, tr("Device")))
            menus.below(self.frame.toolbar.device, menu)

    def settings(self) -> None:
        from gui.dialogs.settings_dialog import SettingsDialog

        threads = int(str(QSettings().value("threads", 0)))
        most = os.cpu_count() or 1
        dialog = SettingsDialog(languages.chosen(), self.theme_choice(), str(workspace()), threads, most, self)
        dialog.changed.connect(partial(self._set, dialog))
        dialog.open()

    def _set(self, dialog: QWidget, name: str, value: Any) -> None:
        match name:
            case "language" | "theme":
                self.set_language(value) if name == "language" else self.set_theme(value)
                dialog.close()
                self.settings()  # in the words and colors just chosen
            case "workspace":
                self.set_workspace(Path(value))
            case "threads":
                QSettings().setValue("threads", int(value))

    def set_values(self, edits: dict[str, Any], label: str) -> None:
        """Edit the recipe; what can't be is said."""
        try:
            self.document.set_values(edits, label)
        except CompressionError as error:
            self.show_problem(error)

    # Going places

    def show_menu(self) -> None:
        menus.below(self.frame.toolbar.menu_button, menus.main_menu(self))

    def search(self) -> None:
        self.frame.toolbar.search.start()

    def search_entries(self) -> Iterable[Entry]:
        """Every command that is possible now, and every layer."""
        for action in self.actions_by_id.values():
            if action.isEnabled():
                yield action.text(), action.icon(), action
        for layer in self.document.inspection.layers if self.document.inspection is not None else ():
            if layer.name:
                yield layer.name, icon(icon_name(layer)), layer.name

    def go_to(self, target: object) -> None:
        """Do an action, or show a layer."""
        if isinstance(target, QAction):
            target.trigger()
        elif isinstance(target, str):
            self.hidden_docks -= {"model"}
            self._show_docks()
            self.panes.model.show_layer(target)

    def show_log(self) -> None:
        self.panes.show_history(self.panes.log)

    def filter_layers(self) -> None:
        self.hidden_docks -= {"model"}
        self._show_docks()
        self.panes.model.search.setFocus()

    def expand_layers(self) -> None:
        self.panes.model.tree.expandAll()

    def collapse_layers(self) -> None:
        self.panes.model.tree.collapseAll()
        self.panes.model.tree.expandToDepth(0)

    def show_welcome(self) -> None:
        self.frame.show_page(self.frame.welcome)
        for dock in self.panes.docks if self._panes is not None else ():
            dock.hide()

    # Settings

    def theme_choice(self) -> Choice:
        found = str(QSettings().value("theme", "system"))
        return found if found in ("light", "dark") else "system"  # type: ignore[return-value]

    def _follow_scheme(self) -> None:
        self.set_theme(self.theme_choice())

    def set_theme(self, choice: Choice) -> None:
        """Light, dark, or as the system has it."""
        QSettings().setValue("theme", choice)
        app = QApplication.instance()
        if isinstance(app, QApplication) and apply_theme(app, choice):
            self.rebuild()

    def set_language(self, code: str) -> None:
        """``en``, ``zh_CN`` or ``system``."""
        languages.choose(code)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            languages.install(app)
            self.rebuild()

    def set_workspace(self, folder: Path) -> None:
        """Keep runs in ``folder`` from now on."""
        QSettings().setValue("workspace", str(folder))
        self.runs.workspace = folder
        self.runs.reload()

    def about(self) -> None:
        text = tr("Pare {version}. Makes PyTorch networks smaller and faster, and proves it.", version=__version__)
        box = QMessageBox(QMessageBox.Icon.NoIcon, tr("About Pare"), text, QMessageBox.StandardButton.Ok, self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    # Closing

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.runner.running and not self._quit_after_run and not self._closing_during_run():
            event.ignore()
            return
        if not self.isHidden() and not self._may_leave():
            event.ignore()
            return
        event.accept()
        self._leave()

    def _closing_during_run(self) -> bool:
        """Ask once: keep running hidden, stop and close, or stay. True where the window may close now."""
        box = QMessageBox(self)
        box.setWindowTitle(tr("A run is in progress"))
        box.setText(tr("{run} is still running.", run=self.state.name))
        box.setInformativeText(tr("Kept running, it finishes without the window and then Pare closes."))
        hide = box.addButton(tr("Keep running"), QMessageBox.ButtonRole.AcceptRole)
        stop = box.addButton(tr("Stop and close"), QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton(tr("Stay"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        box.exec()
        if box.clickedButton() is hide and self._may_leave():
            self._keep_layout()
            self._quit_after_run = True
            self.hide()
            if not self.runner.running:
                self._leave()
        return box.clickedButton() is stop

    def _keep_layout(self) -> None:
        QSettings().setValue("geometry", self.saveGeometry())
        if self.document.is_open:
            QSettings().setValue("layout", self.saveState())

    def _leave(self) -> None:
        if self.isVisible():
            self._keep_layout()
        self.engine.close()
        QApplication.quit()

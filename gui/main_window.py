"""The window: it holds the document, the runs and the engine, and shows what they say."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QPushButton, QStyle

from backend.events import Hello
from gui import actions, menus
from gui.commands.choices import ChoiceCommands
from gui.commands.closing import ClosingCommands
from gui.commands.files import FileCommands
from gui.commands.measuring import MeasureCommands
from gui.commands.problems import ProblemCommands
from gui.commands.queue import QueueCommands
from gui.commands.runs import RunCommands
from gui.commands.scans import ScanCommands
from gui.commands.session import SessionCommands
from gui.commands.teaching import TeachingCommands
from gui.commands.templates import TemplateCommands
from gui.commands.texts import TextCommands
from gui.commands.views import ViewCommands
from gui.compare.comparison import Comparison
from gui.document import Document
from gui.engine_thread import EngineThread
from gui.frame import Frame
from gui.item_models.run_rows import key_of
from gui.layer_knowledge import LayerKnowledge
from gui.opening import Opener
from gui.problems.live import PlanProblems
from gui.queueing import Queue
from gui.run_state import RunState
from gui.running import Runner, workspace
from gui.scan_state import ScanState
from gui.scanning import Scanner
from gui.text import tr
from gui.widgets.focus_ring import FocusRing
from gui.widgets.paint_turns import paint_in_turns

if TYPE_CHECKING:
    from gui.item_models.runs import RunsModel
    from gui.panes import Panes

NARROW = 1280
"""Below this width the recipe starts folded away."""


class MainWindow(QMainWindow):
    """Its commands stand in :mod:`gui.commands`, by subject; :mod:`gui.actions` names them."""

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
        self.scan = ScanState(self)
        self.scanner = Scanner(self.document, engine, self.scan, self)
        self.queue = Queue(self.document, engine, self.runner, lambda: self.scanner.running, self)
        self.knowledge = LayerKnowledge(self.document, engine, self)
        self.measuring = MeasureCommands(self)
        self.comparison = Comparison(engine, lambda: self.document.catalogue, self)
        self.plan_problems = PlanProblems(self.document, engine, self.state, self)
        self.files = FileCommands(self)
        self.work = RunCommands(self)
        self.lineup = QueueCommands(self)
        self.templates = TemplateCommands(self)
        self.texts = TextCommands(self)
        self.scans = ScanCommands(self)
        self.choices = ChoiceCommands(self)
        self.teaching = TeachingCommands(self)
        self.views = ViewCommands(self)
        self.problems = ProblemCommands(self)
        self.session = SessionCommands(self)
        self.closing = ClosingCommands(self)
        FocusRing(self)
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
        self.follow_engine()
        self.follow_recipe()

    @property
    def runs(self) -> RunsModel:
        """The runs of the workspace, read when they are first asked for."""
        if self._runs is None:
            from gui.item_models.runs import RunsModel

            self._runs = RunsModel(workspace(), self.state, self)
            self._judge_runs()
        return self._runs

    @property
    def panes(self) -> Panes:
        """The panels. They and the libraries they need are not loaded before the first paint."""
        if self._panes is None:
            from gui.panes import Panes

            self._panes = Panes(self, self.frame)
            self._restore_layout()
            self.follow_engine()
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
        self.frame.toolbar.show()
        self.frame.centre.show()
        self.panes.show_state(self.shown)
        self.panes.tabs.setCurrentIndex(page)
        self.texts.rebuild()
        if work:  # on the start page the docks are hidden and have no sizes to take over
            self.restoreState(layout)
            self._resize_docks(sizes)
            self.frame.show_page(self.panes.tabs)
        else:
            self.views.show_welcome()

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
        self.state.changed.connect(self._paint_in_turns)  # before any panel hears of it
        document.opened.connect(self._opened)
        document.inspection_changed.connect(self._follow_document)
        document.recipe_changed.connect(self.follow_recipe)
        document.undo_stack.cleanChanged.connect(self.follow_recipe)
        document.stage_selected.connect(self.update_actions)
        self.engine.greeted.connect(self._greeted)
        self.opener.busy.connect(self._follow_opening)
        self.opener.failed.connect(self.problems.not_opened)
        self.opener.consent_wanted.connect(self.problems.ask_consent)
        self.opener.class_wanted.connect(self.problems.ask_class)
        self.runner.changed.connect(self.follow_engine)
        self.runner.consent_wanted.connect(self.problems.ask_consent)
        self.comparison.consent_wanted.connect(self.problems.ask_consent)
        self.runner.changed.connect(lambda: self.comparison.make_way(self.runner.running))
        self.scanner.changed.connect(self.follow_engine)
        self.scanner.changed.connect(self.queue.follow)
        self.queue.changed.connect(self.update_actions)
        self.queue.consent_wanted.connect(self.problems.ask_consent)
        self.queue.failed.connect(self.problems.show_problem)
        self.scanner.consent_wanted.connect(self.problems.ask_consent)
        self.scan.changed.connect(self._follow_scan)
        self.knowledge.progressed.connect(self.measuring.follow)
        self.knowledge.failed.connect(self.problems.show_problem)
        self.runner.ended.connect(self.work.ended)
        hints = QApplication.styleHints()
        hints.colorSchemeChanged.connect(self.choices.follow_scheme)

    def _restore(self) -> None:
        geometry = QSettings().value("geometry")
        if not (isinstance(geometry, QByteArray) and self.restoreGeometry(geometry)):
            screen = self.screen().availableGeometry()
            frame = self.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight)
            self.resize(min(1440, screen.width()), min(900, screen.height() - frame))

    def _restore_layout(self) -> None:
        layout = QSettings().value("layout")
        hidden = str(QSettings().value("hidden", ""))
        self.hidden_docks = set(hidden.split(",")) if hidden else set()
        if not (isinstance(layout, QByteArray) and self.restoreState(layout)):
            self.reset_layout()
        sizes = [int(size) for size in str(QSettings().value("docks", "")).split(",") if size.isdigit()]
        if layout is not None and len(sizes) == 3:  # docks that are still hidden don't get theirs from the layout
            self._resize_docks((sizes[0], sizes[1], sizes[2]))
        self.show_docks()

    def reset_layout(self) -> None:
        """The sizes of the design."""
        p = self.panes
        self.removeDockWidget(p.history_dock)
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, p.model_dock)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, p.recipe_dock)
        self.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, p.history_dock)
        model = 520 if self.width() >= 1400 else 460
        self._resize_docks((model, 304, 208))
        self.hidden_docks = {"recipe"} if self.width() < NARROW else set()
        self.show_docks()

    hidden_docks: set[str] = set()

    def show_docks(self) -> None:
        """Docks belong to an open document; the start page has the window to itself."""
        for dock in self.panes.docks:
            dock.setVisible(self.document.is_open and dock.objectName() not in self.hidden_docks)

    def toggle_dock(self, name: str) -> None:
        """Show or hide the dock called ``name``."""
        self.hidden_docks ^= {name}
        self.show_docks()

    # Following

    def _opened(self) -> None:
        self.frame.drop_error()
        self.frame.tell("")
        self.frame.show_page(self.panes.tabs)
        if not self.runner.running:
            self.state.clear()
            self.runner.recipe = None
        self.work.show_live()
        self.show_docks()
        self.panes.model.tree.setFocus()

    def _follow_document(self) -> None:
        self.panes.show_network()
        if self.document.inspection is not None and self.frame.error is not None:
            self.frame.drop_error()
            self.frame.show_page(self.panes.tabs)
        elif self.document.is_open and self.frame.error is None:
            self.frame.show_page(self.panes.tabs)
        self.follow_recipe()

    def _judge_runs(self) -> None:
        """What is beyond the budget is red in the table of runs."""
        recipe = self.document.recipe
        if self._runs is not None and recipe is not None:
            self._runs.set_budget(recipe.budget, key_of(recipe.to_data()))

    def _paint_in_turns(self, kinds: set[str]) -> None:
        if kinds & {"started", "ending"} and self._panes is not None:
            paint_in_turns((self._panes.tabs, *self._panes.docks))

    def follow_recipe(self) -> None:
        recipe = self.document.recipe
        self._judge_runs()
        if self._panes is not None:
            self._panes.recipe_title.detail.setText(self.document.name)
        self.frame.toolbar.show_document(*(menus.chip_texts(self) if recipe is not None else ("", "", "")))
        name = tr("{name}[*] – Pare", name=self.document.name) if recipe is not None else "Pare[*]"
        self.setWindowTitle(name)
        self.setWindowModified(self.document.dirty)
        self.update_actions()

    def _follow_opening(self, busy: bool) -> None:
        if busy:
            self.say(tr("Opening the network…") if self.engine.ready else tr("The engine is starting…"))
        else:
            self.statusBar().clearMessage()
        self.update_actions()

    def follow_engine(self) -> None:
        state = "starting" if not self.engine.ready else "ready"
        stopping = self.runner.stopping or self.scanner.stopping
        if self.runner.running or self.scanner.running or self.knowledge.measuring:
            state = "stopping" if stopping else "busy"
        version = self.engine.hello.torch if self.engine.hello is not None else ""
        self.frame.status.set_engine(state, version)  # type: ignore[arg-type]
        self.frame.status.set_pid(self.engine.pid)
        self.frame.toolbar.stop.setText(tr("Stopping…") if stopping else tr("Stop"))
        if self._panes is not None:
            self._panes.pill.setVisible(self.runner.running)
            self._panes.pill.setText(tr("{run} · running", run=self.state.name))
            self._panes.tabs.place_aside()
            self._panes.recipe.set_running_recipe(self.runner.recipe)
        self.update_actions()

    def _follow_scan(self, _: set[str]) -> None:
        scan = self.scan
        share = (scan.done / scan.total if scan.total else 0.0) if scan.status == "running" else None
        self.frame.status.set_task(tr("Scanning sensitivity"), share)

    def _greeted(self, hello: Hello) -> None:
        self.document.set_catalogue(list(hello.methods))
        self.follow_engine()

    def update_actions(self) -> None:
        actions.update(self, self.actions_by_id)
        self.frame.toolbar.follow_actions()
        if self._panes is not None:
            self._panes.live.allow_run(self.work.why_not_run())
            self._panes.tradeoff.allow_run(self.work.why_not_run())
            self._panes.sensitivity.allow_scan(self.scans.why_not_scan())

    # Why a command is not possible now; "" where it is

    def why_no_document(self) -> str:
        return "" if self.document.is_open else tr("Open a network first")

    def why_no_undo(self) -> str:
        return "" if self.document.undo_stack.canUndo() else tr("Nothing to undo")

    def why_no_redo(self) -> str:
        return "" if self.document.undo_stack.canRedo() else tr("Nothing to redo")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = next((Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()), None)
        if path is not None:
            event.acceptProposedAction()
            QTimer.singleShot(0, partial(self.files.open_file, path))

    def say(self, text: str) -> None:
        """Say something in the status line for a few seconds."""
        self.statusBar().showMessage(f"   {text}", 6000)

    # Edits

    def undo(self) -> None:
        self.document.undo_stack.undo()

    def redo(self) -> None:
        self.document.undo_stack.redo()

    # Keys and closing

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus; outside dialogs Qt leaves that to Space."""
        focused = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QPushButton):
            focused.click()
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.closing.close()

    def layout_now(self) -> tuple[QByteArray, QByteArray | None, set[str]]:
        """Geometry, the arrangement of the docks where they are shown, and which are hidden."""
        return self.saveGeometry(), self.saveState() if self.document.is_open else None, set(self.hidden_docks)

    def keep_layout(self) -> None:
        """Keep the layout for the next start, also for one after the process was ended."""
        geometry, layout, hidden = self.layout_now()
        settings = QSettings()
        settings.setValue("geometry", geometry)
        if layout is not None:
            settings.setValue("layout", layout)
            settings.setValue("hidden", ",".join(sorted(hidden)))
            settings.setValue("docks", ",".join(map(str, self._dock_sizes())))
        settings.sync()

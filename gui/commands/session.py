"""Keeps what the window shows from one moment to the next, and brings it back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QTabWidget

from backend.errors import CompressionError
from backend.recipe import Recipe, recipe_from_data
from gui.session_journal import Session, SessionJournal, last_session
from gui.text import tr

if TYPE_CHECKING:
    from gui.main_window import MainWindow

LOOK = 1000
"""Milliseconds between two looks at what is selected and shown. Edits are written at once."""


class SessionCommands(QObject):
    """Writes the journal of the window, and restores a session of it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.journal = SessionJournal()
        self._steps: list[Recipe] = []
        self._view: Mapping[str, Any] = {}
        self._selected: list[str] = []
        self._wanted: Mapping[str, Any] = {}
        self._restoring = False
        self._layout: Any = None
        document = window.document
        document.opened.connect(self._opened)
        document.saved.connect(self._saved)
        document.undo_stack.indexChanged.connect(self._moved)
        document.inspection_changed.connect(lambda: QTimer.singleShot(0, self._select))  # after the tree has its layers
        self._timer = QTimer(self, interval=LOOK)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    # Writing

    def _opened(self) -> None:
        recipe = self._window.document.recipe
        if recipe is None:
            self.journal.give_up()
            self._steps = []
        elif not self._restoring:
            document = self._window.document
            self._steps, self._view = [recipe], {}
            path = str(document.path) if document.path is not None else None
            self.journal.begin(Session([("", recipe.to_data())], folder=str(document.folder), path=path))
            self._tell_failure()

    def _moved(self, index: int) -> None:
        """An edit, an undo or a redo: which of them tells the recipe at its place."""
        recipe = self._window.document.recipe
        if self._restoring or recipe is None or not self._steps:
            return
        if index < len(self._steps) and self._steps[index] is recipe:
            self.journal.write("move", at=index)
        elif index > 0:
            self._steps[index:] = [recipe]
            label = self._window.document.undo_stack.undoText()
            self.journal.write("edit", label=label, recipe=recipe.to_data())
        self._tell_failure()

    def _saved(self) -> None:
        document = self._window.document
        self.journal.write("save", path=str(document.path), folder=str(document.folder))

    def look(self) -> None:
        """Write what is selected, shown and where, if that changed."""
        window = self._window
        if window._panes is None or not window.isVisible():
            return
        layout = window.layout_now()
        if layout != self._layout:
            self._layout = layout
            window.keep_layout()
        if window.document.is_open and (view := self._seen()) != self._view:
            self._view = view
            self.journal.write("view", view=view)

    def _seen(self) -> dict[str, Any]:
        panes = self._window.panes
        if not self._wanted:
            self._selected = [layer.name for layer in panes.model.selected()]
        return {
            "stage": self._window.document.selected_stage,
            "layers": self._selected,
            "run": self._window.shown.folder,
            "tab": _front(panes.tabs),
            "history": _front(panes.history),
        }

    def _tell_failure(self) -> None:
        error = self.journal.error
        if error is not None:
            self.journal.error = None
            self._window.say(tr("This session can't be kept: {reason}.", reason=error.strerror or str(error)))

    def end(self) -> None:
        """The window closes in order."""
        self.look()
        self._timer.stop()
        self.journal.end()

    # Bringing back

    def recover(self) -> bool:
        """Bring back the session of a window that ended without closing; whether there is one."""
        session = self.journal.claim()
        if session is None:
            return False
        self._when_known(lambda: self._recovered(session))
        return True

    def _recovered(self, session: Session) -> None:
        if not self._restore(session):
            return
        text = tr("Pare ended without closing. Your recipe, its undo history and your runs are as they were.")
        self._window.frame.tell(text, tr("Start fresh"), self.start_fresh)

    def continue_last(self) -> None:
        """Go on where the window was last closed."""
        session = last_session()
        if session is None:
            self._window.say(tr("There is nothing to go on with."))
            return
        if session.ended and session.clean >= 0:
            session.index = session.clean  # what was discarded when it closed can be done again
        self._when_known(lambda: self._restore(session))

    def start_fresh(self) -> None:
        """Put the restored session aside: the start page offers it."""
        self._window.frame.tell("")
        self._window.document.close()
        self._window.frame.build_welcome()
        self._window.views.show_welcome()

    def _when_known(self, call: Any) -> None:
        document = self._window.document
        if document.catalogue is not None:
            call()
            return

        def known() -> None:
            document.catalogue_changed.disconnect(known)
            call()

        document.catalogue_changed.connect(known)

    def _restore(self, session: Session) -> bool:
        """Whether the session's recipe can still be read; steps that can't be are left out."""
        window, steps = self._window, []
        index = clean = -1
        for at, (label, data) in enumerate(session.steps):
            try:
                recipe = recipe_from_data(data, window.document.catalogue)  # type: ignore[arg-type]
            except CompressionError:
                continue
            steps.append((label, recipe))
            index = len(steps) - 1 if at <= session.index else index
            clean = len(steps) - 1 if at == session.clean else clean
        if not steps:
            return False
        path = Path(session.path) if session.path is not None else None
        self._restoring, self._wanted = True, session.view
        window.document.restore(steps, max(0, index), clean, Path(session.folder), path)
        self._restoring = False
        self._steps = [recipe for _, recipe in steps]
        self.journal.begin(session)
        self._show(session.view)
        return True

    def _show(self, view: Mapping[str, Any]) -> None:
        window, panes = self._window, self._window.panes
        run = Path(str(view.get("run") or ""))
        if view.get("run") and run.is_dir():
            panes.runs.select(run)
            window.work.show_run(run)
        window.document.select_stage(int(view.get("stage", window.document.selected_stage)))
        _bring_forward(panes.tabs, str(view.get("tab", "")))
        _bring_forward(panes.history, str(view.get("history", "")))

    def _select(self) -> None:
        """Select the layers of a restored session once the network is known."""
        document, wanted = self._window.document, self._wanted
        if document.inspection is None or not document.inspection.complete or not wanted or self._restoring:
            return
        self._wanted = {}
        self._window.panes.model.select([str(name) for name in wanted.get("layers") or ()])


def _front(tabs: QTabWidget) -> str:
    return type(tabs.currentWidget()).__name__


def _bring_forward(tabs: QTabWidget, name: str) -> None:
    found = next((i for i in range(tabs.count()) if type(tabs.widget(i)).__name__ == name), tabs.currentIndex())
    tabs.setCurrentIndex(found)

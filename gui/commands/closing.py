"""Closing the window, with a run in progress or without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QMessageBox

from gui.text import plural, tr
from gui.widgets.question import Answer, ask

if TYPE_CHECKING:
    from gui.main_window import MainWindow


class ClosingCommands:
    """Nothing is lost by closing: what is unsaved and what still runs is asked about, once."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._asked: QMessageBox | None = None
        self._after_run = False

    @property
    def _working(self) -> bool:
        return self._window.runner.running or self._window.queue.working

    def close(self) -> None:
        """Ask about a run in progress, then about unsaved edits."""
        if self._asked is None and self._working and not self._after_run:
            self._asked = self._ask_about_run()
            self._asked.finished.connect(self._was_asked)
        elif self._asked is None:
            self._window.files.when_saved(self.leave)

    def run_ended(self) -> None:
        """A hidden window ends with the last run."""
        if self._after_run and not self._working:
            self.leave()

    def leave(self) -> None:
        """End the window, its session and the engine."""
        if self._window.isVisible():
            self._window.keep_layout()
        self._window.session.end()
        self._window.engine.close()
        QApplication.quit()

    def _was_asked(self) -> None:
        self._asked = None

    def _ask_about_run(self) -> QMessageBox:
        window = self._window
        waiting = 0 if window.queue.paused else len(window.queue.entries)
        text = tr("{run} is still running.", run=window.state.name)
        detail = tr("Kept running, it finishes without the window and then Pare closes.")
        if waiting:
            text = plural(
                waiting,
                "{run} is still running, and {count} recipe is waiting.",
                "{run} is still running, and {count} recipes are waiting.",
                run=window.state.name,
            )
            detail = tr("Kept running, all of them finish without the window and then Pare closes.")
        answers: list[Answer] = [
            (tr("Keep running"), lambda: window.files.when_saved(self._go_on_hidden)),
            (tr("Stop and close"), lambda: window.files.when_saved(self.leave)),
            (tr("Stay"), None),
        ]
        return ask(window, tr("A run is in progress"), text, detail, answers)

    def _go_on_hidden(self) -> None:
        self._window.keep_layout()
        self._after_run = True
        self._window.hide()
        self.run_ended()

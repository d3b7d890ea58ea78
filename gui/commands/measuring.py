"""Measure how long each layer takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.text import tr

if TYPE_CHECKING:
    from gui.main_window import MainWindow


class MeasureCommands:
    """Nothing else may work meanwhile: it would take the time that is measured."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def why_not_measure(self) -> str:
        if self._window.runner.running:
            return tr("A run is in progress; stop it first")
        if self._window.scanner.running:
            return tr("A scan is in progress; stop it first")
        return self._window.knowledge.why_not()

    def measure(self) -> None:
        """Time every layer, and show the layers."""
        reason = self.why_not_measure()
        if reason:
            self._window.say(reason)
            return
        self._window.hidden_docks -= {"model"}
        self._window.show_docks()
        self._window.knowledge.measure()

    def follow(self) -> None:
        """The status line says what the engine does."""
        knowledge = self._window.knowledge
        self._window.frame.status.set_task(tr("Measuring the latency of each layer"), knowledge.share)
        self._window.follow_engine()

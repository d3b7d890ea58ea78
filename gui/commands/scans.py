"""Scan the sensitivity of layers, and make a plan of what it found."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from gui.budgeting import Planning
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

    @cached_property
    def planning(self) -> Planning:
        """The budget's plan; it outlives the panels."""
        window = self._window
        return Planning(window.document, window.engine, window.scanner, window.runner, window.knowledge, window)

    def show_budget(self) -> None:
        """Go to the budget; where there is none, ask for one."""
        window = self._window
        window.hidden_docks -= {"recipe"}
        window.show_docks()
        window.panes.budget.show_unfolded()

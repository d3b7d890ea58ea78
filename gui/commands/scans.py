"""Scan the sensitivity of layers, and make a plan of what it found."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
        return self._window.scanner.why_not()

    def why_not_plan(self) -> str:
        return "" if self._window.scan.status == "done" else tr("Scan the sensitivity first")

    def scan(self) -> None:
        reason = self.why_not_scan()
        if reason:
            self._window.say(reason)
            return
        self._window.panes.show_sensitivity()
        self._window.scanner.start()

    def stop(self) -> None:
        self._window.scanner.stop()

    def plan(self) -> None:
        """Ask what the network shall become and propose amounts for every layer."""

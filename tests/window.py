"""Drives the real window from a script: for benchmarks and screenshots, in a process of their own."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEventLoop, QSettings, QTimer

from gui.engine_thread import EngineThread
from gui.main_window import MainWindow


@contextmanager
def private_folders() -> Iterator[Path]:
    """Settings and runs go to a new folder, so that nobody's own are touched; before Qt is asked for any."""
    with tempfile.TemporaryDirectory(prefix="pare-", ignore_cleanup_errors=True) as name:
        for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_DOCUMENTS_DIR"):
            os.environ[variable] = name
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, name)
        yield Path(name)


@contextmanager
def opened_window(folder: Path) -> Iterator[MainWindow]:
    """The window with its engine running; runs go below ``folder``. An application must exist."""
    QSettings().setValue("workspace", str(folder / "runs"))
    window = MainWindow(EngineThread())
    window.show()
    window.engine.open()
    try:
        yield window
    finally:
        window.engine.close()
        window.hide()
        window.deleteLater()


def rest(seconds: float) -> None:
    """Let the event loop work for a while."""
    loop = QEventLoop()
    QTimer.singleShot(int(1000 * seconds), loop.quit)
    loop.exec()


def wait_until(condition: Callable[[], bool], seconds: float = 120.0) -> None:
    """Let the event loop work until ``condition`` holds.

    Raises:
        TimeoutError: it did not in time.
    """
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError(f"not within {seconds:.0f} s")
        rest(0.02)


def with_sample(window: MainWindow) -> None:
    """Open the sample and wait until the engine has opened its network."""
    wait_until(lambda: window.engine.ready)
    window.files.open_sample()
    wait_until(lambda: window.document.is_open and not window.document.why_unknown())


def run_to_the_end(window: MainWindow, seconds: float = 240.0) -> None:
    """Press Run and wait for the ending."""
    window.work.run_recipe()
    wait_until(lambda: window.runner.running, 10.0)
    wait_until(lambda: not window.runner.running, seconds)

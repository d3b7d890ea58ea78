"""Starts the window. Nothing heavy is imported before it is painted: the engine warms up meanwhile."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from gui import languages
from gui.collecting import Collector
from gui.engine_thread import EngineThread
from gui.main_window import MainWindow
from gui.theme import apply_theme


def run_window(argv: Sequence[str] = ()) -> int:
    """Show the window until it is closed; ``argv`` may name a file to open. Returns the exit code."""
    app = make_application(argv)
    window = MainWindow(EngineThread())
    window.show()
    QTimer.singleShot(0, lambda: _begin(window, list(argv)))
    signal.signal(signal.SIGINT, lambda *_: window.close())
    return app.exec()


def make_application(argv: Sequence[str] = ()) -> QApplication:
    """The application with its name, language and colors."""
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication([sys.argv[0], *argv])
    app.setApplicationName("Pare")
    app.setOrganizationName("Pare")
    app.setQuitOnLastWindowClosed(False)
    Collector(app)
    app.setStyle("Fusion")
    languages.install(app)
    choice = str(QSettings().value("theme", "system"))
    apply_theme(app, choice if choice in ("light", "dark") else "system")  # type: ignore[arg-type]
    return app


def _begin(window: MainWindow, argv: list[str]) -> None:
    threads = int(str(QSettings().value("threads", 0)))
    if threads > 0:
        os.environ["OMP_NUM_THREADS"] = str(threads)  # the engine's process reads it before it loads torch
    window.engine.open()
    window.frame.status.set_pid(window.engine.pid)
    if argv:
        window.files.open_file(Path(argv[0]))
    elif not window.document.is_open and not window.session.recover():
        window.frame.welcome.sample.setFocus()

"""From the start of the process to the window's first paint."""

from __future__ import annotations

import json
import sys
import time

from tests.bench._harness import Row, in_a_process, in_turns, middle, table

ROUNDS = 5
MOST = 0.6


def bench() -> bool:
    found = in_turns(
        ROUNDS,
        {
            "libraries": lambda: in_a_process("tests.bench.start", "libraries", repr(time.time())),
            "window": lambda: in_a_process("tests.bench.start", "window", repr(time.time())),
        },
    )
    seconds = middle(found["window"])
    return table(
        f"First paint, median of {ROUNDS}, in turn with an empty window of the same libraries",
        [
            Row("empty window", f"{middle(found['libraries']):.2f} s", "", True),
            Row("Pare's window", f"{seconds:.2f} s", f"at most {MOST} s", seconds <= MOST),
        ],
    )


def first_paint(what: str, started: float) -> float:
    """Seconds from ``started`` (time.time() in the parent) until the window has painted itself once."""
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

    from tests.window import private_folders

    class Watch(QObject):
        seconds = 0.0

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget) and not self.seconds:
                QTimer.singleShot(0, self.done)
            return False

        def done(self) -> None:
            self.seconds = self.seconds or time.time() - started
            QApplication.quit()

    with private_folders():
        if what == "window":
            from gui.app import make_application
            from gui.engine_thread import EngineThread
            from gui.main_window import MainWindow

            app = make_application()
            window: QMainWindow = MainWindow(EngineThread())
        else:
            import numpy  # noqa: F401
            import pyqtgraph  # noqa: F401
            import qtawesome

            app = QApplication([])
            qtawesome.icon("ph.play")
            window = QMainWindow()
        watch = Watch()
        window.installEventFilter(watch)
        window.show()
        app.exec()
        return watch.seconds


if __name__ == "__main__":
    print(json.dumps(first_paint(sys.argv[1], float(sys.argv[2]))))

"""Widgets that nobody holds are destroyed in the window's thread, whoever allocates."""

import gc
import subprocess
import sys
import threading

from PySide6.QtCore import QObject

from gui.collecting import Collector

PROGRAM = """
import gc, os, threading
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtCore import QObject
from gui.app import make_application

class Ring(QObject):
    def __init__(self):
        super().__init__()
        self.me = self
    def __del__(self):
        where.append(threading.current_thread() is threading.main_thread())

app = make_application()
where = []
def allocate():
    for _ in range(30):
        kept = [[] for _ in range(10_000)]
for _ in range(10):
    rings = [Ring() for _ in range(20)]
    del rings
    other = threading.Thread(target=allocate)
    other.start()
    while other.is_alive():
        app.processEvents()
    app.sendPostedEvents()
for looker in app.children():
    if hasattr(looker, "look"):
        looker.look()
assert where and all(where), where
"""


def test_that_what_another_thread_allocates_never_destroys_an_object_of_the_window() -> None:
    done = subprocess.run([sys.executable, "-X", "faulthandler", "-c", PROGRAM], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_that_rings_of_objects_are_collected_when_enough_has_gathered(qapp: object) -> None:
    gone: list[bool] = []
    collector = Collector()

    class Ring(QObject):
        pass

    ring = Ring()
    ring.me = ring  # type: ignore[attr-defined]
    ring.destroyed.connect(lambda: gone.append(threading.current_thread() is threading.main_thread()))
    del ring
    kept = [[] for _ in range(gc.get_threshold()[0] + 100)]  # type: ignore[var-annotated]
    collector.look()
    assert gone == [True]
    assert len(kept) > gc.get_threshold()[0]

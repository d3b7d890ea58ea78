"""A window in a process of its own, started as a person starts it, that is there to be killed.

``work`` edits, selects, runs, says how things are and goes on; ``resume`` starts again, says what came back, and goes
on with the run that was stopped. Folders are those of the environment.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

from PySide6.QtCore import QTimer

from gui.app import _begin, make_application
from gui.engine_thread import EngineThread
from gui.main_window import MainWindow
from tests.window import rest, wait_until, with_sample

SELECTED = ("conv1", "fc2")


def work(window: MainWindow) -> None:
    with_sample(window)
    window.resize(1300, 800)
    window.reset_layout()
    document, panes = window.document, window.panes
    document.set_values({"stages.1.train.epochs": 4000}, "Epochs")
    document.set_values({"stages.0.prune.amount": 0.7}, "Amount")
    document.set_values({"seed": 5}, "Seed")
    document.undo_stack.undo()
    document.select_stage(1)
    window.work.run_recipe()
    wait_until(lambda: any(s.index == 1 and s.status == "running" for s in window.state.stages))
    panes.model.select(SELECTED)
    panes.tabs.setCurrentWidget(panes.layers)
    panes.history.setCurrentWidget(panes.log)
    window.toggle_dock("recipe")
    rest(2.5)  # two looks at what is shown
    say(window)
    rest(600)


def resume(window: MainWindow) -> None:
    wait_until(lambda: bool(window.panes.model.selected()))
    say(window)
    before = len(window.shown.curves["accuracy"].x)
    window.actions_by_id["resume"].trigger()
    wait_until(lambda: window.state.status == "running")
    wait_until(lambda: window.state.stage is not None and window.state.stage.index == 1)
    wait_until(lambda: len(window.state.curves["accuracy"].x) > before)
    say(window)
    window.work.stop_run()
    wait_until(lambda: not window.runner.running)


def say(window: MainWindow) -> None:
    document, panes, shown = window.document, window.panes, window.shown
    stack = document.undo_stack
    said = {
        "recipe": document.recipe.to_data() if document.recipe is not None else None,
        "labels": [stack.text(i) for i in range(stack.count())],
        "index": stack.index(),
        "clean": stack.cleanIndex(),
        "stage": document.selected_stage,
        "layers": [layer.name for layer in panes.model.selected()],
        "tab": type(panes.tabs.currentWidget()).__name__,
        "history": type(panes.history.currentWidget()).__name__,
        "hidden": sorted(window.hidden_docks),
        "size": [window.width(), window.height()],
        "folder": shown.folder,
        "status": shown.status,
        "stages": [stage.status for stage in shown.stages],
        "points": len(shown.curves["accuracy"].x) if "accuracy" in shown.curves else 0,
        "baseline": shown.baseline.get("accuracy"),
        "rows": [(row.folder.name, row.status, row.change is not None) for row in window.runs.rows],
        "notice": window.frame.notice,
        "pid": window.engine.pid,
    }
    print("said", json.dumps(said), flush=True)


def main(phase: Callable[[MainWindow], None]) -> None:
    app = make_application()
    window = MainWindow(EngineThread())
    window.show()
    QTimer.singleShot(0, lambda: _begin(window, []))
    rest(0.1)
    phase(window)
    window.closing.leave()
    app.processEvents()


if __name__ == "__main__":
    main({"work": work, "resume": resume}[sys.argv[1]])

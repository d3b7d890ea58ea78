"""How late the window's 10 ms timer is while the engine does each kind of job, against idle in the same run."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench._harness import Row, in_a_process, in_turns, middle, percentile, table

if TYPE_CHECKING:
    from gui.main_window import MainWindow

ROUNDS = 3
SECONDS = 5.0
MOST_P99, MOST_MAX = 10.0, 30.0
"""Milliseconds over idle."""


def bench() -> bool:
    rounds = in_turns(ROUNDS, {"window": lambda: in_a_process("tests.bench.smoothness", str(SECONDS))})["window"]
    rows = []
    for name in rounds[0]:
        p99, worst = (middle([found[name][i] for found in rounds]) for i in (0, 1))
        over = [(found[name][0] - found["idle"][0], found[name][1] - found["idle"][1]) for found in rounds]
        over_p99, over_max = (middle([pair[i] for pair in over]) for i in (0, 1))
        met = name == "idle" or (over_p99 <= MOST_P99 and over_max <= MOST_MAX)
        mark = "" if name == "idle" else f"idle {over_p99:+.1f} / {over_max:+.1f}"
        rows.append(Row(name, f"{p99:.1f} / {worst:.1f} ms", mark, met))
    title = f"Lateness of a 10 ms timer in the window, p99 / max, median of {ROUNDS} runs of {SECONDS:.0f} s each"
    return table(f"{title} (at most idle +{MOST_P99:.0f} / +{MOST_MAX:.0f})", rows)


def measure(seconds: float) -> dict[str, tuple[float, float]]:
    """Job → (p99, max) in milliseconds, in one window."""
    from gui.app import make_application
    from tests.window import opened_window, private_folders, rest, run_to_the_end, with_sample

    with private_folders() as folder:
        app = make_application()
        with opened_window(folder) as window:
            with_sample(window)
            run_to_the_end(window)
            rest(1.0)
            found = {"idle": lateness(seconds)}
            for name, job in JOBS.items():
                with job(window, folder):
                    rest(0.5)
                    found[name] = lateness(seconds)
                rest(0.5)
        app.processEvents()
    return found


def lateness(seconds: float) -> tuple[float, float]:
    """How late a precise 10 ms timer is, while the event loop works for ``seconds``."""
    from PySide6.QtCore import Qt, QTimer

    from tests.window import rest

    late: list[float] = []
    last = time.perf_counter()

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        late.append(max(0.0, 1000 * (now - last) - 10))
        last = now

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(beat)
    timer.start(10)
    rest(seconds)
    timer.stop()
    return percentile(late, 0.99), max(late)


@contextmanager
def training(window: MainWindow, folder: Path) -> Iterator[None]:
    """A long training, its curves growing."""
    with running(window, [{"train": {"epochs": 5000}}]):
        yield


@contextmanager
def whole_runs(window: MainWindow, folder: Path) -> Iterator[None]:
    """The sample again and again: prune, train, quantize, measure, time in turns."""
    stages = [
        {"prune": {"amount": 0.5, "scope": "global"}},
        {"train": {"epochs": 1}},
        {"quantize": {"method": "static_int8", "calibration_batches": 4}},
    ]
    with running(window, stages, again=True):
        yield


@contextmanager
def running(window: MainWindow, stages: list[dict[str, object]], *, again: bool = False) -> Iterator[None]:
    from PySide6.QtCore import QTimer

    from backend.recipe import recipe_from_data
    from tests.window import wait_until

    recipe, catalogue = window.document.recipe, window.document.catalogue
    if recipe is None or catalogue is None:
        raise RuntimeError("no document is open")
    window.document.edit(recipe_from_data({**recipe.to_data(), "stages": stages}, catalogue), "Benchmark")
    going = True

    def run() -> None:
        if going and not window.runner.running:
            window.work.run_recipe()

    def once_more() -> None:
        if again:
            QTimer.singleShot(100, window, run)

    window.runner.ended.connect(once_more)
    window.work.run_recipe()
    wait_until(lambda: window.runner.running, 10)
    yield
    going = False
    window.work.stop_run()
    wait_until(lambda: not window.runner.running, 10)
    window.runner.ended.disconnect(once_more)


@contextmanager
def inspecting(window: MainWindow, folder: Path) -> Iterator[None]:
    """Opening large networks, one after the other."""
    from backend.engine.protocol import Inspect

    names = ["resnet18", "mobilenet_v2", "resnet34"]
    with repeating(
        window, lambda i: Inspect({"source": "torchvision", "name": names[i % len(names)], "num_classes": 10 + i})
    ):
        yield


@contextmanager
def exporting(window: MainWindow, folder: Path) -> Iterator[None]:
    """Writing and checking files."""
    from backend.engine.protocol import Export

    run = max((folder / "runs").glob("*/result.json"), key=lambda file: file.stat().st_mtime).parent
    formats = ("state_dict", "safetensors")
    with repeating(window, lambda i: Export(str(run), formats, str(folder / "exports"), f"net {i}")):
        yield


@contextmanager
def repeating(window: MainWindow, request: Callable[[int], object]) -> Iterator[None]:
    """Sends the next request when the last one has ended."""
    from backend.events import ENDINGS, Failed

    failed: list[Failed] = []
    count = 0
    job = window.engine.send(request(count))  # type: ignore[arg-type]

    def heard(batch: list[tuple[str, float, object]]) -> None:
        nonlocal count, job
        for about, _, event in batch:
            if about == job and isinstance(event, ENDINGS):
                if isinstance(event, Failed):
                    failed.append(event)
                count += 1
                job = window.engine.send(request(count))  # type: ignore[arg-type]

    window.engine.events.connect(heard)
    yield
    window.engine.events.disconnect(heard)
    if failed:
        raise RuntimeError(f"{failed[0].message} {failed[0].details}")


JOBS = {"training": training, "whole runs": whole_runs, "inspecting": inspecting, "exporting": exporting}

if __name__ == "__main__":
    print(json.dumps(measure(float(sys.argv[1]))))

"""What opening and closing runs leaves in the window's memory."""

from __future__ import annotations

import gc
import json
import shutil
from pathlib import Path

from tests.bench._harness import Row, in_a_process, table

RUNS = 200
MOST = 5.0
"""Percent that the window may grow by while so many runs are opened and closed."""


def bench() -> bool:
    before, after = in_a_process("tests.bench.memory")
    growth = 100 * (after - before) / before
    value = f"{before:.0f} → {after:.0f} MB, {growth:+.1f}%"
    return table(
        f"Memory of the window while {RUNS} runs are opened and closed",
        [Row("after the first 20 → after the last", value, f"at most +{MOST:.0f}%", growth <= MOST)],
    )


def measure() -> tuple[float, float]:
    """Megabytes of the window's process after the first runs, and after all of them."""
    from gui.app import make_application
    from tests.window import opened_window, private_folders, rest, run_to_the_end, with_sample

    with private_folders() as folder:
        app = make_application()
        with opened_window(folder) as window:
            with_sample(window)
            run_to_the_end(window)
            copies = many(next(path.parent for path in (folder / "runs").glob("*/result.json")))
            window.runs.reload()
            before = 0.0
            for number, run in enumerate(copies):
                window.work.show_run(run)
                rest(0.05)
                if number == 20:
                    before = resident()
            window.work.show_live()
            rest(0.2)
            after = resident()
        app.processEvents()
    return before, after


def many(run: Path) -> list[Path]:
    """The run and copies of it without its checkpoints, :data:`RUNS` in all."""
    names = [run.with_name(f"{run.name}-{number:03}") for number in range(1, RUNS)]
    for name in names:
        shutil.copytree(run, name, ignore=shutil.ignore_patterns("stages"))
    return [run, *names]


def resident() -> float:
    import psutil

    gc.collect()
    return float(psutil.Process().memory_info().rss) / 1e6


if __name__ == "__main__":
    print(json.dumps(measure()))

"""How long the live plots take to draw and to paint a run of 100,000 points, against one of 100, in turns."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import numpy as np

from tests.bench._harness import Row, in_a_process, in_turns, middle, table

ROUNDS = 20
POINTS = {"100 points": 100, "100,000 points": 100_000}
MOST = 16.0
"""Milliseconds: what one picture of sixty a second has."""


def bench() -> bool:
    found = in_a_process("tests.bench.plots")
    rows = [
        Row(f"{name}, {what}", f"{middle(times):.1f}, at most {max(times):.1f} ms", "", middle(times) <= MOST)
        for name, steps in found.items()
        for what, times in steps.items()
    ]
    return table(f"Live plots with four curves, median of {ROUNDS} (at most {MOST:.0f} ms)", rows)


def measure() -> dict[str, dict[str, list[float]]]:
    """Number of points → step → milliseconds of each round."""
    from gui.app import make_application
    from gui.plots.run_plots import RunPlots
    from tests.window import private_folders, rest

    with private_folders():
        app = make_application()
        shown = {name: RunPlots(run_of(count)) for name, count in POINTS.items()}
        for plots in shown.values():
            plots.resize(620, 420)
            plots.show()
        rest(0.5)
        found = in_turns(ROUNDS, {name: lambda plots=plots: steps(plots) for name, plots in shown.items()})
        app.processEvents()
    names = found["100 points"][0]
    return {about: {name: [each[name] for each in rounds] for name in names} for about, rounds in found.items()}


def run_of(count: int) -> object:
    """A run with ``count`` points in each of four curves."""
    from backend.events import Metric, StageStarted, Started
    from gui.run_state import RunState

    state, seconds = RunState(), np.linspace(0.0, 3600.0, count)
    noise = np.random.default_rng(0).normal(size=count)
    stages = [{"kind": "train", "label": "Fine-tune"}]
    state.apply([("1", 0.0, Started("Benchmark", "", stages)), ("1", 0.0, StageStarted(0, "Fine-tune"))])
    for name, values in {
        "accuracy": 90 + noise,
        "train_accuracy": 91 + noise,
        "sparsity": np.linspace(0, 0.9, count),
        "loss": np.abs(noise),
    }.items():
        state.apply(
            ("1", float(at), Metric(0, name, i, float(value)))
            for i, (at, value) in enumerate(zip(seconds, values, strict=True))
        )
    return state


def steps(plots: object) -> dict[str, float]:
    """Milliseconds of each thing that the window does with the plots."""
    from gui.plots.run_plots import RunPlots

    if not isinstance(plots, RunPlots):
        raise TypeError(type(plots))
    plots.reset()
    zoomed = (lambda: plots.accuracy.set_times(1000.0, 1100.0), plots.accuracy.zoomed.emit)
    return {
        "upper plot": timed(plots._draw_upper, plots.accuracy.viewport().repaint),
        "lower plot": timed(plots._draw_lower, plots.sparsity.viewport().repaint),
        "zoom": timed(*zoomed, plots.accuracy.viewport().repaint),
        "values under the mouse": timed(lambda: plots.readings(1234.5)),
    }


def timed(*calls: Callable[[], object]) -> float:
    begun = time.perf_counter()
    for call in calls:
        call()
    return 1000 * (time.perf_counter() - begun)


if __name__ == "__main__":
    print(json.dumps(measure()))

"""How long the window's thread is busy with the trade-off of 200 runs of 20 steps each."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

from tests.bench._harness import Row, in_a_process, in_turns, middle, table
from tests.bench.painting import Stopwatch

ROUNDS = 3
RUNS, STEPS = 200, 20
MOST_PAINT, MOST_REACTION, MOST_ONCE = 10.0, 50.0, 100.0
"""Milliseconds; the last is for what happens once a run."""
MODEL, DATA = {"source": "bundled", "name": "net"}, {"source": "digits"}


def bench() -> bool:
    rounds = in_turns(ROUNDS, {"panel": lambda: in_a_process("tests.bench.tradeoff")})["panel"]
    rows = []
    for name in rounds[0]:
        value = middle([found[name] for found in rounds])
        most = MOST_PAINT if name.startswith("paint") else MOST_ONCE if name == "one run more" else MOST_REACTION
        rows.append(Row(name, f"{value:.1f} ms", f"at most {most:.0f} ms", value <= most))
    return table(f"The trade-off of {RUNS} runs with {STEPS} steps each, median of {ROUNDS} runs", rows)


def measure() -> dict[str, float]:
    """Reaction → milliseconds."""
    from backend.recipe import ModelSpec, Recipe
    from gui.app import make_application
    from gui.document import Document
    from gui.item_models.runs import RunsModel
    from gui.panels.tradeoff_panel import TradeoffPanel
    from gui.run_state import RunState
    from tests.window import private_folders

    with private_folders() as folder:
        app = make_application()
        dice = Random(0)
        for number in range(RUNS):
            write(folder / "runs", number, dice)
        runs, document = RunsModel(folder / "runs", RunState()), Document()
        document.start(Recipe(ModelSpec("bundled", "net")), folder)
        panel = TradeoffPanel(document, runs, lambda: None)
        panel.resize(614, 520)
        watch = Stopwatch(app.processEvents)
        panel.controls.choose("size", "validation")
        watch.time("first drawing", panel.show)
        _use(panel, watch)
        write(folder / "runs", RUNS, dice)
        watch.time("one run more", runs.reload)
    return watch.times


def _use(panel: Any, watch: Stopwatch) -> None:
    plot, viewport = panel.plot, panel.plot.viewport()
    watch.time("paint", viewport.repaint)
    watch.time("paint after a move", lambda: (plot.view.translateBy(x=5.0), viewport.repaint()))
    watch.time("another figure across", lambda: panel.controls.choose("macs", "validation"))
    watch.time("front off", panel.controls.front.click)
    watch.time("front on", panel.controls.front.click)
    watch.time("without steps", panel.controls.steps.click)
    watch.time("with steps", panel.controls.steps.click)
    watch.time("choose a dot", lambda: plot.let_go() or plot._pick(100, False))
    watch.time("figures under the mouse", lambda: plot.readings(plot.at(plot.rect().center().toPointF()) or 0))


def write(root: Path, number: int, dice: Random) -> None:
    """A finished run whose figures are like real ones."""
    share, base = 0.1 + 0.9 * dice.random(), figures(1.0, 91.7)
    accuracy = 91.9 - 0.4 / share - dice.random()
    steps = [{"at": i, "metrics": figures(1 - (1 - share) * i / STEPS, accuracy), "checkpoint": f"stages/0/steps/{i}"}
             for i in range(STEPS)]  # fmt: skip
    stage = {"name": "Fine-tune", "kind": "train", "metrics": figures(share, accuracy), "layers": [], "steps": steps}
    recipe = {"name": f"Run {number}", "model": MODEL, "data": DATA, "stages": []}
    result = {"recipe": recipe, "baseline": base, "stages": [stage], "final": figures(share, accuracy)}
    folder = root / f"{number:04}"
    folder.mkdir(parents=True)
    (folder / "result.json").write_text(json.dumps(result), encoding="utf-8")


def figures(share: float, accuracy: float) -> dict[str, Any]:
    return {
        "accuracy": accuracy, "validation_accuracy": accuracy, "parameters": int(269_722 * share), "sparsity": 0.0,
        "nonzero_parameters": int(200_000 * share), "macs": int(4e7 * share), "size_bytes": int(1e6 * share),
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(measure()))

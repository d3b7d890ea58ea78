"""How long the window's thread is busy with the layer tree of 10,000 modules: with paints, keys and edits."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.bench._harness import Row, in_a_process, in_turns, middle, table

if TYPE_CHECKING:
    from backend.answers import Inspection
    from gui.main_window import MainWindow

ROUNDS = 3
BLOCKS, LAYERS = 2000, 4
"""So many blocks, each with so many layers: with the network itself 10,001 modules."""
MOST_PAINT, MOST_REACTION = 10.0, 50.0
"""Milliseconds."""


def bench() -> bool:
    rounds = in_turns(ROUNDS, {"window": lambda: in_a_process("tests.bench.painting")})["window"]
    rows = []
    for name in rounds[0]:
        value = middle([found[name] for found in rounds])
        most = MOST_PAINT if name.startswith("paint") else MOST_REACTION
        rows.append(Row(name, f"{value:.1f} ms", f"at most {most:.0f} ms", value <= most))
    return table(f"The layer tree with 10,000 modules, median of {ROUNDS} runs", rows)


def network(before: Inspection) -> Inspection:
    """As many modules as the tree shall bear, with what a real network's have."""
    from backend.answers import LayerInfo

    layers = [LayerInfo("", "Net", BLOCKS * 12_000, BLOCKS * 9_000, False)]
    for i in range(BLOCKS):
        name = f"stage{i // 100}.block{i % 100}"
        layers.append(LayerInfo(name, "Bottleneck", 12_000, 9_000, False))
        for j in range(LAYERS):
            shape = (64, 16 + j, 3, 3)
            layers.append(LayerInfo(f"{name}.conv{j}", "Conv2d", 3000, 2000 + i, True, shape, (64, 8, 8)))
    return replace(before, name="net", layers=layers, parameters=BLOCKS * 12_000, refusals={})


def measure() -> dict[str, float]:
    """Reaction → milliseconds."""
    from gui.app import make_application
    from tests.window import opened_window, private_folders, rest, with_sample

    with private_folders() as folder:
        app = make_application()
        with opened_window(folder) as window:
            window.resize(1440, 900)
            with_sample(window)
            window.reset_layout()
            rest(1.0)
            found = Stopwatch(app.processEvents)
            _open(window, found)
            _look(window, found)
            _edit(window, found)
    return found.times


class Stopwatch:
    """Times a reaction: the act, or what follows it in the event loop if that takes longer, for between the two a
    person is heard. In processor time of the thread."""

    def __init__(self, follow: Callable[[], object]) -> None:
        self._follow = follow
        self.times: dict[str, float] = {}

    def time(self, name: str, act: Callable[[], Any]) -> None:
        self._follow()
        begun = time.thread_time()
        act()
        done = time.thread_time()
        self._follow()
        self.times[name] = 1000 * max(done - begun, time.thread_time() - done)


def _open(window: MainWindow, watch: Stopwatch) -> None:
    inspection = window.document.inspection
    if inspection is None:
        raise RuntimeError("no network is open")
    large = network(inspection)
    watch.time("open", lambda: window.document.set_inspection(large))


def _look(window: MainWindow, watch: Stopwatch) -> None:
    from gui.item_models.layer_columns import Column

    panel = window.panes.model
    tree, scroll = panel.tree, panel.tree.verticalScrollBar()
    rows = {one.name: {"sparsity": 0.5, "precision": "int8", "sqnr_db": 30.0} for one in panel.model.layers}
    watch.time("unfold all", tree.expandAll)
    watch.time("paint", tree.viewport().repaint)
    watch.time("paint after a scroll step", lambda: scroll.setValue(scroll.value() + 3 * 26))
    watch.time("figures of a run", lambda: panel.model.set_figures(rows))
    for column in Column:
        panel.columns.show(column, True)
    watch.time("paint with every column", tree.viewport().repaint)
    panel.columns.reset()
    watch.time("filter, one letter that all have", lambda: panel.search.setText("c"))
    watch.time("filter, one letter more", lambda: panel.search.setText("conv3"))
    watch.time("filter by pattern", lambda: panel.search.setText("*.conv?"))
    watch.time("select all that match", panel.select_matching)
    watch.time("filter cleared", lambda: panel.search.setText(""))
    watch.time("sort by name", lambda: panel.columns.sort_requested.emit((Column.NAME, False)))
    watch.time("sort by MACs", lambda: panel.columns.sort_requested.emit((Column.MACS, True)))
    watch.time("sort by plan", lambda: panel.columns.sort_requested.emit((Column.PLAN, False)))
    watch.time("order of the network", lambda: panel.columns.sort_requested.emit(None))
    tree.clearSelection()
    watch.time("select all", tree.selectAll)
    watch.time("paint of a selection", tree.viewport().repaint)
    watch.time("clear the selection", tree.clearSelection)


def _edit(window: MainWindow, watch: Stopwatch) -> None:
    from PySide6.QtCore import QPoint

    panel = window.panes.model
    half = [i for i, layer in enumerate(panel.model.layers) if layer.leaf and i % 5 in (2, 4)]
    every = [i for i, layer in enumerate(panel.model.layers) if layer.leaf]
    watch.time("select 4,000 scattered layers", lambda: panel.tree.select_places(half))
    watch.time("menu of 4,000 layers", lambda: panel.menu.build(panel.chosen(), QPoint()))
    watch.time("keep 4,000 layers", panel.keep_selected)
    watch.time("paint of their plans", panel.tree.viewport().repaint)
    watch.time("undo", window.undo)
    panel.tree.clearSelection()
    panel.search.setText("type:Conv2d")
    panel.select_matching()
    watch.time("menu of 8,000 layers", lambda: panel.menu.build(panel.chosen(), QPoint()))
    watch.time("keep 8,000 layers by one rule", panel.keep_selected)
    panel.search.clear()
    panel.tree.select_places(every)


if __name__ == "__main__":
    print(json.dumps(measure()))

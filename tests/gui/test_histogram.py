"""The Weights tab: weights and activations, the planned grid and that of a run, and what is said of them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from backend.answers import Grid, Histogram, Inspection
from backend.engine.protocol import LayerHistogram
from backend.errors import msg
from backend.events import Failed, Finished, Measured, Started
from backend.recipe import Recipe, Stage
from gui import histogram_text as words
from gui.document import Document
from gui.panels.weights_panel import WeightsPanel
from gui.plots.histogram_plot import HistogramPlot
from gui.run_state import RunState
from tests.small_catalogue import quantizing_catalogue

GRID = Grid([0.25 * q for q in range(-8, 8)], 0.25, 8.0, "group", 21.5)
FOUND = Histogram("head", [-2.0, -1.0, 0.0, 1.0, 2.0], [5, 20, 21, 4], 3, [10, 5], -1.9, 1.8, 0.01, 0.7, grid=GRID)


class Asked:
    """Stands for the engine: keeps the questions, answers when told."""

    def __init__(self) -> None:
        self.requests: list[LayerHistogram] = []
        self._answer: Callable[[Any], None] | None = None
        self._failed: Callable[[Failed], None] | None = None

    def ask(self, request: LayerHistogram, answer: Callable[[Any], None], failed: Callable[[Failed], None]) -> str:
        self.requests.append(request)
        self._answer, self._failed = answer, failed
        return str(len(self.requests))

    def forget(self, job: str) -> None:
        pass

    def answer(self, found: Histogram) -> None:
        assert self._answer is not None
        self._answer(found.to_data())

    def fail(self, event: Failed) -> None:
        assert self._failed is not None
        self._failed(event)


@pytest.fixture
def engine() -> Asked:
    return Asked()


@pytest.fixture
def state() -> RunState:
    return RunState()


@pytest.fixture
def document(inspection: Inspection, tmp_path: Path, own_settings: None) -> Document:
    made = Document()
    made.catalogue = quantizing_catalogue()
    made.start(Recipe(stages=(Stage("quantize", {"method": "weight_only"}),), name="Small"), tmp_path)
    made.set_inspection(inspection)
    return made


@pytest.fixture
def panel(document: Document, engine: Asked, state: RunState, qtbot: QtBot) -> WeightsPanel:
    made = WeightsPanel(document, engine, state)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(600, 480)
    made.show()
    return made


def finish(state: RunState, folder: Path) -> None:
    rows = [{"name": "head", "type": "Linear", "parameters": 850, "precision": "int4"}]
    final = {"accuracy": 90.0, "layers": rows}
    events = [Started("Small", str(folder), [{"kind": "quantize"}]), Measured(-1, final)]
    state.apply([("1", 0.0, event) for event in (*events, Finished({"baseline": final, "final": final, "stages": []}))])


def test_that_a_layer_is_asked_for_with_the_settings_that_the_recipe_has_for_it(
    panel: WeightsPanel, engine: Asked
) -> None:
    panel.show_layer("head")
    asked = engine.requests[-1]
    assert (asked.layer, asked.data) == ("head", None)
    assert asked.settings is not None and asked.settings["method"] == "weight_only"
    panel.histogram.values.changed.emit(panel.histogram.values.set_value("activations"))
    assert engine.requests[-1].data == {"source": "digits"}


def test_that_the_grid_is_drawn_and_told_with_its_formula(panel: WeightsPanel, engine: Asked) -> None:
    panel.show_layer("head")
    engine.answer(FOUND)
    assert panel.histogram.title == "Weights of head"
    assert panel.histogram.grid.text() == (
        "Q = round(R / S) + Z with S = 0.250, Z = 8 · the grid of the first group of weights; each has its own · "
        "SQNR of rounding 21.5 dB"
    )
    assert panel.histogram._levels._label.text() == "int4: 16 levels, grid of the first group"
    assert panel.histogram.tag.text() == "estimated"
    assert panel.histogram.plot.drawn_levels() == list(GRID.levels)
    readings = {reading.name: reading.value for reading in panel.histogram.plot.readings(0.3)}
    assert readings == {
        "0 to 1.00": "", "Count": "21", "Level R": "0.250", "Integer Q": "9", "Scale S": "0.250", "Zero point Z": "8",
    }  # fmt: skip


def test_that_an_edit_of_the_plan_asks_again_and_any_other_does_not(
    panel: WeightsPanel, engine: Asked, document: Document, qtbot: QtBot
) -> None:
    panel.show_layer("head")
    document.set_values({"name": "Other"}, "Name")
    qtbot.wait(250)
    assert len(engine.requests) == 1
    document.set_values({"stages.0.quantize.bits": 3}, "Bits")
    qtbot.waitUntil(lambda: len(engine.requests) == 2)
    settings = engine.requests[-1].settings
    assert settings is not None and settings["bits"] == 3


def test_that_the_network_of_a_finished_run_can_be_looked_at_with_the_grid_it_has(
    panel: WeightsPanel, engine: Asked, state: RunState, tmp_path: Path, qtbot: QtBot
) -> None:
    panel.show_layer("head")
    assert panel.network.isHidden()
    finish(state, tmp_path)
    assert panel.network.isVisible()
    panel.network.changed.emit(panel.network.set_value("run"))
    asked = engine.requests[-1]
    assert asked.model == {"source": "pare", "weights": str(tmp_path)}
    assert asked.settings is None
    engine.answer(FOUND)
    assert panel._detail.text() == "50 weights, 10 × 5, int4"
    assert panel.histogram.tag.text() == "of the run"
    state.begin("2", "Next")
    assert panel.network.isHidden()
    qtbot.waitUntil(lambda: engine.requests[-1].settings is not None)


def test_that_a_layer_that_nobody_quantizes_says_so(panel: WeightsPanel, engine: Asked, document: Document) -> None:
    document.set_rule("quantize", ["head"], "keep", "Keep")
    panel.show_layer("head")
    assert engine.requests[-1].settings is None
    engine.answer(Histogram("head", [0.0, 1.0], [50], 3, [10, 5], -1.9, 1.8, 0.01, 0.7))
    assert (
        panel.histogram.grid.text() == "No quantize stage of the recipe treats this layer, so there is no grid to show."
    )
    assert panel.histogram._levels.isHidden()


def test_that_bits_that_a_target_chooses_have_no_grid_yet(
    panel: WeightsPanel, engine: Asked, document: Document
) -> None:
    document.set_values({"stages.0.quantize.target": {"size": 0.2}}, "Target")
    panel.show_layer("head")
    assert engine.requests[-1].settings is None
    engine.answer(Histogram("head", [0.0, 1.0], [50], 3, [10, 5], -1.9, 1.8, 0.01, 0.7))
    assert panel.histogram.grid.text() == "The target of the quantize stage chooses the bits of this layer in the run."


def test_that_what_fails_is_a_sentence_and_the_next_layer_is_shown_again(panel: WeightsPanel, engine: Asked) -> None:
    panel.show_layer("features.pool")
    engine.fail(Failed(msg("features.pool has no weights to show."), msg("Choose a convolution.")))
    assert panel.histogram.hint.text() == "features.pool has no weights to show. Choose a convolution."
    assert panel.histogram.figure.isHidden()
    panel.show_layer("head")
    engine.answer(FOUND)
    assert panel.histogram.figure.isVisible() and panel.histogram.hint.isHidden()


def test_that_bars_and_levels_are_saved(panel: WeightsPanel, engine: Asked, tmp_path: Path) -> None:
    panel.show_layer("head")
    engine.answer(FOUND)
    assert isinstance(panel.histogram.menu(), QMenu)
    panel.histogram.save_data(tmp_path / "head.csv")
    rows = list(csv.reader((tmp_path / "head.csv").read_text(encoding="utf-8").splitlines()))
    assert rows[:2] == [["from", "to", "count", "count_before"], ["-2.0", "-1.0", "5", ""]]
    assert [row[0] for row in rows[5:]] == [repr(level) for level in GRID.levels]
    panel.histogram.save_picture(tmp_path / "head.png")
    assert (tmp_path / "head.png").stat().st_size > 1000


def test_that_a_fine_grid_is_thinned_and_keeps_zero(qtbot: QtBot) -> None:
    plot = HistogramPlot()
    qtbot.addWidget(plot)
    fine = Grid([0.01 * q for q in range(-128, 128)], 0.01, 0.0)
    plot.show_histogram(Histogram("head", [-1.28, 0.0, 1.27], [5, 5], 0, [10], -1.28, 1.27, 0.0, 0.5, grid=fine))
    assert plot.every() == 8
    assert len(plot.drawn_levels()) == 32
    assert 0.0 in plot.drawn_levels()
    assert words.legend(fine, plot.every(), None) == "256 levels, 1 in 8 drawn"


def test_that_a_bar_that_dwarfs_the_others_is_cut_off_with_its_count(qtbot: QtBot) -> None:
    plot = HistogramPlot()
    qtbot.addWidget(plot)
    plot.show_histogram(Histogram("head", [0.0, 1.0, 2.0, 3.0], [9000, 30, 10], 0, [10], 0.0, 3.0, 0.1, 0.5))
    (_, _), (low, high) = plot.view.viewRange()
    assert low == 0 and 30 < high < 60
    assert plot._spike.toPlainText() == "↑ 9,000"


@pytest.mark.parametrize(
    ("method", "activations", "after", "text"),
    [
        ("lsq", False, False, "lsq learns the grid of these values: the run shows it."),
        ("weight_only", True, False, "weight_only leaves activations in float."),
        ("static_int8", True, False, "static_int8 has no fixed grid for these values."),
        ("static_int8", True, True, "These values are in float: they lie on no grid."),
    ],
)
def test_that_it_is_said_why_there_is_no_grid(method: str, activations: bool, after: bool, text: str) -> None:
    found = quantizing_catalogue().get("quantization", method)
    assert words.why_no_grid(found, activations=activations, after=after) == text


def test_that_the_grid_of_another_channel_than_the_first_says_so() -> None:
    grid = Grid([0.0, 1.0], 1.0, 0.0, "channel", None, 3)
    assert words.formula(grid).endswith("the grid of output channel 3; each has its own")
    assert words.legend(grid, 1, None) == "2 levels, grid of channel 3"

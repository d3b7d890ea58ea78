"""The error of each layer as a chart below the table."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from backend.events import Measured, Started
from gui.item_models.layer_table import Column
from gui.panels.layers_panel import LayersPanel
from gui.run_state import RunState

ROWS = [
    {"name": "conv1", "type": "Conv2d", "parameters": 300, "precision": "int8", "sqnr_db": 40.0, "cosine": 0.9999,
     "scale": 0.5, "zero_point": 3},
    {"name": "conv2", "type": "Conv2d", "parameters": 90, "precision": "codebook4", "sqnr_db": 12.5, "cosine": 0.97},
    {"name": "fc", "type": "Linear", "parameters": 90, "precision": "fp32"},
]  # fmt: skip


@pytest.fixture
def state() -> RunState:
    return RunState()


@pytest.fixture
def panel(state: RunState, qtbot: QtBot) -> LayersPanel:
    made = LayersPanel(state)
    qtbot.addWidget(made)
    made.resize(760, 480)
    made.show()
    return made


def measured(state: RunState, rows: list[dict[str, object]]) -> None:
    events = (Started("Small", "", [{"kind": "quantize"}]), Measured(0, {"accuracy": 90.0, "layers": rows}))
    state.apply([("1", 0.0, event) for event in events])


def test_that_each_quantized_layer_has_a_bar_and_the_worst_is_named(panel: LayersPanel, state: RunState) -> None:
    assert panel.chart.isHidden()
    measured(state, ROWS)
    assert panel.chart.isVisible()
    assert [bar.layer for bar in panel.chart.plot.bars] == ["conv1", "conv2"]
    worst = panel.chart.plot.worst
    assert worst is not None and worst.layer == "conv2"
    assert "lowest: conv2, 12.5" in panel.chart._detail.text()
    assert [reading.value for reading in panel.chart.plot.readings(worst)] == ["", "12.5", "0.9700"]


def test_that_a_run_without_errors_has_no_chart(panel: LayersPanel, state: RunState) -> None:
    measured(state, ROWS[2:])
    assert panel.chart.isHidden()


def test_that_a_bar_selects_its_row(panel: LayersPanel, state: RunState) -> None:
    measured(state, ROWS)
    panel.chart.layer_chosen.emit("conv2")
    chosen = panel.view.selectionModel().selectedRows(int(Column.LAYER))
    assert [index.data() for index in chosen] == ["conv2"]


def test_that_the_figures_are_saved(panel: LayersPanel, state: RunState, tmp_path: Path) -> None:
    measured(state, ROWS)
    panel.chart.save_data(tmp_path / "errors.csv")
    rows = list(csv.reader((tmp_path / "errors.csv").read_text(encoding="utf-8").splitlines()))
    assert rows == [["layer", "sqnr_db", "cosine"], ["conv1", "40.0", "0.9999"], ["conv2", "12.5", "0.97"]]
    panel.chart.save_picture(tmp_path / "errors.svg")
    assert "<svg" in (tmp_path / "errors.svg").read_text(encoding="utf-8")


def test_that_a_narrow_table_gives_up_what_stands_elsewhere_too(panel: LayersPanel, state: RunState) -> None:
    measured(state, ROWS)
    assert not panel.view.isColumnHidden(Column.SCALE)
    panel.resize(480, 480)
    assert panel.view.isColumnHidden(Column.TYPE)
    assert panel.view.isColumnHidden(Column.SCALE)
    assert not panel.view.isColumnHidden(Column.SQNR)
    tip = panel.view.model().index(0, int(Column.PRECISION)).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "int8 · scale S = 0.500, zero point Z = 3\nR = S · (Q − Z)"
    panel.resize(900, 480)
    assert not panel.view.isColumnHidden(Column.TYPE)

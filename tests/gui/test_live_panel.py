"""Cards, curves, layers and what a person can do with them."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer
from pytestqt.qtbot import QtBot

from backend.description import Catalogue, Description
from backend.errors import CompressionError, Repair, msg
from backend.events import Cancelled, Event, Failed, Finished, LayerChanged, Measured, Metric, StageStarted, Started
from gui.comparison import figures
from gui.document import Document
from gui.item_models.layer_table import Column as LayerColumn
from gui.item_models.layer_table import LayerTableModel
from gui.item_models.runs import RunsModel
from gui.panels.layers_panel import LayersPanel
from gui.panels.live_panel import LivePanel
from gui.plots.downsampling import downsampled
from gui.plots.run_plots import RunPlots
from gui.run_state import RunState

LATENCY = {"median": 0.4, "min": 0.39, "runtime": "torch", "threads": 2, "batch": 1}
ROWS = [
    {"name": "conv1", "type": "Conv2d", "parameters": 156, "sparsity": 0.0, "precision": "fp32"},
    {"name": "fc1", "type": "Linear", "parameters": 48120, "sparsity": 0.0, "precision": "fp32"},
]
M0 = {
    "accuracy": 97.78, "validation_accuracy": 97.9, "sparsity": 0.0, "macs": 416520, "size_bytes": 249_884,
    "latency_ms": LATENCY, "layers": ROWS, "test_images": 360,
}  # fmt: skip
MASKED = {**M0, "accuracy": 97.63, "sparsity": 0.5, "layers": [{**row, "sparsity": 0.5} for row in ROWS]}
INT8 = {
    **MASKED, "size_bytes": 71_020, "latency_ms": {**LATENCY, "median": 0.2},
    "layers": [{**row, "sparsity": 0.5, "precision": "int8", "sqnr_db": 30.5, "cosine": 0.99} for row in ROWS],
}  # fmt: skip
STAGES = [{"kind": "prune", "label": "Prune"}, {"kind": "train", "label": "Fine-tune"}]


def beginning() -> list[tuple[str, float, Event]]:
    return [
        ("1", 0.0, Started("Half", "/runs/half", STAGES)),
        ("1", 0.0, StageStarted(-1, "Original")),
        ("1", 1.0, Measured(-1, M0)),
        ("1", 1.0, Metric(-1, "accuracy", 1, 97.9)),
        ("1", 1.0, StageStarted(0, "Prune")),
        ("1", 2.0, Metric(0, "sparsity", 1, 0.5)),
        ("1", 2.0, Measured(0, MASKED)),
        ("1", 2.0, StageStarted(1, "Fine-tune")),
        ("1", 3.0, Metric(1, "loss", 1, 0.8)),
        ("1", 4.0, Metric(1, "loss", 2, 0.4)),
        ("1", 4.0, Metric(1, "accuracy", 2, 95.0)),
    ]


@pytest.fixture
def state(qapp: object) -> RunState:
    state = RunState()
    state.apply(beginning())
    return state


def by_id(before: dict, after: dict) -> dict:
    return {figure.id: figure for figure in figures(before, after)}


def test_that_a_masked_network_is_called_neither_smaller_nor_faster(qapp: object) -> None:
    found = by_id(M0, MASKED)
    assert found["size"].gain == found["latency"].gain == found["macs"].gain == "unchanged"
    assert found["size"].old == found["size"].new


def test_that_gains_are_said_in_words_and_ratios_of_what_was_measured(qapp: object) -> None:
    found = by_id(M0, INT8)
    assert found["accuracy"].gain == "−0.15 pt"
    assert found["size"].gain == f"{249_884 / 71_020:.1f}× smaller"
    assert found["latency"].gain == "2.0× faster"
    assert found["latency"].source == "torch, 2 threads, batch 1"
    assert found["accuracy"].source == "360 test images"
    assert found["size"].source == "int8 weights, on disk"


def test_that_only_a_gain_of_accuracy_is_shown_as_good(qapp: object) -> None:
    tones = [by_id(M0, {**M0, "accuracy": 97.78 + change})["accuracy"].tone for change in (0.28, 0.0, -0.28, -1.5)]
    assert tones == ["ok", "plain", "plain", "bad"]


def test_that_a_gain_at_a_large_batch_stands_beside_a_loss_at_one_image(qapp: object) -> None:
    many = {**LATENCY, "median": 1.6, "batch": 256}
    slower = {**LATENCY, "median": 0.8}
    found = by_id(
        {**M0, "latency_batch_ms": many},
        {**M0, "latency_ms": slower, "latency_batch_ms": {**many, "median": 1.0}},
    )["latency"]
    assert (found.gain, found.tone, found.source) == ("2.0× slower", "bad", "batch 1")
    assert (found.second, found.second_tone) == ("at 256: 1.6× faster", "ok")


def test_that_macs_are_never_called_measured(qapp: object) -> None:
    assert by_id(M0, INT8)["macs"].tag == "computed"


def test_that_worse_is_shown_as_worse(qapp: object) -> None:
    worse = {**M0, "accuracy": 90.0, "size_bytes": 500_000, "latency_ms": {**LATENCY, "median": 0.8}}
    found = by_id(M0, worse)
    assert [found[id].tone for id in ("accuracy", "size", "latency")] == ["bad", "bad", "bad"]
    assert found["size"].gain == "2.0× larger"
    assert found["latency"].gain == "2.0× slower"


def test_that_a_figure_that_was_not_measured_is_a_dash_without_a_tag(qapp: object) -> None:
    found = by_id(M0, {})["latency"]
    assert (found.new, found.tag, found.gain) == ("–", "", "")


def test_that_downsampling_keeps_extremes_ends_and_order() -> None:
    x = np.arange(100_000, dtype=float)
    y = np.sin(x / 900)
    y[54_321] = 9.0
    y[77_777] = -9.0
    few_x, few_y = downsampled(x, y, 0, 99_999, 400)
    assert len(few_x) <= 4 * 400 + 8
    assert few_y.max() == 9.0
    assert few_y.min() == -9.0
    assert (few_x[0], few_x[-1]) == (0, 99_999)
    assert (np.diff(few_x) >= 0).all()


def test_that_a_burst_of_points_takes_no_room_from_the_rest() -> None:
    x = np.concatenate([np.linspace(0, 50, 500), np.full(50_000, 50.0), np.linspace(50, 100, 500)])
    y = np.concatenate([np.zeros(500), np.linspace(-1, 1, 50_000), np.ones(500)])
    few_x, few_y = downsampled(x, y, 0, 100, 100)
    assert len(np.unique(few_x)) > 90
    assert (few_y.min(), few_y.max()) == (-1.0, 1.0)


def test_that_a_short_curve_is_drawn_point_by_point() -> None:
    x = np.arange(100, dtype=float)
    few_x, few_y = downsampled(x, x * 2, 0, 100, 400)
    np.testing.assert_array_equal(few_x, x)
    np.testing.assert_array_equal(few_y, x * 2)


def test_that_zooming_in_brings_back_every_point_in_view() -> None:
    x = np.arange(100_000, dtype=float)
    few_x, _ = downsampled(x, x, 1000, 1100, 400)
    np.testing.assert_array_equal(few_x, np.arange(999, 1102))


def test_that_the_curves_grow_with_the_run(qtbot: QtBot, state: RunState) -> None:
    plots = RunPlots(state)
    qtbot.addWidget(plots)
    before = len(plots.sparsity._loss.yData)
    state.apply([("1", 5.0, Metric(1, "loss", 3, 0.2))])
    qtbot.waitUntil(lambda: len(plots.sparsity._loss.yData) == before + 1, timeout=1000)


def test_that_a_flood_of_events_draws_at_most_ten_times_a_second(
    qtbot: QtBot, state: RunState, monkeypatch: pytest.MonkeyPatch
) -> None:
    plots = RunPlots(state)
    qtbot.addWidget(plots)
    drawn: list[int] = []
    monkeypatch.setattr(plots.accuracy, "update_from", lambda _: drawn.append(1))
    for i in range(200):
        state.apply([("1", 5.0 + i / 100, Metric(1, "loss", i, 0.2))])
    qtbot.wait(150)
    assert 1 <= len(drawn) <= 3


def test_that_parts_of_the_loss_go_by_the_label_of_their_method_numbered_where_it_stands_again(
    qtbot: QtBot, state: RunState
) -> None:
    methods = Catalogue(
        [Description(kind="distillation", id=id, label=label, summary="")
         for id, label in (("feature_mse", "Feature MSE"), ("stage_2", "Stage two"))]
    )  # fmt: skip
    plots = RunPlots(state, lambda: methods)
    qtbot.addWidget(plots)
    plots.resize(900, 500)
    names = ("loss_labels", "loss_feature_mse", "loss_feature_mse_2", "loss_stage_2", "loss_slim")
    state.apply([("1", 3.0, Metric(1, name, 1, 0.2)) for name in names])
    readings = [reading.name for reading in plots.readings(3.5)]
    assert [name for name in readings if name.startswith("Loss, ")] == [
        "Loss, Feature MSE", "Loss, Feature MSE 2", "Loss, Labels", "Loss, Slim", "Loss, Stage two",
    ]  # fmt: skip


def test_that_hovering_tells_every_curve_at_that_moment(qtbot: QtBot, state: RunState) -> None:
    plots = RunPlots(state)
    qtbot.addWidget(plots)
    readings = {reading.name: reading.value for reading in plots.readings(3.5)}
    assert readings == {"Fine-tune": "0:04", "Validation accuracy": "97.90%", "Sparsity": "50.0%", "Loss": "0.800"}


def test_that_the_position_under_the_mouse_is_a_time_of_the_run(qtbot: QtBot, state: RunState) -> None:
    plots = RunPlots(state)
    qtbot.addWidget(plots)
    plots.resize(600, 400)
    with qtbot.waitExposed(plots):
        plots.show()
    scene = plots.accuracy.view.mapViewToScene(QPointF(2.0, 97.0))
    position = QPointF(plots.accuracy.mapFromScene(scene))
    seconds = plots.accuracy.seconds_at(position)
    assert seconds == pytest.approx(2.0, abs=0.05)
    plots.accuracy.hovered.emit(seconds)
    assert plots.readout.isVisible()
    plots.accuracy.hovered.emit(None)
    assert not plots.readout.isVisible()


def test_that_a_double_click_shows_the_whole_run_again(qtbot: QtBot, state: RunState) -> None:
    plots = RunPlots(state)
    qtbot.addWidget(plots)
    whole = plots.accuracy.view.viewRange()[0]
    plots.accuracy.set_times(2.0, 3.0)
    plots.accuracy.zoomed.emit()
    state.apply([("1", 4.1, Metric(1, "loss", 3, 0.2))])
    plots.draw()
    assert plots.accuracy.view.viewRange()[0] == pytest.approx([2.0, 3.0])
    plots.accuracy.reset_requested.emit()
    start, end = plots.accuracy.view.viewRange()[0]
    assert (start, end >= whole[1] * 0.8) == (0.0, True)


def test_that_the_next_run_is_shown_whole(qtbot: QtBot, state: RunState) -> None:
    plots = RunPlots(state)
    qtbot.addWidget(plots)
    plots.accuracy.set_times(2.0, 3.0)
    plots.accuracy.zoomed.emit()
    state.begin("2", "Next")
    state.apply([("2", 0.0, Started("Next", "/runs/next", STAGES)), ("2", 0.5, Metric(-1, "accuracy", 1, 90.0))])
    plots.draw()
    assert plots.accuracy.view.viewRange()[0][0] == 0.0
    assert plots.accuracy._line.yData.tolist() == [90.0]


def test_that_the_data_saved_as_csv_are_the_points_of_the_curves(qtbot: QtBot, state: RunState, tmp_path: Path) -> None:
    plots = RunPlots(state)
    qtbot.addWidget(plots)
    plots.save_data(tmp_path / "曲线 data.csv")
    with (tmp_path / "曲线 data.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["seconds", "accuracy", "sparsity", "loss"]
    assert [(float(r["seconds"]), float(r["loss"])) for r in rows if r["loss"]] == [(3.0, 0.8), (4.0, 0.4)]


@pytest.mark.parametrize(("name", "begins"), [("run.png", b"\x89PNG"), ("run.svg", b"<?xml")])
def test_that_a_picture_is_saved(qtbot: QtBot, state: RunState, tmp_path: Path, name: str, begins: bytes) -> None:
    plots = RunPlots(state)
    qtbot.addWidget(plots)
    plots.resize(500, 300)
    plots.save_picture(tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith(begins)


def test_that_a_folder_that_is_none_is_a_sentence(qtbot: QtBot, state: RunState, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    plots = RunPlots(state)
    qtbot.addWidget(plots)
    with qtbot.waitSignal(plots.failed) as caught:
        plots.save_data(tmp_path / "file" / "data.csv")
    assert isinstance(caught.args[0], CompressionError)


def panel(qtbot: QtBot, state: RunState, workspace: Path) -> LivePanel:
    made = LivePanel(state, RunsModel(workspace, state), Document())
    qtbot.addWidget(made)
    return made


def test_that_nothing_has_run_says_how_to_begin(qtbot: QtBot, tmp_path: Path) -> None:
    live = panel(qtbot, RunState(), tmp_path)
    assert live._stack.currentIndex() == 0
    live.state.begin("1", "Half")
    assert live._stack.currentIndex() == 1


def test_that_the_cards_follow_the_run_to_its_result(qtbot: QtBot, state: RunState, tmp_path: Path) -> None:
    live = panel(qtbot, state, tmp_path)
    assert live.cards[1].figure.gain == "unchanged"
    state.apply([("1", 9.0, Finished({"baseline": M0, "final": INT8}))])
    assert live.cards[1].figure.gain == "3.5× smaller"
    assert "3.5× smaller" in live.cards[1].accessibleDescription()


def test_that_a_failed_run_offers_its_repair(qtbot: QtBot, state: RunState, tmp_path: Path) -> None:
    live = panel(qtbot, state, tmp_path)
    repair = Repair(msg("Use batch size 16"), {"data.batch_size": 16})
    state.apply([("1", 5.0, Failed(msg("Out of memory."), msg("Use less."), "trace", repair))])
    assert not live._notice.isHidden()
    with qtbot.waitSignal(live.repair_requested) as caught:
        live._notice._fix.click()
    assert caught.args == [repair]
    assert live._notice.details() == "Out of memory.\nUse less.\n\ntrace"


def test_that_a_stopped_run_says_that_the_network_is_as_it_was(qtbot: QtBot, state: RunState, tmp_path: Path) -> None:
    live = panel(qtbot, state, tmp_path)
    state.name = "LeNet-5, prune then int8"
    state.apply([("1", 5.0, Cancelled())])
    assert "as it was" in live._detail.text()
    assert live._notice.isHidden()
    live.resize(514, 430)
    live.show()
    qtbot.waitExposed(live)
    said = live._detail.fontMetrics().horizontalAdvance(live._detail.text())
    qtbot.waitUntil(lambda: live._detail.width() >= said)
    top = live.cards[0].y()
    live.choice.show()
    qtbot.waitUntil(lambda: live._detail.width() < said)
    assert live.cards[0].y() == top, "the cards stay where they are when there is a best run"


def test_that_layers_stand_before_and_after_in_the_order_of_the_network(state: RunState) -> None:
    model = LayerTableModel(state)
    smaller = {**ROWS[1], "parameters": 24060, "sparsity": 0.25}
    state.apply([("1", 5.0, LayerChanged(1, [smaller]))])
    texts = [[model.index(row, column).data() for column in LayerColumn] for row in range(model.rowCount())]
    assert [row[LayerColumn.LAYER] for row in texts] == ["conv1", "fc1"]
    assert texts[1][LayerColumn.PARAMETERS] == "48,120 → 24,060"
    assert texts[1][LayerColumn.SPARSITY] == "25.0%"
    assert texts[0][LayerColumn.SQNR] == "–"


def test_that_columns_without_a_figure_stay_away(qtbot: QtBot, state: RunState) -> None:
    layers = LayersPanel(state)
    qtbot.addWidget(layers)
    assert layers.view.isColumnHidden(LayerColumn.SQNR)
    state.apply([("1", 5.0, LayerChanged(1, INT8["layers"]))])
    assert not layers.view.isColumnHidden(LayerColumn.SQNR)
    assert layers.view.isColumnHidden(LayerColumn.SCALE)


def test_that_one_plot_has_the_room_where_two_would_have_none(qtbot: QtBot, state: RunState) -> None:
    plots = RunPlots(state)
    qtbot.addWidget(plots)
    plots.resize(500, 300)
    with qtbot.waitExposed(plots):
        plots.show()
    axis = plots.accuracy.getPlotItem().getAxis("bottom")
    assert plots.sparsity.isVisible() and not axis.style["showValues"]
    plots.resize(500, 150)
    assert not plots.sparsity.isVisible()
    assert axis.style["showValues"], "the times stand below the plot that is left"
    plots.resize(500, 300)
    assert plots.sparsity.isVisible()


DISTILLED = [
    ("1", 5.0, Metric(1, "loss", 3, 0.5)),
    ("1", 5.0, Metric(1, "loss_labels", 3, 0.2)),
    ("1", 5.0, Metric(1, "loss_soft_targets", 3, 0.3)),
    ("1", 5.0, Metric(1, "learning_rate", 3, 0.01)),
]


def shown(qtbot: QtBot, state: RunState) -> RunPlots:
    plots = RunPlots(state)
    qtbot.addWidget(plots)
    plots.resize(760, 420)
    with qtbot.waitExposed(plots):
        plots.show()
    return plots


def test_that_the_parts_of_a_loss_are_drawn_and_told_each_for_itself(qtbot: QtBot, state: RunState) -> None:
    state.apply(DISTILLED)
    plots = shown(qtbot, state)
    plots.draw()
    assert [item.yData.tolist() for item in plots.sparsity._parts] == [[0.2], [0.3]]
    assert [entry.isVisible() for entry in plots._parts] == [True, True]
    readings = {reading.name: reading.value for reading in plots.readings(5.0)}
    assert readings["Loss"] == "0.500"
    assert readings["Loss, Labels"] == "0.200"
    assert readings["Loss, Soft targets"] == "0.300"
    assert readings["Learning rate"] == "0.0100"


def test_that_the_right_axis_shows_the_learning_rate_where_it_is_chosen(qtbot: QtBot, state: RunState) -> None:
    state.apply(DISTILLED)
    plots = shown(qtbot, state)
    qtbot.keyClick(plots.right, Qt.Key.Key_Right)
    assert plots.sparsity._loss.yData.tolist() == [0.01]
    assert not any(item.yData is not None and len(item.yData) for item in plots.sparsity._parts)
    assert plots.sparsity.accessibleName() == "Sparsity and learning rate over time"
    qtbot.keyClick(plots.right, Qt.Key.Key_Left)
    assert plots.sparsity._loss.yData.tolist() == [0.8, 0.4, 0.5]


def test_that_times_chosen_in_one_plot_are_shown_in_the_other(qtbot: QtBot, state: RunState) -> None:
    plots = shown(qtbot, state)
    plots.sparsity.set_times(2.0, 3.0)
    plots.sparsity.zoomed.emit()
    assert plots.accuracy.times() == pytest.approx((2.0, 3.0))
    plots.accuracy.set_times(1.0, 2.0)
    plots.accuracy.zoomed.emit()
    assert plots.sparsity.times() == pytest.approx((1.0, 2.0))


class Paints(QObject):
    """In which round of the event loop each widget was painted, one entry a time."""

    def __init__(self, *watched: QObject) -> None:
        super().__init__()
        self.rounds: dict[QObject, list[int]] = {one: [] for one in watched}
        self._round = 0
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._next)
        self._timer.start()
        for one in watched:
            one.installEventFilter(self)

    def _next(self) -> None:
        self._round += 1

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.rounds[watched].append(self._round)
        return False


def test_that_a_drawing_paints_each_plot_once_and_not_both_in_one_go(qtbot: QtBot, state: RunState) -> None:
    plots = shown(qtbot, state)
    qtbot.wait(200)
    paints = Paints(plots.accuracy.viewport(), plots.sparsity.viewport())
    upper, lower = paints.rounds.values()
    state.apply([("1", 60.0, Metric(1, "loss", 3, 0.2)), ("1", 60.0, Metric(1, "accuracy", 3, 96.0))])
    qtbot.waitUntil(lambda: bool(lower))
    qtbot.wait(200)
    assert (len(upper), len(lower)) == (1, 1)
    assert upper[0] < lower[0], "the window answers in between"

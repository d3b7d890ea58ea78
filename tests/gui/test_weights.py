"""The channels of a layer, the picture of its mask, and going from layer to layer."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from backend.answers import CHANNEL_FIGURES, Before, ChannelTable, Histogram, Inspection, WeightPicture
from backend.engine.protocol import LayerChannels, LayerHistogram, LayerPicture
from backend.errors import msg
from backend.events import Failed, Finished, Measured, Started
from backend.recipe import Recipe, Stage
from gui.array_files import ArrayFiles
from gui.dialogs.array_table_dialog import ArrayTableDialog, Column
from gui.document import Document
from gui.panels.weights_panel import WeightsPanel
from gui.plots.channel_plot import ChannelPlot, Channels
from gui.plots.histogram_plot import HistogramPlot
from gui.plots.mask_plot import MaskPlot
from gui.plots.weight_cells import Layout, layout_of, painted, palette, tiled
from gui.run_state import RunState
from gui.text import number
from gui.theme import tokens
from tests.small_catalogue import quantizing_catalogue

SHAPE = [4, 3, 2, 2]


class Asked:
    """Stands for the engine: keeps the questions, answers when told."""

    def __init__(self) -> None:
        self.requests: list[Any] = []
        self._answer: Callable[[Any], None] | None = None
        self._failed: Callable[[Failed], None] | None = None

    def ask(self, request: Any, answer: Callable[[Any], None], failed: Callable[[Failed], None]) -> str:
        self.requests.append(request)
        self._answer, self._failed = answer, failed
        return str(len(self.requests))

    def forget(self, job: str) -> None:
        pass

    def answer(self, **changes: Any) -> None:
        """As the engine would, with ``changes``."""
        assert self._answer is not None
        request = self.requests[-1]
        match request:
            case LayerChannels():
                np.save(request.file, figures())
                value = ChannelTable(request.layer, request.file, SHAPE, SHAPE, "channel")
            case LayerPicture():
                np.save(request.file, changes.pop("planes", planes()))
                value = WeightPicture(request.layer, request.file, SHAPE, SHAPE, (0, 0, 4, 12), (1, 1), 0.5, 0.25, 0.25)
            case _:
                value = Histogram(request.layer, [0.0, 1.0], [48], 0, SHAPE, 0.0, 1.0, 0.5, 0.1)
        self._answer(value.to_data() | changes)

    def fail(self, event: Failed) -> None:
        assert self._failed is not None
        self._failed(event)


def figures() -> np.ndarray:
    """Four channels; the second one is pruned."""
    rows = np.zeros((4, len(CHANNEL_FIGURES)), dtype=np.float32)
    rows[:, 0] = range(4)
    for i, size in ((0, 1.0), (2, 3.0), (3, 2.0)):
        rows[i, 1:] = [-size, 2 * size, 0.1, 0.5 * size, 12 * size, size, 0.25, 0.0, 0.01 * size]
    rows[1, CHANNEL_FIGURES.index("zeros")] = rows[1, CHANNEL_FIGURES.index("pruned")] = 1
    return rows


def planes() -> np.ndarray:
    """A weight that counts up; the second output is pruned."""
    made = np.ones((3, 4, 12), dtype=np.float32)
    made[0] = np.linspace(-0.5, 0.5, 48).reshape(4, 12)
    made[0, 1] = made[1, 1] = 0
    return made


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
def panel(document: Document, engine: Asked, state: RunState, qtbot: QtBot) -> Iterator[WeightsPanel]:
    made = WeightsPanel(document, engine, state)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(600, 520)
    made.show()
    yield made
    for dialog in made.findChildren(ArrayTableDialog):
        dialog.reject()


def click(qtbot: QtBot, segmented: QWidget, place: int, of: int) -> None:
    """Press the segment ``place`` of ``of``."""
    at = QPoint(round((place + 0.5) * segmented.width() / of), segmented.height() // 2)
    qtbot.mouseClick(segmented, Qt.MouseButton.LeftButton, pos=at)


# The panel


def test_that_each_view_asks_its_own_question_about_the_same_layer(
    panel: WeightsPanel, engine: Asked, qtbot: QtBot
) -> None:
    panel.show_layer("features.conv")
    engine.answer()
    click(qtbot, panel.choice, 1, 3)
    asked = engine.requests[-1]
    assert isinstance(asked, LayerChannels)
    assert (asked.layer, asked.settings["method"]) == ("features.conv", "weight_only")  # type: ignore[index]
    engine.answer()
    click(qtbot, panel.choice, 2, 3)
    assert isinstance(engine.requests[-1], LayerPicture)
    engine.answer()
    assert panel.picture.figure.isVisible()
    assert [type(one) for one in engine.requests] == [LayerHistogram, LayerChannels, LayerPicture]


def test_that_an_answer_s_file_is_gone_once_it_was_read(panel: WeightsPanel, engine: Asked) -> None:
    panel.show_layer("features.conv")
    panel.show_view("channels")
    file = Path(engine.requests[-1].file)
    assert file.parent.is_dir()
    engine.answer()
    assert not file.exists()


def test_that_an_answer_that_can_t_be_read_is_a_sentence(panel: WeightsPanel, engine: Asked) -> None:
    panel.show_layer("features.conv")
    panel.show_view("mask")
    engine.answer(file="/nowhere/1.npy")
    assert panel.picture.hint.text().startswith("The engine's answer could not be read.")


def test_that_next_and_previous_go_through_the_layers_with_weights(
    panel: WeightsPanel, engine: Asked, qtbot: QtBot
) -> None:
    panel.show_layer("features.conv")
    engine.answer()
    assert [panel.chooser.itemText(i) for i in range(panel.chooser.count())] == [
        "features.conv", "features.norm", "head",
    ]  # fmt: skip
    assert not panel.previous.isEnabled()
    with qtbot.waitSignal(panel.layer_chosen) as chosen:
        qtbot.mouseClick(panel.next, Qt.MouseButton.LeftButton)
    assert chosen.args == ["features.norm"] and engine.requests[-1].layer == "features.norm"
    panel._choose(2)
    assert panel.layer == "head" and not panel.next.isEnabled()


def test_that_a_layer_without_channels_says_why(panel: WeightsPanel, engine: Asked) -> None:
    panel.show_layer("features.norm")
    panel.show_view("channels")
    engine.fail(Failed(msg("features.norm has one number for each channel."), msg("Its histogram shows them.")))
    assert panel.channels.hint.text() == "features.norm has one number for each channel. Its histogram shows them."
    assert panel.channels.figure.isHidden() and not panel._more.isEnabled()


def test_that_a_run_is_counted_beside_the_original(
    panel: WeightsPanel, engine: Asked, state: RunState, tmp_path: Path, qtbot: QtBot
) -> None:
    panel.show_layer("head")
    rows = [{"name": "head", "type": "Linear", "parameters": 850, "precision": "int4"}]
    final = {"accuracy": 90.0, "layers": rows}
    told = [Started("Small", str(tmp_path), [{"kind": "quantize"}]), Measured(-1, final)]
    ended = Finished({"baseline": final, "final": final, "stages": []})
    state.apply([("1", 0.0, event) for event in (*told, ended)])
    click(qtbot, panel.network, 1, 2)
    asked = engine.requests[-1]
    assert asked.model == {"source": "pare", "weights": str(tmp_path)}
    assert asked.before == panel._document.recipe.model.to_data()  # type: ignore[union-attr]
    engine.answer(before={"counts": [60], "zeros": 2, "shape": [6, 10]})
    assert panel.histogram.plot._before.isVisible()
    assert panel._detail.text() == "48 weights, 6 × 10 → 4 × 3 × 2 × 2, int4"
    readings = {reading.name: reading.value for reading in panel.histogram.plot.readings(0.5)}
    assert (readings["Count"], readings["Original"]) == ("48", "60")


def test_that_what_a_run_put_in_place_of_a_layer_is_named(panel: WeightsPanel, state: RunState, tmp_path: Path) -> None:
    panel.show_layer("head")
    assert panel.parts.text() == ""
    rows = [{"name": name, "type": "Linear", "parameters": 40} for name in ("head.first", "head.last", "header.last")]
    told = [Started("Small", str(tmp_path), [{"kind": "decompose"}]), Measured(-1, {"layers": rows})]
    ended = Finished({"baseline": {}, "final": {"layers": rows}, "stages": []})
    state.apply([("1", 0.0, event) for event in (*told, ended)])
    assert panel.network.isHidden()
    assert panel.parts.text() == "After the run: head.first, head.last"


def test_that_zeros_that_dwarf_all_other_bars_are_told(qtbot: QtBot) -> None:
    plot = HistogramPlot()
    qtbot.addWidget(plot)
    before = Before([300, 400, 300], 0, [10, 100])
    plot.show_histogram(
        Histogram("head", [-3.0, -1.0, 1.0, 3.0], [20, 950, 30], 940, [10, 100], -3, 3, 0, 1, before=before)
    )
    (_, _), (_, high) = plot.view.viewRange()
    assert high < 600
    assert plot._spike.toPlainText() == "↑ 950, 94.0% of all are zero"


# Channels


@pytest.fixture
def channels(panel: WeightsPanel, engine: Asked) -> WeightsPanel:
    panel.show_layer("features.conv")
    panel.show_view("channels")
    engine.answer()
    return panel


def test_that_channels_stand_by_number_or_by_size(channels: WeightsPanel, qtbot: QtBot) -> None:
    assert channels.channels.plot.numbers == [0, 1, 2, 3]
    click(qtbot, channels.channels.sorting, 1, 2)
    assert channels.channels.plot.numbers == [2, 3, 0, 1], "falling in their L2 norm"
    choice = channels.channels.figure_choice
    choice.setCurrentIndex(choice.findData("zeros"))
    assert channels.channels.plot.numbers == [1, 0, 2, 3]


def test_that_a_channel_tells_its_figures_and_a_pruned_one_is_marked(channels: WeightsPanel) -> None:
    plot = channels.channels.plot
    told = {reading.name: reading.value for reading in plot.readings(2)}
    assert told == {
        "Channel 2": "", "Range": "−3.00 to 6.00", "Mean ± deviation": "0.100 ± 1.50", "L1 norm": "36.0",
        "L2 norm": "3.00", "Zeros": "25.0%", "Scale S": "0.0300",
    }  # fmt: skip
    marks = plot._gone.getData()
    assert (list(marks[0]), list(marks[1])) == ([1.0], [0.0])
    assert channels.channels._gone.text() == "× 1 pruned"
    assert {reading.name: reading.value for reading in plot.readings(1)}["Pruned"] == "100.0%"


def test_that_removed_channels_leave_gaps(qtbot: QtBot) -> None:
    plot = ChannelPlot()
    qtbot.addWidget(plot)
    rows = figures()
    rows[:, 0] = [1, 2, 5, 6]
    plot.show_channels(Channels(rows), "l2", "number", 8)
    assert list(plot._places) == [1, 2, 5, 6]
    (low, high), _ = plot.view.viewRange()
    assert low < 0 and high > 7, "all eight have their place"
    assert plot.row_at(5.2) == 2 and plot.row_at(3.0) is None


def test_that_a_scale_that_nobody_knows_can_t_be_chosen(panel: WeightsPanel, engine: Asked) -> None:
    panel.show_layer("features.conv")
    panel.show_view("channels")
    engine.answer()
    choice = panel.channels.figure_choice
    choice.setCurrentIndex(choice.findData("scale"))
    assert panel.channels.shown == "scale"
    panel.show_layer("head")
    engine.answer(scales=None)
    assert panel.channels.shown == "range"
    assert not choice.model().item(choice.findData("scale")).isEnabled()  # type: ignore[attr-defined]


def test_that_channels_have_a_table_and_a_file(channels: WeightsPanel, tmp_path: Path) -> None:
    channels.channels.save_data(tmp_path / "channels.csv")
    rows = list(csv.reader((tmp_path / "channels.csv").read_text(encoding="utf-8").splitlines()))
    assert tuple(rows[0]) == CHANNEL_FIGURES and len(rows) == 5
    channels.channels.show_table()
    dialog = channels.findChild(ArrayTableDialog)
    assert dialog is not None
    model = dialog.view.model()
    assert (model.rowCount(), model.columnCount()) == (4, len(CHANNEL_FIGURES))
    dialog.view.sortByColumn(CHANNEL_FIGURES.index("l2"), Qt.SortOrder.DescendingOrder)
    assert [model.index(row, 0).data() for row in range(4)] == ["2", "3", "0", "1"]


# The picture


@pytest.fixture
def mask(panel: WeightsPanel, engine: Asked) -> WeightsPanel:
    panel.show_layer("features.conv")
    panel.show_view("mask")
    engine.answer()
    return panel


def test_that_kernels_stand_as_tiles_and_keep_their_weights() -> None:
    layout = Layout(3, 2, 2, 3, columns=2)
    plane = np.arange(3 * 12, dtype=np.float32).reshape(3, 12)
    drawn = tiled(plane, layout, -1.0)
    assert drawn.shape == (layout.height, layout.width) == (6, 17)
    assert drawn[0:2, 0:3].tolist() == [[0, 1, 2], [3, 4, 5]], "output 0, input 0"
    assert drawn[0:2, 4:7].tolist() == [[6, 7, 8], [9, 10, 11]], "output 0, input 1"
    assert drawn[0:2, 9:12].tolist() == [[12, 13, 14], [15, 16, 17]], "output 1 beside it"
    assert drawn[3:5, 0:3].tolist() == [[24, 25, 26], [27, 28, 29]], "output 2 below it"
    assert set(drawn[:, 3]) == {-1.0} and set(drawn[2]) == {-1.0}, "gaps"
    assert (drawn >= 0).sum() == 36


def test_that_the_mouse_finds_the_weight_that_is_drawn_there(mask: WeightsPanel) -> None:
    plot = mask.picture.plot
    layout, drawn = plot.layout_, planes()
    assert layout is not None
    image = tiled(drawn[0], layout, math.nan)
    found = 0
    for y in range(layout.height):
        for x in range(layout.width):
            place = plot._weight_at(layout, x + 0.5, y + 0.5)
            if place is None:
                assert math.isnan(image[y, x])
            else:
                found += 1
                assert image[y, x] == drawn[0][place]
    assert found == 48


def test_that_the_picture_tells_what_stands_under_the_mouse(mask: WeightsPanel) -> None:
    plot = mask.picture.plot
    first = [(reading.name, reading.value) for reading in plot.readings(0.5, 0.5)]
    assert first == [("output 0, input 0, weight 0 of its kernel", ""), ("Weight", "−0.500")]
    layout = plot.layout_
    assert layout is not None
    block = layout.inputs * (layout.wide + 1) + 1
    x, y = (block + 0.5, 0.5) if layout.columns > 1 else (0.5, layout.tall + 1.5)
    assert [reading.name for reading in plot.readings(x, y)] == [
        "output 1, input 0, weight 0 of its kernel", "Pruned",
    ]  # fmt: skip
    assert plot.readings(-1, -1) == []


def test_that_colors_tell_sign_mask_and_removal_apart() -> None:
    value = np.array([[-0.5, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0]], dtype=np.float32)
    kept = np.array([[1, 1, 1, 0, 0, 0, 0]], dtype=np.float32)
    there = np.array([[1, 1, 1, 1, 0, 0, -1]], dtype=np.float32)
    t = tokens()
    by_value = palette(values=True)[painted(np.stack([value, kept, there]), 0.5, values=True)]
    assert [name(cell) for cell in by_value[0]] == [t.s1, t.s2, t.line2, t.panel, t.line2, t.panel, t.sunken]
    kept = np.array([[0, 0.5, 1, 1, 1, 1, 1]], dtype=np.float32)
    by_share = palette(values=False)[painted(np.stack([value, kept, there]), 0.5, values=False)]
    assert [name(by_share[0, i]) for i in (0, 2, 6)] == [t.panel, t.s1, t.sunken]
    assert name(by_share[0, 1]) not in (t.panel, t.s1), "half kept is half as dark"


def name(cell: np.ndarray) -> str:
    return QColor(*(int(part) for part in cell)).name().upper()


def test_that_zooming_into_a_large_weight_asks_for_the_part_in_view(
    panel: WeightsPanel, engine: Asked, qtbot: QtBot
) -> None:
    panel.show_layer("head")
    panel.show_view("mask")
    big = {"shape": [1024, 2048], "before": [1024, 2048], "cell": [2, 4], "area": [0, 0, 1024, 2048]}
    engine.answer(planes=np.ones((3, 512, 512), dtype=np.float32), **big)
    assert panel.picture.facts.text().startswith("Each cell is 2 × 4 weights")
    plot = panel.picture.plot
    plot.view.setRange(xRange=(100, 400), yRange=(10, 210), padding=0)
    plot.view.sigRangeChangedManually.emit([True, True])
    qtbot.waitUntil(lambda: engine.requests[-1].area is not None)
    top, left, height, width = engine.requests[-1].area
    assert 0 <= top <= 10 and left <= 100 and top + height >= 210 and left + width >= 400
    engine.answer(
        planes=np.full((3, height, width), 0.5, dtype=np.float32),
        **{**big, "cell": [1, 1], "area": [top, left, height, width]},
    )
    assert plot._detail.isVisible()
    assert [reading.value for reading in plot.readings(150, 50)] == ["", "0.500"]
    plot.reset()
    assert not plot._detail.isVisible()
    (x0, x1), (y0, y1) = plot.view.viewRange()
    assert x0 <= 0 and x1 >= 2048 and y0 <= 0 and y1 >= 1024


def test_that_another_layer_is_shown_whole_again(panel: WeightsPanel, engine: Asked) -> None:
    panel.show_layer("head")
    panel.show_view("mask")
    engine.answer()
    panel.picture._look((1, 1, 2, 2))
    assert engine.requests[-1].area == (1, 1, 2, 2)
    panel.show_layer("features.conv")
    assert engine.requests[-1].area is None


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"masked": True}, "25.0% pruned"),
        ({"masked": True, "zeros": 0.4}, "25.0% pruned, 15.0% more are zero"),
        ({"masked": True, "pruned": 0.0, "zeros": 0.1}, "none is pruned, 10.0% are zero"),
        ({}, "25.0% are zero"),
        ({"pruned": 0.0, "zeros": 0.0}, "no weight is zero"),
    ],
)
def test_that_pruned_and_rounded_to_zero_are_told_apart(
    panel: WeightsPanel, engine: Asked, changes: dict[str, Any], text: str
) -> None:
    panel.show_layer("features.conv")
    panel.show_view("mask")
    engine.answer(**changes)
    assert panel.picture.facts.text() == f"Outputs down, inputs across; each cell is one weight · {text}"


def test_that_a_depthwise_convolution_fills_the_width() -> None:
    picture = WeightPicture("d", "", [96, 1, 3, 3], [96, 1, 3, 3], (0, 0, 96, 9), (1, 1), 1.0, 0.0, 0.0)
    layout = layout_of(picture)
    assert layout.columns > 1
    assert 1 <= layout.width / layout.height <= 4


def test_that_the_picture_has_a_table_a_file_and_an_image(mask: WeightsPanel, tmp_path: Path) -> None:
    mask.picture.save_data(tmp_path / "mask.csv")
    rows = list(csv.reader((tmp_path / "mask.csv").read_text(encoding="utf-8").splitlines()))
    assert rows[0] == ["output", "column", "value", "kept", "present"] and len(rows) == 49
    assert rows[14] == ["1.0", "1.0", "0.0", "0.0", "1.0"]
    mask.picture.save_picture(tmp_path / "mask.png")
    assert (tmp_path / "mask.png").stat().st_size > 1000
    mask.picture.show_table()
    dialog = mask.findChild(ArrayTableDialog)
    assert dialog is not None and dialog.view.model().rowCount() == 48


def test_that_a_double_click_shows_the_whole_picture_again(qtbot: QtBot) -> None:
    plot = MaskPlot()
    qtbot.addWidget(plot)
    plot.resize(400, 300)
    plot.show()
    picture = WeightPicture("f", "", [4, 12], [4, 12], (0, 0, 4, 12), (1, 1), 0.5, 0.0, 0.0)
    plot.show_picture(picture, planes(), values=True)
    plot.view.setRange(xRange=(2, 4), yRange=(1, 2), padding=0)
    plot._moved()
    middle = plot.mapFromScene(plot.view.sceneBoundingRect().center())
    qtbot.mouseDClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    (x0, x1), (y0, y1) = plot.view.viewRange()
    assert (x0, x1, y0, y1) == pytest.approx((0, 12, 0, 4))
    assert plot.place(QPointF(middle)) is not None


def test_that_the_folder_of_answers_goes_with_its_owner() -> None:
    files = ArrayFiles()
    first, second = Path(files.new()), Path(files.new())
    assert first != second and first.parent.is_dir()
    folder = first.parent
    del files
    assert not folder.exists()


def test_that_an_answer_takes_the_files_of_earlier_questions_with_it_and_nobody_elses(tmp_path: Path) -> None:
    files = ArrayFiles()
    unwanted, wanted, later = (Path(files.new()) for _ in range(3))
    foreign = tmp_path / "1.npy"
    for file in (unwanted, wanted, later, foreign):
        np.save(file, planes())
    assert np.array_equal(files.take(str(wanted)), planes())
    assert (unwanted.exists(), wanted.exists(), later.exists()) == (False, False, True)
    with pytest.raises(ValueError, match="npy"):
        files.take(str(foreign))
    assert foreign.exists()


def test_that_a_table_of_very_many_rows_is_not_sorted(qtbot: QtBot) -> None:
    columns = [Column("Cell", number)]
    many = ArrayTableDialog("Cells", "", columns, np.arange(262_144, dtype=float)[::-1, None])
    qtbot.addWidget(many)
    assert not many.view.isSortingEnabled()
    assert many.view.model().index(0, 0).data() == "262,143"

"""Networks of several runs side by side: figures, stages, layers, answers, recipes."""

from __future__ import annotations

import csv
import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from backend.engine.protocol import Predictions, encode_event
from backend.errors import msg
from backend.events import Event, Failed, Finished, Progress, Started
from backend.predicted import ORIGINAL, Predicted, place, read
from backend.recipe import Recipe, Stage, recipe_from_yaml, recipe_to_yaml
from gui.compare.cells import Line
from gui.compare.columns import Compared, compared
from gui.compare.comparison import Comparison
from gui.compare.figures import figure_lines
from gui.compare.layers import layer_lines
from gui.compare.recipes import recipe_pairs
from gui.compare.stages import aligned, stage_lines
from gui.document import Document
from gui.item_models.changed_images import picture
from gui.item_models.compare_table import CELL_ROLE
from gui.item_models.runs import RunsModel
from gui.moments import Moment, moments_in
from gui.panels.compare_panel import ComparePanel
from gui.run_state import RunState
from tests.small_catalogue import small_catalogue, teaching_catalogue

LABELS = np.array([0, 0, 1, 1, 2, 2])
BEFORE = np.array([0, 1, 1, 1, 2, 0])
AFTER = np.array([0, 0, 2, 1, 2, 1])
"""Image 1 became right, image 2 wrong, image 5 is still wrong."""


class Engine(QObject):
    """Keeps what it is asked."""

    events = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Predictions] = []
        self.forgotten: list[str] = []
        self._calls: tuple[Callable[[Any], None], Callable[[Failed], None]] | None = None

    def ask(self, request: Predictions, found: Callable[[Any], None], failed: Callable[[Failed], None]) -> str:
        self.asked.append(request)
        self._calls = found, failed
        return str(len(self.asked))

    def forget(self, job: str) -> None:
        self._calls = None
        self.forgotten.append(job)

    def answer(self) -> None:
        """As the real one does: files in the run's folder, their names in the result."""
        run = Path(self.asked[-1].run)
        assert self._calls is not None
        paths = {"original": place(run, ORIGINAL), "file": place(run, self.asked[-1].checkpoint)}
        self._calls[0]({key: str(path) for key, path in paths.items()})

    def fail(self, failed: Failed) -> None:
        assert self._calls is not None
        self._calls[1](failed)


def measured(accuracy: float, size: int, parameters: int, time: float, sparsity: float = 0.0) -> dict[str, Any]:
    return {
        "accuracy": accuracy,
        "validation_accuracy": accuracy - 1,
        "loss": 0.1,
        "test_images": 6,
        "parameters": parameters,
        "size_bytes": size,
        "sparsity": sparsity,
        "removed": 0.0,
        "latency_ms": {"median": time, "noise": 0.0, "batch": 1},
    }


def layer(name: str, parameters: int, sparsity: float = 0.0, precision: str = "fp32") -> dict[str, Any]:
    return {"name": name, "type": "Conv2d", "parameters": parameters, "sparsity": sparsity, "precision": precision}


LAYERS = [layer("features.conv", 300), layer("head", 850)]


@dataclasses.dataclass
class Workspace:
    folder: Path

    def write(
        self, name: str, recipe: Recipe, final: dict[str, Any], layers: list[dict[str, Any]], **more: Any
    ) -> Path:
        """A finished run as the engine leaves it, and what its networks answer."""
        run = self.folder / name
        run.mkdir(parents=True)
        baseline = {**measured(98.0, 1000, 1150, 1.0), "layers": LAYERS, **more.get("baseline", {})}
        stages = [
            {"name": s.kind, "kind": s.kind, "seconds": 1.5, "metrics": final, "layers": layers, "steps": []}
            for s in recipe.stages
        ]
        result = {"recipe": recipe.to_data(), "baseline": baseline, "stages": stages, "exports": [],
                  "final": {**final, "layers": layers}}  # fmt: skip
        (run / "result.json").write_text(json.dumps(result), encoding="utf-8")
        (run / "recipe.yaml").write_text(recipe_to_yaml(recipe), encoding="utf-8")
        events: list[Event] = [Started(recipe.name, str(run), []), Finished({})]
        lines = [encode_event("1", i, 5.0 * i, event) for i, event in enumerate(events)]
        (run / "events.jsonl").write_text("\n".join(lines), encoding="utf-8")
        self.answers(run, more.get("after", AFTER), more.get("images", "same"))
        return run

    @staticmethod
    def answers(run: Path, after: np.ndarray, images: str) -> None:
        none, sure = np.empty(0, np.int64), np.full(6, 0.75, np.float32)
        before = Predicted(
            LABELS, ("cat", "dog", "ox"), BEFORE, sure, images, "1", none, np.empty((0, 0, 0, 1), np.uint8)
        )
        changed = np.flatnonzero(after != BEFORE)
        pixels = np.stack([np.full((8, 8, 3), 40 * at, np.uint8) for at in changed])
        before.write(place(run, ORIGINAL))
        dataclasses.replace(before, answers=after, shown=changed, thumbnails=pixels).write(place(run, None))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "运行 runs")


@pytest.fixture
def runs(workspace: Workspace, recipe: Recipe) -> tuple[Path, Path]:
    """One of three stages, and one without the last whose first stage prunes more; both of one network."""
    one = workspace.write("2026-01-01 a", recipe, measured(97.0, 400, 1150, 0.5, 0.5), LAYERS)
    first = dataclasses.replace(recipe.stages[0], settings={**recipe.stages[0].settings, "amount": 0.9})
    other = dataclasses.replace(recipe, stages=(first, recipe.stages[1]), name="Other")
    layers = [layer("features.conv", 200, 0.25, "int8"), layer("head", 850)]
    two = workspace.write("2026-01-02 b", other, measured(97.5, 800, 1050, 1.5, 0.25), layers,
                          baseline={"latency_ms": {"median": 2.0, "batch": 1}})  # fmt: skip
    return one, two


def columns_of(*moments: Moment) -> list[Compared]:
    return [compared(moment, small_catalogue()) for moment in moments]


def original(run: Path) -> Moment:
    return moments_in(run)[0]


def final(run: Path) -> Moment:
    return moments_in(run)[-1]


def line(lines: list[Line], key: str) -> Line:
    return next(line for line in lines if key in (line.key, line.name))


# Figures


def test_that_figures_say_how_they_differ_from_the_first_and_which_is_best(runs: tuple[Path, Path]) -> None:
    lines = figure_lines(columns_of(final(runs[0]), final(runs[1])))
    accuracy, size, parameters = (line(lines, key).cells for key in ("accuracy", "size_bytes", "parameters"))
    assert [cell.text for cell in accuracy] == ["97.00%", "97.50%"]
    assert [cell.change for cell in accuracy] == ["", "+0.50 pt"]
    assert [cell.best for cell in accuracy] == [False, True]
    assert (size[1].change, size[1].tone, size[0].best) == ("2.0× larger", "bad", True)
    assert (parameters[1].text, parameters[1].change) == ("1,050", "8.7% fewer")
    assert line(lines, "sparsity").cells[1].change == "−25.00 pt"
    assert not any(cell.best for cell in line(lines, "sparsity").cells)


def test_that_latencies_of_different_runs_are_told_against_their_own_originals(runs: tuple[Path, Path]) -> None:
    latency = line(figure_lines(columns_of(original(runs[0]), final(runs[0]), final(runs[1]))), "latency_ms")
    assert latency.note == "measured in different runs"
    assert latency.cells[0].text == "1.00–2.00 ms"
    assert [cell.change for cell in latency.cells[1:]] == ["2.0× faster", "1.3× faster"]
    assert [cell.best for cell in latency.cells] == [False, True, False]


def test_that_figures_of_another_network_are_not_set_against_each_other(
    workspace: Workspace, runs: tuple[Path, Path], recipe: Recipe
) -> None:
    other = dataclasses.replace(recipe, model=dataclasses.replace(recipe.model, name="lenet300"))
    third = workspace.write("2026-01-03 c", other, measured(99.0, 10, 10, 0.1), LAYERS)
    lines = figure_lines(columns_of(final(runs[0]), final(runs[1]), final(third)))
    accuracy = line(lines, "accuracy").cells
    assert [cell.text for cell in accuracy] == ["97.00%", "97.50%", "99.00%"]
    assert [cell.change for cell in accuracy] == ["", "+0.50 pt", ""]
    assert not any(cell.best for entry in lines for cell in entry.cells)


def test_that_what_is_called_unchanged_is_not_the_best(
    workspace: Workspace, runs: tuple[Path, Path], recipe: Recipe
) -> None:
    nearly = workspace.write(
        "2026-01-03 c", recipe, {**measured(97.001, 400, 1150, 0.49, 0.5), "loss": 0.10004}, LAYERS
    )
    lines = figure_lines(columns_of(final(runs[0]), final(nearly)))
    assert not any(cell.best for entry in lines for cell in entry.cells)


# Layers


@pytest.mark.parametrize(
    ("kind", "texts", "change"),
    [
        ("parameters", ["300", "200"], "−100"),
        ("sparsity", ["0.0%", "25.0%"], "+25.00 pt"),
        ("precision", ["fp32", "int8"], ""),
    ],
)
def test_that_layers_stand_beside_each_other(runs: tuple[Path, Path], kind: Any, texts: list[str], change: str) -> None:
    columns = columns_of(final(runs[0]), final(runs[1]))
    conv, head = layer_lines(columns, kind)
    assert [cell.text for cell in conv.cells] == texts
    assert conv.cells[1].change == change
    assert conv.differs
    assert not head.differs


def test_that_a_layer_that_is_gone_is_called_gone(
    workspace: Workspace, runs: tuple[Path, Path], recipe: Recipe
) -> None:
    folded = workspace.write("2026-01-04 d", recipe, measured(97.0, 400, 300, 0.5), [layer("features.conv", 300)])
    _, head = layer_lines(columns_of(original(runs[0]), final(folded)), "parameters")
    assert [cell.text for cell in head.cells] == ["850", "gone"]
    assert head.differs


# Stages


def test_that_stages_of_one_kind_stand_beside_each_other() -> None:
    first, second = ["prune", "train", "quantize"], ["train", "quantize"]
    assert aligned([first, second]) == [(0, None), (1, 0), (2, 1)]
    assert aligned([second, first]) == [(None, 0), (0, 1), (1, 2)]
    assert aligned([["prune"], ["quantize"], ["prune", "quantize"]]) == [(0, None, 0), (None, 0, 1)]
    assert aligned([[], ["train"]]) == [(None, 0)]


def test_that_settings_that_differ_are_marked_with_what_each_stage_brought(runs: tuple[Path, Path]) -> None:
    lines = stage_lines(columns_of(final(runs[0]), final(runs[1])), small_catalogue())
    assert len([entry for entry in lines if entry.section]) == 3
    amount = line(lines, "Amount")
    assert [cell.text for cell in amount.cells] == ["50%", "90%"]
    assert amount.differs
    assert not line(lines, "Epochs").differs
    assert [cell.text for cell in line(lines, "Layer head").cells] == ["Keep as is", "Keep as is"]
    after = [entry for entry in lines if entry.name == "Accuracy after it"]
    assert [cell.text for cell in after[0].cells] == ["97.00%", "97.50%"]
    assert [cell.text for cell in after[2].cells] == ["97.00%", "–"]


def test_that_the_settings_of_a_section_stand_by_themselves_and_those_of_a_list_in_words(
    workspace: Workspace, recipe: Recipe
) -> None:
    losses = [{"loss": "soft", "temperature": 2.0}, {"loss": "hints", "weight": 0.1, "pairs": {"a": ["b", "c"]}}]
    distill = {"teacher": "/runs/big", "losses": losses}
    catalogue, columns = teaching_catalogue(), []
    for name, settings in (("alone", {}), ("taught", {"distill": distill})):
        one = dataclasses.replace(recipe, stages=(Stage("train", {"epochs": 2, **settings}),), name=name)
        columns.append(compared(final(workspace.write(name, one, measured(97.0, 400, 1150, 0.5), [])), catalogue))
    lines = {line.name: [cell.text for cell in line.cells] for line in stage_lines(columns, catalogue)}
    assert lines["Distill: Teacher"] == ["–", "big"]
    assert lines["Distill: Label weight"] == ["–", "0.300"]
    taught = "soft, weight 0.7, temperature 2.0 + hints, weight 0.1, pairs a → b, c"
    assert lines["Distill: Losses"] == ["–", taught]
    assert "Distill" not in lines
    alone = {line.name for line in stage_lines(columns[:1], catalogue)}
    assert not any(name.startswith("Distill") for name in alone)


# Recipes


def test_that_recipes_are_set_beside_each_other_line_by_line(runs: tuple[Path, Path]) -> None:
    one, two = columns_of(final(runs[0]), final(runs[1]))
    pairs = recipe_pairs(one, two)
    left = "\n".join(pair.left for pair in pairs if pair.left is not None)
    right = "\n".join(pair.right for pair in pairs if pair.right is not None)
    for text, column in ((left, one), (right, two)):
        assert recipe_from_yaml(text, small_catalogue()) == column.recipe
    differing = [pair for pair in pairs if pair.differs]
    assert any("0.5" in str(pair.left) and "0.9" in str(pair.right) for pair in differing)
    assert any("quantize" in str(pair.left) and pair.right is None for pair in differing)
    assert all(pair.left == pair.right for pair in recipe_pairs(one, one))


# The panel


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def comparison(engine: Engine) -> Comparison:
    return Comparison(engine, small_catalogue)  # type: ignore[arg-type]


@pytest.fixture
def panel(
    qtbot: QtBot, comparison: Comparison, workspace: Workspace, runs: tuple[Path, Path], document: Document
) -> ComparePanel:
    model = RunsModel(workspace.folder, RunState())
    made = ComparePanel(comparison, model, document)
    qtbot.addWidget(made)
    made.model = model  # type: ignore[attr-defined]  # the panel does not own it
    made.resize(614, 480)
    with qtbot.waitExposed(made):
        made.show()
    return made


def texts(panel: ComparePanel) -> list[list[str]]:
    """What stands in the table of figures."""
    model = panel.figures.model
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_that_nothing_to_compare_says_how_to_get_it(panel: ComparePanel) -> None:
    assert panel._pages.currentIndex() == 0
    assert [action.text() for action in panel.chips.add_menu().actions()] == ["Run 2 · Other", "Run 1 · Small"]


def test_that_one_run_alone_is_compared_with_its_original(
    panel: ComparePanel, comparison: Comparison, runs: tuple[Path, Path]
) -> None:
    comparison.show([final(runs[0])])
    assert [column.original for column in comparison.columns] == [True, False]
    assert texts(panel)[0] == ["Accuracy", "98.00%", "97.00%"]


def test_that_a_network_can_be_added_taken_out_and_put_first(
    panel: ComparePanel, comparison: Comparison, runs: tuple[Path, Path]
) -> None:
    comparison.show([final(runs[0]), final(runs[1]), final(runs[0])])
    assert len(comparison.columns) == 2, "the same network stands there once"
    panel.chips.add_menu().actions()[0].trigger()
    assert texts(panel)[0] == ["Accuracy", "98.00%", "97.00%", "97.50%"]
    comparison.lead(comparison.columns[2])
    assert texts(panel)[0] == ["Accuracy", "97.50%", "98.00%", "97.00%"]
    comparison.remove(comparison.columns[1])
    assert texts(panel)[0] == ["Accuracy", "97.50%", "97.00%"]
    assert panel.figures.model.index(0, 2).data(CELL_ROLE).change == "−0.50 pt"


def test_that_a_run_in_the_bin_leaves_the_comparison(
    panel: ComparePanel, comparison: Comparison, runs: tuple[Path, Path], workspace: Workspace
) -> None:
    comparison.show([final(runs[0]), final(runs[1])])
    runs[0].rename(workspace.folder.parent / "gone")
    panel.model.reload()  # type: ignore[attr-defined]
    assert [column.moment.run for column in comparison.columns] == [runs[1]]


def test_that_different_networks_are_said_to_differ(
    panel: ComparePanel, comparison: Comparison, runs: tuple[Path, Path], workspace: Workspace, recipe: Recipe
) -> None:
    comparison.show([final(runs[0]), final(runs[1])])
    assert not panel.notice.isVisible()
    other = dataclasses.replace(recipe, data=dataclasses.replace(recipe.data, source="mnist"))
    comparison.add(final(workspace.write("2026-01-03 c", other, measured(99.0, 10, 10, 0.1), LAYERS)))
    assert panel.notice.isVisible()
    assert "different networks or data" in panel.notice.text


def test_that_only_differences_hides_what_is_equal_and_a_click_shows_the_layer(
    qtbot: QtBot, panel: ComparePanel, comparison: Comparison, runs: tuple[Path, Path]
) -> None:
    comparison.show([final(runs[0]), final(runs[1])])
    panel.show_view("layers")
    assert [entry.name for entry in panel.layers.model.lines] == ["features.conv", "head"]
    panel.only.click()
    assert [entry.name for entry in panel.layers.model.lines] == ["features.conv"]
    view = panel.layers.view
    with qtbot.waitSignal(panel.layer_chosen) as caught:
        where = view.visualRect(view.model().index(0, 1)).center()
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert caught.args == ["features.conv"]


def test_that_the_difference_stands_below_where_it_has_no_room_beside(
    panel: ComparePanel, comparison: Comparison, runs: tuple[Path, Path]
) -> None:
    comparison.show([original(runs[0]), final(runs[0]), final(runs[1])])
    panel.show_view("layers")
    assert panel.figure.currentData() == "parameters"
    beside = panel.layers.view.rowHeight(0)
    panel.resize(400, 480)
    panel.figure.setCurrentIndex(2)
    panel.figure.activated.emit(2)
    assert panel.layers.view.rowHeight(0) > beside


def test_that_layers_are_sorted_by_their_figures(
    panel: ComparePanel, comparison: Comparison, runs: tuple[Path, Path]
) -> None:
    comparison.show([final(runs[0]), final(runs[1])])
    panel.show_view("layers")
    view = panel.layers.view
    view.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert [view.model().index(row, 0).data() for row in range(2)] == ["head", "features.conv"]


def read_csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_that_each_table_is_saved_in_full_figures(
    panel: ComparePanel, comparison: Comparison, runs: tuple[Path, Path], tmp_path: Path
) -> None:
    comparison.show([final(runs[0]), final(runs[1])])
    panel.save_data(tmp_path / "figures.csv")
    table = read_csv(tmp_path / "figures.csv")
    assert table[0] == ["Figure", *(column.title for column in comparison.columns)]
    assert table[1] == ["Accuracy", "97.0", "97.5"]
    panel.show_view("layers")
    panel.save_data(tmp_path / "layers.csv")
    layers = read_csv(tmp_path / "layers.csv")
    assert len(layers[0]) == 1 + 2 * 5
    assert layers[1][:3] == ["features.conv", "300.0", "200.0"]
    panel.show_view("recipe")
    panel.save_data(tmp_path / "recipe.csv")
    assert len(read_csv(tmp_path / "recipe.csv")) == panel.recipe.model.rowCount() + 1


# Answers


@pytest.fixture
def answers(panel: ComparePanel, comparison: Comparison, runs: tuple[Path, Path], engine: Engine) -> Any:
    comparison.show([final(runs[0])])
    panel.show_view("answers")
    engine.answer()
    return panel.answers


def shown(answers: Any) -> list[list[str]]:
    model = answers.matrix
    return [[model.index(row, column).data() for column in range(4)] for row in range(3)]


def numbers(answers: Any) -> list[int]:
    return list(answers.gallery.images.numbers)


def test_that_nothing_is_asked_before_the_answers_are_looked_at(
    panel: ComparePanel, comparison: Comparison, runs: tuple[Path, Path], engine: Engine
) -> None:
    comparison.show([final(runs[0]), final(runs[1])])
    panel.show_view("stages")
    assert not engine.asked
    panel.show_view("answers")
    assert [request.run for request in engine.asked] == [str(runs[0])]
    engine.answer()
    assert [request.run for request in engine.asked] == [str(run) for run in runs]
    engine.answer()
    panel.show_view("figures")
    panel.show_view("answers")
    assert len(engine.asked) == 2


def test_that_the_matrix_counts_the_answers_and_the_difference_what_became_of_them(answers: Any) -> None:
    assert shown(answers) == [["2", "0", "0", "100.0%"], ["0", "1", "1", "50.0%"], ["0", "1", "1", "50.0%"]]
    answers.shown._choose(0)
    assert shown(answers)[0] == ["1", "1", "0", "50.0%"]
    answers.shown._choose(2)
    assert shown(answers)[0] == ["+1", "−1", "0", "+50.00 pt"]
    assert answers.matrix.index(1, 2).data(Qt.ItemDataRole.AccessibleTextRole) == "Label dog, answer ox: +1 images"


def test_that_changed_images_are_filtered_by_kind_class_and_entry(qtbot: QtBot, answers: Any) -> None:
    gallery = answers.gallery
    assert numbers(answers) == [1, 2, 5]
    assert answers.summary.text().startswith("3 of 6 answers changed: 1 became wrong, 1 became right")
    for row, expected in ((1, [2]), (2, [1]), (3, [5]), (0, [1, 2, 5])):
        gallery.kind.setCurrentIndex(row)
        gallery.kind.activated.emit(row)
        assert numbers(answers) == expected
    gallery.of_class.setCurrentIndex(3)
    gallery.of_class.activated.emit(3)
    assert numbers(answers) == [5]
    gallery.of_class.setCurrentIndex(0)
    gallery.of_class.activated.emit(0)
    table = answers.table
    where = table.visualRect(table.model().index(1, 2)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert numbers(answers) == [2]
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert numbers(answers) == [1, 2, 5]
    table.setCurrentIndex(table.model().index(0, 0))
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert numbers(answers) == [1]


def test_that_an_image_says_its_answers_in_words_and_shows_its_pixels(answers: Any) -> None:
    model = answers.gallery.images
    assert model.index(1, 0).data() == "dog: dog → ox, became wrong"
    image = model.image(1)
    assert (image.number, image.label, image.sure_after) == (2, "dog", 0.75)
    assert picture(image.pixels).pixelColor(3, 3).getRgb()[:3] == (80, 80, 80)


def test_that_matrix_and_changed_answers_are_saved(answers: Any, tmp_path: Path) -> None:
    answers.save_matrix(tmp_path / "matrix.csv")
    assert read_csv(tmp_path / "matrix.csv")[1] == ["cat", "2", "0", "0", "100.0"]
    answers.save_images(tmp_path / "images.csv")
    assert read_csv(tmp_path / "images.csv")[2] == ["2", "dog", "dog", "ox", "became wrong"]
    answers.save_picture(tmp_path / "matrix.png")
    assert (tmp_path / "matrix.png").stat().st_size > 500


def test_that_answers_about_other_images_are_not_set_against_each_other(
    panel: ComparePanel, comparison: Comparison, runs: tuple[Path, Path], engine: Engine, workspace: Workspace
) -> None:
    workspace.answers(runs[1], AFTER, "other images")
    comparison.show([final(runs[0]), final(runs[1])])
    panel.show_view("answers")
    engine.answer()
    engine.answer()
    assert "different images" in panel.answers.notice.text
    assert not panel.answers.table.isVisible()


def test_that_networks_of_other_classes_are_not_set_against_each_other(
    panel: ComparePanel, comparison: Comparison, runs: tuple[Path, Path], engine: Engine
) -> None:
    for name in (None, ORIGINAL):
        held = read(place(runs[1], name))
        assert held is not None
        dataclasses.replace(held, classes=(*held.classes, "3"), answers=held.answers + 1).write(place(runs[1], name))
    comparison.show([final(runs[0]), final(runs[1])])
    panel.show_view("answers")
    engine.answer()
    engine.answer()
    assert "different classes" in panel.answers.notice.text
    assert not panel.answers.table.isVisible()


def test_that_asking_stops_goes_on_and_makes_way_for_a_run(
    panel: ComparePanel, comparison: Comparison, runs: tuple[Path, Path], engine: Engine
) -> None:
    comparison.show([final(runs[0])])
    panel.show_view("answers")
    engine.events.emit([("1", 0.1, Progress(0, 3, 6, msg("Asking the network of the run")))])
    assert panel.answers._bar.value() == 3
    panel.answers.stop_button.click()
    assert engine.forgotten == ["1"]
    assert comparison.asking == "stopped"
    panel.answers.stop_button.click()
    assert comparison.asking == "asking"
    comparison.make_way(True)
    assert engine.forgotten == ["1", "2"]
    assert comparison.asking == "waiting"
    comparison.make_way(False)
    assert len(engine.asked) == 3
    engine.answer()
    assert comparison.asking == "no"
    assert panel.answers.table.isVisible()


def test_that_a_failure_is_a_sentence_with_its_hint(
    qtbot: QtBot, panel: ComparePanel, comparison: Comparison, runs: tuple[Path, Path], engine: Engine
) -> None:
    comparison.show([final(runs[0])])
    panel.show_view("answers")
    engine.fail(Failed(msg("The data is gone."), msg("Bring it back.")))
    assert panel.answers.failure.isVisible()
    panel.show_view("figures")
    panel.show_view("answers")
    assert len(engine.asked) == 1, "it is not asked again by itself"
    panel.answers.stop_button.click()
    with qtbot.waitSignal(comparison.consent_wanted) as caught:
        engine.fail(Failed(msg("Needs consent."), consent={"file": "/x.py", "sha256": "00"}))
    caught.args[1]()
    engine.answer()
    assert not panel.answers.failure.isVisible()
    assert panel.answers.table.isVisible()


def test_that_the_others_are_asked_where_one_fails(
    panel: ComparePanel, comparison: Comparison, runs: tuple[Path, Path], engine: Engine
) -> None:
    comparison.show([final(runs[0]), original(runs[1]), final(runs[1])])
    panel.show_view("answers")
    engine.fail(Failed(msg("Its folder is gone.")))
    engine.answer()
    assert panel.answers.failure.isVisible()
    panel.answers.before.setCurrentIndex(1)
    panel.answers.before.activated.emit(1)
    assert not panel.answers.failure.isVisible()
    assert numbers(panel.answers) == [1, 2, 5]


def test_that_every_view_has_a_menu_that_saves(
    panel: ComparePanel, comparison: Comparison, runs: tuple[Path, Path]
) -> None:
    comparison.show([final(runs[0])])
    for name in ("figures", "stages", "layers", "answers", "recipe"):
        panel.show_view(name)
        menu = panel.menu()
        assert isinstance(menu, QMenu)
        assert any(action.text().startswith("Save") for action in menu.actions())
        menu.deleteLater()
    assert panel.more.mapTo(panel, QPoint(panel.more.width(), 0)).x() <= panel.width()


def test_that_what_became_of_the_answers_is_not_cut_off_in_a_small_window(qtbot: QtBot, answers: Any) -> None:
    answers.resize(514, 300)
    answers.show()
    qtbot.waitExposed(answers)
    sentence = "124 of 355 answers changed: 121 became wrong, 1 became right, 2 still wrong"
    assert answers.summary.width() >= answers.summary.fontMetrics().horizontalAdvance(sentence)

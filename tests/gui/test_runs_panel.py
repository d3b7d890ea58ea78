"""The runs of a workspace: reading, the star, renaming, the bin, the run in progress."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from backend.engine.protocol import encode_event
from backend.errors import CompressionError, msg
from backend.events import Cancelled, Event, Failed, Finished, Measured, Started
from gui.item_models import run_rows
from gui.item_models.runs import Column, RunsModel
from gui.panels.runs_panel import RunsPanel
from gui.run_state import RunState
from gui.theme import font, tokens

BASE = {"accuracy": 98.0, "size_bytes": 200_000, "latency_ms": {"median": 0.4}}
MODEL = {"source": "bundled", "name": "lenet5"}


def result(name: str, accuracy: float, size: int, model: dict = MODEL) -> dict:
    return {
        "recipe": {"name": name, "model": model, "data": {"source": "digits"}},
        "baseline": BASE,
        "stages": [],
        "final": {"accuracy": accuracy, "size_bytes": size, "latency_ms": {"median": 0.2}},
        "exports": [],
    }


def write(workspace: Path, folder: str, name: str, ending: Event, seconds: float, result: dict | None = None) -> Path:
    path = workspace / folder
    path.mkdir(parents=True)
    events: list[Event] = [Started(name, str(path), []), ending]
    lines = [encode_event(folder, i, seconds * i, event) for i, event in enumerate(events)]
    (path / "events.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    if result is not None:
        (path / "result.json").write_text(json.dumps(result), encoding="utf-8")
    return path


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = tmp_path / "运行 runs"
    for folder, name, accuracy, size in (
        ("2026-01-01 a", "Large", 98.1, 150_000),
        ("2026-01-02 b", "Small", 97.5, 60_000),
        ("2026-01-03 c", "Too small", 90.0, 10_000),
    ):
        data = result(name, accuracy, size)
        write(root, folder, name, Finished(data), 75.0, data)
    write(root, "2026-01-04 d", "Broken off", Cancelled(), 12.0)
    write(root, "2026-01-05 e", "Broken", Failed(msg("No.")), 3.0)
    return root


@pytest.fixture
def model(qapp: object, workspace: Path) -> RunsModel:
    return RunsModel(workspace, RunState())


def texts(model: RunsModel, column: Column) -> list[str]:
    role = Qt.ItemDataRole.EditRole if column == Column.NAME else Qt.ItemDataRole.DisplayRole
    return [model.index(row, column).data(role) for row in range(model.rowCount())]


def test_that_runs_stand_newest_first_with_how_they_ended(model: RunsModel) -> None:
    assert texts(model, Column.NAME) == ["Broken", "Broken off", "Too small", "Small", "Large"]
    assert texts(model, Column.STATUS) == ["Failed", "Stopped", "Done", "Done", "Done"]


def test_that_figures_are_the_results_and_a_dash_where_there_is_none(model: RunsModel) -> None:
    assert texts(model, Column.ACCURACY) == ["–", "–", "−8.00", "−0.50", "+0.10"]
    assert texts(model, Column.SIZE)[2:] == ["10.0 KB", "60.0 KB", "150 KB"]
    assert texts(model, Column.TIME) == ["0:03", "0:12", "1:15", "1:15", "1:15"]


def test_that_a_damaged_result_is_passed_over(workspace: Path, qapp: object) -> None:
    (workspace / "2026-01-01 a" / "result.json").write_text("{", encoding="utf-8")
    found = RunsModel(workspace, RunState())
    assert "Large" in texts(found, Column.NAME)
    assert texts(found, Column.STATUS).count("Done") == 2


def test_that_the_star_is_the_smallest_that_keeps_its_accuracy(model: RunsModel) -> None:
    best = model.best()
    assert best is not None
    assert best.name == "Small"


def test_that_a_run_of_another_network_does_not_compete_for_the_star(workspace: Path, qapp: object) -> None:
    other = result("Other net", 98.0, 500, {"source": "bundled", "name": "lenet300"})
    write(workspace, "2025-12-31 z", "Other net", Finished(other), 1.0, other)
    best = RunsModel(workspace, RunState()).best()
    assert best is not None
    assert best.name == "Small"


def test_that_a_star_set_by_hand_is_the_only_one_and_stays(model: RunsModel, workspace: Path) -> None:
    model.set_star(workspace / "2026-01-01 a")
    again = RunsModel(workspace, RunState())
    assert again.best() is not None
    assert again.best().name == "Large"
    again.set_star(workspace / "2026-01-01 a")
    assert again.best().name == "Small"


def test_that_a_name_given_stays_and_the_folder_does_not_move(model: RunsModel, workspace: Path) -> None:
    assert model.setData(model.index(3, Column.NAME), "  Shipped  ")
    again = RunsModel(workspace, RunState())
    assert texts(again, Column.NAME)[3] == "Shipped"
    assert (workspace / "2026-01-02 b" / "result.json").exists()


def test_that_runs_are_numbered_by_age_and_keep_their_number(model: RunsModel, workspace: Path) -> None:
    titles = [model.index(row, Column.NAME).data() for row in range(5)]
    assert titles[0] == "Run 5 · Broken"
    assert titles[4] == "Run 1 · Large"
    (workspace / "2026-01-01 a").rename(workspace.parent / "gone")
    again = RunsModel(workspace, RunState())
    assert again.index(0, Column.NAME).data() == "Run 5 · Broken"
    data = result("Later", 98.0, 50_000)
    write(workspace, "2026-01-09 k", "Later", Finished(data), 4.0, data)
    again.reload()
    assert again.index(0, Column.NAME).data() == "Run 6 · Later"


def test_that_an_empty_name_is_refused(model: RunsModel) -> None:
    assert not model.setData(model.index(3, Column.NAME), "   ")
    assert texts(model, Column.NAME)[3] == "Small"


def test_that_deleting_goes_to_the_bin(model: RunsModel, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def bin_(path: str) -> tuple[bool, str]:
        Path(path).rename(workspace.parent / "binned")
        return True, ""

    monkeypatch.setattr("gui.item_models.runs.QFile.moveToTrash", bin_)
    assert model.move_to_bin(workspace / "2026-01-05 e")
    assert "Broken" not in texts(model, Column.NAME)
    assert (workspace.parent / "binned" / "events.jsonl").exists()


def test_that_the_run_in_progress_stands_on_top_and_becomes_a_row(workspace: Path, qapp: object) -> None:
    state = RunState()
    model = RunsModel(workspace, state)
    folder = workspace / "2026-01-06 f"
    state.begin("1", "New")
    assert texts(model, Column.NAME)[0] == "New"
    state.apply([("1", 1.0, Started("New", str(folder), [])), ("1", 2.0, Measured(-1, BASE))])
    data = result("New", 98.0, 50_000)
    write(workspace, folder.name, "New", Finished(data), 4.0, data)
    state.apply([("1", 4.0, Finished(data))])
    assert texts(model, Column.NAME).count("New") == 1
    assert texts(model, Column.STATUS)[0] == "Done"
    assert model.best() is not None
    assert model.best().name == "New"


@pytest.fixture
def panel(qtbot: QtBot, model: RunsModel) -> RunsPanel:
    made = RunsPanel(model)
    qtbot.addWidget(made)
    made.resize(614, 240)
    return made


def choose(panel: RunsPanel, row: int, column: Column = Column.NAME) -> None:
    panel.view.setCurrentIndex(panel.view.model().index(row, column))


def test_that_choosing_a_row_tells_its_folder(qtbot: QtBot, panel: RunsPanel, workspace: Path) -> None:
    with qtbot.waitSignal(panel.run_selected) as caught:
        choose(panel, 3)
    assert caught.args == [workspace / "2026-01-02 b"]


def test_that_marking_a_row_from_outside_tells_nothing(qtbot: QtBot, panel: RunsPanel, workspace: Path) -> None:
    with qtbot.assertNotEmitted(panel.run_selected):
        panel.select(workspace / "2026-01-02 b")
    current = panel.current()
    assert current is not None
    assert current.name == "Small"


def test_that_a_new_run_leaves_the_choice_as_it_is(qtbot: QtBot, panel: RunsPanel, model: RunsModel) -> None:
    choose(panel, 3)
    data = result("Later", 98.0, 50_000)
    write(model.workspace, "2026-01-09 k", "Later", Finished(data), 4.0, data)
    with qtbot.assertNotEmitted(panel.run_selected):
        model.reload()
    current = panel.current()
    assert current is not None
    assert current.name == "Small"


def test_that_a_star_that_can_not_be_kept_is_a_sentence(
    qtbot: QtBot, panel: RunsPanel, model: RunsModel, workspace: Path
) -> None:
    (workspace / "runs.json").unlink()
    (workspace / "runs.json").mkdir()
    with qtbot.waitSignal(panel.failed) as caught:
        model.set_star(workspace / "2026-01-01 a")
    assert isinstance(caught.args[0], CompressionError)


def test_that_sorting_by_size_counts_bytes(panel: RunsPanel) -> None:
    panel.view.sortByColumn(Column.SIZE, Qt.SortOrder.AscendingOrder)
    names = [panel.view.model().index(row, Column.NAME).data(Qt.ItemDataRole.EditRole) for row in range(5)]
    assert names[:3] == ["Too small", "Small", "Large"]


def test_that_space_stars_the_chosen_run(qtbot: QtBot, panel: RunsPanel, model: RunsModel) -> None:
    with qtbot.waitExposed(panel):
        panel.show()
    panel.activateWindow()  # no window manager does it
    QTest.qWaitForWindowActive(panel)
    panel.view.setFocus()
    choose(panel, 4)
    qtbot.keyClick(panel.view, Qt.Key.Key_Space)
    best = model.best()
    assert best is not None
    assert best.name == "Large"


@pytest.mark.parametrize(
    ("row", "enabled"),
    [
        (
            3,
            {
                "Export…",
                "Open its recipe",
                "Add to queue",
                "Recipe as text…",
                "Write TensorBoard events",
                "Compare with the original",
                "Star as the best",
                "Rename",
                "Show in the file manager",
                "Move to the bin",
            },
        ),
        (
            1,
            {
                "Open its recipe",
                "Resume",
                "Add to queue",
                "Recipe as text…",
                "Write TensorBoard events",
                "Rename",
                "Show in the file manager",
                "Move to the bin",
            },
        ),
    ],
)
def test_that_the_menu_offers_what_the_run_can(panel: RunsPanel, model: RunsModel, row: int, enabled: set[str]) -> None:
    index = panel.view.model().index(row, 0)
    menu = panel.menu(model.rows[row], index)
    assert {action.text() for action in menu.actions() if action.text() and action.isEnabled()} == enabled


@pytest.mark.parametrize(("row", "is_red"), [(2, True), (3, False)])
def test_that_only_a_drop_beyond_a_point_is_red(
    qtbot: QtBot, panel: RunsPanel, colors: Callable[[QApplication], None], row: int, is_red: bool
) -> None:
    with qtbot.waitExposed(panel):
        panel.show()
    panel.view.clearSelection()
    cell = panel.view.visualRect(panel.view.model().index(row, Column.ACCURACY))
    image = panel.view.viewport().grab(cell).toImage()
    red = QColor(tokens().bad)
    seen = {image.pixel(x, y) & 0xFFFFFF for x in range(image.width()) for y in range(image.height())}
    assert (red.rgb() & 0xFFFFFF in seen) == is_red


def test_that_a_budget_decides_what_is_red(model: RunsModel) -> None:
    large, small = model.rows[4], model.rows[3]
    columns = (Column.ACCURACY, Column.SIZE, Column.LATENCY)
    assert not any(model.over(row, column) for row in (large, small) for column in columns)
    model.set_budget({"size": 0.5, "accuracy_drop": 0.3, "latency": 0.5}, small.key)
    assert [model.over(small, column) for column in columns] == [True, False, False]
    assert [model.over(large, column) for column in columns] == [False, True, False]
    model.set_budget({"size": 0.5}, "another network")
    assert not model.over(large, Column.SIZE)


def test_that_several_runs_are_selected_compared_and_kept_selected(
    qtbot: QtBot, panel: RunsPanel, model: RunsModel, workspace: Path
) -> None:
    with qtbot.waitExposed(panel):
        panel.show()
    shown: list[object] = []
    panel.run_selected.connect(shown.append)
    for row, keys in ((4, Qt.KeyboardModifier.NoModifier), (3, Qt.KeyboardModifier.ControlModifier)):
        where = panel.view.visualRect(panel.view.model().index(row, 1)).center()
        qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, keys, where)
    assert shown == [workspace / "2026-01-01 a"], "of several none is shown"
    model.reload()
    assert [row.name for row in panel.selected()] == ["Large", "Small"]
    menu = panel.menu(model.rows[3], panel.view.model().index(3, 0))
    action = next(a for a in menu.actions() if a.text() == "Compare 2 runs")
    with qtbot.waitSignal(panel.compare_requested):
        action.trigger()
    assert not next(a for a in menu.actions() if a.text() == "Export…").isEnabled()


def test_that_delete_moves_every_selected_run_to_the_bin(
    qtbot: QtBot, panel: RunsPanel, model: RunsModel, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bin_(path: str) -> tuple[bool, str]:
        Path(path).rename(workspace.parent / f"binned {Path(path).name}")
        return True, ""

    monkeypatch.setattr("gui.item_models.runs.QFile.moveToTrash", bin_)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.activateWindow()  # no window manager does it
    QTest.qWaitForWindowActive(panel)
    panel.view.setFocus()
    panel.select(workspace / "2026-01-04 d", workspace / "2026-01-05 e")
    qtbot.keyClick(panel.view, Qt.Key.Key_Delete)
    assert texts(model, Column.NAME) == ["Too small", "Small", "Large"]


def test_that_names_are_whole_before_times_are_shown(qtbot: QtBot, panel: RunsPanel, model: RunsModel) -> None:
    with qtbot.waitExposed(panel):
        panel.show()
    view = panel.view
    assert not view.isColumnHidden(Column.TIME)
    model.rename(model.rows[3].folder, "LeNet-5, prune then quantize")
    panel.resize(580, 240)
    assert view.isColumnHidden(Column.TIME)
    title = model.index(3, Column.NAME).data()
    assert view.columnWidth(Column.NAME) >= QFontMetrics(font(12, 500)).horizontalAdvance(title) + 12
    assert sum(view.columnWidth(column) for column in Column if not view.isColumnHidden(column)) <= panel.width()
    assert view.model().headerData(Column.STATUS, Qt.Orientation.Horizontal) == "Status"
    panel.resize(514, 240)
    assert view.columnWidth(Column.NAME) >= QFontMetrics(font(12, 500)).horizontalAdvance(title) + 12
    assert view.model().headerData(Column.STATUS, Qt.Orientation.Horizontal) == "", "its sign says it, and the tooltip"
    assert view.model().index(0, Column.STATUS).data(Qt.ItemDataRole.ToolTipRole) == "Failed"


def test_that_the_menu_says_what_a_run_takes_on_disk(panel: RunsPanel, model: RunsModel, workspace: Path) -> None:
    folder = workspace / "2026-01-02 b" / "stages" / "0"
    folder.mkdir(parents=True)
    (folder / "weights.safetensors").write_bytes(bytes(2_000_000))
    whole = sum(file.stat().st_size for file in folder.parents[1].rglob("*") if file.is_file())
    menu = panel.menu(model.rows[3], panel.view.model().index(3, 0))
    assert menu.actions()[-1].text() == f"{whole / 1e6:.2f} MB on disk"


@pytest.fixture
def colors(qapp: QApplication) -> None:
    from gui.theme import apply_theme

    apply_theme(qapp, "light")


def test_that_an_empty_workspace_says_how_to_get_a_run(qtbot: QtBot, tmp_path: Path) -> None:
    panel = RunsPanel(RunsModel(tmp_path / "none", RunState()))
    qtbot.addWidget(panel)
    assert panel._stack.currentIndex() == 0


def test_that_a_run_in_progress_is_listed_once(workspace: Path) -> None:
    state = RunState()
    model = RunsModel(workspace, state)
    folder = workspace / "2026-01-06 f"
    folder.mkdir()
    (folder / "events.jsonl").write_text(
        encode_event("1", 0, 0.0, Started("New", str(folder), [])) + "\n", encoding="utf-8"
    )
    state.begin("1", "New")
    state.apply([("1", 0.1, Started("New", str(folder), []))])
    assert [row.status for row in model.rows if row.folder == folder] == ["running"]


def test_that_a_run_is_read_again_only_when_its_files_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "events.jsonl").write_text('{"kind": "started", "name": "one", "time": 0}\n')
    read: list[Path] = []
    monkeypatch.setattr(run_rows.runs_on_disk, "read_result", lambda folder: read.append(folder))
    reader = run_rows.RunReader()
    assert [row.name for row in reader.rows(tmp_path)] == ["one", "one"]
    reader.rows(tmp_path)
    assert len(read) == 2
    events = tmp_path / "b" / "events.jsonl"
    events.write_text('{"kind": "started", "name": "two", "time": 0}\n')
    os.utime(events, ns=(1, 1))
    assert [row.name for row in reader.rows(tmp_path)] == ["one", "two"]
    assert len(read) == 3

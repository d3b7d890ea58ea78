"""The trade-off: what stands on the front, where its knee is, and what the plot does with its dots."""

from __future__ import annotations

import csv
import dataclasses
import json
import math
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFocusEvent, QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from backend.engine.protocol import encode_event
from backend.events import Cancelled, Measured, StageStarted, Started
from backend.recipe import ModelSpec, Recipe, Stage
from gui.dialogs.tradeoff_table_dialog import TradeoffTableDialog
from gui.document import Document
from gui.item_models.runs import RunsModel
from gui.moments import Moment, moments_of
from gui.panels.tradeoff_panel import TradeoffPanel
from gui.plots.label_placing import Label, placed
from gui.run_state import RunState
from gui.trade_off import Pool, figure, knee, limits, pareto_front, staircase, trade_off, within

MODEL = {"source": "bundled", "name": "net"}
DATA = {"source": "digits"}
TORCH = {"runtime": "torch", "threads": 2, "batch": 1}
BASE = {
    "accuracy": 98.0, "validation_accuracy": 98.5, "size_bytes": 200_000, "macs": 1000, "parameters": 50_000,
    "nonzero_parameters": 50_000, "sparsity": 0.0, "latency_ms": {"median": 0.4, **TORCH},
}  # fmt: skip
RECIPE = Recipe(ModelSpec("bundled", "net"), stages=(Stage("prune", {"amount": 0.5}), Stage("train", {"epochs": 1})))


def metrics(accuracy: float, size: int, *, milliseconds: float | None = None, **how: Any) -> dict[str, Any]:
    found = {**BASE, "accuracy": accuracy, "validation_accuracy": accuracy - 0.5, "size_bytes": size}
    found["latency_ms"] = {"median": milliseconds, **TORCH, **how} if milliseconds else None
    return found


def step(at: int, accuracy: float, size: int) -> dict[str, Any]:
    """As a checkpoint within a stage is measured: on validation images alone."""
    known = {key: value for key, value in BASE.items() if key not in ("accuracy", "latency_ms")}
    known |= {"validation_accuracy": accuracy, "size_bytes": size}
    return {"at": at, "metrics": known, "checkpoint": f"stages/1/steps/{at}"}


def write(
    root: Path, name: str, accuracy: float, size: int, *, steps: tuple[Any, ...] = (), model: Any = MODEL, **how: Any
) -> Path:
    """A finished run of two stages with ``steps`` in the second one."""
    final = metrics(accuracy, size, milliseconds=how.pop("milliseconds", 0.2), **how)
    stages = [
        {"name": "Prune", "kind": "prune", "metrics": metrics(accuracy - 5, size), "layers": [], "steps": []},
        {"name": "Fine-tune", "kind": "train", "metrics": final, "layers": [], "steps": list(steps)},
    ]
    recipe = {"name": name, "model": model, "data": DATA, "stages": []}
    folder = root / f"2026-01-01 {len(list(root.glob('*'))):02} {name}"
    for place in ("stages/0", "stages/1"):
        (folder / place).mkdir(parents=True)
    result = {"recipe": recipe, "baseline": BASE, "stages": stages, "final": final}
    (folder / "result.json").write_text(json.dumps(result), encoding="utf-8")
    return folder


# The front and its knee

dots = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=40)


@given(dots)
def test_that_the_front_holds_exactly_what_nothing_else_is_better_than(found: list[tuple[int, int]]) -> None:
    x, y = (np.array([dot[i] for dot in found], dtype=float) for i in (0, 1))
    best = {
        i
        for i, (cost, gain) in enumerate(found)
        if not any(c <= cost and g >= gain and (c, g) != (cost, gain) for c, g in found)
    }
    front = pareto_front(x, y)
    assert set(front) == best
    assert len(front) == len(best)
    assert [found[i] for i in front] == sorted(found[i] for i in front)


@given(dots)
def test_that_the_stairs_tell_the_best_that_can_be_had_at_every_cost(found: list[tuple[int, int]]) -> None:
    x, y = (np.array([dot[i] for dot in found], dtype=float) for i in (0, 1))
    front = pareto_front(x, y)
    across, up = staircase(x[front], y[front])
    assert (np.diff(across) >= 0).all()
    assert (np.diff(up) >= 0).all()
    for left, right, high in zip(across[:-1], across[1:], up[:-1], strict=True):
        if right > left:
            assert high == max(gain for cost, gain in found if cost <= (left + right) / 2)


@given(dots)
def test_that_the_knee_is_furthest_from_the_line_between_the_ends(found: list[tuple[int, int]]) -> None:
    x, y = (np.array([dot[i] for dot in found], dtype=float) for i in (0, 1))
    front = pareto_front(x, y)
    place = knee(x[front], y[front])
    ends = [(x[i], y[i]) for i in front]
    if len(set(ends)) < 3:
        assert place is None
        return
    (x0, y0), (x1, y1) = ends[0], ends[-1]
    unit = [((a - x0) / (x1 - x0), (b - y0) / (y1 - y0)) for a, b in ends]
    away = [(b - a) / math.sqrt(2) for a, b in unit]  # from the diagonal of the unit square, signed
    if max(away) < 1e-6:
        assert place is None
    else:
        assert place is not None
        assert away[place] == pytest.approx(max(away))
        assert all(value < away[place] - 1e-12 for value in away[:place])


def test_that_a_bent_front_has_its_knee_where_it_bends() -> None:
    assert knee(np.array([1.0, 2.0, 10.0]), np.array([80.0, 95.0, 96.0])) == 1
    assert knee(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 3.0])) is None
    assert knee(np.array([1.0, 9.0, 10.0]), np.array([80.0, 81.0, 96.0])) is None


# Moments


def row_of(folder: Path) -> Any:
    return next(row for row in RunsModel(folder.parent, RunState()).rows if row.folder == folder)


def test_that_a_finished_run_is_original_steps_ends_of_stages_and_result(tmp_path: Path) -> None:
    folder = write(tmp_path, "Small", 97.0, 50_000, steps=(step(1, 96.0, 90_000), step(2, 95.0, 60_000)))
    found = moments_of(row_of(folder))
    assert [(m.kind, m.stage, m.step) for m in found] == [
        ("original", None, None), ("stage", 0, None), ("step", 1, 1), ("step", 1, 2), ("final", 1, None),
    ]  # fmt: skip
    assert [m.title for m in found] == [
        "Original", "Run 1, after Prune", "Run 1, Fine-tune, step 1", "Run 1, Fine-tune, step 2", "Run 1 · Small",
    ]  # fmt: skip
    assert [m.brief for m in found] == ["Original", "Run 1 · Prune", "Run 1 · step 1", "Run 1 · step 2", "Run 1"]
    assert [m.kept for m in found] == [None, folder / "stages/0", None, None, folder / "stages/1"]
    assert all(m.baseline["accuracy"] == 98.0 for m in found)


def test_that_the_layers_of_a_moment_are_those_of_its_checkpoint(tmp_path: Path) -> None:
    folder = write(tmp_path, "Small", 97.0, 50_000)
    record = {"layers": [{"name": "conv", "sparsity": 0.25}]}
    (folder / "stages/0/state.json").write_text(json.dumps({"record": record}), encoding="utf-8")
    after_prune, final = moments_of(row_of(folder))[1:]
    assert after_prune.layers() == {"conv": {"name": "conv", "sparsity": 0.25}}
    assert final.layers() == {}


def test_that_a_stopped_run_keeps_the_stages_it_finished(tmp_path: Path) -> None:
    folder = tmp_path / "2026-01-01 stopped"
    (folder / "stages/0").mkdir(parents=True)
    record = {"name": "Prune", "kind": "prune", "metrics": metrics(90.0, 90_000), "layers": [], "steps": []}
    (folder / "stages/0/state.json").write_text(json.dumps({"record": record}), encoding="utf-8")
    (folder / "recipe.yaml").write_text("pare: 1\nmodel: {name: net}\ndata: {batch_size: 8}\nstages: []\n", "utf-8")
    events = [Started("Broken off", str(folder), []), Measured(-1, BASE), Cancelled()]
    lines = [encode_event("1", i, float(i), event) for i, event in enumerate(events)]
    (folder / "events.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    like = row_of(write(tmp_path, "Small", 97.0, 50_000))
    row = row_of(folder)
    assert row.status == "stopped"
    assert [(m.kind, figure(m, "size")) for m in moments_of(row)] == [("original", 200_000), ("stage", 90_000)]
    assert row.key == like.key


# What can be compared


def moments_at(tmp_path: Path) -> list[Moment]:
    return [m for row in RunsModel(tmp_path, RunState()).rows for m in moments_of(row)]


def test_that_accuracies_on_other_images_are_never_mixed(tmp_path: Path) -> None:
    write(tmp_path, "Small", 97.0, 50_000, steps=(step(1, 99.9, 40_000),))
    tested = trade_off(Pool(moments_at(tmp_path)), "size", "accuracy")
    assert {m.kind for m in tested.moments} == {"original", "stage", "final"}
    assert tested.untold == {"accuracy": 1}
    validated = trade_off(Pool(moments_at(tmp_path)), "size", "validation")
    assert "step" in {m.kind for m in validated.moments}
    assert sorted(validated.y.tolist()) == [91.5, 96.5, 98.5, 99.9]


def test_that_only_latencies_taken_alike_are_compared(tmp_path: Path) -> None:
    write(tmp_path, "Other threads", 97.0, 50_000, milliseconds=0.1, threads=1)
    write(tmp_path, "Alike", 96.0, 50_000, milliseconds=0.3)
    shown = trade_off(Pool(moments_at(tmp_path)), "latency", "accuracy")
    assert sorted({m.short for m in shown.moments if m.kind == "final"}) == ["Run 2"]
    assert shown.otherwise == 1
    assert shown.untold == {"latency": 2}


def test_that_the_budget_is_drawn_where_it_says_something(tmp_path: Path) -> None:
    write(tmp_path, "Small", 97.0, 50_000)
    original = moments_at(tmp_path)[0]
    budget = {"size": 0.3, "accuracy_drop": 1.5}
    found = limits(budget, original, "size", "accuracy")
    assert (found.most, found.least, found.all) == (60_000, 96.5, True)
    found = limits(budget, original, "macs", "change")
    assert (found.most, found.least, found.all) == (None, -1.5, False)
    assert limits({"macs": 400}, original, "macs", "accuracy").most == 400
    assert limits(budget, original, "size", "validation").least is None


@pytest.mark.parametrize(
    ("budget", "kept"),
    [({}, None), ({"size": 0.3}, True), ({"size": 0.2}, False), ({"size": 0.3, "accuracy_drop": 0.5}, False)],
)
def test_that_a_run_keeps_the_budget_or_not(tmp_path: Path, budget: dict[str, float], kept: bool | None) -> None:
    write(tmp_path, "Small", 97.0, 50_000)
    assert within(budget, moments_at(tmp_path)[-1]) is kept


# Names beside dots

places = st.tuples(st.floats(0, 300), st.floats(0, 200))


@given(st.lists(places, max_size=12))
def test_that_no_name_lies_over_another_or_leaves_the_plot(found: list[tuple[float, float]]) -> None:
    area, size = QRectF(0, 0, 300, 200), QSizeF(50, 15)
    taken = QRectF(0, 0, 90, 16)
    at = np.array(found).reshape(-1, 2).T
    names = [name for name in placed([Label(x, y, size) for x, y in found], at, area, [taken]) if name is not None]
    assert all(area.contains(name) and not name.intersects(taken) for name in names)
    assert not any(a.intersects(b) for i, a in enumerate(names) for b in names[:i])


def test_that_a_name_stands_where_no_dot_is() -> None:
    crowd = np.array([[100.0, 110, 120, 130, 140, 150], [100.0, 100, 100, 100, 100, 100]])
    (name,) = placed([Label(100, 100, QSizeF(50, 15))], crowd, QRectF(0, 0, 300, 200))
    assert name is not None
    assert not any(name.adjusted(-2, -2, 2, 2).contains(x, y) for x, y in crowd.T)


# The panel


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Four runs, the first of which nobody would choose; the third is the knee."""
    root = tmp_path / "运行 runs"
    root.mkdir()
    write(root, "Bad", 90.0, 120_000, steps=(step(1, 98.0, 180_000), step(2, 93.0, 150_000)))
    write(root, "Tiny", 93.0, 20_000)
    write(root, "Bent", 97.6, 50_000)
    write(root, "Gentle", 97.9, 150_000)
    return root


@pytest.fixture
def state(qapp: QApplication) -> RunState:
    return RunState()


@pytest.fixture
def document(own_settings: None, tmp_path: Path) -> Document:
    made = Document()
    made.start(RECIPE, tmp_path)
    return made


@pytest.fixture
def panel(qtbot: QtBot, workspace: Path, state: RunState, document: Document) -> TradeoffPanel:
    made = TradeoffPanel(document, RunsModel(workspace, state), lambda: RECIPE)
    qtbot.addWidget(made)
    made.resize(640, 480)
    made.show()
    qtbot.waitExposed(made)
    return made


def place_of(panel: TradeoffPanel, brief: str) -> int:
    shown = panel.plot.shown
    assert shown is not None
    return next(i for i, moment in enumerate(shown.moments) if moment.brief == brief)


def click(panel: TradeoffPanel, brief: str, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
    """Press and release the left button on a dot."""
    x, y = panel.plot.pixels()[:, place_of(panel, brief)]
    send(panel, QPointF(x, y), modifier=modifier)


def send(
    panel: TradeoffPanel,
    at: QPointF,
    kinds: tuple[Any, ...] = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease),
    modifier: Any = Qt.KeyboardModifier.NoModifier,
) -> None:
    viewport = panel.plot.viewport()
    for kind in kinds:
        pressed = Qt.MouseButton.LeftButton
        held = pressed if kind == QEvent.Type.MouseButtonPress else Qt.MouseButton.NoButton
        event = QMouseEvent(kind, at, viewport.mapToGlobal(at.toPoint()).toPointF(), pressed, held, modifier)
        QApplication.sendEvent(viewport, event)


def test_that_every_run_is_a_dot_and_the_best_of_them_are_the_front(panel: TradeoffPanel) -> None:
    shown = panel.plot.shown
    assert shown is not None
    assert [shown.moments[i].brief for i in shown.front] == ["Run 2", "Run 3", "Run 4", "Original"]
    assert shown.knee == place_of(panel, "Run 3")
    assert len(panel.plot.dots.stairs.getData()[0]) == 7
    assert {m.kind for m in shown.moments} == {"original", "stage", "final"}


def test_that_steps_are_dots_on_validation_images_and_can_be_left_out(panel: TradeoffPanel) -> None:
    panel.controls.choose("size", "validation")
    assert panel.plot.shown is not None
    assert [m.kind for m in panel.plot.shown.moments].count("step") == 2
    panel.controls.steps.click()
    assert {m.kind for m in panel.plot.shown.moments} == {"original", "final"}
    assert len(panel.plot.shown.moments) == 5


def test_that_a_click_shows_a_run_with_its_figures_and_tells(
    qtbot: QtBot, panel: TradeoffPanel, workspace: Path
) -> None:
    told: list[Path] = []
    panel.run_selected.connect(told.append)
    click(panel, "Run 3")
    assert panel.card.isVisible()
    assert panel.card.title.text() == "Run 3 · Bent"
    said = panel.card.accessibleDescription()
    for part in ("Knee", "measured", "97.60% (−0.40 pt)", "50.0 KB (4.0× smaller)", "0.200 ms (2.0× faster)"):
        assert part in said, said
    qtbot.waitUntil(lambda: bool(told))
    assert told == [workspace / "2026-01-01 02 Bent"]


def test_that_the_card_hides_neither_its_dot_nor_leaves_the_plot(panel: TradeoffPanel) -> None:
    for brief in ("Run 1", "Run 2", "Run 3", "Run 4", "Original"):
        click(panel, brief)
        card = QRectF(panel.card.geometry())
        assert not card.contains(QPointF(*panel.plot.pixels()[:, place_of(panel, brief)]))
        assert QRectF(panel.plot.rect()).contains(card)


def test_that_a_click_beside_every_dot_closes_the_card(panel: TradeoffPanel) -> None:
    click(panel, "Run 3")
    frame = panel.plot.view.sceneBoundingRect()
    empty = next(
        at
        for at in (QPointF(x, y) for x in range(60, 600, 30) for y in range(20, 300, 30))
        if frame.contains(at) and panel.plot.at(at) is None and not panel.card.geometry().contains(at.toPoint())
    )
    send(panel, empty)
    assert not panel.card.isVisible()
    assert panel.plot.selected is None


def test_that_a_click_on_the_card_leaves_it_open(qtbot: QtBot, panel: TradeoffPanel) -> None:
    click(panel, "Run 3")
    qtbot.mouseClick(panel.card, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert panel.card.isVisible()


def test_that_the_card_goes_with_its_run(panel: TradeoffPanel, workspace: Path) -> None:
    click(panel, "Run 3")
    shutil.rmtree(workspace / "2026-01-01 02 Bent")
    panel._runs.reload()
    assert not panel.card.isVisible()
    assert panel.plot.shown is not None
    assert {m.short for m in panel.plot.shown.moments} == {"Run 1", "Run 2", "Run 4"}


def test_that_runs_of_one_size_stand_apart_by_no_more_than_they_are(panel: TradeoffPanel, workspace: Path) -> None:
    for folder in workspace.glob("2026*"):
        shutil.rmtree(folder)
    write(workspace, "Masked", 97.9, 200_000)
    panel._runs.reload()
    (left, right), (low, high) = panel.plot.view.viewRange()
    assert left < 200.0 < right
    assert right - left >= 20.0
    assert high - low >= 1.0
    panel.plot.show_all()
    assert panel.plot.outside == 0


def test_that_the_card_exports_a_run_and_gives_its_recipe_back(
    qtbot: QtBot, panel: TradeoffPanel, workspace: Path
) -> None:
    told: list[Any] = []
    panel.export_requested.connect(told.append)
    panel.recipe_requested.connect(lambda *found: told.append(found))
    panel.step_requested.connect(lambda *found: told.append(found))
    run, bad = workspace / "2026-01-01 02 Bent", workspace / "2026-01-01 00 Bad"
    click(panel, "Run 3")
    for button in panel.card.actions_shown:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert told == [run, (run, None)]
    told.clear()
    panel.plot.show_all()
    click(panel, "Run 1 · Prune")
    for button in panel.card.actions_shown:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert told == [(bad, bad / "stages/0"), (bad, 1)]


def test_that_two_dots_are_compared(qtbot: QtBot, panel: TradeoffPanel) -> None:
    told: list[list[Moment]] = []
    panel.compare_requested.connect(told.append)
    click(panel, "Run 3")
    click(panel, "Run 4", Qt.KeyboardModifier.ControlModifier)
    assert panel.card.title.text() == "Run 3 → Run 4"
    assert "97.60% → 97.90% (+0.30 pt)" in panel.card.accessibleDescription()
    assert "50.0 KB → 150 KB (3.0× larger)" in panel.card.accessibleDescription()
    qtbot.mouseClick(panel.card.actions_shown[0], Qt.MouseButton.LeftButton)
    assert [[moment.brief for moment in pair] for pair in told] == [["Run 3", "Run 4"]]


def test_that_the_arrows_reach_every_dot_and_enter_acts(qtbot: QtBot, panel: TradeoffPanel) -> None:
    told: list[Path] = []
    panel.export_requested.connect(told.append)
    shown = panel.plot.shown
    assert shown is not None
    panel.plot.setFocus()
    seen = []
    for _ in shown.moments:
        qtbot.keyClick(panel.plot, Qt.Key.Key_Right)
        seen.append(panel.plot.selected)
    assert sorted(place for place in seen if place is not None) == list(range(len(shown.moments)))
    assert [shown.x[place] for place in seen] == sorted(shown.x)
    qtbot.keyClick(panel.plot, Qt.Key.Key_Down)
    before = panel.plot.selected
    assert before is not None
    qtbot.keyClick(panel.plot, Qt.Key.Key_Up)
    assert shown.y[panel.plot.selected] >= shown.y[before]
    qtbot.keyClick(panel.plot, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert panel.plot.second is not None
    click(panel, "Run 4")
    qtbot.keyClick(panel.plot, Qt.Key.Key_Return)
    assert [path.name for path in told] == ["2026-01-01 03 Gentle"]
    qtbot.keyClick(panel.plot, Qt.Key.Key_Escape)
    assert not panel.card.isVisible()
    QApplication.sendEvent(panel.plot, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    assert panel.card.title.text() == "Run 3 · Bent", "who comes by keyboard sees where it is"


def test_that_the_mouse_over_a_dot_says_its_name_and_figures(panel: TradeoffPanel) -> None:
    at = QPointF(*panel.plot.pixels()[:, place_of(panel, "Run 4")]) + QPointF(5, 3)
    none = Qt.MouseButton.NoButton
    event = QMouseEvent(QEvent.Type.MouseMove, at, at, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(panel.plot.viewport(), event)
    assert panel.plot.readout.isVisible()
    assert [(r.name, r.value) for r in panel.plot.readout.readings] == [
        ("Run 4 · Gentle", ""), ("Accuracy", "97.90%"), ("Size", "150 KB"),
    ]  # fmt: skip


def test_that_a_ruined_network_squeezes_no_front_and_a_double_click_shows_it(panel: TradeoffPanel) -> None:
    write(panel._runs.workspace, "Ruined", 10.0, 190_000)
    panel._runs.reload()
    (_, _), (low, _) = panel.plot.view.viewRange()
    assert low > 50
    ruined = panel.plot.outside
    assert ruined >= 2
    corner = panel.plot.view.sceneBoundingRect().bottomRight() - QPointF(4, 4)
    send(panel, corner, (QEvent.Type.MouseButtonDblClick,))
    assert panel.plot.outside == 0
    send(panel, corner, (QEvent.Type.MouseButtonDblClick,))
    assert panel.plot.outside == ruined


def test_that_the_view_stays_where_it_was_moved_until_a_double_click(qtbot: QtBot, panel: TradeoffPanel) -> None:
    whole = panel.plot.view.viewRange()
    panel.plot.view.scaleBy((0.5, 0.5))
    panel.plot.view.sigRangeChangedManually.emit([True, True])
    near = panel.plot.view.viewRange()
    panel.refresh()
    assert panel.plot.view.viewRange() == near
    send(panel, panel.plot.view.sceneBoundingRect().bottomRight() - QPointF(4, 4), (QEvent.Type.MouseButtonDblClick,))
    assert panel.plot.view.viewRange() == whole


def test_that_the_row_of_a_run_marks_its_dot_without_telling(
    qtbot: QtBot, panel: TradeoffPanel, workspace: Path
) -> None:
    told: list[Path] = []
    panel.run_selected.connect(told.append)
    panel.select_run(workspace / "2026-01-01 01 Tiny")
    assert panel.plot.selected == place_of(panel, "Run 2")
    qtbot.wait(1)
    assert not panel._walked.isActive()
    assert told == []


def test_that_runs_of_another_network_are_left_out_and_counted(panel: TradeoffPanel) -> None:
    write(panel._runs.workspace, "Other", 99.9, 1000, model={"source": "bundled", "name": "other"})
    panel._runs.reload()
    assert panel.plot.shown is not None
    assert {m.short for m in panel.plot.shown.moments} == {"Run 1", "Run 2", "Run 3", "Run 4"}
    assert "1 run of another network or other data is left out" in panel._missing.toolTip()


def test_that_a_run_has_its_new_name_at_once(panel: TradeoffPanel, workspace: Path) -> None:
    click(panel, "Run 3")
    panel._runs.rename(workspace / "2026-01-01 02 Bent", "Shipped")
    assert panel.card.title.text() == "Run 3 · Shipped"


def test_that_an_edit_of_the_budget_moves_its_zone(panel: TradeoffPanel, document: Document) -> None:
    assert not panel.plot.zone.isVisible()
    assert not panel.controls.budget.isEnabled()
    document.edit(dataclasses.replace(RECIPE, budget={"size": 0.3, "accuracy_drop": 1.0}), "Budget")
    assert (panel.plot.zone.right, panel.plot.zone.low) == (60.0, 97.0)
    click(panel, "Run 3")
    assert "Within budget" in panel.card.accessibleDescription()
    click(panel, "Run 2")
    assert "Over budget" in panel.card.accessibleDescription()
    panel.controls.budget.click()
    assert not panel.plot.zone.isVisible()


def test_that_a_run_in_progress_has_a_dot_for_each_stage_it_has_measured(
    panel: TradeoffPanel, state: RunState, workspace: Path
) -> None:
    events = [Started("Live", str(workspace / "now"), [{"kind": "prune", "label": "Prune"}, {"kind": "train"}])]
    events += [StageStarted(-1, "Original"), Measured(-1, BASE)]  # type: ignore[list-item]
    state.apply([("1", float(i), event) for i, event in enumerate(events)])
    assert panel.plot.shown is not None
    before = len(panel.plot.shown.moments)
    state.apply([("1", 9.0, Measured(0, metrics(95.0, 80_000)))])
    running = [m for m in panel.plot.shown.moments if m.running]
    assert [(m.brief, figure(m, "accuracy")) for m in running] == [("Run 5 · Prune", 95.0)]
    assert len(panel.plot.shown.moments) == before + 1
    assert len(panel.plot.dots.groups["running"].data) == 1
    live: list[bool] = []
    panel.live_requested.connect(lambda: live.append(True))
    click(panel, "Run 5 · Prune")
    panel.card.press()
    assert live == [True]


def test_that_without_a_run_it_says_what_will_appear_and_how(
    qtbot: QtBot, tmp_path: Path, document: Document, state: RunState
) -> None:
    (tmp_path / "none").mkdir()
    made = TradeoffPanel(document, RunsModel(tmp_path / "none", state), lambda: None)
    qtbot.addWidget(made)
    made.show()
    with qtbot.waitSignal(made.run_requested):
        qtbot.mouseClick(made._run, Qt.MouseButton.LeftButton)
    made.allow_run("A run is in progress; stop it first")
    assert not made._run.isEnabled()
    assert made._run.toolTip()


def test_that_the_table_says_what_the_plot_shows(qtbot: QtBot, panel: TradeoffPanel) -> None:
    panel.show_table()
    dialog = panel.findChild(TradeoffTableDialog)
    assert dialog is not None
    model = dialog.model
    rows = [
        [model.index(row, column).data() for column in range(model.columnCount())] for row in range(model.rowCount())
    ]
    by_name = {row[0]: row[1:] for row in rows}
    assert by_name["Run 3 · Bent"] == ["97.60%", "50.0 KB", "1.0 K", "0.200 ms", "50.0 K", "50.0 K", "Knee", "–"]
    assert by_name["Run 1 · Bad"][-2] == "Dominated"
    assert by_name["Original"][-2] == "On the front"
    row = next(i for i, row in enumerate(rows) if row[0] == "Run 3 · Bent")
    dialog.view.activated.emit(dialog._sorted.mapFromSource(model.index(row, 0)))
    assert panel.card.title.text() == "Run 3 · Bent"


def test_that_picture_and_data_are_saved(panel: TradeoffPanel, tmp_path: Path) -> None:
    click(panel, "Run 3")
    for name in ("plot.png", "plot.svg"):
        panel.save_picture(tmp_path / name)
        assert (tmp_path / name).stat().st_size > 1000
    assert panel.card.isVisible()
    panel.save_data(tmp_path / "dots.csv")
    with (tmp_path / "dots.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["dot"]: row for row in csv.DictReader(file)}
    bent = rows["Run 3 · Bent"]
    assert (float(bent["accuracy"]), float(bent["size"]), float(bent["latency"])) == (97.6, 50_000, 0.2)
    assert float(bent["knee"]) == 1.0
    assert rows["Original"]["stage"] == ""
    assert len(rows) == 9


def test_that_a_saving_that_fails_is_told(panel: TradeoffPanel, tmp_path: Path) -> None:
    told: list[object] = []
    panel.failed.connect(told.append)
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    panel.save_data(tmp_path / "file" / "dots.csv")
    assert len(told) == 1


def test_that_the_menu_turns_parts_on_and_off(panel: TradeoffPanel) -> None:
    menu = panel.menu()
    front = next(action for action in menu.actions() if action.text() == "Pareto front")
    front.trigger()
    assert not panel.controls.front.isChecked()
    assert not panel.plot.dots.stairs.isVisible()
    assert not panel.plot.dots.knee.isVisible()
    menu.deleteLater()

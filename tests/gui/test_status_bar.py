"""Status line, log and problems: what the window says beside the work."""

from __future__ import annotations

import os

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from backend.errors import Repair, msg
from backend.events import Cancelled, Event, Failed, Finished, Progress, StageStarted, Started, Warned
from gui.panels.log_panel import LogPanel
from gui.panels.problems_panel import Problem, ProblemsPanel
from gui.panels.status_bar import StatusBar
from gui.run_state import RunState

RUNNING: list[tuple[str, float, Event]] = [
    ("1", 0.0, Started("Half", "/runs/half", [{"kind": "train", "label": "Fine-tune"}])),
    ("1", 0.0, StageStarted(-1, "Original")),
    ("1", 2.0, StageStarted(0, "Fine-tune")),
    ("1", 12.0, Progress(0, 1, 5, msg("Epoch {epoch} of {epochs}", epoch=1, epochs=5))),
]


@pytest.fixture
def state(qapp: object) -> RunState:
    return RunState()


@pytest.fixture
def bar(qtbot: QtBot, state: RunState) -> StatusBar:
    made = StatusBar(state)
    qtbot.addWidget(made)
    return made


def test_that_the_stage_its_step_and_the_time_left_are_said(bar: StatusBar, state: RunState) -> None:
    state.apply(RUNNING)
    assert bar.step_text() == "Fine-tune · Epoch 1 of 5"
    assert bar.left_text() == "0:45 left"
    assert bar._bar.value() == round(1000 * state.fraction)
    assert not bar._bar.isHidden()


@pytest.mark.parametrize(
    ("ending", "text"),
    [
        (Finished({}), "Half finished in 0:12"),
        (Cancelled(), "Half stopped after 0:12"),
        (Failed(msg("No.")), "Half failed after 0:12"),
    ],
)
def test_that_the_end_of_a_run_is_said(bar: StatusBar, state: RunState, ending: Event, text: str) -> None:
    state.apply([*RUNNING, ("1", 12.0, ending)])
    assert bar.step_text() == text
    assert bar._bar.isHidden()


def test_that_other_work_of_the_engine_is_shown_until_it_is_over(bar: StatusBar) -> None:
    bar.set_state(RunState())
    bar.set_task("Scanning sensitivity", 0.25)
    assert (bar._step.text(), bar._bar.value(), bar._bar.isHidden()) == ("Scanning sensitivity", 250, False)
    bar.set_task("Scanning sensitivity", None)
    assert (bar._step.text(), bar._bar.isHidden()) == ("", True)


def test_that_the_engine_is_named_with_its_version(bar: StatusBar) -> None:
    bar.set_engine("ready", "2.13.0+cpu")
    assert (bar._name.text(), bar._version.text()) == ("Engine ready", "PyTorch 2.13")
    bar.set_engine("busy")
    assert (bar._name.text(), bar._version.text()) == ("Engine busy", "PyTorch 2.13")


def test_that_memory_is_that_of_the_process_and_a_dead_one_has_none(bar: StatusBar) -> None:
    bar.set_pid(os.getpid())
    assert bar._memory_text.text().endswith("GB")
    bar.set_pid(2**22 + 1)
    assert bar._memory_text.text() == "–"


def test_that_the_log_lists_what_happened_with_its_hint(qtbot: QtBot, state: RunState) -> None:
    panel = LogPanel(state)
    qtbot.addWidget(panel)
    state.apply([*RUNNING, ("1", 13.0, Warned(0, msg("Few images."), msg("Use more.")))])
    model = panel.model
    lines = [model.index(row).data() for row in range(model.rowCount())]
    assert lines[0] == "Run started: Half"
    assert lines[-1] == "Few images. Use more."


def test_that_the_log_is_copied_with_its_times(qtbot: QtBot, state: RunState) -> None:
    panel = LogPanel(state)
    qtbot.addWidget(panel)
    state.apply(RUNNING)
    panel.copy_all()
    assert QGuiApplication.clipboard().text().splitlines()[-1] == "0:02\tStage 1: Fine-tune"


def test_that_the_log_begins_anew_with_the_next_run(qtbot: QtBot, state: RunState) -> None:
    panel = LogPanel(state)
    qtbot.addWidget(panel)
    state.apply(RUNNING)
    state.begin("2", "Next")
    assert panel.model.rowCount() == 0
    state.apply([("2", 0.0, Started("Next", "/runs/next", []))])
    assert panel.model.index(0).data() == "Run started: Next"


def test_that_errors_stand_before_warnings_and_are_counted(qtbot: QtBot) -> None:
    panel = ProblemsPanel()
    qtbot.addWidget(panel)
    warning, error = Problem.of(Warned(0, msg("Doubtful."))), Problem.of(Failed(msg("Wrong.")))
    with qtbot.waitSignal(panel.count_changed) as caught:
        panel.set_problems([warning, error])
    assert caught.args == [2]
    assert panel.problems == [error, warning]


def test_that_the_same_problems_are_not_told_twice(qtbot: QtBot) -> None:
    panel = ProblemsPanel()
    qtbot.addWidget(panel)
    panel.set_problems([Problem.of(Failed(msg("Wrong.")))])
    with qtbot.assertNotEmitted(panel.count_changed):
        panel.set_problems([Problem.of(Failed(msg("Wrong.")))])


def test_that_one_click_asks_for_the_repair(qtbot: QtBot) -> None:
    panel = ProblemsPanel()
    qtbot.addWidget(panel)
    repair = Repair(msg("Move it before stage 2"), {"stages.0": None})
    panel.set_problems([Problem.of(Failed(msg("Wrong."), repair=repair))])
    fix = next(b for b in panel.findChildren(QPushButton) if b.text() == "Move it before stage 2")
    with qtbot.waitSignal(panel.repair_requested) as caught:
        fix.click()
    assert caught.args == [repair]

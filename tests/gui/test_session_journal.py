"""The journal of a session: what it adds up to, what it survives, and what a window brings back from it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from backend.answers import Inspection
from backend.recipe import Recipe
from gui.engine_thread import EngineThread
from gui.main_window import MainWindow
from gui.session_journal import LAST, Session, SessionJournal, last_name, last_session, read_session, sessions_folder
from tests.gui.test_main_window import ScriptedEngine


def files() -> list[Path]:
    return sorted(path for path in sessions_folder().glob("*.jsonl") if path.name != LAST)


def recipes(*seeds: int) -> list[dict[str, Any]]:
    return [{"name": "Small", "seed": seed} for seed in seeds]


@pytest.fixture
def journal() -> SessionJournal:
    made = SessionJournal()
    made.begin(Session([("", recipes(0)[0])], folder="/data"))
    return made


def edit(journal: SessionJournal, seed: int) -> None:
    journal.write("edit", label=f"Seed {seed}", recipe=recipes(seed)[0])


def test_that_edits_undone_and_done_again_add_up(journal: SessionJournal) -> None:
    for seed in (1, 2, 3):
        edit(journal, seed)
    journal.write("move", at=1)
    edit(journal, 4)
    journal.write("move", at=0)
    found = read_session(files()[0])
    assert found is not None
    assert [label for label, _ in found.steps] == ["", "Seed 1", "Seed 4"]
    assert (found.index, found.clean, found.folder, found.path) == (0, 0, "/data", None)


def test_that_saving_moves_the_clean_step_and_editing_behind_it_loses_it(journal: SessionJournal) -> None:
    edit(journal, 1)
    journal.write("save", path="/data/small.yaml", folder="/data")
    edit(journal, 2)
    saved = read_session(files()[0])
    assert saved is not None
    assert (saved.clean, saved.index, saved.path) == (1, 2, "/data/small.yaml")
    journal.write("move", at=0)
    edit(journal, 3)
    lost = read_session(files()[0])
    assert lost is not None
    assert lost.clean == -1


def test_that_a_damaged_last_line_is_passed_over(journal: SessionJournal) -> None:
    edit(journal, 1)
    edit(journal, 2)
    file = files()[0]
    file.write_bytes(file.read_bytes()[:-20])
    found = read_session(file)
    assert found is not None
    assert [label for label, _ in found.steps] == ["", "Seed 1"]
    assert found.index == 1


def test_that_a_session_written_anew_adds_up_to_the_same(journal: SessionJournal) -> None:
    for seed in range(1, 6):
        edit(journal, seed)
    journal.write("save", path="/data/a.yaml", folder="/data")
    journal.write("move", at=2)
    journal.write("view", view={"tab": "LivePanel"})
    before = read_session(files()[0])
    assert before is not None
    journal.begin(before)
    assert read_session(files()[0]) == before


def test_that_a_journal_whose_window_lives_is_nobody_elses(journal: SessionJournal) -> None:
    other = SessionJournal()
    assert other.claim() is None
    other.begin(Session([("", recipes(7)[0])]))
    assert len(files()) == 2
    edit(journal, 1)
    edit(other, 8)
    assert {read_session(file).steps[-1][1]["seed"] for file in files()} == {1, 8}  # type: ignore[union-attr]


def test_that_a_journal_left_behind_is_taken_over_once(journal: SessionJournal) -> None:
    edit(journal, 1)
    journal._lock = None  # as when its process is gone: the lock goes with it
    heir, late = SessionJournal(), SessionJournal()
    found = heir.claim()
    assert found is not None
    assert found.steps[-1][1]["seed"] == 1
    assert late.claim() is None
    heir.begin(found)
    assert len(files()) == 1


def test_that_a_session_that_could_not_be_brought_back_is_offered_not_forced(journal: SessionJournal) -> None:
    journal._lock = None
    assert SessionJournal().claim() is not None  # and ends before it wrote anything
    assert SessionJournal().claim() is None
    assert files() == []
    last = last_session()
    assert last is not None
    assert last.claimed


def test_that_a_session_closed_in_order_is_the_last_one(journal: SessionJournal) -> None:
    edit(journal, 1)
    journal.end()
    assert files() == []
    last = last_session()
    assert last is not None
    assert last.ended
    assert SessionJournal().claim() is None


def test_that_a_session_left_behind_long_ago_is_removed(journal: SessionJournal) -> None:
    journal._lock = None
    os.utime(files()[0], (1e9, 1e9))
    assert SessionJournal().claim() is None
    assert files() == []
    assert last_session() is None


def test_that_a_folder_that_can_not_be_written_stops_no_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_STATE_HOME", str(blocked))
    journal = SessionJournal()
    journal.begin(Session([("", recipes(0)[0])]))
    edit(journal, 1)
    assert isinstance(journal.error, OSError)


# The window


@pytest.fixture
def windows(inspection: Inspection, cache: Path, qtbot: QtBot) -> Iterator[Any]:
    made: list[MainWindow] = []

    def start() -> MainWindow:
        window = MainWindow(EngineThread(connect=lambda: ScriptedEngine(inspection)))
        window.resize(1280, 800)
        window.show()
        window.engine.open()
        qtbot.waitUntil(lambda: window.engine.ready)
        made.append(window)
        return window

    yield start
    for window in made:
        window.engine.close()
        window.hide()
        window.deleteLater()


def opened(window: MainWindow, recipe: Recipe, tmp_path: Path, qtbot: QtBot) -> MainWindow:
    window.document.start(recipe, tmp_path)
    qtbot.waitUntil(lambda: window.document.inspection is not None)
    return window


def abandon(window: MainWindow) -> None:
    """As if its process were killed: the lock goes, nothing is written any more."""
    window.session.look()
    window.session._timer.stop()
    window.session.journal._lock = None
    window.session.journal._writing = False


def test_that_each_edit_is_one_line_of_the_journal(windows: Any, recipe: Recipe, tmp_path: Path, qtbot: QtBot) -> None:
    window = opened(windows(), recipe, tmp_path, qtbot)
    before = len(files()[0].read_bytes().splitlines())
    window.document.set_values({"seed": 3}, "Seed")
    window.document.keep(["features.conv"], "Keep as is")
    window.undo()
    lines = [json.loads(line) for line in files()[0].read_bytes().splitlines()[before:]]
    assert [(line["kind"], line.get("label")) for line in lines] == [
        ("edit", "Seed"), ("edit", "Keep as is"), ("move", None),
    ]  # fmt: skip
    assert lines[1]["recipe"] == window.document.recipe.to_data() | lines[1]["recipe"]  # type: ignore[union-attr]


def test_that_an_abandoned_window_comes_back_as_it_was(
    windows: Any, recipe: Recipe, tmp_path: Path, qtbot: QtBot
) -> None:
    first = opened(windows(), recipe, tmp_path, qtbot)
    for seed in (3, 4, 5):
        first.document.set_values({"seed": seed}, f"Seed {seed}")
    first.undo()
    first.document.select_stage(2)
    first.panes.model.select(["features.conv", "head"])
    first.panes.tabs.setCurrentWidget(first.panes.layers)
    first.panes.history.setCurrentWidget(first.panes.problems)
    abandon(first)

    second = windows()
    assert second.session.recover()
    qtbot.waitUntil(lambda: bool(second.panes.model.selected()))
    document, stack = second.document, second.document.undo_stack
    assert document.recipe == first.document.recipe
    assert [stack.text(i) for i in range(stack.count())] == ["Seed 3", "Seed 4", "Seed 5"]
    assert stack.index() == 2
    assert document.dirty
    assert document.selected_stage == 2
    assert [layer.name for layer in second.panes.model.selected()] == ["features.conv", "head"]
    assert second.panes.tabs.currentWidget() is second.panes.layers
    assert second.panes.history.currentWidget() is second.panes.problems
    assert second.frame.notice.startswith("Pare ended without closing.")
    second.redo()
    assert document.recipe is not None
    assert document.recipe.seed == 5
    for _ in range(3):
        second.undo()
    assert document.recipe == recipe
    assert not document.dirty


def test_that_start_fresh_puts_the_session_aside_and_the_start_page_offers_it(
    windows: Any, recipe: Recipe, tmp_path: Path, qtbot: QtBot
) -> None:
    first = opened(windows(), recipe, tmp_path, qtbot)
    first.document.set_values({"seed": 3}, "Seed")
    abandon(first)
    second = windows()
    second.session.recover()
    qtbot.waitUntil(lambda: bool(second.frame.notice))
    second.session.start_fresh()
    assert not second.document.is_open
    assert second.frame.pages.currentWidget() is second.frame.welcome
    assert second.frame.notice == ""
    second.frame.welcome.continue_wanted.emit()
    assert second.document.recipe is not None
    assert second.document.recipe.seed == 3
    assert second.document.dirty


def test_that_what_was_discarded_at_the_end_can_be_done_again(
    windows: Any, recipe: Recipe, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("PySide6.QtWidgets.QApplication.quit", lambda: None)
    first = opened(windows(), recipe, tmp_path, qtbot)
    first.document.set_values({"seed": 3}, "Seed")
    first.closing.leave()
    assert last_name() == recipe.name
    second = windows()
    assert not second.session.recover()
    second.session.continue_last()
    assert second.document.recipe == recipe
    assert not second.document.dirty
    second.redo()
    assert second.document.recipe is not None
    assert second.document.recipe.seed == 3


def test_that_layout_is_kept_while_the_window_is_open(
    windows: Any, recipe: Recipe, tmp_path: Path, qtbot: QtBot
) -> None:
    first = opened(windows(), recipe, tmp_path, qtbot)
    first.toggle_dock("recipe")
    abandon(first)
    second = opened(windows(), recipe, tmp_path, qtbot)
    assert second.hidden_docks == first.hidden_docks
    assert second.panes.recipe_dock.isVisible() == first.panes.recipe_dock.isVisible()


def test_that_a_recipe_of_another_version_is_left_out_of_the_history(
    windows: Any, recipe: Recipe, tmp_path: Path, qtbot: QtBot
) -> None:
    first = opened(windows(), recipe, tmp_path, qtbot)
    first.session.journal.write("edit", label="From the future", recipe={**recipe.to_data(), "pare": 99})
    first.session.journal.write("edit", label="Seed", recipe={**recipe.to_data(), "seed": 6})
    abandon(first)
    second = windows()
    second.session.recover()
    stack = second.document.undo_stack
    assert [stack.text(i) for i in range(stack.count())] == ["Seed"]
    assert second.document.recipe is not None
    assert second.document.recipe.seed == 6

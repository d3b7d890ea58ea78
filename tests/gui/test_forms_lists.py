"""Editors that hold others: a section with its switch, a list of methods, the teacher, pairs of layers."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from backend.recipe import Stage
from gui import stage_text
from gui.document import Document
from gui.forms import Form, GroupEditor, ListEditor, NetworkEditor, PairsEditor, PairsWanted, Surroundings
from gui.forms.editors import REASON
from gui.forms.network import FILE, RUN
from gui.panels.recipe_panel import RecipePanel
from gui.run_state import RunState
from tests.clipping import clipped, settle
from tests.keyboard import nameless, not_reached
from tests.small_catalogue import teaching_catalogue

RUNS = [("Run 2 · Wide", Path("/runs/wide")), ("Run 1 · Thin", Path("/runs/thin"))]
TWO = {"teacher": "original", "losses": [{"loss": "soft", "temperature": 2.0}, {"loss": "hints"}]}


class Around:
    """The window that a form stands in: its runs, and what was asked of it."""

    def __init__(self, runs: Sequence[tuple[str, Path]] = RUNS) -> None:
        self.wanted: list[PairsWanted] = []
        self.surroundings = Surroundings(lambda: runs, lambda: "/runs/wide", self.wanted.append)


def build(qtbot: QtBot, value: Any, around: Around | None = None) -> tuple[GroupEditor, list[Any]]:
    """The section of a training, and the values it tells."""
    parameter = teaching_catalogue().get("stage", "train").parameter("distill")
    assert parameter is not None
    around = around or Around()
    form = Form([parameter], {"distill": value}, teaching_catalogue(), around=around.surroundings)
    qtbot.addWidget(form)
    told: list[Any] = []
    form.changed.connect(lambda _, entered: told.append(entered))
    group = form.editors["distill"]
    assert isinstance(group, GroupEditor)
    return group, told


def losses_of(group: GroupEditor) -> ListEditor:
    assert group.form is not None
    found = group.form.editors["losses"]
    assert isinstance(found, ListEditor)
    return found


def texts(root: QWidget) -> list[str]:
    return [one.text() for one in root.findChildren(QLabel)]


def choose(combo: Any, value: Any) -> None:
    row = combo.findData(value)
    combo.setCurrentIndex(row)
    combo.activated.emit(row)


def test_that_a_section_begins_with_its_required_settings_and_ends_as_none(qtbot: QtBot) -> None:
    group, told = build(qtbot, None)
    assert group.form is None
    qtbot.keyClick(group.toggle, Qt.Key.Key_Space)
    assert told == [{"teacher": "original", "label_weight": 0.3, "losses": [{"loss": "soft"}]}]
    assert list(group.form.editors) == ["teacher", "label_weight", "losses"]  # type: ignore[attr-defined]
    group.toggle.click()
    assert told[-1] is None


def test_that_a_section_that_is_switched_on_again_is_as_it_was(qtbot: QtBot) -> None:
    group, told = build(qtbot, TWO)
    group.toggle.click()
    group.toggle.click()
    assert told == [None, TWO]


def test_that_the_settings_of_one_entry_are_told_with_the_others_untouched(qtbot: QtBot) -> None:
    group, told = build(qtbot, TWO)
    second = losses_of(group).entries[1]
    assert second.form is not None
    second.form.editors["weight"].setValue(0.1)  # type: ignore[attr-defined]
    assert told == [{**TWO, "losses": [TWO["losses"][0], {"loss": "hints", "weight": 0.1}]}]  # type: ignore[index]


def test_that_a_method_is_added_twice_and_removed_again(qtbot: QtBot) -> None:
    group, told = build(qtbot, TWO)
    losses = losses_of(group)
    menu = losses.menu()
    assert [action.text() for action in menu.actions()] == [
        f"{id}\tThe distillation {id}." for id in ("soft", "hints", "gaze", "nearest")
    ]
    menu.actions()[0].trigger()
    assert [one["loss"] for one in told[-1]["losses"]] == ["soft", "hints", "soft"]
    names = [entry.combo.accessibleName() for entry in losses.entries]
    assert names == ["Losses 1", "Losses 2", "Losses 3"]
    losses.entries[0].remove.click()
    assert told[-1]["losses"] == [{"loss": "hints"}, {"loss": "soft"}]
    assert [entry.combo.accessibleName() for entry in losses.entries] == ["Losses 1", "Losses 2"]
    menu.deleteLater()


def test_that_the_last_of_a_list_that_needs_one_stays(qtbot: QtBot) -> None:
    group, _ = build(qtbot, TWO)
    losses = losses_of(group)
    losses.entries[1].remove.click()
    assert not losses.entries[0].remove.isEnabled()
    assert "The only one" in losses.entries[0].remove.toolTip()


def test_that_another_loss_in_its_place_begins_without_the_settings_of_the_last(qtbot: QtBot) -> None:
    group, told = build(qtbot, TWO)
    choose(losses_of(group).entries[0].combo, "gaze")
    assert told[-1]["losses"] == [{"loss": "gaze"}, {"loss": "hints"}]


def test_that_the_teacher_is_the_original_a_run_by_its_title_or_a_file(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    group, told = build(qtbot, TWO)
    assert group.form is not None
    teacher = group.form.editors["teacher"]
    assert isinstance(teacher, NetworkEditor)
    assert [teacher.itemText(i) for i in range(teacher.count())] == [
        "The original network", "A file…", "A finished run…",
    ]  # fmt: skip
    menu = teacher.run_menu()
    assert [action.text() for action in menu.actions()] == ["Run 2 · Wide", "Run 1 · Thin"]
    menu.actions()[1].trigger()
    assert told[-1]["teacher"] == "/runs/thin"
    assert teacher.currentText() == "Run 1 · Thin"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    choose(teacher, FILE)
    assert teacher.currentText() == "Run 1 · Thin"  # nothing was chosen
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/files/big.pt", ""))
    choose(teacher, FILE)
    assert (told[-1]["teacher"], teacher.currentText()) == ("/files/big.pt", "big.pt")
    choose(teacher, "original")
    assert told[-1]["teacher"] == "original"
    menu.deleteLater()


def test_that_a_teacher_that_is_a_section_is_shown_as_text_and_kept(qtbot: QtBot) -> None:
    section = {"source": "bundled", "name": "lenet5", "width": 0.5}
    group, told = build(qtbot, {**TWO, "teacher": section})
    assert group.form is not None
    teacher = group.form.editors["teacher"]
    assert isinstance(teacher, NetworkEditor)
    assert teacher.currentText() == "lenet5 · width 0.5"
    group.form.editors["label_weight"].setValue(0.5)  # type: ignore[attr-defined]
    assert told[-1]["teacher"] == section


def test_that_without_a_finished_run_none_can_be_chosen_and_why(qtbot: QtBot) -> None:
    group, _ = build(qtbot, TWO, Around([]))
    assert group.form is not None
    teacher = group.form.editors["teacher"]
    assert isinstance(teacher, NetworkEditor)
    row = teacher.findData(RUN)
    assert not teacher.model().item(row).isEnabled()  # type: ignore[attr-defined]
    assert teacher.itemData(row, REASON) == "No run has finished yet"


def test_that_arrows_open_the_list_of_teachers_with_runs_that_have_finished_since(qtbot: QtBot) -> None:
    runs: list[tuple[str, Path]] = []
    group, told = build(qtbot, TWO, Around(runs))
    assert group.form is not None
    teacher = group.form.editors["teacher"]
    assert isinstance(teacher, NetworkEditor)
    runs.append(RUNS[0])
    qtbot.keyClick(teacher, Qt.Key.Key_Down)
    assert teacher.view().isVisible()
    assert teacher.model().item(teacher.findData(RUN)).isEnabled()  # type: ignore[attr-defined]
    teacher.hidePopup()
    assert told == []
    assert teacher.currentText() == "The original network"


def test_that_pairs_are_listed_and_those_that_come_back_are_told(qtbot: QtBot) -> None:
    around = Around()
    group, told = build(qtbot, TWO, around)
    entry = losses_of(group).entries[1]
    assert entry.form is not None
    pairs = entry.form.editors["pairs"]
    assert isinstance(pairs, PairsEditor)
    assert pairs.texts() == ["Chosen automatically"]
    qtbot.mouseClick(pairs.choose, Qt.MouseButton.LeftButton)
    wanted = around.wanted[0]
    assert (wanted.method.id, wanted.pairs, wanted.teacher) == ("hints", None, "/runs/wide")
    many = {**{f"a{i}": f"b{i}" for i in range(5)}, "c": ["d", "e"]}
    wanted.tell(many)
    assert told[-1]["losses"][1] == {"loss": "hints", "pairs": many}
    assert pairs.texts() == ["a0 → b0", "a1 → b1", "a2 → b2", "a3 → b3", "and 2 more"]
    pairs.choose.click()
    around.wanted[1].tell(None)
    assert told[-1]["losses"][1] == {"loss": "hints"}
    assert pairs.texts() == ["Chosen automatically"]


def test_that_pairs_for_a_form_that_is_gone_are_told_to_nobody(qtbot: QtBot) -> None:
    around = Around()
    group, told = build(qtbot, TWO, around)
    losses = losses_of(group)
    losses.entries[1].form.editors["pairs"].choose.click()  # type: ignore[union-attr, attr-defined]
    gone = losses.entries[1]
    with qtbot.waitSignal(gone.destroyed):
        gone.remove.click()
    told.clear()
    around.wanted[0].tell({"a": "b"})
    assert told == []


@pytest.fixture
def teaching(document: Document) -> Document:
    document.catalogue = teaching_catalogue()
    document.edit(
        dataclasses.replace(document.recipe, stages=(Stage("train", {"epochs": 2}),)),  # type: ignore[type-var]
        "One stage",
    )
    document.select_stage(0)
    return document


def test_that_each_change_in_a_section_is_one_step_of_undo_and_the_form_stays(qtbot: QtBot, teaching: Document) -> None:
    panel = RecipePanel(teaching, RunState(), Around().surroundings)
    qtbot.addWidget(panel)
    form = panel.cards[0].form
    assert form is not None
    group = form.editors["distill"]
    assert isinstance(group, GroupEditor)
    steps = teaching.undo_stack.count()
    group.toggle.click()
    losses_of(group)._add("hints")
    losses_of(group).entries[1].form.editors["weight"].setValue(0.1)  # type: ignore[union-attr, attr-defined]
    assert teaching.undo_stack.count() == steps + 3
    assert panel.cards[0].form is form
    distill = teaching.recipe.stages[0].settings["distill"]  # type: ignore[union-attr]
    assert distill["losses"] == [{"loss": "soft"}, {"loss": "hints", "weight": 0.1}]
    assert panel.cards[0].header.summary.text().endswith("distilled: soft, hints")
    teaching.undo_stack.undo()
    teaching.undo_stack.undo()
    shown = panel.cards[0].form.editors["distill"]  # type: ignore[union-attr]
    assert [entry.value for entry in losses_of(shown).entries] == [{"loss": "soft"}]  # type: ignore[arg-type]


def test_that_a_setting_within_a_section_is_found_where_it_is_folded_away(qtbot: QtBot) -> None:
    train = teaching_catalogue().get("stage", "train")
    folded = [dataclasses.replace(one, advanced=one.name == "distill") for one in train.parameters]
    form = Form(folded, {"distill": TWO}, teaching_catalogue())
    qtbot.addWidget(form)
    form.show()
    found = form.reveal(["distill", "label_weight"])
    assert found is not None
    assert found.isVisible()
    assert form.unfolded
    assert form.reveal(["distill", "losses"]) is losses_of(form.editors["distill"])  # type: ignore[arg-type]
    assert form.reveal(["gone"]) is None


def test_that_the_section_is_whole_in_the_dock_and_walked_by_tab(qtbot: QtBot, teaching: Document) -> None:
    teaching.set_values({"stages.0.train.distill": TWO}, "Teach")
    panel = RecipePanel(teaching, RunState(), Around().surroundings)
    qtbot.addWidget(panel)
    panel.resize(280, 1400)
    panel.show()
    settle()
    assert clipped(panel) == []
    assert nameless(panel) == []
    assert not_reached(panel) == []


def test_that_a_card_says_by_what_and_from_whom_a_stage_distills(teaching: Document) -> None:
    catalogue = teaching_catalogue()
    taught = Stage("train", {"epochs": 2, "distill": {"losses": [{"loss": "soft"}, {"loss": "hints"}]}})
    assert stage_text.summary(taught, catalogue).endswith(" · distilled: soft, hints")
    other = Stage("train", {"distill": {"teacher": "files/big.pt", "losses": [{"loss": "soft"}]}})
    assert stage_text.summary(other, catalogue).endswith(" · distilled from big.pt: soft")

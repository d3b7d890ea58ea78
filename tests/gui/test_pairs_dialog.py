"""Pairs of layers: what goes together and why not, and the dialog with both networks side by side."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from backend.answers import Inspection, LayerInfo
from backend.description import Description
from gui.dialogs.pair_side import PairSide
from gui.dialogs.pairs_dialog import BETWEEN, STUDENT, TEACHER, PairsDialog
from gui.forms import PairsWanted
from gui.item_models.layer_columns import Column
from gui.pairing import Pairing
from tests.clipping import clipped, outside, settle
from tests.keyboard import nameless, not_reached
from tests.small_catalogue import teaching_catalogue


def network(name: str, width: int, blocks: int) -> Inspection:
    """A stem, two stages of blocks, each half as high as the one before, a pool and a head."""
    layers = [LayerInfo("", "Net", 100, 100, False, (), (10,))]
    layers.append(LayerInfo("stem", "Conv2d", 10, 10, True, (width, 3, 3, 3), (width, 16, 16)))
    for stage in (1, 2):
        shape = (width * stage, 16 // stage, 16 // stage)
        layers.append(LayerInfo(f"layer{stage}", "Sequential", 20, 20, False, (), shape))
        for block in range(blocks):
            layers.append(LayerInfo(f"layer{stage}.{block}", "Conv2d", 20, 20, True, (shape[0], 3, 3, 3), shape))
    layers.append(LayerInfo("pool", "AdaptiveAvgPool2d", 0, 0, True, (), (width * 2, 1, 1)))
    layers.append(LayerInfo("hidden", "Linear", 10, 10, True, (20, width * 2), (20,)))
    layers.append(LayerInfo("odd", "Gadget", 0, 0, True))
    layers.append(LayerInfo("head", "Linear", 10, 10, True, (10, 20), (10,)))
    return Inspection(name, {"source": "bundled"}, (3, 16, 16), 10, 100, 100, 400, layers)


STUDENT_NET, TEACHER_NET = network("small", 8, 1), network("large", 16, 3)


def loss(id: str) -> Description:
    return teaching_catalogue().get("distillation", id)


def pairing(id: str, pairs: Any = None) -> Pairing:
    return Pairing(loss(id), STUDENT_NET.layers, TEACHER_NET.layers, pairs)


def test_that_a_layer_of_the_student_has_one_teacher_or_several_as_the_loss_says() -> None:
    one, more = pairing("hints"), pairing("nearest")
    for made in (one, more):
        assert made.join("layer1", "layer1.0") == ""
        assert made.join("stem", "stem") == ""
        assert made.join("layer1", "layer1.2") == ""
        assert made.join("layer1", "layer1.2") == ""
    assert one.value == {"layer1": "layer1.2", "stem": "stem"}
    assert more.value == {"layer1": ["layer1.0", "layer1.2"], "stem": "stem"}
    assert more.numbers("student") == {"layer1": [1, 3], "stem": [2]}
    assert more.numbers("teacher") == {"layer1.0": [1], "stem": [2], "layer1.2": [3]}


def test_that_pairs_come_back_as_they_were_given() -> None:
    given = {"layer1": ["layer1.0", "layer1.1"], "stem": "stem", "gone": "stem"}
    made = pairing("nearest", given)
    assert made.value == given
    assert made.note(("gone", "stem")) == "There is no layer gone"
    assert made.part("teacher", "stem")
    assert made.value == {"layer1": ["layer1.0", "layer1.1"]}
    assert not made.part("student", "head")
    assert pairing("nearest", {}).value is None


@pytest.mark.parametrize(
    ("id", "pair", "note"),
    [
        ("hints", ("stem", "stem"), "regressor 8 → 16"),
        ("hints", ("layer2", "layer1"), "averaged to 8×8"),
        ("hints", ("stem", "layer2"), "regressor 8 → 32 · averaged to 8×8"),
        ("hints", ("hidden", "hidden"), ""),
        ("gaze", ("stem", "stem"), ""),
        ("gaze", ("stem", "layer2"), "averaged to 8×8"),
    ],
)
def test_that_what_stands_between_two_shapes_is_said(id: str, pair: tuple[str, str], note: str) -> None:
    made = pairing(id)
    assert made.why_not(*pair) == ""
    assert made.note(pair) == note


@pytest.mark.parametrize(
    ("id", "pair", "why"),
    [
        ("hints", ("hidden", "stem"), "hidden gives 20 and stem gives 16×16×16: vectors and maps can't be compared."),
        ("gaze", ("hidden", "hidden"), "hidden gives 20, and gaze compares maps, sequences."),
        ("hints", ("odd", "stem"), "odd has no output to compare: it does not run by itself."),
        ("gaze", ("stem", "hidden"), "hidden gives 20, and gaze compares maps, sequences."),
    ],
)
def test_that_outputs_that_can_not_be_compared_are_refused_with_the_reason(
    id: str, pair: tuple[str, str], why: str
) -> None:
    made = pairing(id)
    assert made.join(*pair) == why
    assert made.pairs == []


def test_that_layers_of_a_network_whose_shapes_are_unknown_can_be_paired() -> None:
    unknown = [dataclasses.replace(layer, output_shape=()) for layer in TEACHER_NET.layers]
    made = Pairing(loss("hints"), STUDENT_NET.layers, unknown)
    assert made.join("stem", "stem") == ""
    assert made.note(("stem", "stem")) == "Shape unknown"


def test_that_proposed_pairs_take_the_place_of_all_and_none_leaves_them() -> None:
    made = pairing("hints", {"stem": "stem"})
    assert made.propose()
    proposed = made.value
    assert proposed is not None
    assert proposed["layer1"] == "layer1"
    assert proposed["layer2"] == "layer2"
    alone = Pairing(loss("hints"), STUDENT_NET.layers, TEACHER_NET.layers[:1], {"stem": "stem"})
    assert not alone.propose()
    assert alone.value == {"stem": "stem"}


class Shown:
    """The dialog, and what it tells."""

    def __init__(self, qtbot: QtBot, id: str = "hints", pairs: Any = None) -> None:
        self.told: list[Any] = []
        wanted = PairsWanted(loss(id), pairs, "/runs/large", self.told.append)
        self.dialog = PairsDialog(wanted, STUDENT_NET, ("small", "Run 1 · large"))
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)  # the test closes it
        qtbot.addWidget(self.dialog)
        with qtbot.waitExposed(self.dialog):
            self.dialog.show()
        self._qtbot = qtbot

    def click(self, side: PairSide, name: str) -> None:
        index = side.model.at_name(name).siblingAtColumn(Column.NAME)
        side.tree.scrollTo(index)
        at = side.tree.visualRect(index).center()
        self._qtbot.mouseClick(side.tree.viewport(), Qt.MouseButton.LeftButton, pos=at)

    def key(self, side: PairSide, name: str, key: Qt.Key) -> None:
        side.tree.setCurrentIndex(side.model.at_name(name))
        self._qtbot.keyClick(side.tree, key)


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    made = Shown(qtbot)
    made.dialog.show_teacher(TEACHER_NET)
    return made


def test_that_a_click_on_each_side_makes_a_pair_in_either_order(shown: Shown) -> None:
    dialog = shown.dialog
    shown.click(dialog.student, "stem")
    assert dialog.hint.text() == "Now choose the layer of the teacher that stem learns from."
    shown.click(dialog.teacher, "stem")
    shown.click(dialog.teacher, "layer1.2")
    assert dialog.hint.text() == "Now choose the layer of the student that learns from layer1.2."
    shown.click(dialog.student, "layer1")
    rows = [[dialog.table.index(row, column).data() for column in range(4)] for row in range(dialog.table.rowCount())]
    assert rows == [
        ["1", "stem · 8×16×16", "stem · 16×16×16", "regressor 8 → 16"],
        ["2", "layer1 · 8×16×16", "layer1.2 · 16×16×16", "regressor 8 → 16"],
    ]
    assert dialog.student.numbers == {"stem": [1], "layer1": [2]}
    dialog.accept()
    assert shown.told == [{"stem": "stem", "layer1": "layer1.2"}]


def test_that_a_second_layer_of_one_side_takes_the_place_of_the_first(shown: Shown) -> None:
    shown.click(shown.dialog.student, "stem")
    shown.click(shown.dialog.student, "layer2")
    shown.click(shown.dialog.teacher, "layer2")
    assert shown.dialog.pairing is not None
    assert shown.dialog.pairing.pairs == [("layer2", "layer2")]


def test_that_a_refused_pair_says_why_and_the_layer_still_waits(shown: Shown) -> None:
    dialog = shown.dialog
    shown.click(dialog.student, "hidden")
    shown.click(dialog.teacher, "stem")
    assert "vectors and maps" in dialog.hint.text()
    assert dialog.hint.property("tone") == "bad"
    shown.click(dialog.teacher, "hidden")
    assert dialog.pairing is not None
    assert dialog.pairing.pairs == [("hidden", "hidden")]
    assert dialog.hint.property("tone") == "sec"


def test_that_keys_pair_and_part(shown: Shown, qtbot: QtBot) -> None:
    dialog = shown.dialog
    shown.key(dialog.student, "stem", Qt.Key.Key_Return)
    shown.key(dialog.teacher, "stem", Qt.Key.Key_Space)
    shown.key(dialog.student, "layer2", Qt.Key.Key_Return)
    shown.key(dialog.teacher, "layer2", Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert dialog.pairing is not None
    assert dialog.pairing.pairs == [("stem", "stem"), ("layer2", "layer2")]
    shown.key(dialog.teacher, "stem", Qt.Key.Key_Delete)
    assert dialog.pairing.pairs == [("layer2", "layer2")]
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.view.setFocus()
    dialog.view.selectRow(0)
    qtbot.keyClick(dialog.view, Qt.Key.Key_Delete)
    assert dialog.pairing.pairs == []
    assert dialog.none.isVisible()


def test_that_pairs_are_joined_by_curves_that_follow_folding_filter_and_scrolling(shown: Shown) -> None:
    dialog = shown.dialog
    dialog.propose.click()
    settle()
    lines, pair = dialog.lines, ("layer1", "layer1")
    ends = lines.ends(pair)
    assert ends is not None
    row = dialog.teacher.tree.visualRect(dialog.teacher.model.at_name("layer1"))
    assert ends[1] == lines.mapFromGlobal(dialog.teacher.tree.viewport().mapToGlobal(QPoint(0, row.center().y()))).y()
    dialog.teacher.model.fold(0, True)
    settle()
    folded = lines.ends(pair)
    assert folded is not None
    assert folded[1] < ends[1]  # at the row that holds it
    dialog.teacher.model.fold(0, False)
    dialog.teacher.filter.setText("layer2")
    settle()
    assert lines.ends(pair) is None
    dialog.teacher.filter.clear()
    picture = lines.grab().toImage()
    colors = {picture.pixelColor(32, y).name() for y in range(picture.height())}
    assert len(colors) > 1


def test_that_a_large_network_begins_folded_with_a_row_for_what_is_paired(qtbot: QtBot) -> None:
    made = Shown(qtbot, pairs={"layer2.0": "layer2.20"})
    made.dialog.show_teacher(network("deep", 16, 21))
    teacher = made.dialog.teacher
    names = [teacher.tree.name_at(row) for row in range(teacher.model.rowCount())]
    assert names[:4] == ["", "stem", "layer1", "layer2"]
    assert "layer2.20" in names
    assert "layer1.0" not in names
    made.dialog._part("student", "layer2.0")
    teacher.model.fold_all(True)
    made.dialog.propose.click()
    assert all(teacher.model.at_name(other).isValid() for _, other in made.dialog.pairing.pairs)  # type: ignore[union-attr]


def test_that_a_row_of_the_list_brings_both_layers_into_view(shown: Shown) -> None:
    dialog = shown.dialog
    dialog.propose.click()
    dialog.student.model.fold_all(True)
    dialog.view.selectRow(1)
    own = dialog.table.index(1, STUDENT).data().split(" · ")[0]
    other = dialog.table.index(1, TEACHER).data().split(" · ")[0]
    assert dialog.student.tree.name_at(dialog.student.tree.currentIndex().row()) == own
    assert dialog.teacher.tree.name_at(dialog.teacher.tree.currentIndex().row()) == other
    assert dialog.table.headerData(BETWEEN, Qt.Orientation.Horizontal) == "Between them"


def test_that_without_pairs_none_are_told_and_cancel_tells_nothing(qtbot: QtBot) -> None:
    first, second = Shown(qtbot, pairs={"stem": "stem"}), Shown(qtbot, pairs={"stem": "stem"})
    for made in (first, second):
        made.dialog.show_teacher(TEACHER_NET)
        made.dialog.clear.click()
    first.dialog.accept()
    second.dialog.reject()
    assert first.told == [None]
    assert second.told == []


def test_that_nothing_can_be_used_before_the_teacher_is_there_and_a_failure_is_a_sentence(qtbot: QtBot) -> None:
    made = Shown(qtbot)
    dialog = made.dialog
    assert not dialog.use.isEnabled()
    assert not dialog.propose.isEnabled()
    assert dialog.teacher._said.text() == "Opening the teacher…"
    dialog.fail("There is no gone.pt. Check the name.")
    assert dialog.teacher._said.text() == "There is no gone.pt. Check the name."
    dialog.accept()
    assert made.told == []
    dialog.show_teacher(TEACHER_NET)
    assert dialog.use.isEnabled()


def test_that_the_dialog_is_named_throughout_walked_by_tab_and_whole(shown: Shown) -> None:
    shown.dialog.propose.click()
    settle()
    assert nameless(shown.dialog) == []
    assert not_reached(shown.dialog) == []
    assert clipped(shown.dialog) == []
    assert outside(shown.dialog) == []
    assert shown.dialog.height() <= 680

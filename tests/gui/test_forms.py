"""Forms: every type of parameter has an editor that says what was entered, once."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from backend.description import Parameter
from gui.forms import FileEditor, Form, NestedEditor, PercentEditor, TargetEditor, choice_text
from gui.forms.editors import INDENT, REASON
from gui.target_text import said, unit_of
from gui.text import percent
from gui.theme import font
from gui.widgets.segmented import Segmented
from gui.widgets.toggle import Toggle
from tests.small_catalogue import during_catalogue, small_catalogue


def build(qtbot: QtBot, parameter: Parameter, value: Any = None) -> tuple[Form, Any, list[tuple[str, Any]]]:
    """The form of one parameter, its editor, and what it tells."""
    form = Form([parameter], {} if value is None else {parameter.name: value}, small_catalogue())
    qtbot.addWidget(form)
    told: list[tuple[str, Any]] = []
    form.changed.connect(lambda name, value: told.append((name, value)))
    return form, form.editors[parameter.name], told


def test_that_a_toggle_tells_true_and_false(qtbot: QtBot) -> None:
    _, editor, told = build(qtbot, Parameter(name="on", type="bool", label="On", default=False))
    assert isinstance(editor, Toggle)
    qtbot.keyClick(editor, Qt.Key.Key_Space)
    editor.click()
    assert told == [("on", True), ("on", False)]


def test_that_few_short_choices_are_segments_and_many_a_list(qtbot: QtBot) -> None:
    short = Parameter(name="scope", type="choice", label="Scope", default="local", choices=("local", "global"))
    _, editor, told = build(qtbot, short)
    assert isinstance(editor, Segmented)
    qtbot.keyClick(editor, Qt.Key.Key_Right)
    assert told == [("scope", "global")]
    long = Parameter(
        name="engine", type="choice", label="Engine", default="auto", choices=("auto", "fbgemm", "onednn", "qnnpack")
    )
    assert isinstance(build(qtbot, long)[1], QComboBox)


def test_that_a_share_that_is_not_whole_is_not_shown_as_whole() -> None:
    shares = (0, 0.004, 0.5, 0.995, 0.99996, 1)
    assert [percent(share) for share in shares] == ["0%", "0.4%", "50%", "99.5%", "100%", "100%"]
    assert percent(0.0004, 1) == "0.04%"


def test_that_a_spin_box_asks_for_less_than_its_longest_number(qtbot: QtBot) -> None:
    for type in ("int", "float"):
        form, _, _ = build(qtbot, Parameter(name="count", type=type, label="Count", default=1, required=True))
        assert form.minimumSizeHint().width() <= 160


@pytest.mark.parametrize(("width", "below"), [(220, True), (360, False)])
def test_that_the_unit_of_a_target_is_not_cut_off(qtbot: QtBot, width: int, below: bool) -> None:
    parameter = Parameter(name="target", type="target", label="Target", choices=("macs",))
    form, editor, _ = build(qtbot, parameter, {"macs": 0.5})
    form.resize(width, 120)
    with qtbot.waitExposed(form):
        form.show()
    assert editor.unit.currentText() == "% of original"
    assert editor.unit.width() >= 100
    assert (editor.spin.x() == 0) == below


def test_that_a_list_of_methods_shows_labels_and_tells_ids(qtbot: QtBot) -> None:
    parameter = Parameter(name="method", type="method", of="criterion", label="Method", default="l1", required=True)
    _, editor, told = build(qtbot, parameter)
    assert isinstance(editor, QComboBox)
    assert [editor.itemText(i) for i in range(editor.count())] == ["l1", "norm", "mask"]
    assert editor.toolTip() == "The criterion l1."
    editor.setCurrentIndex(1)
    editor.activated.emit(1)
    assert told == [("method", "norm")]


def test_that_a_percentage_is_entered_as_a_share(qtbot: QtBot) -> None:
    parameter = Parameter(
        name="amount", type="float", label="Amount", default=0.5, minimum=0, maximum=1, percent=True, required=True
    )
    _, editor, told = build(qtbot, parameter)
    assert isinstance(editor, PercentEditor)
    assert editor.spin.text() == "50%"
    editor.spin.setValue(62.5)
    assert told == [("amount", 0.625)]
    editor.slider.setValue(30)
    assert told[-1] == ("amount", 0.3)
    assert editor.spin.value() == 30


def test_that_dragging_the_slider_tells_one_value(qtbot: QtBot) -> None:
    parameter = Parameter(name="amount", type="float", label="Amount", default=0.5, percent=True, required=True)
    _, editor, told = build(qtbot, parameter)
    editor.slider.setSliderDown(True)
    for value in (51, 55, 60):
        editor.slider.setValue(value)
    assert told == []
    editor.slider.setSliderDown(False)
    assert told == [("amount", 0.6)]


def test_that_a_whole_number_keeps_its_bounds(qtbot: QtBot) -> None:
    _, editor, told = build(
        qtbot, Parameter(name="epochs", type="int", label="Epochs", default=3, minimum=1, required=True)
    )
    assert isinstance(editor, QSpinBox)
    editor.setValue(-5)
    assert told == [("epochs", 1)]


@pytest.mark.parametrize(("text", "value"), [("0.0005", 0.0005), ("1e-3", 0.001), ("12", 12.0)])
def test_that_small_numbers_are_written_and_read_as_they_are(qtbot: QtBot, text: str, value: float) -> None:
    parameter = Parameter(name="learning_rate", type="float", label="Rate", above=0, maximum=100)
    _, editor, told = build(qtbot, parameter, 0.01)
    assert isinstance(editor, QDoubleSpinBox)
    assert editor.text() == "0.01"
    editor.lineEdit().setText(text)
    editor.interpretText()
    assert told == [("learning_rate", value)]


def test_that_an_optional_number_can_be_left_to_pare(qtbot: QtBot) -> None:
    parameter = Parameter(name="learning_rate", type="float", label="Rate", above=0, maximum=100)
    _, editor, told = build(qtbot, parameter)
    assert editor.text() == "Automatic"
    editor.stepUp()
    assert told == [("learning_rate", 0.01)]
    editor.setValue(editor.minimum())
    assert told[-1] == ("learning_rate", None)


def test_that_a_file_and_a_text_can_be_cleared(qtbot: QtBot) -> None:
    _, editor, told = build(qtbot, Parameter(name="file", type="file", label="File"), "masks.pt")
    assert isinstance(editor, FileEditor)
    editor.line.clear()
    editor.line.editingFinished.emit()
    assert told == [("file", None)]


def test_that_numbers_and_mappings_are_read_as_yaml(qtbot: QtBot) -> None:
    _, editor, told = build(qtbot, Parameter(name="mean", type="numbers", label="Mean"), [0.5, 0.25])
    assert isinstance(editor, QLineEdit)
    assert editor.text() == "[0.5, 0.25]"
    editor.setText("[0.1, 0.2, 0.3]")
    editor.editingFinished.emit()
    assert told == [("mean", [0.1, 0.2, 0.3])]


def test_that_advanced_parameters_are_folded_away(qtbot: QtBot) -> None:
    form, editor, _ = build(qtbot, Parameter(name="decay", type="float", label="Decay", default=0.0, advanced=True))
    form.show()
    assert not editor.isVisible()
    form.fold.click()
    assert editor.isVisible()
    assert form.unfolded


def test_that_every_editor_has_a_name_for_screen_readers(qtbot: QtBot) -> None:
    catalogue = small_catalogue()
    for kind in ("prune", "train", "quantize"):
        form = Form(catalogue.get("stage", kind).parameters, {}, catalogue)
        qtbot.addWidget(form)
        assert all(editor.accessibleName() for editor in form.editors.values())


def test_that_choices_are_words() -> None:
    assert choice_text("per_channel") == "Per channel"
    assert choice_text("global") == "Global"
    assert choice_text("inf") == "inf"
    assert choice_text("onednn") == "onednn"
    assert choice_text(2) == "2"


SCHEDULE = Parameter(name="schedule", type="nested", of="schedule", label="Schedule", summary="When.")
TARGET = Parameter(
    name="target",
    type="target",
    label="Target",
    choices=("macs", "parameters", "size", "latency", "sparsity", "accuracy_drop"),
)


def told_by(qtbot: QtBot, parameter: Parameter, value: Any = None) -> tuple[Any, list[Any]]:
    """The editor of a parameter over the catalogue with schedules, and the values it tells."""
    form = Form([parameter], {parameter.name: value}, during_catalogue())
    qtbot.addWidget(form)
    told: list[Any] = []
    form.changed.connect(lambda _, entered: told.append(entered))
    return form.editors[parameter.name], told


def choose(combo: QComboBox, value: Any) -> None:
    """Choose an entry as a person does."""
    row = combo.findData(value)
    combo.setCurrentIndex(row)
    combo.activated.emit(row)


def test_that_a_nested_method_shows_its_own_settings_below(qtbot: QtBot) -> None:
    editor, told = told_by(qtbot, SCHEDULE)
    assert isinstance(editor, NestedEditor)
    assert editor.combo.currentText() == "None"
    assert editor.form is None
    choose(editor.combo, "agp")
    assert told == [{"kind": "agp"}]
    assert list(editor.form.editors) == ["start", "end"]
    editor.form.changed.emit("end", 0.6)
    assert told[-1] == {"kind": "agp", "end": 0.6}
    editor.form.changed.emit("end", None)
    assert told[-1] == {"kind": "agp"}
    choose(editor.combo, None)
    assert told[-1] is None
    assert editor.form is None


def test_that_another_nested_method_begins_without_the_settings_of_the_last(qtbot: QtBot) -> None:
    editor, told = told_by(qtbot, SCHEDULE, {"kind": "agp", "end": 0.5})
    assert editor.form.editors["end"].value() == 0.5
    choose(editor.combo, "ticket")
    assert told == [{"kind": "ticket"}]
    assert list(editor.form.editors) == ["rounds"]


@pytest.mark.parametrize(
    ("target", "unit", "entered", "figure"),
    [
        ("macs", "% of original", 40, 0.4),
        ("macs", "M MACs", 12, 12e6),
        ("size", "KB", 80, 80e3),
        ("latency", "ms", 3, 3.0),
        ("sparsity", "", 90, 0.9),
        ("accuracy_drop", "", 2.5, 2.5),
    ],
)
def test_that_a_target_is_told_as_a_share_or_as_its_figure(
    qtbot: QtBot, target: str, unit: str, entered: float, figure: float
) -> None:
    editor, told = told_by(qtbot, TARGET)
    assert isinstance(editor, TargetEditor)
    choose(editor.combo, target)
    if target not in ("sparsity", "accuracy_drop") and editor.unit.currentText() != unit:
        row = editor.unit.findText(unit)
        editor.unit.setCurrentIndex(row)
        editor.unit.activated.emit(row)
    editor.spin.setValue(entered)
    assert told[-1] == pytest.approx({target: figure})


def test_that_a_target_is_shown_as_it_was_entered(qtbot: QtBot) -> None:
    editor, told = told_by(qtbot, TARGET, {"parameters": 2421.0})
    assert (editor.combo.currentText(), editor.spin.text(), editor.unit.currentText()) == (
        "Parameters",
        "2421",
        "parameters",
    )
    choose(editor.combo, None)
    assert told == [None]
    assert unit_of("size", 2_500_000).text == "MB"


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ({"macs": 0.5}, "MACs 50% of original"),
        ({"macs": 41e6}, "41.0 M MACs"),
        ({"parameters": 2421.0}, "2,421 parameters"),
        ({"size": 80e3}, "80.0 KB"),
        ({"latency": 0.25}, "Latency 25% of original"),
        ({"latency": 2.0}, "2.00 ms"),
        ({"sparsity": 0.9}, "90% zero"),
        ({"accuracy_drop": 1.0}, "at most 1.00 pt lost"),
    ],
)
def test_that_a_target_is_said_in_a_few_words(target: dict[str, float], words: str) -> None:
    assert said(target) == words


def test_that_a_figure_that_is_no_share_can_not_become_one(qtbot: QtBot) -> None:
    editor, told = told_by(qtbot, TARGET, {"latency": 2.0})
    editor.spin.setValue(0.5)
    assert told[-1]["latency"] > 1


def test_that_a_method_that_makes_no_sense_here_says_why(qtbot: QtBot) -> None:
    parameter = Parameter(name="method", type="method", of="criterion", label="Method", default="l1", required=True)
    form = Form([parameter], {}, during_catalogue(), refused={"method": {"watcher": "Learns while training"}})
    qtbot.addWidget(form)
    combo = form.editors["method"]
    row = combo.findData("watcher")
    assert combo.itemText(row) == "watcher"
    assert combo.itemData(row, REASON) == "Learns while training"
    assert not combo.model().item(row).isEnabled()
    assert row == combo.count() - 1


def test_that_the_reason_of_a_refused_method_is_not_cut_off(qtbot: QtBot) -> None:
    parameter = Parameter(name="method", type="method", of="criterion", label="Method", default="l1", required=True)
    reason = "Learns while training: add it under Fine-tune, where it prunes meanwhile"
    form = Form([parameter], {}, during_catalogue(), refused={"method": {"watcher": reason}})
    qtbot.addWidget(form)
    form.setFixedWidth(220)
    form.show()
    combo: Any = form.editors["method"]
    combo.showPopup()
    room = combo.view().visualRect(combo.model().index(combo.findData("watcher"), 0)).width() - 2 * INDENT
    combo.hidePopup()
    assert room >= QFontMetrics(font(11)).horizontalAdvance(reason)


def test_that_a_setting_that_is_blocked_says_why(qtbot: QtBot) -> None:
    parameter = Parameter(name="remove", type="bool", label="Remove", default=False)
    form = Form([parameter], {}, during_catalogue(), blocked={"remove": "Needs channels"})
    qtbot.addWidget(form)
    assert not form.editors["remove"].isEnabled()
    assert any(label.text() == "Needs channels" for label in form.findChildren(QLabel))

"""The form of the limits: units, and keys in the lists of its choices."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.panels.budget_editor import BudgetEditor
from gui.widgets.popover import Popover


def test_that_a_typed_figure_stays_when_its_unit_is_chosen_afterwards(qtbot: QtBot) -> None:
    form = BudgetEditor({})
    qtbot.addWidget(form)
    size = form.lines["size"]
    size.spin.selectAll()
    QTest.keyClicks(size.spin, "60")
    for unit, figure in ((1, 60e3), (2, 60e6), (0, 0.6)):
        size.unit.setCurrentIndex(unit)
        size.unit.activated.emit(unit)
        assert form.value == {"size": figure}


def test_that_a_figure_nobody_typed_begins_anew_in_another_unit(qtbot: QtBot) -> None:
    form = BudgetEditor({"size": 0.25})
    qtbot.addWidget(form)
    form.lines["size"].unit.activated.emit(1)
    assert form.value == {"size": 100e3}


def test_that_return_in_the_list_of_units_chooses_and_does_not_close_the_form(qtbot: QtBot) -> None:
    form = BudgetEditor({})
    sets: list[dict[str, float]] = []

    def done() -> bool:
        sets.append(form.value)
        return False

    popover = Popover("Budget", "", form, "Set", done)
    popover.show_at(QPoint(40, 40))
    units = form.lines["size"].unit
    units.setFocus()
    units.showPopup()
    view = units.view()
    qtbot.waitUntil(view.isVisible)
    frame = view.window()
    handle = frame.windowHandle()
    assert QTest.qWaitForWindowExposed(frame)
    QTest.keyClick(handle, Qt.Key.Key_Down)
    QTest.keyClick(handle, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not view.isVisible())
    assert units.currentText() == "KB" and popover.isVisible() and sets == []
    form.lines["size"].spin.setFocus()
    QTest.keyClick(form.lines["size"].spin, Qt.Key.Key_Return)
    assert [list(value) for value in sets] == [["size"]]
    popover.close()

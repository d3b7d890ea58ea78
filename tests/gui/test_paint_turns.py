"""Parts of the window that change at once are painted one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import pytest
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QWidget
from pytestqt.qtbot import QtBot

from gui.widgets.paint_turns import TURN, paint_in_turns


class Paints(QObject):
    """Which widgets were painted, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[QObject] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.seen.append(watched)
        return False

    def are(self, widgets: Sequence[QObject]) -> bool:
        return self.seen == list(widgets)


def test_that_parts_are_painted_one_by_one_with_time_in_between_and_show_the_latest(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    row, parts, paints = QHBoxLayout(window), [QLabel("before") for _ in range(3)], Paints()
    for part in parts:
        row.addWidget(part)
    with qtbot.waitExposed(window):
        window.show()
    qtbot.wait(50)
    for part in parts:
        part.installEventFilter(paints)
    timers: list[tuple[int, Callable[[], None]]] = []  # fired here: a busy machine may fire several at once
    monkeypatch.setattr(QTimer, "singleShot", lambda after, _, call: timers.append((after, call)))
    paint_in_turns(parts)
    for part in parts:
        part.setText("after")
    QApplication.processEvents()
    assert paints.seen == []
    assert [after for after, _ in timers] == [TURN, 2 * TURN, 3 * TURN]
    for count, (_, fire) in enumerate(timers, 1):
        fire()
        qtbot.waitUntil(partial(paints.are, parts[:count]))
    assert all(part.updatesEnabled() for part in parts)


def test_that_a_part_that_goes_away_in_between_is_no_trouble(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    part = QLabel("gone", window)
    with qtbot.waitExposed(window):
        window.show()
    paint_in_turns([part])
    part.deleteLater()
    qtbot.wait(80)

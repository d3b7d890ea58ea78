"""Parts of the window that change at once are painted one after the other."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget
from pytestqt.qtbot import QtBot

from gui.widgets.paint_turns import TURN, paint_in_turns


class Paints(QObject):
    """When widgets were painted, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[QObject, float]] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.seen.append((watched, time.monotonic()))
        return False


def test_that_parts_are_painted_one_by_one_with_time_in_between_and_show_the_latest(qtbot: QtBot) -> None:
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
    paint_in_turns(parts)
    for part in parts:
        part.setText("after")
    qtbot.waitUntil(lambda: len({part for part, _ in paints.seen}) == 3)
    assert [part for part, _ in paints.seen] == parts
    times = [at for _, at in paints.seen]
    assert times[2] - times[0] > 1.5 * TURN / 1000
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

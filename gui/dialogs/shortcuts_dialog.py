"""The keyboard shortcuts on one sheet, made from the table of the commands and the keys of single panels."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from gui.actions import table
from gui.dialogs.sheet import Sheet
from gui.text import tr
from gui.widgets.buttons import button
from gui.widgets.labels import label

Rows = list[tuple[str, str]]


def groups() -> list[tuple[str, Rows]]:
    """(heading, (what, keys)) of every shortcut, those of the commands first."""
    commands = [(row.title.rstrip("…"), row.shortcut) for row in table() if row.shortcut]
    return [
        (tr("Everywhere"), commands),
        (
            tr("Layers of the network"),
            [
                (tr("Edit its settings"), "F2"),
                (tr("Open the menu, or fold"), "Space"),
                (tr("Keep as is"), "K"),
                (tr("Reset to inherited"), "Del"),
                (tr("Show weights"), "W"),
                (tr("Copy layer name"), "Ctrl+C"),
            ],
        ),
        (
            tr("Stages of the recipe"),
            [
                (tr("Open or close"), "Space"),
                (tr("Move up"), "Alt+Up"),
                (tr("Move down"), "Alt+Down"),
                (tr("Remove"), "Del"),
            ],
        ),
        (tr("Runs"), [(tr("Rename"), "F2"), (tr("Star as the best"), "Space"), (tr("Move to the bin"), "Del")]),
        (tr("Dialogs"), [(tr("Close without changes"), "Esc")]),
    ]


class ShortcutsDialog(Sheet):
    """Two columns of headings with their shortcuts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Keyboard shortcuts"), width=720, parent=parent)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setAccessibleName(tr("Keyboard shortcuts"))
        content = QWidget()
        content.setProperty("surface", "panel")
        columns = QHBoxLayout(content)
        columns.setContentsMargins(0, 0, 12, 0)
        columns.setSpacing(32)
        first, *others = groups()
        columns.addLayout(_column([first]), 1)
        columns.addLayout(_column(others), 1)
        area.setWidget(content)
        area.setMinimumHeight(480)
        self.body.addWidget(area)
        self.footer.addStretch(1)
        close = button(tr("Close"), self.reject, kind="primary")
        self.footer.addWidget(close)
        close.setFocus()


def _column(parts: list[tuple[str, Rows]]) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(8)
    for heading, rows in parts:
        column.addWidget(label(heading, "section"))
        grid = QGridLayout()
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        for at, (what, keys) in enumerate(rows):
            name = label(what, tone="sec")
            cap = label(QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText), badge="neutral")
            cap.setAccessibleName(f"{what}: {cap.text()}")
            grid.addWidget(name, at, 0)
            grid.addWidget(cap, at, 1, Qt.AlignmentFlag.AlignRight)
        column.addLayout(grid)
        column.addSpacing(8)
    column.addStretch(1)
    return column

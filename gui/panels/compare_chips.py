"""The networks that are compared as a row of chips, and a menu that adds others."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QScrollArea, QWidget

from gui.compare.comparison import Comparison
from gui.item_models.runs import RunsModel
from gui.moments import moments_in, moments_of
from gui.text import tr
from gui.widgets.buttons import button
from gui.widgets.reason_menu import ReasonMenu
from gui.widgets.removable_chip import RemovableChip

OFFERED = 25
"""As many runs, the newest, are offered in the menu."""


class CompareChips(QScrollArea):
    """The columns of ``comparison``, the first one marked; ``runs`` are what can be added."""

    def __init__(self, comparison: Comparison, runs: RunsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._comparison, self._runs = comparison, runs
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFixedHeight(34)
        box = QWidget()
        box.setProperty("surface", "panel")
        self._row = QHBoxLayout(box)
        self._row.setContentsMargins(16, 1, 16, 1)
        self._row.setSpacing(6)
        self.setWidget(box)
        comparison.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for place, column in enumerate(self._comparison.columns):
            tip = tr("The others are compared with it") if place == 0 else tr("Compare the others with it")
            removal = tr("Take {name} out of the comparison", name=column.title)
            chip = RemovableChip("target" if place == 0 else "", column.brief, f"{column.title}\n{tip}", removal)
            chip.chosen.connect(partial(self._comparison.lead, column))
            chip.removed.connect(partial(self._comparison.remove, column))
            self._row.addWidget(chip)
        self.add_button = button(tr("Add"), self._add, icon_name="plus", kind="ghost", compact=True)
        self._row.addWidget(self.add_button)
        self._row.addStretch(1)

    def _add(self) -> None:
        self.pop_up(self.add_button)

    def pop_up(self, under: QPushButton) -> None:
        self.add_menu().popup(under.mapToGlobal(QPoint(0, under.height())))

    def add_menu(self) -> QMenu:
        """The original and the runs that do not stand there yet; deleted when closed."""
        menu = ReasonMenu(parent=self)
        menu.aboutToHide.connect(menu.deleteLater)
        for text, icon_name, call in self._entries():
            menu.offer(text, call, icon_name)
        if menu.isEmpty():
            menu.refuse(tr("Add a run"), tr("Needs another finished run"))
        return menu

    def _entries(self) -> list[tuple[str, str, Callable[[], object]]]:
        columns = self._comparison.columns
        entries: list[tuple[str, str, Callable[[], object]]] = []
        if columns and not any(column.original for column in columns):
            entries.append((tr("Original"), "diamond", self.add_original))
        shown = {column.moment.run for column in columns if column.moment.kind == "final"}
        done = [row for row in self._runs.rows if row.status == "done" and row.folder not in shown]
        entries += [
            (row.title, "git-commit", partial(self._comparison.add, moments[-1]))
            for row in done[:OFFERED]
            if (moments := moments_of(row))
        ]
        return entries

    def add_original(self) -> None:
        """The network that the first run began with."""
        if moments := moments_in(self._comparison.columns[0].moment.run):
            self._comparison.add(moments[0])

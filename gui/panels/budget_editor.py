"""Which limits count, and their figures in the unit that one likes."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from gui.budget_text import FIRST
from gui.forms.editors import combo
from gui.forms.numbers import RealSpin, calm
from gui.target_text import Unit, target_text, unit_of, units
from gui.text import tr
from gui.widgets.labels import label


class BudgetEditor(QWidget):
    """A line for each limit: a tick, a figure, a unit."""

    def __init__(self, budget: Mapping[str, float], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        self.lines = {limit: _Line(limit, budget.get(limit), grid, row) for row, limit in enumerate(FIRST)}

    @property
    def value(self) -> dict[str, float]:
        """The limits that are ticked."""
        return {limit: line.figure for limit, line in self.lines.items() if line.tick.isChecked()}


class _Line:
    def __init__(self, limit: str, figure: float | None, grid: QGridLayout, row: int) -> None:
        self._limit = limit
        self.tick = QCheckBox(target_text(limit))
        self.tick.setChecked(figure is not None)
        self._known = units(limit)
        self._unit = unit_of(limit, FIRST[limit] if figure is None else figure)
        self.spin = RealSpin()
        self.spin.setAccessibleName(target_text(limit))
        calm(self.spin)
        grid.addWidget(self.tick, row, 0)
        grid.addWidget(self.spin, row, 1)
        if len(self._known) > 1:
            self.unit = combo([(one, one.text) for one in self._known], self._unit, self._measure_in)
            self.unit.setAccessibleName(tr("Unit"))
            self.unit.setMinimumWidth(136)
            grid.addWidget(self.unit, row, 2)
        else:
            grid.addWidget(label(self._unit.text, "caption", "sec"), row, 2)
        self._show(FIRST[limit] if figure is None else figure)
        self._typed = False
        self.spin.valueChanged.connect(self._entered)

    @property
    def figure(self) -> float:
        self.spin.interpretText()
        return self.spin.value() * self._unit.factor

    def _entered(self) -> None:
        self._typed = True
        self.tick.setChecked(True)

    def _show(self, figure: float) -> None:
        share = self._unit == self._known[0]
        # up to 1 a figure is a share, so a figure that is none begins above it
        self.spin.setRange(1e-6 if share else 1.001 / self._unit.factor, self._unit.most)
        self.spin.setValue(figure / self._unit.factor)

    def _measure_in(self, unit: Unit) -> None:
        """A number that was typed stays, as one of the other unit; any other begins anew."""
        self.spin.interpretText()
        self._unit = unit
        with QSignalBlocker(self.spin):
            self._show((self.spin.value() if self._typed else unit.first) * unit.factor)
        self.tick.setChecked(True)

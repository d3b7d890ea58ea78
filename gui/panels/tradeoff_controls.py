"""What the trade-off draws: one figure across, one up, the front, the budget, the steps.

Signals:
    changed(): another figure, the budget or the steps.
    front_changed(bool): the front is to be drawn or not.
    more_requested(QPoint): the button with the dots; where its menu belongs.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QMenu, QSizePolicy, QWidget

from gui.forms import Combo
from gui.text import tr
from gui.trade_off import ACROSS, UP
from gui.tradeoff_text import name
from gui.widgets.buttons import tool_button
from gui.widgets.labels import label

CHOOSER = 42
"""Pixels of a chooser beside its text."""
GAP = 10


class TradeoffControls(QWidget):
    """A row of them; where it is narrow the boxes stand in the menu alone."""

    changed = Signal()
    front_changed = Signal(bool)
    more_requested = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 12, 8)
        row.setSpacing(8)
        self.across, self.up = Combo(), Combo()
        for combo, title, measures in ((self.across, tr("Across"), ACROSS), (self.up, tr("Up"), UP)):
            for measure in measures:
                combo.addItem(name(measure), measure)
            combo.setAccessibleName(title)
            combo.setSizeAdjustPolicy(Combo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.view().setMinimumWidth(200)
            combo.activated.connect(self._chosen)
            row.addWidget(label(title, "caption", "sec"))
            row.addWidget(combo)
        row.addWidget(self._boxes(), 1)
        self._more = tool_button("dots-three", tr("What is drawn, table, picture, data"), self._ask_more)
        row.addWidget(self._more)
        self._make_room()

    def _boxes(self) -> QWidget:
        self._room = QWidget()
        self._room.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self._room)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        self.front, self.budget, self.steps = self.boxes = tuple(
            QCheckBox(said) for said in (tr("Pareto front"), tr("Budget"), tr("Every step"))
        )
        for box in self.boxes:
            box.setChecked(True)
            row.addWidget(box)
        row.addStretch(1)
        self.front.toggled.connect(self.front_changed)
        self.budget.toggled.connect(self.changed)
        self.steps.toggled.connect(self.changed)
        return self._room

    @property
    def measures(self) -> tuple[str, str]:
        """What is drawn across and up."""
        return self.across.currentData(), self.up.currentData()

    def choose(self, across: str, up: str) -> None:
        """Draw other figures."""
        for combo, measure in ((self.across, across), (self.up, up)):
            combo.setCurrentIndex(combo.findData(measure))
        self._chosen()

    def allow_budget(self, reason: str) -> None:
        """Whether there is a budget to draw; ``reason`` says why not."""
        self.budget.setEnabled(not reason)
        self.budget.setToolTip(reason)

    def add_to(self, menu: QMenu) -> None:
        """The boxes as entries of a menu."""
        for box in self.boxes:
            action = menu.addAction(box.text())
            action.setCheckable(True)
            action.setChecked(box.isChecked())
            action.setEnabled(box.isEnabled())
            action.toggled.connect(box.setChecked)

    def _chosen(self) -> None:
        self._make_room()
        self.changed.emit()

    def _ask_more(self) -> None:
        self.more_requested.emit(self._more.mapToGlobal(QPoint(0, self._more.height())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Choosers as wide as what is chosen; the boxes only where none of them is cut."""
        for combo in (self.across, self.up):
            combo.setFixedWidth(combo.fontMetrics().horizontalAdvance(combo.currentText()) + CHOOSER)
        self._row.activate()
        needed = sum(box.sizeHint().width() + GAP for box in self.boxes) - GAP
        for box in self.boxes:
            box.setVisible(self._room.width() >= needed)

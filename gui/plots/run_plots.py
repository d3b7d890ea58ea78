"""The two plots of a run, one time, one hover, one menu.

``RunPlots(state)`` listens to ``state.changed`` and draws at most ten times a second, the two plots in
turns: one of them at a time is so quick that nothing else waits for it. Double click shows the whole run
again; the menu (right click, or ``menu()`` for a button) saves and shows data.

Signals:
    failed(object): a CompressionError met while saving.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from backend.description import Catalogue
from backend.errors import CompressionError
from gui.comparison import value
from gui.icons import icon
from gui.plots.accuracy_plot import AccuracyPlot
from gui.plots.legend import LegendEntry, Reading, Readout
from gui.plots.run_data import curve_name, part_name, table
from gui.plots.saving import ask_data, ask_picture, save_picture, write_csv
from gui.plots.sparsity_loss_plot import RightAxis, SparsityLossPlot, loss_parts, part_color
from gui.plots.time_plot import TimePlot
from gui.run_state import RunState
from gui.text import NOTHING, duration, number, percent, phrase, significant, tr
from gui.theme import tokens
from gui.widgets.segmented import Segmented
from gui.widgets.text_label import text_label

INTERVAL = 0.1
"""Seconds between two drawings at least."""
BETWEEN = 40
"""Milliseconds from the upper plot's drawing to the lower one's."""
LEAST, BOTH = 104, 216
"""Pixels that one plot needs, and both."""
PARTS, WIDE = 2, 640
"""Parts of a loss that a legend of so many pixels has room for; the readout and the table have them all."""
_DRAWN = {"curves", "stages", "metrics", "progress", "ending", "started"}


class RunPlots(QWidget):
    """Accuracy above; sparsity and loss below."""

    failed = Signal(object)

    def __init__(
        self,
        state: RunState,
        methods: Callable[[], Catalogue | None] = lambda: None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._state, self._methods = state, methods
        self._zoomed = False
        self._end = 1.0
        self._drawn = 0.0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._draw_in_turns)
        self._second = QTimer(self, singleShot=True, interval=BETWEEN)
        self._second.timeout.connect(self._draw_lower)
        t = tokens()
        self.accuracy, self.sparsity = AccuracyPlot(), SparsityLossPlot()
        self._run = LegendEntry(tr("Validation"), t.s1)
        self._train = LegendEntry(tr("Training"), t.s5)
        self._original = LegendEntry(tr("Original"), t.s0, dashed=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        self.setMinimumHeight(LEAST)
        column.addLayout(_title(tr("Accuracy"), tr("top-1, %"), self._run, self._train, self._original))
        column.addSpacing(6)
        column.addWidget(self.accuracy, 2)
        self._lower = QWidget()
        lower = QVBoxLayout(self._lower)
        lower.setContentsMargins(0, 10, 0, 0)
        lower.setSpacing(6)
        self._right = LegendEntry(tr("Loss (right)"), t.s2)
        self._parts = [LegendEntry("", part_color(at), dashed=True) for at in range(PARTS)]
        self.right = Segmented([("loss", tr("Loss")), ("learning_rate", tr("Learning rate"))], "loss", tr("Right axis"))
        self.right.setFixedHeight(24)
        self.right.changed.connect(self._choose_right)
        sparsity = LegendEntry(tr("Sparsity, % (left)"), t.s3)
        lower.addLayout(_title(tr("Sparsity"), "", sparsity, self._right, *self._parts, self.right))
        lower.addWidget(self.sparsity, 1)
        column.addWidget(self._lower, 1)
        self.readout = Readout(self)
        for plot in (self.accuracy, self.sparsity):
            plot.hovered.connect(lambda seconds, plot=plot: self._hover(plot, seconds))
            plot.reset_requested.connect(self.reset)
            plot.menu_requested.connect(self._popup)
            plot.zoomed.connect(lambda plot=plot: self._zoom(plot))
            plot.view.sigResized.connect(lambda _: self._soon())
            plot.setMinimumHeight(64)
        state.changed.connect(self._changed)
        self.draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room for both plots, the upper one has it."""
        super().resizeEvent(event)
        both = event.size().height() >= BOTH
        if both != self._lower.isVisibleTo(self):
            self._lower.setVisible(both)
            self.accuracy.show_times(not both)

    def set_state(self, state: RunState) -> None:
        """Show another run."""
        self._state.changed.disconnect(self._changed)
        self._state = state
        state.changed.connect(self._changed)
        self.reset()

    def _changed(self, kinds: set[str]) -> None:
        if not kinds & _DRAWN:
            return
        if "started" in kinds:  # another run: not the part of the last one that was looked at
            self._zoomed, self._end = False, 0.0
        self._soon()

    def _soon(self) -> None:
        """Draw when the interval is over; however many ask for it, once."""
        if not self._timer.isActive():
            wait = INTERVAL - (time.monotonic() - self._drawn)
            self._timer.start(max(0, round(wait * 1000) + 1))

    def draw(self) -> None:
        """Draw the run as it is now."""
        self._draw_upper()
        self._draw_lower()

    def _draw_in_turns(self) -> None:
        self._draw_upper()
        self._second.start()

    def _draw_upper(self) -> None:
        self._drawn = time.monotonic()
        bands = self._state.bands()
        self.accuracy.set_bands(bands)
        if not self._zoomed:
            end = max([self._state.seconds, *(band.end for band in bands)])
            # an estimate that wavers by a few percent moves nothing
            if not self._end * 0.85 < end <= self._end or self._state.ending is not None:
                self._end = max(end, 1.0) * (1.0 if self._state.ending is not None else 1.04)
            self.accuracy.set_times(0.0, self._end)
        self.accuracy.update_from(self._state)
        self.accuracy.settle()
        baseline = value(self._state.baseline, "validation_accuracy")
        self._original.setVisible(baseline is not None)
        self._original.set_text(tr("Original {accuracy}", accuracy=number(baseline, 2)))
        self._train.setVisible(bool(self._state.curves.get("train_accuracy")))
        self._describe()

    def _draw_lower(self) -> None:
        if not self._lower.isVisibleTo(self):
            return
        self.sparsity.set_bands(self._state.bands())
        self.sparsity.set_times(*self.accuracy.times())
        self.sparsity.update_from(self._state)
        self.sparsity.settle()
        shown = loss_parts(self._state) if self.sparsity.right == "loss" else []
        for entry, name in zip_longest(self._parts, shown[:PARTS]):
            entry.setVisible(name is not None and self.width() >= WIDE)
            entry.set_text(part_name(name, self._methods()) if name else "")

    def _choose_right(self, curve: RightAxis) -> None:
        self.sparsity.right = curve
        self._right.set_text(tr("Loss (right)") if curve == "loss" else tr("Learning rate (right)"))
        self._draw_lower()
        self._describe()

    def _describe(self) -> None:
        """What a screen reader says of the plots."""
        last = {name: curve.y[-1] for name, curve in self._state.curves.items() if curve}
        self.accuracy.setAccessibleName(tr("Accuracy over time"))
        self.accuracy.setAccessibleDescription(number(last.get("accuracy"), 2))
        right = self.sparsity.right
        rate = right == "learning_rate"
        self.sparsity.setAccessibleName(
            tr("Sparsity and learning rate over time") if rate else tr("Sparsity and loss over time")
        )
        self.sparsity.setAccessibleDescription(f"{percent(last.get('sparsity'))}, {significant(last.get(right))}")

    def reset(self) -> None:
        """Show the whole run."""
        self._zoomed, self._end = False, 0.0
        self.draw()

    def _zoom(self, plot: TimePlot) -> None:
        """The person chose other times in ``plot``: both show them."""
        self._zoomed = True
        self.accuracy.set_times(*plot.times())
        self.draw()

    def readings(self, seconds: float) -> list[Reading]:
        """Every curve's value at ``seconds`` of the run."""
        t = tokens()
        stage = next((b.label for b in self._state.bands() if b.start <= seconds < b.end), "")
        found = [Reading(phrase(stage), duration(seconds))]
        shown: list[tuple[str, str, Callable[[float], str]]] = [
            ("accuracy", t.s1, lambda v: f"{number(v, 2)}%"),
            ("train_accuracy", t.s5, lambda v: f"{number(v, 2)}%"),
            ("sparsity", t.s3, lambda v: percent(v, 1)),
            ("loss", t.s2, significant),
            *((name, part_color(at), significant) for at, name in enumerate(loss_parts(self._state))),
            ("learning_rate", t.s2 if self.sparsity.right == "learning_rate" else t.s0, significant),
        ]
        for name, series, text in shown:
            curve = self._state.curves.get(name)
            if curve:
                at = curve.at(seconds)
                found.append(Reading(curve_name(name, self._methods()), NOTHING if at is None else text(at), series))
        return found

    def _hover(self, plot: TimePlot, seconds: float | None) -> None:
        if seconds is not None and not 0 <= seconds <= max(self._state.seconds, 1e-9):
            seconds = None
        for each in (self.accuracy, self.sparsity):
            each.show_crosshair(seconds)
        self.readout.setVisible(seconds is not None)
        if seconds is None:
            return
        self.readout.set_readings(self.readings(seconds))
        at = plot.view.mapViewToScene(QPointF(seconds, 0.0)).x()
        place = plot.mapTo(self, QPoint())
        x = place.x() + at + 12
        if x + self.readout.width() > self.width():
            x = place.x() + at - 12 - self.readout.width()
        bottom = place.y() + plot.height() - self.readout.height() - 30
        y = place.y() + 24 if plot is self.accuracy else max(0, bottom)
        self.readout.move(round(max(0, x)), round(min(y, self.height() - self.readout.height())))
        self.readout.raise_()

    def _popup(self, position: QPoint) -> None:
        self.menu().popup(position)

    def menu(self) -> QMenu:
        """Reset, save as picture or data, show as table; deleted when closed."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        some = any(self._state.curves.values())
        for name, text, call in (
            ("arrows-out", tr("Show the whole run"), self.reset),
            ("", "", None),
            ("image", tr("Save picture…"), self._ask_picture),
            ("download-simple", tr("Save data…"), self._ask_data),
            ("table", tr("Show as table"), self.show_table),
        ):
            if call is None:
                menu.addSeparator()
            else:
                action = menu.addAction(icon(name), text, call)
                action.setEnabled(some)
        return menu

    def _ask_picture(self) -> None:
        ask_picture(self, self._state.name, self.save_picture)

    def _ask_data(self) -> None:
        ask_data(self, self._state.name, self.save_data)

    def save_picture(self, path: Path) -> None:
        """Write both plots with their legends to ``path``: SVG if it ends so, else PNG at twice the size."""
        try:
            save_picture(self, self._state.name, path)
        except CompressionError as error:
            self.failed.emit(error)

    def save_data(self, path: Path) -> None:
        """Write every point of every curve to ``path`` as CSV."""
        try:
            write_csv(path, *table(self._state))
        except CompressionError as error:
            self.failed.emit(error)

    def show_table(self) -> None:
        """Open the curves as a table."""
        from gui.dialogs.curve_table_dialog import CurveTableDialog

        CurveTableDialog(self._state, self._methods(), self).open()


def _title(text: str, detail: str, *entries: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(10)
    row.addWidget(text_label(text, 13, 600))
    if detail:
        row.addWidget(text_label(detail, 12, 400, tokens().sec))
    row.addStretch(1)
    for entry in entries:
        row.addSpacing(8)
        row.addWidget(entry)
    return row

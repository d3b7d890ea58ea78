"""What pruning each layer alone costs: curves, the amount that the tree compares, and a plan made from them.

Signals:
    scan_requested(), stop_requested(): the buttons.
    plan_requested(): "Set a budget…".
    layer_chosen(str): a curve was clicked.
    failed(object): a CompressionError met while saving.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QProgressBar, QStackedLayout, QVBoxLayout, QWidget

from backend.errors import CompressionError
from gui.document import Document
from gui.forms import Combo
from gui.icons import icon
from gui.plots.saving import ask_data, ask_picture, save_picture, write_csv
from gui.plots.sensitivity_plot import MOST, SensitivityPlot
from gui.scan_state import Measure
from gui.scanning import Scanner
from gui.text import message, number, percent, phrase, plural, tr
from gui.widgets.buttons import button, tool_button
from gui.widgets.empty_state import EmptyState
from gui.widgets.failure_notice import FailureNotice
from gui.widgets.labels import ElidedLabel, label
from gui.widgets.notice import Notice
from gui.widgets.segmented import Segmented

INTERVAL = 250
"""Milliseconds between two drawings of a growing scan."""
NAMED = 3
"""As many layers are named where none is selected: those that lose most."""


class SensitivityPanel(QWidget):
    """The scan of ``scanner``; :meth:`show_layers` names the layers that are selected in the tree."""

    scan_requested = Signal()
    stop_requested = Signal()
    plan_requested = Signal()
    layer_chosen = Signal(str)
    failed = Signal(object)

    def __init__(self, document: Document, scanner: Scanner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._scanner, self._scan = document, scanner, scanner.state
        self._selected: list[str] = []
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self.refresh)
        self._stack = QStackedLayout(self)
        self._first = button(tr("Scan sensitivity"), self.scan_requested.emit, icon_name="trend-down", kind="primary")
        self._stack.addWidget(
            EmptyState(
                "trend-down",
                tr("No sensitivity scan yet"),
                tr(
                    "A scan prunes each layer alone, by several amounts, and measures what that costs. Its curves "
                    "appear here, its figures in the layer tree; a plan for all layers can be made from them."
                ),
                self._first,
            )
        )
        self._stack.addWidget(self._content())
        self._scan.changed.connect(self._changed)
        scanner.changed.connect(self.refresh)
        document.recipe_changed.connect(self._tell_outdated)
        document.stage_selected.connect(self._tell_outdated)
        self.refresh()

    def _content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(8)
        column.addLayout(self._header())
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setProperty("cell", True)
        self._bar.setAccessibleName(tr("Progress of the scan"))
        column.addWidget(self._bar)
        self._failure = FailureNotice()
        column.addWidget(self._failure)
        self.outdated = Notice()
        column.addWidget(self.outdated)
        self._notes = label("", "caption", "sec", wrap=True)
        column.addWidget(self._notes)
        column.addLayout(self._controls())
        self.plot = SensitivityPlot()
        self.plot.layer_chosen.connect(self.layer_chosen)
        self.plot.menu_requested.connect(lambda at: self.menu().popup(at))
        self._figure = QWidget()
        figure = QVBoxLayout(self._figure)
        figure.setContentsMargins(0, 0, 0, 0)
        figure.setSpacing(4)
        figure.addWidget(self.plot, 1)
        figure.addWidget(label(tr("Share of the layer that is pruned, all others as they are"), "small", "sec"))
        column.addWidget(self._figure, 1)
        return content

    def _header(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label(tr("Sensitivity"), "section"))
        self._detail = ElidedLabel("", "caption", "sec")
        row.addWidget(self._detail, 1)
        self.scan_button = button("", self._scan_or_stop, compact=True)
        self.plan_button = button(tr("Use in the budget"), self.plan_requested.emit, kind="primary", compact=True)
        row.addWidget(self.scan_button)
        row.addWidget(self.plan_button)
        return row

    def _controls(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.measure = Segmented(
            [("accuracy", tr("Accuracy, %")), ("sqnr_db", tr("SQNR, dB"))], "accuracy", tr("Measure")
        )
        self.measure.changed.connect(lambda _: self.refresh())
        row.addWidget(self.measure)
        self._legend = ElidedLabel("", "caption", "sec")
        row.addWidget(self._legend, 1)
        row.addWidget(label(tr("Column at"), "caption", "sec"))
        self.amount = Combo()
        self.amount.setAccessibleName(tr("Amount that the layer tree compares"))
        self.amount.setFixedWidth(76)
        self.amount.activated.connect(lambda row: self._scan.choose_amount(self.amount.itemData(row)))
        row.addWidget(self.amount)
        self._more = tool_button("dots-three", tr("Table, picture, data"), self._show_menu)
        row.addWidget(self._more)
        return row

    def _show_menu(self) -> None:
        self.menu().popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))

    # What is shown

    def show_layers(self, names: Sequence[str]) -> None:
        """Name and color these layers."""
        if list(names) != self._selected:
            self._selected = list(names)
            self._draw()

    @property
    def named(self) -> list[str]:
        """The layers drawn in color: those selected, else those that lose most."""
        below = [target for name in self._selected for target in self._scan.targets_of(name)]
        return list(dict.fromkeys(below))[:MOST] or self._scan.most_sensitive(NAMED) or list(self._scan.targets)[:NAMED]

    def _changed(self, kinds: set[str]) -> None:
        """Progress moves the bar at once; while a scan goes on its curves are drawn a few times a second."""
        self._bar.setValue(self._reached())
        if "status" in kinds or not self._scanner.running:
            self.refresh()
        elif "figures" in kinds and not self._later.isActive():
            self._later.start(INTERVAL)

    def _reached(self) -> int:
        return round(1000 * self._scan.done / self._scan.total) if self._scan.total else 0

    def refresh(self) -> None:
        """Show the scan as it is now."""
        scan, running = self._scan, self._scanner.running
        self._stack.setCurrentIndex(0 if scan.status == "empty" else 1)
        self._bar.setVisible(running)
        self._bar.setValue(self._reached())
        self._failure.show_failure(scan.failed)
        text = tr("Stopping…") if self._scanner.stopping else tr("Stop") if running else tr("Scan again")
        self.scan_button.setText(text)
        self.scan_button.setEnabled(not self._scanner.stopping)
        self.plan_button.setVisible(scan.status == "done")
        self._notes.setText("\n".join(message(note) for note in scan.notes))
        self._notes.setVisible(bool(scan.notes))
        self._fill_amounts()
        self._tell_outdated()
        self._draw()

    def _said(self) -> str:
        scan = self._scan
        method = self._document.method_of("criterion", scan.method)
        name = phrase(method.label) if method is not None else scan.method
        if self._scanner.running:
            return plural(len(scan.targets), "{method} · {count} layer so far", "{method} · {count} layers so far",
                          method=name)  # fmt: skip
        if scan.status == "stopped" and not self._scanner.outdated:
            return tr("Stopped; scanning again goes on from here")
        if scan.images is None:
            return name
        return plural(scan.images, "{method} · measured on {count} validation image",
                      "{method} · measured on {count} validation images", method=name)  # fmt: skip

    def _fill_amounts(self) -> None:
        amounts = self._scan.amounts
        if [self.amount.itemData(i) for i in range(self.amount.count())] != amounts:
            self.amount.clear()
            for amount in amounts:
                self.amount.addItem(percent(amount), amount)
        if self._scan.amount is not None:
            self.amount.setCurrentIndex(amounts.index(self._scan.amount))
        self.amount.setEnabled(bool(amounts))

    def _tell_outdated(self, *_: object) -> None:
        old = self._scanner.outdated and not self._scanner.running
        text = tr("These figures are of other settings: the network, the data or the method has changed since.")
        self.outdated.show_text(text if old else "", "", tr("Scan again"), self.scan_requested.emit)
        self._detail.setText(self._said())
        self.scan_button.setVisible(not old)  # the notice has it
        self.plan_button.setEnabled(not old)
        self.plan_button.setToolTip(text if old else "")

    def _draw(self) -> None:
        measure: Measure = self.measure.value
        named = self.named
        self.plot.show_scan(self._scan, named, measure)
        others = len(self._scan.targets) - len(named)
        self._legend.setText(plural(others, "{count} other in gray", "{count} others in gray") if others else "")
        title = tr("Accuracy against amount") if measure == "accuracy" else tr("SQNR against amount")
        self.plot.setAccessibleName(title)
        drops = self._scan.drops()
        self.plot.setAccessibleDescription(
            ", ".join(f"{name} {number(-drops[name], 2)} pt" for name in named if name in drops)
        )

    def _scan_or_stop(self) -> None:
        self.stop_requested.emit() if self._scanner.running else self.scan_requested.emit()

    def allow_scan(self, reason: str) -> None:
        """Whether a scan can begin; ``reason`` says why not and is empty where it can."""
        self._first.setEnabled(not reason)
        self._first.setToolTip(reason)
        if not self._scanner.running:
            self.scan_button.setEnabled(not reason)
            self.scan_button.setToolTip(reason)

    # Saving

    def menu(self) -> QMenu:
        """Save as picture or data, show as table; deleted when closed."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        stem = tr("Sensitivity of {network}", network=self._document.network_name)
        for name, text, call in (
            ("image", tr("Save picture…"), lambda: ask_picture(self, stem, self.save_picture)),
            ("download-simple", tr("Save data…"), lambda: ask_data(self, stem, self.save_data)),
            ("table", tr("Show as table"), self.show_table),
        ):
            menu.addAction(icon(name), text, call).setEnabled(bool(self._scan.targets))
        return menu

    def save_picture(self, path: Path) -> None:
        try:
            save_picture(self._figure, tr("Sensitivity"), path)
        except CompressionError as error:
            self.failed.emit(error)

    def save_data(self, path: Path) -> None:
        """Every point of every layer as CSV."""
        header = ("layer", "amount", "accuracy", "loss", "sqnr_db")
        rows = [
            (name, p.amount, p.accuracy, p.loss, p.sqnr_db)
            for name, points in self._scan.targets.items()
            for p in points
        ]
        try:
            write_csv(path, header, rows)
        except CompressionError as error:
            self.failed.emit(error)

    def show_table(self) -> None:
        from gui.dialogs.sensitivity_table_dialog import SensitivityTableDialog

        SensitivityTableDialog(self._scan, self.measure.value, self).open()

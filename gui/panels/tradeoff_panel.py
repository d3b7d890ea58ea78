"""Every run of the network as a dot, and every step of a run: what was gained, and at what cost.

Signals:
    run_requested(): the empty state's button.
    run_selected(Path): a dot of a finished or stopped run was chosen; the run's folder.
    running_selected(): a dot of the run in progress was chosen.
    live_requested(): "Show live".
    export_requested(Path): "Export…"; the run's folder.
    recipe_requested(Path, object): "Open recipe"; the run's folder, and how many of its stages (None for all).
    step_requested(Path, Path): "Open network"; the run, and the folder of the checkpoint.
    compare_requested(list): two Moments.
    failed(object): a CompressionError met while saving.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QMenu, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from backend.errors import CompressionError
from backend.recipe import Recipe
from gui.document import Document
from gui.forms import Combo
from gui.icons import icon
from gui.item_models.run_rows import RunRow, key_of
from gui.item_models.runs import RunsModel
from gui.moments import Moment, moments_of
from gui.panels.tradeoff_card import TradeoffCard, rows
from gui.plots.legend import LegendEntry
from gui.plots.saving import ask_data, ask_picture, save_picture, write_csv
from gui.plots.tradeoff_plot import TradeoffPlot
from gui.text import plural, tr
from gui.theme import tokens
from gui.trade_off import ACROSS, UP, Limits, TradeOff, axis_title, figure, limits, name, scale, trade_off, within
from gui.widgets.buttons import button, tool_button
from gui.widgets.empty_state import EmptyState
from gui.widgets.labels import ElidedLabel, label, rule

CHOOSER = 44
"""Pixels of a chooser beside its text."""
WALK = 200
"""Milliseconds after which a dot that the keyboard stopped at is shown everywhere."""
MARGIN = 12


class TradeoffPanel(QWidget):
    """The runs of ``runs`` with the document's network and data; ``running`` gives the recipe in progress."""

    run_requested = Signal()
    run_selected = Signal(object)
    running_selected = Signal()
    live_requested = Signal()
    export_requested = Signal(object)
    recipe_requested = Signal(object, object)
    step_requested = Signal(object, object)
    compare_requested = Signal(list)
    failed = Signal(object)

    def __init__(
        self, document: Document, runs: RunsModel, running: Callable[[], Recipe | None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._runs, self._running = document, runs, running
        self._known: dict[Path, tuple[RunRow, list[Moment]]] = {}
        self._stale, self._others = True, 0
        self._drawn: tuple[str, str, str] | None = None
        self._trade_off: TradeOff | None = None
        self._later = QTimer(self, singleShot=True, interval=WALK)
        self._later.timeout.connect(self._tell_choice)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty_state())
        self._stack.addWidget(self._content())
        runs.modelReset.connect(self.refresh_later)
        runs.dataChanged.connect(self._row_changed)
        runs.best_changed.connect(self.refresh_later)
        document.recipe_changed.connect(self._recipe_changed)

    # Building

    def _empty_state(self) -> QWidget:
        self._run = button(tr("Run"), self.run_requested.emit, icon_name="play-fill", kind="primary")
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 12)
        state = EmptyState(
            "chart-line-up",
            tr("No run to weigh yet"),
            tr(
                "Each run of this network, and each step of a run, becomes a dot here: accuracy against size, MACs or "
                "latency. The best of them form a front; a dot gives its recipe back."
            ),
            self._run,
        )
        column.addWidget(state, 1)
        self._elsewhere = label("", "caption", "ter")
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._elsewhere)
        row.addStretch(1)
        column.addLayout(row)
        return page

    def _content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._controls())
        column.addWidget(rule())
        self.figure = QWidget()
        inner = QVBoxLayout(self.figure)
        inner.setContentsMargins(16, 8, 16, 8)
        inner.setSpacing(0)
        inner.addLayout(self._legend())
        inner.addSpacing(4)
        self._up_title = label("", "small", "sec")
        self._missing = ElidedLabel("", "small", "ter")
        self._missing.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._across_title = label("", "small", "sec")
        self.plot = TradeoffPlot()
        self.card = TradeoffCard(self.plot)
        self._later_count = QTimer(self, singleShot=True)
        self._later_count.timeout.connect(self._tell_count)
        self.plot.chosen.connect(self._chosen)
        self.plot.paired.connect(self._paired)
        self.plot.activated.connect(lambda: self.card.press())
        self.plot.menu_requested.connect(lambda at: self.menu().popup(at))
        self.plot.view.sigRangeChanged.connect(lambda *_: self._later_count.start(0))
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._up_title)
        head.addWidget(self._missing, 1)
        inner.addLayout(head)
        inner.addSpacing(2)
        inner.addWidget(self.plot, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._across_title)
        row.addStretch(1)
        inner.addLayout(row)
        column.addWidget(self.figure, 1)
        self.card.export_requested.connect(lambda moment: self.export_requested.emit(moment.run))
        self.card.recipe_requested.connect(self._open_recipe)
        self.card.network_requested.connect(lambda moment: self.step_requested.emit(moment.run, moment.kept))
        self.card.live_requested.connect(self.live_requested)
        self.card.compare_requested.connect(self.compare_requested)
        self.card.closed.connect(self.plot.let_go)
        return content

    def _controls(self) -> QHBoxLayout:
        self._controls_row = row = QHBoxLayout()
        row.setContentsMargins(16, 8, 12, 8)
        row.setSpacing(8)
        self.across, self.up = Combo(), Combo()
        for combo, title, measures in ((self.across, tr("Across"), ACROSS), (self.up, tr("Up"), UP)):
            for measure in measures:
                combo.addItem(name(measure), measure)
            combo.setAccessibleName(title)
            combo.setSizeAdjustPolicy(Combo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.view().setMinimumWidth(200)
            combo.activated.connect(lambda _: self.refresh())
            row.addWidget(label(title, "caption", "sec"))
            row.addWidget(combo)
        row.addWidget(self._boxes(), 1)
        self._more = tool_button("dots-three", tr("What is drawn, table, picture, data"), self._show_menu)
        row.addWidget(self._more)
        return row

    def _boxes(self) -> QWidget:
        """What is drawn, where there is room; the menu has it too."""
        self._chosen_parts = QWidget()
        self._chosen_parts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self._chosen_parts)
        row.setContentsMargins(4, 0, 0, 0)
        row.setSpacing(12)
        self.front, self.budget, self.steps = (
            QCheckBox(said) for said in (tr("Pareto front"), tr("Budget"), tr("Every step"))
        )
        for box in self.boxes:
            box.setChecked(True)
            box.toggled.connect(lambda _: self.refresh())
            row.addWidget(box)
        row.addStretch(1)
        return self._chosen_parts

    def _make_room(self) -> None:
        """Choosers as wide as what is chosen; the boxes only where none of them is cut."""
        for combo in (self.across, self.up):
            combo.setFixedWidth(combo.fontMetrics().horizontalAdvance(combo.currentText()) + CHOOSER)
        self._controls_row.activate()
        needed = 4 + sum(box.sizeHint().width() + 12 for box in self.boxes)
        for box in self.boxes:
            box.setVisible(self._chosen_parts.width() >= needed)

    @property
    def boxes(self) -> tuple[QCheckBox, QCheckBox, QCheckBox]:
        return self.front, self.budget, self.steps

    def _legend(self) -> QHBoxLayout:
        t = tokens()
        row = QHBoxLayout()
        row.setSpacing(14)
        self._entries = [
            LegendEntry(tr("On the Pareto front"), t.s1, sign="dot"),
            LegendEntry(tr("Knee: best balance"), t.s2, sign="ring"),
            LegendEntry(tr("Dominated"), t.s0, sign="dot"),
        ]
        for entry in self._entries:
            row.addWidget(entry)
        self._count = ElidedLabel("", "caption", "sec")
        self._count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._count, 1)
        return row

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()
        self._place_card()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def allow_run(self, reason: str) -> None:
        """Whether the empty state's button works; ``reason`` says why not and is empty where it does."""
        self._run.setEnabled(not reason)
        self._run.setToolTip(reason)

    # What is shown

    def refresh_later(self) -> None:
        """Draw again when it is next seen; at once where it is."""
        self._stale = True
        if self.isVisible():
            self.refresh()

    def _recipe_changed(self) -> None:
        """Other dots only where the network or the data is another; the budget may have been moved."""
        shown = self._trade_off
        if self._drawn is None or self._drawn[2] != self._key():
            self.refresh_later()
        elif shown is not None and not self._stale:
            self.plot.show_limits(self._limits(shown))
            self._tell(shown)
            self._show_card()

    def _limits(self, shown: TradeOff) -> Limits:
        """What the budget allows across and asks for up."""
        original = next((moment for moment in shown.moments if moment.kind == "original"), None)
        if original is None or not self.budget.isChecked():
            return Limits()
        return limits(self._budget(), original, shown.across, shown.up)

    def _row_changed(self, *_: object) -> None:
        """The run in progress tells something thirty times a second; its dots change with its stages."""
        live = next((row for row in self._runs.rows if row.status == "running"), None)
        known = self._known.get(live.folder) if live is not None else None
        if live is not None and (known is None or len(known[0].stages) != len(live.stages)):
            self.refresh_later()

    def moments(self) -> list[Moment]:
        """Those of every run of the document's network and data, the newest run first, its original before all."""
        key = self._key()
        rows = [row for row in self._runs.rows if row.baseline and self._key_of(row) == key]
        self._others = sum(bool(row.baseline) and self._key_of(row) != key for row in self._runs.rows)
        self._known = {row.folder: self._moments_of(row) for row in rows}
        newest = next((row for row in rows if row.status == "done"), rows[0] if rows else None)
        found = [] if newest is None else [m for m in self._known[newest.folder][1] if m.kind == "original"]
        return found + [m for _, kept in self._known.values() for m in kept if m.kind != "original"]

    def _moments_of(self, row: RunRow) -> tuple[RunRow, list[Moment]]:
        known = self._known.get(row.folder)
        return known if known is not None and known[0] == row else (row, moments_of(row))

    def _key(self) -> str:
        return _key(self._document.recipe)

    def _key_of(self, row: RunRow) -> str:
        return _key(self._running()) if row.status == "running" else row.key

    def refresh(self) -> None:
        """Show the runs as they are now."""
        self._stale = False
        self._make_room()
        across, up = self.across.currentData(), self.up.currentData()
        found = self.moments()
        self._stack.setCurrentIndex(1 if len(found) > 1 else 0)
        self._elsewhere.setText(self._told_others())
        chosen = self._chosen_moments()
        wanted = [m for m in found if self.steps.isChecked() or m.running or m.kind in ("original", "final")]
        shown = trade_off(wanted, across, up)
        asked = (across, up, self._key())
        self._trade_off = shown
        self.plot.show_trade_off(shown, self._limits(shown), front=self.front.isChecked(), anew=asked != self._drawn)
        self._drawn = asked
        self._tell(shown)
        self._choose_again(chosen)

    def _budget(self) -> dict[str, float]:
        return dict(self._document.recipe.budget) if self._document.recipe is not None else {}

    def _tell(self, shown: TradeOff) -> None:
        _, unit = scale(shown.across, float(shown.x.max(initial=0.0)))
        self._across_title.setText(axis_title(shown.across, unit))
        self._up_title.setText(axis_title(shown.up, ""))
        self._entries[1].setVisible(shown.knee is not None and self.front.isChecked())
        self.budget.setEnabled(bool(self._budget()))
        self.budget.setToolTip("" if self._budget() else tr("The recipe has no budget"))
        self.plot.setAccessibleName(tr("{up} against {across}", up=name(shown.up), across=name(shown.across)))
        self._tell_count()

    def _tell_count(self) -> None:
        """How many runs are drawn, and how many are not and why."""
        shown = self._trade_off
        if shown is None:
            return
        runs = len({moment.run for moment in shown.moments if moment.kind != "original"})
        if not self.plot.moved:
            self._place_card()
        self._count.setText(plural(runs, "{count} run · all measured", "{count} runs · all measured"))
        missing = self._left_out(shown)
        self._missing.setText(" · ".join(missing))
        self._missing.setToolTip("\n".join(missing))

    def _left_out(self, shown: TradeOff) -> list[str]:
        told = [self._told_others()] if self._others else []
        if self.plot.outside:
            told.append(plural(self.plot.outside, "{count} dot outside the view", "{count} dots outside the view"))
        if shown.otherwise:
            told.append(plural(shown.otherwise, "{count} run was timed in another runtime, with other threads or batch",
                               "{count} runs were timed in another runtime, with other threads or batch"))  # fmt: skip
        told += [_without(measure, count) for measure, count in shown.untold.items()]
        return told

    def _told_others(self) -> str:
        if not self._others:
            return ""
        return plural(self._others, "{count} run of another network or other data is left out",
                      "{count} runs of other networks or data are left out")  # fmt: skip

    # Choosing

    def _chosen_moments(self) -> list[Moment]:
        shown = self._trade_off
        places = (self.plot.selected, self.plot.second)
        return [] if shown is None else [shown.moments[place] for place in places if place is not None]

    def _choose_again(self, chosen: list[Moment]) -> None:
        """Mark what was marked, where it is still drawn."""
        shown = self._trade_off
        first = next((i for i, m in enumerate(shown.moments) if m == chosen[0]), None) if shown and chosen else None
        self.plot.choose(first)
        self._show_card()

    def select_run(self, folder: Path) -> None:
        """Mark the dot of a run without telling."""
        if self._stale and self.isVisible():
            self.refresh()
        shown = self._trade_off
        if shown is None or [moment.run for moment in self._chosen_moments()] == [folder]:
            return
        self.plot.choose(next((i for i, m in enumerate(shown.moments) if m.run == folder and m.kind == "final"), None))
        self._show_card()

    def _chosen(self, place: int | None) -> None:
        self._show_card()
        if place is not None:
            self._later.start()

    def _paired(self, _: int) -> None:
        self._show_card()

    def _tell_choice(self) -> None:
        chosen = self._chosen_moments()
        if not chosen or chosen[0].kind == "original":
            return
        if chosen[0].running:
            self.running_selected.emit()
        else:
            self.run_selected.emit(chosen[0].run)

    def _show_card(self) -> None:
        shown, chosen = self._trade_off, self._chosen_moments()
        if shown is None or not chosen:
            self.card.hide()
            self.plot.setAccessibleDescription("")
            return
        first, *more = chosen
        if more:
            self.card.show_pair(first, more[0], rows(more[0], shown.across, shown.up, first))
        else:
            best = self._runs.best()
            starred = best is not None and best.folder == first.run and first.kind == "final"
            self.card.show_moment(first, self._tags(first), rows(first, shown.across, shown.up), best=starred)
        self.plot.setAccessibleDescription(f"{self.card.accessibleName()}: {self.card.accessibleDescription()}")
        self._place_card()

    def _tags(self, moment: Moment) -> list[tuple[str, str]]:
        shown, kept = self._trade_off, within(self._budget(), moment)
        knee = shown is not None and shown.knee is not None and shown.moments[shown.knee] == moment
        tags = [("knee", tr("Knee"))] if knee and self.front.isChecked() else []
        if kept is not None:
            tags.append(("ok", tr("Within budget")) if kept else ("bad", tr("Over budget")))
        return [*tags, ("accent", tr("Running")) if moment.running else ("neutral", tr("measured"))]

    def _place_card(self) -> None:
        """In the corner that covers the fewest dots, the lower right one before the others."""
        if self.card.isHidden() or self._trade_off is None:
            return
        frame = self.plot.view.sceneBoundingRect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        size = self.card.size()
        right, low = frame.right() - size.width(), frame.bottom() - size.height()
        corners = [QPointF(x, y) for y in (low, frame.top()) for x in (right, frame.left())]
        corner = min(corners, key=lambda corner: self._covered(QRectF(corner, size.toSizeF())))
        self.card.move(corner.toPoint())
        self.card.raise_()

    def _covered(self, area: QRectF) -> float:
        """How much a card over ``area`` would hide: the chosen dots must not be, those of the front should not."""
        shown = self._trade_off
        if shown is None:
            return 0.0
        x, y = self.plot.pixels()
        reach = area.adjusted(-14, -14, 14, 14)
        weights = dict.fromkeys(shown.front, max(20.0, len(shown.moments) / 20))
        weights |= {place: 1e6 for place in (self.plot.selected, self.plot.second) if place is not None}
        inside = ((x > reach.left()) & (x < reach.right()) & (y > reach.top()) & (y < reach.bottom())).nonzero()[0]
        return sum(weights.get(place, 1.0) for place in inside.tolist())

    def _open_recipe(self, moment: Moment) -> None:
        stages = None if moment.kind == "final" or moment.stage is None else moment.stage + 1
        self.recipe_requested.emit(moment.run, stages)

    # Saving

    def _show_menu(self) -> None:
        self.menu().popup(self._more.mapToGlobal(QPoint(0, self._more.height())))

    def menu(self) -> QMenu:
        """What is drawn, the table, saving; deleted when closed."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        for box in self.boxes:
            action = menu.addAction(box.text())
            action.setCheckable(True)
            action.setChecked(box.isChecked())
            action.setEnabled(box.isEnabled())
            action.toggled.connect(box.setChecked)
        menu.addSeparator()
        stem = self._title()
        for icon_name, said, call in (
            ("arrows-out", tr("Show all dots"), self.plot.show_all),
            ("table", tr("Show as table"), self.show_table),
            ("image", tr("Save picture…"), lambda: ask_picture(self, stem, self.save_picture)),
            ("download-simple", tr("Save data…"), lambda: ask_data(self, stem, self.save_data)),
        ):
            menu.addAction(icon(icon_name), said, call).setEnabled(self._stack.currentIndex() == 1)
        return menu

    def _title(self) -> str:
        return tr("Trade-off of {network}", network=self._document.network_name)

    def save_picture(self, path: Path) -> None:
        """The plot with its legend and axes, without the card."""
        hidden = self.card.isHidden()
        self.card.hide()
        try:
            save_picture(self.figure, self._title(), path)
        except CompressionError as error:
            self.failed.emit(error)
        self.card.setHidden(hidden)

    def save_data(self, path: Path) -> None:
        """Every dot with all its figures as CSV."""
        shown = self._trade_off
        if shown is None:
            return
        measures = dict.fromkeys([shown.up, *UP, *ACROSS])
        front = set(shown.front)
        header = ("dot", "run", "kind", "stage", "step", *measures, "front", "knee")
        table = [
            (m.title, m.run.name, m.kind, m.stage, m.step, *(figure(m, measure) for measure in measures),
             float(i in front), float(i == shown.knee))
            for i, m in enumerate(shown.moments)
        ]  # fmt: skip
        try:
            write_csv(path, header, table)
        except CompressionError as error:
            self.failed.emit(error)

    def show_table(self) -> None:
        from gui.dialogs.tradeoff_table_dialog import TradeoffTableDialog

        if self._trade_off is not None:
            dialog = TradeoffTableDialog(self._trade_off, self._budget(), self)
            dialog.chosen.connect(self._choose_from_table)
            dialog.open()

    def _choose_from_table(self, place: int) -> None:
        self.plot.choose(place)
        self._chosen(place)


def _key(recipe: Recipe | None) -> str:
    return key_of(recipe.to_data()) if recipe is not None else ""


def _without(measure: str, count: int) -> str:
    """Why so many steps are not drawn."""
    match measure:
        case "accuracy" | "change":
            return plural(count, "{count} step was measured on validation images only",
                          "{count} steps were measured on validation images only")  # fmt: skip
        case "latency":
            return plural(count, "{count} step was not timed", "{count} steps were not timed")
        case _:
            return plural(count, "{count} step without {measure}", "{count} steps without {measure}",
                          measure=name(measure))  # fmt: skip

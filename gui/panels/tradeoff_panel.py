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

from PySide6.QtCore import QModelIndex, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedLayout, QVBoxLayout, QWidget

from backend.errors import CompressionError
from backend.recipe import Recipe
from gui.document import Document
from gui.icons import icon
from gui.item_models.runs import Column, RunsModel
from gui.moments import Moment
from gui.panels.tradeoff_card import TradeoffCard, rows
from gui.panels.tradeoff_controls import TradeoffControls
from gui.plots.legend import LegendEntry
from gui.plots.saving import ask_data, ask_picture, save_picture, write_csv
from gui.plots.tradeoff_plot import TradeoffPlot
from gui.run_pool import RunPool
from gui.text import plural, tr
from gui.theme import tokens
from gui.trade_off import Limits, TradeOff, limits, trade_off, within
from gui.tradeoff_text import axis_title, name, scale, table, without
from gui.widgets.buttons import button
from gui.widgets.empty_state import EmptyState
from gui.widgets.labels import ElidedLabel, label, rule

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
        self._document, self._runs = document, runs
        self._pool = RunPool(document, runs, running)
        self._stale = True
        self._drawn: tuple[str, str, str] | None = None
        self._trade_off: TradeOff | None = None
        self._walked = QTimer(self, singleShot=True, interval=WALK)
        self._walked.timeout.connect(self._tell_choice)
        self._looked = QTimer(self, singleShot=True, interval=0)
        self._looked.timeout.connect(self._follow_view)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty_state())
        self._stack.addWidget(self._content())
        runs.modelReset.connect(self._runs_changed)
        runs.dataChanged.connect(self._row_changed)
        runs.best_changed.connect(self._show_card)
        document.recipe_changed.connect(self._recipe_changed)

    # Building

    def _empty_state(self) -> QWidget:
        self._run = button(tr("Run"), self.run_requested.emit, icon_name="play-fill", kind="primary")
        state = EmptyState(
            "chart-line-up",
            tr("No run to weigh yet"),
            tr(
                "Each run of this network, and each step of a run, becomes a dot here: accuracy against size, MACs or "
                "latency. The best of them form a front; a dot gives its recipe back."
            ),
            self._run,
        )
        self._elsewhere = label("", "caption", "ter")
        self._elsewhere.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 12)
        column.addWidget(state, 1)
        column.addWidget(self._elsewhere)
        return page

    def _content(self) -> QWidget:
        self.controls = TradeoffControls()
        self.controls.changed.connect(self.refresh)
        self.controls.front_changed.connect(self._show_front)
        self.controls.more_requested.connect(lambda at: self.menu().popup(at))
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.controls)
        column.addWidget(rule())
        column.addWidget(self._figure(), 1)
        return content

    def _figure(self) -> QWidget:
        self.plot = TradeoffPlot()
        self.plot.chosen.connect(self._chosen)
        self.plot.paired.connect(self._show_card)
        self.plot.menu_requested.connect(lambda at: self.menu().popup(at))
        self.plot.view.sigRangeChanged.connect(lambda *_: self._looked.start())
        self.card = self._make_card()
        self.plot.activated.connect(self.card.press)
        self._up_title, self._across_title = label("", "small", "sec"), label("", "small", "sec")
        self._across_title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.figure = QWidget()
        column = QVBoxLayout(self.figure)
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(0)
        column.addLayout(self._legend())
        column.addSpacing(4)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._up_title)
        self._missing = _right("small", "ter")
        head.addWidget(self._missing, 1)
        column.addLayout(head)
        column.addSpacing(2)
        column.addWidget(self.plot, 1)
        column.addWidget(self._across_title)
        return self.figure

    def _legend(self) -> QHBoxLayout:
        t = tokens()
        row = QHBoxLayout()
        row.setSpacing(14)
        self._knee_entry = LegendEntry(tr("Knee: best balance"), t.s2, sign="ring")
        row.addWidget(LegendEntry(tr("On the Pareto front"), t.s1, sign="dot"))
        row.addWidget(self._knee_entry)
        row.addWidget(LegendEntry(tr("Dominated"), t.s0, sign="dot"))
        self._count = _right("caption", "sec")
        row.addWidget(self._count, 1)
        return row

    def _make_card(self) -> TradeoffCard:
        card = TradeoffCard(self.plot)
        card.export_requested.connect(lambda moment: self.export_requested.emit(moment.run))
        card.recipe_requested.connect(self._open_recipe)
        card.network_requested.connect(lambda moment: self.step_requested.emit(moment.run, moment.kept))
        card.live_requested.connect(self.live_requested)
        card.compare_requested.connect(self.compare_requested)
        card.closed.connect(self.plot.let_go)
        return card

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
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

    def _runs_changed(self) -> None:
        """Draw again when it is next seen; at once where it is."""
        self._pool.forget()
        self._stale = True
        if self.isVisible():
            self.refresh()

    def _row_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        """The run in progress tells something thirty times a second; its dots change with its stages."""
        if first.column() == last.column() == Column.NAME or self._pool.has_grown():
            self._runs_changed()

    def _recipe_changed(self) -> None:
        """Other dots only where the network or the data is another; the budget may have been moved."""
        shown = self._trade_off
        if self._drawn is None or self._drawn[2] != self._pool.key:
            self._runs_changed()
        elif shown is not None and not self._stale:
            self.plot.show_limits(self._limits(shown))
            self._tell(shown)
            self._show_card()

    def refresh(self) -> None:
        """Show the runs as they are now."""
        self._stale = False
        pool, asked = self._pool.pool(), (*self.controls.measures, self._pool.key)
        self._stack.setCurrentIndex(1 if len(pool.moments) > 1 else 0)
        self._elsewhere.setText(self._told_others())
        chosen = self._chosen_moments()
        shown = trade_off(pool, *self.controls.measures, steps=self.controls.steps.isChecked())
        self._trade_off = shown
        self.plot.show_trade_off(shown, self._limits(shown), anew=asked != self._drawn)
        self._drawn = asked
        self._tell(shown)
        if chosen:
            self.plot.choose(next((i for i, moment in enumerate(shown.moments) if moment == chosen[0]), None))
        self._show_card()

    def _show_front(self, visible: bool) -> None:
        self.plot.show_front(visible)
        if self._trade_off is not None:
            self._tell(self._trade_off)

    def _budget(self) -> dict[str, float]:
        return dict(self._document.recipe.budget) if self._document.recipe is not None else {}

    def _limits(self, shown: TradeOff) -> Limits:
        """What the budget allows across and asks for up."""
        original = next((moment for moment in shown.moments if moment.kind == "original"), None)
        if original is None or not self.controls.budget.isChecked():
            return Limits()
        return limits(self._budget(), original, shown.across, shown.up)

    def _tell(self, shown: TradeOff) -> None:
        _, unit = scale(shown.across, float(shown.x.max(initial=0.0)))
        self._across_title.setText(axis_title(shown.across, unit))
        self._up_title.setText(axis_title(shown.up, ""))
        self._knee_entry.setVisible(shown.knee is not None and self.controls.front.isChecked())
        self.controls.allow_budget("" if self._budget() else tr("The recipe has no budget"))
        self.plot.setAccessibleName(tr("{up} against {across}", up=name(shown.up), across=name(shown.across)))
        runs = len({moment.run for moment in shown.moments if moment.kind != "original"})
        self._count.setText(plural(runs, "{count} run · all measured", "{count} runs · all measured"))
        self._tell_missing(shown)

    def _follow_view(self) -> None:
        """Say what has left the view; the card keeps out of the way, but not of a hand that moves the dots."""
        if self._trade_off is not None:
            self._tell_missing(self._trade_off)
        if not self.plot.moved:
            self._place_card()

    def _tell_missing(self, shown: TradeOff) -> None:
        """How many dots are not seen, and why."""
        told, outside = [self._told_others()], self.plot.outside
        if outside:
            told.append(plural(outside, "{count} dot outside the view", "{count} dots outside the view"))
        if shown.otherwise:
            told.append(plural(shown.otherwise, "{count} run was timed in another runtime, with other threads or batch",
                               "{count} runs were timed in another runtime, with other threads or batch"))  # fmt: skip
        told = [line for line in (*told, *(without(*missing) for missing in shown.untold.items())) if line]
        self._missing.setText(" · ".join(told))
        self._missing.setToolTip("\n".join(told))

    def _told_others(self) -> str:
        if not self._pool.others:
            return ""
        return plural(self._pool.others, "{count} run of another network or other data is left out",
                      "{count} runs of other networks or data are left out")  # fmt: skip

    # Choosing

    def _chosen_moments(self) -> list[Moment]:
        shown, places = self._trade_off, (self.plot.selected, self.plot.second)
        return [] if shown is None else [shown.moments[place] for place in places if place is not None]

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
            self._walked.start()

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
            self.card.show_moment(first, self._tags(shown, first), rows(first, shown.across, shown.up), best=starred)
        self.plot.setAccessibleDescription(f"{self.card.accessibleName()}: {self.card.accessibleDescription()}")
        self._place_card()

    def _tags(self, shown: TradeOff, moment: Moment) -> list[tuple[str, str]]:
        kept = within(self._budget(), moment)
        tags = [("knee", tr("Knee"))] if shown.knee is not None and shown.moments[shown.knee] == moment else []
        if kept is not None:
            tags.append(("ok", tr("Within budget")) if kept else ("bad", tr("Over budget")))
        return [*tags, ("accent", tr("Running")) if moment.running else ("neutral", tr("measured"))]

    def _place_card(self) -> None:
        """In the corner that covers the fewest dots, the lower right one before the others."""
        shown = self._trade_off
        if self.card.isHidden() or shown is None:
            return
        frame = self.plot.view.sceneBoundingRect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        size = self.card.size()
        right, low = frame.right() - size.width(), frame.bottom() - size.height()
        corners = [QPointF(x, y) for y in (low, frame.top()) for x in (right, frame.left())]
        corner = min(corners, key=lambda corner: self._covered(shown, QRectF(corner, size.toSizeF())))
        self.card.move(corner.toPoint())
        self.card.raise_()

    def _covered(self, shown: TradeOff, area: QRectF) -> float:
        """How much a card over ``area`` would hide: the chosen dots must not be, those of the front should not."""
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

    def menu(self) -> QMenu:
        """What is drawn, the table, saving; deleted when closed."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        self.controls.add_to(menu)
        menu.addSeparator()
        for icon_name, said, call in (
            ("arrows-out", tr("Show all dots"), self.plot.show_all),
            ("table", tr("Show as table"), self.show_table),
            ("image", tr("Save picture…"), lambda: ask_picture(self, self._title(), self.save_picture)),
            ("download-simple", tr("Save data…"), lambda: ask_data(self, self._title(), self.save_data)),
        ):
            menu.addAction(icon(icon_name), said, call)
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
        if self._trade_off is None:
            return
        try:
            write_csv(path, *table(self._trade_off))
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


def _right(scale_name: str, tone: str) -> ElidedLabel:
    made = ElidedLabel("", scale_name, tone)
    made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return made

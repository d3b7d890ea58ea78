"""The panels and docks of the window, built in one go and thrown away in one go.

A change of language or theme builds it again from the document, the runs and the engine, which stay.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QMainWindow,
    QTabBar,
    QTabWidget,
    QWidget,
)

from gui.item_models.layer_kinds import quiet
from gui.panels.budget_panel import BudgetPanel
from gui.panels.compare_panel import ComparePanel
from gui.panels.layers_panel import LayersPanel
from gui.panels.live_panel import LivePanel
from gui.panels.log_panel import LogPanel
from gui.panels.model_panel import ModelPanel
from gui.panels.problems_panel import ProblemsPanel
from gui.panels.queue_panel import QueuePanel
from gui.panels.recipe_panel import RecipePanel
from gui.panels.runs_panel import RunsPanel
from gui.panels.sensitivity_panel import SensitivityPanel
from gui.panels.tradeoff_panel import TradeoffPanel
from gui.panels.weights_panel import WeightsPanel
from gui.run_state import RunState
from gui.text import file_size, number, plural, short, tr
from gui.widgets.buttons import button, tool_button
from gui.widgets.labels import label
from gui.widgets.title_bar import TitleBar
from gui.widgets.trust_badge import TrustBadge

if TYPE_CHECKING:
    from gui.frame import Frame
    from gui.main_window import MainWindow

FEATURES = QDockWidget.DockWidgetFeature.DockWidgetClosable | QDockWidget.DockWidgetFeature.DockWidgetMovable

MOST_NAMED = 64
"""Of more layers that are selected together, no plot tells which is which."""


class Panes:
    """The panels by name, put into the window around ``frame``."""

    def __init__(self, window: MainWindow, frame: Frame) -> None:
        self._window = window
        self._frame = frame
        self.model = ModelPanel(window.document, window.state, window.scan)
        self.recipe = RecipePanel(window.document, window.state, window.teaching.surroundings)
        self.budget = BudgetPanel(window.document, window.scans.planning, window.shown, window.runs)
        self.recipe.put_below(self.budget)
        self.recipe.room_changed.connect(self.budget.set_room)
        self.live = LivePanel(window.shown, window.runs, window.document)
        self.layers = LayersPanel(window.shown)
        self.tradeoff = TradeoffPanel(window.document, window.runs, lambda: window.runner.recipe)
        self.compare = ComparePanel(window.comparison, window.runs, window.document)
        self.sensitivity = SensitivityPanel(window.document, window.scanner)
        self.weights = WeightsPanel(window.document, window.engine, window.shown)
        self.runs = RunsPanel(window.runs)
        self.queue = QueuePanel(window.queue, window.runner, window.document)
        self.log = LogPanel(window.shown)
        self.problems = ProblemsPanel(window.actions_by_id)
        self._centre(frame)
        self._docks(window)
        self._wire(window)

    def _centre(self, frame: Frame) -> None:
        self.tabs = _tabs(
            (self.live, tr("Live")),
            (self.layers, tr("Layers")),
            (self.tradeoff, tr("Trade-off")),
            (self.compare, tr("Compare")),
            (self.sensitivity, tr("Sensitivity")),
            (self.weights, tr("Weights")),
        )
        self.pill = label("", badge="accent")
        self.pill.hide()
        self.tabs.put_aside(self.pill)
        frame.pages.addWidget(self.tabs)

    def _docks(self, window: MainWindow) -> None:
        expand = tool_button("arrows-out-line-vertical", tr("Expand all layers"), self.model.tree.expandAll)
        collapse = tool_button("arrows-in-line-vertical", tr("Collapse all layers"), window.views.collapse_layers)
        scan = tool_button("trend-down", tr("Scan sensitivity"), window.scans.scan)
        self.trust = TrustBadge()
        columns = tool_button("columns", tr("Choose columns"), window.views.choose_columns)
        self.model_title = TitleBar(tr("Model"), self.trust, scan, expand, collapse, columns)
        save = tool_button("floppy-disk", tr("Save recipe"), window.files.save)
        self.recipe_title = TitleBar(tr("Recipe"), save)
        self.model_dock = _dock(window, "model", tr("Model"), self.model, self.model_title)
        self.recipe_dock = _dock(window, "recipe", tr("Recipe"), self.recipe, self.recipe_title)
        self.history = _tabs(
            (self.runs, tr("Runs")),
            (self.queue, tr("Queue")),
            (self.log, tr("Log")),
            (self.problems, tr("Problems")),
            low=True,
        )
        compare = window.actions_by_id["compare"]
        self.compare_button = button(compare.text(), compare.trigger, icon_name="git-diff", kind="ghost", compact=True)
        self.history.put_aside(self.compare_button)
        none = QWidget()
        none.setFixedHeight(0)
        self.history_dock = _dock(window, "history", tr("Runs"), self.history, none)
        for corner, area in (
            (Qt.Corner.TopLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea),
            (Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea),
            (Qt.Corner.TopRightCorner, Qt.DockWidgetArea.RightDockWidgetArea),
            (Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea),
        ):
            window.setCorner(corner, area)
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self.model_dock)
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.recipe_dock)
        window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.history_dock)
        self.model_dock.setMinimumWidth(340)
        self.recipe_dock.setMinimumWidth(280)

    @property
    def docks(self) -> tuple[QDockWidget, ...]:
        return self.model_dock, self.recipe_dock, self.history_dock

    def _wire(self, window: MainWindow) -> None:
        self.model.said.connect(window.say)
        self.model.weights_wanted.connect(self.show_weights)
        self.model.measure_requested.connect(window.measuring.measure)
        self.model.scan_requested.connect(window.scans.scan)
        self.model.set_knowledge(window.knowledge)
        self.recipe.said.connect(window.say)
        self.live.run_requested.connect(window.work.run_recipe)
        self.live.resume_requested.connect(window.work.resume_run)
        self.live.repair_requested.connect(window.problems.repair)
        self.live.failed.connect(window.problems.show_problem)
        self.live.steps_requested.connect(window.work.offer_steps)
        self.layers.layer_activated.connect(self.model.show_layer)
        self.model.selection_changed.connect(self._selected)
        self.tabs.currentChanged.connect(self._follow_selection)
        self.sensitivity.scan_requested.connect(window.scans.scan)
        self.sensitivity.stop_requested.connect(window.scans.stop)
        self.sensitivity.plan_requested.connect(window.scans.show_budget)
        self.budget.scan_requested.connect(window.scans.scan)
        self.budget.measure_requested.connect(window.measuring.measure)
        self.budget.failed.connect(window.problems.show_problem)
        self.sensitivity.layer_chosen.connect(self.model.show_layer)
        self.sensitivity.failed.connect(window.problems.show_problem)
        self.weights.failed.connect(window.problems.show_problem)
        self.weights.layer_chosen.connect(self.model.show_layer)
        self.layers.chart.failed.connect(window.problems.show_problem)
        self.tradeoff.run_requested.connect(window.work.run_recipe)
        self.tradeoff.run_selected.connect(self._show_run)
        self.tradeoff.running_selected.connect(window.work.show_live)
        self.tradeoff.live_requested.connect(self.show_live)
        self.tradeoff.recipe_requested.connect(window.files.open_run_recipe)
        self.tradeoff.export_requested.connect(window.work.export_folder)
        self.tradeoff.step_requested.connect(window.files.open_step)
        self.tradeoff.compare_requested.connect(window.work.compare)
        self.tradeoff.failed.connect(window.problems.show_problem)
        self.runs.run_selected.connect(self.tradeoff.select_run)
        self.runs.run_selected.connect(window.work.show_run)
        self.runs.running_selected.connect(window.work.show_live)
        self.runs.recipe_requested.connect(window.files.open_run_recipe)
        self.runs.export_requested.connect(window.work.export_folder)
        self.runs.resume_requested.connect(window.work.resume_folder)
        self.runs.queue_requested.connect(window.lineup.add_run)
        self.runs.text_requested.connect(window.texts.show_run)
        self.runs.events_requested.connect(window.texts.write_events)
        self.runs.step_requested.connect(window.files.open_step)
        self.runs.failed.connect(window.problems.show_problem)
        self.runs.compare_requested.connect(window.work.compare_runs)
        self.runs.selection_changed.connect(window.update_actions)
        self.compare.layer_chosen.connect(self.model.show_layer)
        self.compare.failed.connect(window.problems.show_problem)
        compare = window.actions_by_id["compare"]
        compare.changed.connect(self.follow_compare)
        self.follow_compare()
        self.problems.repair_requested.connect(window.problems.repair)
        self.problems.count_changed.connect(self._count_problems)
        self.problems.plan_repair_requested.connect(window.problems.repair_plan)
        self.problems.action_requested.connect(window.problems.lead)
        self.problems.stage_requested.connect(window.problems.show_stage)
        self.recipe.problems_requested.connect(window.problems.show_list)
        window.plan_problems.changed.connect(self._plan_checked)
        self._plan_checked()
        self.queue.stop_requested.connect(window.work.stop_run)
        self.queue.add_requested.connect(window.lineup.add)
        self.queue.recipe_requested.connect(window.lineup.open_entry)
        self._queue = window.queue
        self._queue.changed.connect(self._count_queue)
        self._count_queue()

    def _selected(self) -> None:
        self.sensitivity.show_layers([layer.name for layer in self.model.selected()[:MOST_NAMED]])
        self._follow_selection()

    def _follow_selection(self) -> None:
        """While weights are in view, they are those of the selected layer; one without any says so."""
        layers = [layer for layer in self.model.selected() if layer.leaf or layer.weight_shape]
        chosen = next((layer.name for layer in sorted(layers, key=lambda one: not one.weight_shape)), "")
        if self.tabs.currentWidget() is self.weights and chosen not in ("", self.weights.layer):
            self.weights.show_layer(chosen)

    def _plan_checked(self) -> None:
        found = self._window.plan_problems.found
        self.problems.set_plan(found)
        self.recipe.show_problems(found)

    # What the window tells it to show

    def show_compare(self) -> None:
        self._frame.show_page(self.tabs)
        self.tabs.setCurrentWidget(self.compare)

    def follow_compare(self) -> None:
        """The button says why it can't be pressed."""
        action = self._window.actions_by_id["compare"]
        self.compare_button.setEnabled(action.isEnabled())
        self.compare_button.setToolTip(action.toolTip())

    def show_sensitivity(self) -> None:
        self._frame.show_page(self.tabs)
        self.tabs.setCurrentWidget(self.sensitivity)

    def _show_run(self, folder: Path) -> None:
        """Show the run of a dot, and mark its row."""
        self.runs.select(folder)
        self._window.work.show_run(folder)

    def show_live(self) -> None:
        self._window.work.show_live()
        self.tabs.setCurrentWidget(self.live)

    def show_weights(self, layer: str) -> None:
        self._frame.show_page(self.tabs)
        self.tabs.setCurrentWidget(self.weights)
        self.weights.show_layer(layer)

    def show_history(self, panel: QWidget) -> None:
        self.history_dock.show()
        self.history.setCurrentWidget(panel)

    def show_state(self, state: RunState) -> None:
        """Show another run in the middle and in the log."""
        for panel in (self.live, self.budget, self.layers, self.weights, self.log):
            panel.set_state(state)

    def show_network(self) -> None:
        """Say in the title of the tree how large the network is."""
        found = self._window.document.inspection
        self.trust.show_trust(found.trust if found is not None else None)
        if found is None:
            self.model_title.detail.setText("")
            return
        layers = sum(layer.leaf and not quiet(layer) for layer in found.layers)
        effort = tr("{macs} MACs", macs=short(found.macs)) if found.macs is not None else tr("MACs unknown")
        last = effort if found.complete else file_size(found.size_bytes)
        count = number(found.parameters) if found.parameters < 1_000_000 else short(found.parameters)
        text = plural(layers, "{count} layer · {parameters} parameters · {macs}",
                      "{count} layers · {parameters} parameters · {macs}",
                      parameters=count, macs=last)  # fmt: skip
        shorter = tr("{parameters} parameters · {macs}", parameters=count, macs=last)
        self.model_title.detail.setText(text, shorter, tr("{parameters} parameters", parameters=count))

    def _count_problems(self, count: int) -> None:
        self._count(self.problems, count, "warn", plural(count, "{count} problem", "{count} problems"))

    def _count_queue(self) -> None:
        count = len(self._queue.entries)
        self._count(
            self.queue, count, "accent", plural(count, "{count} recipe is waiting", "{count} recipes are waiting")
        )

    def _count(self, panel: QWidget, count: int, badge: str, name: str) -> None:
        """Put a number beside the title of a panel of the history."""
        shown = label(number(count), badge=badge) if count else None
        if shown is not None:
            shown.setAccessibleName(name)
        place = self.history.indexOf(panel)
        self.history.tabBar().setTabButton(place, QTabBar.ButtonPosition.RightSide, shown)

    def remove(self) -> None:
        """Take the docks out of the window; the middle goes with the frame."""
        self._queue.changed.disconnect(self._count_queue)
        self._window.plan_problems.changed.disconnect(self._plan_checked)
        for dock in self.docks:
            self._window.removeDockWidget(dock)
            dock.setObjectName("")  # the saved layout belongs to its successor
            dock.setParent(None)
            dock.deleteLater()


class Tabs(QTabWidget):
    """Tabs with room for one more widget at the right of their titles."""

    _aside: QWidget | None = None

    def put_aside(self, widget: QWidget) -> None:
        self._aside = widget
        widget.setParent(self)

    def place_aside(self) -> None:
        """Put it in its place, its size that of its text. It covers no title: without room it is not seen."""
        if self._aside is not None:
            self._aside.adjustSize()
            bar = self.tabBar()
            left = self.width() - self._aside.width() - 16
            if left < bar.tabRect(bar.count() - 1).right() + 8:
                self._aside.resize(0, 0)
            self._aside.move(left, (bar.height() - self._aside.height()) // 2 + 2)
            self._aside.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place_aside()


def _tabs(*pages: tuple[QWidget, str], low: bool = False) -> Tabs:
    tabs = Tabs()
    tabs.setDocumentMode(True)
    tabs.setProperty("low", low)
    for page, title in pages:
        page.setProperty("surface", "panel")
        tabs.addTab(page, title)
    bar = tabs.tabBar()
    bar.setDrawBase(False)
    bar.setExpanding(False)
    bar.setUsesScrollButtons(True)
    return tabs


def _dock(window: QMainWindow, name: str, title: str, body: QWidget, bar: QWidget) -> QDockWidget:
    dock = QDockWidget(title, window)
    dock.setObjectName(name)
    dock.setFeatures(FEATURES)
    dock.setTitleBarWidget(bar)
    dock.setWidget(body)
    return dock

"""The run as it happens: who is shown, four figures before and after, and the curves.

``LivePanel(state, runs)``: ``state`` is the run that is shown, ``runs`` knows the best one so far.
:meth:`LivePanel.set_state` shows another run.

Signals:
    run_requested(): the empty state's button.
    repair_requested(object): the Repair of a failed run's card, or of a diagnosis.
    resume_requested(): the stopped run in view is to go on.
    steps_requested(QPoint): "Steps" was pressed; where its menu belongs on the screen.
    failed(object): a CompressionError met while saving a picture or data.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from backend.errors import CompressionError, Repair, msg
from backend.events import Failed, Finished
from backend.recipe import merged
from backend.workspace import RECIPE
from gui.comparison import Metrics, figures
from gui.document import Document
from gui.icons import pixmap
from gui.item_models.runs import RunsModel
from gui.plots.run_plots import RunPlots
from gui.run_notes import diagnosis, only_masked, removable, removes
from gui.run_state import RunState
from gui.stage_text import outlook
from gui.templates import usual_seconds
from gui.text import duration, message, tr
from gui.theme import tokens
from gui.widgets.buttons import button, tool_button
from gui.widgets.empty_state import EmptyState
from gui.widgets.failure_notice import FailureNotice
from gui.widgets.labels import ElidedLabel, label
from gui.widgets.metric_card import MetricCard
from gui.widgets.notice import Notice
from gui.widgets.segmented import Segmented
from gui.widgets.text_label import restyle

MARGIN = 16


class LivePanel(QWidget):
    """Cards and curves of a run, or what to do to see them."""

    run_requested = Signal()
    repair_requested = Signal(object)
    steps_requested = Signal(QPoint)
    resume_requested = Signal()
    failed = Signal(object)

    def __init__(self, state: RunState, runs: RunsModel, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self._runs, self._document = state, runs, document
        self._stack = QStackedLayout(self)
        self._run = button(tr("Run"), self.run_requested.emit, icon_name="play-fill", kind="primary")
        self._stack.addWidget(
            EmptyState(
                "chart-line",
                tr("Nothing has run yet"),
                tr(
                    "Accuracy, sparsity and loss are drawn here while the recipe runs; figures before and after follow."
                ),
                self._begin(),
            )
        )
        self._stack.addWidget(self._content())
        state.changed.connect(self._changed)
        runs.best_changed.connect(self._show_figures)
        document.recipe_changed.connect(self._show_notes)
        document.recipe_changed.connect(self._show_outlook)
        self._show_outlook()
        self.refresh()

    def _begin(self) -> QWidget:
        """Run, and below it what that will do."""
        widget = QWidget()
        column = QVBoxLayout(widget)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self.outlook = label("", "caption", "ter")
        self.outlook.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._run, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.outlook)
        return widget

    def _show_outlook(self) -> None:
        recipe, catalogue = self._document.recipe, self._document.catalogue
        if recipe is None or catalogue is None:
            self.outlook.setText("")
            return
        text, seconds = outlook(recipe, catalogue), usual_seconds(recipe, catalogue)
        if seconds is not None:
            text = tr("{outlook}, about {time} on two cores", outlook=text, time=duration(seconds))
        self.outlook.setText(text)

    def _content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(MARGIN, 8, MARGIN, 8)
        column.setSpacing(0)
        column.addLayout(self._header())
        column.addSpacing(8)
        self._notice = FailureNotice()
        self._notice.repair_requested.connect(self.repair_requested)
        column.addWidget(self._notice)
        cards = QHBoxLayout()
        cards.setSpacing(6)
        self.cards = [MetricCard() for _ in range(4)]
        for card in self.cards:
            cards.addWidget(card, 1)
        column.addLayout(cards)
        column.addSpacing(8)
        self.collapse, self.masks, self.stopped = Notice("warn"), Notice(), Notice()
        for notice in (self.collapse, self.masks, self.stopped):
            column.addWidget(notice)
        column.addSpacing(4)
        self.plots = RunPlots(self._state, lambda: self._document.catalogue)
        self.plots.failed.connect(self.failed)
        policy = self.plots.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.plots.setSizePolicy(policy)
        column.addWidget(self.plots, 1)
        return content

    def _header(self) -> QHBoxLayout:
        t = tokens()
        row = QHBoxLayout()
        row.setSpacing(8)
        self._sign = QLabel()
        self._sign.setFixedSize(QSize(16, 20))
        self._title, self._detail = ElidedLabel(), ElidedLabel()
        restyle(self._title, 13, 600)
        restyle(self._detail, 12, 400, t.sec)
        self.choice = Segmented(
            [("best", tr("Best")), ("this", tr("This run"))], "this", tr("Which run the cards show")
        )
        self.choice.changed.connect(lambda _: self._show_figures())
        row.addStrut(self.choice.sizeHint().height())  # the cards do not move when there is a best run
        row.addWidget(self._sign)
        row.addWidget(self._title, 100)
        row.addWidget(self._detail, 60)
        row.addStretch(1)
        self.steps = tool_button("git-commit", tr("Open the network as it was at a step of this run"), self._ask_steps)
        row.addWidget(self.steps)
        row.addWidget(self.choice)
        return row

    def _ask_steps(self) -> None:
        self.steps_requested.emit(self.steps.mapToGlobal(self.steps.rect().bottomLeft()))

    def allow_run(self, reason: str) -> None:
        """Whether the empty state's button works; ``reason`` says why not and is empty where it does."""
        self._run.setEnabled(not reason)
        self._run.setToolTip(reason)

    def set_state(self, state: RunState) -> None:
        """Show another run."""
        self._state.changed.disconnect(self._changed)
        self._state = state
        state.changed.connect(self._changed)
        self.plots.set_state(state)
        self.choice.set_value("this")
        self.refresh()

    @property
    def state(self) -> RunState:
        return self._state

    def _changed(self, kinds: set[str]) -> None:
        if "started" in kinds:
            self.choice.set_value("this")
        if kinds & {"started", "metrics", "ending", "stages"}:
            self.refresh()
        elif "log" in kinds:
            self._show_notes()

    def refresh(self) -> None:
        """Show the run as it is now; the curves draw themselves."""
        self._stack.setCurrentIndex(0 if self._state.status == "empty" else 1)
        ending = self._state.ending
        self._notice.show_failure(ending if isinstance(ending, Failed) else None)
        # no empty axes under the card of a run that failed before its first figure
        self.plots.setVisible(not isinstance(ending, Failed) or any(map(bool, self._state.curves.values())))
        self.steps.setVisible(isinstance(ending, Finished) and bool(self._state.folder))
        self._show_figures()
        self._show_notes()
        self._offer_to_resume()

    def offer(self, text: str, call: Callable[[], object]) -> None:
        """A way out of the failure in view that is no edit of the recipe."""
        self._notice.offer(text, call)

    def _offer_to_resume(self) -> None:
        if self._state.status == "stopped" and (Path(self._state.folder) / RECIPE).is_file():
            text = tr("This run was stopped. What its finished stages made is kept.")
            self.stopped.show_text(text, "", tr("Resume"), self.resume_requested.emit)
        else:
            self.stopped.show_text("")

    def _show_notes(self) -> None:
        """Where accuracy fell, else what masks do not do: one at a time, and calm."""
        warned = diagnosis(self._state)
        repair = warned.repair if warned is not None else None
        if warned is not None and repair is not None:
            call = lambda: self.repair_requested.emit(repair)  # noqa: E731
            if self._done(repair):
                self.collapse.show_text(message(warned.message), tr("The recipe does so now: run it again."))
            else:
                self.collapse.show_text(message(warned.message), message(warned.hint), message(repair.label), call)
        else:
            self.collapse.show_text("")
        masked = only_masked(self._state) if warned is None else []
        self._say_of_masks(masked)

    def _done(self, repair: Repair) -> bool:
        """Whether the recipe says already what ``repair`` would have it say."""
        recipe, catalogue = self._document.recipe, self._document.catalogue
        if recipe is None or catalogue is None:
            return False
        try:
            return merged(recipe, repair.edits, catalogue) == recipe
        except CompressionError:
            return False

    def _say_of_masks(self, masked: list[int]) -> None:
        if not masked:
            self.masks.show_text("")
            return
        text = tr("Masks set weights to zero; by themselves they make nothing smaller or faster.")
        recipe = self._document.recipe
        edits = removable(masked, recipe, self._document.catalogue)
        if edits:
            repair = Repair(msg("Remove the channels"), edits)
            self.masks.show_text(text, "", message(repair.label), lambda: self.repair_requested.emit(repair))
        elif removes(recipe):
            self.masks.show_text(text, tr("The recipe removes the channels now: run it again."))
        else:
            self.masks.show_text(text)

    def _show_figures(self) -> None:
        best = self._runs.best()
        self.choice.setVisible(best is not None)
        if self.choice.value == "best" and best is not None:
            self._head("star-fill", tokens().s6, best.title, tr("vs the original"))
            self._fill(best.baseline, best.metrics, final=True)
            return
        self._head_of_run()
        state = self._state
        self._fill(state.baseline, state.latest, final=state.status == "done")

    def _head_of_run(self) -> None:
        t, state = tokens(), self._state
        match state.status:
            case "running":
                stage = state.stage
                name = tr("waiting for the engine") if stage is None else _during(state)
                self._head("circle-fill", t.accent, state.name or tr("Run"), name)
            case "done":
                text = tr("finished in {time}", time=duration(state.elapsed))
                self._head("check-circle-fill", t.ok, state.name, text)
            case "stopped":
                text = tr("stopped after {time}; the network is as it was", time=duration(state.elapsed))
                self._head("minus-circle-fill", t.ter, state.name, text)
            case "failed":
                text = tr("failed after {time}", time=duration(state.elapsed))
                self._head("x-circle-fill", t.bad, state.name or tr("Run"), text)
            case _:
                self._head("circle", t.ter, "", "")

    def _head(self, icon_name: str, color: str, title: str, detail: str) -> None:
        self._sign.setPixmap(pixmap(icon_name, color, 14))
        self._sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for shown, text in ((self._title, title), (self._detail, detail)):
            shown.setText(text)
            shown.setMaximumWidth(shown.fontMetrics().horizontalAdvance(text) + 4)

    def _fill(self, baseline: Metrics, metrics: Metrics, *, final: bool) -> None:
        for card, figure in zip(self.cards, figures(baseline, metrics), strict=True):
            card.show_figure(figure, final=final)


def _during(state: RunState) -> str:
    stage = state.stage
    if stage is None or stage.index < 0:
        return tr("measuring the original network")
    measured = [s for s in state.stages if 0 <= s.index < stage.index]
    if not measured or not state.latest:
        return tr("figures follow after the first stage")
    return tr("figures after stage {number} of {count}", number=len(measured), count=len(state.stages) - 1)

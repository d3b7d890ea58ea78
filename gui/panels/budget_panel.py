"""The budget below the stages: for each limit what there is and what may be, and a mark to drag.

Dragging asks for the amounts that keep the limit, and shows what they come to; letting go writes limit and
amounts in one step. Figures are estimated until a run has measured them.

Signals:
    scan_requested(), measure_requested(): what is missing for a plan.
    failed(object): a CompressionError met while writing.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from backend.errors import CompressionError
from backend.recipe import Recipe, Verdict, judged
from gui import budget_text
from gui.budgeting import Planning, over, uncertain
from gui.document import Document
from gui.icons import icon, pixmap
from gui.item_models.runs import RunsModel
from gui.panels.budget_editor import BudgetEditor
from gui.panels.budget_note import BudgetNote
from gui.panels.budget_row import BudgetRow, Source
from gui.run_state import RunState
from gui.text import message, tr
from gui.theme import tokens
from gui.widgets.buttons import button, tool_button
from gui.widgets.labels import ElidedLabel, label, restyle, rule
from gui.widgets.popover import Popover

FOLDED = "budget_folded"
ROW = 44
"""Pixels of a limit."""


class BudgetPanel(QFrame):
    scan_requested = Signal()
    measure_requested = Signal()
    failed = Signal(object)

    def __init__(
        self,
        document: Document,
        planning: Planning,
        run_state: RunState,
        runs: RunsModel,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._planning, self._runs = document, planning, runs
        self._run = run_state
        self._known: tuple[Recipe | None, object, bool] = (None, None, False)
        self._moving: dict[str, float] = {}
        self.rows: dict[str, BudgetRow] = {}
        self._editor: Popover | None = None
        self.setProperty("surface", "panel")
        self.setAccessibleName(tr("Budget"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(rule())
        column.addWidget(self._header())
        self._body = QWidget()
        self._lines = QVBoxLayout(self._body)
        self._lines.setContentsMargins(16, 0, 16, 12)
        self._lines.setSpacing(4)
        self._stack = QVBoxLayout()
        self._stack.setSpacing(6)
        self._lines.addLayout(self._stack)
        self.note = BudgetNote(planning)
        self.note.scan_requested.connect(self.scan_requested)
        self.note.measure_requested.connect(self.measure_requested)
        self._lines.addWidget(self.note)
        column.addWidget(self._body)
        document.recipe_changed.connect(self.refresh)
        document.catalogue_changed.connect(self.refresh)
        planning.changed.connect(self._planned)
        planning.failed.connect(self.failed)
        run_state.changed.connect(self._run_changed)
        self.set_state(run_state)

    def _header(self) -> QWidget:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 8, 8, 6)
        row.setSpacing(8)
        sign = QLabel()
        sign.setPixmap(pixmap("target", tokens().sec, 16))
        row.addWidget(sign)
        row.addWidget(label(tr("Budget"), "section"))
        self.verdict = ElidedLabel("", "caption", "sec")
        row.addWidget(self.verdict, 1)
        self.edit_button = button("", self.edit, kind="link")
        row.addWidget(self.edit_button)
        self.fold_button = tool_button("caret-down", tr("Fold the budget"), self._toggle)
        row.addWidget(self.fold_button)
        return head

    # What is shown

    def set_state(self, state: RunState) -> None:
        """Another run is in view: where it carried out this very recipe, its figures are those of the recipe."""
        self._run.changed.disconnect(self._run_changed)
        self._run = state
        state.changed.connect(self._run_changed)
        self.refresh()

    def _run_changed(self, kinds: set[str]) -> None:
        if kinds & {"started", "ending"}:
            self.refresh()

    def _planned(self) -> None:
        if not self._planning.applying and not any(row.dragging for row in self.rows.values()):
            self._moving = {}
        self.refresh()

    @property
    def source(self) -> Source:
        """Where the figures come from."""
        moving = self._planning.proposal is not None or self._moving
        return "measured" if not moving and self._measured else "estimated"

    @property
    def _measured(self) -> bool:
        """Whether the run in view measured the recipe as it is; asked for often, found out once."""
        recipe, ending = self._document.recipe, self._run.ending
        if self._known[0] is not recipe or self._known[1] is not ending:
            self._known = recipe, ending, recipe is not None and self._run.carried_out(recipe.to_data())
        return self._known[2]

    @property
    def _figures(self) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """The original's and the network's."""
        if self.source == "measured":
            return self._run.baseline, self._run.final
        shown = self._planning.proposal if self._moving and self._planning.proposal else self._planning.estimate
        return {**self._planning.before, **shown.before}, shown.predicted

    def _early(self, one: Verdict) -> bool:
        """Whether accuracy is missed by an estimate that knows nothing of the training to come."""
        recipe = self._document.recipe
        missed = one.limit == "accuracy_drop" and one.within is False and self.source == "estimated"
        return missed and recipe is not None and uncertain(recipe)

    @property
    def verdicts(self) -> list[Verdict]:
        before, metrics = self._figures
        return judged({**self._planning.budget, **self._moving}, before, metrics)

    def refresh(self) -> None:
        """Say everything again."""
        budget = self._planning.budget
        self.setVisible(self._document.is_open)
        self._match_rows(budget)
        before, _ = self._figures
        for one in self.verdicts:
            self.rows[one.limit].show_verdict(one, before, self.source, self._early(one))
        self.edit_button.setText(tr("Edit") if budget else tr("Set a budget…"))
        self._tell_verdict()
        self.note.tell(self._touched(), exceeded=bool(self._exceeded()), measured=self.source == "measured")
        self._follow_fold()

    def _match_rows(self, budget: Mapping[str, float]) -> None:
        wanted = [limit for limit in budget_text.FIRST if limit in budget]
        if list(self.rows) == wanted:
            return
        for limit in [limit for limit in self.rows if limit not in wanted]:
            row = self.rows.pop(limit)
            self._stack.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, limit in enumerate(wanted):
            if limit not in self.rows:
                row = BudgetRow(limit)
                row.moved.connect(self._move)
                row.let_go.connect(self._let_go)
                self._stack.insertWidget(place, row)
                self.rows[limit] = row
        self.rows = {limit: self.rows[limit] for limit in wanted}

    def _tell_verdict(self) -> None:
        whole, brief, tone = self._verdict()
        fits = self.verdict.fontMetrics().horizontalAdvance(whole) <= self.verdict.width()
        self.verdict.setText(whole if fits else brief)
        self.verdict.setToolTip(whole)
        self.verdict.setAccessibleName(whole)
        restyle(self.verdict, tone=tone)

    def _verdict(self) -> tuple[str, str, str]:
        """A sentence, the same in little room, and its tone."""
        found = self.verdicts
        if not found:
            return "", "", "sec"
        worst = next((one for one in found if one.limit == self._exceeded()), None)
        if worst is None and any(one.within is None or self._early(one) for one in found):
            return tr("Known after a run"), tr("Not known yet"), "sec"
        if self.source == "measured":
            run = self._run_name()
            if worst is None:
                return tr("{run} is within budget", run=run), tr("{run}: within", run=run), "ok"
            reason = budget_text.over_text(worst)
            return tr("{run}: {reason}", run=run, reason=reason), tr("{run}: over", run=run), "bad"
        if worst is None:
            return tr("Estimated: within budget"), tr("Estimated: within"), "sec"
        return tr("Estimated: {reason}", reason=budget_text.over_text(worst)), tr("Estimated: over"), "bad"

    def _run_name(self) -> str:
        place = self._runs.row(Path(self._run.folder)) if self._run.folder else -1
        number = self._runs.rows[place].number if place >= 0 else 0
        return tr("Run {number}", number=number) if number else self._run.name

    def _exceeded(self) -> str:
        """The limit that is missed by most; one that a training may mend yet is none."""
        before, metrics = self._figures
        counted = {one.limit: one.figure for one in self.verdicts if not self._early(one)}
        return over(counted, before, metrics)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_verdict()

    # The plan

    def _touched(self) -> str:
        """The limit that is being moved, is waited for, is exceeded, or the first that a plan could keep."""
        found = next(iter({**self._moving, **self._planning.pending}), "") or self._exceeded()
        able = (limit for limit in self.rows if self._planning.need(limit) in ("", "scan", "scanning"))
        return found or next(able, "") or next(iter(self.rows), "")

    def _move(self, limit: str, figure: float) -> None:
        self._moving = {limit: figure}
        if self._planning.need(limit):
            self.refresh()
        else:
            self._planning.propose(limit, figure)  # which tells of itself

    def _let_go(self, limit: str, figure: float) -> None:
        self._moving = {limit: figure}
        self._planning.keep(limit, figure)

    # Editing

    def edit(self) -> None:
        """Which limits count, and their figures."""
        form = BudgetEditor(self._planning.budget)

        def done() -> bool:
            return self._set_budget(form.value)

        note = tr("What the result may cost. A percentage is of the original network.")
        self._editor = Popover(tr("Budget"), note, form, tr("Set"), done)
        self._editor.setFixedWidth(400)
        self._editor.show_at(self.edit_button.mapToGlobal(self.edit_button.rect().topLeft()))

    def _set_budget(self, budget: Mapping[str, float]) -> bool:
        edits = {f"budget.{limit}": budget.get(limit) for limit in {**self._planning.budget, **budget}}
        try:
            self._document.set_values(edits, tr("Budget"))
        except CompressionError as error:
            if self._editor is not None:
                self._editor.refuse(f"{message(error.message)} {message(error.hint)}".strip())
            return False
        QSettings().setValue(FOLDED, False)
        self.refresh()
        return True

    # Folding

    def show_unfolded(self) -> None:
        """Make all of it visible, and edit it where it is empty."""
        QSettings().setValue(FOLDED, False)
        self.refresh()
        if not self._planning.budget:
            self.edit()
        elif self.rows:
            next(iter(self.rows.values())).bar.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_room(self, height: int) -> None:
        """``height`` pixels are there for the stages and this; a third of them at most unless somebody unfolds it."""
        self._room = height
        self._follow_fold()

    _room = 10_000

    @property
    def folded(self) -> bool:
        kept = QSettings().value(FOLDED)
        if kept is None:
            return len(self.rows) * ROW > self._room / 3
        return str(kept).lower() == "true"

    def _toggle(self) -> None:
        QSettings().setValue(FOLDED, not self.folded)
        self._follow_fold()

    def _follow_fold(self) -> None:
        folded = self.folded
        self._body.setVisible(not folded)
        self.fold_button.setIcon(icon("caret-up" if folded else "caret-down"))
        tip = tr("Unfold the budget") if folded else tr("Fold the budget")
        self.fold_button.setToolTip(tip)
        self.fold_button.setAccessibleName(tip)

"""What is wrong or doubtful with the plan, what the last run told, what just did not work.

Each problem is a sentence, a hint and its one-click repair. The window says what to show with
:meth:`ProblemsPanel.set_plan`, :meth:`ProblemsPanel.set_problems` and :meth:`ProblemsPanel.show_now`.

Signals:
    repair_requested(object): the Repair of a problem that a run told; it is about that run's recipe.
    plan_repair_requested(object): the Repair of a problem of the plan as it is now.
    action_requested(str): the command that leads to a repair.
    stage_requested(int): the stage that a problem is about is to be shown.
    count_changed(int): for the tab's badge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from gui.icons import pixmap
from gui.problems.plan import Problem
from gui.text import message, tr
from gui.theme import tokens
from gui.widgets.buttons import button, tool_button
from gui.widgets.empty_state import EmptyState
from gui.widgets.labels import label
from gui.widgets.text_label import text_label

__all__ = ["Problem", "ProblemRow", "ProblemsPanel"]


class ProblemsPanel(QWidget):
    """Lists of problems, the gravest first. ``titles`` names the commands that problems lead to, by id."""

    repair_requested = Signal(object)
    plan_repair_requested = Signal(object)
    action_requested = Signal(str)
    stage_requested = Signal(int)
    count_changed = Signal(int)

    def __init__(self, titles: Mapping[str, QAction] | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = titles or {}
        self._plan: list[Problem] = []
        self._problems: list[Problem] = []
        self._now: list[Problem] = []
        self._stack = QStackedLayout(self)
        self._stack.addWidget(
            EmptyState(
                "check-circle",
                tr("No problems"),
                tr("What is wrong with the recipe, and why a run failed, is listed here with a way to repair it."),
            )
        )
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._stack.addWidget(self._area)

    @property
    def problems(self) -> list[Problem]:
        """What the last run told."""
        return list(self._problems)

    @property
    def count(self) -> int:
        return len(self._plan) + len(self._problems) + len(self._now)

    def set_plan(self, problems: Sequence[Problem]) -> None:
        """What is wrong or doubtful with the plan as it is now."""
        self._change(plan=problems)

    def set_problems(self, problems: Sequence[Problem]) -> None:
        """What the last run told, in place of what the one before did."""
        self._change(run=problems)

    def show_now(self, problems: Sequence[Problem]) -> None:
        """What just did not work, in place of what did not before."""
        self._change(now=problems)

    def _change(self, **lists: Sequence[Problem]) -> None:
        names = {"plan": "_plan", "run": "_problems", "now": "_now"}
        ranked = {names[key]: sorted(found, key=lambda one: one.level != "error") for key, found in lists.items()}
        before = self.count
        if all(getattr(self, name) == found for name, found in ranked.items()):
            return
        for name, found in ranked.items():
            setattr(self, name, found)
        focused = self.isAncestorOf(self.focusWidget()) if self.focusWidget() is not None else False
        self._stack.setCurrentIndex(1 if self.count else 0)
        self._area.setWidget(self._list())
        if focused:
            self._focus_first()
        if self.count != before:
            self.count_changed.emit(self.count)

    def _focus_first(self) -> None:
        """The row that was repaired is gone: the keyboard goes to the first of those that are left."""
        first = next(iter(self._area.findChildren(QPushButton)), None)
        (first or self).setFocus()

    def _list(self) -> QWidget:
        content = QWidget()
        content.setProperty("surface", "panel")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        run_alone = not self._plan and not self._now
        self._section(column, tr("Just now"), self._now, self.repair_requested)
        self._section(column, tr("This plan"), self._plan, self.plan_repair_requested)
        self._section(column, "" if run_alone else tr("From the last run"), self._problems, self.repair_requested)
        column.addStretch(1)
        return content

    def _section(self, column: QVBoxLayout, title: str, problems: Sequence[Problem], repair: SignalInstance) -> None:
        if problems and title:
            head = label(title, "strong", "sec")
            head.setContentsMargins(16, 8, 16, 0)
            column.addWidget(head)
        for problem in problems:
            action = self._actions.get(problem.action)
            row = ProblemRow(problem, action.text() if action is not None else "")
            row.repair_requested.connect(repair)
            row.action_requested.connect(self.action_requested)
            row.stage_requested.connect(self.stage_requested)
            column.addWidget(row)


class ProblemRow(QFrame):
    """One problem with its buttons; ``leads`` is the title of the command that leads to its repair."""

    repair_requested = Signal(object)
    action_requested = Signal(str)
    stage_requested = Signal(int)

    def __init__(self, problem: Problem, leads: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        t = tokens()
        self._problem = problem
        self.setObjectName("problem")
        self.setStyleSheet(f"#problem {{ border: none; border-bottom: 1px solid {t.line}; }}")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 14, 8)
        row.setSpacing(10)
        sign = QLabel()
        sign.setPixmap(pixmap(*(("x-circle-fill", t.bad) if problem.level == "error" else ("warning", t.warn)), 16))
        sign.setFixedSize(16, 20)
        sign.setAccessibleName(tr("Error") if problem.level == "error" else tr("Warning"))
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(text_label(message(problem.message), 13, 500, wrap=True))
        if problem.hint is not None:
            column.addWidget(text_label(message(problem.hint), 12, 400, t.sec, wrap=True))
        row.addLayout(column, 1)
        if problem.stage is not None:
            text = tr("Stage {number}", number=problem.stage + 1)
            show = button(text, lambda: self.stage_requested.emit(problem.stage), kind="link")
            show.setToolTip(tr("Show the stage"))
            row.addWidget(show, 0, Qt.AlignmentFlag.AlignTop)
        if leads:
            go = button(leads, lambda: self.action_requested.emit(problem.action), compact=True)
            row.addWidget(go, 0, Qt.AlignmentFlag.AlignTop)
        if problem.repair is not None:
            fix = button(message(problem.repair.label), self._apply, compact=True)
            row.addWidget(fix, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(tool_button("copy", tr("Copy details"), self._copy), 0, Qt.AlignmentFlag.AlignTop)

    def _apply(self) -> None:
        self.repair_requested.emit(self._problem.repair)

    def _copy(self) -> None:
        problem = self._problem
        parts = (message(problem.message), message(problem.hint), problem.details)
        QGuiApplication.clipboard().setText("\n".join(part for part in parts if part))

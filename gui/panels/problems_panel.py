"""What is wrong with the plan, or went wrong in the last run: sentence, hint, one-click repair.

The document or the window says what to show with :meth:`ProblemsPanel.set_problems`.

Signals:
    repair_requested(object): a problem's Repair; its edits belong to the recipe.
    count_changed(int): for the tab's badge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from backend.errors import CompressionError, Message, Repair
from backend.events import Failed, Warned
from gui.icons import pixmap
from gui.text import message, tr
from gui.theme import tokens
from gui.widgets.buttons import button, tool_button
from gui.widgets.empty_state import EmptyState
from gui.widgets.text_label import text_label


@dataclass(frozen=True)
class Problem:
    """One problem. ``details`` is for *Copy details*."""

    message: Message
    hint: Message | None = None
    repair: Repair | None = None
    details: str = ""
    level: Literal["error", "warning"] = "error"

    @classmethod
    def of(cls, source: Failed | Warned | CompressionError) -> Problem:
        """The problem that an event or an error tells of."""
        if isinstance(source, Warned):
            return cls(source.message, source.hint, source.repair, level="warning")
        return cls(source.message, source.hint, source.repair, source.details)


class ProblemsPanel(QWidget):
    """A list of problems, the gravest first."""

    repair_requested = Signal(object)
    count_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._problems: list[Problem] = []
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
        self._stack.addWidget(self._area)

    @property
    def problems(self) -> list[Problem]:
        return list(self._problems)

    def set_problems(self, problems: Sequence[Problem]) -> None:
        """Show ``problems`` in place of those before."""
        problems = sorted(problems, key=lambda problem: problem.level != "error")
        if problems == self._problems:
            return
        before, self._problems = len(self._problems), problems
        self._stack.setCurrentIndex(1 if problems else 0)
        self._area.setWidget(self._list())
        if len(problems) != before:
            self.count_changed.emit(len(problems))

    def _list(self) -> QWidget:
        content = QWidget()
        content.setProperty("surface", "panel")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for problem in self._problems:
            row = ProblemRow(problem)
            row.repair_requested.connect(self.repair_requested)
            column.addWidget(row)
        column.addStretch(1)
        return content


class ProblemRow(QFrame):
    """One problem with its buttons."""

    repair_requested = Signal(object)

    def __init__(self, problem: Problem, parent: QWidget | None = None) -> None:
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

"""The live list of what is wrong or doubtful with the plan, before it runs.

Recomputed a moment after the recipe, the network or what is known of this computer changed. The checks stand in
:mod:`gui.problems.checks`.
"""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, QTimer, Signal

from gui.document import Document
from gui.engine_thread import EngineThread
from gui.problems.checks import CHECKS
from gui.problems.plan import Plan, Problem
from gui.run_state import RunState
from gui.running import workspace

LARGE = 500
"""More layers than this are too many to be checked within one turn of the window's loop."""
GLANCE = 20
"""Milliseconds between two looks at whether they are checked."""
SOON = 150
"""Milliseconds after the last change: a slider being dragged is not checked at each step."""


def problems_of(plan: Plan) -> list[Problem]:
    """What every check finds, in the order of the table; errors first. Where the recipe can't be read, only that."""
    found: list[Problem] = []
    for check in CHECKS:
        found += check(plan)
        if check is CHECKS[0] and found:
            break
    return sorted(found, key=lambda problem: problem.level != "error")


class PlanProblems(QObject):
    """What is wrong with the open document's plan.

    Signals:
        changed: there are others than before.
    """

    changed = Signal()

    def __init__(
        self, document: Document, engine: EngineThread, state: RunState, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._engine, self._state = document, engine, state
        self.found: list[Problem] = []
        self._beside: _Beside | None = None
        self._glance = QTimer(self, interval=GLANCE)
        self._glance.timeout.connect(self._look_beside)
        self._soon = QTimer(self, interval=SOON, singleShot=True)
        self._soon.timeout.connect(self.look)
        for signal in (document.recipe_changed, document.inspection_changed, document.catalogue_changed):
            signal.connect(self._soon.start)
        engine.greeted.connect(self._soon.start)
        state.changed.connect(self._follow)

    def _follow(self, kinds: set[str]) -> None:
        if kinds & {"ending", "started"}:
            self._soon.start()

    def look(self) -> None:
        """Check the plan now; that of a large network beside the window, which goes on meanwhile."""
        plan = self.plan()
        self._beside = None
        if plan is not None and len(plan.layers) > LARGE:
            self._beside = _Beside(plan)
            self._glance.start()
        else:
            self._take(problems_of(plan) if plan is not None else [])

    def _look_beside(self) -> None:
        if self._beside is None:
            self._glance.stop()
        elif self._beside.found is not None:
            self._glance.stop()
            self._take(self._beside.found)
            self._beside = None

    def _take(self, found: list[Problem]) -> None:
        if found != self.found:
            self.found = found
            self.changed.emit()

    def plan(self) -> Plan | None:
        """The open document's plan; None where nothing is open or the methods are not known yet."""
        document, hello = self._document, self._engine.hello
        if document.recipe is None or document.catalogue is None:
            return None
        capabilities = hello.capabilities if hello is not None else {}
        plan = Plan(
            document.recipe, document.catalogue, document.inspection, capabilities, document.folder, workspace()
        )
        if self._state.carried_out(document.recipe.to_data()):
            plan.baseline, plan.final = self._state.baseline, self._state.final
        return plan


class _Beside:
    """A plan that is checked in a thread of its own, which knows nothing of the window: what it held last would be
    destroyed in it."""

    def __init__(self, plan: Plan) -> None:
        self.found: list[Problem] | None = None
        threading.Thread(target=self._check, args=(plan,), daemon=True).start()

    def _check(self, plan: Plan) -> None:
        self.found = problems_of(plan)

"""What stands below the limits: the plan in one line, or what is missing for one and the button that gets it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from backend.events import Failed
from gui import budget_text
from gui.budgeting import Planning
from gui.target_text import target_text
from gui.text import message, percent, plural, tr
from gui.widgets.buttons import button
from gui.widgets.labels import label

Said = tuple[str, str, Callable[[], object]]
"""A sentence, the words of the button, and what that does."""


class BudgetNote(QWidget):
    """Signals: ``scan_requested()``, ``measure_requested()``: what is missing for a plan."""

    scan_requested = Signal()
    measure_requested = Signal()

    def __init__(self, planning: Planning, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._planning = planning
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self.text = label("", "caption", "sec", wrap=True)
        self.action = button("", lambda: self._call(), kind="link")
        self._call: Callable[[], object] = lambda: None
        column.addWidget(self.text)
        column.addWidget(self.action, 0, Qt.AlignmentFlag.AlignLeft)

    def tell(self, limit: str, *, exceeded: bool, measured: bool) -> None:
        """Say what there is to say where ``limit`` is the one that counts most now."""
        text, words, self._call = self._plan() or self._missing(limit) or self._offer(limit, exceeded, measured)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self.action.setText(words)
        self.action.setVisible(bool(words))

    def _plan(self) -> Said | None:
        """The plan that is being made."""
        planning = self._planning
        if not planning.budget:
            text = tr("Limits for size, MACs, latency or accuracy. Drag one, and the plan for the layers follows.")
        elif planning.problem is not None:
            text = _why_not(planning.problem)
        elif planning.proposal is not None:
            text = _amounts(planning.proposal.layers)
        elif planning.asking or planning.applying:
            text = tr("Working out the amounts…")
        else:
            return None
        return text, "", _nothing

    def _missing(self, limit: str) -> Said | None:
        """What stands between ``limit`` and a plan."""
        match self._planning.need(limit):
            case "removal":
                text = tr("Masks make nothing smaller or faster; removed channels do.")
                return text, tr("Remove channels"), self._planning.remove_channels
            case "masks":
                return tr("Where channels are removed, no zeros stay: sparsity follows from the stage."), "", _nothing
            case "scan":
                text = tr("Dragging a limit sets the amounts of all layers, once a scan knows what each may lose.")
                return text, tr("Scan sensitivity"), lambda: self._get(limit, self.scan_requested.emit)
            case "scanning":
                return tr("Scanning…"), "", _nothing
            case "measure":
                words = tr("Measure layer latency")
                return tr("Latency needs a measurement."), words, lambda: self._get(limit, self.measure_requested.emit)
            case "kernels":
                return tr("Latency in low precision is known after a run alone."), "", _nothing
            case "run":
                return "", "", _nothing
        return None

    def _offer(self, limit: str, exceeded: bool, measured: bool) -> Said:
        if measured:
            return "", "", _nothing
        words = tr("Change the plan to keep it") if exceeded else tr("Let the scan choose the amounts")
        return "", words, lambda: self._planning.keep(limit, self._planning.budget[limit])

    def _get(self, limit: str, ask: Callable[[], object]) -> None:
        """Get what is missing; ``limit`` is kept as soon as it is there."""
        self._planning.pending = {limit: self._planning.budget[limit]}
        ask()


def _nothing() -> None:
    """A note without a button."""


def _why_not(problem: Failed) -> str:
    """Why there is no plan; where the limit is out of reach, what is within it."""
    values = problem.hint.values if problem.hint is not None else {}
    target, least = problem.message.values.get("target"), values.get("least")
    if target is None or least is None:
        return f"{message(problem.message)} {message(problem.hint)}".strip()
    figure, share = float(str(least)), float(str(problem.message.values["figure"])) <= 1
    shown = percent(figure, 1) if share else budget_text.figure_text(str(target), figure)
    text = tr(
        "Out of reach: {limit} gets to {value} with what may be pruned.", limit=target_text(str(target)), value=shown
    )
    return text


def _amounts(layers: Mapping[str, float]) -> str:
    """A plan in one line: "12 layers, 18% to 72%"."""
    shares = [amount for amount in layers.values() if amount > 0]
    if not shares:
        return tr("Nothing needs to be pruned for it.")
    return plural(
        len(shares),
        "Plan: {count} layer loses {high}",
        "Plan: {count} layers lose {low} to {high}",
        low=percent(min(shares)),
        high=percent(max(shares)),
    )

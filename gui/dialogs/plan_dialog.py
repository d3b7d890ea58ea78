"""From a sensitivity scan to a plan: a target, the amounts that meet it, and one edit that sets them.

``PlanDialog(scan, targets, note, ask, forget)``: ``ask(target, answered, failed)`` sends the request and
gives its id, ``forget(id)`` stops it. Feed :meth:`PlanDialog.apply_events` with the engine's batches: the
search for amounts that must be measured takes a while and says how far it is.

Signals:
    accepted_plan(dict): the person wants these amounts: layer → share.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from backend.description import Parameter
from backend.events import Failed, Progress
from gui.dialogs.sheet import Sheet
from gui.engine_thread import Batch
from gui.forms import TargetEditor
from gui.scan_state import ScanState
from gui.text import NOTHING, message, percent, plural, points, short, tr
from gui.widgets.buttons import button
from gui.widgets.labels import label
from gui.widgets.notice import Notice
from gui.widgets.table_style import table_view

Index = QModelIndex | QPersistentModelIndex
Ask = Callable[[Mapping[str, float], Callable[[Any], None], Callable[[Failed], None]], str]
LABEL = 56


class PlanModel(QAbstractTableModel):
    """What is proposed for each layer, and what the scan says that alone costs."""

    def __init__(self, scan: ScanState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scan = scan
        self.amounts: dict[str, float] = {}

    def show_amounts(self, amounts: Mapping[str, float]) -> None:
        self.beginResetModel()
        self.amounts = dict(amounts)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.amounts)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 3

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(section)
        if role == Qt.ItemDataRole.DisplayRole:
            return (tr("Layer"), tr("Amount"), tr("Accuracy alone"))[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(index.column())
        if role == Qt.ItemDataRole.ToolTipRole and index.data() == NOTHING:
            return tr("More than the scan tried")
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        name, amount = list(self.amounts.items())[index.row()]
        match index.column():
            case 0:
                return name
            case 1:
                return percent(amount, 1) if amount else tr("Keep as is")
            case _:
                drop = drop_between(self._scan, name, amount)
                return points(-drop) if drop is not None else NOTHING


def drop_between(scan: ScanState, name: str, amount: float) -> float | None:
    """Points lost when ``amount`` of a layer alone is pruned, on the line between the amounts that were tried."""
    known = [(p.amount, d) for p in scan.targets.get(name, ()) if (d := scan.drop(name, p.amount)) is not None]
    if not known or amount > known[-1][0]:
        return None
    return float(np.interp(amount, [0.0, *(a for a, _ in known)], [0.0, *(d for _, d in known)]))


def predicted_text(before: Mapping[str, Any], predicted: Mapping[str, Any]) -> str:
    """What the network is expected to be, in one line: "281.6 K → 140.8 K MACs"."""
    words = []
    for key, old, new in ((k, before.get(k), predicted.get(k)) for k in ("macs", "parameters", "weights")):
        if not isinstance(old, (int, float)) or not isinstance(new, (int, float)):
            continue
        match key:
            case "macs":
                words.append(tr("{old} → {new} MACs", old=short(old), new=short(new)))
            case "parameters":
                words.append(tr("{old} → {new} parameters", old=short(old), new=short(new)))
            case _:
                words.append(tr("{old} → {new} weights that are not zero", old=short(old), new=short(new)))
    return " · ".join(words)


class PlanDialog(Sheet):
    """See the module's text."""

    accepted_plan = Signal(dict)

    def __init__(
        self,
        scan: ScanState,
        targets: Parameter,
        note: str,
        ask: Ask,
        forget: Callable[[str], object],
        parent: QWidget | None = None,
    ) -> None:
        text = tr("From the scan: how much of each layer can go, so that the network meets a target.")
        super().__init__(tr("Use this plan"), text, width=520, parent=parent)
        self._scan, self._ask, self._forget = scan, ask, forget
        self._job = ""
        self.editor = TargetEditor(targets, _first(targets), lambda _: self._outdate(), optional=False)
        self.editor.lead(label(tr("Target"), tone="sec"), LABEL)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.editor, 1)
        self.propose_button = button(tr("Propose"), self.propose, compact=True)
        row.addWidget(self.propose_button, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)
        self._note = Notice()
        self._note.show_text(note)
        self.body.addWidget(self._note)
        self.problem = Notice("warn")
        self.body.addWidget(self.problem)
        self.model = PlanModel(scan, self)
        self.view = table_view(self.model, {1: 104, 2: 116}, 0, tr("Proposed amounts"))
        self.view.setStyleSheet("QTableView { font-size: 12px; } QTableView::item { padding: 0 3px; }")
        self.body.addWidget(self.view, 1)
        self.predicted = label("", "caption", "sec", wrap=True)
        self.body.addWidget(self.predicted)
        self.footer.addStretch(1)
        self.footer.addWidget(button(tr("Cancel"), self.reject))
        self.apply_button = button(tr("Apply"), self._apply, kind="primary")
        self.footer.addWidget(self.apply_button)
        self.finished.connect(self._drop)
        self._outdate()
        self.resize(580, 480)

    def propose(self) -> None:
        """Ask for the amounts that meet the target."""
        target = self.editor.value
        if target is None:
            return
        self._outdate()
        self.propose_button.setEnabled(False)
        self.predicted.setText(tr("Working out the amounts…"))
        self._job = self._ask(target, self._answered, self._failed)

    def _answered(self, value: Any) -> None:
        self._job = ""
        self.propose_button.setEnabled(True)
        self.model.show_amounts(self._ordered(value["layers"]))
        said = predicted_text(value.get("before") or {}, value.get("predicted") or {})
        count = plural(len(self.model.amounts), "{count} layer", "{count} layers")
        self.predicted.setText(tr("Estimated: {figures}", figures=said) if said else count)
        self.apply_button.setEnabled(bool(self.model.amounts))

    def _ordered(self, layers: Mapping[str, Any]) -> dict[str, float]:
        """As the scan has them: from the network's input to its output."""
        places = {name: at for at, name in enumerate(self._scan.targets)}
        return {name: float(layers[name]) for name in sorted(layers, key=lambda name: places.get(name, len(places)))}

    def apply_events(self, batch: Batch) -> None:
        """Say how far the search is."""
        said = [event for job, _, event in batch if job == self._job and isinstance(event, Progress)]
        if said and self._job:
            self.predicted.setText(message(said[-1].text))

    def _failed(self, event: Failed) -> None:
        self._job = ""
        self.propose_button.setEnabled(True)
        self.predicted.setText("")
        self.problem.show_text(message(event.message), message(event.hint))

    def _outdate(self) -> None:
        """Another target: what was proposed does not belong to it."""
        self._drop()
        self.propose_button.setEnabled(True)
        self.problem.show_text("")
        self.predicted.setText(tr("Propose amounts to see them before they are applied."))
        self.model.show_amounts({})
        self.apply_button.setEnabled(False)

    def _drop(self, *_: object) -> None:
        if self._job:
            self._forget(self._job)
            self._job = ""

    def _apply(self) -> None:
        self.accepted_plan.emit(dict(self.model.amounts))
        self.accept()


def _first(targets: Parameter) -> dict[str, float]:
    """What is offered at first: half of what the original has, or one point of accuracy."""
    name = targets.choices[0]
    return {name: 1.0 if name == "accuracy_drop" else 0.5}


def _side(column: int) -> int:
    side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)

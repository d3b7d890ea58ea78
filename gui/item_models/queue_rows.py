"""The queue as a table model: the run in progress first, then what waits, in order.

Rows are moved by dragging them (:meth:`QueueModel.dropMimeData`) and renamed in place.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt

from backend.recipe import Recipe
from gui import stage_text
from gui.document import Document
from gui.network_text import factors
from gui.queueing import Queue
from gui.running import Runner
from gui.text import number, phrase, tr

MIME = "application/x-pare-queue"
Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    PLACE = 0
    NAME = 1
    STAGES = 2
    NETWORK = 3
    STATUS = 4


class QueueModel(QAbstractTableModel):
    """Follows ``queue`` and the run that ``runner`` carries out."""

    def __init__(self, queue: Queue, runner: Runner, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue, self._runner, self._document = queue, runner, document
        self._recipes: list[Recipe] = []
        self.running = False
        self.refresh()
        runner.state.changed.connect(self._progress)

    def refresh(self) -> None:
        """Show the queue as it is now."""
        self.beginResetModel()
        self.running = self._runner.running and self._runner.recipe is not None
        first = [self._runner.recipe] if self.running and self._runner.recipe is not None else []
        self._recipes = [*first, *(entry.recipe for entry in self._queue.entries)]
        self.endResetModel()

    def entry(self, row: int) -> int:
        """Position in the queue of what ``row`` shows; −1 for the run in progress."""
        return row - self.running

    def recipe(self, row: int) -> Recipe:
        return self._recipes[row]

    @property
    def fraction(self) -> float:
        """How much of the run in progress is done, 0 to 1."""
        return self._runner.state.fraction

    def _progress(self, kinds: set[str]) -> None:
        if self.running and "progress" in kinds:
            place = self.index(0, Column.STATUS)
            self.dataChanged.emit(place, place)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._recipes)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.DisplayRole:
            return ("", tr("Name"), tr("Stages"), tr("Network"), tr("Status"))[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        recipe = self._recipes[index.row()]
        match role:
            case Qt.ItemDataRole.EditRole:
                return recipe.name
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._text(index.row(), recipe, Column(index.column()))
            case Qt.ItemDataRole.ToolTipRole:
                return self._tip(recipe, Column(index.column()))
        return None

    def setData(self, index: Index, text: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or self.entry(index.row()) < 0 or not str(text).strip():
            return False
        self._queue.rename(self.entry(index.row()), str(text))
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if self.entry(index.row()) >= 0:
            flags |= Qt.ItemFlag.ItemIsDragEnabled
            if index.column() == Column.NAME:
                flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def _text(self, row: int, recipe: Recipe, column: Column) -> str:
        match column:
            case Column.PLACE:
                return "" if self.entry(row) < 0 else number(self.entry(row) + 1)
            case Column.NAME:
                return recipe.name
            case Column.STAGES:
                return " → ".join(stage_text.title(stage, self._document.catalogue) for stage in recipe.stages)
            case Column.NETWORK:
                return network_text(recipe, self._document)
            case Column.STATUS:
                return self._status(self.entry(row))

    def _status(self, entry: int) -> str:
        if entry < 0:
            return tr("Stopping…") if self._runner.stopping else tr("Running")
        one = self._queue.entries[entry]
        if one.held is not None:
            return tr("Needs permission")
        return tr("Next") if one is self._queue.next else tr("Waiting")

    def _tip(self, recipe: Recipe, column: Column) -> str | None:
        if column == Column.STAGES and (catalogue := self._document.catalogue) is not None:
            return "\n".join(
                tr("{stage}: {summary}", stage=stage_text.title(stage, catalogue),
                   summary=stage_text.summary(stage, catalogue))
                for stage in recipe.stages
            )  # fmt: skip
        return recipe.name if column == Column.NAME else None

    # Dragging

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        data.setData(MIME, self._queue.entries[self.entry(indexes[0].row())].id.encode())
        return data

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        if not data.hasFormat(MIME):
            return False
        source = self._queue.position(bytes(data.data(MIME).data()).decode())
        below = row if row >= 0 else parent.row() if parent.isValid() else len(self._recipes)
        target = max(0, self.entry(below))
        self._queue.move(source, target - (row >= 0 or not parent.isValid()) * (target > source))
        return True


def network_text(recipe: Recipe, document: Document) -> str:
    """What to call the network of a recipe that may not be the open one."""
    known = document.method_of("model", recipe.model.name or "")
    named = recipe.model.class_name or recipe.model.name or recipe.model.weights or ""
    name = phrase(known.label) if known is not None else named.replace("\\", "/").rpartition("/")[2]
    return " · ".join([name, *factors(recipe.model.to_data())])

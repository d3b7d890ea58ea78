"""The runs of a workspace and the one in progress, as a table model.

``RunsModel(workspace, state)`` reads the folders with :meth:`RunsModel.reload` and follows ``state``,
the run in this window. Which run is starred and how runs were renamed stands in ``runs.json`` of the
workspace.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import IntEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QFile, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from backend.errors import CompressionError
from backend.files import write_json
from backend.recipe import judged
from gui.comparison import DROP_SHOWN_AS_BAD, latency, value
from gui.item_models.run_rows import RunReader, RunRow, read_json, renamed
from gui.run_parts import RunStatus
from gui.run_state import RunState
from gui.text import duration, file_size, milliseconds, signed, tr

NOTES = "runs.json"
INTERVAL = 0.5
"""Seconds after which the row of the run in progress shows how far it is."""
SELDOM = frozenset({"progress", "curves", "log"})
"""What a running run tells many times a second."""
Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole
SORT_ROLE = Qt.ItemDataRole.UserRole + 1


class Column(IntEnum):
    STAR = 0
    NAME = 1
    ACCURACY = 2
    SIZE = 3
    LATENCY = 4
    STATUS = 5
    TIME = 6


class RunsModel(QAbstractTableModel):
    """Newest first.

    Signals:
        best_changed(): another run is the best, or its figures changed.
        failed(object): a CompressionError; a star or a name could not be kept.
    """

    best_changed = Signal()
    failed = Signal(object)

    def __init__(self, workspace: Path, state: RunState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self._state = state
        self._reader = RunReader()
        self._rows: list[RunRow] = []
        self._live: RunRow | None = None
        self._notes: dict[str, Any] = {}
        self._budget: Mapping[str, float] = {}
        self._judged = ""
        self._best: RunRow | None = None
        state.changed.connect(self._follow)
        self.reload()

    def set_budget(self, budget: Mapping[str, float], key: str) -> None:
        """Judge the runs of the network and data that ``key`` names by ``budget``."""
        if (budget, key) != (self._budget, self._judged):
            self._budget, self._judged = dict(budget), key
            self._tell(Column.ACCURACY)
            self._tell(Column.SIZE)
            self._tell(Column.LATENCY)

    def over(self, row: RunRow, column: Column) -> bool:
        """Whether the figure is beyond the budget; a drop of accuracy, where that has no limit, beyond a point."""
        limit = {Column.ACCURACY: "accuracy_drop", Column.SIZE: "size", Column.LATENCY: "latency"}.get(column)
        if limit in self._budget and row.key == self._judged:
            return any(
                verdict.limit == limit and verdict.within is False
                for verdict in judged(self._budget, row.baseline, row.metrics)
            )
        return column == Column.ACCURACY and row.change is not None and round(row.change, 2) < DROP_SHOWN_AS_BAD

    @property
    def rows(self) -> list[RunRow]:
        """Every row as shown: the run in progress first."""
        return [*([self._live] if self._live else []), *self._rows]

    def reload(self) -> None:
        """Read the workspace again."""
        self.beginResetModel()
        self._notes = read_json(self.workspace / NOTES)
        names = self._notes.get("names") or {}
        found = sorted(self._reader.rows(self.workspace), key=lambda row: row.folder.name, reverse=True)
        numbers = self._number(reversed(found))
        self._rows = [replace(renamed(row, names), number=numbers[row.folder.name]) for row in found]
        self._live = self._live_row()
        if self._live:
            self._rows = [row for row in self._rows if row.folder != self._live.folder]
        self._best = self._find_best()
        self.endResetModel()
        self.best_changed.emit()

    def _number(self, rows: Iterable[RunRow]) -> dict[str, int]:
        """A number for each run, the older the lower; a run keeps its own when others are deleted."""
        known: dict[str, int] = dict(self._notes.get("numbers") or {})
        fresh = [row.folder.name for row in rows if row.folder.name not in known]
        for name in fresh:
            known[name] = max(known.values(), default=0) + 1
        if fresh:
            try:
                self._write({**self._notes, "numbers": known})
            except CompressionError:
                pass  # a workspace that can only be read: the numbers are counted again the next time
        return known

    def best(self) -> RunRow | None:
        """The starred run: the person's choice, else the smallest like the newest that keeps its accuracy."""
        return self._best

    def _find_best(self) -> RunRow | None:
        done = [row for row in self._rows if row.status == "done"]
        chosen = next((row for row in done if row.folder.name == self._notes.get("star")), None)
        if chosen or not done:
            return chosen
        like = [row for row in done if row.key == done[0].key and row.change is not None]
        good = [row for row in like if (row.change or 0.0) >= DROP_SHOWN_AS_BAD]
        if good:
            return min(good, key=lambda row: (value(row.metrics, "size_bytes") or 0.0, -(row.change or 0.0)))
        return max(like, key=lambda row: row.change or 0.0, default=None)

    def set_star(self, folder: Path) -> None:
        """Star ``folder``; the one that is starred by hand already goes back to the automatic choice."""
        name = None if self._notes.get("star") == folder.name else folder.name
        self._keep({**self._notes, "star": name})
        self._best = self._find_best()
        self._tell(Column.STAR)
        self.best_changed.emit()

    def rename(self, folder: Path, name: str) -> None:
        names = {**(self._notes.get("names") or {}), folder.name: name.strip()}
        self._keep({**self._notes, "names": names})
        self._rows = [renamed(row, names) for row in self._rows]
        self._best = self._find_best()
        self._tell(Column.NAME)
        self.best_changed.emit()

    def move_to_bin(self, folder: Path) -> bool:
        """Whether ``folder`` could be moved to the system's bin."""
        moved = QFile.moveToTrash(str(folder))
        ok = bool(moved[0] if isinstance(moved, tuple) else moved)
        if ok:
            self.reload()
        return ok

    def row(self, folder: Path) -> int:
        """Number of the row of ``folder``, −1 if there is none."""
        return next((i for i, row in enumerate(self.rows) if row.folder == folder), -1)

    def _keep(self, notes: dict[str, Any]) -> None:
        try:
            self._write(notes)
        except CompressionError as error:
            self.failed.emit(error)

    def _write(self, notes: dict[str, Any]) -> None:
        self._notes = notes
        write_json(self.workspace / NOTES, {"pare": 1, **notes})

    def _tell(self, column: Column) -> None:
        if self.rows:
            self.dataChanged.emit(self.index(0, column), self.index(len(self.rows) - 1, column))

    def _follow(self, kinds: set[str]) -> None:
        live = self._live_row()
        if live and self._live and live.folder == self._live.folder:
            if kinds <= SELDOM and live.seconds - self._live.seconds < INTERVAL:
                return
            self._live = live
            self.dataChanged.emit(self.index(0, 0), self.index(0, len(Column) - 1))
        elif live:
            self.beginResetModel()  # begun, or its folder is known now; nothing else changed on disk
            self._live = live
            self._rows = [row for row in self._rows if row.folder != live.folder]
            self._best = self._find_best()
            self.endResetModel()
            self.best_changed.emit()
        elif kinds & {"started", "ending"}:
            self.reload()

    def _live_row(self) -> RunRow | None:
        state = self._state
        if state.status != "running":
            return None
        folder = Path(state.folder) if state.folder else self.workspace / "…"
        numbers = self._notes.get("numbers") or {}
        number = numbers.get(folder.name) or max(numbers.values(), default=0) + 1
        stages = [
            {"name": stage.label, "kind": stage.kind, "metrics": state.measured[stage.index]}
            for stage in state.stages
            if stage.index in state.measured
        ]
        return RunRow(
            folder,
            state.name,
            "running",
            state.elapsed,
            state.baseline,
            state.latest,
            "",
            state.fraction,
            number,
            stages,
        )

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        if role == Qt.ItemDataRole.DisplayRole:
            return (
                "", tr("Name"), tr("Accuracy Δ"), tr("Size"), tr("Latency"), tr("Status"), tr("Time"),
            )[section]  # fmt: skip
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        match role:
            case Qt.ItemDataRole.EditRole:
                return row.name if index.column() == Column.NAME else None
            case Qt.ItemDataRole.DisplayRole:
                return self._text(row, Column(index.column()))
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(index.column())
            case Qt.ItemDataRole.AccessibleTextRole:
                star = tr("Best") if self._starred(row) else tr("Not starred")
                return self._text(row, Column(index.column())) or star
            case Qt.ItemDataRole.ToolTipRole:
                return self._tip(row, Column(index.column()))
            case _ if role == ROW_ROLE:
                return row
            case _ if role == SORT_ROLE:
                return self._sort_key(row, Column(index.column()))
        return None

    def setData(self, index: Index, text: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or index.column() != Column.NAME or not str(text).strip():
            return False
        self.rename(self.rows[index.row()].folder, str(text))
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == Column.NAME and self.rows[index.row()].status != "running":
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def _starred(self, row: RunRow) -> bool:
        best = self.best()
        return best is not None and best.folder == row.folder

    def _text(self, row: RunRow, column: Column) -> str:
        match column:
            case Column.NAME:
                return row.title
            case Column.ACCURACY:
                return signed(row.change)
            case Column.SIZE:
                return file_size(value(row.metrics, "size_bytes"))
            case Column.LATENCY:
                return milliseconds(latency(row.metrics))
            case Column.STATUS:
                return status_text(row.status)
            case Column.TIME:
                return duration(row.seconds)
            case _:
                return ""

    def _tip(self, row: RunRow, column: Column) -> str | None:
        if column == Column.STAR:
            return tr("Best so far") if self._starred(row) else tr("Star this run as the best")
        if column == Column.STATUS:
            return status_text(row.status)
        return f"{row.title}\n{row.folder}" if column == Column.NAME else None

    def _sort_key(self, row: RunRow, column: Column) -> Any:
        match column:
            case Column.STAR:
                return self._starred(row)
            case Column.NAME:
                return row.number
            case Column.ACCURACY:
                return row.change if row.change is not None else -1e9
            case Column.SIZE:
                return value(row.metrics, "size_bytes") or 1e18
            case Column.LATENCY:
                return latency(row.metrics) or 1e18
            case Column.STATUS:
                return row.status
            case _:
                return row.seconds


def status_text(status: RunStatus) -> str:
    """A run's status in one word."""
    return {
        "empty": "",
        "running": tr("Running"),
        "done": tr("Done"),
        "stopped": tr("Stopped"),
        "failed": tr("Failed"),
    }[status]


def _alignment(column: int) -> int:
    right = column in (Column.ACCURACY, Column.SIZE, Column.LATENCY, Column.TIME)
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)

"""The runs of the workspace: choose, compare, star, rename, export, open their recipe, delete.

Signals:
    run_selected(Path): a finished or stopped run was chosen; its folder.
    running_selected(): the run in progress was chosen.
    recipe_requested(Path): "Open its recipe"; the run's folder.
    export_requested(Path): "Export…"; the run's folder.
    resume_requested(Path): "Resume"; the folder of a stopped run.
    queue_requested(Path), text_requested(Path, str), events_requested(Path): its recipe is to be lined up, shown as
        text under a title, or its figures written for TensorBoard.
    compare_requested(): "Compare"; :meth:`RunsPanel.selected` tells which.
    selection_changed(): other rows are selected.
    step_requested(Path, Path): a point within a run is to be opened; the run, and the folder of its checkpoint.
    failed(object): a CompressionError (the bin or the file manager did not do it).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, QPoint, QSortFilterProxyModel, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QFontMetrics, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QMenu, QStackedLayout, QWidget

from backend.errors import CompressionError, msg
from gui.icons import icon
from gui.item_models.run_rows import RunRow
from gui.item_models.runs import ROW_ROLE, SORT_ROLE, Column, RunsModel
from gui.item_models.runs_delegate import RunsDelegate
from gui.panels.steps_menu import steps_menu
from gui.text import file_size, plural, tr
from gui.theme import font
from gui.widgets.empty_state import EmptyState
from gui.widgets.table_style import table_view

WIDTHS = {
    Column.STAR: 34, Column.ACCURACY: 82, Column.SIZE: 66, Column.LATENCY: 72, Column.STATUS: 82, Column.TIME: 50,
}  # fmt: skip

NARROW_WIDTHS = {
    Column.STAR: 30, Column.ACCURACY: 82, Column.SIZE: 66, Column.LATENCY: 72, Column.STATUS: 76, Column.TIME: 46,
}  # fmt: skip
"""Where the names would be cut."""
SIGN = 30
"""Of the column that shows how a run ended by its sign, without the word."""
SCROLL_BAR = 10


class _Sorted(QSortFilterProxyModel):
    """Sorted rows; the column of signs alone has no title."""

    signs_alone = False

    def set_signs_alone(self, alone: bool) -> None:
        if alone != self.signs_alone:
            self.signs_alone = alone
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, Column.STATUS, Column.STATUS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        found = super().headerData(section, orientation, role)
        if section == Column.STATUS and self.signs_alone and role == Qt.ItemDataRole.DisplayRole:
            return ""
        return found


class RunsPanel(QWidget):
    """A table of ``model``, or what to do to get a run."""

    run_selected = Signal(object)
    running_selected = Signal()
    recipe_requested = Signal(object)
    export_requested = Signal(object)
    queue_requested = Signal(object)
    resume_requested = Signal(object)
    text_requested = Signal(object, str)
    events_requested = Signal(object)
    compare_requested = Signal()
    selection_changed = Signal()
    step_requested = Signal(object, object)
    failed = Signal(object)

    def __init__(self, model: RunsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._sorted = _Sorted(self)
        self._sorted.setSourceModel(model)
        self._sorted.setSortRole(SORT_ROLE)
        self.view = table_view(self._sorted, WIDTHS, Column.NAME, tr("Runs"))
        self.view.setItemDelegate(RunsDelegate(model))
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.setSortingEnabled(True)
        self.view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._popup)
        self.view.clicked.connect(self._clicked)
        self.view.selectionModel().selectionChanged.connect(self._chosen)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(
            EmptyState(
                "list-dashes",
                tr("No runs yet"),
                tr("Press Run to carry out the recipe. Each run is kept here with its figures, and can be exported."),
            )
        )
        self._stack.addWidget(self.view)
        for keys, call in ((QKeySequence.StandardKey.Delete, self._delete_selected), ("Space", self._star_current)):
            shortcut = QShortcut(QKeySequence(keys), self.view)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(call)
        self._quiet = False
        self._kept: list[Path] = []
        model.modelAboutToBeReset.connect(self._keep)
        model.modelReset.connect(self._show)
        model.best_changed.connect(self._make_room)
        model.failed.connect(self.failed)
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Before a name is cut the other columns are narrowed, then the times go, then the words beside the signs."""
        text = QFontMetrics(font(12, 500))
        longest = max((text.horizontalAdvance(row.title) for row in self._model.rows), default=0) + 20
        room = self.width() - SCROLL_BAR
        widths = WIDTHS if room - sum(WIDTHS.values()) >= longest else NARROW_WIDTHS
        cut = room - sum(widths.values()) < longest
        self.view.setColumnHidden(Column.TIME, cut)
        left = room - sum(widths.values()) + widths[Column.TIME]
        running = any(row.status == "running" for row in self._model.rows)
        self._sorted.set_signs_alone(left < longest and not running)
        for column, width in widths.items():
            self.view.setColumnWidth(column, width)
        if self._sorted.signs_alone:
            self.view.setColumnWidth(Column.STATUS, SIGN)
        self.view.fit()

    def _keep(self) -> None:
        current = self.current()
        kept = [row.folder for row in self.selected()]
        first = [current.folder] if current is not None and current.folder in kept else []
        self._kept = [*first, *(folder for folder in kept if folder not in first)]

    def _show(self) -> None:
        self._stack.setCurrentIndex(1 if self._model.rowCount() else 0)
        if self._kept:
            self.select(*self._kept)

    def select(self, *folders: Path) -> None:
        """Mark the rows of ``folders``, the first as the current one, without showing any of them."""
        places = [self._model.row(folder) for folder in folders]
        indexes = [self._sorted.mapFromSource(self._model.index(place, 0)) for place in places if place >= 0]
        chosen = self.view.selectionModel()
        self._quiet = True
        chosen.clearSelection()
        if indexes:
            chosen.setCurrentIndex(indexes[0], chosen.SelectionFlag.NoUpdate)
        for index in indexes:
            chosen.select(index, chosen.SelectionFlag.Select | chosen.SelectionFlag.Rows)
        self._quiet = False

    def selected(self) -> list[RunRow]:
        """The rows that are selected, the oldest run first."""
        rows: list[RunRow] = [index.data(ROW_ROLE) for index in self.view.selectionModel().selectedRows()]
        return sorted(rows, key=lambda row: row.number)

    def current(self) -> RunRow | None:
        index = self.view.currentIndex()
        return index.data(ROW_ROLE) if index.isValid() else None

    def _chosen(self) -> None:
        """Show a run that is selected alone."""
        self.selection_changed.emit()
        rows = self.selected()
        if len(rows) != 1 or self._quiet:
            return
        if rows[0].status == "running":
            self.running_selected.emit()
        else:
            self.run_selected.emit(rows[0].folder)

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == Column.STAR:
            self._star(index.data(ROW_ROLE))

    def _popup(self, position: QPoint) -> None:
        index = self.view.indexAt(position)
        if index.isValid():
            self.menu(index.data(ROW_ROLE), index).popup(self.view.viewport().mapToGlobal(position))

    def menu(self, row: RunRow, index: QModelIndex) -> QMenu:
        """What can be done with a run, or with all that are selected; deleted when closed."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        rows = self.selected()
        if not any(held.folder == row.folder for held in rows):
            rows = [row]
        alone, done, still = len(rows) == 1, row.status == "done", row.status != "running"
        name = index.siblingAtColumn(Column.NAME)
        for icon_name, text, enabled, call, keys in (
            ("file-text", tr("Open its recipe"), alone and still, lambda: self.recipe_requested.emit(row.folder), ""),
            ("play", tr("Resume"), alone and row.status in ("stopped", "failed"),
             lambda: self.resume_requested.emit(row.folder), ""),
            ("list-plus", tr("Add to queue"), alone and still, lambda: self.queue_requested.emit(row.folder), ""),
            ("code", tr("Recipe as text…"), alone and still,
             lambda: self.text_requested.emit(row.folder, row.title), ""),
            ("git-diff", _compare_text(len(rows)), all(r.status == "done" for r in rows),
             lambda: self._compare(index), ""),
            ("export", tr("Export…"), alone and done, lambda: self.export_requested.emit(row.folder), ""),
            ("chart-line", tr("Write TensorBoard events"), alone and still,
             lambda: self.events_requested.emit(row.folder), ""),
            ("", "", True, None, ""),
            ("folder-open", tr("Show in the file manager"), alone and row.folder.is_dir(),
             lambda: self._show_folder(row), ""),
            ("pencil-simple", tr("Rename"), alone and still, lambda: self.view.edit(name), "F2"),
            ("star", tr("Star as the best"), alone and done, lambda: self._star(row), "Space"),
            ("", "", True, None, ""),
            ("trash", _delete_text(len(rows)), all(r.status != "running" for r in rows),
             lambda: self._delete(rows), "Del"),
        ):  # fmt: skip
            if call is None:
                menu.addSeparator()
                continue
            action = menu.addAction(icon(icon_name), text, call)
            action.setEnabled(enabled)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutVisibleInContextMenu(True)
        if alone and done:
            steps = steps_menu(row.folder, self.step_requested.emit, menu)
            menu.insertMenu(menu.actions()[1], steps)
        size = file_size(sum(size_on_disk(held.folder) for held in rows))
        menu.addAction(icon("hard-drives"), tr("{size} on disk", size=size)).setEnabled(False)
        return menu

    def _compare(self, index: QModelIndex) -> None:
        if not self.view.selectionModel().isRowSelected(index.row(), QModelIndex()):
            self.view.selectRow(index.row())
        self.compare_requested.emit()

    def _star(self, row: RunRow) -> None:
        if row.status == "done":
            self._model.set_star(row.folder)

    def _star_current(self) -> None:
        if (row := self.current()) is not None:
            self._star(row)

    def _delete_selected(self) -> None:
        self._delete([row for row in self.selected() if row.status != "running"])

    def _delete(self, rows: Sequence[RunRow]) -> None:
        for row in rows:
            if not self._model.move_to_bin(row.folder):
                self.failed.emit(
                    CompressionError(
                        msg("{name} could not be moved to the bin.", name=row.name),
                        msg("Show it in the file manager and delete it there."),
                        details=str(row.folder),
                    )
                )

    def _show_folder(self, row: RunRow) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(row.folder))):
            self.failed.emit(
                CompressionError(
                    msg("The file manager did not open {folder}.", folder=str(row.folder)),
                    msg("Open the folder by hand."),
                )
            )


def _compare_text(count: int) -> str:
    return (
        tr("Compare with the original") if count == 1 else plural(count, "Compare {count} run", "Compare {count} runs")
    )


def _delete_text(count: int) -> str:
    if count == 1:
        return tr("Move to the bin")
    return plural(count, "Move {count} run to the bin", "Move {count} runs to the bin")


def size_on_disk(folder: Path) -> int:
    """Bytes of all files below ``folder``."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):  # it has just gone
                total += os.lstat(os.path.join(root, name)).st_size
    return total

"""The runs of the workspace: choose, star, rename, export, open their recipe, delete.

Signals:
    run_selected(Path): a finished or stopped run was chosen; its folder.
    running_selected(): the run in progress was chosen.
    recipe_requested(Path): "Open its recipe"; the run's folder.
    export_requested(Path): "Export…"; the run's folder.
    step_requested(Path, Path): a point within a run is to be opened; the run, and the folder of its checkpoint.
    failed(object): a CompressionError (the bin or the file manager did not do it).
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QModelIndex, QPoint, QSortFilterProxyModel, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QMenu, QStackedLayout, QWidget

from backend.errors import CompressionError, msg
from gui.icons import icon
from gui.item_models.run_rows import RunRow
from gui.item_models.runs import ROW_ROLE, SORT_ROLE, Column, RunsModel
from gui.item_models.runs_delegate import RunsDelegate
from gui.panels.steps_menu import steps_menu
from gui.text import tr
from gui.widgets.empty_state import EmptyState
from gui.widgets.table_style import table_view

WIDTHS = {
    Column.STAR: 34, Column.ACCURACY: 82, Column.SIZE: 66, Column.LATENCY: 72, Column.STATUS: 82, Column.TIME: 50,
}  # fmt: skip

NARROW = 560
"""Below this width the names take the room of the times."""


class RunsPanel(QWidget):
    """A table of ``model``, or what to do to get a run."""

    run_selected = Signal(object)
    running_selected = Signal()
    recipe_requested = Signal(object)
    export_requested = Signal(object)
    step_requested = Signal(object, object)
    failed = Signal(object)

    def __init__(self, model: RunsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(model)
        self._sorted.setSortRole(SORT_ROLE)
        self.view = table_view(self._sorted, WIDTHS, Column.NAME, tr("Runs"))
        self.view.setItemDelegate(RunsDelegate(model))
        self.view.setSortingEnabled(True)
        self.view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._popup)
        self.view.clicked.connect(self._clicked)
        self.view.selectionModel().currentRowChanged.connect(self._chosen)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(
            EmptyState(
                "list-dashes",
                tr("No runs yet"),
                tr("Press Run to carry out the recipe. Each run is kept here with its figures, and can be exported."),
            )
        )
        self._stack.addWidget(self.view)
        for keys, call in ((QKeySequence.StandardKey.Delete, self._delete_current), ("Space", self._star_current)):
            shortcut = QShortcut(QKeySequence(keys), self.view)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(call)
        self._quiet = False
        self._kept: Path | None = None
        model.modelAboutToBeReset.connect(self._keep)
        model.modelReset.connect(self._show)
        model.failed.connect(self.failed)
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.view.setColumnHidden(Column.TIME, self.width() < NARROW)
        self.view.fit()

    def _keep(self) -> None:
        row = self.current()
        self._kept = row.folder if row is not None else None

    def _show(self) -> None:
        self._stack.setCurrentIndex(1 if self._model.rowCount() else 0)
        if self._kept is not None:
            self.select(self._kept)

    def select(self, folder: Path) -> None:
        """Mark the row of ``folder`` without telling."""
        row = self._model.row(folder)
        self._quiet = True
        if row >= 0:
            self.view.selectRow(self._sorted.mapFromSource(self._model.index(row, 0)).row())
        else:
            self.view.clearSelection()
        self._quiet = False

    def current(self) -> RunRow | None:
        index = self.view.currentIndex()
        return index.data(ROW_ROLE) if index.isValid() else None

    def _chosen(self, index: QModelIndex) -> None:
        row: RunRow | None = index.data(ROW_ROLE) if index.isValid() else None
        if row is None or self._quiet:
            return
        if row.status == "running":
            self.running_selected.emit()
        else:
            self.run_selected.emit(row.folder)

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == Column.STAR:
            self._star(index.data(ROW_ROLE))

    def _popup(self, position: QPoint) -> None:
        index = self.view.indexAt(position)
        if index.isValid():
            self.menu(index.data(ROW_ROLE), index).popup(self.view.viewport().mapToGlobal(position))

    def menu(self, row: RunRow, index: QModelIndex) -> QMenu:
        """What can be done with a run; deleted when closed."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        done = row.status == "done"
        name = index.siblingAtColumn(Column.NAME)
        for icon_name, text, enabled, call in (
            ("export", tr("Export…"), done, lambda: self.export_requested.emit(row.folder)),
            (
                "file-text",
                tr("Open its recipe"),
                row.status != "running",
                lambda: self.recipe_requested.emit(row.folder),
            ),
            ("star", tr("Star as the best"), done, lambda: self._star(row)),
            ("", "", True, None),
            ("pencil-simple", tr("Rename"), row.status != "running", lambda: self.view.edit(name)),
            ("folder-open", tr("Show in the file manager"), row.folder.is_dir(), lambda: self._show_folder(row)),
            ("", "", True, None),
            ("trash", tr("Move to the bin"), row.status != "running", lambda: self._delete(row)),
        ):
            if call is None:
                menu.addSeparator()
                continue
            action = menu.addAction(icon(icon_name), text, call)
            action.setEnabled(enabled)
        if done:
            steps = steps_menu(row.folder, self.step_requested.emit, menu)
            menu.insertMenu(menu.actions()[2], steps)
        return menu

    def _star(self, row: RunRow) -> None:
        if row.status == "done":
            self._model.set_star(row.folder)

    def _star_current(self) -> None:
        if (row := self.current()) is not None:
            self._star(row)

    def _delete_current(self) -> None:
        if (row := self.current()) is not None:
            self._delete(row)

    def _delete(self, row: RunRow) -> None:
        if row.status != "running" and not self._model.move_to_bin(row.folder):
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

"""A network as rows that look like a tree: selection by place, carets, the keys that fold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTreeView, QWidget

from gui.item_models.layer_columns import Column
from gui.item_models.layer_tree import LayerTreeModel
from gui.item_models.layer_tree_delegate import CARET, LayerDelegate, caret_left


@dataclass(frozen=True)
class _Kept:
    """What a view shows of the network ``of``, by names: selected layers, the current one, that at the top."""

    of: object
    selected: list[str]
    current: str | None
    top: str | None


class LayerRowsView(QTreeView):
    """Rows of a :class:`LayerTreeModel`. Folding is the model's, so a row is a row to Qt; what is selected and
    what stands at the top survive a change of filter, order or folding."""

    resized = Signal()

    def __init__(self, model: LayerTreeModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layers = model
        self._kept: _Kept | None = None
        self._order: object = None
        self.setModel(model)
        self.header().setSelectionModel(QItemSelectionModel(model, self))  # it would ask for every row whether it is in
        self.setItemDelegate(LayerDelegate(self))
        self.setUniformRowHeights(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setAccessibleName(name)
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._restore)
        model.repainted.connect(self.viewport().update)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    # Selection, by place

    def selected_places(self) -> list[int]:
        """Places of the selected rows, in the order in which they are shown."""
        shown, selection = self._layers.rows.shown, self.selectionModel().selection()
        parts = (selection.at(i) for i in range(selection.count()))
        rows = sorted(row for part in parts for row in range(part.top(), part.bottom() + 1))
        return [shown[row] for row in rows]

    def select_places(self, places: Iterable[int]) -> None:
        """Select those of ``places`` that have a row, and nothing else; the first one becomes current."""
        row_of = self._layers.rows.row_of
        rows = sorted(row for place in places if (row := row_of(place)) is not None)
        self.setUpdatesEnabled(False)  # else Qt works out where each range is painted
        self.selectionModel().select(self._runs(rows), QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.setUpdatesEnabled(True)
        if rows and self.currentIndex().row() not in set(rows):
            first = self._layers.index(rows[0], 0)
            self.selectionModel().setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.scrollTo(first)

    def selectAll(self) -> None:
        """Every row as one range; Qt would go from row to row."""
        self.select_places(self._layers.rows.shown)

    def _runs(self, rows: list[int]) -> QItemSelection:
        """Rows that follow each other as one range."""
        selection = QItemSelection()
        model, last = self._layers, len(Column) - 1
        start = 0
        for at in range(1, len(rows) + 1):
            if at == len(rows) or rows[at] != rows[at - 1] + 1:
                selection.select(model.index(rows[start], 0), model.index(rows[at - 1], last))
                start = at
        return selection

    def _remember(self) -> None:
        rows, layers = self._layers.rows, self._layers.layers
        name = lambda row: layers[rows.shown[row]].name if 0 <= row < len(rows.shown) else None  # noqa: E731
        selected = [layers[place].name for place in self.selected_places()]
        self._kept = _Kept(rows.of, selected, name(self.currentIndex().row()), name(self.indexAt(QPoint(1, 1)).row()))

    def _restore(self) -> None:
        rows, kept = self._layers.rows, self._kept
        order, self._order = self._order, rows.sorting
        if kept is None or kept.of is not rows.of:  # another network
            return
        current, top = (
            self._layers.at_name(name) if name is not None else QModelIndex() for name in (kept.current, kept.top)
        )
        if current.isValid():
            self.selectionModel().setCurrentIndex(current, QItemSelectionModel.SelectionFlag.NoUpdate)
        if kept.selected:
            self.select_places(rows.places[name] for name in kept.selected)
        if rows.sorting is not None and rows.sorting != order:
            self.scrollToTop()
        elif current.isValid() and self.selectionModel().isSelected(current):
            self.scrollTo(current)
        elif top.isValid() and rows.sorting is None:
            self.scrollTo(top, QAbstractItemView.ScrollHint.PositionAtTop)

    # Folding

    def expandAll(self) -> None:
        self._layers.fold_all(False)

    def collapseAll(self) -> None:
        self._layers.fold_all(True)

    def _toggle(self, index: QModelIndex) -> bool:
        """Fold or unfold a row that holds others; False where it holds none."""
        folded = self._folded(index)
        if folded is not None:
            self._layers.fold(index.row(), not folded)
        return folded is not None

    def _folded(self, index: QModelIndex) -> bool | None:
        if not index.isValid():
            return None
        return self._layers.rows.is_folded(self._layers.rows.shown[index.row()])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self._toggle(self._caret_at(event.position().toPoint())):
            super().mousePressEvent(event)

    def _caret_at(self, point: QPoint) -> QModelIndex:
        """The row whose caret is at ``point``."""
        index = self.indexAt(point)
        if index.column() != Column.NAME or self._folded(index) is None:
            return QModelIndex()
        depth = self._layers.rows.depths[self._layers.rows.shown[index.row()]]
        left = self.visualRect(index).left() + caret_left(depth)
        return index if left - 4 <= point.x() < left + CARET else QModelIndex()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        index = self.indexAt(point)
        if self._caret_at(point).isValid():
            self._toggle(index)
        elif not self._toggle(index):
            super().mouseDoubleClickEvent(event)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() != Qt.KeyboardModifier.NoModifier or not self.plain_key(Qt.Key(event.key())):
            super().keyPressEvent(event)

    def plain_key(self, key: Qt.Key) -> bool:
        """Act on a key alone; False where it is not one of ours."""
        match key:
            case Qt.Key.Key_Space:
                return self._toggle(self.currentIndex())
            case Qt.Key.Key_Left:
                self._go_left(self.currentIndex())
            case Qt.Key.Key_Right:
                if self._folded(self.currentIndex()):
                    self._toggle(self.currentIndex())
            case _:
                return False
        return True

    def _go_left(self, index: QModelIndex) -> None:
        """Fold, or go to what holds the row."""
        if self._folded(index) is False:
            self._toggle(index)
        elif index.isValid() and self._layers.rows.sorting is None:
            above = self._layers.rows.parents[self._layers.rows.shown[index.row()]]
            row = self._layers.rows.row_of(above) if above >= 0 else None
            if row is not None:
                self.setCurrentIndex(self._layers.index(row, 0))

    def keyboardSearch(self, search: str) -> None:
        """The filter finds layers."""

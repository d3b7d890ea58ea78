"""The network as a table that looks like a tree, with what is known and what is planned for each module."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from backend.answers import Coupling, LayerInfo
from gui.document import Document
from gui.item_models import layer_columns
from gui.item_models.layer_cells import LayerCells
from gui.item_models.layer_columns import NUMBERS, Column
from gui.item_models.layer_figures import LayerFigures, Rows
from gui.item_models.layer_plans import LayerPlans
from gui.item_models.layer_query import Query
from gui.item_models.layer_refusals import Refusals
from gui.item_models.layer_rows import LayerRows

Index = QModelIndex | QPersistentModelIndex
LAYER_ROLE = Qt.ItemDataRole.UserRole + 1
VALUE_ROLE = Qt.ItemDataRole.UserRole + 2
"""Sparsity as a share, precision as a word, the plan as a :class:`Badge`."""
COLUMNS = len(Column)


class LayerTreeModel(QAbstractTableModel):
    """One row a module that is shown; :class:`LayerRows` says which.

    Qt sees a flat table: its views walk a tree module by module, which takes seconds where 10,000 are selected.

    ``repainted``: figures or plans changed in any row; a view paints what it shows again.
    """

    repainted = Signal()

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        document.inspection_changed.connect(self.reload)
        document.recipe_changed.connect(self._replan)
        document.catalogue_changed.connect(self._replan)
        self.reload()

    def reload(self) -> None:
        """Take the document's network."""
        self.beginResetModel()
        inspection = self._document.inspection
        layers = list(inspection.layers) if inspection is not None else []
        self.layers: Sequence[LayerInfo] = layers
        self.plans = LayerPlans(self._document, layers)
        before = getattr(self, "rows", None)
        self.rows = LayerRows(layers, self._figure, self._key)
        self.figures = LayerFigures(layers, self.rows.parents)
        self.cells = LayerCells(self._document, layers, self.figures, self.plans)
        self.refusals = Refusals(self._document, layers, self.rows.ends)
        if before is not None:
            self.rows.follow(before)
        self.endResetModel()

    def _figure(self, place: int, column: Column) -> float | None:
        return self.cells.figure(place, column)

    def _key(self, place: int, column: Column) -> Any:
        return self.cells.key(place, column)

    # What is shown

    def search(self, text: str, type: str = "") -> None:
        """Show what a query means, and what holds it; see :mod:`gui.item_models.layer_query`."""
        query = Query(text.strip(), type)
        if query != self.rows.query:
            self._change(lambda: self.rows.search(query))

    def sort_by(self, column: Column | None, falling: bool = False) -> None:
        """Show the layers as a list in the order of ``column``; None for the network as it is."""
        self.rows.sorting = None if column is None else (column, falling)
        self._change(self.rows.arrange)

    def fold_all(self, folded: bool) -> None:
        """Fold every block, or none."""
        self._change(lambda: self.rows.fold_all(folded))

    def fold(self, row: int, folded: bool) -> None:
        """Hide or show what ``row`` holds."""
        place = self.rows.shown[row]
        if self.rows.is_folded(place) in (None, folded):
            return
        last = row + len(self.rows.held(place))
        if folded:
            self.beginRemoveRows(QModelIndex(), row + 1, last)
            self.rows.fold(place, True)
            self.endRemoveRows()
        else:
            self.beginInsertRows(QModelIndex(), row + 1, last)
            self.rows.fold(place, False)
            self.endInsertRows()
        self.repainted.emit()  # of the row's caret

    def reveal(self, places: Iterable[int]) -> None:
        """Have a row for each place, whatever hides it now."""
        wanted = list(places)
        if any(self.rows.row_of(place) is None for place in wanted):
            self._change(lambda: self.rows.reveal(wanted))

    def _change(self, change: Callable[[], object]) -> None:
        self.beginResetModel()
        change()
        self.endResetModel()

    # What is known

    def set_figures(self, rows: Rows, before: Rows | None = None, *, measured: bool = True) -> None:
        """What a run says of each layer, and of the original; without ``measured`` nothing is known."""
        self.figures.take_run(rows, before or {}, measured=measured)
        self._refigured()

    def set_sensitivity(self, drops: Mapping[str, float], tip: Callable[[str], str]) -> None:
        """Points of accuracy lost by layer name; ``tip`` says all that is known of a layer."""
        self.figures.take_drops(drops)
        self.cells.drop_tip = tip
        self._refigured()

    def set_latencies(self, latencies: Mapping[str, float], conditions: str) -> None:
        """Milliseconds by name of layers and containers, and how they were measured."""
        self.figures.take_latencies(latencies)
        self.cells.conditions = conditions
        self._refigured()

    def set_couplings(self, couplings: Mapping[str, Coupling]) -> None:
        """Layer → the layers that lose channels together with it."""
        self.plans.take_couplings(couplings)
        self.cells.couplings = couplings
        self.repainted.emit()

    def set_coupled(self, coupled: Set[int]) -> None:
        """Places whose channels go together with those of the selection."""
        if coupled != self.cells.coupled:
            self.cells.coupled = coupled
            self.repainted.emit()

    def _refigured(self) -> None:
        """An order or a bound by a figure follows it."""
        if self.rows.sorting is not None or any(sign in self.rows.query.text for sign in "<>"):
            self._change(self.rows.arrange)
        self.repainted.emit()

    def _replan(self) -> None:
        self.plans.clear()
        self.repainted.emit()

    def has_figures(self, column: int) -> bool:
        """Whether a column that work fills has been filled."""
        known = {
            Column.LATENCY: self.figures.latency,
            Column.SENSITIVITY: self.figures.drops,
            Column.SQNR: self.figures.sqnr,
        }
        return bool(known.get(Column(column), True))

    @property
    def precisions(self) -> set[str]:
        """Every precision that stands in the column."""
        return {word for word in self.figures.precision.values() if word}

    def at_name(self, name: str) -> QModelIndex:
        """The row of the layer called ``name``; invalid where it has none now."""
        place = self.rows.places.get(name)
        row = self.rows.row_of(place) if place is not None else None
        return self.index(row, 0) if row is not None else QModelIndex()

    # QAbstractTableModel

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 — Qt's
        return 0 if parent.isValid() else len(self.rows.shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else COLUMNS

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._title(section)
            case Qt.ItemDataRole.ToolTipRole:
                missing = "" if self.has_figures(section) else layer_columns.how_to_get(section)
                return "\n".join(line for line in (layer_columns.tip(section), missing) if line)
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if section in NUMBERS else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def _title(self, section: int) -> str:
        """With an arrow where the rows are sorted by it."""
        title, sorting = layer_columns.title(section), self.rows.sorting
        if sorting is None or sorting[0] != section:
            return title
        return f"{title} {'↓' if sorting[1] else '↑'}"

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        """Qt's own asks for both counts each time."""
        inside = 0 <= row < len(self.rows.shown) and 0 <= column < COLUMNS and not parent.isValid()
        return self.createIndex(row, column) if inside else QModelIndex()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        place, column = self.rows.shown[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole if column == Column.NAME:
                return self.cells.name(place, whole=self.rows.sorting is not None)
            case Qt.ItemDataRole.DisplayRole:
                return self.cells.text(place, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self.cells.spoken(place, column, self.rows.is_folded(place))
            case Qt.ItemDataRole.ToolTipRole:
                return self.cells.tip(place, column)
            case _ if role == LAYER_ROLE:
                return self.layers[place]
            case _ if role == VALUE_ROLE:
                return self.cells.value(place, column)
        return None

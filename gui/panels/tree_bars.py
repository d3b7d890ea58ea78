"""Lines above the layer tree: what the filter means, what the rows are sorted by, which column has no figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.item_models import layer_columns
from gui.item_models.layer_columns import WORDS, Column
from gui.item_models.layer_tree import LayerTreeModel
from gui.text import number, plural, tr
from gui.widgets.bar import Bar, Link


class TreeBars(QWidget):
    """Each is there only while there is something to say."""

    def __init__(self, model: LayerTreeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.found, self.order, self.missing = Bar("funnel", 1), Bar("sort-ascending", 1), Bar("info", 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for bar in (self.found, self.order, self.missing):
            column.addWidget(bar)

    def show_found(self, pattern: str, select: Callable[[], object]) -> None:
        """How many layers the filter means; where ``pattern`` means all that is selected, they can have one rule."""
        count = len(self._model.rows.matching)
        if not self._model.rows.query or not count:
            self.found.tell("")
        elif pattern:
            self.found.tell(
                tr("An edit of these {count} layers writes one rule: {pattern}", count=number(count), pattern=pattern)
            )
        else:
            text = plural(count, "{count} layer matches", "{count} layers match")
            self.found.tell(text, (tr("Select all that match"), select))

    def show_order(self, back: Callable[[], object]) -> None:
        """What the rows are sorted by, and the way back."""
        sorting = self._model.rows.sorting
        if sorting is None:
            self.order.tell("")
            return
        column, falling = sorting
        values = {"column": layer_columns.full_title(column)}
        if column in WORDS:
            text = tr("Sorted by {column}, Z to A", **values) if falling else tr("Sorted by {column}, A to Z", **values)
        elif falling:
            text = tr("Sorted by {column}, largest first", **values)
        else:
            text = tr("Sorted by {column}, smallest first", **values)
        self.order.tell(text, (tr("Order of the network"), back))

    def show_missing(self, empty: Sequence[Column], fill: Mapping[Column, Link]) -> None:
        """How a column that is shown without figures is filled."""
        if not self._model.layers or not empty:
            self.missing.tell("")
            return
        links = [fill[empty[0]]] if empty[0] in fill else []
        self.missing.tell(layer_columns.how_to_get(empty[0]), *links)

"""One of two networks side by side: its name, a filter, its layers with the numbers of their pairs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QColor, QPainter, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLineEdit, QStackedLayout, QVBoxLayout, QWidget

from backend.answers import Inspection
from gui.dialogs.pair_lines import BADGE, paint_badge
from gui.document import Document
from gui.icons import icon
from gui.item_models.layer_columns import Column
from gui.item_models.layer_tree import LayerTreeModel
from gui.item_models.layer_tree_delegate import LayerDelegate
from gui.text import tr
from gui.theme import Tokens, font, tokens
from gui.widgets.labels import ElidedLabel, label
from gui.widgets.layer_rows_view import LayerRowsView

BADGES = 5
"""As many stand in a row; of more, the rest is counted."""
OPEN_AT_ONCE = 24
"""A network of more modules begins with its blocks folded: what is paired is mostly whole blocks."""
SHOWN = (Column.NAME, Column.TYPE, Column.SHAPE)
WIDTHS = {Column.TYPE: 104, Column.SHAPE: 84}


class PairSide(QWidget):
    """Signals: ``picked(name)`` a layer was clicked, or Return pressed on it; ``parted(name)`` Delete was;
    ``moved`` rows stand elsewhere than before.
    """

    picked = Signal(str)
    parted = Signal(str)
    moved = Signal()

    def __init__(self, title: str, network: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = Document(self)
        self.model = LayerTreeModel(self._document, self)
        self.numbers: Mapping[str, Sequence[int]] = {}
        self.chosen = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label(title, "section"))
        self.network = ElidedLabel(network, "caption", "sec")
        head.addWidget(self.network, 1)
        column.addLayout(head)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(tr("Filter: name, type, layer1.*"))
        self.filter.setClearButtonEnabled(True)
        self.filter.addAction(QAction(icon("funnel", tokens().ter), "", self), QLineEdit.ActionPosition.LeadingPosition)
        self.filter.setAccessibleName(tr("Filter layers of {network}", network=title))
        self.filter.textChanged.connect(self.model.search)
        column.addWidget(self.filter)
        self.tree = PairTree(self, title)
        self._pages = QStackedLayout()
        self._said = label("", "caption", "sec", wrap=True)
        self._said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._said.setMargin(24)
        self._pages.addWidget(self.tree)
        self._pages.addWidget(self._said)
        column.addLayout(self._pages, 1)
        self.model.modelReset.connect(self._rearranged)

    def show_network(self, inspection: Inspection) -> None:
        """Show the layers of a network that the engine has described."""
        self._document.set_inspection(inspection)
        if len(inspection.layers) > OPEN_AT_ONCE:
            self.model.fold_all(True)
        self._pages.setCurrentWidget(self.tree)

    def say(self, text: str, *, bad: bool = False) -> None:
        """Say why there are no layers."""
        self._said.setText(text)
        self._said.setStyleSheet(f"color: {tokens().bad};" if bad else "")
        self._pages.setCurrentWidget(self._said)

    def _rearranged(self) -> None:
        if self.model.layers and not self.model.rows.shown:
            self.say(tr("No layer matches the filter."))
        elif self.model.layers:
            self._pages.setCurrentWidget(self.tree)
        self.moved.emit()

    def show_numbers(self, numbers: Mapping[str, Sequence[int]], chosen: str) -> None:
        """Mark the layers that are paired, and the one that waits for its partner."""
        self.numbers, self.chosen = numbers, chosen
        self.tree.viewport().update()

    def unfold(self, names: Iterable[str]) -> None:
        """Have a row for each layer."""
        places = self.model.rows.places
        self.model.reveal(places[name] for name in names if name in places)

    def reveal(self, name: str) -> None:
        """Bring a layer's row into view."""
        place = self.model.rows.places.get(name)
        if place is not None:
            self.model.reveal([place])
            index = self.model.at_name(name)
            self.tree.setCurrentIndex(index)
            self.tree.scrollTo(index)

    def middle_of(self, name: str) -> int | None:
        """How far below the top of the rows a layer stands, that of its folded block for one within it; negative and
        too large values are out of view. None where it has no row.
        """
        place = self.model.rows.places.get(name)
        while place is not None and place >= 0 and self.model.rows.row_of(place) is None:
            place = self.model.rows.parents[place] if not self.model.rows.query else -1
        if place is None or place < 0:
            return None
        row = self.model.rows.row_of(place)
        return self.tree.visualRect(self.model.index(row, 0)).center().y() if row is not None else None


class PairTree(LayerRowsView):
    """The rows of a side."""

    def __init__(self, side: PairSide, title: str) -> None:
        super().__init__(side.model, tr("Layers of {network}", network=title), side)
        self._side = side
        self.setItemDelegate(PairDelegate(side))
        self.setSelectionMode(self.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.header()
        header.setStretchLastSection(False)
        header.setFixedHeight(28)
        header.setMinimumSectionSize(40)
        header.setSectionsClickable(False)
        for column in Column:
            self.setColumnHidden(column, column not in SHOWN)
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)
        for column, width in WIDTHS.items():
            header.resizeSection(column, width)
        self.clicked.connect(lambda index: self._pick())
        self.verticalScrollBar().valueChanged.connect(side.moved)
        for signal in (side.model.rowsInserted, side.model.rowsRemoved):
            signal.connect(lambda *_: QTimer.singleShot(0, side.moved.emit))

    def name_at(self, row: int) -> str:
        """The layer of a row; empty for the network itself."""
        rows = self._layers.rows
        return self._layers.layers[rows.shown[row]].name if 0 <= row < len(rows.shown) else ""

    def _pick(self) -> None:
        if name := self.name_at(self.currentIndex().row()):
            self._side.picked.emit(name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._side.moved.emit()

    def plain_key(self, key: Qt.Key) -> bool:
        match key:
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._pick()
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self._side.parted.emit(self.name_at(self.currentIndex().row()))
            case Qt.Key.Key_Space:
                if not super().plain_key(key):
                    self._pick()
            case _:
                return super().plain_key(key)
        return True


class PairDelegate(LayerDelegate):
    """As in the tree of the model, with the numbers of the pairs at the right of the names."""

    def __init__(self, side: PairSide) -> None:
        super().__init__(side)
        self._side = side

    def _name(
        self, painter: QPainter, area: QRect, model: LayerTreeModel, place: int, t: Tokens, selected: bool
    ) -> None:
        layer = model.layers[place]
        numbers = self._side.numbers.get(layer.name, ()) if layer.name else ()
        if layer.name and layer.name == self._side.chosen:
            painter.fillRect(QRect(area.left(), area.top(), 3, area.height()), QColor(t.accent))
        shown = numbers if len(numbers) <= BADGES else numbers[: BADGES - 1]
        taken = (BADGE + 2) * min(BADGES, len(numbers))
        super()._name(painter, area.adjusted(0, 0, -taken, 0), model, place, t, selected)
        for at, count in enumerate(shown):
            paint_badge(painter, area.right() - taken + at * (BADGE + 2), area.center().y(), count)
        if len(shown) < len(numbers):
            painter.setFont(font(11, 600))
            painter.setPen(QColor(t.sec))
            rest = QRect(area.right() - BADGE - 2, area.top(), BADGE + 2, area.height())
            painter.drawText(rest, Qt.AlignmentFlag.AlignCenter, f"+{len(numbers) - len(shown)}")

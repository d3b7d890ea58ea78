"""The network as a tree with its filter, its columns, its menu and what is known of the selection."""

from __future__ import annotations

from collections.abc import Collection, Sequence, Set

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLineEdit, QStackedLayout, QVBoxLayout, QWidget

from backend.answers import LayerInfo
from gui.document import Document
from gui.forms import Combo
from gui.icons import icon
from gui.item_models.layer_columns import Column
from gui.item_models.layer_tree import LayerTreeModel
from gui.layer_knowledge import LayerKnowledge
from gui.panels.layer_changes import Chosen, LayerChanges
from gui.panels.layer_menu import LayerMenu
from gui.panels.layer_view import LayerTree
from gui.panels.tree_bars import TreeBars
from gui.panels.tree_columns import TreeColumns
from gui.panels.tree_footer import TreeFooter
from gui.run_state import RunState
from gui.scan_state import ScanState
from gui.text import plural, tr
from gui.theme import tokens
from gui.widgets.labels import label


class ModelPanel(QWidget):
    """Signals: ``said(text)`` for the status line; ``weights_wanted(layer name)``; ``selection_changed()``;
    ``measure_requested()``, ``scan_requested()``: latency or sensitivity of the layers is wanted."""

    said = Signal(str)
    weights_wanted = Signal(str)
    selection_changed = Signal()
    measure_requested = Signal()
    scan_requested = Signal()

    def __init__(self, document: Document, run_state: RunState, scan: ScanState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._run, self._scan = run_state, scan
        self._knowledge: LayerKnowledge | None = None
        self._places: list[int] = []
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = LayerTreeModel(document, self)
        self.changes = LayerChanges(document, self.model, self.said.emit)
        self.menu = LayerMenu(document, self.model, self.changes, self._show_weights, self.copy_names)
        self.tree = LayerTree(self, self.model)
        self.columns = TreeColumns(self.tree, self.model)
        self.footer = TreeFooter(self.model, self.tree.clearSelection)
        self._build()
        self._listen()
        self._reload()

    # Parts

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._filters())
        self.bars = TreeBars(self.model)
        column.addWidget(self.bars)
        self._pages = QStackedLayout()
        self._pages.addWidget(self.tree)
        self._empty = label("", "caption", "ter", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setMargin(32)
        self._pages.addWidget(self._empty)
        column.addLayout(self._pages, 1)
        column.addWidget(self.footer)

    def _filters(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(12, 0, 12, 8)
        row.setSpacing(8)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Filter: name, type, layer1.*, >1M"))
        self.search.setToolTip(
            tr(
                "Part of a name or type; a pattern as in a recipe: conv*, layer1.*, type:Conv2d; "
                "or a bound: >1M parameters, macs>1%, latency>0.5, sparsity>50%, sensitivity>1, sqnr<20"
            )
        )
        self.search.setClearButtonEnabled(True)
        self.search.addAction(QAction(icon("funnel", tokens().ter), "", self), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setAccessibleName(tr("Filter layers by name, type or pattern"))
        self.types = Combo()
        self.types.setFixedWidth(120)
        self.types.setAccessibleName(tr("Type of layer"))
        row.addWidget(self.search, 1)
        row.addWidget(self.types)
        return row

    def _listen(self) -> None:
        self.search.textChanged.connect(self._search)
        self.search.returnPressed.connect(self.select_matching)
        self.types.currentIndexChanged.connect(self._search)
        self.tree.selectionModel().selectionChanged.connect(self._selected)
        self.model.modelReset.connect(self._rearranged)
        self.model.repainted.connect(self._refigured)
        self.tree.resized.connect(self.columns.fit)
        self.columns.sort_requested.connect(self._sort)
        self.columns.measure_requested.connect(self.measure_requested)
        self.columns.changed.connect(self._tell)
        self._document.inspection_changed.connect(self._reload)
        self._run.changed.connect(self._follow)
        self._scan.changed.connect(self._follow_scan)

    # What happens

    def _reload(self) -> None:
        layers = self.model.layers
        self.types.blockSignals(True)
        self.types.clear()
        self.types.addItem(tr("All types"), "")
        for type in sorted({layer.type for layer in layers if layer.leaf}):
            self.types.addItem(type, type)
        self.types.blockSignals(False)
        self._follow({"layers"})
        self._follow_scan({"figures"})
        self._search()
        self._selected()
        self._rearranged()

    def _search(self) -> None:
        self.model.search(self.search.text(), self.types.currentData() or "")

    def _sort(self, by: tuple[Column, bool] | None) -> None:
        self.model.sort_by(*(by or (None,)))
        self.columns.fit()

    def _rearranged(self) -> None:
        """Other rows, or in another order; what has no row is not selected any more."""
        rows = self.model.rows
        if sorted(self.tree.selected_places()) != self._places:
            self._selected()
        self._pages.setCurrentWidget(self.tree if rows.shown else self._empty)
        self._empty.setText("" if rows.shown else self._why_empty())
        self.bars.show_order(lambda: self._sort(None))
        self._tell()

    def _why_empty(self) -> str:
        if self.model.layers:
            return tr("No layer matches the filter.")
        if self._document.is_open:
            return tr("The layers appear here once the engine has opened the network.")
        return tr("Open a network to see its layers here.")

    def _tell(self) -> None:
        """What the filter means, and which columns have no figures yet."""
        self.bars.show_found(self.pattern, self.select_matching)
        empty = [c for c in Column if not self.tree.isColumnHidden(c) and not self.model.has_figures(c)]
        measure = (tr("Measure layer latency"), self.measure_requested.emit)
        scan = (tr("Scan sensitivity"), self.scan_requested.emit)
        self.bars.show_missing(empty, {Column.LATENCY: measure, Column.SENSITIVITY: scan})

    def _refigured(self) -> None:
        """Figures or plans have changed."""
        self._tell()
        self.footer.show_plans(self._places)

    def _follow(self, kinds: set[str]) -> None:
        if kinds & {"layers", "started", "ending"} and self.model.layers:
            undone = self._run.status in ("stopped", "failed")  # the network is as it was
            before = self._run.baseline_layers
            rows = before if undone else self._run.layers or before
            self.model.set_figures(rows, before, measured=bool(rows) or not self._only_measured())
            self.columns.fit()

    def _only_measured(self) -> bool:
        """Whether what is zero or int8 in the network is not known unless measured: it is not open yet, or a run's."""
        recipe, found = self._document.recipe, self._document.inspection
        saved = recipe is not None and recipe.model.source == "pare"
        return saved or (found is not None and not found.complete)

    def _follow_scan(self, kinds: set[str]) -> None:
        """The column of the scan stands there once it has something to say."""
        if "figures" in kinds:
            self.model.set_sensitivity(self._scan.layer_drops(), self._scan.describe)
            self.columns.fit()

    def set_knowledge(self, knowledge: LayerKnowledge) -> None:
        """Show what the engine finds out about layers when it is asked."""
        self._knowledge = knowledge
        knowledge.changed.connect(self._follow_knowledge)
        self._follow_knowledge()

    def _follow_knowledge(self) -> None:
        if self._knowledge is not None:
            self.model.set_latencies(self._knowledge.latencies, self._knowledge.conditions)
            self.model.set_couplings(self._knowledge.couplings)
            self.columns.fit()
            self._show_coupled()

    # The selection

    @property
    def pattern(self) -> str:
        """The pattern of a recipe that means exactly the selected layers; empty where they are just several."""
        rows = self.model.rows
        alike = len(self._places) > 1 and len(self._places) == len(rows.matching)
        return rows.query.pattern if alike and set(self._places) == set(rows.matching) else ""

    def selected(self) -> list[LayerInfo]:
        """The selected layers in the order of the network."""
        return [self.model.layers[place] for place in self._places]

    def select(self, names: Sequence[str]) -> None:
        """Select the layers with these names, whatever hides them now."""
        places = self.model.rows.places
        self._select([places[name] for name in names if name in places])

    def _select(self, places: Collection[int]) -> None:
        self.model.reveal(places)
        self.tree.select_places(places)

    def select_matching(self) -> None:
        """Select every layer that the filter means."""
        self.tree.select_places(self.model.rows.matching)
        self.tree.setFocus()

    def _selected(self, *_: object) -> None:
        self._places = sorted(self.tree.selected_places())
        self.footer.show_places(self._places)
        self._show_coupled()
        self._tell()
        self.selection_changed.emit()

    def _show_coupled(self) -> None:
        """Mark what loses channels together with the selected layers."""
        couplings = self._knowledge.couplings if self._knowledge is not None else {}
        groups = {id(group): group for layer in self.selected() if (group := couplings.get(layer.name)) is not None}
        names = {name for group in groups.values() for name in group.layers}
        places = self.model.rows.places
        found = {places[name] for name in names if name in places}.difference(self._places)
        self.model.set_coupled(found)
        self.footer.show_coupled(len(found), lambda: self._select_too(found))

    def _select_too(self, places: Set[int]) -> None:
        self._select([*self._places, *places])
        self.tree.setFocus()

    # What a person does

    def chosen(self) -> Chosen:
        return Chosen(self.selected(), self.pattern)

    def open_menu(self, where: QPoint | None = None) -> None:
        """Show the menu of the selected layers, at ``where`` on the screen or below the current row."""
        chosen = self.chosen()
        if not chosen.layers:
            return
        menu = self.menu.build(chosen, self._beside())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(where or self._beside())
        self._open_menu = menu  # kept alive while it is shown

    def _beside(self) -> QPoint:
        """Where a form or a menu stands that is about the current row."""
        row = self.tree.visualRect(self.tree.currentIndex())
        return self.tree.viewport().mapToGlobal(QPoint(row.left() + 60, row.bottom() + 2))

    def edit_selected(self) -> None:
        """Open the form of what is planned for the selected layers; the menu where nothing is."""
        if self._places and not self.changes.edit(self.chosen(), self._beside()):
            self.open_menu()

    def keep_selected(self) -> None:
        if self._places:
            self.changes.keep(self.chosen())

    def reset_selected(self) -> None:
        if self._places:
            self.changes.reset(self.chosen())

    def weights_of_selected(self) -> None:
        if layers := [one for one in self.selected() if one.weight_shape]:
            self._show_weights(layers[0])
        else:
            self.said.emit(tr("Select a layer with weights to see them."))

    def show_layer(self, name: str) -> None:
        """Select the layer called ``name`` alone, whatever keys are held, and bring it into view."""
        self.search.clear()
        self.types.setCurrentIndex(0)
        place = self.model.rows.places.get(name)
        if place is not None:
            self.model.reveal([place])
            index = self.model.at_name(name)
            alone = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.tree.selectionModel().setCurrentIndex(index, alone)
            self.tree.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
            self.tree.setFocus()

    def _show_weights(self, layer: LayerInfo) -> None:
        self.weights_wanted.emit(layer.name)

    def copy_names(self) -> None:
        names = [layer.name for layer in self.selected() if layer.name]
        if names:
            QGuiApplication.clipboard().setText("\n".join(names))
            self.said.emit(plural(len(names), "Copied {count} layer name.", "Copied {count} layer names."))

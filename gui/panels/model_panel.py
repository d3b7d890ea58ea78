"""The network as a tree with its filter, its menu and the total of what is selected."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QStackedLayout,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from backend.answers import LayerInfo
from gui.document import Document
from gui.forms import Combo
from gui.icons import icon, pixmap
from gui.item_models.layer_tree import (
    LAYER_ROLE,
    MACS,
    NAME,
    PARAMETERS,
    PLAN,
    PRECISION,
    SENSITIVITY,
    SPARSITY,
    LayerFilter,
    LayerTreeModel,
)
from gui.item_models.layer_tree_delegate import LayerDelegate
from gui.panels.layer_menu import LayerMenu
from gui.panels.layer_view import LayerTree
from gui.precisions import chip_width
from gui.run_state import RunState
from gui.scan_state import ScanState
from gui.text import NOTHING, percent, plural, points, short, tr
from gui.theme import tokens
from gui.widgets.buttons import button
from gui.widgets.labels import ElidedLabel, label

WIDTHS = {NAME: 124, PARAMETERS: 68, MACS: 54, SPARSITY: 76, PRECISION: 66, SENSITIVITY: 50}
NARROW = {NAME: 104, PARAMETERS: 66, MACS: 50, SPARSITY: 70, PRECISION: 64, SENSITIVITY: 48}
"""Columns of a tree less than 490 px wide."""
ROOM = 96
"""Pixels that the words of a plan take, and the scroll bar."""
OPEN_AT_ONCE = 400
"""A network with at most as many modules is shown unfolded."""


class ModelPanel(QWidget):
    """Signals: ``said(text)`` for the status line; ``weights_wanted(layer name)``; ``selection_changed()``."""

    said = Signal(str)
    weights_wanted = Signal(str)

    selection_changed = Signal()

    def __init__(self, document: Document, run_state: RunState, scan: ScanState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._run, self._scan = run_state, scan
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = LayerTreeModel(document, self)
        self.filter = LayerFilter(self.model, self)
        self.menu = LayerMenu(document, self.model, self.said.emit, self._show_weights, self.copy_names)
        self.tree = self._tree()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._filters())
        self._pages = QStackedLayout()
        self._pages.addWidget(self.tree)
        self._empty = label("", "caption", "ter", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setMargin(32)
        self._pages.addWidget(self._empty)
        column.addLayout(self._pages, 1)
        column.addWidget(self._footer())
        document.inspection_changed.connect(self._reload)
        self.model.repainted.connect(self.tree.viewport().update)
        run_state.changed.connect(self._follow)
        scan.changed.connect(self._follow_scan)
        self._reload()

    # Parts

    def _filters(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(12, 0, 12, 8)
        row.setSpacing(8)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Filter layers by name or type"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(QAction(icon("funnel", tokens().ter), "", self), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setAccessibleName(self.search.placeholderText())
        self.types = Combo()
        self.types.setFixedWidth(120)
        self.types.setAccessibleName(tr("Type of layer"))
        self.search.textChanged.connect(self._search)
        self.types.currentIndexChanged.connect(self._search)
        row.addWidget(self.search, 1)
        row.addWidget(self.types)
        return row

    def _tree(self) -> QTreeView:
        tree = LayerTree(self)
        tree.setModel(self.filter)
        tree.setItemDelegate(LayerDelegate(tree))
        tree.setUniformRowHeights(True)
        tree.setIndentation(12)
        tree.setFrameShape(QFrame.Shape.NoFrame)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        tree.setExpandsOnDoubleClick(True)
        tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.setAccessibleName(tr("Layers of the network"))
        header = tree.header()
        header.setProperty("lead", True)
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(40)
        header.setFixedHeight(28)
        header.setSectionsMovable(False)
        for column, width in WIDTHS.items():
            tree.setColumnWidth(column, width)
        header.setSectionResizeMode(PLAN, QHeaderView.ResizeMode.Stretch)
        tree.setColumnHidden(SENSITIVITY, True)
        tree.selectionModel().selectionChanged.connect(self._selected)
        return tree

    def _footer(self) -> QWidget:
        self.footer = QWidget()
        self.footer.setProperty("surface", "panel")
        self.footer.setFixedHeight(38)
        outer = QVBoxLayout(self.footer)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        line = QFrame()
        line.setProperty("kind", "rule")
        outer.addWidget(line)
        row = QHBoxLayout()
        row.setContentsMargins(16, 0, 12, 0)
        row.setSpacing(8)
        sign = QLabel()
        sign.setPixmap(pixmap("check-square", tokens().accent))
        self._count = label("", "strong")
        self._total = ElidedLabel("", "caption", "sec")
        row.addWidget(sign)
        row.addWidget(self._count)
        row.addWidget(self._total, 1)
        row.addWidget(button(tr("Clear"), self.tree.clearSelection, kind="link"))
        outer.addLayout(row)
        self.footer.hide()
        return self.footer

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _fit_columns(self) -> None:
        """Where there is little room, columns make way for names and plans, the least missed first."""
        widths = dict(NARROW if self.width() < 490 else WIDTHS)
        chips = max([widths[PRECISION], *(chip_width(word) + 14 for word in self.model.precisions)])
        scanned = not self.tree.isColumnHidden(SENSITIVITY)
        spare = self.width() - ROOM - sum(widths.values()) + (0 if scanned else widths[SENSITIVITY])
        if chips - widths[PRECISION] <= spare:
            spare -= chips - widths[PRECISION]
            widths[PRECISION] = chips
        short_of_room = spare < 0
        quantized = not self.model.precisions <= {"fp32"}
        leaving = set()
        for column in (MACS, PARAMETERS, SPARSITY) if quantized else (PRECISION, MACS, SPARSITY):
            if spare < 0:
                leaving.add(column)
                spare += widths[column]
        for column in (PARAMETERS, MACS, SPARSITY, PRECISION):
            self.tree.setColumnHidden(column, column in leaving)
        for column, width in widths.items():
            self.tree.setColumnWidth(column, width)
        if short_of_room:
            self.tree.setColumnWidth(NAME, widths[NAME] + max(0, min(spare, 32)))

    # What happens

    def _reload(self) -> None:
        layers = self.model.layers
        self.types.blockSignals(True)
        self.types.clear()
        self.types.addItem(tr("All types"), "")
        for type in sorted({layer.type for layer in layers if layer.leaf}):
            self.types.addItem(type, type)
        self.types.blockSignals(False)
        if len(layers) <= OPEN_AT_ONCE:
            self.tree.expandAll()
        else:
            self.tree.expandToDepth(0)
        self._follow({"layers"})
        self._follow_scan({"figures"})
        self._selected()
        self._tell_empty()

    def _tell_empty(self) -> None:
        if self.filter.rowCount():
            self._pages.setCurrentWidget(self.tree)
            return
        if self.model.layers:
            text = tr("No layer matches the filter.")
        elif self._document.is_open:
            text = tr("The layers appear here once the engine has opened the network.")
        else:
            text = tr("Open a network to see its layers here.")
        self._empty.setText(text)
        self._pages.setCurrentWidget(self._empty)

    def _follow(self, kinds: set[str]) -> None:
        if kinds & {"layers", "started", "ending"} and self.model.layers:
            undone = self._run.status in ("stopped", "failed")  # the network is as it was
            before = self._run.baseline_layers
            rows = before if undone else self._run.layers or before
            self.model.set_figures(rows, before, measured=bool(rows) or not self._made_by_pare())
            self._fit_columns()

    def _made_by_pare(self) -> bool:
        """Whether the network comes from a run: what is zero or int8 in it, only a measurement tells."""
        recipe = self._document.recipe
        return recipe is not None and recipe.model.source == "pare"

    def _follow_scan(self, kinds: set[str]) -> None:
        """The column of the scan stands there once it has something to say."""
        if "figures" not in kinds:
            return
        drops = self._scan.layer_drops()
        if self.tree.isColumnHidden(SENSITIVITY) == bool(drops):
            self.tree.setColumnHidden(SENSITIVITY, not drops)
            self._fit_columns()
        self.model.set_sensitivity(drops, self._sensitivity_of)

    def _sensitivity_of(self, name: str) -> str:
        """Everything the scan knows of a layer, a line an amount."""
        scan = self._scan
        target = max(scan.targets_of(name), key=lambda target: scan.drops().get(target, 0.0))
        others = [layer for layer in scan.layers_of(target) if layer != name]
        lines = [tr("{layer} pruned alone", layer=name)]
        if others:
            lines = [tr("{layer} pruned together with {others}", layer=name, others=", ".join(others))]
        for point in scan.targets[target]:
            drop = scan.drop(target, point.amount)
            change = points(-drop) if drop is not None else NOTHING
            lines.append(
                tr(
                    "{amount}: {accuracy} ({change}), SQNR {sqnr}",
                    amount=percent(point.amount),
                    accuracy=point.text("accuracy"),
                    change=change,
                    sqnr=point.text("sqnr_db"),
                )
            )
        return "\n".join(lines)

    def _search(self) -> None:
        self.filter.search(self.search.text(), self.types.currentData() or "")
        if self.search.text() or self.types.currentData():
            self.tree.expandAll()
        self._tell_empty()

    def selected(self) -> list[LayerInfo]:
        """The selected layers from top to bottom."""
        rows = self.tree.selectionModel().selectedRows(0)
        layers = [index.data(LAYER_ROLE) for index in rows]
        order = {layer.name: i for i, layer in enumerate(self.model.layers)}
        return sorted(layers, key=lambda layer: order[layer.name])

    def _selected(self, *_: QItemSelection) -> None:
        layers = self.selected()
        self.selection_changed.emit()
        self.footer.setVisible(bool(layers))
        if not layers:
            return
        top = [one for one in layers if not any(_holds(other, one) for other in layers)]
        parameters = sum(one.parameters for one in top)
        whole = self.model.layers[0].macs
        macs = sum(one.macs or 0 for one in top)
        self._count.setText(plural(len(layers), "{count} layer selected", "{count} layers selected"))
        share = percent(macs / whole, 1) if whole else tr("unknown share")
        total = tr("{parameters} parameters · {share} of MACs", parameters=short(parameters), share=share)
        self._total.setText(total)

    def open_menu(self, where: QPoint | None = None) -> None:
        """Show the menu of the selected layers, at ``where`` on the screen or below the current row."""
        layers = self.selected()
        if not layers:
            return
        row = self.tree.visualRect(self.tree.currentIndex())
        beside = self.tree.viewport().mapToGlobal(QPoint(row.left() + 60, row.bottom() + 2))
        menu = self.menu.build(layers, beside)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(where or beside)
        self._open_menu = menu  # kept alive while it is shown

    def keep_selected(self) -> None:
        if layers := self.selected():
            self.menu.keep(layers)

    def reset_selected(self) -> None:
        if layers := self.selected():
            self.menu.reset(layers)

    def weights_of_selected(self) -> None:
        if layers := [one for one in self.selected() if one.weight_shape]:
            self._show_weights(layers[0])
        else:
            self.said.emit(tr("Select a layer with weights to see them."))

    def show_layer(self, name: str) -> None:
        """Select the layer called ``name`` and bring it into view."""
        self.search.clear()
        self.types.setCurrentIndex(0)
        index = self.filter.mapFromSource(self.model.at_name(name))
        if index.isValid():
            self.tree.setCurrentIndex(index)
            self.tree.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
            self.tree.setFocus()

    def _show_weights(self, layer: LayerInfo) -> None:
        self.weights_wanted.emit(layer.name)

    def copy_names(self) -> None:
        names = [layer.name for layer in self.selected() if layer.name]
        if names:
            QGuiApplication.clipboard().setText("\n".join(names))
            self.said.emit(plural(len(names), "Copied {count} layer name.", "Copied {count} layer names."))


def _holds(container: LayerInfo, layer: LayerInfo) -> bool:
    return container is not layer and (not container.name or layer.name.startswith(f"{container.name}."))

"""Which columns of the layer tree are shown, in what order, how wide, and what the rows are sorted by."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QPoint, QSettings, Qt, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QHeaderView, QTreeView

from gui.item_models import layer_columns
from gui.item_models.layer_columns import USUAL, Column
from gui.item_models.layer_tree import LayerTreeModel
from gui.item_models.layer_tree_delegate import name_left
from gui.precisions import chip_width
from gui.text import tr
from gui.theme import font
from gui.widgets.reason_menu import ReasonMenu

WIDTHS = {
    Column.NAME: 124, Column.TYPE: 92, Column.PARAMETERS: 68, Column.MACS: 54, Column.LATENCY: 62,
    Column.SPARSITY: 76, Column.PRECISION: 70, Column.PLAN: 96, Column.SENSITIVITY: 50, Column.SQNR: 54,
    Column.SHAPE: 84,
}  # fmt: skip
NARROW = {
    **WIDTHS,
    Column.NAME: 104, Column.PARAMETERS: 66, Column.MACS: 50, Column.SPARSITY: 70, Column.PRECISION: 68,
    Column.PLAN: 90, Column.SENSITIVITY: 48,
}  # fmt: skip
"""Columns of a tree less than 490 px wide."""
SCROLL_BAR = 10
MOST_NAME = 190
ARROW = 12
"""Pixels of the arrow in the header of the column that is sorted by."""
PLAN_ENOUGH = 150
"""Pixels beyond which the plan leaves the rest to the names."""
KEY = "tree/columns"


class TreeColumns(QObject):
    """The header of ``tree``. Until a person chooses, columns make way where there is little room.

    Signals:
        sort_requested: a column and whether it falls; None for the order of the network.
        measure_requested: a person wants the latency of the layers.
        changed: other columns are shown than before.
    """

    sort_requested = Signal(object)
    measure_requested = Signal()
    changed = Signal()

    def __init__(self, tree: QTreeView, model: LayerTreeModel) -> None:
        super().__init__(tree)
        self._tree, self._model = tree, model
        self._ours = False
        self._measured: tuple[object, int] = (None, 0)
        self._widths: dict[Column, int] = {}
        self._chosen: set[Column] | None = None
        self._header = tree.header()
        self._header.setProperty("lead", True)
        self._header.setStretchLastSection(False)
        self._header.setMinimumSectionSize(40)
        self._header.setFixedHeight(28)
        self._header.setSectionsMovable(True)
        self._header.setFirstSectionMovable(False)
        self._header.setSectionsClickable(True)
        self._header.setHighlightSections(False)
        self._header.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self._header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._header.customContextMenuRequested.connect(self._menu_at)
        self._header.sectionClicked.connect(self._clicked)
        self._header.sectionResized.connect(self._resized)
        self._header.sectionMoved.connect(self._moved)
        self._header.sectionHandleDoubleClicked.connect(self._fit_one)
        self._restore()

    # What is shown

    def fit(self) -> None:
        """Give each column its place and its width; the plan, else the name, takes what the others leave."""
        shown = self._shown()
        widths = self._wanted()
        room = self._tree.width() - (SCROLL_BAR if self._tree.verticalScrollBar().isVisible() else 0)
        if self._chosen is None:
            shown -= self._leaving(shown, widths, room)
        filler = next((c for c in (Column.PLAN, Column.NAME) if c in shown and c not in self._widths), None)
        if filler is not None:
            rest = max(0, room - sum(widths[column] for column in shown))
            spare = max(0, widths[filler] + rest - PLAN_ENOUGH) if filler == Column.PLAN else 0
            spare = 0 if Column.NAME in self._widths else spare
            widths[filler] += rest - spare
            widths[Column.NAME] += spare
        before = {column for column in Column if not self._tree.isColumnHidden(column)}
        with self._by_us():
            for column in Column:
                self._tree.setColumnHidden(column, column not in shown)
                self._tree.setColumnWidth(column, widths[column])
        if shown != before:
            self.changed.emit()

    def _shown(self) -> set[Column]:
        """Those that were chosen; else the usual ones and those that work has filled."""
        if self._chosen is not None:
            return {Column.NAME, *self._chosen}
        return {*USUAL, *(c for c in (Column.LATENCY, Column.SENSITIVITY) if self._model.has_figures(c))}

    def _wanted(self) -> dict[Column, int]:
        widths = dict(NARROW if self._tree.width() < 490 else WIDTHS)
        chips = (chip_width(word) + 14 for word in self._model.precisions)
        widths[Column.PRECISION] = max([widths[Column.PRECISION], *chips])
        widths[Column.NAME] = max(widths[Column.NAME], min(self._longest_name(), MOST_NAME))
        if (sorting := self._model.rows.sorting) is not None:
            widths[sorting[0]] += ARROW
        return {**widths, **self._widths}

    def _longest_name(self) -> int:
        """Pixels that the tree's names take, as deep as they stand; worked out once a network."""
        rows = self._model.rows
        if self._measured[0] is not rows:
            names = {
                (depth, layer.name.rpartition(".")[2])
                for depth, layer in zip(rows.depths, self._model.layers, strict=True)
            }
            text = QFontMetricsF(font(13))
            widest = max((name_left(depth) + text.horizontalAdvance(name) for depth, name in names), default=0.0)
            self._measured = rows, round(widest) + 8
        return self._measured[1]

    def _leaving(self, shown: set[Column], widths: Mapping[Column, int], room: int) -> set[Column]:
        """The columns that make way for names and plans, the least missed first; what is sorted by stays."""
        quantized = not self._model.precisions <= {"fp32"}
        least = (Column.MACS, Column.PARAMETERS, Column.SPARSITY)
        if not quantized:
            least = (Column.PRECISION, Column.MACS, Column.SPARSITY)
        over = sum(widths[column] for column in shown) - room
        leaving: set[Column] = set()
        for column in least:
            if over > 0 and not self._sorted_by(column):
                leaving.add(column)
                over -= widths[column]
        return leaving

    def _sorted_by(self, column: Column) -> bool:
        sorting = self._model.rows.sorting
        return sorting is not None and sorting[0] == column

    def show(self, column: Column, shown: bool) -> None:
        """Show or hide a column; from now on the person's choice stands."""
        visible = {c for c in Column if not self._tree.isColumnHidden(c)}
        self._chosen = visible | {column} if shown else visible - {column}
        if not shown and self._sorted_by(column):
            self.sort_requested.emit(None)
        self.fit()
        self._keep()

    def reset(self) -> None:
        """Back to the usual columns, order and widths."""
        self._chosen, self._widths = None, {}
        with self._by_us():
            for place, column in enumerate(Column):
                self._header.moveSection(self._header.visualIndex(column), place)
        QSettings().remove(KEY)
        self.fit()

    # The header

    def _clicked(self, section: int) -> None:
        """Rising, falling, and the order of the network again."""
        column, sorting = Column(section), self._model.rows.sorting
        if sorting == (column, False):
            self.sort_requested.emit((column, True))
        elif sorting == (column, True):
            self.sort_requested.emit(None)
        else:
            self.sort_requested.emit((column, False))

    def _resized(self, section: int, _: int, width: int) -> None:
        if not self._ours and width > 0:
            self._widths[Column(section)] = width
            self._keep()
            self.fit()

    def _moved(self, *_: int) -> None:
        if not self._ours:
            self._keep()

    def _fit_one(self, section: int) -> None:
        """The usual width again."""
        self._widths.pop(Column(section), None)
        self._keep()
        self.fit()

    # The menu

    def menu(self, of: Column | None = None) -> ReasonMenu:
        """Every column, those that are shown ticked; what to do about the column ``of`` first."""
        menu = ReasonMenu(parent=self._tree)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if of is not None:
            title = layer_columns.full_title(of)
            menu.offer(
                tr("Sort by {column}, rising", column=title),
                lambda: self.sort_requested.emit((of, False)),
                "sort-ascending",
            )
            menu.offer(
                tr("Sort by {column}, falling", column=title),
                lambda: self.sort_requested.emit((of, True)),
                "sort-descending",
            )
        else:
            sorts = menu.submenu(tr("Sort by"), "sort-ascending")
            for column in self._visible():
                sorts.offer(layer_columns.full_title(column), partial(self._clicked, column))
        if self._model.rows.sorting is not None:
            menu.offer(tr("Order of the network"), lambda: self.sort_requested.emit(None), "tree-structure")
        menu.addSeparator()
        for section in range(1, len(Column)):
            self._offer(menu, Column(self._header.logicalIndex(section)))
        menu.addSeparator()
        menu.offer(tr("Measure layer latency"), self.measure_requested.emit, "timer")
        menu.offer(tr("Reset columns"), self.reset, "arrow-counter-clockwise")
        return menu

    def _offer(self, menu: ReasonMenu, column: Column) -> None:
        shown = not self._tree.isColumnHidden(column)
        entry = menu.offer(
            layer_columns.full_title(column), lambda: self.show(column, not shown), tip=layer_columns.tip(column)
        )
        entry.setCheckable(True)
        entry.setChecked(shown)

    def _visible(self) -> list[Column]:
        """From left to right."""
        order = (Column(self._header.logicalIndex(at)) for at in range(len(Column)))
        return [column for column in order if not self._tree.isColumnHidden(column)]

    def show_menu(self, where: QPoint | None = None) -> None:
        """Open the menu at ``where`` on the screen, else below the header."""
        below = self._header.mapToGlobal(QPoint(self._header.width() - 200, self._header.height()))
        self.menu().popup(where or below)

    def _menu_at(self, point: QPoint) -> None:
        section = self._header.logicalIndexAt(point)
        of = Column(section) if section >= 0 else None
        self.menu(of).popup(self._header.mapToGlobal(point))

    # Settings

    def _keep(self) -> None:
        order = [Column(self._header.logicalIndex(at)).name for at in range(len(Column))]
        kept: dict[str, Any] = {"order": order, "widths": {c.name: width for c, width in self._widths.items()}}
        if self._chosen is not None:
            kept["shown"] = sorted(column.name for column in self._chosen)
        QSettings().setValue(KEY, json.dumps(kept))

    def _restore(self) -> None:
        """What was chosen before; names that this version does not know are passed over."""
        try:
            kept = json.loads(str(QSettings().value(KEY, "{}")))
            order = [Column[name] for name in kept.get("order", ()) if name in Column.__members__]
            widths = {Column[n]: int(w) for n, w in kept.get("widths", {}).items() if n in Column.__members__}
            shown = kept.get("shown")
            chosen = None if shown is None else {Column[n] for n in shown if n in Column.__members__}
        except (ValueError, TypeError, AttributeError):
            return
        self._widths, self._chosen = widths, chosen
        with self._by_us():
            for place, column in enumerate(order):
                self._header.moveSection(self._header.visualIndex(column), place)

    @contextmanager
    def _by_us(self) -> Iterator[None]:
        """What the header reports meanwhile is not a person's choice."""
        self._ours, before = True, self._ours
        try:
            yield
        finally:
            self._ours = before

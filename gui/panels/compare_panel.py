"""Networks of any runs side by side: figures, stages, layers, answers, and their recipes line by line.

Signals:
    layer_chosen(str): a line of the table of layers was clicked.
    failed(object): a CompressionError met while saving.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QMenu,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from backend.errors import CompressionError
from gui.compare.columns import Compared, alike
from gui.compare.comparison import Comparison
from gui.compare.figures import figure_lines
from gui.compare.layers import LAYER_FIGURES, Kind, layer_differs, layer_lines
from gui.compare.recipes import recipe_pairs
from gui.compare.stages import stage_lines
from gui.document import Document
from gui.forms import Combo
from gui.icons import icon
from gui.item_models.runs import RunsModel
from gui.panels.answers_view import AnswersView
from gui.panels.compare_chips import CompareChips
from gui.panels.compare_tables import CompareTable
from gui.panels.recipe_pairs import RecipePairs
from gui.plots.saving import ask_data, write_csv
from gui.text import number, tr
from gui.widgets.buttons import button, tool_button
from gui.widgets.empty_state import EmptyState
from gui.widgets.labels import label
from gui.widgets.notice import Notice
from gui.widgets.segmented import Segmented


class ComparePanel(QWidget):
    """The columns of ``comparison``; ``runs`` are what can be added."""

    layer_chosen = Signal(str)
    failed = Signal(object)

    def __init__(
        self, comparison: Comparison, runs: RunsModel, document: Document, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._comparison, self._runs, self._document = comparison, runs, document
        self._made: list[Compared] = []
        self._told = False
        self._pages = QStackedLayout(self)
        self._first = button(tr("Add a run"), self._add_first, icon_name="plus", kind="primary")
        self._pages.addWidget(
            EmptyState(
                "git-diff",
                tr("Nothing to compare yet"),
                tr(
                    "Select runs below and press Compare. Their figures, stages, layers and recipes then stand side "
                    "by side here, with the images whose answer changed."
                ),
                self._first,
            )
        )
        self._pages.addWidget(self._content())
        comparison.changed.connect(self._show)
        document.catalogue_changed.connect(self._show)
        runs.modelReset.connect(comparison.drop_missing)
        self._show()

    def _content(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(6)
        self.chips = CompareChips(self._comparison, self._runs)
        column.addWidget(self.chips)
        column.addLayout(self._view_row())
        self.notice = Notice("warn")
        notice = QHBoxLayout()
        notice.setContentsMargins(16, 0, 16, 0)
        notice.addWidget(self.notice)
        column.addLayout(notice)
        column.addWidget(self._layer_row())
        body = QWidget()
        self._views = QStackedLayout(body)
        self.figures = CompareTable(tr("Figures"), tall=True)
        self.stages = CompareTable(tr("Stages"))
        self.layers = CompareTable(tr("Layers"), sortable=True)
        self.layers.line_chosen.connect(self.layer_chosen)
        self.answers = AnswersView(self._comparison)
        self.answers.failed.connect(self.failed)
        self.recipe = RecipePairs()
        for view in (self.figures, self.stages, self.layers, self.answers, self.recipe):
            self._views.addWidget(view)
        for table in (self.figures.view, self.stages.view, self.layers.view, self.recipe.view):
            table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            viewport = table.viewport()
            table.customContextMenuRequested.connect(
                lambda at, viewport=viewport: self.menu().popup(viewport.mapToGlobal(at))
            )
        column.addWidget(body, 1)
        return page

    def _view_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(16, 0, 12, 0)
        row.setSpacing(8)
        self.view = Segmented(
            [
                ("figures", tr("Figures")),
                ("stages", tr("Stages")),
                ("layers", tr("Layers")),
                ("answers", tr("Answers")),
                ("recipe", tr("Recipe")),
            ],
            self._comparison.view,
            tr("What is compared"),
        )
        self.view.changed.connect(lambda _: self._show_view())
        row.addWidget(self.view)
        row.addStretch(1)
        self.more = tool_button("dots-three", tr("Save what is shown"), self._show_menu)
        row.addWidget(self.more)
        return row

    def _layer_row(self) -> QWidget:
        """What belongs to some of the views alone."""
        self._options = QWidget()
        row = QHBoxLayout(self._options)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        self.figure = Combo()
        self.figure.setAccessibleName(tr("Figure of the layers"))
        for kind, text in zip(LAYER_FIGURES, _figure_names(), strict=True):
            self.figure.addItem(text, kind)
        self.figure.activated.connect(lambda _: self._show_view())
        self._beside = label(tr("compared with"), "caption", "sec")
        self.other = Combo()
        self.other.setAccessibleName(tr("The other recipe"))
        self.other.activated.connect(lambda _: self._show_view())
        self.only = QCheckBox(tr("Only differences"))
        self.only.toggled.connect(lambda _: self._show_view())
        row.addWidget(self.figure)
        row.addWidget(self._beside)
        row.addWidget(self.other)
        row.addWidget(self.only)
        row.addStretch(1)
        return self._options

    # What is compared

    def _add_first(self) -> None:
        self.chips.pop_up(self._first)

    def _show(self) -> None:
        columns = self._comparison.columns
        self._pages.setCurrentIndex(1 if columns else 0)
        self._made = [column for column in columns if not column.original]
        self.other.clear()
        for column in self._made[1:]:
            self.other.addItem(column.brief)
        self._told = False
        self.notice.show_text(*self._doubt())
        self._show_view()

    def _doubt(self) -> tuple[str, str]:
        """Why the columns do not compare, or only in part."""
        columns = self._comparison.columns
        if not alike(columns):
            return (
                tr("These runs work on different networks or data, so their figures are not set against each other."),
                tr("Only those of the network and data of the first one show a difference."),
            )
        counts = {count for c in columns if isinstance(count := c.moment.metrics.get("test_images"), int)}
        if len(counts) > 1:
            said = ", ".join(number(count) for count in sorted(counts))
            return tr("Accuracy was measured on different numbers of test images: {counts}.", counts=said), ""
        return "", ""

    # Views

    def show_view(self, name: str) -> None:
        self.view.set_value(name)
        self._show_view()

    def _show_view(self) -> None:
        columns, name = self._comparison.columns, self.view.value
        self._comparison.view = name
        if not columns:
            return
        self.figure.setVisible(name == "layers")
        self.only.setVisible(name in ("layers", "stages", "recipe"))
        self._beside.setVisible(name == "recipe" and len(self._made) > 2)
        self.other.setVisible(name == "recipe" and len(self._made) > 2)
        self._options.setVisible(name in ("layers", "stages", "recipe"))
        fill = {
            "figures": self._show_figures,
            "stages": self._show_stages,
            "layers": self._show_layers,
            "recipe": self._show_recipes,
        }.get(name)
        if fill is not None:
            fill()
        views = {"figures": self.figures, "stages": self.stages, "layers": self.layers, "answers": self.answers}
        self._views.setCurrentWidget(views.get(name, self.recipe))

    @staticmethod
    def _telling(columns: Sequence[Compared]) -> int:
        """The first figure of the layers that differs."""
        differing = (any(line.differs for line in layer_lines(columns, kind)) for kind in LAYER_FIGURES)
        return next((at for at, differs in enumerate(differing) if differs), 0)

    def _headers(self, first: str, columns: Sequence[Compared]) -> tuple[list[str], list[str]]:
        return [first, *(c.brief for c in columns)], [first, *(c.title for c in columns)]

    def _show_figures(self) -> None:
        headers, tips = self._headers(tr("Figure"), self._comparison.columns)
        self.figures.show_lines(headers, figure_lines(self._comparison.columns), tips)

    def _show_stages(self) -> None:
        headers, tips = self._headers(tr("Stage"), self._made)
        catalogue = self._document.catalogue
        lines = stage_lines(self._made, catalogue) if catalogue is not None else []
        if self.only.isChecked():
            lines = [line for line in lines if line.section or line.differs]
        self.stages.show_lines(headers, lines, tips)

    def _show_layers(self) -> None:
        columns = self._comparison.columns
        headers, tips = self._headers(tr("Layer"), columns)
        if not self._told:
            self.figure.setCurrentIndex(self._telling(columns))
            self._told = True
        kind: Kind = self.figure.currentData()
        lines = layer_lines(columns, kind)
        if self.only.isChecked():
            lines = [line for line in lines if layer_differs(columns, line.key)]
        self.layers.delegate.chips = kind == "precision"
        self.layers.show_lines(headers, lines, tips)

    def _show_recipes(self) -> None:
        """The first recipe beside the one that is chosen; alone where there is no other."""
        left = self._made[0] if self._made else None
        right = self._made[1 + max(0, self.other.currentIndex())] if len(self._made) > 1 else left
        pairs = recipe_pairs(left, right) if left is not None and right is not None else []
        if self.only.isChecked():
            pairs = [pair for pair in pairs if pair.differs]
        heads = (left.brief if left is not None else "", right.brief if right is not None else "")
        self.recipe.show_pairs(heads, pairs, alone=left is right)

    # Saving

    def _show_menu(self) -> None:
        self.menu().popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def menu(self) -> QMenu:
        """Save what is shown; deleted when closed."""
        if self.view.value == "answers":
            return self.answers.menu()
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        stem = tr("Comparison")
        menu.addAction(icon("download-simple"), tr("Save data…"), lambda: ask_data(self, stem, self.save_data))
        return menu

    def save_data(self, path: Path) -> None:
        """The table in view as CSV; of layers every figure."""
        try:
            write_csv(path, *self._table())
        except CompressionError as error:
            self.failed.emit(error)

    def _table(self) -> tuple[list[str], list[list[str | float | None]]]:
        match self.view.value:
            case "recipe":
                return self.recipe.model.table()
            case "stages":
                return self.stages.model.table()
            case "layers":
                return self._every_layer()
        return self.figures.model.table()

    def _every_layer(self) -> tuple[list[str], list[list[str | float | None]]]:
        columns = self._comparison.columns
        tables = [layer_lines(columns, kind) for kind in LAYER_FIGURES]
        header = [tr("Layer"), *(f"{c.title}: {name}" for name in _figure_names() for c in columns)]
        rows: list[list[str | float | None]] = [
            [lines[0].name, *(c.text if c.figure is None else c.figure for line in lines for c in line.cells)]
            for lines in zip(*tables, strict=True)
        ]
        return header, rows


def _figure_names() -> tuple[str, ...]:
    """In the order of :data:`LAYER_FIGURES`."""
    return tr("Parameters"), tr("Channels"), tr("Sparsity"), tr("Precision"), tr("SQNR, dB")

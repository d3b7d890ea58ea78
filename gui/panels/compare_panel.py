"""Networks of any runs side by side: figures, stages, layers, answers, and their recipes line by line.

Signals:
    layer_chosen(str): a line of the table of layers was clicked.
    failed(object): a CompressionError met while saving.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QMenu,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from backend.errors import CompressionError
from gui.compare.columns import alike
from gui.compare.comparison import Comparison
from gui.compare.figures import figure_lines
from gui.compare.layers import LAYER_FIGURES, Kind, layer_differs, layer_lines
from gui.compare.recipes import recipe_pairs
from gui.compare.stages import stage_lines
from gui.document import Document
from gui.forms import Combo
from gui.icons import icon
from gui.item_models.runs import RunsModel
from gui.moments import moments_in, moments_of
from gui.panels.answers_view import AnswersView
from gui.panels.compare_tables import CompareTable
from gui.panels.recipe_pairs import RecipePairs
from gui.plots.saving import ask_data, write_csv
from gui.text import number, tr
from gui.widgets.buttons import button, tool_button
from gui.widgets.empty_state import EmptyState
from gui.widgets.labels import label
from gui.widgets.notice import Notice
from gui.widgets.reason_menu import ReasonMenu
from gui.widgets.removable_chip import RemovableChip
from gui.widgets.segmented import Segmented

OFFERED = 25
"""As many runs, the newest, are offered in the menu."""


class ComparePanel(QWidget):
    """The columns of ``comparison``; ``runs`` are what can be added."""

    layer_chosen = Signal(str)
    failed = Signal(object)

    def __init__(
        self, comparison: Comparison, runs: RunsModel, document: Document, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._comparison, self._runs, self._document = comparison, runs, document
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
        runs.modelReset.connect(self._follow_runs)
        self._show()

    def _content(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._chip_row())
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

    def _chip_row(self) -> QWidget:
        """The networks that are compared, the first one first."""
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setFixedHeight(32)
        box = QWidget()
        self._chips = QHBoxLayout(box)
        self._chips.setContentsMargins(16, 0, 16, 0)
        self._chips.setSpacing(6)
        area.setWidget(box)
        return area

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
            "figures",
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

    def _show(self) -> None:
        columns = self._comparison.columns
        self._first.setEnabled(bool(self._menu_entries()))
        self._pages.setCurrentIndex(1 if columns else 0)
        self._show_chips()
        self.other.clear()
        for column in columns[1:]:
            self.other.addItem(column.brief)
        self.notice.show_text(*self._doubt())
        self._show_view()

    def _show_chips(self) -> None:
        while (item := self._chips.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for place, column in enumerate(self._comparison.columns):
            tip = tr("The others are compared with it") if place == 0 else tr("Compare the others with it")
            removal = tr("Take {name} out of the comparison", name=column.title)
            chip = RemovableChip("target" if place == 0 else "", column.brief, f"{column.title}\n{tip}", removal)
            chip.chosen.connect(partial(self._comparison.lead, column))
            chip.removed.connect(partial(self._comparison.remove, column))
            self._chips.addWidget(chip)
        self.add_button = button(tr("Add"), self._add, icon_name="plus", kind="ghost", compact=True)
        self._chips.addWidget(self.add_button)
        self._chips.addStretch(1)

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

    def _follow_runs(self) -> None:
        """A run that was moved to the bin leaves the comparison."""
        for column in self._comparison.columns:
            if not column.moment.run.is_dir():
                self._comparison.remove(column)
                return  # tells, and comes back here no more: the columns are others now

    # Views

    def show_view(self, name: str) -> None:
        self.view.set_value(name)
        self._show_view()

    def _show_view(self) -> None:
        columns, name = self._comparison.columns, self.view.value
        if not columns:
            return
        self.figure.setVisible(name == "layers")
        self.only.setVisible(name in ("layers", "stages", "recipe"))
        self._beside.setVisible(name == "recipe" and len(columns) > 2)
        self.other.setVisible(name == "recipe" and len(columns) > 2)
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

    def _headers(self, first: str) -> tuple[list[str], list[str]]:
        columns = self._comparison.columns
        return [first, *(c.brief for c in columns)], [first, *(c.title for c in columns)]

    def _show_figures(self) -> None:
        headers, tips = self._headers(tr("Figure"))
        self.figures.show_lines(headers, figure_lines(self._comparison.columns), tips)

    def _show_stages(self) -> None:
        headers, tips = self._headers(tr("Stage"))
        catalogue = self._document.catalogue
        lines = stage_lines(self._comparison.columns, catalogue) if catalogue is not None else []
        if self.only.isChecked():
            lines = [line for line in lines if line.section or line.differs]
        self.stages.show_lines(headers, lines, tips)

    def _show_layers(self) -> None:
        headers, tips = self._headers(tr("Layer"))
        columns = self._comparison.columns
        kind: Kind = self.figure.currentData()
        lines = layer_lines(columns, kind)
        if self.only.isChecked():
            lines = [line for line in lines if layer_differs(columns, line.key)]
        self.layers.delegate.chips = kind == "precision"
        self.layers.show_lines(headers, lines, tips)

    def _show_recipes(self) -> None:
        columns = self._comparison.columns
        right = columns[max(1, self.other.currentIndex() + 1)] if len(columns) > 1 else columns[0]
        pairs = recipe_pairs(columns[0], right)
        if self.only.isChecked():
            pairs = [pair for pair in pairs if pair.differs]
        self.recipe.model.show_pairs((columns[0].brief, right.brief), pairs)

    # Adding

    def _add(self) -> None:
        self.add_menu().popup(self.add_button.mapToGlobal(QPoint(0, self.add_button.height())))

    def _add_first(self) -> None:
        self.add_menu().popup(self._first.mapToGlobal(QPoint(0, self._first.height())))

    def add_menu(self) -> QMenu:
        """The original and the runs that do not stand there yet; deleted when closed."""
        menu = ReasonMenu(parent=self)
        menu.aboutToHide.connect(menu.deleteLater)
        for text, icon_name, call in self._menu_entries():
            menu.offer(text, call, icon_name)
        if menu.isEmpty():
            menu.refuse(tr("Add a run"), tr("Needs another finished run"))
        return menu

    def _menu_entries(self) -> list[tuple[str, str, Callable[[], object]]]:
        columns = self._comparison.columns
        entries: list[tuple[str, str, Callable[[], object]]] = []
        if columns and not any(column.original for column in columns):
            entries.append((tr("Original"), "diamond", self._add_original))
        shown = {column.moment.run for column in columns if column.moment.kind == "final"}
        done = [row for row in self._runs.rows if row.status == "done" and row.folder not in shown]
        entries += [
            (row.title, "flask", partial(self._comparison.add, moments[-1]))
            for row in done[:OFFERED]
            if (moments := moments_of(row))
        ]
        return entries

    def _add_original(self) -> None:
        moments = moments_in(self._comparison.columns[0].moment.run)
        if moments:
            self._comparison.add(moments[0])

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

"""The weights of one layer as a histogram, or what comes into it, and the grid of its quantization.

The network is the document's with the grid that the recipe plans, or that of the finished run in view with the
grid it really has.

Signals:
    failed(object): a CompressionError met while saving.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedLayout, QVBoxLayout, QWidget

from backend.answers import Histogram
from backend.engine.protocol import LayerHistogram
from backend.errors import CompressionError
from backend.events import Failed, Finished
from gui import histogram_text as words
from gui.consent import allowed
from gui.document import Document
from gui.engine_thread import EngineThread
from gui.icons import icon
from gui.item_models.layer_plans import quantization_of
from gui.plots.histogram_plot import HistogramPlot
from gui.plots.legend import LegendEntry
from gui.plots.saving import ask_data, ask_picture, save_picture, write_csv
from gui.run_state import RunState
from gui.text import message, tr
from gui.theme import tokens
from gui.widgets.buttons import tool_button
from gui.widgets.empty_state import EmptyState
from gui.widgets.labels import ElidedLabel, label
from gui.widgets.segmented import Segmented

DELAY = 150
"""Milliseconds after an edit of the recipe before the grid is asked for again."""


class WeightsPanel(QWidget):
    """Shows what :meth:`show_layer` asks for; empty until then."""

    failed = Signal(object)

    def __init__(
        self, document: Document, engine: EngineThread, state: RunState, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._engine, self._state = document, engine, state
        self._job = ""
        self._asked: LayerHistogram | None = None
        self._found: Histogram | None = None
        self.layer = ""
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self._ask)
        self._pages = QStackedLayout(self)
        self._empty = EmptyState(
            "chart-bar",
            tr("No layer chosen yet"),
            tr("Select a layer and press W, or choose Show weights in its menu, to see its weights and activations."),
        )
        self._pages.addWidget(self._empty)
        self._page = self._content()
        self._pages.addWidget(self._page)
        document.opened.connect(self.clear)
        document.recipe_changed.connect(self._follow)
        state.changed.connect(self._run_changed)
        self.clear()

    def _content(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 8, 16, 10)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(8)
        self._title = label("", "section")
        self._detail = ElidedLabel("", "caption", "sec")
        head.addWidget(self._title)
        head.addWidget(self._detail, 1)
        self._more = tool_button("dots-three", tr("Picture, data"), self._show_menu)
        head.addWidget(self._more)
        column.addLayout(head)
        column.addLayout(self._choices())
        column.addLayout(self._key())
        self._hint = label("", "caption", "sec", wrap=True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setMargin(32)
        column.addWidget(self._hint, 1)
        self._figure = QWidget()
        figure = QVBoxLayout(self._figure)
        figure.setContentsMargins(0, 0, 0, 0)
        figure.setSpacing(6)
        self.plot = HistogramPlot()
        self.plot.menu_requested.connect(lambda at: self.menu().popup(at))
        figure.addWidget(self.plot, 1)
        self._facts = label("", "caption", "sec", wrap=True)
        self._grid = label("", "caption", "sec", wrap=True)
        figure.addWidget(self._facts)
        figure.addWidget(self._grid)
        column.addWidget(self._figure, 1)
        return page

    def _choices(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.values = Segmented(
            [("weights", tr("Weights")), ("activations", tr("Activations"))], "weights", tr("Values that are counted")
        )
        self.network = Segmented([("plan", tr("Original")), ("run", tr("After the run"))], "plan", tr("Network"))
        for choice in (self.values, self.network):
            choice.changed.connect(lambda _: self._ask())
            row.addWidget(choice)
        row.addStretch(1)
        return row

    def _key(self) -> QHBoxLayout:
        """What the lines of the grid are; a row of its own, for it is too long beside both choices."""
        row = QHBoxLayout()
        row.setSpacing(8)
        self._legend = LegendEntry("", tokens().s2)
        self._tag = label("", "tag")
        row.addStretch(1)
        row.addWidget(self._legend)
        row.addWidget(self._tag)
        return row

    # What is shown

    def clear(self) -> None:
        self._engine.forget(self._job)
        self._job = self.layer = ""
        self._asked = self._found = None
        self._pages.setCurrentWidget(self._empty)

    def set_state(self, state: RunState) -> None:
        """Another run is in view."""
        self._state.changed.disconnect(self._run_changed)
        self._state = state
        state.changed.connect(self._run_changed)
        self._follow()

    def show_layer(self, name: str) -> None:
        """Ask the engine for the values of ``name`` and draw them."""
        if self._document.recipe is None:
            return
        self.layer = name
        self._pages.setCurrentWidget(self._page)
        self._ask()

    @property
    def run_folder(self) -> Path | None:
        """The folder of the run in view, where it is finished and has the layer."""
        state = self._state
        if isinstance(state.ending, Finished) and state.folder and self.layer in state.layers:
            return Path(state.folder)
        return None

    def _run_changed(self, kinds: set[str]) -> None:
        if kinds & {"ending", "started"}:
            self._follow()

    def _follow(self) -> None:
        """Ask again where the answer would be another one."""
        self._offer_run()
        if self.layer and self._document.recipe is not None and self._request() != self._asked:
            self._later.start(DELAY)

    def _settings(self) -> tuple[Mapping[str, Any] | None, bool]:
        """Those of the quantize stage that treats the layer, and whether a target chooses its bits."""
        found = self._document.inspection
        layer = next((one for one in found.layers if one.name == self.layer), None) if found is not None else None
        return quantization_of(self._document, layer) if layer is not None else (None, False)

    def _request(self) -> LayerHistogram | None:
        recipe = self._document.recipe
        if recipe is None:
            return None
        run = self.run_folder if self.network.value == "run" else None
        settings, later = self._settings()
        known = settings is not None and run is None and not later
        model = {"source": "pare", "weights": str(run)} if run is not None else recipe.model.to_data()
        data = recipe.data.to_data() if self.values.value == "activations" else None
        given = dict(settings) if settings is not None and known else None
        folder = str(self._document.folder)
        return LayerHistogram(model, self.layer, 64, data, given, recipe.seed, folder, allowed())

    def _offer_run(self) -> None:
        """The network of a run can be chosen where a finished one is in view."""
        self.network.setVisible(self.run_folder is not None)
        if self.run_folder is None:
            self.network.set_value("plan")

    def _ask(self) -> None:
        if not self.layer:
            return
        self._engine.forget(self._job)
        self._offer_run()
        self._asked = self._request()
        if self._asked is None:
            return
        if self._found is None or self._found.layer != self.layer:
            self._say(tr("Reading {layer}…", layer=self.layer))
        self._job = self._engine.ask(self._asked, self._draw, self._failed)

    def _say(self, text: str) -> None:
        self._title.setText(words.title(self.layer, activations=self.values.value == "activations"))
        self._hint.setText(text)
        self._hint.setVisible(bool(text))
        self._figure.setVisible(not text)
        self._more.setEnabled(not text)
        if text:
            self._found = None
            self._detail.setText("")
            self._legend.hide()
            self._tag.hide()

    def _failed(self, event: Failed) -> None:
        self._say(f"{message(event.message)} {message(event.hint)}".strip())

    def _draw(self, value: Any) -> None:
        found = self._found = Histogram.from_data(value)
        self._say("")
        self.plot.show_histogram(found)
        after = self.network.value == "run"
        precision = str(self._state.layers.get(self.layer, {}).get("precision") or "fp32") if after else ""
        settings = self._asked.settings if self._asked is not None else None
        self._detail.setText(words.detail(found, precision))
        self._facts.setText(words.facts(found))
        told = words.formula(found.grid) if found.grid is not None else self._why_no_grid()
        self._grid.setText(told)
        self._show_legend(found, settings)
        self.plot.setAccessibleName(tr("Histogram of {layer}", layer=found.layer))
        self.plot.setAccessibleDescription(f"{self._facts.text()}\n{told}")

    def _why_no_grid(self) -> str:
        settings, later = self._settings()
        after, activations = self.network.value == "run", self.values.value == "activations"
        if later and not after and not activations:
            return tr("The target of the quantize stage chooses the bits of this layer in the run.")
        method = self._document.method_of("quantization", str(settings["method"])) if settings is not None else None
        return words.why_no_grid(method, activations=activations, after=after)

    def _show_legend(self, found: Histogram, settings: Mapping[str, Any] | None) -> None:
        grid = found.grid
        self._legend.setVisible(grid is not None)
        self._tag.setVisible(grid is not None)
        if grid is None:
            return
        self._legend.set_text(words.legend(grid, self.plot.every(), settings))
        estimated = settings is not None
        self._tag.setText(tr("estimated") if estimated else tr("of the run"))
        self._tag.setStyleSheet(f"color: {tokens().warn if estimated else tokens().ok};")
        self._tag.setToolTip(
            tr("Worked out from the recipe; what is joined with the layer is not looked at.")
            if estimated
            else tr("The grid that the network of the run has.")
        )

    # Saving

    def _show_menu(self) -> None:
        self.menu().popup(self._more.mapToGlobal(QPoint(0, self._more.height())))

    def menu(self) -> QMenu:
        """Save as picture or data; deleted when closed."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        stem = self._title.text()
        menu.addAction(icon("image"), tr("Save picture…"), lambda: ask_picture(self, stem, self.save_picture))
        menu.addAction(icon("download-simple"), tr("Save data…"), lambda: ask_data(self, stem, self.save_data))
        return menu

    def save_picture(self, path: Path) -> None:
        try:
            save_picture(self._figure, self._title.text(), path)
        except CompressionError as error:
            self.failed.emit(error)

    def save_data(self, path: Path) -> None:
        """Every bar, and below them every level of the grid, as CSV."""
        found = self._found
        if found is None:
            return
        rows: list[tuple[str | float | None, ...]] = [
            (found.edges[i], found.edges[i + 1], count) for i, count in enumerate(found.counts)
        ]
        rows += [(level, None, None) for level in (found.grid.levels if found.grid is not None else ())]
        try:
            write_csv(path, ("from", "to", "count"), rows)
        except CompressionError as error:
            self.failed.emit(error)

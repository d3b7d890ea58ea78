"""The distribution of a layer's weights, or of what comes into it, with the grid of its quantization."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from PySide6.QtWidgets import QWidget

from backend.answers import Histogram
from backend.engine.protocol import LayerHistogram
from gui import histogram_text as words
from gui.dialogs.array_table_dialog import ArrayTableDialog, Column
from gui.panels.weights_view import Cell, Subject, WeightsView
from gui.plots.histogram_plot import HistogramPlot
from gui.plots.legend import LegendEntry
from gui.text import number, significant, tr
from gui.theme import tokens
from gui.widgets.labels import label
from gui.widgets.segmented import Segmented

BINS = 64


class HistogramView(WeightsView):
    """The original's counts stand as an outline over those of a run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: Histogram | None = None
        self.values = Segmented(
            [("weights", tr("Weights")), ("activations", tr("Activations"))], "weights", tr("Values that are counted")
        )
        self.values.changed.connect(lambda _: self.changed.emit())
        self.controls.addWidget(self.values)
        self.controls.addStretch(1)
        self._add_legend()
        self.plot = HistogramPlot()
        self.plot.menu_requested.connect(lambda at: self.menu().popup(at))
        self.inside.addWidget(self.plot, 1)
        self.facts = label("", "caption", "sec", wrap=True)
        self.grid = label("", "caption", "sec", wrap=True)
        self.inside.addWidget(self.facts)
        self.inside.addWidget(self.grid)

    def _add_legend(self) -> None:
        t = tokens()
        self._before = LegendEntry(tr("Original"), t.text)
        self._after = LegendEntry(tr("After the run"), t.s1)
        self._levels = LegendEntry("", t.s2)
        self.tag = label("", "tag")
        self.legend.addStretch(1)
        self._keys: tuple[QWidget, ...] = (self._before, self._after, self._levels, self.tag)
        for key in self._keys:
            key.hide()
            self.legend.addWidget(key)

    @property
    def _activations(self) -> bool:
        return bool(self.values.value == "activations")

    def question(self, subject: Subject) -> LayerHistogram:
        self.title = words.title(subject.layer, activations=self._activations)
        return LayerHistogram(
            subject.model, subject.layer, BINS, subject.data if self._activations else None, subject.known,
            subject.seed, subject.folder, subject.allowed, subject.original,
        )  # fmt: skip

    def say(self, text: str) -> None:
        super().say(text)
        if text:
            self._found = None
            for key in self._keys:
                key.hide()

    def draw(self, value: Any, subject: Subject) -> str:
        found = self._found = Histogram.from_data(value)
        self.plot.show_histogram(found)
        self.facts.setText(words.facts(found))
        self.grid.setText(words.formula(found.grid) if found.grid is not None else self._why_no_grid(subject))
        self._show_legend(found, subject)
        self.plot.setAccessibleName(tr("Histogram of {layer}", layer=found.layer))
        self.plot.setAccessibleDescription(f"{self.facts.text()}\n{self.grid.text()}")
        return words.detail(found, subject.precision)

    def _why_no_grid(self, subject: Subject) -> str:
        after = subject.original is not None
        if subject.later and not after and not self._activations:
            return tr("The target of the quantize stage chooses the bits of this layer in the run.")
        return words.why_no_grid(subject.method, activations=self._activations, after=after)

    def _show_legend(self, found: Histogram, subject: Subject) -> None:
        grid = found.grid
        for i, key in enumerate(self._keys):
            key.setVisible(grid is not None if i > 1 else found.before is not None)
        if grid is None:
            return
        settings = subject.known
        self._levels.set_text(words.legend(grid, self.plot.every(), settings))
        estimated = settings is not None
        self.tag.setText(tr("estimated") if estimated else tr("of the run"))
        self.tag.setStyleSheet(f"color: {tokens().warn if estimated else tokens().ok};")
        self.tag.setToolTip(
            tr("Worked out from the recipe; what is joined with the layer is not looked at.")
            if estimated
            else tr("The grid that the network of the run has.")
        )

    def rows(self) -> tuple[Sequence[str], Iterable[Sequence[Cell]]]:
        """Every bar, and below them every level of the grid."""
        found = self._found
        if found is None:
            return (), ()
        before: Sequence[Cell] = found.before.counts if found.before is not None else [None] * len(found.counts)
        rows: list[Sequence[Cell]] = [
            (found.edges[i], found.edges[i + 1], count, before[i]) for i, count in enumerate(found.counts)
        ]
        rows += [(level, None, None, None) for level in (found.grid.levels if found.grid is not None else ())]
        return ("from", "to", "count", "count_before"), rows

    def show_table(self) -> None:
        found = self._found
        if found is None:
            return
        columns = [Column(tr("From"), significant), Column(tr("To"), significant), Column(tr("Count"), number)]
        parts = [found.edges[:-1], found.edges[1:], found.counts]
        if found.before is not None:
            columns.append(Column(tr("Original"), number))
            parts.append(found.before.counts)
        ArrayTableDialog(self.title, self.facts.text(), columns, np.array(parts, dtype=float).T, self).open()

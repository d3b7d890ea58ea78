"""The weights of one layer as a histogram."""

from __future__ import annotations

import itertools
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from backend.engine.protocol import LayerHistogram
from backend.events import Failed
from gui.consent import allowed
from gui.document import Document
from gui.engine_thread import EngineThread
from gui.text import message, number, percent, significant, tr
from gui.theme import color, font, tokens
from gui.widgets.labels import ElidedLabel, label


class WeightsPanel(QWidget):
    """Shows what :meth:`show_layer` asks for; empty until then."""

    def __init__(self, document: Document, engine: EngineThread, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._engine = engine
        self._job = ""
        self.layer = ""
        self._plot: Any = None
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._pages = QStackedLayout(self)
        self._hint = label("", "caption", "ter", wrap=True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setMargin(32)
        self._pages.addWidget(self._hint)
        self._page = QWidget()
        self._column = QVBoxLayout(self._page)
        self._column.setContentsMargins(16, 12, 16, 12)
        self._column.setSpacing(8)
        head = QHBoxLayout()
        self._title = label("", "section")
        self._detail = ElidedLabel("", "caption", "sec")
        head.addWidget(self._title)
        head.addWidget(self._detail, 1)
        self._column.addLayout(head)
        self._facts = label("", "caption", "sec", wrap=True)
        self._column.addWidget(self._facts)
        self._pages.addWidget(self._page)
        document.opened.connect(self.clear)
        self.clear()

    def clear(self) -> None:
        self._engine.forget(self._job)
        self._job = self.layer = ""
        self._say(tr("Select a layer and press W, or choose Show weights in its menu, to see its weights here."))

    def show_layer(self, name: str) -> None:
        """Ask the engine for the weights of ``name`` and draw them."""
        recipe = self._document.recipe
        if recipe is None:
            return
        self._engine.forget(self._job)
        self.layer = name
        self._say(tr("Reading the weights of {layer}…", layer=name))
        folder = str(self._document.folder)
        request = LayerHistogram(recipe.model.to_data(), name, folder=folder, allowed=allowed())
        self._job = self._engine.ask(request, self._draw, self._failed)

    def _say(self, text: str) -> None:
        self._hint.setText(text)
        self._pages.setCurrentWidget(self._hint)

    def _failed(self, event: Failed) -> None:
        self._say(f"{message(event.message)} {message(event.hint)}".strip())

    def _draw(self, found: Any) -> None:
        if self._plot is None:
            self._plot = _plot()
            self._column.insertWidget(1, self._plot, 1)
        edges, counts = found["edges"], found["counts"]
        widths = [right - left for left, right in itertools.pairwise(edges)]
        self._bars(edges[:-1], widths, counts)
        total = max(1, sum(counts))
        shape = " × ".join(str(n) for n in found["shape"])
        self._title.setText(tr("Weights of {layer}", layer=found["layer"]))
        self._detail.setText(
            tr("{count} weights, {shape}, as the network was opened", count=number(total), shape=shape)
        )
        facts = tr(
            "From {low} to {high} · mean {mean} · standard deviation {std} · {zeros} are zero",
            low=significant(found["minimum"]),
            high=significant(found["maximum"]),
            mean=significant(found["mean"]),
            std=significant(found["std"]),
            zeros=percent(found["zeros"] / total, 1),
        )
        self._facts.setText(facts)
        self._plot.setAccessibleName(tr("Histogram of the weights of {layer}", layer=found["layer"]))
        self._plot.setAccessibleDescription(facts)
        self._pages.setCurrentWidget(self._page)

    def _bars(self, lefts: list[float], widths: list[float], counts: list[int]) -> None:
        from pyqtgraph import BarGraphItem

        t = tokens()
        self._plot.clear()
        self._plot.addItem(BarGraphItem(x0=lefts, width=widths, height=counts, pen=color(t.panel), brush=color(t.s1)))
        self._plot.autoRange()


def _plot() -> Any:
    from pyqtgraph import PlotWidget, mkPen

    t = tokens()
    plot = PlotWidget(background=color(t.panel))
    plot.setMenuEnabled(False)
    plot.hideButtons()
    plot.showGrid(y=True, alpha=t.grid_alpha / 255)
    plot.setLabel("bottom", tr("Weight"), color=t.sec)
    plot.setLabel("left", tr("Count"), color=t.sec)
    for side in ("left", "bottom"):
        axis = plot.getAxis(side)
        axis.setPen(mkPen(t.line2))
        axis.setTextPen(mkPen(t.sec))
        axis.setStyle(tickFont=font(11), tickLength=0)
        axis.enableAutoSIPrefix(False)
    return plot

"""Every output channel of a layer: its range, its norms, its sparsity and the scale of its quantization."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from backend.answers import CHANNEL_FIGURES, ChannelTable
from backend.engine.protocol import LayerChannels
from gui.dialogs.array_table_dialog import ArrayTableDialog, Column
from gui.forms import Combo
from gui.panels.weights_view import Cell, Subject, WeightsView, sizes
from gui.plots.channel_plot import RANGE, ChannelPlot, Channels
from gui.plots.legend import LegendEntry
from gui.text import number, percent, plural, significant, tr
from gui.theme import tokens
from gui.widgets.labels import label
from gui.widgets.segmented import Segmented

Take = Callable[[str], NDArray[np.float32]]


class ChannelsView(WeightsView):
    """``take`` reads the file of an answer."""

    def __init__(self, take: Take, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._take = take
        self._table: ChannelTable | None = None
        self._channels: Channels | None = None
        self._estimated = False
        self.figure_choice = Combo()
        self.figure_choice.setAccessibleName(tr("Figure of each channel"))
        for id, text in (
            (RANGE, tr("Range")), ("l1", tr("L1 norm")), ("l2", tr("L2 norm")), ("zeros", tr("Share of zeros")),
            ("scale", tr("Scale S")),
        ):  # fmt: skip
            self.figure_choice.addItem(text, id)
        self.sorting = Segmented(
            [("number", tr("By number")), ("figure", tr("By size"))], "number", tr("Order of the channels")
        )
        self.figure_choice.currentIndexChanged.connect(lambda _: self._show())
        self.sorting.changed.connect(lambda _: self._show())
        for part in (self.figure_choice, self.sorting):
            self.controls.addWidget(part)
        self.controls.addStretch(1)
        self._add_legend()
        self.plot = ChannelPlot()
        self.plot.menu_requested.connect(lambda at: self.menu().popup(at))
        self.inside.addWidget(self.plot, 1)
        self.facts = label("", "caption", "sec", wrap=True)
        self.inside.addWidget(self.facts)

    def _add_legend(self) -> None:
        t = tokens()
        self._spread = LegendEntry(tr("Mean ± standard deviation"), t.s1)
        self._ends = LegendEntry(tr("Smallest to largest"), t.s5)
        self._gone = label("", "caption", "sec")
        self.legend.addStretch(1)
        for part in (self._spread, self._ends, self._gone):
            part.hide()
            self.legend.addWidget(part)

    @property
    def shown(self) -> str:
        return str(self.figure_choice.currentData())

    def question(self, subject: Subject) -> LayerChannels:
        self.title = tr("Channels of {layer}", layer=subject.layer)
        return LayerChannels(subject.model, subject.layer, "", subject.known, subject.folder, subject.allowed)

    def say(self, text: str) -> None:
        super().say(text)
        if text:
            self._table = self._channels = None
            for part in (self._spread, self._ends, self._gone):
                part.hide()

    def draw(self, value: Any, subject: Subject) -> str:
        table = self._table = ChannelTable.from_data(value)
        self._channels = Channels(self._take(table.file))
        self._estimated = subject.known is not None
        self._show()
        return sizes(table.shape, table.before)

    def _show(self) -> None:
        table, channels = self._table, self._channels
        if table is None or channels is None:
            return
        scale = self.figure_choice.findData("scale")
        self.figure_choice.model().item(scale).setEnabled(table.scales is not None)  # type: ignore[attr-defined]
        if table.scales is None and self.shown == "scale":
            self.figure_choice.setCurrentIndex(0)
            return
        shown = self.shown
        by = "number" if self.sorting.value == "number" else "l2" if shown == RANGE else shown
        self.plot.show_channels(channels, shown, by, table.before[0])
        self._spread.setVisible(shown == RANGE)
        self._ends.setVisible(shown == RANGE)
        pruned = int(channels.pruned.sum())
        self._gone.setVisible(bool(pruned))
        self._gone.setText(plural(pruned, "× {count} pruned", "× {count} pruned"))
        self.facts.setText(" · ".join(self._said(table, channels)))
        self.plot.setAccessibleName(self.title)
        self.plot.setAccessibleDescription(self.facts.text())

    def _said(self, table: ChannelTable, channels: Channels) -> list[str]:
        norms = channels.column("l2")
        words = [
            plural(table.shape[0], "{count} output channel", "{count} output channels"),
            tr(
                "L2 norms from {low} to {high}",
                low=significant(float(norms.min())),
                high=significant(float(norms.max())),
            ),
        ]
        removed = table.before[0] - table.shape[0]
        if removed:
            words.append(plural(removed, "{count} removed channel leaves a gap", "{count} removed channels leave gaps"))
        match table.scales:
            case "layer":
                words.append(tr("one scale for the whole layer"))
            case "group":
                words.append(tr("scale: the mean of the channel's groups of weights"))
            case None:
                words.append(tr("no scale is known"))
        if table.scales is not None and self._estimated:
            words.append(tr("scales estimated from the recipe"))
        if self.sorting.value == "figure" and self.shown == RANGE:
            words.append(tr("ordered by L2 norm"))
        if table.others:
            words.append(
                plural(table.others, "{count} more matrix is not shown", "{count} more matrices are not shown")
            )
        return words

    def rows(self) -> tuple[Sequence[str], Iterable[Sequence[Cell]]]:
        """Every figure of every channel."""
        rows = self._channels.figures.tolist() if self._channels is not None else []
        return CHANNEL_FIGURES, [[None if cell != cell else cell for cell in row] for row in rows]

    def show_table(self) -> None:
        if self._channels is None:
            return
        texts: dict[str, tuple[str, Callable[[float], str]]] = {
            "number": (tr("Channel"), number),
            "minimum": (tr("Smallest"), significant),
            "maximum": (tr("Largest"), significant),
            "mean": (tr("Mean"), significant),
            "std": (tr("Deviation"), significant),
            "l1": (tr("L1 norm"), significant),
            "l2": (tr("L2 norm"), significant),
            "zeros": (tr("Zeros"), percent),
            "pruned": (tr("Pruned"), percent),
            "scale": (tr("Scale S"), significant),
        }
        columns = [Column(*texts[name]) for name in CHANNEL_FIGURES]
        ArrayTableDialog(self.title, self.facts.text(), columns, self._channels.figures, self).open()

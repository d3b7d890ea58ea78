"""The error of each layer as a chart below the layer table, which has the same figures.

Signals:
    layer_chosen(str): a bar was clicked.
    failed(object): a CompressionError met while saving.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from backend.errors import CompressionError
from gui.icons import icon
from gui.plots.error_plot import Bar, ErrorPlot
from gui.plots.saving import ask_data, ask_picture, save_picture, write_csv
from gui.text import number, tr
from gui.widgets.buttons import tool_button
from gui.widgets.labels import ElidedLabel, label

HEIGHT = 196


class ErrorChart(QWidget):
    """Hidden where no layer has an error."""

    layer_chosen = Signal(str)
    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label(tr("Error per layer"), "section"))
        self._detail = ElidedLabel("", "caption", "sec")
        head.addWidget(self._detail, 1)
        self._more = tool_button("dots-three", tr("Picture, data"), self._show_menu)
        head.addWidget(self._more)
        column.addLayout(head)
        self.plot = ErrorPlot()
        self.plot.layer_chosen.connect(self.layer_chosen)
        self.plot.menu_requested.connect(lambda at: self.menu().popup(at))
        self._figure = QWidget()
        figure = QVBoxLayout(self._figure)
        figure.setContentsMargins(0, 0, 0, 0)
        figure.addWidget(self.plot)
        column.addWidget(self._figure, 1)
        self.hide()

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Draw ``bars``; nothing where there is none."""
        self.setVisible(bool(bars))
        worst = min(bars, key=lambda bar: bar.sqnr_db, default=None)
        if worst is None:
            return
        self.plot.show_bars(bars)
        text = tr(
            "signal to quantization noise of its output, in dB; lowest: {layer}, {sqnr}",
            layer=worst.layer,
            sqnr=number(worst.sqnr_db, 1),
        )
        self._detail.setText(text)
        self.plot.setAccessibleName(tr("Error per layer"))
        self.plot.setAccessibleDescription(text)

    def _show_menu(self) -> None:
        self.menu().popup(self._more.mapToGlobal(QPoint(0, self._more.height())))

    def menu(self) -> QMenu:
        """Save as picture or data; deleted when closed."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        stem = tr("Error per layer")
        menu.addAction(icon("image"), tr("Save picture…"), lambda: ask_picture(self, stem, self.save_picture))
        menu.addAction(icon("download-simple"), tr("Save data…"), lambda: ask_data(self, stem, self.save_data))
        return menu

    def save_picture(self, path: Path) -> None:
        try:
            save_picture(self._figure, tr("Error per layer"), path)
        except CompressionError as error:
            self.failed.emit(error)

    def save_data(self, path: Path) -> None:
        """A row a layer as CSV."""
        rows = [(bar.layer, bar.sqnr_db, bar.cosine) for bar in self.plot.bars]
        try:
            write_csv(path, ("layer", "sqnr_db", "cosine"), rows)
        except CompressionError as error:
            self.failed.emit(error)

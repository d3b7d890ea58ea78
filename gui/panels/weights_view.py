"""What the three views of a layer's weights share.

Signals:
    changed(): something else is to be asked for.
    failed(object): a CompressionError met while saving.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from backend.description import Description
from backend.engine.protocol import LayerChannels, LayerHistogram, LayerPicture
from backend.errors import CompressionError
from gui.icons import icon
from gui.plots.saving import ask_data, ask_picture, save_picture, write_csv
from gui.text import tr
from gui.widgets.labels import label

Question = LayerHistogram | LayerChannels | LayerPicture
Cell = str | float | None


@dataclass(frozen=True)
class Subject:
    """The layer that is looked at, and where it stands.

    Attributes:
        layer: its name.
        model: the network: that of the document, or of the run in view.
        original: the document's network where ``model`` is a run's.
        data: what the calibration images are cut from.
        seed: they are cut by.
        settings: of the quantize stage that treats the layer; None where none does, or a run has done it.
        later: a target chooses the bits in the run.
        method: the one of ``settings``.
        precision: of the layer after the run in view; empty in the document's network.
        folder, allowed: as requests have them.
    """

    layer: str
    model: Mapping[str, Any]
    original: Mapping[str, Any] | None
    data: Mapping[str, Any]
    seed: int
    settings: Mapping[str, Any] | None
    later: bool
    method: Description | None
    precision: str
    folder: str
    allowed: Mapping[str, str]

    @property
    def known(self) -> Mapping[str, Any] | None:
        """``settings`` where they say the grid before anything is run."""
        return None if self.later or self.original is not None else self.settings


class WeightsView(QWidget):
    """Controls above a figure and words below it; subclasses say what to ask and draw the answer."""

    changed = Signal()
    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = ""
        self.controls = QHBoxLayout()
        self.controls.setSpacing(8)
        self.legend = QHBoxLayout()
        self.legend.setSpacing(12)
        self.hint = label("", "caption", "sec", wrap=True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setMargin(32)
        self.figure = QWidget()
        self.inside = QVBoxLayout(self.figure)
        self.inside.setContentsMargins(0, 0, 0, 0)
        self.inside.setSpacing(6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self.controls)
        column.addLayout(self.legend)
        column.addWidget(self.hint, 1)
        column.addWidget(self.figure, 1)

    @abstractmethod
    def question(self, subject: Subject) -> Question:
        """What to ask the engine; a question with a ``file`` leaves its name to whoever sends it."""

    @abstractmethod
    def draw(self, value: Any, subject: Subject) -> str:
        """Show the answer.

        Returns:
            What it is of, in a few words.

        Raises:
            OSError, ValueError: its file can't be read.
        """

    @abstractmethod
    def rows(self) -> tuple[Sequence[str], Iterable[Sequence[Cell]]]:
        """Header and rows of what is shown, for a file."""

    def say(self, text: str) -> None:
        """Show ``text`` in place of the figure; the figure again where there is none."""
        self.hint.setText(text)
        self.hint.setVisible(bool(text))
        self.figure.setVisible(not text)

    def show_table(self) -> None:
        """What is shown as a table."""

    def menu(self) -> QMenu:
        """Save as picture or data, show as table; deleted when closed."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.addAction(icon("image"), tr("Save picture…"), lambda: ask_picture(self, self.title, self.save_picture))
        menu.addAction(icon("download-simple"), tr("Save data…"), lambda: ask_data(self, self.title, self.save_data))
        menu.addAction(icon("table"), tr("Show as table"), self.show_table)
        return menu

    def save_picture(self, path: Path) -> None:
        try:
            save_picture(self.figure, self.title, path)
        except CompressionError as error:
            self.failed.emit(error)

    def save_data(self, path: Path) -> None:
        """Every figure that is drawn, as CSV."""
        header, rows = self.rows()
        try:
            write_csv(path, header, rows)
        except CompressionError as error:
            self.failed.emit(error)


def sizes(shape: Sequence[int], before: Sequence[int]) -> str:
    """The shape of a weight, and what it was before channels were removed."""
    now, was = (" × ".join(str(n) for n in one) for one in (shape, before))
    return now if now == was else tr("{before} → {shape}", before=was, shape=now)

"""What two networks answer for the test images: a confusion matrix, and the images whose answer changed.

Signals:
    failed(object): a CompressionError met while saving.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QProgressBar, QSplitter, QVBoxLayout, QWidget

from backend.errors import CompressionError
from backend.events import Failed
from backend.predicted import Predicted, confusion
from gui.compare.comparison import Comparison, why_not_paired
from gui.forms import Combo
from gui.icons import icon
from gui.item_models.changed_images import change_word
from gui.item_models.confusion import ConfusionModel
from gui.panels.changed_gallery import ChangedGallery
from gui.panels.confusion_table import ConfusionTable
from gui.plots.saving import ask_data, ask_picture, save_picture, write_csv
from gui.text import message, tr
from gui.widgets.buttons import button
from gui.widgets.failure_notice import FailureNotice
from gui.widgets.labels import ElidedLabel, label
from gui.widgets.notice import Notice
from gui.widgets.segmented import Segmented

GAP = 12


class AnswersView(QWidget):
    """Shows the answers of two columns of ``comparison``; asks the engine for them where they are not known."""

    failed = Signal(object)

    def __init__(self, comparison: Comparison, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._comparison = comparison
        self._pair: tuple[Predicted, Predicted] | None = None
        self._entry: tuple[int, int] | None = None
        self.matrix = ConfusionModel(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 0, 16, 8)
        column.setSpacing(6)
        column.addLayout(self._choices())
        self._waiting = self._progress()
        column.addWidget(self._waiting)
        self.failure = FailureNotice()
        column.addWidget(self.failure)
        self.notice = Notice("warn")
        column.addWidget(self.notice)
        self._body = self._content()
        column.addWidget(self._body, 1)
        self._room = QWidget()
        column.addWidget(self._room, 1)
        comparison.changed.connect(self._offer)
        comparison.answered.connect(self._follow)
        self._offer()

    def _choices(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.before, self.after = Combo(), Combo()
        for words, combo, name in (
            (tr("From"), self.before, tr("Answers before")),
            (tr("to"), self.after, tr("Answers after")),
        ):
            row.addWidget(label(words, "caption", "sec"))
            combo.setAccessibleName(name)
            combo.setMinimumWidth(94)
            combo.activated.connect(lambda _: self._follow())
            row.addWidget(combo, 1)
        self.shown = Segmented(
            [("before", tr("Before")), ("after", tr("After")), ("difference", tr("Difference"))],
            "after",
            tr("Confusion matrix"),
        )
        self.shown.changed.connect(lambda _: self._show_matrix())
        row.addWidget(self.shown)
        return row

    def _progress(self) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._doing = ElidedLabel("", "caption", "sec")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setProperty("cell", True)
        self._bar.setFixedWidth(120)
        self._bar.setAccessibleName(tr("Progress of the answers"))
        self.stop_button = button("", self._stop_or_ask, compact=True)
        row.addWidget(self._doing, 1)
        row.addWidget(self._bar)
        row.addWidget(self.stop_button)
        return box

    def _content(self) -> QWidget:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self.gallery = ChangedGallery()
        self.gallery.cleared.connect(lambda: self._choose_entry(None))
        self.summary = ElidedLabel("", "caption")
        column.addWidget(self.summary)  # a line of its own: beside the choices it would be cut off
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(ElidedLabel(tr("Rows: labels. Columns: answers."), "small", "sec"), 1)
        row.addWidget(self.gallery.kind)
        row.addWidget(self.gallery.of_class)
        column.addLayout(row)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setHandleWidth(GAP)
        self._split.setChildrenCollapsible(False)
        self._split.setStyleSheet("QSplitter::handle { background: transparent; }")
        self.table = ConfusionTable(self.matrix)
        self.table.entry_chosen.connect(self._choose_entry)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._popup)
        self._split.addWidget(self.table)
        self._split.addWidget(self.gallery)
        column.addWidget(self._split, 1)
        return body

    def _popup(self, at: QPoint) -> None:
        self.menu().popup(self.table.viewport().mapToGlobal(at))

    # What is asked and shown

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._comparison.asking == "no" and self._comparison.columns:
            self._comparison.ask()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        """The matrix whole where there is room, the rest for the images."""
        width = self.width() - 32 - GAP
        matrix = min(self.table.needed, width - self.gallery.minimumWidth())
        self._split.setSizes([matrix, width - matrix])

    def _stop_or_ask(self) -> None:
        if self._comparison.asking in ("asking", "waiting"):
            self._comparison.stop()
        else:
            self._comparison.ask_again()

    def _offer(self) -> None:
        """Offer the columns; from the first to the last one."""
        columns = self._comparison.columns
        for combo, at in ((self.before, 0), (self.after, len(columns) - 1)):
            combo.clear()
            for place, column in enumerate(columns):
                combo.addItem(column.brief)
                combo.setItemData(place, column.title, Qt.ItemDataRole.ToolTipRole)
            combo.setCurrentIndex(at)
        self._pair = None
        if self.isVisible() and columns:
            self._comparison.ask()
        self._follow()

    def _answers(self, combo: Combo) -> Predicted | None:
        at, columns = combo.currentIndex(), self._comparison.columns
        return self._comparison.answers(columns[at]) if 0 <= at < len(columns) else None

    def _failure(self) -> Failed | None:
        """Why the answers of one of the two that are chosen are not known."""
        columns = self._comparison.columns
        chosen = [columns[c.currentIndex()] for c in (self.before, self.after) if 0 <= c.currentIndex() < len(columns)]
        return next((failed for column in chosen if (failed := self._comparison.failure(column)) is not None), None)

    def _follow(self) -> None:
        asking, progress = self._comparison.asking, self._comparison.progress
        working, failed = asking in ("asking", "waiting"), self._failure()
        self._waiting.setVisible(asking != "no" or failed is not None)
        self.failure.show_failure(failed)
        self._bar.setVisible(asking == "asking")
        self._bar.setRange(0, round(progress.total) if progress is not None else 0)
        self._bar.setValue(round(progress.done) if progress is not None else 0)
        said = {
            "asking": message(progress.text) if progress is not None else tr("Asking for the answers…"),
            "waiting": tr("Waits until the run has ended"),
            "stopped": tr("Stopped: the answers are not known"),
            "no": tr("The answers are not known"),
        }
        self._doing.setText(said.get(asking, ""))
        self.stop_button.setText(tr("Stop") if working else tr("Ask again"))
        self._pair_up()

    def _pair_up(self) -> None:
        """Take the answers of the two that are chosen, where both are known and about the same images."""
        before, after = self._answers(self.before), self._answers(self.after)
        pair = (before, after) if before is not None and after is not None else None
        why = why_not_paired(*pair) if pair is not None else ""
        self.notice.show_text(why)
        usable = None if why else pair
        self._body.setVisible(usable is not None)
        self._room.setVisible(usable is None)
        self.shown.setEnabled(usable is not None)
        same = (
            self._pair is not None and usable is not None and self._pair[0] is usable[0] and self._pair[1] is usable[1]
        )
        self._pair = usable
        if usable is not None and not same:
            self.gallery.show_pair(*usable)
            self.summary.setText(self.gallery.summary())
            self._show_matrix()

    def _show_matrix(self) -> None:
        if self._pair is None:
            return
        classes = self._pair[0].classes
        before, after = (confusion(p.labels, p.answers, len(classes)) for p in self._pair)
        if self.shown.value == "difference":
            self.matrix.show_difference(classes, before, after)
        else:
            self.matrix.show_matrix(classes, before if self.shown.value == "before" else after)
        self._share()
        self.table.fit()
        self._choose_entry(None)

    def _choose_entry(self, entry: tuple[int, int] | None) -> None:
        """Show only the images of an entry of the matrix; the same entry again shows all."""
        self._entry = None if entry == self._entry else entry
        if self._entry is None or self._pair is None:
            self.table.clearSelection()
            self.gallery.show_entry(None)
            return
        before, after = self._pair
        row, column = self._entry
        text = tr("Label {label}, answer {answer}", label=before.classes[row], answer=before.classes[column])
        self.gallery.show_entry(self._among(before, after, row, column), text)

    def _among(self, before: Predicted, after: Predicted, row: int, column: int) -> NDArray[np.bool_]:
        """The images that an entry of the matrix in view counts."""
        of = {"before": before.answers == column, "after": after.answers == column}
        answered = of.get(self.shown.value, of["before"] | of["after"])
        found: NDArray[np.bool_] = (before.labels == row) & answered
        return found

    # Saving

    def menu(self) -> QMenu:
        """Save the matrix as picture or data, the images as data; deleted when closed."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        stem = tr("Confusion matrix")
        for icon_name, text, call in (
            ("image", tr("Save picture…"), lambda: ask_picture(self, stem, self.save_picture)),
            ("table", tr("Save matrix…"), lambda: ask_data(self, stem, self.save_matrix)),
            (
                "list-dashes",
                tr("Save changed answers…"),
                lambda: ask_data(self, tr("Changed answers"), self.save_images),
            ),
        ):
            menu.addAction(icon(icon_name), text, call).setEnabled(self._pair is not None)
        return menu

    def save_picture(self, path: Path) -> None:
        try:
            save_picture(self.table, tr("Confusion matrix"), path)
        except CompressionError as error:
            self.failed.emit(error)

    def save_matrix(self, path: Path) -> None:
        self._write(path, *self.matrix.table())

    def save_images(self, path: Path) -> None:
        """Number, label and answers of the images in view."""
        model = self.gallery.images
        images = [model.image(row) for row in range(model.rowCount())]
        header = [tr("Image"), tr("Label"), tr("Before"), tr("After"), tr("Change")]
        rows: list[list[str | float | None]] = [
            [image.number, image.label, image.before, image.after, change_word(image.change)] for image in images
        ]
        self._write(path, header, rows)

    def _write(self, path: Path, header: list[str], rows: list[list[str | float | None]]) -> None:
        try:
            write_csv(path, header, rows)
        except CompressionError as error:
            self.failed.emit(error)

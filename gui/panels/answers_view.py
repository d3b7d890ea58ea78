"""What two networks answer for the test images: a confusion matrix, and the images whose answer changed.

Signals:
    failed(object): a CompressionError met while saving.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QMenu,
    QProgressBar,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from backend.errors import CompressionError
from backend.predicted import Change, Predicted, changes, confusion
from gui.compare.columns import Compared
from gui.compare.comparison import Comparison, why_not_paired
from gui.forms import Combo
from gui.icons import icon
from gui.item_models.answers_delegates import ChangedImageDelegate
from gui.item_models.changed_images import ChangedImagesModel, change_word
from gui.item_models.confusion import ConfusionModel
from gui.panels.confusion_table import ConfusionTable
from gui.plots.saving import ask_data, ask_picture, save_picture, write_csv
from gui.text import message, number, plural, tr
from gui.widgets.buttons import button
from gui.widgets.failure_notice import FailureNotice
from gui.widgets.labels import ElidedLabel, label
from gui.widgets.notice import Notice
from gui.widgets.segmented import Segmented

CHANGED = (Change.WRONG, Change.RIGHT, Change.OTHER)


class AnswersView(QWidget):
    """Shows the answers of two columns of ``comparison``; asks the engine for them where they are not known."""

    failed = Signal(object)

    def __init__(self, comparison: Comparison, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._comparison = comparison
        self._pair: tuple[Predicted, Predicted] | None = None
        self._changes: NDArray[np.int8] = np.zeros(0, np.int8)
        self._cell: tuple[int, int] | None = None
        self.matrix = ConfusionModel(self)
        self.images = ChangedImagesModel(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 4, 16, 8)
        column.setSpacing(8)
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
            combo.setMinimumWidth(96)
            combo.activated.connect(lambda _: self._paired())
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
        self.summary = label("", "caption", "sec", wrap=True)
        column.addWidget(self.summary)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(9)
        split.setChildrenCollapsible(False)
        split.setStyleSheet("QSplitter::handle { background: transparent; }")
        self.table = ConfusionTable(self.matrix)
        self.table.entry_chosen.connect(self._choose_entry)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(
            lambda at: self.menu().popup(self.table.viewport().mapToGlobal(at))
        )
        split.addWidget(self.table)
        split.addWidget(self._gallery())
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        column.addWidget(split, 1)
        return body

    def _gallery(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        row = QHBoxLayout()
        row.setSpacing(6)
        self.kind, self.of_class = Combo(), Combo()
        for combo, name in ((self.kind, tr("What became of the answer")), (self.of_class, tr("Class"))):
            combo.setAccessibleName(name)
            combo.setMinimumWidth(60)
            combo.activated.connect(lambda _: self._filtered())
            row.addWidget(combo, 1)
        column.addLayout(row)
        self._chosen = QWidget()
        chosen = QHBoxLayout(self._chosen)
        chosen.setContentsMargins(0, 0, 0, 0)
        self._chosen_text = ElidedLabel("", "caption", "sec")
        chosen.addWidget(self._chosen_text, 1)
        chosen.addWidget(button(tr("Clear"), lambda: self._choose_entry(None), kind="link"))
        column.addWidget(self._chosen)
        pages = QWidget()
        self._gallery_pages = QStackedLayout(pages)
        self.list = QListView()
        self.list.setModel(self.images)
        self.list.setItemDelegate(ChangedImageDelegate(self.list))
        self.list.setViewMode(QListView.ViewMode.IconMode)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setMovement(QListView.Movement.Static)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setAccessibleName(tr("Images whose answer changed"))
        self._none = label("", "caption", "sec", wrap=True)
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._gallery_pages.addWidget(self.list)
        self._gallery_pages.addWidget(self._none)
        column.addWidget(pages, 1)
        return box

    # What is asked and shown

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        if self._comparison.asking == "no" and self._comparison.columns:
            self._comparison.ask()

    def _stop_or_ask(self) -> None:
        if self._comparison.asking == "asking":
            self._comparison.stop()
        else:
            self._comparison.ask()

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

    def _column(self, combo: Combo) -> Compared | None:
        at, columns = combo.currentIndex(), self._comparison.columns
        return columns[at] if 0 <= at < len(columns) else None

    def _follow(self) -> None:
        asking, progress = self._comparison.asking, self._comparison.progress
        self._waiting.setVisible(asking in ("asking", "stopped"))
        self.failure.show_failure(self._comparison.failure if asking == "failed" else None)
        working = asking == "asking"
        self._bar.setVisible(working)
        self._bar.setRange(0, round(progress.total) if progress is not None else 0)
        self._bar.setValue(round(progress.done) if progress is not None else 0)
        waits = tr("Waits until the engine is free; then every test image is asked about once")
        self._doing.setText((message(progress.text) if progress is not None else waits) if working else tr("Stopped"))
        self.stop_button.setText(tr("Stop") if working else tr("Ask again"))
        self._paired()

    def _paired(self) -> None:
        """Take the answers of the two that are chosen, where both are known."""
        one, other = self._column(self.before), self._column(self.after)
        before = self._comparison.answers(one) if one is not None else None
        after = self._comparison.answers(other) if other is not None else None
        pair = (before, after) if before is not None and after is not None else None
        why = why_not_paired(*pair) if pair is not None else ""
        self.notice.show_text(why)
        usable = pair if not why else None
        self._body.setVisible(usable is not None)
        self._room.setVisible(usable is None)
        self.shown.setEnabled(usable is not None)
        known = (
            self._pair is not None
            and usable is not None
            and all(a is b for a, b in zip(self._pair, usable, strict=True))
        )
        self._pair = usable
        if usable is not None and not known:
            self._show_pair(*usable)

    def _show_pair(self, before: Predicted, after: Predicted) -> None:
        self._changes = changes(before.labels, before.answers, after.answers)
        self._cell = None
        counts = {change: int((self._changes == change).sum()) for change in CHANGED}
        self.summary.setText(_summary(len(before.labels), counts))
        self.kind.clear()
        self.kind.addItem(tr("All ({count})", count=number(sum(counts.values()))), None)
        for change in CHANGED:
            text = tr("{change} ({count})", change=change_word(change).capitalize(), count=number(counts[change]))
            self.kind.addItem(text, change)
        self.of_class.clear()
        self.of_class.addItem(tr("All classes"), None)
        for at, name in enumerate(before.classes):
            self.of_class.addItem(name, at)
        self._show_matrix()
        self._filtered()

    def _show_matrix(self) -> None:
        if self._pair is None:
            return
        classes = self._pair[0].classes
        matrices = [confusion(p.labels, p.answers, len(classes)) for p in self._pair]
        match self.shown.value:
            case "difference":
                self.matrix.show_difference(classes, *matrices)
            case which:
                self.matrix.show_matrix(classes, matrices[0] if which == "before" else matrices[1])
        self.table.fit()
        self._choose_entry(None)

    def _choose_entry(self, entry: tuple[int, int] | None) -> None:
        """Show only the images of an entry of the matrix; the same entry again shows all."""
        self._cell = None if entry == self._cell else entry
        if self._cell is None:
            self.table.clearSelection()
        self._filtered()

    def _filtered(self) -> None:
        """The changed images that the choices leave."""
        if self._pair is None:
            return
        before, after = self._pair
        wanted = self._changes != Change.SAME
        if self.kind.currentData() is not None:
            wanted &= self._changes == self.kind.currentData()
        if self.of_class.currentData() is not None:
            wanted &= before.labels == self.of_class.currentData()
        if self._cell is not None:
            wanted &= self._among(before, after, *self._cell)
        self._chosen.setVisible(self._cell is not None)
        if self._cell is not None:
            label_, answer = (before.classes[at] for at in self._cell)
            self._chosen_text.setText(tr("Label {label}, answer {answer}", label=label_, answer=answer))
        numbers = np.flatnonzero(wanted)
        self.images.show_images(before, after, self._changes, numbers.tolist())
        self._gallery_pages.setCurrentIndex(0 if len(numbers) else 1)
        self._none.setText(tr("No answer changed here") if (self._changes != 0).any() else tr("No answer changed"))

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
            ("download-simple", tr("Save matrix…"), lambda: ask_data(self, stem, self.save_matrix)),
            ("download-simple", tr("Save changed images…"),
             lambda: ask_data(self, tr("Changed answers"), self.save_images)),
        ):  # fmt: skip
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
        images = [self.images.image(row) for row in range(self.images.rowCount())]
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


def _summary(images: int, counts: dict[Change, int]) -> str:
    """Like "12 of 355 answers changed: 8 became wrong, 3 became right, 1 wrong otherwise"."""
    changed = sum(counts.values())
    if not changed:
        return plural(images, "The answer for {count} test image is the same.",
                      "The answers for all {count} test images are the same.")  # fmt: skip
    return plural(
        changed,
        "{count} of {images} answers changed: {wrong} became wrong, {right} became right, {other} wrong otherwise",
        "{count} of {images} answers changed: {wrong} became wrong, {right} became right, {other} wrong otherwise",
        images=number(images),
        wrong=number(counts[Change.WRONG]),
        right=number(counts[Change.RIGHT]),
        other=number(counts[Change.OTHER]),
    )

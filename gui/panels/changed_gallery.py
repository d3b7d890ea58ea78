"""The images whose answer changed: filtered by what became of them, by class, by an entry of the matrix.

Signals:
    cleared(): the entry of the matrix is not to filter any more.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListView, QStackedLayout, QVBoxLayout, QWidget

from backend.predicted import Change, Predicted, changes
from gui.forms import Combo
from gui.item_models.answers_delegates import ITEM, ChangedImageDelegate
from gui.item_models.changed_images import ChangedImagesModel, change_word
from gui.text import number, plural, tr
from gui.widgets.buttons import button
from gui.widgets.labels import ElidedLabel, label

CHANGED = (Change.WRONG, Change.RIGHT, Change.OTHER)
SCROLL_BAR = 14


class ChangedGallery(QWidget):
    """Thumbnails of a :class:`ChangedImagesModel`.

    ``kind`` and ``of_class`` choose among them; whoever shows the gallery puts them where there is room.
    """

    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.images = ChangedImagesModel(self)
        self._pair: tuple[Predicted, Predicted] | None = None
        self.changes: NDArray[np.int8] = np.zeros(0, np.int8)
        self._entry: NDArray[np.bool_] | None = None
        self.setMinimumWidth(ITEM.width() + SCROLL_BAR)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self.kind, self.of_class = Combo(), Combo()
        for combo, name in ((self.kind, tr("What became of the answer")), (self.of_class, tr("Class"))):
            combo.setAccessibleName(name)
            combo.activated.connect(lambda _: self._filter())
        column.addWidget(self._entry_row())
        pages = QWidget()
        self._pages = QStackedLayout(pages)
        self.list = self._list()
        self._none = label("", "caption", "sec", wrap=True)
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages.addWidget(self.list)
        self._pages.addWidget(self._none)
        column.addWidget(pages, 1)

    def _entry_row(self) -> QWidget:
        self._row = QWidget()
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        self._text = ElidedLabel("", "caption", "sec")
        row.addWidget(self._text, 1)
        row.addWidget(button(tr("Clear"), self.cleared.emit, kind="link"))
        self._row.hide()
        return self._row

    def _list(self) -> QListView:
        view = QListView()
        view.setModel(self.images)
        view.setItemDelegate(ChangedImageDelegate(view))
        view.setViewMode(QListView.ViewMode.IconMode)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.setMovement(QListView.Movement.Static)
        view.setUniformItemSizes(True)
        view.setMouseTracking(True)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setAccessibleName(tr("Images whose answer changed"))
        return view

    def show_pair(self, before: Predicted, after: Predicted) -> None:
        """The images whose answer is another one ``after`` than ``before``; every choice is put back."""
        self._pair, self._entry = (before, after), None
        self.changes = changes(before.labels, before.answers, after.answers)
        counts = {change: int((self.changes == change).sum()) for change in CHANGED}
        self.kind.clear()
        self.kind.addItem(tr("All ({count})", count=number(sum(counts.values()))), None)
        for change in CHANGED:
            text = tr("{change} ({count})", change=change_word(change).capitalize(), count=number(counts[change]))
            self.kind.addItem(text, change)
        self.of_class.clear()
        self.of_class.addItem(tr("All classes"), None)
        for at, name in enumerate(before.classes):
            self.of_class.addItem(name, at)
        self.show_entry(None)

    def show_entry(self, among: NDArray[np.bool_] | None, text: str = "") -> None:
        """Show only images of ``among``, those that an entry of the matrix counts; all of them without one."""
        self._entry = among
        self._row.setVisible(among is not None)
        self._text.setText(text)
        self._filter()

    def _filter(self) -> None:
        if self._pair is None:
            return
        before, after = self._pair
        wanted = self.changes != Change.SAME
        if (kind := self.kind.currentData()) is not None:
            wanted &= self.changes == kind
        if (of_class := self.of_class.currentData()) is not None:
            wanted &= before.labels == of_class
        if self._entry is not None:
            wanted &= self._entry
        numbers = np.flatnonzero(wanted)
        self.images.show_images(before, after, self.changes, numbers.tolist())
        self._pages.setCurrentIndex(0 if len(numbers) else 1)
        self._none.setText(tr("No answer changed here") if self.changes.any() else tr("No answer changed"))

    def summary(self) -> str:
        """Like "12 of 355 answers changed: 8 became wrong, 3 became right, 1 still wrong"."""
        images, changed = len(self.changes), int((self.changes != Change.SAME).sum())
        if not changed:
            return plural(images, "The answer for {count} test image is the same.",
                          "The answers for all {count} test images are the same.")  # fmt: skip
        counts = {change: number(int((self.changes == change).sum())) for change in CHANGED}
        return plural(
            changed,
            "{count} of {images} answers changed: {wrong} became wrong, {right} became right, {other} still wrong",
            "{count} of {images} answers changed: {wrong} became wrong, {right} became right, {other} still wrong",
            images=number(images),
            wrong=counts[Change.WRONG],
            right=counts[Change.RIGHT],
            other=counts[Change.OTHER],
        )

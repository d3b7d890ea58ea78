"""The test images whose answer changed, as a list model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage

from backend.predicted import Change, Predicted
from gui.text import percent, tr

Index = QModelIndex | QPersistentModelIndex
IMAGE_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class ChangedImage:
    """One image: its number among the test images, its label, the answers, and how sure each network was."""

    number: int
    label: str
    before: str
    after: str
    change: Change
    sure_before: float
    sure_after: float
    pixels: NDArray[np.uint8] | None


def change_word(change: Change) -> str:
    """What became of an answer, in words."""
    return {
        Change.WRONG: tr("became wrong"),
        Change.RIGHT: tr("became right"),
        Change.OTHER: tr("still wrong"),
        Change.SAME: tr("unchanged"),
    }[change]


class ChangedImagesModel(QAbstractListModel):
    """Those of ``numbers``, from the answers ``before`` to those ``after``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.numbers: Sequence[int] = ()
        self._before: Predicted | None = None
        self._after: Predicted | None = None
        self._changes: NDArray[np.int8] = np.zeros(0, np.int8)

    def show_images(
        self, before: Predicted, after: Predicted, changes: NDArray[np.int8], numbers: Sequence[int]
    ) -> None:
        self.beginResetModel()
        self._before, self._after, self._changes, self.numbers = before, after, changes, numbers
        self.endResetModel()

    def clear(self) -> None:
        self.beginResetModel()
        self.numbers = ()
        self.endResetModel()

    def image(self, row: int) -> ChangedImage:
        before, after = self._before, self._after
        if before is None or after is None:
            raise IndexError(row)
        at = int(self.numbers[row])
        pixels = after.thumbnail(at)
        return ChangedImage(
            at,
            before.classes[before.labels[at]],
            before.classes[before.answers[at]],
            before.classes[after.answers[at]],
            Change(int(self._changes[at])),
            float(before.probability[at]),
            float(after.probability[at]),
            pixels if pixels is not None else before.thumbnail(at),
        )

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.numbers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == IMAGE_ROLE:
            return self.image(index.row())
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        image = self.image(index.row())
        if role == Qt.ItemDataRole.DisplayRole:  # for those who hear it
            return tr("{label}: {before} → {after}, {change}", label=image.label, before=image.before,
                      after=image.after, change=change_word(image.change))  # fmt: skip
        return tr(
            "Test image {number}: {label}\nbefore: {before} ({sure_before})\nafter: {after} ({sure_after})",
            number=image.number,
            label=image.label,
            before=image.before,
            after=image.after,
            sure_before=percent(image.sure_before, 1),
            sure_after=percent(image.sure_after, 1),
        )


def picture(pixels: NDArray[np.uint8]) -> QImage:
    """H×W×C, gray or color, as an image of its own memory."""
    height, width, channels = pixels.shape
    kind = QImage.Format.Format_Grayscale8 if channels == 1 else QImage.Format.Format_RGB888
    whole = np.ascontiguousarray(pixels)
    return QImage(whole.data, width, height, width * channels, kind).copy()

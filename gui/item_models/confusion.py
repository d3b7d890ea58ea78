"""A confusion matrix, or the difference of two, as a table model: rows are the labels, columns the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from backend.predicted import class_accuracy
from gui.text import NOTHING, number, plural, points, signed, tr

Index = QModelIndex | QPersistentModelIndex
ENTRY_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Entry:
    """What a cell is painted from.

    Attributes:
        count: of images, or its difference; None in the last column.
        share: of the label's images, from −1 to 1.
        right: whether label and answer are one.
        good: of a difference: more on the diagonal, fewer beside it; None where there is none.
    """

    count: int | None
    share: float
    right: bool
    good: bool | None = None


class ConfusionModel(QAbstractTableModel):
    """The last column says how many of each class are told right."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.classes: tuple[str, ...] = ()
        self.matrix: NDArray[np.int64] = np.zeros((0, 0), np.int64)
        self.images: NDArray[np.int64] = np.zeros(0, np.int64)
        self.difference = False
        self._right: Sequence[float] = ()

    def show_matrix(self, classes: Sequence[str], matrix: NDArray[np.int64]) -> None:
        self._show(classes, matrix, matrix.sum(1), class_accuracy(matrix).tolist(), difference=False)

    def show_difference(self, classes: Sequence[str], before: NDArray[np.int64], after: NDArray[np.int64]) -> None:
        """What going from ``before`` to ``after`` adds to each entry."""
        right = class_accuracy(after) - class_accuracy(before)
        self._show(classes, after - before, before.sum(1), right.tolist(), difference=True)

    def _show(
        self,
        classes: Sequence[str],
        matrix: NDArray[np.int64],
        images: NDArray[np.int64],
        right: Sequence[float],
        *,
        difference: bool,
    ) -> None:
        self.beginResetModel()
        self.classes, self.matrix, self.images, self._right = tuple(classes), matrix, images, right
        self.difference = difference
        self.endResetModel()

    def table(self) -> tuple[list[str], list[list[str | float | None]]]:
        """Header and rows for a file."""
        header = [tr("Label"), *self.classes, tr("Right, pt") if self.difference else tr("Right, %")]
        rows: list[list[str | float | None]] = [
            [name, *(int(count) for count in row), None if np.isnan(right) else right]
            for name, row, right in zip(self.classes, self.matrix, self._right, strict=True)
        ]
        return header, rows

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.classes)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self.classes) + 1 if self.classes else 0

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.classes[section] if section < len(self.classes) else tr("Right")
        if role == Qt.ItemDataRole.ToolTipRole:
            if section == len(self.classes):
                return tr("Share of the class's images that are told right")
            if orientation == Qt.Orientation.Vertical:
                count = int(self.images[section])
                return plural(count, "{name}: {count} image", "{name}: {count} images", name=self.classes[section])
            return tr("Answer {name}", name=self.classes[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        last = column == len(self.classes)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                if last:
                    return self._share_right(row)
                count = int(self.matrix[row, column])
                return signed(count, 0) if self.difference else number(count)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._share_right(row) if last else self._said(row, column)
            case _ if role == ENTRY_ROLE:
                return Entry(None, 0.0, False) if last else self._entry(row, column)
        return None

    def _entry(self, row: int, column: int) -> Entry:
        count, right = int(self.matrix[row, column]), row == column
        share = count / max(1, int(self.images[row]))
        good = (count > 0) == right if self.difference and count else None
        return Entry(count, max(-1.0, min(1.0, share)), right, good)

    def _share_right(self, row: int) -> str:
        right = self._right[row]
        if np.isnan(right):
            return NOTHING
        return points(right) if self.difference else tr("{number}%", number=number(right, 1))

    def _said(self, row: int, column: int) -> str:
        count = int(self.matrix[row, column])
        label, answer = self.classes[row], self.classes[column]
        if self.difference:
            return tr("Label {label}, answer {answer}: {change} images", label=label, answer=answer,
                      change=signed(count, 0))  # fmt: skip
        return plural(count, "Label {label}, answer {answer}: {count} image",
                      "Label {label}, answer {answer}: {count} images", label=label, answer=answer)  # fmt: skip

"""Two recipes beside each other, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QFontDatabase, QPainter, QResizeEvent
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from gui.compare.recipes import Pair
from gui.text import tr
from gui.theme import tokens
from gui.widgets.table_style import table_view

Index = QModelIndex | QPersistentModelIndex
PAIR_ROLE = Qt.ItemDataRole.UserRole
ROW = 22


class PairsModel(QAbstractTableModel):
    """The lines of the left recipe and those of the right one."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.headers = ("", "")
        self.pairs: tuple[Pair, ...] = ()

    def show_pairs(self, headers: tuple[str, str], pairs: Sequence[Pair]) -> None:
        self.beginResetModel()
        self.headers, self.pairs = headers, tuple(pairs)
        self.endResetModel()

    def table(self) -> tuple[list[str], list[list[str | float | None]]]:
        """Header and rows for a file."""
        return list(self.headers), [[pair.left, pair.right] for pair in self.pairs]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.pairs)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 2

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.headers[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        pair = self.pairs[index.row()]
        text = pair.right if index.column() else pair.left
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return text
            case Qt.ItemDataRole.AccessibleTextRole:
                return tr("{line}, differs", line=text or tr("nothing")) if pair.differs else text
            case _ if role == PAIR_ROLE:
                return pair
        return None


class PairsDelegate(QStyledItemDelegate):
    """Monospaced; a line that differs has a sign and a ground."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t = tokens()
        pair: Pair = index.data(PAIR_ROLE)
        text: str | None = index.data()
        rect = QRect(option.rect)  # type: ignore[attr-defined]
        painter.save()
        right = index.column() == 1
        if pair.differs:
            ground = t.sunken if text is None else t.ok_bg if right else t.bad_bg
            painter.fillRect(rect, QColor(ground))
        if option.state & QStyle.StateFlag.State_Selected:  # type: ignore[attr-defined]
            painter.fillRect(QRect(rect.x(), rect.y(), 3, rect.height()), QColor(t.accent))
        made = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        made.setPixelSize(12)
        painter.setFont(made)
        area = rect.adjusted(8 if right else 16, 0, -6, 0)
        if text is not None:
            painter.setPen(QColor(t.text))
            sign = ("+" if right else "−") if pair.differs else " "
            shown = painter.fontMetrics().elidedText(f"{sign} {text}", Qt.TextElideMode.ElideRight, area.width())
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()


class RecipePairs(QWidget):
    """A table of :class:`PairsModel`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = PairsModel(self)
        self.view = table_view(self.model, {}, 0, tr("Recipes line by line"))
        self.view.setItemDelegate(PairsDelegate(self.view))
        self.view.verticalHeader().setMinimumSectionSize(ROW)
        self.view.verticalHeader().setDefaultSectionSize(ROW)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)

    def show_pairs(self, headers: tuple[str, str], pairs: Sequence[Pair], *, alone: bool) -> None:
        """``alone`` there is one recipe, and nothing beside it."""
        self.model.show_pairs(headers, pairs)
        self.view.setColumnHidden(1, alone)
        self.view.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.view.setColumnWidth(1, (self.width() - 12) // 2)
        self.view.fit()

"""The list below the search: headings, entries, shortcuts at the right, reasons on a second line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gui.icons import pixmap
from gui.palette import Entry, Found, Hits
from gui.text import tr
from gui.theme import font, tokens

ROW_ROLE = Qt.ItemDataRole.UserRole
WIDTH = 600
HEADING, ROW, WITH_REASON = 28, 30, 44
Index = QModelIndex | QPersistentModelIndex


class PaletteModel(QAbstractListModel):
    """Headings (str) and what was found below each (:class:`Found`), in one list."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[str | Found] = []

    def show_hits(self, hits: Sequence[Hits]) -> None:
        self.beginResetModel()
        self._rows = []
        for one in hits:
            self._rows += [one.title, *one.found]
        self.endResetModel()

    def entry(self, row: int) -> Entry | None:
        """The entry of a row; None for a heading."""
        found = self._rows[row] if 0 <= row < len(self._rows) else None
        return found.entry if isinstance(found, Found) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row if isinstance(row, str) else row.entry.title
        if role == Qt.ItemDataRole.AccessibleDescriptionRole and isinstance(row, Found):
            return row.entry.reason or row.entry.shortcut or row.entry.detail
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self._rows[index.row()]
        if isinstance(row, str):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class PaletteDelegate(QStyledItemDelegate):
    """Paints a row: icon, title with the typed letters bold, detail, shortcut; the reason below a refused one."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row = index.data(ROW_ROLE)
        height = HEADING if isinstance(row, str) else WITH_REASON if row.entry.reason else ROW
        return QSize(100, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, area, t = index.data(ROW_ROLE), QRect(option.rect), tokens()  # type: ignore[attr-defined]
        painter.save()
        if isinstance(row, str):
            painter.setFont(font(11, 600))
            painter.setPen(QColor(t.ter))
            painter.drawText(area.adjusted(12, 4, -12, 0), Qt.AlignmentFlag.AlignVCenter, row)
        else:
            chosen = index.row() == option.widget.currentIndex().row()  # type: ignore[attr-defined]
            self._paint_entry(painter, area, row, chosen)
        painter.restore()

    def _paint_entry(self, painter: QPainter, area: QRect, row: Found, chosen: bool) -> None:
        t, entry = tokens(), row.entry
        if chosen:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.sel))
            painter.drawRoundedRect(area.adjusted(4, 1, -4, -1), 6, 6)
        line = QRect(area.left() + 12, area.top(), area.width() - 24, ROW)
        shown = pixmap("prohibit" if entry.reason else entry.icon or "caret-right", t.ter if entry.reason else t.sec)
        painter.drawPixmap(line.left(), line.top() + (ROW - 16) // 2, shown)
        words = line.adjusted(26, 0, 0, 0)
        if entry.shortcut:
            words.setRight(self._paint_keys(painter, line, entry.shortcut) - 12)
        left = _draw_title(painter, words, row, QColor(t.ter if entry.reason else t.text))
        if entry.detail and not entry.reason:
            _draw_text(painter, words.adjusted(left + 10, 0, 0, 0), entry.detail, 12, t.sec if chosen else t.ter)
        if entry.reason:
            below = QRect(words.left(), line.bottom() - 5, line.width() - 26, 16)
            _draw_text(painter, below, entry.reason, 11, t.sec if chosen else t.ter)

    def _paint_keys(self, painter: QPainter, line: QRect, keys: str) -> int:
        """Draw ``keys`` as a cap at the right; gives its left edge."""
        t = tokens()
        painter.setFont(font(11, 500))
        width = QFontMetrics(painter.font()).horizontalAdvance(keys) + 12
        cap = QRect(line.right() - width, line.top() + 6, width, 18)
        painter.setPen(QColor(t.line))
        painter.setBrush(QColor(t.sunken))
        painter.drawRoundedRect(cap, 4, 4)
        painter.setPen(QColor(t.sec))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, keys)
        return cap.left()


def _draw_title(painter: QPainter, area: QRect, row: Found, tone: QColor) -> int:
    """Draw the title, the typed letters in bold; gives the width it took."""
    title, plain, bold = row.entry.title, font(13), font(13, 700)
    widths = QFontMetrics(plain), QFontMetrics(bold)
    painter.setPen(tone)
    if widths[1].horizontalAdvance(title) > area.width():
        painter.setFont(plain)
        text = widths[0].elidedText(title, Qt.TextElideMode.ElideMiddle, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)
        return area.width()
    left, typed = 0, set(row.letters)
    for part, marked in _parts(title, typed):
        painter.setFont(bold if marked else plain)
        painter.drawText(area.adjusted(left, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, part)
        left += widths[marked].horizontalAdvance(part)
    return left


def _parts(title: str, typed: set[int]) -> list[tuple[str, bool]]:
    """``title`` cut where bold begins or ends."""
    parts: list[tuple[str, bool]] = []
    for at, letter in enumerate(title):
        marked = at in typed
        if parts and parts[-1][1] == marked:
            parts[-1] = (parts[-1][0] + letter, marked)
        else:
            parts.append((letter, marked))
    return parts


def _draw_text(painter: QPainter, area: QRect, text: str, pixels: int, tone: str) -> None:
    painter.setFont(font(pixels))
    painter.setPen(QColor(tone))
    if area.width() > 40:
        shown = QFontMetrics(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, shown)


class PaletteList(QFrame):
    """The list in a card over the window. The keyboard stays in the search field, which moves the choice here.

    Signals: ``taken(entry)`` when a row was clicked.
    """

    taken = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "popover")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._model = PaletteModel(self)
        self.view = QListView()
        self.view.setModel(self._model)
        self.view.setItemDelegate(PaletteDelegate(self.view))
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setStyleSheet("background: transparent;")
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setAccessibleName(tr("What the search finds"))
        self.view.setMouseTracking(True)
        self.view.clicked.connect(self._clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 6, 4, 6)
        column.addWidget(self.view)
        self.hide()

    def show_hits(self, hits: Sequence[Hits], below: QWidget) -> None:
        """Show ``hits`` under ``below``, the first one chosen; nothing found is said so."""
        self._model.show_hits(hits or [Hits(tr("Nothing found"))])
        self._place(below)
        self.show()
        self.raise_()
        self.view.scrollToTop()
        self.move_choice(1, start=-1)

    def _place(self, below: QWidget) -> None:
        window = self.window()
        heights = sum(
            self.view.sizeHintForIndex(self._model.index(row)).height() for row in range(self._model.rowCount())
        )
        width = min(WIDTH, window.width() - 24)
        corner = below.mapTo(window, below.rect().bottomLeft())
        left = corner.x() + (below.width() - width) // 2
        left = max(12, min(left, window.width() - width - 12))
        height = min(heights + 14, window.height() - corner.y() - 48, 520)
        self.setGeometry(left, corner.y() + 4, width, height)

    @property
    def chosen(self) -> Entry | None:
        """The entry that Enter takes."""
        return self._model.entry(self.view.currentIndex().row())

    def move_choice(self, by: int, start: int | None = None) -> None:
        """Choose the next entry (``by`` 1) or the one before (−1), over headings and round the ends."""
        count = self._model.rowCount()
        at = self.view.currentIndex().row() if start is None else start
        for _ in range(count):
            at = (at + by) % count
            if self._model.entry(at) is not None:
                self.view.setCurrentIndex(self._model.index(at))
                self.view.scrollTo(self._model.index(max(0, at - 1)) if at == 1 else self._model.index(at))
                return

    def _clicked(self, index: QModelIndex) -> None:
        if (entry := self._model.entry(index.row())) is not None:
            self.taken.emit(entry)

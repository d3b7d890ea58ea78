"""What happened in the run, line by line: time, sign, sentence.

``LogPanel(state)``; :meth:`LogPanel.set_state` shows another run's. Ctrl+C copies the chosen lines, the
button all of them.
"""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QKeySequence, QPainter, QResizeEvent, QShortcut
from PySide6.QtWidgets import QListView, QStackedLayout, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gui.icons import pixmap
from gui.run_parts import LogLine
from gui.run_state import RunState
from gui.text import duration, message, tr
from gui.theme import font, tokens
from gui.widgets.buttons import tool_button
from gui.widgets.empty_state import EmptyState

ROW = 26
Index = QModelIndex | QPersistentModelIndex
LINE_ROLE = Qt.ItemDataRole.UserRole


class LogModel(QAbstractListModel):
    """Lines of a run's log; grows at its end."""

    def __init__(self, state: RunState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._count = len(state.log)
        state.changed.connect(self._changed)

    def set_state(self, state: RunState) -> None:
        self._state.changed.disconnect(self._changed)
        self.beginResetModel()
        self._state = state
        self._count = len(state.log)
        self.endResetModel()
        state.changed.connect(self._changed)

    def _changed(self, kinds: set[str]) -> None:
        count = len(self._state.log)
        if count < self._count:  # another run has begun
            self.beginResetModel()
            self._count = count
            self.endResetModel()
        elif count > self._count:
            self.beginInsertRows(QModelIndex(), self._count, count - 1)
            self._count = count
            self.endInsertRows()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self._state.log[index.row()]
        if role == LINE_ROLE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return sentence(line)
        return None


def sentence(line: LogLine) -> str:
    """A line of the log: what happened, and what can be done about it."""
    return " ".join(part for part in (message(line.message), message(line.hint)) if part)


class LogDelegate(QStyledItemDelegate):
    """Time, sign, sentence."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t = tokens()
        line: LogLine = index.data(LINE_ROLE)
        area = QRect(option.rect)  # type: ignore[attr-defined]
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:  # type: ignore[attr-defined]
            painter.fillRect(area, QColor(t.sel))
        name, tone = {
            "info": ("info", t.ter),
            "ok": ("check-circle-fill", t.ok),
            "warning": ("warning", t.warn),
            "error": ("x-circle-fill", t.bad),
        }[line.level]
        painter.setFont(font(12))
        painter.setPen(QColor(t.ter))
        painter.drawText(
            area.adjusted(16, 0, 0, 0).intersected(QRect(area.x(), area.y(), 64, area.height())),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
            duration(line.seconds),
        )
        painter.drawPixmap(area.x() + 78, area.center().y() - 6, pixmap(name, tone, 14))
        painter.setPen(QColor(t.bad if line.level == "error" else t.text))
        rest = area.adjusted(102, 0, -48, 0)
        shown = painter.fontMetrics().elidedText(sentence(line), Qt.TextElideMode.ElideRight, rest.width())
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()


class LogPanel(QWidget):
    """The log of ``state``; follows its end unless the person has scrolled up."""

    def __init__(self, state: RunState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = LogModel(state, self)
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(LogDelegate(self.view))
        self.view.setFrameShape(QListView.Shape.NoFrame)
        self.view.setUniformItemSizes(True)
        self.view.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setAccessibleName(tr("Log"))
        self._stack = QStackedLayout(self)
        text = tr("Stages, measurements and warnings of a run are listed here with the time they came.")
        self._stack.addWidget(EmptyState("article", tr("The log is empty"), text))
        self._stack.addWidget(self.view)
        self._copy = tool_button("copy", tr("Copy the log"), self.copy_all)
        self._copy.setParent(self.view)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.view)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(self.copy_selected)
        self._at_end = True
        self.view.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.view.verticalScrollBar().rangeChanged.connect(self._follow)
        self.model.rowsInserted.connect(self._show)
        self.model.modelReset.connect(self._show)
        self._show()

    def set_state(self, state: RunState) -> None:
        """Show another run's log."""
        self.model.set_state(state)

    def _show(self) -> None:
        self._stack.setCurrentIndex(1 if self.model.rowCount() else 0)

    def _scrolled(self, position: int) -> None:
        self._at_end = position >= self.view.verticalScrollBar().maximum() - ROW

    def _follow(self) -> None:
        if self._at_end:
            self.view.scrollToBottom()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._copy.move(self.width() - self._copy.width() - 14, 4)

    def copy_all(self) -> None:
        self._put([self.model.index(row) for row in range(self.model.rowCount())])

    def copy_selected(self) -> None:
        self._put(sorted(self.view.selectedIndexes(), key=lambda index: index.row()))

    def _put(self, indexes: list[QModelIndex]) -> None:
        lines: list[LogLine] = [index.data(LINE_ROLE) for index in indexes]
        text = "\n".join(f"{duration(line.seconds)}\t{sentence(line)}" for line in lines)
        QGuiApplication.clipboard().setText(text)

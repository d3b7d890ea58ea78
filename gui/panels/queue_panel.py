"""The queue: what runs now and what follows; reorder, rename, remove, pause.

Signals:
    stop_requested(): the run in progress is to stop.
    add_requested(): the open recipe is to be lined up.
    recipe_requested(Recipe, Path): an entry's recipe is to be opened.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeySequence, QPainter, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QStackedLayout,
    QStyle,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gui.document import Document
from gui.icons import icon
from gui.item_models.queue_rows import Column, QueueModel
from gui.item_models.runs_delegate import progress_bar
from gui.queueing import Queue
from gui.running import Runner
from gui.text import plural, tr
from gui.theme import tokens
from gui.widgets.buttons import button, tool_button
from gui.widgets.empty_state import EmptyState
from gui.widgets.labels import ElidedLabel
from gui.widgets.reason_menu import ReasonMenu
from gui.widgets.table_style import IndentDelegate, table_view

WIDTHS = {Column.PLACE: 36, Column.STAGES: 156, Column.NETWORK: 100, Column.STATUS: 104}
NARROW = 620
"""Below this width the names take the room of the networks."""


class QueuePanel(QWidget):
    """A line that says what happens next, and a table of what waits."""

    stop_requested = Signal()
    add_requested = Signal()
    recipe_requested = Signal(object, object)

    def __init__(self, queue: Queue, runner: Runner, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue, self._runner = queue, runner
        self.model = QueueModel(queue, runner, document, self)
        self.view = table_view(self.model, WIDTHS, Column.NAME, tr("Queue"))
        self.view.setItemDelegate(_Delegate(self.view))
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.view.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.view.setDragDropOverwriteMode(False)
        self.view.setDropIndicatorShown(True)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._popup)
        self.view.selectionModel().currentRowChanged.connect(lambda _: self._follow_choice())
        self._stack = QStackedLayout(self)
        add = button(tr("Add this recipe"), self.add_requested.emit, icon_name="list-plus", compact=True)
        text = tr("Line up recipes and leave: each starts when the one before it ends, whatever became of that one.")
        self._stack.addWidget(EmptyState("queue", tr("Nothing is waiting"), text, add))
        self._stack.addWidget(self._work())
        self._shortcuts()
        queue.changed.connect(self.refresh)
        runner.changed.connect(self.refresh)
        document.catalogue_changed.connect(self.refresh)
        self.refresh()

    def _work(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        line = QHBoxLayout()
        line.setContentsMargins(16, 4, 12, 4)
        line.setSpacing(4)
        self.says = ElidedLabel("", "caption", "sec")
        line.addWidget(self.says, 1)
        self.back = button(tr("Put back"), self._queue.put_back, kind="link", compact=True)
        line.addWidget(self.back)
        self.pause = button("", self._pause, icon_name="pause", compact=True)
        line.addWidget(self.pause)
        self.up = tool_button("arrow-up", tr("Earlier"), partial(self.move_chosen, -1))
        self.down = tool_button("arrow-down", tr("Later"), partial(self.move_chosen, 1))
        self.out = tool_button("trash", tr("Remove from the queue"), self.remove_chosen)
        for one in (self.up, self.down, self.out):
            line.addWidget(one)
        column.addLayout(line)
        column.addWidget(self.view, 1)
        return page

    def _shortcuts(self) -> None:
        for keys, call in (
            ("Alt+Up", partial(self.move_chosen, -1)),
            ("Alt+Down", partial(self.move_chosen, 1)),
            (QKeySequence.StandardKey.Delete, self.remove_chosen),
        ):
            shortcut = QShortcut(QKeySequence(keys), self.view)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(call)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.view.setColumnHidden(Column.NETWORK, self.width() < NARROW)
        self.view.fit()

    # Following

    def refresh(self) -> None:
        chosen = self._chosen  # by its name: its place may be another one now
        self.model.refresh()
        waiting = len(self._queue.entries)
        self._stack.setCurrentIndex(1 if waiting or self._queue.current is not None or self._queue.removed else 0)
        self.says.setText(self._outlook(waiting))
        self.pause.setText(tr("Go on") if self._queue.paused else tr("Pause"))
        self.pause.setIcon(icon("play" if self._queue.paused else "pause", gap=4))
        self.pause.setVisible(bool(waiting))
        self.pause.setToolTip(
            tr("Start what waits") if self._queue.paused else tr("Let the run in progress end and start no other")
        )
        self.back.setVisible(self._queue.removed is not None)
        if self._queue.removed is not None:
            self.back.setToolTip(self._queue.removed[1].recipe.name)
        self.choose(self._queue.position(chosen))
        self._follow_choice()

    def _outlook(self, waiting: int) -> str:
        if not waiting:
            return tr("Nothing else is waiting") if self._runner.running else tr("Nothing is waiting")
        if self._queue.paused:
            return plural(waiting, "Paused · {count} recipe is waiting", "Paused · {count} recipes are waiting")
        if self._queue.next is None:
            return tr("Waiting for your permission to run a Python file")
        if self._runner.running:
            return plural(waiting, "{count} recipe follows this run", "{count} recipes follow this run")
        return plural(waiting, "{count} recipe is waiting", "{count} recipes are waiting")

    def choose(self, entry: int) -> None:
        """Select an entry by its position; −1 selects nothing."""
        if entry >= 0:
            self.view.setCurrentIndex(self.model.index(entry + self.model.running, Column.NAME))
        else:
            self.view.clearSelection()

    def chosen(self) -> int:
        """Position of the selected entry, −1 for none."""
        index = self.view.currentIndex()
        return self.model.entry(index.row()) if index.isValid() else -1

    _chosen = ""

    def _follow_choice(self) -> None:
        at = self.chosen()
        self._chosen = self._queue.entries[at].id if 0 <= at < len(self._queue.entries) else ""
        self.up.setEnabled(at > 0)
        self.down.setEnabled(0 <= at < len(self._queue.entries) - 1)
        self.out.setEnabled(at >= 0)

    # What a person does

    def move_chosen(self, by: int) -> None:
        if self.chosen() >= 0:
            self._queue.move(self.chosen(), self.chosen() + by)

    def remove_chosen(self) -> None:
        at = self.chosen()
        if at >= 0:
            self._queue.remove(at)
            self.choose(min(at, len(self._queue.entries) - 1))

    def _pause(self) -> None:
        self._queue.set_paused(not self._queue.paused)

    def _popup(self, position: QPoint) -> None:
        index = self.view.indexAt(position)
        if index.isValid():
            self.menu(index.row()).popup(self.view.viewport().mapToGlobal(position))

    def menu(self, row: int) -> ReasonMenu:
        """What can be done with a row; deleted when closed."""
        menu = ReasonMenu(parent=self)
        menu.aboutToHide.connect(menu.deleteLater)
        at = self.model.entry(row)
        if at < 0:
            menu.offer(tr("Stop"), self.stop_requested.emit, "stop")
            return menu
        entry, queue = self._queue.entries[at], self._queue
        with_it = partial(self._with, entry.id)  # a run may end while the menu is open
        if entry.held is not None:
            menu.offer(tr("Ask for permission…"), with_it(queue.ask_again), "shield-check")
        menu.offer(tr("Start next"), with_it(lambda now: queue.move(now, 0)), "arrow-line-up").setEnabled(at > 0)
        earlier = menu.offer(tr("Earlier"), with_it(lambda now: queue.move(now, now - 1)), "arrow-up", "Alt+Up")
        earlier.setEnabled(at > 0)
        later = menu.offer(tr("Later"), with_it(lambda now: queue.move(now, now + 1)), "arrow-down", "Alt+Down")
        later.setEnabled(at < len(queue.entries) - 1)
        menu.addSeparator()
        open_it = partial(self.recipe_requested.emit, entry.recipe, entry.folder)
        menu.offer(tr("Open its recipe"), open_it, "file-text")
        menu.offer(tr("Rename"), with_it(self._rename), "pencil-simple", "F2")
        menu.addSeparator()
        menu.offer(tr("Remove from the queue"), with_it(queue.remove), "trash", "Del")
        return menu

    def _with(self, id: str, do: Callable[[int], object]) -> Callable[[], None]:
        """A call of ``do`` with the position that an entry has by then; nothing where it waits no more."""

        def call() -> None:
            if (now := self._queue.position(id)) >= 0:
                do(now)

        return call

    def _rename(self, entry: int) -> None:
        self.view.edit(self.model.index(entry + self.model.running, Column.NAME))


class _Delegate(IndentDelegate):
    """The run in progress shows its progress; a held entry says so in the color of warnings."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        t, model = tokens(), index.model()
        if isinstance(model, QueueModel) and index.column() != Column.NAME:
            held = index.column() == Column.STATUS and index.data() == tr("Needs permission")
            option.palette.setColor(option.palette.ColorRole.Text, QColor(t.warn if held else t.sec))  # type: ignore[attr-defined]

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model = index.model()
        if not (isinstance(model, QueueModel) and index.column() == Column.STATUS and model.entry(index.row()) < 0):
            super().paint(painter, option, index)
            return
        t = tokens()
        rect = QRect(option.rect)  # type: ignore[attr-defined]
        if option.state & QStyle.StateFlag.State_Selected:  # type: ignore[attr-defined]
            painter.fillRect(rect, QColor(t.sel))
        painter.save()
        progress_bar(painter, rect.adjusted(6, 0, -6, 0), model.fraction)
        painter.restore()

"""A small form beside what it is about."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from gui.text import tr
from gui.widgets.buttons import button
from gui.widgets.labels import label


class Floating(QFrame):
    """A card over the window; ``column`` holds what stands in it. Escape or a click elsewhere closes it."""

    def __init__(self) -> None:
        super().__init__(None, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        card = QFrame()
        card.setProperty("kind", "popover")
        outer.addWidget(card)
        self.column = QVBoxLayout(card)
        self.column.setContentsMargins(16, 14, 16, 14)
        self.column.setSpacing(10)

    def show_at(self, point: QPoint) -> None:
        """Open with its top left corner at ``point`` on the screen, moved where it would not fit."""
        self.adjustSize()
        screen = QGuiApplication.screenAt(point) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        left = min(point.x(), room.right() - self.width() - 8)
        top = min(point.y(), room.bottom() - self.height() - 8)
        self.move(max(room.left() + 8, left), max(room.top() + 8, top))
        self.show()


class Popover(Floating):
    """Title, a form, Cancel and one primary button; ``aside`` stands at the right of the title."""

    def __init__(
        self,
        title: str,
        note: str,
        form: QWidget,
        action: str,
        done: Callable[[], bool],
        aside: QWidget | None = None,
    ) -> None:
        super().__init__()
        self._done = done
        column = self.column
        head = QHBoxLayout()
        head.addWidget(label(title, "section"), 1)
        if aside is not None:
            head.addWidget(aside)
        column.addLayout(head)
        if note:
            column.addWidget(label(note, "caption", "sec", wrap=True))
        column.addWidget(form)
        self.error = label("", "caption", "bad", wrap=True)
        self.error.hide()
        column.addWidget(self.error)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(button(tr("Cancel"), self.close, compact=True))
        self.action = button(action, self.accept, kind="primary", compact=True)
        row.addWidget(self.action)
        column.addLayout(row)
        self.setFixedWidth(320)

    def accept(self) -> None:
        self.action.setFocus()  # a figure still being typed counts
        if self._done():
            self.close()

    def refuse(self, text: str) -> None:
        """Say why the values can't be."""
        self.error.setText(text)
        self.error.show()
        self.adjustSize()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        choosing = isinstance(self.focusWidget(), QComboBox)  # Return in its open list comes here, too
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not choosing:
            self.accept()
        else:
            super().keyPressEvent(event)

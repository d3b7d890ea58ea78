"""The search field of the toolbar: what is typed finds actions, layers, runs; Enter takes the choice."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from gui import palette
from gui.icons import icon
from gui.palette import Entry, Group
from gui.text import tr
from gui.theme import tokens
from gui.widgets.palette_list import PaletteList

PAGE = 8


class SearchBox(QLineEdit):
    """``groups()`` gives what can be found. Signals: ``refused(reason)`` when what was taken can't be done now."""

    refused = Signal(str)

    def __init__(self, groups: Callable[[], Sequence[Group]], keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups_of = groups
        self._groups: Sequence[Group] = ()
        self._list: PaletteList | None = None
        self._before: QWidget | None = None
        self.setPlaceholderText(tr("Search actions, layers, runs"))
        self.setAccessibleName(self.placeholderText())
        self.addAction(
            QAction(icon("magnifying-glass", tokens().sec), "", self), QLineEdit.ActionPosition.LeadingPosition
        )
        self.setFixedHeight(32)
        self.setMinimumWidth(150)
        self.setMaximumWidth(268)
        self._keys = QLabel(keys, self)
        self._keys.setStyleSheet(
            f"background: {tokens().sunken}; color: {tokens().sec}; border: 1px solid {tokens().line};"
            "border-radius: 4px; font-size: 11px; font-weight: 500; padding: 1px 5px;"
        )
        self.textEdited.connect(self.search)

    def sizeHint(self) -> QSize:
        return QSize(268, 32)

    def start(self) -> None:
        """Put the cursor here and show what can be found."""
        if not self.hasFocus():
            self._before = self.window().focusWidget()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()
        self.search()

    def search(self) -> None:
        """Show what the text finds."""
        shown = self._shown()
        if shown.isHidden():
            self._groups = self._groups_of()
        shown.show_hits(palette.find(self._groups, self.text(), palette.recent(), tr("Used last")), self)
        self._tell()

    def _shown(self) -> PaletteList:
        if self._list is None:
            self._list = PaletteList(self.window())
            self.destroyed.connect(self._list.deleteLater)  # it lies over the window, not in this field
            self._list.taken.connect(self.take)
        return self._list

    def _tell(self) -> None:
        """The choice is this field's description: a screen reader reads it while the keyboard stays here."""
        entry = self._shown().chosen
        said = ", ".join(part for part in (entry.title, entry.reason, entry.shortcut) if part) if entry else ""
        self.setAccessibleDescription(said)

    def take(self, entry: Entry) -> None:
        """Do what ``entry`` says, or say why not."""
        if entry.reason:
            self.refused.emit(entry.reason)
            return
        self.close_list()
        palette.use(entry.key)
        entry.call()

    def close_list(self) -> None:
        """Back to where the keyboard was before."""
        self.clear()
        if self._list is not None:
            self._list.hide()
        self._groups = ()
        before, self._before = self._before, None
        if self.hasFocus() and before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.clearFocus()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.search()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason and self._list is not None:
            self._list.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shown = self._list is not None and not self._list.isHidden()
        moves = {
            Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: PAGE, Qt.Key.Key_PageUp: -PAGE,
        }  # fmt: skip
        if event.key() in moves and not shown:
            self.search()
        elif event.key() in moves:
            for _ in range(abs(moves[Qt.Key(event.key())])):
                self._shown().move_choice(1 if moves[Qt.Key(event.key())] > 0 else -1)
            self._tell()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if shown and (entry := self._shown().chosen) is not None:
                self.take(entry)
        elif event.key() == Qt.Key.Key_Escape:
            self.close_list()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self._keys.setVisible(not self.text() and self.width() > 250)
        self._keys.adjustSize()
        self._keys.move(self.width() - self._keys.width() - 6, (self.height() - self._keys.height()) // 2)

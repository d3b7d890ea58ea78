"""The search field of the toolbar: finds actions and layers, Enter goes there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QFocusEvent, QIcon, QKeyEvent, QPaintEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLabel, QLineEdit, QWidget

from gui.icons import icon
from gui.text import tr
from gui.theme import tokens

Entry = tuple[str, QIcon, Any]
TARGET = Qt.ItemDataRole.UserRole + 1


class SearchBox(QLineEdit):
    """``entries()`` gives (text, icon, target); ``chosen(target)`` when one was taken."""

    chosen = Signal(object)

    def __init__(self, entries: Callable[[], Iterable[Entry]], keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries = entries
        self.setPlaceholderText(tr("Search actions and layers"))
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
        self._model = QStandardItemModel(self)
        completer = QCompleter(self._model, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setMaxVisibleItems(12)
        completer.activated[QModelIndex].connect(self._taken)  # type: ignore[index]
        self.setCompleter(completer)

    def sizeHint(self) -> QSize:
        return QSize(268, 32)

    def start(self) -> None:
        """Put the cursor here."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._model.clear()
        for text, sign, target in self._entries():
            item = QStandardItem(sign, text)
            item.setData(target, TARGET)
            item.setEditable(False)
            self._model.appendRow(item)
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            completer = self.completer()
            if self.text() and completer.completionCount():
                self._taken(completer.completionModel().index(0, 0))
        elif event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.clearFocus()
        else:
            super().keyPressEvent(event)

    def _taken(self, index: QModelIndex) -> None:
        target = index.data(TARGET)
        popup = self.completer().popup()
        if popup is not None:
            popup.hide()
        QTimer.singleShot(0, self.clear)  # after the completer has written the text it completed
        self.clearFocus()
        if target is not None:
            self.chosen.emit(target)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self._keys.setVisible(not self.text() and self.width() > 250)
        self._keys.adjustSize()
        self._keys.move(self.width() - self._keys.width() - 6, (self.height() - self._keys.height()) // 2)

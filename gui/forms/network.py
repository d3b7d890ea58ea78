"""The editor of a network: the original, a file, or what a finished run made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QWidget

from gui.forms.editors import Combo, ReasonDelegate, refuse
from gui.forms.numbers import Tell
from gui.network_text import ORIGINAL, network_text
from gui.text import tr
from gui.widgets.reason_menu import ReasonMenu

FILE, RUN = object(), object()
"""Entries that ask for more."""


class NetworkEditor(Combo):
    """Told as ``original``, a path, or the section that was there before."""

    def __init__(
        self, value: Any, tell: Tell, runs: Callable[[], Sequence[tuple[str, Path]]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._value, self._tell, self._runs = value, tell, runs
        self.setMinimumContentsLength(6)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setItemDelegate(ReasonDelegate(self))
        self._show()
        self.activated.connect(self._chosen)

    def _show(self) -> None:
        self.clear()
        runs = self._runs()
        self.addItem(network_text(ORIGINAL), ORIGINAL)
        if self._value not in (None, ORIGINAL):
            self.addItem(network_text(self._value, runs), self._value)
            self.setItemData(1, str(self._value), Qt.ItemDataRole.ToolTipRole)
        self.setCurrentIndex(self.count() - 1)
        self.setToolTip("" if self.count() == 1 else str(self._value))
        self.addItem(tr("A file…"), FILE)
        self.addItem(tr("A finished run…"), RUN)
        refuse(self, self.count() - 1, "" if runs else tr("No run has finished yet"))

    def showPopup(self) -> None:
        self._show()  # another run may have finished
        super().showPopup()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows open the list: on their way through it they would ask for a file."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.showPopup()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def _chosen(self, row: int) -> None:
        chosen = self.itemData(row)
        self._show()  # until more is known
        if chosen is FILE:
            self._browse()
        elif chosen is RUN:
            self.run_menu().popup(self.mapToGlobal(self.rect().bottomLeft()))
        elif chosen != self._value:
            self.set_value(chosen)

    def set_value(self, value: Any) -> None:
        """Show ``value`` and tell it."""
        self._value = value
        self._show()
        self._tell(value)

    def run_menu(self) -> ReasonMenu:
        """The finished runs; deleted when it is closed."""
        menu = ReasonMenu(parent=self)
        menu.aboutToHide.connect(menu.deleteLater)
        for title, folder in self._runs():
            menu.offer(title, partial(self.set_value, str(folder)), "clock", tip=str(folder))
        return menu

    def _browse(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr("Choose a file"))
        if path:
            self.set_value(path)

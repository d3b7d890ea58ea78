"""A line for a path with a button that browses for it."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QMenu, QWidget

from gui.icons import icon
from gui.text import tr
from gui.widgets.buttons import button

Kind = Literal["file", "folder", "both"]


class PathField(QWidget):
    """``kind`` says what can be chosen; a file dropped on the line is taken too.

    Signals:
        changed(str): the path, as it is typed or chosen.
    """

    changed = Signal(str)

    def __init__(
        self, text: str = "", kind: Kind = "file", filters: str = "", hint: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._filters = filters
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.line = QLineEdit(text)
        self.line.setPlaceholderText(hint)
        self.line.textChanged.connect(self.changed)
        self.setFocusProxy(self.line)
        browse = button(tr("Browse…"))
        if kind == "both":
            menu = QMenu(browse)
            menu.addAction(icon("folder"), tr("Folder…"), lambda: self._browse(folder=True))
            menu.addAction(icon("file"), tr("File…"), lambda: self._browse(folder=False))
            browse.setMenu(menu)
        else:
            browse.clicked.connect(lambda: self._browse(folder=kind == "folder"))
        row.addWidget(self.line, 1)
        row.addWidget(browse)

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.line.setAccessibleName(name)

    @property
    def text(self) -> str:
        return self.line.text().strip()

    def _browse(self, *, folder: bool) -> None:
        title = tr("Choose a folder") if folder else tr("Choose a file")
        dialog = QFileDialog(self, title, self.text, "" if folder else self._filters)
        dialog.setFileMode(QFileDialog.FileMode.Directory if folder else QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.line.setText)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

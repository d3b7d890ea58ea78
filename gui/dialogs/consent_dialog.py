"""A Python file wants to run: which one, its content's fingerprint, Allow or Don't allow.

``ConsentDialog(file, sha256, imports)``: ``imports`` are the modules that the file names, where that is known.
``accepted`` and ``rejected`` are QDialog's. Nothing is stored here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QFrame, QGridLayout, QPlainTextEdit, QWidget

from gui.dialogs.sheet import Sheet
from gui.text import tr
from gui.theme import tokens
from gui.widgets.buttons import button
from gui.widgets.labels import ElidedLabel
from gui.widgets.text_label import restyle, text_label

LONGEST = 400_000
"""Characters of the file that are shown."""


class ConsentDialog(Sheet):
    """Asks once per file and content."""

    def __init__(self, file: str, sha256: str, imports: Sequence[str] = (), parent: QWidget | None = None) -> None:
        path = Path(file)
        super().__init__(
            tr("Allow {file} to run?", file=path.name),
            tr("Opening this network runs the file's code, which can do anything you can. Allow it if you trust it."),
            600,
            parent,
        )
        t = tokens()
        facts = QFrame()
        facts.setProperty("kind", "sunken")
        grid = QGridLayout(facts)
        grid.setContentsMargins(14, 10, 14, 10)
        grid.setVerticalSpacing(6)
        grid.setColumnMinimumWidth(0, 96)
        grid.setColumnStretch(1, 1)
        rows = (
            (tr("File"), str(path)),
            *([(tr("Imports"), ", ".join(imports))] if imports else []),
            (tr("SHA-256"), f"{sha256[:16]}…"),
            (tr("Asked again"), tr("if the content changes")),
        )
        for row, (name, text) in enumerate(rows):
            grid.addWidget(text_label(name, 12, 400, t.sec), row, 0)
            label = ElidedLabel(text)
            restyle(label, 12, 500)
            grid.addWidget(label, row, 1)
        self.body.addWidget(facts)
        self._view = button(tr("View the file"), self.show_file, icon_name="eye", kind="ghost")
        self.body.addWidget(self._view, 0, Qt.AlignmentFlag.AlignLeft)
        self._path = path
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setMinimumHeight(260)
        self.text.setAccessibleName(tr("Content of the file"))
        self.text.hide()
        self.body.addWidget(self.text, 1)
        self.footer.addStretch(1)
        self.refuse = button(tr("Don't allow"), self.reject)
        self.refuse.setDefault(True)
        self.allow = button(tr("Allow"), self.accept, kind="primary")
        self.footer.addWidget(self.refuse)
        self.footer.addWidget(self.allow)
        self.refuse.setFocus()

    def show_file(self) -> None:
        """Show what would be run."""
        try:
            text = self._path.read_text(encoding="utf-8", errors="replace")[:LONGEST]
        except OSError as error:
            text = tr("The file can't be read: {reason}", reason=error.strerror or str(error))
        self.text.setPlainText(text)
        self.text.show()
        self._view.hide()

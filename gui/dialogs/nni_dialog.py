"""Import NNI's config_list: paste or open it, see the stages it becomes and what could not be carried over.

``NniDialog(inspection, catalogue, text)``.

Signals:
    imported(tuple, bool): the stages, and whether they take the place of those that are there.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from backend.answers import Inspection
from backend.description import Catalogue
from backend.errors import CompressionError
from backend.recipe import Imported, Stage, import_nni, nni_algorithms
from gui import stage_text
from gui.dialogs.sheet import Sheet
from gui.forms import Combo
from gui.icons import pixmap
from gui.text import message, plural, tr
from gui.theme import tokens
from gui.widgets.buttons import button
from gui.widgets.code_editor import CodeEditor
from gui.widgets.labels import Paragraph, label

PAUSE = 250
"""Milliseconds without a key after which the preview follows."""
LONGEST = 400_000
"""Bytes of a file that is read."""


class NniDialog(Sheet):
    """See the module's text. Nothing of the text is run."""

    imported = Signal(object, bool)

    def __init__(
        self, inspection: Inspection, catalogue: Catalogue, text: str = "", parent: QWidget | None = None
    ) -> None:
        subtitle = tr("A config_list, or the script that holds one: it is read, and never run.")
        super().__init__(tr("Import NNI config"), subtitle, 880, parent)
        self._inspection, self._catalogue = inspection, catalogue
        self.found: Imported | None = None
        self.resize(900, 560)
        self.text = CodeEditor("python", tr("NNI config"))
        self.text.setUndoRedoEnabled(True)
        self.text.undo_wanted.connect(self.text.undo)
        self.text.redo_wanted.connect(self.text.redo)
        self.text.setPlaceholderText("config_list = [{'op_types': ['Conv2d'], 'sparsity': 0.5}]")
        self.algorithm = Combo()
        self.algorithm.setAccessibleName(tr("Algorithm"))
        self.algorithm.addItem(tr("As the text says"), "")
        for name in nni_algorithms():
            self.algorithm.addItem(name, name)
        self.algorithm.currentIndexChanged.connect(lambda _: self._read())
        row = QHBoxLayout()
        row.addWidget(button(tr("Open file…"), self._browse, icon_name="folder-open", compact=True))
        row.addWidget(button(tr("Paste"), self._paste, icon_name="clipboard-text", compact=True))
        row.addStretch(1)
        row.addWidget(label(tr("Algorithm"), "caption", "sec"))
        row.addWidget(self.algorithm)
        self.body.addLayout(row)
        self.preview = QScrollArea()
        self.preview.setWidgetResizable(True)
        self.preview.setAccessibleName(tr("Preview"))
        self.preview.setFrameShape(QFrame.Shape.NoFrame)
        self.preview.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        halves = QHBoxLayout()
        halves.setSpacing(20)
        halves.addWidget(self.text, 1)
        halves.addWidget(self.preview, 1)
        self.body.addLayout(halves, 1)
        self._buttons()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self._read)
        self.text.textChanged.connect(self._pause.start)
        self.text.setPlainText(text)
        self._read()
        self.text.setFocus()

    def _buttons(self) -> None:
        self.footer.addStretch(1)
        self.footer.addWidget(button(tr("Cancel"), self.reject))
        self.add = button(tr("Add after my stages"), lambda: self._done(replace=False))
        self.replace = button(tr("Replace my stages"), lambda: self._done(replace=True), kind="primary")
        self.footer.addWidget(self.add)
        self.footer.addWidget(self.replace)

    def _read(self) -> None:
        self._pause.stop()
        self.found, problem = None, ""
        try:
            self.found = import_nni(
                self.text.toPlainText(), self._inspection.layers, self._catalogue, str(self.algorithm.currentData())
            )
        except CompressionError as error:
            problem = f"{message(error.message)} {message(error.hint)}".strip()
        self._show(problem if self.text.toPlainText().strip() else tr("The stages appear here."))

    def _show(self, problem: str) -> None:
        for one in (self.add, self.replace):
            one.setEnabled(self.found is not None)
        body = QWidget()
        body.setProperty("surface", "panel")
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(6)
        if self.found is None:
            column.addWidget(Paragraph(problem))
        else:
            count = len(self.found.stages)
            title = plural(count, "{count} stage, read for {algorithm}", "{count} stages, read for {algorithm}",
                           algorithm=self.found.algorithm)  # fmt: skip
            column.addWidget(label(title, "section", wrap=True))
            for stage in self.found.stages:
                for acting in (stage, *stage.during):
                    row = QHBoxLayout()
                    row.setContentsMargins(0 if acting is stage else 16, 0, 0, 0)
                    row.addWidget(self._stage(acting))
                    column.addLayout(row)
            if self.found.notes:
                column.addSpacing(6)
                column.addWidget(label(tr("What means something else here"), "section", wrap=True))
            for note in self.found.notes:
                column.addLayout(_note(message(note)))
        column.addStretch(1)
        self.preview.setWidget(body)

    def _stage(self, stage: Stage) -> QFrame:
        card = QFrame()
        card.setProperty("kind", "sunken")
        column = QVBoxLayout(card)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(2)
        column.addWidget(label(stage_text.title(stage, self._catalogue), "strong"))
        column.addWidget(label(stage_text.summary(stage, self._catalogue), "caption", "sec", wrap=True))
        for rule in stage.layers:
            text = tr("{layer}: {rule}", layer=rule.pattern, rule=stage_text.rule_text(rule, self._catalogue))
            column.addWidget(label(text, "caption", wrap=True))
        return card

    def _paste(self) -> None:
        self.text.setPlainText(QGuiApplication.clipboard().text())
        self._read()

    def _browse(self) -> None:
        kinds = tr("Python, JSON, YAML") + " (*.py *.json *.yaml *.yml *.txt)"
        dialog = QFileDialog(self, tr("Open a config_list"), "", kinds)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.read_file(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def read_file(self, path: Path) -> None:
        """Show the text of a file."""
        try:
            with path.open("rb") as file:
                text = file.read(LONGEST).decode("utf-8-sig", errors="replace")
        except OSError as error:
            self.found = None
            self._show(tr("The file can't be read: {reason}", reason=error.strerror or str(error)))
            return
        self.text.setPlainText(text)
        self._read()

    def _done(self, *, replace: bool) -> None:
        if self.found is not None:
            self.imported.emit(self.found.stages, replace)
            self.accept()


def _note(text: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    sign = QLabel()
    sign.setPixmap(pixmap("warning", tokens().warn, 14))
    sign.setFixedSize(14, 18)
    row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(label(text, "caption", wrap=True), 1)
    return row

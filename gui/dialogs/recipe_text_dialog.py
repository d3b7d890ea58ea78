"""The recipe as text: YAML, the command, the Python script. It stays open beside the window.

``RecipeTextDialog(document)`` shows the open recipe; its YAML can be edited, and the window follows each pause in
typing as one step of undo. ``RecipeTextDialog(document, shown)`` shows another recipe, such as a run's, to be read.

Signals:
    save_wanted(): the open recipe is to be saved as a file, which the command then names.
    failed(object): a CompressionError; the script could not be written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

import backend
from backend.errors import CompressionError, RecipeError
from backend.files import write_text
from backend.recipe import (
    Recipe,
    command_of,
    command_text,
    read_recipe,
    recipe_from_yaml,
    recipe_to_yaml,
    script_of,
)
from gui.dialogs.export_parts import file_stem
from gui.dialogs.sheet import Sheet
from gui.document import Document
from gui.icons import pixmap
from gui.text import message, tr
from gui.theme import tokens
from gui.widgets.buttons import button
from gui.widgets.code_editor import CodeEditor
from gui.widgets.labels import Paragraph
from gui.widgets.segmented import Segmented
from gui.widgets.text_label import restyle, text_label

PAUSE = 400
"""Milliseconds without a key after which the window follows."""
PARE = Path(backend.__file__).resolve().parents[1]


@dataclass(frozen=True)
class Shown:
    """A recipe to be read: ``file`` holds it, and its paths are relative to ``folder``."""

    recipe: Recipe
    folder: Path
    file: Path
    title: str


class RecipeTextDialog(Sheet):
    """See the module's text."""

    save_wanted = Signal()
    failed = Signal(object)

    def __init__(self, document: Document, shown: Shown | None = None, parent: QWidget | None = None) -> None:
        title = tr("Recipe as text") if shown is None else tr("Recipe of {run}", run=shown.title)
        super().__init__(title, "", 720, parent)
        self._document, self._shown = document, shown
        self._own = False
        self.setSizeGripEnabled(True)
        self.resize(760, 560)
        options = [("yaml", tr("YAML")), ("command", tr("Command line")), ("script", tr("Python script"))]
        self.view = Segmented(options, "yaml", tr("Shown as"))
        self.view.changed.connect(lambda _: self._turned())
        row = QHBoxLayout()
        row.addWidget(self.view)
        row.addStretch(1)
        self.body.addLayout(row)
        self.pages = QStackedWidget()
        self.body.addWidget(self.pages, 1)
        self.yaml = CodeEditor("yaml", tr("Recipe as YAML"), read_only=shown is not None)
        self.command = CodeEditor("plain", tr("Command that reproduces the run"), read_only=True)
        self.command.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.script = CodeEditor("python", tr("Script that reproduces the run"), read_only=True)
        for page in (self.yaml, self._command_page(), self.script):
            self.pages.addWidget(page)
        self._footer()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self._apply)
        self._connect()
        self._fill()
        self.yaml.setFocus()

    def _command_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.command, 1)
        self.note = Paragraph()
        column.addWidget(self.note)
        self.save = button(tr("Save recipe as…"), self.save_wanted.emit, icon_name="floppy-disk", compact=True)
        row = QHBoxLayout()
        row.addWidget(self.save)
        row.addStretch(1)
        column.addLayout(row)
        return page

    def _footer(self) -> None:
        self.sign = QLabel()
        self.says = text_label("", 12, wrap=True)
        self.footer.addWidget(self.sign)
        self.footer.addWidget(self.says, 1)
        self.write = button(tr("Save script…"), self._save_script)
        self.copy = button(tr("Copy"), self._copy, icon_name="copy")
        self.footer.addWidget(self.write)
        self.footer.addWidget(self.copy)
        self.footer.addWidget(button(tr("Close"), self.close))

    def _connect(self) -> None:
        find = QShortcut(QKeySequence("Ctrl+Tab"), self)
        find.activated.connect(self._next_view)
        if self._shown is not None:
            return
        self.yaml.textChanged.connect(self._typed)
        self.yaml.undo_wanted.connect(self._undo)
        self.yaml.redo_wanted.connect(self._document.undo_stack.redo)
        self._document.recipe_changed.connect(self._follow)
        self._document.undo_stack.cleanChanged.connect(self._show)

    def _next_view(self) -> None:
        order = ["yaml", "command", "script"]
        self.turn_to(order[(order.index(self.view.value) + 1) % 3])

    def turn_to(self, view: str) -> None:
        """Show ``yaml``, ``command`` or ``script``."""
        self.view.set_value(view)
        self._turned()

    def _turned(self) -> None:
        if self.yaml.error is None:
            self._say()
        self._show()

    # What is shown

    @property
    def recipe(self) -> Recipe | None:
        return self._shown.recipe if self._shown is not None else self._document.recipe

    def _fill(self) -> None:
        if self.recipe is not None:
            self._own = True
            self.yaml.setPlainText(recipe_to_yaml(self.recipe))
            self._own = False
        self._say()
        self._show()

    def _show(self) -> None:
        """Bring the chosen view up to date."""
        pages: Mapping[str, int] = {"yaml": 0, "command": 1, "script": 2}
        self.pages.setCurrentIndex(pages[self.view.value])
        self.write.setVisible(self.view.value == "script")
        if self._pause.isActive() and self.view.value != "yaml":
            self._apply()
        recipe, catalogue = self.recipe, self._document.catalogue
        if recipe is None or catalogue is None:
            return
        if self.view.value == "command":
            file, written = self._file()
            words = command_of(recipe, file, self._folder, written, catalogue)
            self.command.replace_text(command_text(words))
            self._explain(file)
        elif self.view.value == "script":
            self.script.replace_text(script_of(recipe, self._folder, PARE))

    @property
    def _folder(self) -> Path:
        return self._shown.folder if self._shown is not None else self._document.folder

    def _file(self) -> tuple[Path, Recipe | None]:
        """The file that the command names, and the recipe in it where that may be another."""
        if self._shown is not None:
            return self._shown.file, None
        document = self._document
        if document.path is None:
            return Path(f"{file_stem(document.name)}.yaml"), None
        if document.catalogue is None:
            return document.path, None
        try:
            return document.path, read_recipe(document.path, document.catalogue)
        except CompressionError:
            return document.path, None

    def _explain(self, file: Path) -> None:
        saved = self._shown is not None or self._document.path is not None
        self.save.setVisible(not saved)
        if not saved:
            text = tr("This recipe is no file yet: save it, and the command names its place.")
        elif self._shown is None and self._document.dirty:
            text = tr("Run it in Pare's folder. What is not saved in {file} is set by the command.", file=file.name)
        else:
            text = tr("Run it in Pare's folder; add --output FOLDER to say where the results go.")
        self.note.setText(text)

    # Editing

    def _typed(self) -> None:
        if not self._own:
            self._pause.start()

    def _apply(self) -> None:
        """Have the window follow the text, or say what is wrong with it."""
        self._pause.stop()
        catalogue = self._document.catalogue
        if catalogue is None or self._document.recipe is None or self._shown is not None:
            return
        try:
            recipe = recipe_from_yaml(self.yaml.toPlainText(), catalogue)
        except RecipeError as error:
            self._wrong(error)
            return
        self._right()
        self._own = True
        try:
            self._document.edit(recipe, tr("Edit as text"))
        finally:
            self._own = False
        self._say()

    def _wrong(self, error: RecipeError) -> None:
        sentence = message(error.message)
        self.yaml.set_error(error.line or 1, sentence)
        self._say(f"{sentence} {message(error.hint)}".strip(), "x-circle-fill", tokens().bad)

    def _right(self) -> None:
        self.yaml.set_error(None)

    def _undo(self) -> None:
        """Take back a step of the window's undo; first what is typed and can't be read."""
        if self._pause.isActive():
            self._apply()
        if self.yaml.error is not None:
            self._put_back()
        else:
            self._document.undo_stack.undo()

    def _put_back(self) -> None:
        """The text of the recipe as the window has it."""
        self._pause.stop()
        self._right()
        if self._document.recipe is not None:
            self._own = True
            self.yaml.replace_text(recipe_to_yaml(self._document.recipe))
            self._own = False
        self._say()

    def _follow(self) -> None:
        """The recipe was edited in the window, undone, or another one was opened."""
        if not self._own and self._document.recipe is not None and not self._means(self._document.recipe):
            lost = self.yaml.error is not None
            self._put_back()
            if lost:
                text = tr("The recipe was edited in the window; what could not be read was replaced.")
                self._say(text, "warning", tokens().warn)
        if self.view.value != "yaml":
            self._show()

    def _means(self, recipe: Recipe) -> bool:
        """Whether the text stands for ``recipe`` already, in whatever layout."""
        try:
            return self._document.catalogue is not None and (
                recipe_from_yaml(self.yaml.toPlainText(), self._document.catalogue) == recipe
            )
        except RecipeError:
            return False

    # The footer

    def _say(self, text: str = "", icon_name: str = "", color: str = "") -> None:
        if not text:
            typed = self._shown is None and self.view.value == "yaml"
            text = tr("The window follows as you type") if typed else ""
        restyle(self.says, 12, 400, color or tokens().sec)
        self.says.setText(text)
        self.sign.setVisible(bool(icon_name))
        if icon_name:
            self.sign.setPixmap(pixmap(icon_name, color, 14))

    def _copy(self) -> None:
        page = {"yaml": self.yaml, "command": self.command, "script": self.script}[self.view.value]
        QGuiApplication.clipboard().setText(page.toPlainText())
        self._say(tr("Copied"), "check-circle-fill", tokens().ok)

    def _save_script(self) -> None:
        recipe = self.recipe
        start = f"{file_stem(recipe.name if recipe is not None else '')}.py"
        dialog = QFileDialog(self, tr("Save script"), start, tr("Python files (*.py)"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("py")
        dialog.fileSelected.connect(self.save_script)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save_script(self, path: str) -> None:
        """Write the script that is shown."""
        try:
            write_text(Path(path), self.script.toPlainText())
        except CompressionError as error:
            self.failed.emit(error)
        else:
            self._say(tr("Saved as {file}.", file=Path(path).name), "check-circle-fill", tokens().ok)

    def closeEvent(self, event: QCloseEvent) -> None:
        """What was typed last is not lost."""
        if self._pause.isActive():
            self._apply()
        super().closeEvent(event)

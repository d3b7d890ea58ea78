"""Language, theme, the folder of the runs, threads. Every choice applies at once.

``SettingsDialog(language, theme, workspace, threads, most_threads)`` shows what is set; who opens it
stores and applies what ``changed`` tells.

Signals:
    changed(str, object): "language" (system, en, zh_CN), "theme" (system, light, dark), "workspace"
        (a folder), "threads" (0: all) or "tensorboard" (whether each run gets an event file).
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QWidget

from gui.dialogs.path_field import PathField
from gui.dialogs.sheet import LABEL, Sheet, field
from gui.forms import Combo
from gui.languages import LANGUAGES
from gui.text import tr
from gui.theme import tokens
from gui.widgets.buttons import button
from gui.widgets.segmented import Segmented
from gui.widgets.text_label import text_label
from gui.widgets.toggle import Toggle


class SettingsDialog(Sheet):
    """``most_threads`` 0 leaves the threads out."""

    changed = Signal(str, object)

    def __init__(
        self,
        language: str,
        theme: str,
        workspace: str,
        threads: int = 0,
        most_threads: int = 0,
        parent: QWidget | None = None,
        *,
        tensorboard: bool = False,
    ) -> None:
        super().__init__(tr("Settings"), parent=parent)
        self.language = Combo()
        self.language.addItem(tr("As the system"), "system")
        for code, name in LANGUAGES.items():
            self.language.addItem(name, code)
        self.language.setCurrentIndex(max(0, self.language.findData(language)))
        self.language.currentIndexChanged.connect(lambda _: self.changed.emit("language", self.language.currentData()))
        self.body.addLayout(field(tr("Language"), self.language))
        choices = [("system", tr("System")), ("light", tr("Light")), ("dark", tr("Dark"))]
        self.theme = Segmented(choices, theme, tr("Theme"))
        self.theme.changed.connect(lambda value: self.changed.emit("theme", value))
        self.body.addLayout(field(tr("Theme"), _left(self.theme)))
        self.workspace = PathField(workspace, "folder")
        self.workspace.line.editingFinished.connect(self._folder)
        self.workspace.changed.connect(lambda _: None if self.workspace.line.hasFocus() else self._folder())
        self._told = workspace
        self.body.addLayout(field(tr("Runs"), self.workspace))
        self._note(tr("Each run is a folder here, with its recipe, figures and checkpoints."))
        if most_threads:
            self._threads(threads, most_threads)
        self.tensorboard = Toggle(tensorboard, tr("TensorBoard"))
        self.tensorboard.toggled.connect(lambda on: self.changed.emit("tensorboard", on))
        self.body.addLayout(field(tr("TensorBoard"), _left(self.tensorboard)))
        self._note(tr("Writes an event file for each run, in its folder."))
        self.body.addStretch(1)
        self.footer.addStretch(1)
        self.footer.addWidget(button(tr("Done"), self.accept, kind="primary"))

    def _threads(self, threads: int, most: int) -> None:
        self.threads = QSpinBox()
        self.threads.setRange(0, most)
        self.threads.setSpecialValueText(tr("All"))
        self.threads.setValue(threads)
        self.threads.setFixedWidth(120)
        self.threads.lineEdit().setTextMargins(6, 0, 0, 0)
        self.threads.setAccessibleName(tr("Threads"))
        self.threads.valueChanged.connect(lambda count: self.changed.emit("threads", count))
        self.body.addLayout(field(tr("Threads"), _left(self.threads)))
        self._note(tr("Used by the engine when it starts the next time."))

    def _note(self, text: str) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(LABEL + 8, 0, 0, 4)
        row.addWidget(text_label(text, 12, 400, tokens().sec, wrap=True), 1)
        self.body.addLayout(row)

    def _folder(self) -> None:
        if self.workspace.text and self.workspace.text != self._told:
            self._told = self.workspace.text
            self.changed.emit("workspace", self._told)


def _left(widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(widget)
    row.addStretch(1)
    return row

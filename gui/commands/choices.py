"""Network, data, device, and the settings of the window."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from backend import __version__
from backend.errors import CompressionError
from backend.recipe import DATA_PARAMETERS, ModelSpec
from gui import languages, menus
from gui.running import workspace
from gui.text import tr
from gui.theme import Choice, apply_theme

if TYPE_CHECKING:
    from gui.main_window import MainWindow


class ChoiceCommands:
    """Dialogs whose answer is an edit of the recipe or a setting."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def choose_network(self) -> None:
        recipe = self._window.document.recipe
        self.ask_network(recipe.model.to_data() if recipe is not None else {})

    def ask_network(self, model: dict[str, Any]) -> None:
        from gui.dialogs.model_dialog import ModelDialog

        if self._window.document.catalogue is not None:
            dialog = ModelDialog(self._window.document.catalogue, model, self._window.opener.look, self._window)
            dialog.chosen.connect(self._open_network)
            dialog.open()

    def _open_network(self, model: dict[str, Any]) -> None:
        self._window.files.when_saved(lambda: self._window.opener.network(ModelSpec.from_data(model)))

    def choose_data(self) -> None:
        from gui.dialogs.data_dialog import DataDialog

        recipe, catalogue = self._window.document.recipe, self._window.document.catalogue
        if recipe is not None and catalogue is not None:
            dialog = DataDialog(catalogue, recipe.data.to_data(), self._window)
            dialog.chosen.connect(self._use_data)
            dialog.open()

    def _use_data(self, data: dict[str, Any]) -> None:
        edits = {f"data.{p.name}": data.get(p.name) for p in DATA_PARAMETERS}
        self.set_values(edits, tr("Data"))

    def choose_device(self) -> None:
        from gui.dialogs.device_menu import device_menu

        recipe, hello = self._window.document.recipe, self._window.engine.hello
        if recipe is not None:
            capabilities = hello.capabilities if hello is not None else {}
            menu = device_menu(capabilities, recipe.device, lambda d: self.set_values({"device": d}, tr("Device")))
            menus.below(self._window.frame.toolbar.device, menu)

    def settings(self) -> None:
        from gui.dialogs.settings_dialog import SettingsDialog

        threads = int(str(QSettings().value("threads", 0)))
        most = os.cpu_count() or 1
        dialog = SettingsDialog(
            languages.chosen(),
            self.theme_choice(),
            str(workspace()),
            threads,
            most,
            self._window,
            tensorboard=self._window.texts.each_run(),
        )
        dialog.changed.connect(partial(self._set, dialog))
        dialog.open()

    def _set(self, dialog: QWidget, name: str, value: Any) -> None:
        match name:
            case "language" | "theme":
                self.set_language(value) if name == "language" else self.set_theme(value)
                dialog.close()
                self.settings()  # in the words and colors just chosen
            case "workspace":
                self.set_workspace(Path(value))
            case "threads":
                QSettings().setValue("threads", int(value))
            case "tensorboard":
                QSettings().setValue("tensorboard", bool(value))

    def set_values(self, edits: dict[str, Any], label: str) -> None:
        """Edit the recipe; what can't be is said."""
        try:
            self._window.document.set_values(edits, label)
        except CompressionError as error:
            self._window.problems.show_problem(error)

    def theme_choice(self) -> Choice:
        found = str(QSettings().value("theme", "system"))
        return found if found in ("light", "dark") else "system"  # type: ignore[return-value]

    def follow_scheme(self) -> None:
        self.set_theme(self.theme_choice())

    def set_theme(self, choice: Choice) -> None:
        """Light, dark, or as the system has it."""
        QSettings().setValue("theme", choice)
        app = QApplication.instance()
        if isinstance(app, QApplication) and apply_theme(app, choice):
            self._window.rebuild()

    def set_language(self, code: str) -> None:
        """``en``, ``zh_CN`` or ``system``."""
        languages.choose(code)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            languages.install(app)
            self._window.rebuild()

    def set_workspace(self, folder: Path) -> None:
        """Keep runs in ``folder`` from now on."""
        QSettings().setValue("workspace", str(folder))
        self._window.runs.workspace = folder
        self._window.runs.reload()
        self._window.queue.follow_workspace()

    def about(self) -> None:
        text = tr("Pare {version}. Makes PyTorch networks smaller and faster, and proves it.", version=__version__)
        box = QMessageBox(QMessageBox.Icon.NoIcon, tr("About Pare"), text, QMessageBox.StandardButton.Ok, self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

"""New, open, save: the recipe as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog, QMessageBox

from backend.errors import CompressionError
from backend.recipe import Recipe
from backend.workspace import RECIPE
from gui.text import tr

if TYPE_CHECKING:
    from gui.main_window import MainWindow


class FileCommands:
    """Asks about unsaved edits before they would be gone."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def choose_file(self) -> None:
        kinds = tr("Networks and recipes")
        filters = f"{kinds} (*.yaml *.yml *.pt *.pth *.ckpt *.bin *.safetensors *.py *.pare *.onnx)"
        folder = str(QSettings().value("folder", ""))
        path, _ = QFileDialog.getOpenFileName(self._window, tr("Open a network or a recipe"), folder, filters)
        if path:
            QSettings().setValue("folder", str(Path(path).parent))
            self.open_file(Path(path))

    def open_file(self, path: Path) -> None:
        if self.may_leave():
            self._window.opener.open(Path(path))

    def open_sample(self) -> None:
        if self.may_leave():
            self._window.opener.sample()

    def open_run_recipe(self, folder: Path) -> None:
        """Open the recipe that filled a run's folder, as a template."""
        if not self.may_leave():
            return
        try:
            self._window.document.open(Path(folder) / RECIPE, template=True)
        except CompressionError as error:
            self._window.problems.show_problem(error)

    def new_recipe(self) -> None:
        """The same network without stages."""
        old = self._window.document.recipe
        if old is not None and self.may_leave():
            inspection = self._window.document.inspection
            self._window.document.start(
                Recipe(old.model, old.data, (), device=old.device), self._window.document.folder
            )
            if inspection is not None:
                self._window.document.set_inspection(inspection)

    def save(self) -> None:
        if self._window.document.path is None:
            self.save_as()
        else:
            self._save(self._window.document.path)

    def save_as(self) -> None:
        start = (
            self._window.document.path
            or Path(str(QSettings().value("folder", ""))) / f"{self._window.document.name}.yaml"
        )
        path, _ = QFileDialog.getSaveFileName(self._window, tr("Save recipe"), str(start), tr("Recipe") + " (*.yaml)")
        if path:
            self._save(Path(path).with_suffix(".yaml") if not Path(path).suffix else Path(path))

    def _save(self, path: Path) -> None:
        try:
            self._window.document.save(path)
        except CompressionError as error:
            self._window.problems.show_problem(error)
        else:
            self._window.say(tr("Saved as {file}.", file=path.name))
        self._window.follow_recipe()

    def may_leave(self) -> bool:
        """Ask about unsaved edits before they are gone."""
        if not self._window.document.is_open or not self._window.document.dirty:
            return True
        box = QMessageBox(self._window)
        box.setWindowTitle(tr("Unsaved recipe"))
        box.setText(tr("The recipe {name} has edits that are not saved.", name=self._window.document.name))
        save = box.addButton(tr("Save"), QMessageBox.ButtonRole.AcceptRole)
        drop = box.addButton(tr("Discard"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(save)
        box.exec()
        if box.clickedButton() is save:
            self.save()
            return not self._window.document.dirty
        return box.clickedButton() is drop

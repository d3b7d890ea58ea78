"""New, open, save: the recipe as a file."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog

from backend.errors import CompressionError
from backend.recipe import ModelSpec, Recipe, read_recipe
from backend.workspace import RECIPE
from gui.text import tr
from gui.widgets.question import Answer, ask

if TYPE_CHECKING:
    from gui.main_window import MainWindow


class FileCommands:
    """Asks about unsaved edits before they would be gone."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def choose_file(self) -> None:
        kinds = tr("Networks and recipes")
        filters = f"{kinds} (*.yaml *.yml *.pt *.pth *.th *.ckpt *.bin *.safetensors *.py *.pare *.onnx)"
        folder = str(QSettings().value("folder", "") or Path.home())
        path, _ = QFileDialog.getOpenFileName(self._window, tr("Open a network or a recipe"), folder, filters)
        if path:
            QSettings().setValue("folder", str(Path(path).parent))
            self.open_file(Path(path))

    def open_file(self, path: Path) -> None:
        self.when_saved(lambda: self._window.opener.open(Path(path)))

    def open_step(self, run: Path, checkpoint: Path) -> None:
        """Open the network that a checkpoint of a run holds, with the run's data, as a new document."""
        self.when_saved(lambda: self._start_step(run, checkpoint))

    def _start_step(self, run: Path, checkpoint: Path) -> None:
        recipe = self._recipe_of(run)
        if recipe is not None:
            model = ModelSpec(source="pare", weights=str(checkpoint))
            step = dataclasses.replace(recipe, model=model, stages=())
            own = self._window.document.recipe
            self._start(step, run, own is not None and own.data == recipe.data)

    def open_sample(self) -> None:
        self.when_saved(self._window.opener.sample)

    def open_run_recipe(self, run: Path, stages: int | None = None) -> None:
        """Open the recipe that filled a run's folder, as a template; its first ``stages`` where that is given."""
        self.when_saved(lambda: self._start_template(Path(run), stages))

    def _start_template(self, run: Path, stages: int | None) -> None:
        recipe = self._recipe_of(run)
        if recipe is not None:
            cut = dataclasses.replace(recipe, stages=recipe.stages[:stages])
            own = self._window.document.recipe
            self._start(cut, run, own is not None and (own.model, own.data) == (recipe.model, recipe.data))

    def _recipe_of(self, run: Path) -> Recipe | None:
        """The recipe of a run; where it can't be read the window has said why."""
        catalogue = self._window.document.catalogue
        if catalogue is None:
            return None
        try:
            return read_recipe(run / RECIPE, catalogue)
        except CompressionError as error:
            self._window.problems.show_problem(error)
            return None

    def _start(self, recipe: Recipe, run: Path, same: bool) -> None:
        """Begin with a recipe of ``run``, whose copy stands elsewhere than it did: paths of the ``same`` are known."""
        document = self._window.document
        document.start(recipe, document.folder if same else run)

    def new_recipe(self) -> None:
        """The same network without stages."""
        if self._window.document.is_open:
            self.when_saved(self._start_anew)

    def _start_anew(self) -> None:
        document = self._window.document
        old, inspection = document.recipe, document.inspection
        if old is not None:
            document.start(Recipe(old.model, old.data, (), device=old.device), document.folder)
        if inspection is not None:
            document.set_inspection(inspection)

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

    def when_saved(self, then: Callable[[], object]) -> None:
        """Do ``then`` at once, or after the person has said what becomes of unsaved edits."""
        document = self._window.document
        if not document.is_open or not document.dirty:
            then()
            return

        def save() -> None:
            self.save()
            if not document.dirty:
                then()

        text = tr("The recipe {name} has edits that are not saved.", name=document.name)
        answers: list[Answer] = [(tr("Save"), save), (tr("Discard"), then), (tr("Cancel"), None)]
        ask(self._window, tr("Unsaved recipe"), text, "", answers)

"""The recipe as text, and what is written of a run for other tools."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings

from backend.description import Catalogue
from backend.engine.protocol import EventFile
from backend.errors import CompressionError
from backend.events import Failed
from backend.recipe import Recipe, read_recipe
from backend.workspace import RECIPE, RESOLVED
from gui.text import tr
from resources.paths import resource

if TYPE_CHECKING:
    from gui.dialogs.recipe_text_dialog import RecipeTextDialog, Shown
    from gui.main_window import MainWindow


class TextCommands:
    """One text of the open recipe stays beside the window; those of runs are as many as are asked for."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.dialog: RecipeTextDialog | None = None

    def show(self) -> None:
        """Show the open recipe as text, or bring its text to the front."""
        if self.dialog is None:
            self.dialog = self._dialog(None)
            self.dialog.destroyed.connect(self._closed)
            self.dialog.save_wanted.connect(self._window.files.save_as)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def show_run(self, folder: Path, title: str, view: str = "yaml") -> None:
        """Show the recipe of a run as text: ``yaml``, ``command`` or ``script``."""
        from gui.dialogs.recipe_text_dialog import Shown

        catalogue = self._window.document.catalogue
        if catalogue is None:
            return
        try:
            recipe, file = recipe_of(folder, catalogue)
        except CompressionError as error:
            self._window.problems.show_problem(error)
            return
        dialog = self._dialog(Shown(recipe, folder, file, title))
        dialog.turn_to(view)
        dialog.show()

    def show_script(self, folder: str, title: str) -> None:
        """Show the script that reproduces a run."""
        self.show_run(Path(folder), title, "script")

    # TensorBoard

    def each_run(self) -> bool:
        """Whether an event file is written for each run."""
        return bool(QSettings().value("tensorboard", False, type=bool))

    def ended(self, folder: str, then: Callable[[], object]) -> None:
        """A run has ended: write its event file where that was asked for, then do ``then``."""
        if self.each_run() and folder:
            self.write_events(Path(folder), then)
        else:
            then()

    def write_events(self, folder: Path, then: Callable[[], object] = lambda: None) -> None:
        """Have the engine write the event file of a run; ``then`` is done however that ends."""

        def written(file: str) -> None:
            self._window.say(tr("TensorBoard events written: tensorboard --logdir {folder}", folder=Path(file).parent))
            then()

        def failed(event: Failed) -> None:
            self._window.problems.show_problem(event)
            then()

        self._window.engine.ask(EventFile(str(folder)), written, failed)

    # Following the window

    def rebuild(self) -> None:
        """In another language, or in other colors."""
        if self.dialog is not None:
            place = self.dialog.geometry()
            self.dialog.destroyed.disconnect(self._closed)  # by then it has a successor
            self.dialog.close()
            self.dialog = None
            self.show()
            self.dialog.setGeometry(place)  # type: ignore[attr-defined]

    def _dialog(self, shown: Shown | None) -> RecipeTextDialog:
        from gui.dialogs.recipe_text_dialog import RecipeTextDialog

        dialog = RecipeTextDialog(self._window.document, shown, self._window)
        dialog.failed.connect(self._window.problems.show_problem)
        return dialog

    def _closed(self) -> None:
        self.dialog = None


def recipe_of(run: Path, catalogue: Catalogue) -> tuple[Recipe, Path]:
    """The recipe of a run and its file: as it was given, or with the paths that were found where others lead nowhere.

    Raises:
        CompressionError: the run keeps none that can be read.
    """
    recipe = read_recipe(run / RECIPE, catalogue)
    if reachable(recipe, run) or not (run / RESOLVED).is_file():
        return recipe, run / RECIPE
    return read_recipe(run / RESOLVED, catalogue), run / RESOLVED


def reachable(recipe: Recipe, folder: Path) -> bool:
    """Whether the paths of ``recipe`` lead somewhere from ``folder``; a run keeps its recipe in another one."""
    names = (recipe.model.weights, recipe.model.file, recipe.data.root, recipe.data.file)
    paths = [name for name in names if name and (recipe.model.source != "torchvision" or name != recipe.model.weights)]
    return all((folder / Path(name).expanduser()).exists() or resource(name).exists() for name in paths)

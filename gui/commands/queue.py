"""Lining up recipes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from backend.errors import CompressionError
from backend.recipe import Recipe
from gui.commands.texts import recipe_of
from gui.text import tr

if TYPE_CHECKING:
    from gui.main_window import MainWindow


class QueueCommands:
    """What is added is the recipe as it is now: later edits do not reach it."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def why_not_add(self) -> str:
        document = self._window.document
        if document.recipe is None:
            return tr("Open a network first")
        if not document.recipe.stages:
            return tr("Add a stage first: there is nothing to do yet")
        return document.why_unknown()

    def add(self) -> None:
        """Line up the open recipe."""
        document, reason = self._window.document, self.why_not_add()
        if document.recipe is None or reason:
            self._window.say(reason)
        else:
            self.add_recipe(document.recipe, document.folder)

    def add_recipe(self, recipe: Recipe, folder: Path) -> None:
        """Line up ``recipe`` and show the queue."""
        if self._window.queue.add(recipe, folder):
            self._window.panes.show_history(self._window.panes.queue)
            self._window.say(tr("Added to the queue: {name}.", name=recipe.name))

    def add_run(self, folder: Path) -> None:
        """Line up the recipe of a run once more."""
        catalogue = self._window.document.catalogue
        if catalogue is None:
            return
        try:
            recipe, _ = recipe_of(folder, catalogue)
        except CompressionError as error:
            self._window.problems.show_problem(error)
        else:
            self.add_recipe(recipe, folder)

    def open_entry(self, recipe: Recipe, folder: Path) -> None:
        """Open the recipe of an entry; the entry stays as it is."""
        self._window.files.when_saved(lambda: self._window.document.start(recipe, folder))

"""Beginning with a template, and with another tool's settings."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QFile
from PySide6.QtGui import QGuiApplication

from backend.errors import CompressionError, msg
from backend.recipe import Recipe, Stage, recipe_from_data
from gui.dialogs.export_parts import file_stem
from gui.templates import Template, fitted, missing_data, own_folder, save_template, templates
from gui.text import tr
from gui.widgets.question import Answer, ask

if TYPE_CHECKING:
    from gui.dialogs.template_dialog import TemplateDialog
    from gui.main_window import MainWindow


class TemplateCommands:
    """Each is one step of undo, or a new document."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def why_not(self) -> str:
        return "" if self._window.document.catalogue is not None else tr("The engine is starting…")

    def why_not_save(self) -> str:
        recipe = self._window.document.recipe
        if recipe is None:
            return tr("Open a network first")
        return "" if recipe.stages else tr("Add a stage first: there is nothing to do yet")

    def choose(self) -> None:
        """Show every template."""
        from gui.dialogs.template_dialog import TemplateDialog

        catalogue = self._window.document.catalogue
        if catalogue is None:
            self._window.say(self.why_not())
            return
        dialog = TemplateDialog(templates(catalogue), self._window.document, self._window)
        dialog.open_wanted.connect(self._open)
        dialog.use_wanted.connect(self._use)
        dialog.queue_wanted.connect(self._line_up)
        dialog.delete_wanted.connect(lambda template: self._delete(dialog, template))
        dialog.open()

    def _open(self, template: Template, weights: str) -> None:
        self._window.files.when_saved(lambda: self._start(template, weights))

    def _start(self, template: Template, weights: str) -> None:
        document, recipe = self._window.document, template.recipe
        if weights:
            source = "pare" if Path(weights).is_dir() else "checkpoint"
            recipe = dataclasses.replace(
                recipe, model=dataclasses.replace(recipe.model, source=source, weights=weights)
            )
        document.start(recipe, template.file.parent)
        catalogue = document.catalogue
        if catalogue is not None and missing_data(recipe, document.folder, catalogue):
            self._window.choices.choose_data()

    def _fitted(self, template: Template) -> tuple[Recipe, list[str]] | None:
        """The open recipe with the stages of ``template``, and the rules left out; None where it makes no sense."""
        document = self._window.document
        if document.recipe is None or document.catalogue is None:
            return None
        recipe, left = fitted(template.recipe, document.recipe, document.inspection)
        try:
            recipe_from_data(recipe.to_data(), document.catalogue)
        except CompressionError as error:
            self._window.problems.show_problem(error)
            return None
        return recipe, left

    def _line_up(self, template: Template) -> None:
        if (made := self._fitted(template)) is not None:
            recipe = dataclasses.replace(made[0], name=template.recipe.name)
            self._window.lineup.add_recipe(recipe, self._window.document.folder)

    def _use(self, template: Template) -> None:
        document, made = self._window.document, self._fitted(template)
        if made is None:
            return
        recipe, left = made
        document.edit(recipe, tr("Stages of {template}", template=template.recipe.name))
        document.select_stage(0 if recipe.stages else -1)
        if left:
            self._window.say(tr("Rules for {layers} match nothing here and were left out.", layers=", ".join(left)))

    def _delete(self, dialog: TemplateDialog, template: Template) -> None:
        moved = QFile.moveToTrash(str(template.file))
        if bool(moved[0] if isinstance(moved, tuple) else moved):
            dialog.remove(template)
            return
        self._window.problems.show_problem(
            CompressionError(
                msg("{name} could not be moved to the bin.", name=template.recipe.name),
                msg("Show it in the file manager and delete it there."),
                details=str(template.file),
            )
        )

    def save(self) -> None:
        """Keep the open recipe as a template, under its name."""
        recipe = self._window.document.recipe
        if recipe is None or self.why_not_save():
            return
        if (own_folder() / f"{file_stem(recipe.name)}.yaml").exists():
            text = tr("You have a template called {name} already.", name=recipe.name)
            answers: list[Answer] = [(tr("Replace"), self._save), (tr("Cancel"), None)]
            ask(self._window, tr("Save as template"), text, "", answers)
        else:
            self._save()

    def _save(self) -> None:
        document = self._window.document
        if document.recipe is None:
            return
        try:
            save_template(document.recipe, document.folder)
        except CompressionError as error:
            self._window.problems.show_problem(error)
        else:
            self._window.say(tr("Saved as the template {name}.", name=document.recipe.name))

    # NNI

    def why_not_import(self) -> str:
        return "" if self._window.document.inspection is not None else tr("Open a network first")

    def import_nni(self) -> None:
        """Ask for a config_list; what lies on the clipboard and looks like one is there already."""
        from gui.dialogs.nni_dialog import NniDialog

        document = self._window.document
        if document.inspection is None or document.catalogue is None:
            return
        copied = QGuiApplication.clipboard().text()
        text = copied if "op_types" in copied or "op_names" in copied else ""
        dialog = NniDialog(document.inspection, document.catalogue, text, self._window)
        dialog.imported.connect(self._take)
        dialog.open()

    def _take(self, stages: tuple[Stage, ...], replace: bool) -> None:
        document = self._window.document
        if document.recipe is None or document.catalogue is None:
            return
        kept = () if replace else document.recipe.stages
        recipe = dataclasses.replace(document.recipe, stages=(*kept, *stages))
        try:
            recipe_from_data(recipe.to_data(), document.catalogue)
        except CompressionError as error:
            self._window.problems.show_problem(error)
            return
        document.edit(recipe, tr("Import NNI config"))
        document.select_stage(len(kept))

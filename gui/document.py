"""The open document: a recipe, where it stands on disk, its undo, and the network it names."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from backend.answers import Inspection, LayerInfo
from backend.description import Catalogue, Description
from backend.files import write_text
from backend.recipe import (
    KEEP,
    LayerPlan,
    Recipe,
    Stage,
    add_stage,
    merged,
    move_stage,
    plan,
    read_recipe,
    recipe_from_data,
    recipe_to_yaml,
    remove_stage,
)
from gui import layer_edits
from gui.kept import cached_catalogue, keep_catalogue, remember
from gui.network_text import factors
from gui.places import Place, with_stage
from gui.text import phrase, tr


class Document(QObject):
    """What the window edits.

    Signals:
        recipe_changed: after every edit, undo, redo and open.
        opened: another recipe is open, or none; its undo begins anew.
        saved: the recipe stands in its file.
        inspection_changed: the engine has described the network, or it is no longer known.
        catalogue_changed: the methods are known, or others than before.
        stage_selected: index of the stage whose form is open, −1 for none.
    """

    recipe_changed = Signal()
    opened = Signal()
    saved = Signal()
    inspection_changed = Signal()
    catalogue_changed = Signal()
    stage_selected = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        self.recipe: Recipe | None = None
        self.path: Path | None = None
        self.folder = Path.home()
        self.inspection: Inspection | None = None
        self.opening = False
        """Whether the engine is opening the network: until then a glance at its file may be all there is."""
        self.selected_stage = -1
        self.catalogue: Catalogue | None = cached_catalogue()

    # The file

    @property
    def is_open(self) -> bool:
        return self.recipe is not None

    @property
    def dirty(self) -> bool:
        return not self.undo_stack.isClean()

    @property
    def name(self) -> str:
        return self.recipe.name if self.recipe is not None else ""

    @property
    def network_name(self) -> str:
        """What to call the network: a bundled one by its label, and how much smaller it is than its architecture."""
        found = self.inspection
        name = found.name if found is not None else (self.recipe.model.name or "" if self.recipe is not None else "")
        known = self.method_of("model", name)
        model = self.recipe.model.to_data() if self.recipe is not None else {}
        return " · ".join([phrase(known.label) if known is not None else name, *factors(model)])

    def start(self, recipe: Recipe, folder: Path, path: Path | None = None) -> None:
        """Begin with ``recipe``; relative paths in it are relative to ``folder``."""
        self.recipe, self.folder, self.path = recipe, folder, path
        self.inspection = None
        self.undo_stack.clear()
        self.selected_stage = 0 if recipe.stages else -1
        self._tell_opened()

    def restore(
        self, steps: Sequence[tuple[str, Recipe]], index: int, clean: int, folder: Path, path: Path | None
    ) -> None:
        """Begin with the undo history ``steps``, (label, recipe) from the first on, at ``index`` of it.

        ``clean`` is the step that stands in the file at ``path``, −1 where none does.
        """
        self.folder, self.path, self.inspection = folder, path, None
        self.recipe = steps[0][1]
        blocked = self.blockSignals(True)  # the panels are told once, of the present step
        self.undo_stack.clear()
        for label, recipe in steps[1:]:
            self.undo_stack.push(_Edit(self, recipe, label))
        if clean < 0:
            self.undo_stack.resetClean()
        else:
            self.undo_stack.setIndex(clean)
            self.undo_stack.setClean()
        self.undo_stack.setIndex(index)
        self.selected_stage = 0 if self.recipe.stages else -1
        self.blockSignals(blocked)
        self._tell_opened()

    def close(self) -> None:
        """Nothing is open any more."""
        self.recipe = self.path = self.inspection = None
        self.undo_stack.clear()
        self.selected_stage = -1
        self._tell_opened()

    def _tell_opened(self) -> None:
        self.opened.emit()
        self.inspection_changed.emit()
        self.recipe_changed.emit()

    def open(self, path: Path, *, template: bool = False) -> None:
        """Open a recipe. A ``template`` is left as it is: saving asks for another file.

        Raises:
            CompressionError: it cannot be read or is no recipe.
        """
        recipe = read_recipe(path, self._methods)
        self.start(recipe, path.parent, None if template else path)
        if not template:
            remember(path)

    def save(self, path: Path) -> None:
        """Write the recipe as YAML.

        Raises:
            CompressionError: it cannot be written.
        """
        write_text(path, recipe_to_yaml(self._recipe))
        self.path, self.folder = path, path.parent
        self.undo_stack.setClean()
        remember(path)
        self.saved.emit()

    # Edits

    def edit(self, recipe: Recipe, label: str) -> None:
        """Put ``recipe`` in the place of the present one: one step of undo named ``label``."""
        if recipe != self._recipe:
            self.undo_stack.push(_Edit(self, recipe, label))

    def set_values(self, edits: Mapping[str, Any], label: str) -> None:
        """Set ``path: value`` pairs (``stages.0.prune.amount``); None removes the key.

        Raises:
            RecipeError: the value can't be.
        """
        self.edit(merged(self._recipe, edits, self._methods), label)

    def add_stage(self, kind: str, label: str, settings: Mapping[str, Any] | None = None) -> None:
        """Raises RecipeError where no stage with these ``settings`` can be."""
        before = self._recipe.stages
        recipe = self._checked(add_stage(self._recipe, Stage(kind, dict(settings or {}))))
        index = next((i for i, s in enumerate(recipe.stages) if i >= len(before) or s is not before[i]), 0)
        self.edit(recipe, label)
        self.select_stage(index)

    def remove_stage(self, index: int, label: str) -> None:
        self.edit(self._checked(remove_stage(self._recipe, index)), label)

    def move_stage(self, source: int, target: int, label: str) -> None:
        """Raises RecipeError where the order makes no sense."""
        self.edit(self._checked(move_stage(self._recipe, source, target)), label)
        self.select_stage(target)

    def set_stage(self, place: Place, stage: Stage | None, label: str) -> None:
        """Put ``stage`` at ``place``, also behind the last one there; None removes what stands there."""
        self.edit(self._checked(with_stage(self._recipe, place, stage)), label)

    def set_rule(
        self, kind: str, layers: list[str], rule: Mapping[str, Any] | str | None, label: str, pattern: str = ""
    ) -> None:
        """One rule of the stage of ``kind`` that is selected (else the first) for ``layers``.

        Here and below, a ``pattern`` that means just these layers is written instead of their names.
        """
        recipe, _ = layer_edits.with_rules(self._recipe, kind, layers, rule, self.selected_stage, pattern)
        self.edit(self._checked(recipe), label)

    def apply_method(
        self, kind: str, layers: list[str], method: str, settings: Mapping[str, Any], label: str, pattern: str = ""
    ) -> None:
        """Have the stage of ``kind`` treat ``layers`` with ``method``; a stage is added where there is none.

        Where the method can't differ from layer to layer, it becomes that of the stage.
        """
        stage = self._methods.get("stage", kind)
        chosen = stage.parameter("method")
        differs = chosen is not None and chosen.per_layer
        rule = {"method": method, **settings} if differs else dict(settings)
        treating = self.method_of(str(stage.traits.get("method_kind")), method)
        late = treating is not None and bool(treating.traits.get("exact"))  # what costs nothing to train for
        recipe, index = layer_edits.with_rules(
            self._recipe, kind, layers, rule, self.selected_stage, pattern, trained=late
        )
        if not differs:
            recipe = merged(recipe, {f"stages.{index}.{kind}.method": method}, self._methods)
        self.edit(self._checked(recipe), label)

    def remove_channels(
        self, layers: list[str], method: str, settings: Mapping[str, Any], label: str, pattern: str = ""
    ) -> None:
        """Have channels of ``layers`` taken out: by the stage that does so already, else by a new one."""
        recipe = layer_edits.with_removal(self._recipe, layers, method, settings, self.selected_stage, pattern)
        self.edit(self._checked(recipe), label)

    def set_amounts(
        self,
        place: Place | None,
        amounts: Mapping[str, float],
        method: str,
        label: str,
        limits: Mapping[str, float] | None = None,
    ) -> None:
        """Give each layer its amount in the prune stage at ``place``, in a new one with ``method`` where it is None.

        ``limits`` of the budget, which the amounts were found for, are set along with them.
        """
        recipe = layer_edits.with_amounts(self._recipe, place, amounts, method)
        budget = {**recipe.budget, **(limits or {})}
        self.edit(self._checked(dataclasses.replace(recipe, budget=budget)), label)

    def keep(self, layers: list[str], label: str, pattern: str = "") -> None:
        """Leave ``layers`` alone in every stage that has layer rules."""
        self._in_every_stage(layers, KEEP, label, pattern)

    def reset(self, layers: list[str], label: str, pattern: str = "") -> None:
        """Remove the rules of exactly these ``layers`` from every stage."""
        self._in_every_stage(layers, None, label, pattern)

    def _in_every_stage(self, layers: list[str], rule: str | None, label: str, pattern: str) -> None:
        self.edit(self._checked(layer_edits.in_every_stage(self._recipe, layers, rule, pattern)), label)

    def select_stage(self, index: int) -> None:
        if index != self.selected_stage:
            self.selected_stage = index
            self.stage_selected.emit(index)

    # What is known of the network and the methods

    def why_unknown(self) -> str:
        """Why nothing can be done with the network yet; empty where it has been opened."""
        if self.inspection is not None and self.inspection.complete:
            return ""
        return tr("The network is still being opened") if self.opening else tr("Needs a network that can be opened")

    def set_inspection(self, inspection: Inspection) -> None:
        self.inspection = inspection
        self.inspection_changed.emit()

    def set_catalogue(self, methods: list[Mapping[str, Any]]) -> None:
        """The engine's methods; kept for the next start, so that forms need not wait for the engine."""
        if self.catalogue is not None and self.catalogue.to_data() == list(methods):
            return
        self.catalogue = Catalogue.from_data(methods)
        keep_catalogue(methods)
        self.catalogue_changed.emit()

    def plans(self, layer: LayerInfo) -> list[tuple[Stage, LayerPlan, bool]]:
        """What each stage does to ``layer``, and whether that happens while another one trains."""
        return [
            (stage, plan(stage, layer.name, layer.type, self._methods), stage is not top)
            for top in self._recipe.stages
            for stage in (top.during if top.kind == "train" else (top,))
        ]

    def method_of(self, kind: str, id: str) -> Description | None:
        return self.catalogue.kind(kind).get(id) if self.catalogue is not None else None

    @property
    def _recipe(self) -> Recipe:
        if self.recipe is None:
            raise RuntimeError("no document is open")
        return self.recipe

    @property
    def _methods(self) -> Catalogue:
        if self.catalogue is None:
            raise RuntimeError("the engine has not named its methods yet")
        return self.catalogue

    def _checked(self, recipe: Recipe) -> Recipe:
        """``recipe`` if it makes sense; raises RecipeError with the sentence where not."""
        recipe_from_data(recipe.to_data(), self._methods)
        return recipe

    def _put(self, recipe: Recipe) -> None:
        before, self.recipe = self.recipe, recipe
        if before is not None and (before.model, before.data.source) != (recipe.model, recipe.data.source):
            self.inspection = None
            self.inspection_changed.emit()
        if self.selected_stage >= len(recipe.stages):
            self.select_stage(len(recipe.stages) - 1)
        self.recipe_changed.emit()


class _Edit(QUndoCommand):
    """One edit: the recipe before and after."""

    def __init__(self, document: Document, recipe: Recipe, label: str) -> None:
        super().__init__(label)
        self._document = document
        self._before, self._after = document.recipe, recipe

    def redo(self) -> None:
        self._document._put(self._after)

    def undo(self) -> None:
        if self._before is not None:
            self._document._put(self._before)


def renamed(recipe: Recipe, name: str) -> Recipe:
    return dataclasses.replace(recipe, name=name)

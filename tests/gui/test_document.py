"""The document: every edit is one step of undo, and the file says what the window shows."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from backend.description import Catalogue
from backend.errors import CompressionError, RecipeError
from backend.recipe import ModelSpec, Recipe, read_recipe
from gui.document import Document
from gui.kept import cached_catalogue, recent, remember
from tests.small_catalogue import small_catalogue


def test_that_an_edit_is_one_step_of_undo_and_redo(document: Document, recipe: Recipe) -> None:
    document.set_values({"stages.0.prune.amount": 0.8}, "Amount")
    assert document.recipe.stages[0].settings["amount"] == 0.8
    document.undo_stack.undo()
    assert document.recipe == recipe
    document.undo_stack.redo()
    assert document.recipe.stages[0].settings["amount"] == 0.8


def test_that_an_edit_that_changes_nothing_is_no_step(document: Document) -> None:
    document.set_values({"stages.0.prune.amount": 0.5}, "Amount")
    assert document.undo_stack.count() == 0
    assert not document.dirty


def test_that_a_wrong_value_is_refused_and_leaves_the_recipe(document: Document, recipe: Recipe) -> None:
    with pytest.raises(RecipeError):
        document.set_values({"stages.0.prune.amount": 1.5}, "Amount")
    assert document.recipe == recipe


def test_that_an_order_that_makes_no_sense_is_refused(document: Document, recipe: Recipe) -> None:
    with pytest.raises(RecipeError):
        document.move_stage(2, 0, "Move stage")
    assert document.recipe == recipe
    assert document.undo_stack.count() == 0


def test_that_a_new_stage_is_selected_where_it_was_put(document: Document) -> None:
    document.add_stage("prune", "Add")
    assert [stage.kind for stage in document.recipe.stages] == ["prune", "prune", "train", "quantize"]
    assert document.selected_stage == 1


def test_that_the_selection_stays_inside_the_recipe(document: Document) -> None:
    document.select_stage(2)
    document.remove_stage(2, "Remove")
    assert document.selected_stage == 1


def test_that_keep_and_reset_reach_every_stage_but_training(document: Document) -> None:
    document.keep(["features.conv"], "Keep")
    assert [[r.pattern for r in s.layers if r.settings is None] for s in document.recipe.stages] == [
        ["features.conv", "head"],
        [],
        ["features.conv"],
    ]
    document.reset(["features.conv", "head"], "Reset")
    assert [s.layers for s in document.recipe.stages] == [(), (), ()]


def test_that_a_method_is_set_on_layers_and_a_missing_stage_is_added(document: Document) -> None:
    document.remove_stage(0, "Remove")
    document.apply_method("prune", ["features.conv"], "norm", {"amount": 0.3, "n": 1}, "Prune")
    stage = document.recipe.stages[0]
    assert stage.kind == "prune"
    rules = {rule.pattern: rule.settings for rule in stage.layers}
    assert rules == {"features.conv": {"method": "norm", "amount": 0.3, "n": 1}, "*": None}


def test_that_saving_writes_the_recipe_and_clears_the_mark(document: Document, tmp_path: Path) -> None:
    document.set_values({"seed": 7}, "Seed")
    assert document.dirty
    file = tmp_path / "配方 一.yaml"
    document.save(file)
    assert not document.dirty
    assert read_recipe(file, small_catalogue()) == document.recipe
    assert recent() == [file.resolve()]


def test_that_a_template_is_opened_without_its_file(document: Document, tmp_path: Path) -> None:
    file = tmp_path / "sample.yaml"
    document.save(file)
    document.open(file, template=True)
    assert document.path is None
    assert document.folder == tmp_path


def test_that_a_file_that_is_no_recipe_leaves_the_document(document: Document, recipe: Recipe, tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text("stages: {", encoding="utf-8")
    with pytest.raises(CompressionError):
        document.open(file)
    assert document.recipe == recipe


def test_that_another_network_has_to_be_inspected_again(document: Document) -> None:
    document.set_values({"model.name": "other"}, "Network")
    assert document.recipe.model == ModelSpec(name="other")
    assert document.inspection is None


def test_that_a_smaller_version_of_a_network_is_called_so(document: Document, recipe: Recipe) -> None:
    document.edit(replace(recipe, model=ModelSpec(name="net", width=0.5, depth=0.25)), "Smaller")
    assert document.network_name == "net · width 0.5 · depth 0.25"


def test_that_recent_files_are_unique_newest_first_and_exist(tmp_path: Path) -> None:
    files = [tmp_path / f"{i}.yaml" for i in range(12)]
    for file in files:
        file.touch()
        remember(file)
    remember(files[0])
    files[11].unlink()
    assert recent() == [files[0], *files[10:4:-1]]


def test_that_the_catalogue_is_known_at_the_next_start(cache: Path, qapp: object) -> None:
    first = Document()
    assert first.catalogue is None
    methods = small_catalogue().to_data()
    first.set_catalogue(methods)
    second = Document()
    assert isinstance(second.catalogue, Catalogue)
    assert second.catalogue.to_data() == json.loads(json.dumps(methods))


def test_that_a_damaged_cache_is_as_good_as_none(cache: Path) -> None:
    cache.write_text('[{"kind": "stage"}]', encoding="utf-8")
    assert cached_catalogue() is None

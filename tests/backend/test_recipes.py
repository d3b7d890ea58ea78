"""The recipes that ship: they read, name what exists, and prune as they say."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from backend.events import Finished
from backend.models._torchvision import torchvision_names
from backend.recipe import merged, read_recipe
from backend.registry import catalogue, methods
from resources.paths import resource
from tests.backend.conftest import carried_out

SHIPPED = sorted(resource("recipes").glob("*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_that_every_shipped_recipe_reads_and_names_a_network_there_is(path: Path) -> None:
    recipe = read_recipe(path, catalogue())
    assert recipe.stages
    known = torchvision_names() if recipe.model.source == "torchvision" else methods("model")
    assert recipe.model.source in ("pare", "checkpoint") or recipe.model.name in known


def test_that_the_tutorials_simple_model_is_pruned_as_asked_to_within_one_weight(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (60, 32, 32, 3), dtype=np.uint8)
    labels = np.arange(60) % 10
    np.savez(tmp_path / "a.npz", x_train=images, y_train=labels, x_test=images[:20], y_test=labels[:20])
    recipe = read_recipe(resource("recipes/cifar10-simple-model.yaml"), catalogue())
    prunes = tuple(stage for stage in recipe.stages if stage.kind == "prune")
    recipe = dataclasses.replace(recipe, stages=prunes)
    recipe = merged(recipe, {"data.source": "arrays", "data.root": str(tmp_path / "a.npz")}, catalogue())
    ending = carried_out(recipe, tmp_path / "run")[-1]
    assert isinstance(ending, Finished), ending
    first, second = ending.result["stages"]
    rows = {row["name"]: row for row in first["layers"]}
    for name, asked, count in (("conv1", 0.2, 16 * 3 * 9), ("fc1", 0.1, 512 * 10)):
        assert rows[name]["sparsity"] * count == pytest.approx(asked * count, abs=1)
    assert rows["conv2"]["sparsity"] == pytest.approx(round(0.3 * 8) / 8)
    total = second["metrics"]["parameters"] - 16 - 8 - 10
    assert second["metrics"]["sparsity"] * total == pytest.approx(0.2 * total, abs=1)
    for name, row in rows.items():
        assert next(r for r in second["layers"] if r["name"] == name)["sparsity"] >= row["sparsity"]

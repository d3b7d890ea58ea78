"""The script and the command that reproduce a run: they are carried out, and their figures compared."""

from __future__ import annotations

import dataclasses
import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from backend.cli import command_line
from backend.recipe import (
    Recipe,
    Rule,
    Stage,
    command_of,
    command_text,
    merged,
    read_recipe,
    recipe_from_data,
    recipe_to_yaml,
    script_of,
)
from backend.registry import catalogue

PARE = Path(__file__).resolve().parents[2]


@pytest.fixture
def short(recipe: Recipe) -> Recipe:
    """Train while pruning, keep a layer, on the blobs."""
    during = Stage("prune", {"amount": 0.5, "schedule": {"kind": "one_shot", "start": 0.5}}, (Rule("fc3", None),))
    stage = Stage("train", {"epochs": 1, "optimizer": "adam", "from_scratch": True}, (), (during,))
    made = dataclasses.replace(recipe, stages=(stage,), name='tiny "剪枝" \\ run')
    return recipe_from_data(made.to_data(), catalogue())


def figures(folder: Path) -> dict[str, Any]:
    final = json.loads((folder / "result.json").read_text(encoding="utf-8"))["final"]
    return {key: value for key, value in final.items() if not key.startswith("latency")}


def test_that_the_script_gives_the_figures_of_the_command_line(short: Recipe, tmp_path: Path) -> None:
    file, script = tmp_path / "配方.yaml", tmp_path / "elsewhere" / "run it.py"
    file.write_text(recipe_to_yaml(short), encoding="utf-8")
    assert command_line(["run", str(file), "--output", str(tmp_path / "a"), "--quiet"]) == 0
    script.parent.mkdir()
    script.write_text(script_of(short, tmp_path, PARE), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "b")],
        capture_output=True,
        text=True,
        check=False,
        cwd=script.parent,
    )
    assert done.returncode == 0, done.stderr
    assert figures(tmp_path / "a") == figures(tmp_path / "b")
    assert "accuracy: " in done.stdout
    assert read_recipe(tmp_path / "b" / "recipe.yaml", catalogue()) == short


def test_that_the_script_says_in_a_sentence_what_went_wrong(short: Recipe, tmp_path: Path) -> None:
    broken = dataclasses.replace(short, data=dataclasses.replace(short.data, root="nowhere.npz"))
    script = tmp_path / "script.py"
    script.write_text(script_of(broken, tmp_path, PARE), encoding="utf-8")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 2
    assert "nowhere.npz" in done.stderr
    assert "Traceback" not in done.stderr


def built(source: str) -> Recipe:
    """The recipe that a script builds, without running it."""
    names: dict[str, Any] = {"__name__": "script"}
    exec(compile(source, "script", "exec"), names)  # noqa: S102
    found = names["recipe"]
    assert isinstance(found, Recipe)
    return found


@pytest.mark.parametrize("file", sorted((PARE / "resources" / "recipes").glob("*.yaml")), ids=lambda f: f.stem)
def test_that_the_script_of_every_shipped_recipe_builds_that_recipe(file: Path) -> None:
    recipe = read_recipe(file, catalogue())
    assert built(script_of(recipe, file.parent, PARE)) == recipe


def test_that_a_script_allows_the_python_files_of_its_recipe_alone(short: Recipe, tmp_path: Path) -> None:
    assert "sha256" not in script_of(short, tmp_path, PARE)
    own = dataclasses.replace(short, data=dataclasses.replace(short.data, source="python", file="my data.py"))
    source = script_of(own, tmp_path, PARE)
    assert '["my data.py"]' in source
    assert "allowed=allowed" in source
    compile(source, "script", "exec")


def meant(words: list[str], tmp_path: Path) -> Recipe:
    """The recipe that a command would carry out."""
    from backend.cli.run import _edit

    edits = dict(_edit(words[i + 1]) for i, word in enumerate(words) if word == "--set")
    return read_recipe(Path(words[words.index("run") + 1]), catalogue(), edits)


@pytest.mark.parametrize(
    "edits",
    [
        {},
        {"stages.0.train.epochs": 7, "seed": 3},
        {"name": "a: b, #1", "data.limit": 50, "stages.0.train.from_scratch": None},
        {"stages.0.train.during.0.prune.amount": 0.25},
        {"data.mean": [0.5], "data.std": [0.25]},
        {"stages": ["train"]},
        {"stages": []},
        {"model": {"source": "bundled", "name": "convnet"}},
    ],
)
def test_that_the_command_means_the_recipe_with_its_edits(edits: dict[str, Any], short: Recipe, tmp_path: Path) -> None:
    file = tmp_path / "my recipes" / "配方.yaml"
    file.parent.mkdir()
    file.write_text(recipe_to_yaml(short), encoding="utf-8")
    edited = merged(short, edits, catalogue())
    words = command_of(edited, file, tmp_path, short, catalogue())
    assert words[:4] == ["python", "main.py", "run", str(file)]
    assert shlex.split(command_text(words)) == words
    assert meant(words, tmp_path) == edited
    assert ("--set" in words) == bool(edits)


def test_that_single_settings_are_set_one_by_one(short: Recipe, tmp_path: Path) -> None:
    edited = merged(short, {"stages.0.train.epochs": 7}, catalogue())
    assert command_of(edited, tmp_path / "r.yaml", tmp_path, short, catalogue())[4:] == [
        "--set",
        "stages.0.train.epochs=7",
    ]

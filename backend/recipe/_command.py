"""A recipe as the command that carries it out."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from backend.description import Catalogue
from backend.errors import CompressionError
from backend.recipe._check import recipe_from_data
from backend.recipe._edit import with_value
from backend.recipe._types import Recipe
from backend.recipe._yaml import yaml_from_data


def command_of(recipe: Recipe, file: Path, folder: Path, written: Recipe | None, catalogue: Catalogue) -> list[str]:
    """The words of the command that carries out ``recipe`` from a recipe's ``file``.

    Args:
        recipe: what is to be carried out.
        file: the file that the command names.
        folder: what relative paths in the recipe are relative to.
        written: the recipe that stands in it; where it differs, the command sets what is different. None: it
            will hold ``recipe``.
        catalogue: all methods, to check that the command means ``recipe``.
    """
    words = ["run", str(file)]
    for path, value in (_differences(written, recipe, catalogue) if written is not None else {}).items():
        words += ["--set", f"{path}={_flow(value)}"]
    for code in (recipe.model.file, recipe.data.file):
        if code:
            words += ["--allow-code", str((folder / code).resolve())]
    start = [sys.executable] if getattr(sys, "frozen", False) else ["python", "main.py"]
    return [*start, *words]


def command_text(words: Iterable[str]) -> str:
    """``words`` as they are typed into this system's terminal."""
    return subprocess.list2cmdline(list(words)) if sys.platform == "win32" else shlex.join(words)


def _differences(old: Recipe, new: Recipe, catalogue: Catalogue) -> Mapping[str, Any]:
    """``path: value`` pairs that make ``new`` of ``old``; None removes a key.

    Stages are set one setting at a time where that leads to ``new``, else all of them at once.
    """
    before, after = old.to_data(), new.to_data()
    top = {key: value for key, value in after.items() if key != "stages"}
    edits = _changed({key: value for key, value in before.items() if key != "stages"}, top, "")
    fine = {**edits, **_changed_stages(before["stages"], after["stages"])}
    return fine if _leads(before, fine, new, catalogue) else {**edits, "stages": after["stages"]}


def _leads(before: dict[str, Any], edits: Mapping[str, Any], new: Recipe, catalogue: Catalogue) -> bool:
    data = before
    try:
        for path, value in edits.items():
            data = with_value(data, path, value)
        return recipe_from_data(data, catalogue) == new
    except (CompressionError, LookupError):
        return False


def _changed_stages(before: list[Any], after: list[Any]) -> dict[str, Any]:
    edits: dict[str, Any] = {}
    for i, (old, new) in enumerate(zip(before, after, strict=False)):
        (kind, body), (was, settings) = next(iter(new.items())), next(iter(old.items()))
        if kind != was or body.get("layers") != settings.get("layers") or body.get("during") != settings.get("during"):
            return {"stages": after}
        edits |= _changed(settings, body, f"stages.{i}.{kind}.", deep=False)
    return edits if len(before) == len(after) else {"stages": after}


def _changed(before: Mapping[str, Any], after: Mapping[str, Any], prefix: str, *, deep: bool = True) -> dict[str, Any]:
    edits: dict[str, Any] = {}
    for key in [*after, *(key for key in before if key not in after)]:
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        if deep and isinstance(old, Mapping) and isinstance(new, Mapping):
            edits |= _changed(old, new, f"{prefix}{key}.", deep=False)
        else:
            edits[f"{prefix}{key}"] = new
    return edits


def _flow(value: Any) -> str:
    """``value`` as YAML on one line."""
    return "null" if value is None else json.dumps(value, ensure_ascii=False) if _structured(value) else _scalar(value)


def _structured(value: Any) -> bool:
    return isinstance(value, (Mapping, list, tuple))


def _scalar(value: Any) -> str:
    return yaml_from_data(value).removesuffix("...\n").strip()

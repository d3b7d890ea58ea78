"""Which network a setting names, in a few words: the original, a file, a run, a section like the recipe's ``model``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from gui.text import tr

ORIGINAL = "original"
"""What a recipe calls the network as it was opened."""


def network_text(value: Any, runs: Iterable[tuple[str, Path]] = ()) -> str:
    """``runs`` are titles and folders: a run that is among them is called by its title."""
    if value is None or value == ORIGINAL:
        return tr("The original network")
    if isinstance(value, Mapping):
        return section_text(value)
    path = Path(str(value))
    return next((title for title, folder in runs if folder == path), path.name or str(value))


def section_text(model: Mapping[str, Any]) -> str:
    """A section like ``model``: "lenet5 · half.safetensors"."""
    names = [model.get("class") or model.get("name"), *(model.get(key) for key in ("file", "weights"))]
    shown = [Path(str(name)).name for name in names if name]
    return " · ".join([*shown, *factors(model)]) or str(model.get("source") or "")


def factors(model: Mapping[str, Any]) -> list[str]:
    """How much smaller than its architecture a network is: "width 0.5"; nothing where it is the whole one."""
    width, depth = model.get("width"), model.get("depth")
    said = [tr("width {value}", value=f"{width:g}")] if width else []
    return said + ([tr("depth {value}", value=f"{depth:g}")] if depth else [])

"""The recipes that combine techniques and bring their data, each run whole as it ships."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from backend.cancel import Cancel
from backend.events import Event, Finished
from backend.export._base import ExportFormat
from backend.models import reopen
from backend.recipe import read_recipe
from backend.registry import catalogue, method
from backend.runner import run
from resources.paths import resource

PIPELINES = (
    "lenet5-digits",
    "half-lenet-distill-int8",
    "lenet5-prune-distill",
    "lenet5-distill-prune-int8",
    "lenet5-prune-decompose",
    "lenet5-decompose-int8",
    "lenet5-deep-compression",
)
"""Every combination that needs no architecture search."""


def carried_out(name: str, output: Path) -> Mapping[str, Any]:
    """The result of the recipe ``name``, run whole.

    Raises:
        RuntimeError: it did not reach its end.
    """
    events: list[Event] = []
    run(read_recipe(resource(f"recipes/{name}.yaml"), catalogue()), output, events.append, Cancel(),
        folder=resource("recipes"))  # fmt: skip
    if not isinstance(events[-1], Finished):
        raise RuntimeError(f"{name}: {events[-1]}")
    return events[-1].result


def encoded_bytes(output: Path) -> int:
    """How large the encoded file of the network in ``output`` is."""
    encoded = method("export", "encoded")
    if not isinstance(encoded, ExportFormat):
        raise TypeError("encoded")
    return len(encoded.encode(reopen(output)))


def pipeline_table() -> None:
    """resources/tables/pipelines.md."""
    lines = [INTRODUCTION]
    for name in PIPELINES:
        with TemporaryDirectory() as folder:
            result = carried_out(name, Path(folder) / "run")
            lines.append(_line(name, result, encoded_bytes(Path(folder) / "run")))
        print(lines[-1], file=sys.stderr, flush=True)
    resource("tables").mkdir(exist_ok=True)
    resource("tables/pipelines.md").write_text("\n".join([*lines, ""]), encoding="utf-8")


INTRODUCTION = """# Techniques that work together

`make tables` makes this table: each recipe runs whole, as it ships, on the bundled digits. Before is the network that
the recipe opens; of a student it has weights that nobody trained. The encoded file is what
`main.py export FOLDER --format encoded` writes.

| recipe | accuracy (test) | parameters | size | encoded file |
|---|---:|---:|---:|---:|"""


def _line(name: str, result: Mapping[str, Any], encoded: int) -> str:
    before, after = result["baseline"], result["final"]
    cells = [
        f"`{name}`",
        f"{before['accuracy']:.2f} → {after['accuracy']:.2f} %",
        f"{before['parameters']:,} → {after['parameters']:,}",
        f"{before['size_bytes'] / 1000:.1f} → {after['size_bytes'] / 1000:.1f} kB",
        f"{encoded / 1000:.1f} kB (÷{before['size_bytes'] / encoded:.1f})",
    ]
    return f"| {' | '.join(cells)} |"

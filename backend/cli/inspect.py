"""``inspect``: what stands in a file."""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path

from backend.answers import Inspection
from backend.cli._allowed import allowed
from backend.cli._ending import DONE
from backend.cli._table import aligned, count, size
from backend.evaluation.inspect import inspect_network
from backend.models import open_network
from backend.network import Network
from backend.recipe import ModelSpec, read_recipe
from backend.registry import catalogue


def inspect_command(options: argparse.Namespace) -> int:
    """Print the layers of a checkpoint, of a recipe's network, or of a Pare folder."""
    found = inspect_network(_open(options.file, allowed(options.allow_code)))
    if options.json:
        print(json.dumps(dataclasses.asdict(found), indent=2, ensure_ascii=False))
    else:
        print(table(found))
    return DONE


def table(found: Inspection) -> str:
    """One line a layer that holds parameters."""
    rows = [("layer", "type", "parameters", "MACs", "output")]
    rows += [
        (layer.name, layer.type, count(layer.parameters), count(layer.macs), "×".join(map(str, layer.output_shape)))
        for layer in found.layers
        if layer.leaf and layer.parameters
    ]
    rows.append((found.name, "", count(found.parameters), count(found.macs), size(found.size_bytes)))
    return "\n".join([aligned(rows), *(f"Note: {note}" for note in found.notes)])


def _open(file: Path, code: dict[str, str]) -> Network:
    if file.suffix in (".yaml", ".yml"):
        return open_network(read_recipe(file, catalogue()).model, file.resolve().parent, allowed=code)
    source = "pare" if file.is_dir() else "checkpoint"
    return open_network(ModelSpec(source=source, weights=str(file.resolve())), Path.cwd(), allowed=code)

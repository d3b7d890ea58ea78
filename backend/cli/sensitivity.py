"""``sensitivity``: a progress bar, then accuracy by layer and amount."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tqdm import tqdm

from backend.cancel import Cancel
from backend.cli._allowed import allowed
from backend.cli._ending import DONE
from backend.cli._table import aligned, percent
from backend.errors import CompressionError, msg
from backend.events import Event, Progress, Sensitivity, Warned
from backend.files import finite
from backend.recipe import read_recipe
from backend.registry import catalogue
from backend.sensitivity import AMOUNTS
from backend.sensitivity._recipe import scan_recipe
from backend.workspace import default_workspace


def sensitivity_command(options: argparse.Namespace) -> int:
    """Scan the network of a recipe; Ctrl+C cancels, and the next scan goes on where this one stopped."""
    path: Path = options.recipe
    recipe = read_recipe(path, catalogue())
    cancel, view = Cancel(), _View()
    previous = signal.signal(signal.SIGINT, lambda *_: cancel.request())
    try:
        result = scan_recipe(
            recipe,
            path.resolve().parent,
            view.show,
            cancel,
            stage=options.stage,
            amounts=_amounts(options.amounts),
            limit=options.limit,
            workspace=default_workspace(),
            allowed=allowed(options.allow_code),
        )
    finally:
        signal.signal(signal.SIGINT, previous)
        view.close()
    print(json.dumps(finite(result), indent=2, ensure_ascii=False) if options.json else table(result))
    return DONE


def table(result: Mapping[str, Any]) -> str:
    """One line a layer: its accuracy at each amount."""
    amounts = result["amounts"]
    lines = [("layer", *(f"{100 * amount:g}%" for amount in amounts))]
    for target, rows in result["targets"].items():
        read = {row["amount"]: row["accuracy"] for row in rows}
        lines.append((target, *(percent(read.get(amount)) for amount in amounts)))
    whole = percent(result["baseline"]["accuracy"])
    return f"{aligned(lines)}\n\nNothing pruned: {whole} of {result['images']} validation images ({result['method']})"


def _amounts(text: str | None) -> tuple[float, ...]:
    if text is None:
        return AMOUNTS
    try:
        return tuple(float(amount) for amount in text.split(","))
    except ValueError as error:
        raise CompressionError(
            msg("--amounts {text} is not a list of numbers.", text=text), msg("Write it like --amounts 0.1,0.3,0.5")
        ) from error


class _View:
    """Shows events as one progress bar."""

    def __init__(self) -> None:
        self._bar = tqdm(total=1.0, bar_format="{l_bar}{bar:30}| {elapsed}", file=sys.stderr, disable=None)

    def show(self, event: Event) -> None:
        match event:
            case Progress(_, done, total, text):
                self._bar.set_description_str(str(text), refresh=False)
                self._bar.update(max(0.0, (done / total if total else 0.0) - self._bar.n))
            case Sensitivity(target, _) if target:
                self._bar.set_description_str(target)
            case Warned(_, message, _):
                tqdm.write(f"Note: {message}", file=sys.stderr)

    def close(self) -> None:
        self._bar.close()

"""The curves of a run as a table: for the CSV file and for the plots' table."""

from __future__ import annotations

import re

from backend.description import Catalogue
from gui.run_state import RunState
from gui.text import phrase, tr

COLUMNS = ("accuracy", "train_accuracy", "sparsity", "loss")
"""Curves in the order of their columns; others follow by name."""


def names(state: RunState) -> list[str]:
    """The curves that have points."""
    return [name for name in COLUMNS if state.curves.get(name)] + sorted(
        name for name, curve in state.curves.items() if name not in COLUMNS and curve
    )


def table(state: RunState) -> tuple[list[str], list[list[float | None]]]:
    """Names of the columns, and a row for every moment at which a curve has a point."""
    columns = names(state)
    rows: dict[float, list[float | None]] = {}
    for i, name in enumerate(columns):
        curve = state.curves[name]
        for x, y in zip(curve.x.tolist(), curve.y.tolist(), strict=True):
            rows.setdefault(x, [None] * len(columns))[i] = y
    return ["seconds", *columns], [[x, *rows[x]] for x in sorted(rows)]


def part_name(curve: str, catalogue: Catalogue | None = None) -> str:
    """What a part of the loss comes from: the labels, or a loss by its label, numbered where it stands again."""
    part = curve.removeprefix("loss_")
    if part == "labels":
        return tr("Labels")
    known = catalogue.kind("distillation") if catalogue is not None else {}
    again = re.fullmatch(r"(.+)_(\d+)", part)
    if part in known or again is None or again[1] not in known:
        return phrase(known[part].label if part in known else part.replace("_", " ").capitalize())
    return tr("{name} {value}", name=phrase(known[again[1]].label), value=again[2])


def curve_name(name: str, catalogue: Catalogue | None = None) -> str:
    """A curve's name for people; curves that methods add keep theirs."""
    if name.startswith("loss_"):
        return tr("Loss, {part}", part=part_name(name, catalogue))
    return {
        "seconds": tr("Seconds"),
        "accuracy": tr("Validation accuracy"),
        "train_accuracy": tr("Training accuracy"),
        "sparsity": tr("Sparsity"),
        "loss": tr("Loss"),
        "learning_rate": tr("Learning rate"),
    }.get(name, name)

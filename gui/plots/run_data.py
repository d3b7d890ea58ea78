"""The curves of a run as a table: for the CSV file and for the plots' table."""

from __future__ import annotations

from gui.run_state import RunState

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

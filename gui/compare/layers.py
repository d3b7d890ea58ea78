"""The layers of the compared networks, one figure at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from gui.compare.cells import Cell, Line
from gui.compare.columns import Compared
from gui.comparison import value
from gui.text import NOTHING, number, percent, points, signed, tr

Kind = Literal["parameters", "channels", "sparsity", "precision", "sqnr_db"]
"""What the table of layers compares."""
LAYER_FIGURES: tuple[Kind, ...] = ("parameters", "channels", "sparsity", "precision", "sqnr_db")


def layer_lines(columns: Sequence[Compared], kind: Kind) -> list[Line]:
    """One line a layer, in the order of the first network that has it."""
    names = {name: None for column in columns for name in column.layers}
    return [Line(name, _layer_cells(columns, name, kind), _type(columns, name), key=name) for name in names]


def layer_differs(columns: Sequence[Compared], name: str) -> bool:
    """Whether the layer is another one in any respect."""
    return any(Line(name, _layer_cells(columns, name, kind)).differs for kind in LAYER_FIGURES)


def _type(columns: Sequence[Compared], name: str) -> str:
    return next((str(c.layers[name].get("type", "")) for c in columns if name in c.layers), "")


def _layer_cells(columns: Sequence[Compared], name: str, kind: Kind) -> tuple[Cell, ...]:
    if kind == "precision":
        words = [str(c.layers[name].get("precision") or NOTHING) if name in c.layers else _gone(c) for c in columns]
        return tuple(Cell(word, differs=word != words[0]) for word in words)
    figures = [_layer_figure(columns, column, name, kind) for column in columns]
    return tuple(
        _layer_cell(kind, columns[0], column, figures[0], figure, name)
        for column, figure in zip(columns, figures, strict=True)
    )


def _layer_figure(columns: Sequence[Compared], column: Compared, name: str, kind: Kind) -> float | None:
    row = column.layers.get(name)
    if row is None:
        return None
    if kind != "channels":
        return value(row, kind)
    if name in column.channels:
        return column.channels[name][1]
    return next((c.channels[name][0] for c in columns if name in c.channels and c.key == column.key), None)


def _layer_cell(
    kind: Kind, first: Compared, column: Compared, reference: float | None, figure: float | None, name: str
) -> Cell:
    text = percent(figure, 1) if kind == "sparsity" else number(figure, 1 if kind == "sqnr_db" else 0)
    if name not in column.layers:
        return Cell(_gone(column), differs=name in first.layers)
    if column is first or column.key != first.key or figure is None or reference is None:
        return Cell(text, figure=figure, differs=figure != reference)
    delta = figure - reference
    if kind == "sparsity":
        change = points(100 * delta) if round(delta, 4) else ""
    else:
        change = signed(delta, 1 if kind == "sqnr_db" else 0) if round(delta, 1) else ""
    return Cell(text, change, "plain", figure, differs=bool(change))


def _gone(column: Compared) -> str:
    return tr("gone") if column.layers else NOTHING

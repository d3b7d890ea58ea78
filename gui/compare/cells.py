"""What the tables of a comparison consist of: lines of cells, a cell for each column that is compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from gui.comparison import Tone, change_tone, gained
from gui.text import NOTHING, number, points, tr

Change = Callable[[float, float], tuple[str, Tone]]
"""From the first column's figure and another: the difference in words, and whether it is a gain."""


@dataclass(frozen=True)
class Cell:
    """A figure and how it differs from that of the first column.

    Attributes:
        text: the figure, with its unit.
        change: the difference in words; empty in the first column and where there is none.
        tone: whether the difference is a gain.
        figure: the bare number, for sorting and for the file.
        best: the best of its line.
        differs: not what the first column has.
    """

    text: str
    change: str = ""
    tone: Tone = "plain"
    figure: float | None = None
    best: bool = False
    differs: bool = False


@dataclass(frozen=True)
class Line:
    """``name`` and, smaller, ``note``; ``tip`` explains them. ``section`` begins a group and has no cells."""

    name: str
    cells: tuple[Cell, ...] = ()
    note: str = ""
    section: bool = False
    key: str = ""
    tip: str = ""

    @property
    def differs(self) -> bool:
        return any(cell.differs for cell in self.cells)


def percentage(figure: float | None) -> str:
    return NOTHING if figure is None else tr("{number}%", number=number(figure, 2))


def accuracy_gain(old: float, new: float) -> tuple[str, Tone]:
    if round(new - old, 2) == 0:
        return tr("no change"), "plain"
    return points(new - old), change_tone(new - old)


def gain(kind: Literal["size", "time", "count"]) -> Change:
    return lambda old, new: gained(kind, old, new)

"""The filter of the layer tree: words, the patterns of a recipe, and bounds.

``conv`` is a part of a name or type; ``layer1.*`` and ``type:Conv2d`` are patterns as in a recipe's rules;
``>1M``, ``macs>1%``, ``latency>0.5`` are bounds. Several, with spaces between, must all hold.
"""

from __future__ import annotations

import fnmatch
import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from backend.answers import LayerInfo
from gui.item_models.layer_columns import Column

Figure = Callable[[int, Column], float | None]
"""The figure of a layer (by its place) in a column; parameters and MACs as counts, sparsity as a share."""

BOUND = re.compile(r"([a-z]*)([<>]=?)(\d+(?:\.\d*)?|\.\d+)\s?(%|ms|db|[kmg])?", re.IGNORECASE)
COLUMNS = {
    "": Column.PARAMETERS,
    "params": Column.PARAMETERS,
    "parameters": Column.PARAMETERS,
    "macs": Column.MACS,
    "latency": Column.LATENCY,
    "sparsity": Column.SPARSITY,
    "sens": Column.SENSITIVITY,
    "sensitivity": Column.SENSITIVITY,
    "sqnr": Column.SQNR,
}
FACTORS = {"k": 1e3, "m": 1e6, "g": 1e9}
COMPARE = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


@dataclass(frozen=True)
class Query:
    """What a person asks for: the text of the field and the type chosen beside it (empty for all)."""

    text: str = ""
    type: str = ""

    def __bool__(self) -> bool:
        return bool(self.text.strip() or self.type)

    @property
    def pattern(self) -> str:
        """The pattern of a recipe that means the same; empty where none does."""
        words = self.text.split()
        if self.type:
            return "" if words else f"type:{self.type}"
        return words[0] if len(words) == 1 and _is_pattern(words[0]) else ""

    def found(self, layers: Sequence[LayerInfo], figure: Figure) -> list[bool]:
        """For each layer whether it is meant."""
        tests = [_test(word, figure) for word in self.text.split()]
        return [
            self.type in ("", layer.type) and all(test(at, layer) for test in tests) for at, layer in enumerate(layers)
        ]


def _test(word: str, figure: Figure) -> Callable[[int, LayerInfo], bool]:
    bound = BOUND.fullmatch(word)
    if bound is not None and bound[1].lower() in COLUMNS:
        return _bounded(COLUMNS[bound[1].lower()], bound, figure)
    if word.startswith("type:"):
        wanted = word[5:]
        return lambda _, layer: fnmatch.fnmatchcase(layer.type, wanted)
    if _is_pattern(word):
        return lambda _, layer: fnmatch.fnmatchcase(layer.name, word)
    needle = word.lower()
    return lambda _, layer: needle in layer.name.lower() or needle in layer.type.lower()


def _bounded(column: Column, bound: re.Match[str], figure: Figure) -> Callable[[int, LayerInfo], bool]:
    """Blocks are left out: what they hold adds up to almost anything."""
    compare, limit = COMPARE[bound[2]], float(bound[3]) * _factor(column, (bound[4] or "").lower(), figure)

    def holds(at: int, layer: LayerInfo) -> bool:
        value = figure(at, column) if layer.leaf else None
        return value is not None and compare(value, limit)

    return holds


def _factor(column: Column, unit: str, figure: Figure) -> float:
    """What a bound's number is multiplied with; a percentage is of the whole network."""
    if column == Column.SPARSITY:
        return 0.01
    if unit == "%":
        return 0.01 * (figure(0, column) or 0.0)
    return FACTORS.get(unit, 1.0)


def _is_pattern(word: str) -> bool:
    return word.startswith("type:") or any(sign in word for sign in "*?[")

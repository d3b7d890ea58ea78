"""Two recipes line by line."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from itertools import zip_longest

from backend.recipe import yaml_from_data
from gui.compare.columns import Compared


@dataclass(frozen=True)
class Pair:
    """A line of one recipe beside that of the other; None where it has none."""

    left: str | None
    right: str | None

    @property
    def differs(self) -> bool:
        return self.left != self.right


def recipe_pairs(left: Compared, right: Compared) -> list[Pair]:
    """The recipes of two networks as YAML, each setting on its line; the original has none."""
    one, other = _yaml(left), _yaml(right)
    pairs: list[Pair] = []
    steps = difflib.SequenceMatcher(None, one, other, autojunk=False)
    for _, a, a_end, b, b_end in steps.get_opcodes():
        pairs += [Pair(*both) for both in zip_longest(one[a:a_end], other[b:b_end])]
    return pairs


def _yaml(column: Compared) -> list[str]:
    if column.recipe is None or column.original:
        return []
    return yaml_from_data(column.recipe.to_data(), each_on_its_line=True).splitlines()

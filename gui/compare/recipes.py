"""Two recipes line by line."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from itertools import zip_longest

from backend.recipe import recipe_to_yaml
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
    """The recipes of two networks line by line, as YAML; the original has none."""
    one, other = _yaml(left), _yaml(right)
    pairs: list[Pair] = []
    steps = difflib.SequenceMatcher(None, one, other, autojunk=False)
    for _, a, a_end, b, b_end in steps.get_opcodes():
        pairs += [Pair(*both) for both in zip_longest(one[a:a_end], other[b:b_end])]
    return pairs


def _yaml(column: Compared) -> list[str]:
    return recipe_to_yaml(column.recipe).splitlines() if column.recipe is not None and not column.original else []

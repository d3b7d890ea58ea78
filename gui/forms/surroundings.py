"""What editors need of the window around their form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.description import Description
from gui.forms.numbers import Tell
from gui.network_text import ORIGINAL

Pairs = Mapping[str, str | list[str]]


@dataclass(frozen=True)
class PairsWanted:
    """Somebody wants to choose pairs of layers.

    Attributes:
        method: the loss that they are for.
        pairs: student's layer → teacher's layer or layers; None where the run proposes them.
        teacher: the network that they are paired with, as the recipe names it.
        tell: takes the new pairs, or None.
    """

    method: Description
    pairs: Pairs | None
    teacher: Any
    tell: Tell


@dataclass(frozen=True)
class Surroundings:
    """See above; by default there is nothing around.

    Attributes:
        runs: titles and folders of the finished runs, the latest first.
        teacher: the network that is learned from, as the recipe names it now.
        choose_pairs: shows both networks side by side.
    """

    runs: Callable[[], Sequence[tuple[str, Path]]] = tuple
    teacher: Callable[[], Any] = lambda: ORIGINAL
    choose_pairs: Callable[[PairsWanted], None] | None = None

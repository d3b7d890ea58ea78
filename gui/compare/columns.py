"""What stands in one column of a comparison, read from its run's folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.description import Catalogue
from backend.errors import CompressionError
from backend.recipe import Recipe, read_recipe
from backend.workspace import RECIPE, read_result
from gui.comparison import value
from gui.item_models.run_rows import key_of
from gui.moments import Moment
from gui.run_parts import channels_of, put_together, rows_by_name


@dataclass(frozen=True)
class Compared:
    """One network among those that are compared.

    Attributes:
        moment: which one it is, and its figures.
        key: which network and data its run worked on; only like ones compare.
        recipe: of its run; None for the original, and where it can't be read any more.
        records: rows of result.json of the stages that made it, in order; a step's stage is the last of them.
        layers: rows L by layer name.
        channels: layer → channels before and after removal; only layers of which some were removed.
    """

    moment: Moment
    key: str = ""
    recipe: Recipe | None = None
    records: Sequence[Mapping[str, Any]] = ()
    layers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    channels: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return self.moment.title

    @property
    def brief(self) -> str:
        """The title without the run's name."""
        return self.moment.short if self.moment.kind == "final" else self.moment.title

    @property
    def original(self) -> bool:
        return self.moment.kind == "original"

    def figure(self, key: str) -> float | None:
        return value(self.moment.metrics, key)

    def same(self, other: Compared) -> bool:
        """Whether it is the same network: the originals of runs of one network and its data are one."""
        if self.original and other.original:
            return self.key == other.key
        mine, its = self.moment, other.moment
        return (mine.run, mine.kind, mine.stage, mine.step) == (its.run, its.kind, its.stage, its.step)


def compared(moment: Moment, catalogue: Catalogue | None) -> Compared:
    """The column of ``moment``; what its run's folder does not hold any more is left out."""
    result = read_result(moment.run) or {}
    recipe = _recipe(moment, catalogue)
    data = result.get("recipe") if isinstance(result.get("recipe"), Mapping) else None
    key = key_of(data if data is not None else recipe.to_data() if recipe is not None else {})
    if moment.kind == "original":
        return Compared(moment, key, layers=moment.layers())
    baseline = result.get("baseline")
    before = rows_by_name(baseline.get("layers")) if isinstance(baseline, Mapping) else {}
    layers = put_together(moment.layers(), before)
    rows = [row for row in result.get("stages") or [] if isinstance(row, Mapping)]
    records = rows if moment.stage is None else rows[: moment.stage + 1]
    return Compared(moment, key, recipe, records, layers, channels_of(records))


def _recipe(moment: Moment, catalogue: Catalogue | None) -> Recipe | None:
    if catalogue is None:
        return None
    try:
        return read_recipe(moment.run / RECIPE, catalogue)
    except CompressionError:  # of another version, or gone
        return None


def alike(columns: Sequence[Compared]) -> bool:
    """Whether all work on the same network and data."""
    return len({column.key for column in columns}) <= 1

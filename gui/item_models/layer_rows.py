"""Which modules are rows, and in what order: folded like a tree, filtered, or a sorted list of layers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from backend.answers import LayerInfo
from gui.item_models.layer_columns import Column
from gui.item_models.layer_query import Figure, Query

OPEN_AT_ONCE = 400
"""A network with at most as many modules is shown unfolded."""


class LayerRows:
    """The rows of ``layers``, which stand before what they hold; a *place* is an index into them.

    Args:
        layers: every module.
        figure: the number of a place in a column, for bounds in the filter.
        key: what a place is sorted by; None where there is nothing to compare.

    Attributes:
        parents: place of each one's container, −1 for the network.
        depths: how many containers each stands in.
        ends: the place behind the last module that each holds.
        shown: places, one a row.
        matching: places that the query means: layers, and containers only where it means no layer.
        query, sorting: what was asked for; sorting is a column and whether it falls.
        of: the same object for all rows of one network.
    """

    def __init__(self, layers: Sequence[LayerInfo], figure: Figure, key: Callable[[int, Column], Any]) -> None:
        self._layers, self._figure, self._key = layers, figure, key
        self.places = {layer.name: i for i, layer in enumerate(layers)}
        self.parents = [_nearest(layer.name, self.places) if i else -1 for i, layer in enumerate(layers)]
        self.depths = [0] * len(layers)
        self.ends = [i + 1 for i in range(len(layers))]
        for i, above in enumerate(self.parents[1:], 1):
            self.depths[i] = self.depths[above] + 1
        for i in range(len(layers) - 1, 0, -1):
            self.ends[self.parents[i]] = max(self.ends[self.parents[i]], self.ends[i])
        self.of = object()
        self.query = Query()
        self.sorting: tuple[Column, bool] | None = None
        self._folded = set() if len(layers) <= OPEN_AT_ONCE else self._blocks()
        self._resting = self._folded
        self.arrange()

    def follow(self, before: LayerRows) -> None:
        """Fold and sort as ``before``, where that is the same network, of which less was known."""
        names = before.places.keys()
        if not names or not names <= self.places.keys():
            return
        self._folded = {self.places[name] for name, place in before.places.items() if place in before._folded}
        self._resting = self._folded
        self.sorting, self.of = before.sorting, before.of
        self.arrange()

    def arrange(self) -> None:
        """Work the rows out anew."""
        self.matching = self._matches()
        self._found = self._with_containers()
        if self.sorting is not None:
            leaves = (i for i, layer in enumerate(self._layers) if layer.leaf and self._is_found(i))
            self.shown = self._sorted(leaves, *self.sorting)
        else:
            self.shown = self._unfolded(0, len(self._layers))
        self._row_of: dict[int, int] | None = None

    def _blocks(self) -> set[int]:
        """Everything that can be folded, but the network itself."""
        return {i for i, end in enumerate(self.ends) if i and end > i + 1}

    def _matches(self) -> list[int]:
        if not self.query:
            return []
        found = [i for i, met in enumerate(self.query.found(self._layers, self._figure)) if met]
        return [i for i in found if self._layers[i].leaf] or found

    def _with_containers(self) -> list[bool] | None:
        """Whether each place is meant or holds what is; None where all are shown."""
        if not self.query:
            return None
        found = [False] * len(self._layers)
        for i in self.matching:
            while i >= 0 and not found[i]:
                found[i] = True
                i = self.parents[i]
        return found

    def _is_found(self, place: int) -> bool:
        return self._found is None or self._found[place]

    def _unfolded(self, start: int, end: int) -> list[int]:
        rows = []
        i = start
        while i < end:
            if self._is_found(i):
                rows.append(i)
            i = self.ends[i] if i in self._folded else i + 1
        return rows

    def _sorted(self, places: Iterable[int], column: Column, falling: bool) -> list[int]:
        """Places without a figure come last either way."""
        keys = {place: self._key(place, column) for place in places}
        known = sorted((place for place, key in keys.items() if key is not None), key=keys.__getitem__, reverse=falling)
        return known + [place for place, key in keys.items() if key is None]

    def search(self, query: Query) -> None:
        """Folding begins anew with each query, and is as it was after the last one."""
        if not self.query:
            self._resting = self._folded
        self.query = query
        self._folded = set() if query else self._resting
        self.arrange()

    def row_of(self, place: int) -> int | None:
        """The row of a place, where it has one now."""
        if self._row_of is None:
            self._row_of = {place: row for row, place in enumerate(self.shown)}
        return self._row_of.get(place)

    # Folding

    def is_folded(self, place: int) -> bool | None:
        """Whether what a place holds is hidden; None where it holds nothing, or in a list."""
        return place in self._folded if self.sorting is None and self.ends[place] > place + 1 else None

    def held(self, place: int) -> list[int]:
        """What stands below a place once it is unfolded."""
        return self._unfolded(place + 1, self.ends[place])

    def fold(self, place: int, folded: bool) -> None:
        """Note it, and take out or put in what the place holds."""
        at = self.shown.index(place) + 1
        if folded:
            del self.shown[at : at + len(self.held(place))]
            self._folded = self._folded | {place}
        else:
            self._folded = self._folded - {place}
            self.shown[at:at] = self.held(place)
        self._row_of = None

    def fold_all(self, folded: bool) -> None:
        self._folded = self._blocks() if folded else set()
        self.arrange()

    def reveal(self, places: Iterable[int]) -> None:
        """Have a row for each place: unfold what holds it, drop a query or an order that hides it."""
        hidden = [place for place in places if self.row_of(place) is None]
        if not all(self._is_found(place) for place in hidden):
            self.search(Query())
        if not all(self._layers[place].leaf for place in hidden):
            self.sorting = None
        self._folded = self._folded.difference(above for place in hidden for above in self._above(place))
        self.arrange()

    def _above(self, place: int) -> Iterator[int]:
        while (place := self.parents[place]) >= 0:
            yield place


def _nearest(name: str, places: Mapping[str, int]) -> int:
    """Place of the closest listed ancestor; the network itself where there is none."""
    above = name.rpartition(".")[0]
    while above and above not in places:
        above = above.rpartition(".")[0]
    return places.get(above, 0)

"""Which runs can be weighed against each other: those of the open network and its data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from backend.recipe import Recipe
from gui.document import Document
from gui.item_models.run_rows import RunRow, key_of
from gui.item_models.runs import RunsModel
from gui.moments import Moment, moments_of
from gui.trade_off import Pool


class RunPool:
    """The moments of the runs in ``runs`` that worked on the document's network and data.

    ``running`` gives the recipe of the run in progress.

    Attributes:
        others: how many runs worked on something else.
    """

    def __init__(self, document: Document, runs: RunsModel, running: Callable[[], Recipe | None]) -> None:
        self._document, self._runs, self._running = document, runs, running
        self._known: dict[Path, tuple[RunRow, list[Moment]]] = {}
        self._pool: Pool | None = None
        self.others = 0

    @property
    def key(self) -> str:
        """Which network and data are open."""
        return _key(self._document.recipe)

    def forget(self) -> None:
        """The runs, or the network, have changed."""
        self._pool = None

    def has_grown(self) -> bool:
        """Whether the run in progress has measured a stage that is not in the pool yet."""
        live = next((row for row in self._runs.rows if row.status == "running"), None)
        known = self._known.get(live.folder) if live is not None else None
        return live is not None and (known is None or len(known[0].stages) != len(live.stages))

    def pool(self) -> Pool:
        """The original of the newest run, and every other moment of every run, the newest run first."""
        if self._pool is None:
            self._pool = Pool(self._moments())
        return self._pool

    def _moments(self) -> list[Moment]:
        key, measured = self.key, [row for row in self._runs.rows if row.baseline]
        alike = [row for row in measured if self._key_of(row) == key]
        self.others = len(measured) - len(alike)
        self._known = {row.folder: self._moments_of(row) for row in alike}
        newest = next((row for row in alike if row.status == "done"), alike[0] if alike else None)
        original = self._known[newest.folder][1][:1] if newest is not None else []
        return original + [m for _, moments in self._known.values() for m in moments if m.kind != "original"]

    def _moments_of(self, row: RunRow) -> tuple[RunRow, list[Moment]]:
        known = self._known.get(row.folder)
        return known if known is not None and known[0] == row else (row, moments_of(row))

    def _key_of(self, row: RunRow) -> str:
        return _key(self._running()) if row.status == "running" else row.key


def _key(recipe: Recipe | None) -> str:
    return key_of(recipe.to_data()) if recipe is not None else ""

"""What a plan is made of: the question, the parts in the order in which their units go, and what a scan has read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backend.cancel import Cancel
from backend.errors import msg
from backend.events import Emit, Progress
from backend.pruning._allocate import Curve
from backend.pruning._pruner import Pruner
from backend.pruning._target import Parts, curves_of, scan_parts
from backend.recipe import Recipe, Stage
from backend.sensitivity._base import BASELINE, Reading
from backend.sensitivity._cache import Cache
from backend.sensitivity._points import part_points
from backend.sensitivity._scan import limited
from backend.session import Session


@dataclass(frozen=True)
class Asked:
    """What a plan depends on beside the network.

    Attributes:
        recipe: with its defaults filled.
        index, stage: the prune stage; −1 and a usual one where the recipe has none.
        amounts: shares that the scan tried.
        limit: the most images of the scan.
        workspace: holds its readings.
        latencies, total: layer → milliseconds, and of the whole network; empty where they were not measured.
    """

    recipe: Recipe
    index: int
    stage: Stage
    amounts: Sequence[float]
    limit: int | None
    workspace: Path
    latencies: Mapping[str, float]
    total: float | None


class Ranked:
    """The parts of a network in the order in which their units go, and what a scan has read of them."""

    def __init__(self, session: Session, asked: Asked, emit: Emit, cancel: Cancel) -> None:
        self.session, self._asked = session, asked
        pruner = Pruner(session, asked.stage, asked.index, emit, cancel)
        self.parts: Parts = pruner.parts()
        self._amounts = pruner.amounts
        self.curves: dict[str, Curve] = {}
        self._drops: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None
        self._baseline = float("nan")

    @property
    def removal(self) -> bool:
        return "macs" in self.parts.costs({})

    def amounts(self, removed: Mapping[str, int]) -> dict[str, float]:
        """Layer → amount, from the network's input to its output as far as the module's order says."""
        found = self._amounts(self.parts.shares(removed))
        order = {name: at for at, (name, _) in enumerate(self.session.network.module.named_modules())}
        return {name: found[name] for name in sorted(found, key=lambda name: order.get(name, len(order)))}

    def recall(self) -> None:
        """Know what an earlier scan has found; nothing where it has not looked at every point."""
        if not self._drops:
            cache = self._cache()
            points = [p for p in part_points(self.parts, self._asked.amounts) if p.masks]
            if BASELINE in cache and points and all(point in cache for point in points):
                self.learn(lambda event: None, Cancel())

    def learn(self, emit: Emit, cancel: Cancel) -> None:
        """Read what the scan has found, and scan what it has not."""
        if self._drops:
            return
        asked, cache = self._asked, self._cache()

        def progress(done: float, total: float) -> None:
            emit(Progress(asked.index, done, total, msg("Scanning layers")))

        readings = scan_parts(
            self.session, self.parts, cancel, progress, cache=cache, amounts=asked.amounts, limit=asked.limit
        )
        curves = curves_of(self.session, self.parts, readings)
        self._baseline = cache[BASELINE].accuracy
        self._drops = drops([one for rows in readings.values() for one in rows], self._baseline)
        self.curves = curves

    def scored(self, shares: Mapping[str, float]) -> dict[str, float]:
        """The accuracy on validation images when these shares of the parts go; nothing where no scan has looked."""
        if self._drops is None:
            return {}
        noise = sum(self.curves[name].noise_at(share) for name, share in shares.items() if name in self.curves)
        return {"accuracy": self._baseline - float(np.interp(noise, *self._drops))}

    def _cache(self) -> Cache:
        data = limited(self.session.data, "validation", self._asked.limit)
        return Cache.of(self._asked.workspace, self.session.network.module, data)


def drops(readings: Sequence[Reading], baseline: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Noise ÷ signal of the output in rising order, and the points of accuracy that go with it.

    The best fit that never falls as noise rises (isotonic regression by pooling neighbors: Barlow et al. 1972,
    "Statistical inference under order restrictions"), beginning with none at 0.
    """
    known = sorted((10 ** (-r.sqnr_db / 10), baseline - r.accuracy) for r in readings)
    blocks: list[list[float]] = []
    for _, drop in known:
        blocks.append([drop, 1.0])
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            (a, n), (b, m) = blocks[-2:]
            blocks[-2:] = [[(a * n + b * m) / (n + m), n + m]]
    fitted = [max(0.0, drop) for drop, count in blocks for _ in range(round(count))]
    return np.array([0.0, *(noise for noise, _ in known)]), np.array([0.0, *fitted])

"""Plans from a scan while somebody waits: network, images, ranking and readings are prepared once.

What a plan costs is worked out, never measured: multiply-accumulates and parameters exactly, the file with the
precision that the recipe goes on to give it, latency from layers that were timed, and accuracy from the noise that
the scan saw. Noise of several layers adds up; how much accuracy goes with it is read off all the points of the scan.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from backend.cancel import Cancel
from backend.datasets._base import PartName
from backend.errors import CompressionError, msg
from backend.evaluation.figures import structure
from backend.events import Emit, Progress
from backend.network import Network
from backend.pruning._allocate import Curve, allocate
from backend.pruning._pruner import Pruner
from backend.pruning._target import Parts, curves_of, require_meaning, scan_parts
from backend.recipe import Recipe, Rule, Stage, judged
from backend.runner import open_session
from backend.sensitivity._base import BASELINE, Reading
from backend.sensitivity._cache import Cache
from backend.sensitivity._points import part_points
from backend.sensitivity._prices import Price, latency_price, on_other_kernels, size_price
from backend.sensitivity._recipe import by_itself
from backend.sensitivity._scan import limited
from backend.session import Session
from backend.stages._layers import layer_plans

HALVINGS = 8
"""The largest loss of accuracy that is allowed is closed in on in so many steps."""
AMOUNT = ("amount", "scope", "target", "reestimate")
"""Settings of a stage that say how much goes, not what is ranked, and how."""
Counted = Callable[[Mapping[str, int]], float]


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


class Planner:
    """A network and its images, ready to be planned for.

    Raises:
        CompressionError: they can't be opened.
    """

    def __init__(
        self, recipe: Recipe, folder: Path, emit: Emit, cancel: Cancel, *, allowed: Mapping[str, str] | None
    ) -> None:
        opened = open_session(dataclasses.replace(recipe, stages=()), folder, emit, cancel, allowed=allowed)
        kept: tuple[PartName, ...] = ("validation", "calibration")
        parts = {name: opened.data.parts[name] for name in kept}
        self._opened = dataclasses.replace(opened, data=dataclasses.replace(opened.data, parts=parts))
        self._ranked: tuple[str, Ranked] | None = None

    def propose(self, asked: Asked, target: Mapping[str, float], emit: Emit, cancel: Cancel) -> dict[str, Any]:
        """The amounts that meet ``target``, and with it whatever else of the budget can be met.

        Raises:
            CompressionError: the target can't be met.
        """
        ranked = self._rank(asked, emit, cancel)
        ranked.learn(emit, cancel)
        plan = Plan(ranked, asked, self.before(asked, ranked))
        removed = plan.meeting(target, cancel)
        return {
            "layers": ranked.amounts(removed),
            "before": plan.before,
            "predicted": plan.predicted(removed),
        }

    def as_it_is(self, asked: Asked, emit: Emit, cancel: Cancel) -> dict[str, Any]:
        """What the network costs once the recipe's own stages have pruned it; nothing is trained."""
        from backend.stages.prune import METHOD

        ranked = self._rank(asked, emit, cancel) if asked.index >= 0 else None
        if ranked is not None:
            ranked.recall()
        before = self.before(asked, ranked)
        session = self._session(asked.recipe)
        for index, stage in enumerate(asked.recipe.stages):
            for acting in (stage, *stage.during):
                if acting.kind == "prune":
                    METHOD.run(session, self._amounts(acting, asked, emit, cancel), index, lambda event: None, cancel)
        session.network.module.eval()
        figures = structure(session.network, original=session.original)
        left = {name: p.numel() for name, p in session.network.module.named_parameters()}
        return {
            "layers": {},
            "before": before,
            "predicted": {
                **{key: figures[key] for key in ("macs", "parameters", "sparsity")},
                "size_bytes": size_price(session.network, asked.recipe).of({}),
                **_timed(session.original, asked, left),
                **(ranked.scored(_shares(session, ranked.parts)) if ranked is not None else {}),
            },
        }

    def _amounts(self, stage: Stage, asked: Asked, emit: Emit, cancel: Cancel) -> Stage:
        """``stage`` as it prunes in one go, its target as the amounts that meet it."""
        plain, target = _plain(stage), stage.settings.get("target")
        if not target:
            return plain
        recipe = dataclasses.replace(asked.recipe, budget={})
        found = self.propose(dataclasses.replace(asked, recipe=recipe), target, emit, cancel)
        old = {rule.pattern: rule.settings or {} for rule in plain.layers}
        rules = [Rule(name, {**old.get(name, {}), "amount": amount}) for name, amount in found["layers"].items()]
        return dataclasses.replace(
            plain, layers=(*rules, *(r for r in plain.layers if r.pattern not in found["layers"]))
        )

    def before(self, asked: Asked, ranked: Ranked | None) -> dict[str, Any]:
        """The original, as far as it is known."""
        found = {**self._structure, **_timed(self._opened.original, asked, None)}
        return found if ranked is None else {**found, **ranked.scored({})}

    @cached_property
    def _structure(self) -> dict[str, Any]:
        figures = structure(self._opened.original)
        return {key: figures[key] for key in ("macs", "parameters", "sparsity", "size_bytes")}

    def _session(self, recipe: Recipe) -> Session:
        """The network untouched, in a session of its own."""
        return dataclasses.replace(
            self._opened,
            recipe=dataclasses.replace(recipe, model=self._opened.recipe.model, data=self._opened.recipe.data),
            network=self._opened.original.copy(),
            generator=torch.Generator().manual_seed(recipe.seed),
            masks={}, choices={}, report={}, files={}, figures={},
        )  # fmt: skip

    def _rank(self, asked: Asked, emit: Emit, cancel: Cancel) -> Ranked:
        """What the stage ranks: the last one is kept, whatever amounts the recipe gives."""
        plans = layer_plans(self._opened.original.module, asked.stage)
        chosen = {
            name: plan.settings and {k: v for k, v in plan.settings.items() if k not in AMOUNT}
            for name, plan in plans.items()
        }
        how = [asked.stage.settings.get(key) for key in ("remove", "round_to")]
        key = json.dumps([chosen, how, asked.amounts, asked.limit, str(asked.workspace)], default=str)
        if self._ranked is None or self._ranked[0] != key:
            self._ranked = key, Ranked(self._session(asked.recipe), asked, emit, cancel)
        return self._ranked[1]


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


@dataclass(frozen=True)
class Plan:
    """The search for amounts, and what they come to."""

    ranked: Ranked
    asked: Asked
    before: Mapping[str, Any]

    def meeting(self, target: Mapping[str, float], cancel: Cancel) -> dict[str, int]:
        """Units of each part to remove."""
        kind, figure = next(iter(target.items()))
        require_meaning(kind, self.ranked.removal)
        if kind == "accuracy_drop":
            return self._accurate(figure, cancel)
        others = {limit: one for limit, one in self.asked.recipe.budget.items() if limit in self._counted}
        for limits in ({**others, **target}, target):
            removed, missing = allocate(self.ranked.curves, self._excess(limits), 0.0)
            cancel.check()
            if missing <= 0:
                return removed
        raise self._out_of_reach(kind, figure, removed)

    def predicted(self, removed: Mapping[str, int]) -> dict[str, Any]:
        """What the network is expected to measure then."""
        parts, left = self.ranked.parts, self.ranked.parts.left(removed)
        shares = {name: count / parts.units()[name] for name, count in removed.items()}
        sparsity = 1 - parts.costs(removed).get("weights", self._weights) / self._weights
        return {
            "macs": self.before["macs"],
            "parameters": self.before["parameters"],
            **({"sparsity": sparsity} if not self.ranked.removal else {"sparsity": self.before["sparsity"]}),
            **{key: value for key, value in parts.costs(removed).items() if key != "weights"},
            "size_bytes": self._size.of(left),
            **_timed(self.ranked.session.network, self.asked, left),
            **self.ranked.scored(shares),
        }

    @cached_property
    def _counted(self) -> Mapping[str, Counted]:
        """Limit → what is counted of it, for those that these amounts can meet without measuring."""
        parts = self.ranked.parts
        if not self.ranked.removal:
            return {"sparsity": lambda removed: parts.costs(removed)["weights"]}
        counted: dict[str, Counted] = {
            "macs": lambda removed: parts.costs(removed)["macs"],
            "parameters": lambda removed: parts.costs(removed)["parameters"],
            "size": lambda removed: self._size.of(parts.left(removed)),
        }
        latency = self._latency
        if latency is not None:
            counted["latency"] = lambda removed: latency.of(parts.left(removed))
        return counted

    def _excess(self, limits: Mapping[str, float]) -> Counted:
        """By how much the limits are exceeded, each as a share of what it allows, together."""
        bounds = [(self._count(limit), self._allowed(limit, figure)) for limit, figure in limits.items()]

        def excess(removed: Mapping[str, int]) -> float:
            return sum(max(0.0, count(removed) / most - 1) for count, most in bounds)

        return excess

    def _count(self, limit: str) -> Counted:
        if limit in self._counted:
            return self._counted[limit]
        raise CompressionError(
            msg("What this recipe makes of the latency is known after a run alone."),
            msg("Measure the latency of the layers first; where the network computes in int8, run the recipe."),
        )

    def _allowed(self, limit: str, figure: float) -> float:
        if limit == "sparsity":
            return max((1 - min(figure, 1.0)) * self._weights, 1e-9)
        (verdict,) = judged({limit: figure}, self.before, {})
        if verdict.allowed is None:
            raise CompressionError(
                msg("{limit} of the original is not known, so no share of it can be.", limit=limit),
                msg("Choose a network that runs on one input, or another limit."),
            )
        return verdict.allowed

    def _accurate(self, drop: float, cancel: Cancel) -> dict[str, int]:
        """As much as can go before accuracy is expected to fall by more than ``drop`` points."""
        parts, cost = self.ranked.parts, "macs" if self.ranked.removal else "weights"
        whole, low, high = parts.costs({})[cost], 0.0, 1.0
        best: dict[str, int] = dict.fromkeys(self.ranked.curves, 0)
        for _ in range(HALVINGS):
            cancel.check()
            middle = (low + high) / 2
            removed, _ = allocate(self.ranked.curves, lambda r: parts.costs(r)[cost], middle * whole)
            shares = {name: count / parts.units()[name] for name, count in removed.items()}
            if self.before["accuracy"] - self.ranked.scored(shares)["accuracy"] <= drop:
                best, high = removed, middle
            else:
                low = middle
        return best

    def _out_of_reach(self, kind: str, figure: float, removed: Mapping[str, int]) -> CompressionError:
        least = self._count(kind)(removed)
        if kind == "sparsity":
            least = 1 - least / self._weights
        elif figure <= 1:
            least *= figure / self._allowed(kind, figure)
        return CompressionError(
            msg("The target {target}: {figure} can't be met.", target=kind, figure=f"{figure:g}"),
            msg(
                "With one unit left in every layer that may be pruned it is {least}; allow more layers.",
                least=f"{least:.3g}",
            ),
        )

    @cached_property
    def _weights(self) -> float:
        module = self.ranked.session.original.module
        return float(sum(p.numel() for p in module.parameters() if p.dim() >= 2))

    @cached_property
    def _size(self) -> Price:
        return size_price(self.ranked.session.network, self.asked.recipe)

    @cached_property
    def _latency(self) -> Price | None:
        return _latency(self.ranked.session.network, self.asked)


def _latency(network: Network, asked: Asked) -> Price | None:
    """None where the layers were not timed, or low-precision kernels will take other times."""
    if asked.total is None or on_other_kernels(asked.recipe):
        return None
    return latency_price(network, asked.latencies, asked.total)


def _timed(network: Network, asked: Asked, left: Mapping[str, int] | None) -> dict[str, Any]:
    """The latency with ``left`` of each parameter, as a run writes it; that of the original without."""
    if left is None:
        return {"latency_ms": {"median": asked.total}} if asked.total is not None else {}
    price = _latency(network, asked)
    return {"latency_ms": {"median": price.of(left)}} if price is not None else {}


def _plain(stage: Stage) -> Stage:
    """``stage`` as it prunes in one go; what it would do to statistics costs nothing."""
    plain = by_itself(stage)
    return dataclasses.replace(plain, settings={k: v for k, v in plain.settings.items() if k != "reestimate"})


def _shares(session: Session, parts: Parts) -> dict[str, float]:
    """Part → share of its units that a pruned session has lost."""
    removed = session.report.get("removal", {"layers": []})["layers"]
    rows = {row["name"]: 1 - row["left"] / row["channels"] for row in removed}
    names, masks = parts.units(), session.masks
    zeros = {n: float(masks[f"{n}.weight"].eq(0).float().mean()) for n in names if f"{n}.weight" in masks}
    return {**zeros, **{name: share for name, share in rows.items() if name in names}}

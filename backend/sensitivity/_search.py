"""The search for amounts that keep limits, and what they come to: worked out, never measured.

Multiply-accumulates and parameters are exact. The file is priced with the precision that the recipe goes on to give
it, latency by layers that were timed, and accuracy by the noise that the scan saw: noise of several layers adds up,
and how much accuracy goes with it is read off all the points of the scan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from backend.cancel import Cancel
from backend.errors import CompressionError, msg
from backend.network import Network
from backend.pruning._allocate import allocate
from backend.pruning._target import require_meaning
from backend.recipe import judged
from backend.sensitivity._prices import Price, latency_price, on_other_kernels, size_price
from backend.sensitivity._ranked import Asked, Ranked

HALVINGS = 8
"""The largest loss of accuracy that is allowed is closed in on in so many steps."""
Counted = Callable[[Mapping[str, int]], float]


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
            **timed(self.ranked.session.network, self.asked, left),
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


def timed(network: Network, asked: Asked, left: Mapping[str, int] | None) -> dict[str, Any]:
    """The latency with ``left`` of each parameter, as a run writes it; that of the original without."""
    if left is None:
        return {"latency_ms": {"median": asked.total}} if asked.total is not None else {}
    price = _latency(network, asked)
    return {"latency_ms": {"median": price.of(left)}} if price is not None else {}

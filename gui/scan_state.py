"""A sensitivity scan as plain data: what pruning each layer alone costs. No widgets here."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal

from backend.errors import Message
from backend.events import Cancelled, Event, Failed, Finished, Progress, Sensitivity
from gui.text import NOTHING, number, percent, points, tr

ScanStatus = Literal["empty", "running", "done", "stopped", "failed"]
Measure = Literal["accuracy", "sqnr_db"]
KINDS = frozenset({"progress", "figures", "status"})
USUAL = 0.5
"""The amount that the column of the layer tree shows, or the one nearest to it."""


EXACT = 200.0
"""The SQNR in decibels that the engine gives an output that did not change."""


@dataclass(frozen=True)
class Point:
    """What the network scores when ``amount`` of one layer is pruned; a figure that is not finite is None."""

    amount: float
    accuracy: float | None
    loss: float | None
    sqnr_db: float | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Point:
        return cls(float(row["amount"]), *(_finite(row.get(key)) for key in ("accuracy", "loss", "sqnr_db")))

    def figure(self, measure: Measure) -> float | None:
        """What a curve shows; an output that did not change at all has no noise to measure."""
        if measure == "accuracy":
            return self.accuracy
        return self.sqnr_db if self.sqnr_db is not None and self.sqnr_db < EXACT else None

    def text(self, measure: Measure) -> str:
        """The figure with its unit."""
        if measure == "accuracy":
            return f"{number(self.accuracy, 2)}%"
        return tr("exact") if (self.sqnr_db or 0.0) >= EXACT else tr("{sqnr} dB", sqnr=number(self.sqnr_db, 1))


class ScanState(QObject):
    """One scan, growing or finished.

    ``changed(kinds)``: progress, figures, status; sent once per batch of events.

    Attributes:
        status: empty before the first one.
        targets: layer, or group of layers that can only be pruned together → its points in rising amounts.
        amounts: every amount that was tried, ascending.
        members: target → the layers that are pruned in it; where it is not known yet, the one it is named after.
        baseline: of the network as it is; None until that is known.
        images, method, notes: on how many images, by which criterion, and what to know of it.
        done, total: progress.
        failed: why it failed.
    """

    changed = Signal(set)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._chosen = USUAL
        self._reset()

    def _reset(self) -> None:
        self.job: str | None = None
        self.status: ScanStatus = "empty"
        self.targets: dict[str, list[Point]] = {}
        self.amounts: list[float] = []
        self.members: dict[str, list[str]] = {}
        self.baseline: Point | None = None
        self.images: int | None = None
        self.method = ""
        self.notes: list[Message] = []
        self.done = self.total = 0.0
        self.failed: Failed | None = None

    def clear(self) -> None:
        self._reset()
        self.changed.emit(set(KINDS))

    def begin(self, job: str, method: str) -> None:
        """Forget everything and follow ``job`` from now on."""
        self._reset()
        self.job, self.method, self.status = job, method, "running"
        self.changed.emit(set(KINDS))

    def apply(self, events: Iterable[tuple[str, float, Event]]) -> None:
        """Take a batch of (job, seconds, event); ``changed`` is sent at most once."""
        kinds: set[str] = set()
        for job, _, event in events:
            if job == self.job and self.status == "running":
                kinds |= self._take(event)
        if kinds:
            self.changed.emit(kinds)

    def _take(self, event: Event) -> set[str]:
        match event:
            case Progress():
                self.done, self.total = event.done, event.total
                return {"progress"}
            case Sensitivity():
                self._read(event.target, event.rows)
                return {"figures"}
            case Finished():
                self._finish(event.result)
            case Cancelled():
                self.status = "stopped"
            case Failed():
                self.status, self.failed = "failed", event
            case _:
                return set()
        return set(KINDS)

    def _read(self, target: str, rows: Sequence[Mapping[str, Any]]) -> None:
        points = [Point.of(row) for row in rows]
        if target:
            self.targets[target] = points
            self.amounts = sorted({*self.amounts, *(point.amount for point in points)})
        elif points:  # the empty target is the network as it is
            self.baseline = points[0]

    def _finish(self, result: Mapping[str, Any]) -> None:
        self.status = "done"
        baseline = result.get("baseline")
        if isinstance(baseline, Mapping):
            self.baseline = Point.of({"amount": 0.0, **baseline})
        for target, rows in (result.get("targets") or {}).items():
            self._read(target, rows)
        self.members = {name: list(layers) for name, layers in (result.get("layers") or {}).items()}
        self.images = result.get("images")
        self.method = str(result.get("method") or self.method)
        self.notes = [Message.from_data(note) for note in result.get("notes") or []]

    @property
    def amount(self) -> float | None:
        """The amount at which layers are compared: the chosen one, else the nearest that was tried."""
        return min(self.amounts, key=lambda amount: abs(amount - self._chosen), default=None)

    def choose_amount(self, amount: float) -> None:
        self._chosen = amount
        self.changed.emit({"figures"})

    def point(self, target: str, amount: float) -> Point | None:
        return next((p for p in self.targets.get(target, ()) if math.isclose(p.amount, amount, abs_tol=1e-9)), None)

    def drop(self, target: str, amount: float) -> float | None:
        """Points of accuracy lost when ``amount`` of ``target`` alone is pruned; None where that is not known."""
        point = self.point(target, amount)
        if point is None or self.baseline is None or point.accuracy is None or self.baseline.accuracy is None:
            return None
        return self.baseline.accuracy - point.accuracy

    def drops(self) -> dict[str, float]:
        """Target → points lost at :attr:`amount`."""
        amount = self.amount
        if amount is None:
            return {}
        return {name: drop for name in self.targets if (drop := self.drop(name, amount)) is not None}

    def layer_drops(self) -> dict[str, float]:
        """Layer → points lost at :attr:`amount`; the most where it is pruned in several targets."""
        found: dict[str, float] = {}
        for target, drop in self.drops().items():
            for layer in self.layers_of(target):
                found[layer] = max(drop, found.get(layer, drop))
        return found

    def layers_of(self, target: str) -> list[str]:
        return self.members.get(target) or [target]

    def targets_of(self, layer: str) -> list[str]:
        """The targets in which ``layer``, or what it holds, is pruned."""
        return [
            target
            for target in self.targets
            if any(one == layer or not layer or one.startswith(f"{layer}.") for one in self.layers_of(target))
        ]

    def describe(self, layer: str) -> str:
        """Everything that is known of a layer, a line an amount."""
        target = max(self.targets_of(layer), key=lambda target: self.drops().get(target, 0.0))
        others = [name for name in self.layers_of(target) if name != layer]
        lines = [tr("{layer} pruned alone", layer=layer)]
        if others:
            lines = [tr("{layer} pruned together with {others}", layer=layer, others=", ".join(others))]
        for point in self.targets[target]:
            drop = self.drop(target, point.amount)
            change = points(-drop) if drop is not None else NOTHING
            lines.append(
                tr(
                    "{amount}: {accuracy} ({change}), SQNR {sqnr}",
                    amount=percent(point.amount),
                    accuracy=point.text("accuracy"),
                    change=change,
                    sqnr=point.text("sqnr_db"),
                )
            )
        return "\n".join(lines)

    def most_sensitive(self, count: int) -> list[str]:
        """The targets that lose most, the worst first."""
        drops = self.drops()
        return sorted(drops, key=lambda name: -drops[name])[:count]


def _finite(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and math.isfinite(value) else None

"""What a run consists of, as plain data: its stages, curves, bands and log lines."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from backend.errors import Message
from gui.precisions import MIXED

Floats = NDArray[np.float64]
StageStatus = Literal["waiting", "running", "done", "stopped", "failed"]
RunStatus = Literal["empty", "running", "done", "stopped", "failed"]
Level = Literal["info", "ok", "warning", "error"]

WEIGHTS: Mapping[str, float] = {"measure": 1.0, "train": 8.0, "quantize": 2.0}
"""Shares of a run's time before anything is known; every other kind of stage counts 1."""


FINISHING = 1.0
"""Weight of what follows the last stage: both networks are timed in turns."""
ALMOST = 0.95
"""As far as a stage gets before the next one begins: it may still measure what it made."""


class Curve:
    """Points that arrive one by one, kept in arrays that double when they are full."""

    def __init__(self) -> None:
        self._data: Floats = np.empty((4, 256))
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def append(self, x: float, y: float, stage: int = 0, at: float = 0.0) -> None:
        """A point that ``stage`` told after ``at`` of its steps."""
        if self._count == self._data.shape[1]:
            self._data = np.concatenate([self._data, np.empty_like(self._data)], axis=1)
        self._data[:, self._count] = x, y, stage, at
        self._count += 1

    def cut(self, stage: int, at: float) -> None:
        """Forget what was told after ``at`` steps of ``stage``: it is done again."""
        stages, steps = self._data[2:, : self._count]
        kept = (stages < stage) | ((stages == stage) & (steps <= at))
        left = int(kept.sum())
        self._data[:, :left] = self._data[:, : self._count][:, kept]
        self._count = left

    @property
    def x(self) -> Floats:
        """Seconds since the run began, ascending."""
        return self._data[0, : self._count]

    @property
    def y(self) -> Floats:
        return self._data[1, : self._count]

    def at(self, x: float) -> float | None:
        """The last value at or before ``x``; None before the first point."""
        index = int(np.searchsorted(self.x, x, side="right")) - 1
        return float(self.y[index]) if index >= 0 else None


@dataclass
class StageState:
    """One stage of the run. Times are seconds since the run began."""

    index: int
    kind: str
    label: str
    status: StageStatus = "waiting"
    started: float | None = None
    ended: float | None = None
    reached: float = 0.0

    @property
    def weight(self) -> float:
        return WEIGHTS.get(self.kind, 1.0)

    @property
    def fraction(self) -> float:
        return 1.0 if self.status == "done" else self.reached

    def begin(self, seconds: float, goes_on: bool) -> None:
        """It is at work from now on; one that ``goes_on`` has been since it began first."""
        if not goes_on or self.started is None:
            self.started, self.reached = seconds, 0.0
        self.status, self.ended = "running", None

    def take_over(self, earlier: StageState | None) -> None:
        """What is known of the same stage from before the run was stopped."""
        if earlier is not None and earlier.started is not None:
            self.started, self.ended, self.reached = earlier.started, earlier.ended, earlier.reached
            self.status = "done" if earlier.status == "done" else "waiting"

    def reach(self, done: float | None, total: float | None) -> None:
        """Take ``done`` of ``total``. A stage may count anew (steps, then images measured): no way back."""
        if done and total:
            self.reached = max(self.reached, min(ALMOST, done / total))


@dataclass(frozen=True)
class Band:
    """The time a stage took, or (``planned``) will probably take."""

    index: int
    kind: str
    label: str
    start: float
    end: float
    planned: bool


@dataclass(frozen=True)
class LogLine:
    seconds: float
    level: Level
    message: Message
    hint: Message | None = None


def seconds_left(stages: Sequence[StageState], elapsed: float) -> float | None:
    """How long the rest will take: the running stage by its own pace, later ones by their weight.

    None until the pace is known: for the first second, and the first 2 % of a stage.
    """
    passed = sum(stage.weight * stage.fraction for stage in stages)
    running = next((stage for stage in stages if stage.status == "running"), None)
    if elapsed < 1.0 or passed <= 0:
        return None
    left = FINISHING * elapsed / passed
    for stage in stages:
        if stage is running and stage.started is not None:
            if stage.fraction < 0.02:
                return None
            left += (elapsed - stage.started) * (1 - stage.fraction) / stage.fraction
        elif stage.status == "waiting":
            left += stage.weight * elapsed / passed
    return left


def planned_bands(stages: Sequence[StageState], elapsed: float, left: float | None) -> list[Band]:
    """Bands of every stage that has begun, and of those to come where the time left is known."""
    bands: list[Band] = []
    waiting = [stage for stage in stages if stage.status == "waiting"]
    running = next((stage for stage in stages if stage.status == "running"), None)
    pace = elapsed / max(1e-9, sum(stage.weight * stage.fraction for stage in stages))
    weights = {stage.index: stage.weight for stage in waiting}
    if waiting:
        weights[waiting[-1].index] += FINISHING  # the last timing counts to the last stage
    end = elapsed + max(0.0, (left or 0.0) - pace * sum(weights.values()))
    for stage in stages:
        if stage.index >= 0 and stage.started is not None:
            finish = end if stage is running else (elapsed if stage.ended is None else stage.ended)
            bands.append(Band(stage.index, stage.kind, stage.label, stage.started, finish, stage is running))
        elif stage in waiting and left is not None:
            start, end = end, end + pace * weights[stage.index]
            bands.append(Band(stage.index, stage.kind, stage.label, start, end, True))
    return bands


def rows_by_name(rows: Any) -> dict[str, dict[str, Any]]:
    """Rows L of result.json by layer name; what is no list of rows gives none."""
    if not isinstance(rows, (list, tuple)):
        return {}
    return {str(row["name"]): dict(row) for row in rows if isinstance(row, Mapping) and "name" in row}


def parts_of(rows: Mapping[str, Any], layers: Collection[str]) -> dict[str, list[str]]:
    """Layer of ``layers`` → the rows of what took its place (``conv1`` → ``conv1.first``, ``conv1.last``)."""
    found: dict[str, list[str]] = {}
    for name in rows:
        above = name.rpartition(".")[0]
        while above and above not in layers:
            above = above.rpartition(".")[0]
        if above:
            found.setdefault(above, []).append(name)
    return found


def put_together(rows: Mapping[str, Mapping[str, Any]], layers: Collection[str]) -> dict[str, Mapping[str, Any]]:
    """``rows`` with what took the place of a layer of ``layers`` added up as one row of that layer."""
    parts = parts_of(rows, layers)
    inner = {name for names in parts.values() for name in names}
    whole = {name: _sum([rows[part] for part in names], rows.get(name, {})) for name, names in parts.items()}
    return {name: row for name, row in rows.items() if name not in inner} | whole


def _sum(rows: Sequence[Mapping[str, Any]], stale: Mapping[str, Any]) -> Mapping[str, Any]:
    """``stale`` is the row of the layer as it was, until the stage ends."""
    count = sum(int(row.get("parameters") or 0) for row in rows)
    zeros = sum(float(row.get("sparsity") or 0) * int(row.get("parameters") or 0) for row in rows)
    precisions = {str(row.get("precision") or "") for row in rows}
    return {
        **({"name": stale["name"], "type": stale.get("type", "")} if "name" in stale else {}),
        "parameters": count,
        "sparsity": zeros / count if count else 0.0,
        "precision": precisions.pop() if len(precisions) == 1 else MIXED,
    }


def channels_of(stages: Any) -> dict[str, tuple[int, int]]:
    """Layer → channels before the first and after the last of ``stages`` that removed some."""
    found: dict[str, tuple[int, int]] = {}
    for stage in stages if isinstance(stages, (list, tuple)) else ():
        removal = stage.get("removal") if isinstance(stage, Mapping) else None
        for row in (removal or {}).get("layers") or []:
            before, left = int(row["channels"]), int(row["left"])
            found[row["name"]] = (found.get(row["name"], (before, left))[0], left)
    return {name: counts for name, counts in found.items() if counts[0] != counts[1]}

"""The runs of a workspace as rows, read from their folders."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from backend import workspace as runs_on_disk
from backend.recipe import DataSpec, ModelSpec
from gui.comparison import Metrics, accuracy_change
from gui.run_parts import RunStatus
from gui.text import tr


@dataclass(frozen=True)
class RunRow:
    """One run. ``key`` says which network and data it worked on: only like runs compete for the star.

    ``stages`` are those that were measured, as rows of result.json without their layers.
    """

    folder: Path
    name: str
    status: RunStatus
    seconds: float
    baseline: Metrics = field(default_factory=dict)
    metrics: Metrics = field(default_factory=dict)
    key: str = ""
    fraction: float = 1.0
    number: int = 0
    stages: Sequence[Mapping[str, Any]] = ()

    @property
    def title(self) -> str:
        """``Run 12 · name``: names repeat, numbers do not."""
        return tr("Run {number} · {name}", number=self.number, name=self.name) if self.number else self.name

    @property
    def change(self) -> float | None:
        """Points of test accuracy gained or lost."""
        return accuracy_change(self.baseline, self.metrics)


class RunReader:
    """Reads the rows of a workspace; a run whose files are as they were is not read again."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[list[int], RunRow]] = {}

    def rows(self, workspace: Path) -> list[RunRow]:
        """Every run, oldest first: finished, stopped, failed or cut off."""
        known = {folder: self._row(folder) for folder in runs_on_disk.run_folders(workspace)}
        self._known = known
        return [row for _, row in known.values()]

    def _row(self, folder: Path) -> tuple[list[int], RunRow]:
        stamp = [_changed(folder / name) for name in (runs_on_disk.RESULT, runs_on_disk.EVENTS)]
        before = self._known.get(folder)
        if before is not None and before[0] == stamp:
            return before
        result = runs_on_disk.read_result(folder)
        return stamp, _unfinished(folder / runs_on_disk.EVENTS) if result is None else finished(folder, result)


def _changed(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0


def finished(folder: Path, result: Mapping[str, Any]) -> RunRow:
    """The row of a run that has a result."""
    recipe = result.get("recipe")
    recipe = recipe if isinstance(recipe, Mapping) else {}
    seconds = _took(folder / runs_on_disk.EVENTS)
    if seconds is None:
        seconds = sum(stage.get("seconds", 0.0) for stage in result.get("stages") or [])
    baseline = result.get("baseline")
    return RunRow(
        folder,
        str(recipe.get("name") or folder.name),
        "done",
        float(seconds),
        baseline if isinstance(baseline, Mapping) else {},
        result["final"],
        key_of(recipe),
        stages=[_without_layers(stage) for stage in result.get("stages") or [] if isinstance(stage, Mapping)],
    )


def key_of(recipe: Mapping[str, Any]) -> str:
    """Which network and which data a recipe is about; how training takes the data does not count."""
    data = {key: value for key, value in (recipe.get("data") or {}).items() if key not in ("batch_size", "augment")}
    return json.dumps([recipe.get("model"), data], sort_keys=True)


def _without_layers(stage: Mapping[str, Any]) -> dict[str, Any]:
    return {key: stage[key] for key in ("name", "kind", "seconds", "metrics", "steps") if key in stage}


def _unfinished(file: Path) -> RunRow:
    first, last = _ends(file)
    status: RunStatus = "failed" if last.get("kind") == "failed" else "stopped"
    row = RunRow(file.parent, str(first.get("name") or file.parent.name), status, float(last.get("time") or 0.0))
    stages = _kept_stages(file.parent)
    if not stages:
        return row
    sofar = stages[-1].get("metrics") or {}
    return replace(row, stages=stages, baseline=_original(file), metrics=sofar, key=_key_in(file.parent))


def _kept_stages(folder: Path) -> list[dict[str, Any]]:
    """What the checkpoints of a run say of the stages that it finished."""
    found: list[dict[str, Any]] = []
    while record := read_json(folder / runs_on_disk.STAGES / str(len(found)) / runs_on_disk.STATE).get("record"):
        found.append(_without_layers(record))
    return found


def _original(file: Path) -> Metrics:
    """M of the original as the journal has it; a run measures that before anything else."""
    try:
        with file.open("rb") as journal:
            line = next((line for line in journal if b'"kind": "measured"' in line), b"")
    except OSError:
        return {}
    metrics = _decoded(line).get("metrics")
    return metrics if isinstance(metrics, Mapping) else {}


def _key_in(folder: Path) -> str:
    """The key of a run that has no result, from the recipe as it was written."""
    try:
        recipe = yaml.safe_load((folder / runs_on_disk.RECIPE).read_text(encoding="utf-8"))
        model, data = ModelSpec.from_data(recipe.get("model") or {}), DataSpec.from_data(recipe.get("data") or {})
    except (OSError, ValueError, yaml.YAMLError, AttributeError, TypeError):
        return ""
    return key_of({"model": model.to_data(), "data": data.to_data()})


def _took(file: Path) -> float | None:
    """Seconds of the last line of a journal; the line itself, a whole result, need not be read for that."""
    try:
        with file.open("rb") as journal:
            journal.seek(max(0, file.stat().st_size - 262_144))
            tail = journal.read().rstrip()
    except OSError:
        return None
    time = re.search(rb'"time": ([0-9.]+)', tail[tail.rfind(b"\n") + 1 :][:200])
    return float(time[1]) if time is not None else None


def _ends(file: Path) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The first line of a journal and its last whole one."""
    try:
        with file.open("rb") as journal:
            first = journal.readline()
            journal.seek(max(0, file.stat().st_size - 262_144))
            tail = journal.read().splitlines()
    except OSError:
        return {}, {}
    whole = next((data for line in reversed(tail) if (data := _decoded(line))), {})
    return _decoded(first), whole


def _decoded(line: bytes) -> Mapping[str, Any]:
    try:
        data = json.loads(line)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def read_json(file: Path) -> dict[str, Any]:
    try:
        return dict(_decoded(file.read_bytes()))
    except OSError:
        return {}


def renamed(row: RunRow, names: Mapping[str, str]) -> RunRow:
    name = names.get(row.folder.name)
    return replace(row, name=name) if name else row

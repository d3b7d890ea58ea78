"""The recipes that ship with their data: techniques that work together, stopped in every stage and gone on with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from backend import progress
from backend.cancel import Cancel
from backend.events import Cancelled, Event, Failed, Finished, Metric, Progress, StageStarted
from backend.network import WEIGHTS
from backend.quantization._engines import candidates
from backend.recipe import Recipe, merged, read_recipe
from backend.registry import catalogue
from backend.runner import run
from backend.training import _report
from backend.workspace import RESULT
from resources.paths import resource
from resources.pipeline_table import PIPELINES

WITH_DATA = sorted(
    path.stem for path in resource("recipes").glob("*.yaml") if read_recipe(path, catalogue()).data.source == "digits"
)
COMBINED = {
    "lenet5-digits": {"prune", "train", "quantize"},
    "half-lenet-distill-int8": {"distill", "quantize"},
    "lenet5-prune-distill": {"prune", "distill"},
    "lenet5-distill-prune-int8": {"distill", "prune", "quantize"},
    "lenet5-prune-decompose": {"prune", "decompose"},
    "lenet5-decompose-int8": {"decompose", "quantize"},
    "lenet5-deep-compression": {"prune", "quantize"},
}
"""Every combination that needs no architecture search → what takes part in it."""
SLOWEST = {"lenet5-deep-compression", "lenet5-prune-distill"}
"""Run whole by `make tables` alone, which measures all of them."""


@pytest.fixture(autouse=True)
def every_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Epochs are saved and batches told however short they are."""
    monkeypatch.setattr(progress, "PAUSE", 0.0)
    monkeypatch.setattr(_report, "REPORT_SECONDS", 0.0)


def small(name: str) -> Recipe:
    """The recipe on a part of the data, for two epochs; the engine is not chosen by the clock."""
    recipe = read_recipe(resource(f"recipes/{name}.yaml"), catalogue())
    changes: dict[str, Any] = {"data.limit": 160}
    for i, stage in enumerate(recipe.stages):
        if stage.kind == "train":
            changes[f"stages.{i}.train.epochs"] = 2
        for place, one in [
            (f"stages.{i}", stage),
            *((f"stages.{i}.train.during.{n}", e) for n, e in enumerate(stage.during)),
        ]:
            if one.kind == "quantize" and one.settings["method"] in ("static_int8", "qat_int8"):
                changes[f"{place}.quantize.engine"] = candidates(True)[0]
    return merged(recipe, changes, catalogue())


class Stopping:
    """Asks to stop in the middle of one stage: in a training after its first epoch, else at its first progress."""

    def __init__(self, stage: int, train: bool) -> None:
        self.cancel, self.endings = Cancel(), list[Event]()
        self._stage, self._train, self._begun, self._epoch = stage, train, False, False

    def __call__(self, event: Event) -> None:
        if isinstance(event, StageStarted) and event.stage == self._stage:
            self._begun = True
        elif self._begun and self._train:
            self._epoch |= isinstance(event, Metric) and event.name == "accuracy"
            if self._epoch and isinstance(event, Metric) and event.name == "loss":
                self.cancel.request()
        elif self._begun and isinstance(event, Progress):
            self.cancel.request()
        if isinstance(event, (Finished, Cancelled, Failed)):
            self.endings.append(event)


def facts(output: Path, stages: int) -> tuple[Any, bytes]:
    """All figures but the times, and the weights of the last stage."""
    result = json.loads((output / RESULT).read_text(encoding="utf-8"))
    timed = {"latency_ms", "latency_large_ms", "large_batch", "seconds"}

    def untimed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: untimed(one) for key, one in value.items() if key not in timed and "latency" not in key}
        return [untimed(one) for one in value] if isinstance(value, list) else value

    weights = (output / "stages" / str(stages - 1) / WEIGHTS).read_bytes()
    return untimed({key: result[key] for key in ("baseline", "stages", "final")}), weights


@pytest.mark.parametrize("name", WITH_DATA)
def test_that_a_pipeline_stopped_in_every_stage_ends_as_one_that_was_not(name: str, tmp_path: Path) -> None:
    recipe = small(name)
    folder, count = resource("recipes"), len(recipe.stages)
    whole = Stopping(-2, False)
    run(recipe, tmp_path / "whole", whole, whole.cancel, folder=folder)
    assert isinstance(whole.endings[-1], Finished), whole.endings
    for stage in range(count):
        stopped = Stopping(stage, recipe.stages[stage].kind == "train")
        run(recipe, tmp_path / "stopped", stopped, stopped.cancel, folder=folder, resume=stage > 0)
        assert isinstance(stopped.endings[-1], Cancelled), (stage, stopped.endings)
    resumed = Stopping(-2, False)
    run(recipe, tmp_path / "stopped", resumed, resumed.cancel, folder=folder, resume=True)
    assert isinstance(resumed.endings[-1], Finished), resumed.endings
    assert facts(tmp_path / "stopped", count) == facts(tmp_path / "whole", count)


def test_that_every_combination_ships_with_its_data() -> None:
    assert set(COMBINED) <= set(WITH_DATA)
    assert set(COMBINED) == set(PIPELINES)
    for name, parts in COMBINED.items():
        stages = read_recipe(resource(f"recipes/{name}.yaml"), catalogue()).stages
        acting = [one for stage in stages for one in (stage, *stage.during)]
        found = {one.kind for one in acting} | {"distill" for one in acting if one.settings.get("distill")}
        assert parts <= found, name


@pytest.mark.parametrize("name", sorted(COMBINED.keys() - SLOWEST))
def test_that_a_combination_stays_accurate_and_becomes_less_than_half_as_large(name: str, tmp_path: Path) -> None:
    events: list[Event] = []
    recipe = read_recipe(resource(f"recipes/{name}.yaml"), catalogue())
    run(recipe, tmp_path / "run", events.append, Cancel(), folder=resource("recipes"))
    ending = events[-1]
    assert isinstance(ending, Finished), ending
    final = ending.result["final"]
    assert final["accuracy"] >= 97.0
    assert final["size_bytes"] < ending.result["baseline"]["size_bytes"] / 2

"""A training that was stopped goes on after the last epoch that was saved, and ends with the very same bits."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import main
from backend import progress
from backend.cancel import Cancel
from backend.checkpoint import PROGRESS
from backend.datasets._base import Data, Part, PartName
from backend.errors import Cancelled
from backend.events import Event, Finished, Metric, Progress, StageStarted
from backend.network import WEIGHTS, Network
from backend.progress import Saver, read_progress
from backend.quantization import _int8
from backend.recipe import DataSpec, ModelSpec, Recipe, Stage, recipe_from_data, yaml_from_data
from backend.registry import catalogue
from backend.runner import run
from backend.session import Session
from backend.stages import train
from backend.tensorboard import _decoded, _standing
from backend.training import _report
from backend.workspace import EVENTS, RESULT, STATE
from tests.backend.conftest import carried_out

MAIN = Path(__file__).parents[2] / "main.py"
SHAPE = (2, 8, 8)
PER_EPOCH = 3
EPOCHS = 4


@pytest.fixture(autouse=True)
def every_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every epoch is saved and every batch told, however short they are: tests stop at any of them."""
    monkeypatch.setattr(progress, "PAUSE", 0.0)
    monkeypatch.setattr(_report, "REPORT_SECONDS", 0.0)


class Net(nn.Module):
    """Normalization has statistics, dropout draws; the last two layers can be pruned, removed and quantized."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(2, 6, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(6)
        self.conv2 = nn.Conv2d(6, 8, 3, padding=1)
        self.drop = nn.Dropout(0.2)
        self.fc = nn.Linear(32, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.bn(self.conv1(x)))
        x = F.adaptive_avg_pool2d(F.relu(self.conv2(x)), 2)
        made: Tensor = self.fc(self.drop(x.flatten(1)))
        return made


def new_session() -> Session:
    """As a run opens it: the same each time."""

    def part(count: int) -> Part:
        drawn = torch.rand(count, *SHAPE, generator=torch.Generator().manual_seed(count))
        labels = torch.arange(count) % 3
        return Part(drawn + labels.view(-1, 1, 1, 1) * 0.2, labels)

    parts: dict[PartName, Part] = {"train": part(48), "validation": part(25), "calibration": part(16), "test": part(12)}
    data = Data(parts, DataSpec(batch_size=16, augment=True), ("a", "b", "c"), (0.0,), (1.0,))
    torch.manual_seed(0)
    network = Network("Tiny", ModelSpec("python", "tiny"), Net().eval(), SHAPE, 3)
    return Session(Recipe(), network.copy(), network, data, Path(), torch.Generator().manual_seed(1))


class Stop:
    """Asks to stop at the n-th batch that it hears of."""

    def __init__(self, batch: int | None) -> None:
        self.cancel, self.events = Cancel(), list[Event]()
        self._left = batch

    def __call__(self, event: Event) -> None:
        self.events.append(event)
        if self._left is not None and isinstance(event, Metric) and event.name == "loss":
            self._left -= 1
            if self._left == 0:
                self.cancel.request()


def at_work(stage: Stage, output: Path, stop: Stop, resume: bool) -> Session:
    """A session in which ``stage`` has been carried out, as the runner does it."""
    session = new_session()
    session.earlier = read_progress(output, 0) if resume else None
    rows = [] if session.earlier is None else list(session.earlier["steps"])
    session.save = Saver(session, output, 0, rows)
    session.keep = lambda at, metrics: rows.append({"at": at, "metrics": dict(metrics)})
    torch.manual_seed(7)
    train.run(session, stage, 0, stop, stop.cancel)
    session.report["steps"] = rows
    return session


def facts(session: Session) -> dict[str, Any]:
    """Everything that a stage leaves behind, weights and masks as bytes."""
    known = {
        "weights": session.network.weights_bytes(),
        "masks": {name: mask.numpy().tobytes() for name, mask in sorted(session.masks.items())},
        "edits": repr(session.network.structure()["edits"]),
        "generator": session.generator.get_state().numpy().tobytes(),
        "random": torch.get_rng_state().numpy().tobytes(),
    }
    return known | {k: repr(getattr(session, k)) for k in ("choices", "figures", "report", "files")}


def assert_resumes_exactly(stage: Stage, folder: Path, *stops: int) -> None:
    """A training that is stopped at these batches, one after the other, ends as one that never stopped."""
    whole = Stop(None)
    expected = facts(at_work(stage, folder / "whole", whole, False))
    output = folder / "stopped"
    for number, batch in enumerate(stops):
        stop = Stop(batch)
        with pytest.raises(Cancelled):
            at_work(stage, output, stop, number > 0)
    again = Stop(None)
    found = facts(at_work(stage, output, again, True))
    for name, value in expected.items():
        assert found[name] == value, name
    told = [e for e in again.events if isinstance(e, Metric)]
    assert told[0].at > PER_EPOCH  # it did not begin anew
    assert told == [e for e in whole.events if isinstance(e, Metric)][-len(told) :]


def pruning(method: str, kind: str, remove: bool = False, **schedule: Any) -> dict[str, Any]:
    settings = {"method": method, "amount": 0.4, "remove": remove, "schedule": {"kind": kind, **schedule}}
    return {"prune": settings}


def quantizing(method: str, **settings: Any) -> dict[str, Any]:
    edges = {} if method in ("qat_int8", "codebook") else {"edges": "same"}
    return {"quantize": {"method": method, **edges, **settings}}


CASES: dict[str, dict[str, Any]] = {
    "sgd with warm-up": {"warmup": 1.5, "clip_norm": 1.0, "label_smoothing": 0.1, "nesterov": True},
    "from scratch": {"from_scratch": True, "optimizer": "adam", "scheduler": "one_cycle"},
    "plateau": {"scheduler": "plateau", "optimizer": "nadam"},
    "bfloat16": {"precision": "bfloat16", "optimizer": "adamw", "scheduler": "multi_step"},
    "best epoch": {"keep_best": True, "patience": 3, "learning_rate": 0.3, "epochs": 6},
    "distilled with adapters": {
        "distill": {"losses": [{"loss": "soft_targets"}, {"loss": "feature_mse", "pairs": {"conv1": "conv2"}}]}
    },
    "movement": {"during": [pruning("movement", "agp", steps=4, end=0.9)]},
    "slim": {"during": [pruning("slim", "iterative", rounds=3, end=0.9)]},
    "soft": {"during": [pruning("l1_unstructured", "while_training", end=0.8)]},
    "channels removed": {"during": [pruning("taylor", "agp", remove=True, steps=4)]},
    "lottery ticket": {"epochs": 2, "during": [pruning("l1_unstructured", "lottery_ticket", rounds=2, rewind=0.2)]},
    "qat_int8": {"during": [quantizing("qat_int8", engine="fbgemm", start=0.3)]},
    "qat_int8 with removal": {
        "during": [pruning("taylor", "agp", remove=True, steps=4), quantizing("qat_int8", engine="fbgemm")],
        "keep_best": True,
    },
    "lsq": {"during": [pruning("l1_unstructured", "agp", steps=4), quantizing("lsq")]},
    "dorefa": {"during": [quantizing("dorefa", start=0.5)]},
    "bnn": {"during": [quantizing("bnn")]},
    "codebook": {"during": [quantizing("codebook", bits=3, start=0.2)]},
}


def stage_of(settings: Mapping[str, Any]) -> Stage:
    data = {"stages": [{"train": {"epochs": EPOCHS, **settings}}]}
    return recipe_from_data({"model": {"name": "lenet5"}, "data": {"source": "digits"}, **data}, catalogue()).stages[0]


@pytest.mark.parametrize("case", CASES)
def test_that_a_stopped_training_ends_with_the_same_bits(tmp_path: Path, case: str) -> None:
    assert_resumes_exactly(stage_of(CASES[case]), tmp_path, 3 * PER_EPOCH + 2)


def test_that_a_training_may_be_stopped_as_often_as_one_likes(tmp_path: Path) -> None:
    soft = {"during": [pruning("l1_unstructured", "while_training", end=0.8)]}
    assert_resumes_exactly(stage_of(soft), tmp_path, PER_EPOCH + 1, PER_EPOCH + 1, 2 * PER_EPOCH)


def test_that_an_engine_and_a_precision_that_were_timed_stay_for_the_rest_of_the_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = stage_of({"precision": "auto", "during": [quantizing("qat_int8", engine="auto")]})
    monkeypatch.setattr(train, "fastest", lambda *_: "bfloat16")
    tried: list[str] = []
    monkeypatch.setattr(_int8, "fastest_right", lambda modules, *_: tried.extend(modules) or tried[-1])
    with pytest.raises(Cancelled):
        at_work(stage, tmp_path, Stop(PER_EPOCH + 1), False)
    monkeypatch.setattr(train, "fastest", lambda *_: "float32")
    monkeypatch.setattr(_int8, "fastest_right", lambda modules, *_: next(iter(modules)))
    session = at_work(stage, tmp_path, Stop(None), True)
    assert session.choices["stages.0.train.precision"] == "bfloat16"
    assert session.network.edits[-1].data["engine"] == tried[-1] != tried[0]
    assert session.choices["stages.0.quantize.engine"] == tried[-1]


def test_that_what_can_not_be_read_is_not_gone_on_from(tmp_path: Path) -> None:
    stage, path = stage_of({}), tmp_path / "stages" / "0" / PROGRESS
    with pytest.raises(Cancelled):
        at_work(stage, tmp_path, Stop(PER_EPOCH + 1), False)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    assert read_progress(tmp_path, 0) is None
    path.write_bytes(content.replace(b'{\\"progress\\": 1', b'{\\"progress\\": 0'))
    assert read_progress(tmp_path, 0) is None
    path.write_bytes(content)
    assert read_progress(tmp_path, 0) is not None


def test_that_writing_where_a_training_stands_costs_a_small_part_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, written = [100.0], list[float]()
    monkeypatch.setattr(progress, "PAUSE", 50.0)
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    saver = Saver(new_session(), tmp_path, 0, [])

    def state() -> dict[str, Any]:
        written.append(now[0])
        now[0] += 2.0  # what this writing takes
        return {}

    for _ in range(400):
        now[0] += 1.0
        saver(state)
    assert written == [101.0, 203.0, 305.0, 407.0]
    assert saver.seconds == pytest.approx(now[0] - 100.0)


# Whole runs


class Killed(BaseException):
    """Nothing in the engine expects it: what follows it is not carried out, as in a process that was killed."""


def kill_at(stage: int, kind: type[Event], count: int) -> Any:
    left = [count]

    def emit(event: Event) -> None:
        if isinstance(event, kind) and event.stage == stage:
            left[0] -= 1
            if left[0] == 0:
                raise Killed

    return emit


def figures(result: Any) -> Any:
    """A result without what differs from run to run: times."""
    if isinstance(result, dict):
        dropped = ("seconds", "latency_ms", "latency_batch_ms", "environment")
        return {k: figures(v) for k, v in result.items() if k not in dropped}
    if isinstance(result, list):
        return [figures(v) for v in result]
    return result


def weights(output: Path) -> dict[str, bytes]:
    """Every weights file of a run, those of the points within its stages too."""
    return {str(file.relative_to(output)): file.read_bytes() for file in sorted(output.rglob(WEIGHTS))}


def journal(output: Path) -> list[tuple[float, Event]]:
    return [event for line in (output / EVENTS).read_bytes().splitlines() for event in _decoded(line)]


def points(output: Path) -> list[Metric]:
    """The points of the curves that stand."""
    return [event for _, event in _standing(journal(output)) if isinstance(event, Metric)]


SOFT = {"prune": {"method": "l1_unstructured", "amount": 0.3, "schedule": {"kind": "while_training"}}}
PIPELINE: list[dict[str, Any]] = [
    {"train": {"epochs": 15, "optimizer": "adam", "from_scratch": True}},
    {"prune": {"method": "ln_structured", "amount": 0.25, "remove": True}},
    {"train": {"epochs": 4, "during": [SOFT]}},
    {"quantize": {"method": "static_int8", "engine": "fbgemm", "calibration_batches": 2}},
]


@pytest.fixture(scope="module")
def pipeline(blobs: Path) -> dict[str, Any]:
    """Plain data of a recipe with a stage of each kind that differs in how it is resumed."""
    return {
        "name": "killed",
        "model": {"source": "bundled", "name": "lenet5", "num_classes": 4},
        "data": {"source": "arrays", "root": str(blobs), "batch_size": 64},
        "stages": PIPELINE,
    }


@pytest.fixture(scope="module")
def whole(pipeline: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run that nobody stopped."""
    output = tmp_path_factory.mktemp("whole") / "run"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_report, "REPORT_SECONDS", 0.0)
        assert isinstance(carried_out(recipe_from_data(pipeline, catalogue()), output)[-1], Finished)
    return output


def assert_equal_runs(output: Path, whole: Path) -> None:
    found, expected = (json.loads((folder / RESULT).read_bytes()) for folder in (output, whole))
    assert figures(found) == figures(expected)
    assert weights(output) == weights(whole)
    assert not list(output.rglob(PROGRESS))


def test_that_a_run_killed_in_every_one_of_its_stages_ends_with_the_same_figures(
    pipeline: dict[str, Any], whole: Path, tmp_path: Path
) -> None:
    recipe, output = recipe_from_data(pipeline, catalogue()), tmp_path / "killed"
    kills = [(0, Metric, 20), (1, Progress, 2), (2, Metric, 18), (3, Progress, 2)]
    for number, kill in enumerate(kills):
        with pytest.raises(Killed):
            run(recipe, output, kill_at(*kill), Cancel(), folder=tmp_path, resume=number > 0)
        assert (output / "stages" / str(kill[0]) / PROGRESS).is_file() == (kill[0] in (0, 2))
    carried_out(recipe, output, resume=True)
    assert_equal_runs(output, whole)
    assert points(output) == points(whole)


def test_that_a_process_killed_in_a_training_is_resumed_to_the_same_bits(
    pipeline: dict[str, Any], whole: Path, tmp_path: Path
) -> None:
    recipe, output = tmp_path / "recipe.yaml", tmp_path / "killed"
    recipe.write_text(yaml_from_data(pipeline), encoding="utf-8")
    command = ["run", str(recipe), "--output", str(output)]
    process = subprocess.Popen([sys.executable, str(MAIN), *command], stderr=subprocess.DEVNULL)
    state = output / "stages" / "0"
    while not (state / PROGRESS).is_file():
        assert process.poll() is None
        time.sleep(0.005)
    process.kill()
    process.wait()
    assert not (state / STATE).exists()
    assert main.main([*command, "--resume", "--quiet"]) == 0
    assert_equal_runs(output, whole)
    begun = [e for _, e in journal(output) if isinstance(e, StageStarted) and e.stage == 0]
    assert begun[0].done == 0 < begun[1].done

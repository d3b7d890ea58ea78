"""A run that was stopped goes on after the last epoch it saved, and ends with the very same bits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from backend import progress
from backend.cancel import Cancel
from backend.checkpoint import PROGRESS
from backend.events import Cancelled, Event, Finished, Metric, StageStarted
from backend.network import WEIGHTS
from backend.recipe import Recipe, recipe_from_data
from backend.registry import catalogue
from backend.runner import run
from tests.backend.conftest import carried_out

PER_EPOCH = 5
EPOCHS = 4


@pytest.fixture(autouse=True)
def every_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    """However short an epoch is."""
    monkeypatch.setattr(progress, "PAUSE", 0.0)


class Stop:
    """Asks a run to stop at its n-th batch of a stage's training, and remembers its events."""

    def __init__(self, batch: int, stage: int = 0) -> None:
        self.cancel, self.events = Cancel(), list[Event]()
        self._stage, self._left = stage, batch

    def __call__(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, Metric) and event.stage == self._stage and event.name == "loss":
            self._left -= 1
            if self._left == 0:
                self.cancel.request()


@pytest.fixture(autouse=True)
def every_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each batch is told, so that tests can stop at any of them."""
    monkeypatch.setattr("backend.training._report.REPORT_SECONDS", 0.0)


def trained(blobs: Path, **train: Any) -> Recipe:
    """One train stage on a small part of the blobs."""
    return recipe_from_data(
        {
            "name": "resumed",
            "model": {"source": "bundled", "name": "lenet5", "num_classes": 4},
            "data": {"source": "arrays", "root": str(blobs), "batch_size": 48, "augment": True},
            "stages": [{"train": {"epochs": EPOCHS, "optimizer": "adam", "precision": "float32", **train}}],
        },
        catalogue(),
    )


def figures(result: Any) -> Any:
    """A result without what differs from run to run: times."""
    if isinstance(result, dict):
        dropped = ("seconds", "latency_ms", "latency_batch_ms", "environment")
        return {k: figures(v) for k, v in result.items() if k not in dropped}
    if isinstance(result, list):
        return [figures(v) for v in result]
    return result


def files(output: Path) -> dict[str, bytes]:
    """Every weights file of a run, those of the points within its stages too."""
    return {str(file.relative_to(output)): file.read_bytes() for file in sorted(output.rglob(WEIGHTS))}


def result_of(events: list[Event]) -> Any:
    ending = events[-1]
    assert isinstance(ending, Finished), ending
    return figures(json.loads(json.dumps(ending.result)))


def assert_resumes_exactly(recipe: Recipe, folder: Path, *stops: int) -> None:
    """A run that is stopped at these batches, one after the other, ends as one that never stopped."""
    whole = result_of(carried_out(recipe, folder / "whole"))
    output = folder / "stopped"
    for number, batch in enumerate(stops):
        stop = Stop(batch)
        run(recipe, output, stop, stop.cancel, folder=folder, resume=number > 0)
        assert isinstance(stop.events[-1], Cancelled)
        assert (output / "stages" / "0" / PROGRESS).is_file()
    events = carried_out(recipe, output, resume=True)
    begun = next(e for e in events if isinstance(e, StageStarted) and e.stage == 0)
    assert begun.done > 0
    assert result_of(events) == whole
    assert files(output) == files(folder / "whole")
    assert not list(output.rglob(PROGRESS))


CASES: dict[str, dict[str, Any]] = {
    "sgd": {"optimizer": "sgd", "from_scratch": True},
    "adam": {"optimizer": "adam", "scheduler": "one_cycle", "weight_decay": 0.01},
    "distilled": {"distill": {"losses": [{"loss": "soft_targets"}]}},
    "movement": {"during": [{"prune": {"method": "movement", "amount": 0.5, "schedule": {"kind": "agp", "steps": 5}}}]},
    "soft": {
        "during": [{"prune": {"method": "l1_unstructured", "amount": 0.5, "schedule": {"kind": "while_training"}}}]
    },
    "removed": {
        "during": [
            {"prune": {"method": "taylor", "amount": 0.4, "remove": True, "schedule": {"kind": "agp", "steps": 4}}}
        ]
    },
    "ticket": {
        "epochs": 2,
        "during": [
            {
                "prune": {
                    "method": "l1_unstructured",
                    "amount": 0.5,
                    "schedule": {"kind": "lottery_ticket", "rounds": 2, "rewind": 0.3},
                }
            }
        ],
    },
    "qat_int8": {"during": [{"quantize": {"method": "qat_int8", "engine": "fbgemm", "start": 0.3}}]},
    "lsq": {"during": [{"quantize": {"method": "lsq", "edges": "same"}}]},
    "dorefa": {"during": [{"quantize": {"method": "dorefa", "edges": "same", "start": 0.5}}]},
    "bnn": {"during": [{"quantize": {"method": "bnn", "edges": "same"}}]},
    "codebook": {"during": [{"quantize": {"method": "codebook", "bits": 3}}]},
}


@pytest.mark.parametrize("case", CASES)
def test_that_a_stopped_training_ends_with_the_same_bits(blobs: Path, tmp_path: Path, case: str) -> None:
    assert_resumes_exactly(trained(blobs, **CASES[case]), tmp_path, PER_EPOCH + 3)

"""How long each layer takes within the pass of the whole network."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.engine.jobs.layer_latency import layer_latency as job
from backend.engine.protocol import LayerLatency
from backend.errors import Cancelled, CompressionError
from backend.evaluation.layer_latency import layer_latency
from backend.events import Event, Finished, Progress
from backend.network import Network
from backend.recipe import ModelSpec


class Sleeps(nn.Module):
    """Takes ``ms`` milliseconds, whatever else the machine does at least."""

    def __init__(self, ms: float) -> None:
        super().__init__()
        self.ms = ms

    def forward(self, x: Tensor) -> Tensor:
        time.sleep(self.ms / 1000)
        return x


class Net(nn.Module):
    """A block with two layers, one of them used twice; a list; a layer that never runs; attention of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.block = nn.Sequential(Sleeps(1), nn.ReLU())
        self.twice = Sleeps(2)
        self.parts = nn.ModuleList([nn.Linear(8, 8), nn.Dropout(0.5)])
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.unused = nn.Linear(3, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = self.twice(self.twice(self.block(x.flatten(2))))
        for part in self.parts:
            x = part(x)
        out: Tensor = self.attention(x, x, x)[0].mean(1)
        return out


def network(module: nn.Module) -> Network:
    return Network("Net", ModelSpec("python"), module, (2, 8), classes=8)


def test_that_layers_and_what_computes_by_itself_are_measured() -> None:
    found = layer_latency(network(Net()), seconds=0.05)
    names = {"block.0", "block.1", "twice", "parts.0", "parts.1", "attention"}
    assert set(found["layers"]) == names
    assert all(value > 0 for value in found["layers"].values())


def test_that_a_layer_takes_as_long_as_it_takes_each_time_it_runs() -> None:
    found = layer_latency(network(Net()), seconds=0.05)["layers"]
    assert found["block.0"] >= 1.0
    assert found["twice"] >= 4.0


def test_that_the_whole_takes_no_less_than_what_sleeps_in_it() -> None:
    found = layer_latency(network(Net()), 3, seconds=0.05)
    assert found["total_ms"] >= 5.0
    told = {key: found[key] for key in ("runtime", "threads", "batch", "input_shape")}
    assert told == {"runtime": "torch", "threads": torch.get_num_threads(), "batch": 3, "input_shape": [2, 8]}
    assert found["rounds"] >= 1


def test_that_the_network_is_left_as_it_was() -> None:
    module = Net().train()
    layer_latency(network(module), seconds=0.02)
    assert all(part.training for part in module.modules())
    assert not any(part._forward_hooks or part._forward_pre_hooks for part in module.modules())


def test_that_it_is_measured_as_it_is_used() -> None:
    class Modes(nn.Module):
        seen: set[bool] = set()

        def forward(self, x: Tensor) -> Tensor:
            self.seen.add(self.training)
            return x.flatten(1)

    layer_latency(network(nn.Sequential(Modes()).train()), seconds=0.02)
    assert Modes.seen == {False}


def test_that_progress_rises_to_its_end() -> None:
    told: list[tuple[float, float]] = []
    layer_latency(network(Net()), seconds=0.05, progress=lambda *at: told.append(at))
    done = [at for at, _ in told]
    assert done == sorted(done)
    assert 0 < done[-1] <= told[-1][1] == 0.05


def test_that_a_stop_is_heard_within_a_pass() -> None:
    cancel = Cancel()

    class Asks(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            cancel.request()
            return x

    class Fails(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            raise AssertionError("it went on")

    with pytest.raises(Cancelled):
        layer_latency(network(nn.Sequential(Asks(), Fails())), cancel=cancel)


def test_that_a_network_that_cannot_run_is_a_sentence() -> None:
    with pytest.raises(CompressionError) as caught:
        layer_latency(network(nn.Sequential(nn.Linear(3, 3))))
    assert "could not be run on an input of 1×2×8" in str(caught.value)
    assert caught.value.hint is not None


def test_that_a_network_of_one_layer_is_measured(tmp_path: Path) -> None:
    assert layer_latency(network(Sleeps(1)), seconds=0.01)["layers"][""] >= 1.0


def test_that_the_job_tells_and_ends_with_the_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(layer_latency.__kwdefaults__ or {}, "seconds", 0.05)
    said: list[Event] = []
    job(LayerLatency({"source": "bundled", "name": "lenet5"}, 2, str(tmp_path)), said.append, Cancel())
    *before, last = said
    assert before and all(isinstance(event, Progress) for event in before)
    assert isinstance(last, Finished)
    assert set(last.result["layers"]) == {"conv1", "conv2", "fc1", "fc2", "fc3"}
    assert last.result["batch"] == 2

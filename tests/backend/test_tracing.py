"""Networks are traced in one thread while another one runs, or traces, its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

import torch
from torch import Tensor, nn

from backend.models.lenet5 import LeNet5
from backend.quantization import _fx
from backend.quantization._fx import Converter, LayerSettings
from backend.registry import method
from backend.sensitivity._trace import trace as scan_trace


class Slow(nn.Module):
    """Lets other threads work in the middle of its forward."""

    def __init__(self, here: threading.Event, go_on: threading.Event) -> None:
        super().__init__()
        self.inner = nn.Linear(4, 4)
        self.here, self.go_on = here, go_on

    def forward(self, x: Tensor) -> Tensor:
        self.here.set()
        assert self.go_on.wait(20)
        return self.inner(x)


def during_a_trace(work: Callable[[], None]) -> None:
    """Do ``work`` while another thread is in the middle of a trace."""
    here, go_on, failed = threading.Event(), threading.Event(), []

    def tracing() -> None:
        try:
            scan_trace(nn.Sequential(Slow(here, go_on)))
        except Exception as error:
            failed.append(error)

    thread = threading.Thread(target=tracing)
    thread.start()
    try:
        assert here.wait(20)
        work()
    finally:
        go_on.set()
        thread.join(20)
    assert not failed and not thread.is_alive()


def test_that_a_network_trains_while_another_is_traced() -> None:
    network = nn.Sequential(nn.Linear(3, 5), nn.BatchNorm1d(5), nn.Linear(5, 2))
    images = torch.rand(6, 3)

    def work() -> None:
        outputs = network(images)
        assert type(outputs) is Tensor
        outputs.sum().backward()  # type: ignore[no-untyped-call]

    during_a_trace(work)
    assert all(parameter.grad is not None for parameter in network.parameters())


def test_that_two_traces_leave_torch_as_it_was() -> None:
    call, getattribute = nn.Module.__call__, nn.Module.__getattr__
    done: list[str] = []

    def work() -> None:
        other = threading.Thread(target=lambda: done.append(_fx.trace(LeNet5().eval()).regions[0]))
        other.start()
        other.join(1.5)
        assert other.is_alive(), "it waits for the first trace"
        waiting.append(other)

    waiting: list[threading.Thread] = []
    during_a_trace(work)
    waiting[0].join(20)
    assert done == [""]
    assert (nn.Module.__call__, nn.Module.__getattr__) == (call, getattribute)


def test_that_torchs_own_preparation_traces_the_same_way() -> None:
    observer = method("observer", "min_max")
    results: list[nn.Module] = []

    def convert() -> None:
        layers = {name: LayerSettings() for name in ("conv1", "conv2", "fc1", "fc2", "fc3")}
        results.append(Converter.of(LeNet5().eval(), LayerSettings(), layers, {"min_max": observer}).prepared)  # type: ignore[dict-item]

    thread = threading.Thread(target=convert)
    network = LeNet5().eval()
    images = torch.rand(2, 1, 28, 28)
    expected = network(images)
    thread.start()
    while thread.is_alive():
        assert torch.equal(network(images), expected)
    thread.join()
    assert len(results) == 1

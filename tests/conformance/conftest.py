"""What the conformance tests try every method on: a tiny network of the shape tutorials have."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from backend.datasets._base import Data, Part
from backend.network import Network
from backend.recipe import DataSpec, ModelSpec, Recipe
from backend.session import Session


class TinyNet(nn.Module):
    """Two convolutions, one with a BatchNorm, a ``view``, two linear layers; 8×8 images in three classes."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.bn1 = nn.BatchNorm2d(6)
        self.conv2 = nn.Conv2d(6, 8, 3)
        self.fc1 = nn.Linear(8 * 2 * 2, 12)
        self.fc2 = nn.Linear(12, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(self.bn1(self.conv1(x)))
        x = torch.max_pool2d(torch.relu(self.conv2(x)), 2)
        x = x.view(x.size(0), -1)
        scores: Tensor = self.fc2(torch.relu(self.fc1(x)))
        return scores


@pytest.fixture
def network() -> Network:
    """A tiny network whose BatchNorm has seen data; opened as a person's network would be."""
    torch.manual_seed(0)
    module = TinyNet()
    module.train()
    with torch.no_grad():
        for _ in range(5):
            module(torch.rand(32, 1, 8, 8))
    return Network("Tiny", ModelSpec("python", "tiny"), module.eval(), (1, 8, 8), 3)


@pytest.fixture
def images() -> Tensor:
    return torch.rand((16, 1, 8, 8), generator=torch.Generator().manual_seed(1))


@pytest.fixture
def make_session(network: Network, tmp_path: Path) -> Callable[[], Session]:
    """Makes sessions on copies of the tiny network, each with the same data and the same randomness."""
    random = torch.Generator().manual_seed(2)

    def part(count: int) -> Part:
        labels = torch.arange(count) % 3
        return Part(torch.rand((count, 1, 8, 8), generator=random), labels)

    parts = {"train": part(48), "validation": part(24), "calibration": part(24), "test": part(24)}
    data = Data(parts, DataSpec(batch_size=8), ("a", "b", "c"), (0.0,), (1.0,))

    def make() -> Session:
        return Session(
            Recipe(),
            network.copy(),
            network,
            data,
            tmp_path,
            torch.Generator().manual_seed(3),
        )

    return make


@pytest.fixture
def untouched(network: Network) -> Callable[[], None]:
    """Fails where the network that was handed out has changed since."""
    before = copy.deepcopy(network.module.state_dict())
    kinds = [type(m) for m in network.module.modules()]

    def check() -> None:
        assert [type(m) for m in network.module.modules()] == kinds
        after = network.module.state_dict()
        assert before.keys() == after.keys()
        assert all(torch.equal(before[key], after[key]) for key in before)
        assert not any(m._forward_hooks or m._forward_pre_hooks for m in network.module.modules())

    return check

"""A network that ends in a ReLU is told when it is opened: the tutorial's student learns 58 % so, and 97 % without."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from backend.evaluation.inspect import inspect_network
from backend.events import Warned
from backend.files import sha256
from backend.models import open_network
from backend.models._open import trainable
from backend.models._shapes import outputs
from backend.network import Network
from backend.recipe import ModelSpec, Recipe, Stage
from backend.registry import methods
from tests.backend.conftest import carried_out

TUTORIAL = """
import torch
from torch import nn
class HalfLeNet(nn.Module):
    input_shape = (1, 28, 28)
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 3, 5)
        self.relu1, self.pool1 = nn.ReLU(), nn.MaxPool2d(2)
        self.fc1, self.relu2 = nn.Linear(3 * 12 * 12, 10), nn.ReLU()
    def forward(self, x):
        x = self.pool1(self.relu1(self.conv1(x)))
        return self.relu2(self.fc1(x.view(x.size(0), -1)))
"""


class Clamp(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.clamp(min=0)


class Times(nn.Module):
    """Very sure of one class."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return 1e4 * x


def noted(*last: nn.Module) -> list[str]:
    torch.manual_seed(0)
    module = trainable(nn.Sequential(nn.Flatten(), nn.Linear(64, 10), *last))
    return [str(note) for note in outputs(Network("Net", ModelSpec("python"), module, (1, 8, 8)), (1, 8, 8))[1]]


@pytest.mark.parametrize("last", [nn.ReLU(), nn.ReLU6(), Clamp()])
def test_that_outputs_that_are_cut_off_at_zero_are_told_with_what_to_do(last: nn.Module) -> None:
    (note,) = noted(last)
    assert "Net seems to end in a ReLU" in note
    assert "leave the last ReLU out" in note


@pytest.mark.parametrize(
    "last",
    [
        (),
        (nn.Softmax(1),),
        (Times(), nn.Softmax(1)),
        (nn.Sigmoid(),),
        (nn.LogSoftmax(1),),
        (nn.LeakyReLU(),),
        (nn.ReLU(), nn.Linear(10, 10)),
        (nn.Threshold(1e9, 0.0),),
    ],
)
def test_that_nothing_is_said_of_other_outputs(last: tuple[nn.Module, ...]) -> None:
    """Not of probabilities that round to zero, nor of a network that says nothing at all."""
    assert noted(*last) == []


@pytest.mark.parametrize("name", sorted(methods("model")))
def test_that_nothing_is_said_of_what_comes_with_pare(name: str) -> None:
    torch.manual_seed(0)
    assert not any("ReLU" in str(note) for note in open_network(ModelSpec("bundled", name), Path()).notes)


def test_that_the_tutorials_student_is_told_of_where_it_is_opened_and_where_it_runs(
    recipe: Recipe, tmp_path: Path
) -> None:
    file = tmp_path / "student.py"
    file.write_text(TUTORIAL)
    spec, allowed = ModelSpec("python", file=str(file), class_name="HalfLeNet"), {str(file): sha256(file)}
    torch.manual_seed(0)
    shown = inspect_network(open_network(spec, tmp_path, allowed=allowed)).notes
    assert sum("HalfLeNet seems to end in a ReLU" in str(note) for note in shown) == 1
    short = Recipe(spec, recipe.data, (Stage("prune"),))
    events = carried_out(short, tmp_path / "run", allowed=allowed)
    told = [event for event in events if isinstance(event, Warned) and "end in a ReLU" in str(event.message)]
    assert [event.stage for event in told] == [-1]

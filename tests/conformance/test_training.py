"""What every optimizer and every learning-rate schedule promises."""

import copy
import math

import pytest
import torch
from torch import nn

from backend.recipe import Stage, filled
from backend.registry import catalogue, method, methods
from backend.training.optimizers._base import OptimizerMethod
from backend.training.schedulers._base import SchedulerMethod

optimizers = pytest.mark.parametrize("id", sorted(methods("optimizer")))
schedulers = pytest.mark.parametrize("id", sorted(methods("scheduler")))


def built(id: str, model: nn.Module) -> torch.optim.Optimizer:
    found = method("optimizer", id)
    assert isinstance(found, OptimizerMethod)
    settings = filled(Stage("train", {"optimizer": id}), catalogue()) | {"learning_rate": found.learning_rate}
    return found.build(model.parameters(), settings)


def descend(model: nn.Module, optimizer: torch.optim.Optimizer, steps: int) -> list[float]:
    images, targets = torch.eye(4), torch.tensor([0, 1, 2, 3])
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(images), targets)
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    return losses


@optimizers
def test_that_an_optimizer_with_its_usual_rate_brings_the_loss_down(id: str) -> None:
    torch.manual_seed(0)
    model = nn.Linear(4, 4)
    losses = descend(model, built(id, model), 50)
    assert losses[-1] < losses[0]
    assert all(math.isfinite(loss) for loss in losses)


@optimizers
def test_that_an_optimizer_goes_on_from_its_saved_state(id: str) -> None:
    torch.manual_seed(0)
    model = nn.Linear(4, 4)
    optimizer = built(id, model)
    descend(model, optimizer, 3)
    other = copy.deepcopy(model)
    resumed = built(id, other)
    resumed.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    assert descend(model, optimizer, 3) == descend(other, resumed, 3)


@schedulers
@pytest.mark.parametrize("steps", [1, 2, 7, 100])
def test_that_a_schedule_lasts_its_steps_and_stays_within_the_rate(id: str, steps: int) -> None:
    found = method("scheduler", id)
    assert isinstance(found, SchedulerMethod)
    optimizer = torch.optim.SGD(nn.Linear(2, 2).parameters(), lr=0.1)
    scheduler = found.build(optimizer, steps, 0.1)
    rates = []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step(*[50.0] * found.judges)  # one that judges is told how accurate the network is
    assert all(0 <= rate <= 0.1 + 1e-9 for rate in rates)
    assert max(rates) > 0

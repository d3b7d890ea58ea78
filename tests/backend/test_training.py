"""The fit loop against a bare one, and the schedules against their definitions."""

from __future__ import annotations

import itertools
import math
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from backend.cancel import Cancel
from backend.datasets import open_data
from backend.events import Event, Metric
from backend.models import open_network
from backend.recipe import Recipe, Stage, filled
from backend.registry import catalogue, method, methods
from backend.session import Session
from backend.training._rates import Rates
from backend.training.fit import build_optimizer, fit, usual_rate
from backend.training.optimizers._base import OptimizerMethod
from backend.training.schedulers._base import SchedulerMethod


def rates(id: str, steps: int, rate: float) -> list[float]:
    scheduler_method = method("scheduler", id)
    assert isinstance(scheduler_method, SchedulerMethod)
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=rate)
    scheduler = scheduler_method.build(optimizer, steps, rate)
    seen = []
    for _ in range(steps):
        seen.append(float(scheduler.get_last_lr()[0]))
        optimizer.step()
        scheduler.step(*[50.0] * scheduler_method.judges)
    return seen


def test_that_constant_keeps_the_rate() -> None:
    assert rates("constant", 10, 0.3) == pytest.approx([0.3] * 10)


def test_that_step_divides_by_ten_after_each_third() -> None:
    assert rates("step", 9, 1.0) == pytest.approx([1.0] * 3 + [0.1] * 3 + [0.01] * 3)


def test_that_cosine_follows_half_a_cosine() -> None:
    assert rates("cosine", 8, 2.0) == pytest.approx([1 + math.cos(math.pi * t / 8) for t in range(8)])


def test_that_one_cycle_rises_to_the_rate_and_falls_below_where_it_began() -> None:
    seen = rates("one_cycle", 50, 0.1)
    assert max(seen) == pytest.approx(0.1, rel=0.01)
    assert seen[0] < 0.1 / 10
    assert seen[-1] < seen[0]


def test_that_exponential_ends_at_a_hundredth() -> None:
    assert rates("exponential", 10, 2.0) == pytest.approx([2.0 * 0.01 ** (t / 10) for t in range(10)])


def test_that_multi_step_divides_by_ten_after_half_and_three_quarters() -> None:
    assert rates("multi_step", 8, 1.0) == pytest.approx([1.0] * 4 + [0.1] * 2 + [0.01] * 2)


def test_that_linear_falls_to_zero() -> None:
    assert rates("linear", 5, 1.0) == pytest.approx([1.0, 0.8, 0.6, 0.4, 0.2])


def test_that_plateau_divides_by_ten_after_three_epochs_without_a_better_accuracy() -> None:
    found = method("scheduler", "plateau")
    assert isinstance(found, SchedulerMethod)
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler: Any = found.build(optimizer, 100, 1.0)
    seen = []
    for accuracy in (50.0, 60.0, 60.0, 59.0, 60.0, 60.01, 60.0, 60.0, 60.0):
        scheduler.step(accuracy)
        seen.append(optimizer.param_groups[0]["lr"])
    assert seen == pytest.approx([1.0] * 4 + [0.1] * 4 + [0.01])


@pytest.mark.parametrize("id", sorted(methods("scheduler")))
def test_that_a_schedule_is_stepped_by_batches_or_by_epochs(id: str) -> None:
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=0.1, momentum=0.9)
    settings = {"scheduler": id, "learning_rate": 0.1, "warmup": 0.0}
    rates, seen = Rates(optimizer, settings, 12, 3), []
    for _ in range(4):
        for _ in range(3):
            seen.append(rates.now)
            optimizer.step()
            rates.after_batch()
        rates.after_epoch(50.0)  # never better than the first time
    falls = [after != before for before, after in itertools.pairwise(seen)]
    assert sum(falls) == {"constant": 0, "plateau": 0, "step": 2, "multi_step": 2}.get(id, 11)
    assert rates.now == pytest.approx(0.01) if id == "plateau" else True


@pytest.mark.parametrize("id", sorted(methods("optimizer")))
def test_that_an_optimizer_is_torchs_own_with_the_rate_and_the_decay_of_the_stage(id: str) -> None:
    found = method("optimizer", id)
    assert isinstance(found, OptimizerMethod)
    settings = filled(Stage("train", {"optimizer": id, "weight_decay": 0.02}), catalogue()) | {"learning_rate": 0.003}
    made = found.build([nn.Parameter(torch.zeros(1))], settings)
    assert type(made).__name__.lower() == id
    assert type(made).__module__.startswith("torch.optim")
    assert (made.param_groups[0]["lr"], made.param_groups[0]["weight_decay"]) == (0.003, 0.02)


@pytest.mark.parametrize("id", sorted(methods("optimizer")))
def test_that_what_is_trained_beside_the_network_is_not_decayed(id: str) -> None:
    settings = filled(Stage("train", {"optimizer": id, "weight_decay": 0.5}), catalogue()) | {"learning_rate": 0.1}
    own, beside = nn.Parameter(torch.ones(2)), nn.Parameter(torch.ones(2))
    optimizer = build_optimizer(settings, [own], [beside])
    for weight in (own, beside):
        weight.grad = torch.zeros(2)
    optimizer.step()
    assert torch.equal(beside, torch.ones(2))
    assert bool((own < 1).all())


def session_for(recipe: Recipe, folder: Path) -> Session:
    data = open_data(recipe.data, folder, recipe.seed, lambda *_: None, Cancel())
    torch.manual_seed(0)
    network = open_network(recipe.model, folder, input_shape=data.input_shape, classes=len(data.classes))
    return Session(recipe, network.copy(), network, data, folder, torch.Generator().manual_seed(3))


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "adamw"])
def test_that_fit_gives_the_weights_of_a_bare_loop(recipe: Recipe, tmp_path: Path, optimizer: str) -> None:
    session = session_for(recipe, tmp_path)
    settings = filled(Stage("train", {"epochs": 2, "optimizer": optimizer, "weight_decay": 0.01}), catalogue())
    settings |= {"scheduler": "constant", "learning_rate": usual_rate(optimizer), "batch_size": 32}
    bare = session.original.copy().module
    events: list[Event] = []
    fit(session, settings, list(session.network.module.parameters()), 0, events.append, Cancel())

    chosen = method("optimizer", optimizer)
    assert isinstance(chosen, OptimizerMethod)
    stepper = {
        "sgd": lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9, weight_decay=0.01),
        "adam": lambda p: torch.optim.Adam(p, lr=0.001, weight_decay=0.01),
        "adamw": lambda p: torch.optim.AdamW(p, lr=0.001, weight_decay=0.01),
    }[optimizer](bare.parameters())
    generator = torch.Generator().manual_seed(3)
    bare.train()
    for _ in range(2):
        for images, labels in session.data.batches("train", 32, generator=generator):
            stepper.zero_grad()
            nn.functional.cross_entropy(bare(images), labels).backward()
            stepper.step()
    for name, weight in bare.named_parameters():
        assert torch.equal(weight, session.network.module.get_parameter(name)), name
    accuracies = [event for event in events if isinstance(event, Metric) and event.name == "accuracy"]
    assert len(accuracies) == 2


def test_that_the_parts_of_a_distilled_loss_are_told_weighted(recipe: Recipe, tmp_path: Path) -> None:
    events: list[Event] = []
    session = session_for(recipe, tmp_path)
    images, labels = next(iter(session.data.batches("train", session.data.count("train", 1))))
    distill = {"label_weight": 0.75, "losses": [{"loss": "soft_targets", "weight": 0.25, "temperature": 2.0}]}
    settings = filled(Stage("train", {"epochs": 1, "batch_size": len(labels), "distill": distill}), catalogue())
    settings |= {"learning_rate": 0.01}
    fit(session, settings, list(session.network.module.parameters()), 0, events.append, Cancel())
    told = {event.name: event.value for event in events if isinstance(event, Metric)}
    alone = nn.functional.cross_entropy(session.original.module(images), labels).item()
    assert told["loss_labels"] == pytest.approx(0.75 * alone, rel=1e-4)
    assert told["loss_soft_targets"] == pytest.approx(0.0, abs=1e-5)  # the network still is its own teacher
    assert told["loss"] == pytest.approx(told["loss_labels"] + told["loss_soft_targets"])

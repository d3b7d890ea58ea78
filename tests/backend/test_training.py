"""The fit loop against a bare one, and the schedules against their definitions."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch
from torch import nn

from backend.cancel import Cancel
from backend.datasets import open_data
from backend.events import Event, Metric
from backend.models import open_network
from backend.recipe import Recipe, Stage, filled
from backend.registry import catalogue, method
from backend.session import Session
from backend.training.fit import fit, usual_rate
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

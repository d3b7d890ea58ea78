"""What a train stage offers beside optimizer and schedule, each against its definition written out."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.datasets import _batches, open_data
from backend.datasets._base import Data, Part
from backend.errors import CompressionError
from backend.events import Event, Metric, Noted
from backend.models import open_network
from backend.recipe import Recipe, Stage, filled
from backend.registry import catalogue
from backend.session import Session
from backend.training import _report
from backend.training import fit as fit_module
from backend.training._judge import Judge
from backend.training.fit import fit
from backend.training.loss import task_loss

RATE, BATCH = 0.05, 32


@pytest.fixture
def session(recipe: Recipe, tmp_path: Path) -> Session:
    data = open_data(recipe.data, tmp_path, recipe.seed, lambda *_: None, Cancel())
    torch.manual_seed(0)
    network = open_network(recipe.model, tmp_path, input_shape=data.input_shape, classes=len(data.classes))
    return Session(recipe, network.copy(), network, data, tmp_path, torch.Generator().manual_seed(3))


def fitted(session: Session, *during: Stage, epochs: int = 1, **more: Any) -> list[Event]:
    events: list[Event] = []
    settings = filled(Stage("train", {"epochs": epochs, "scheduler": "constant", **more}), catalogue())
    settings = {**settings, "learning_rate": more.get("learning_rate", RATE), "batch_size": BATCH}
    fit(session, settings, list(session.network.module.parameters()), 0, events.append, Cancel(), during)
    return events


def bare(session: Session, step: Callable[[nn.Module, Tensor, Tensor, int], None], epochs: int = 1) -> nn.Module:
    """A training written out: ``step(module, images, labels, batches done)`` for every batch."""
    module = session.original.copy().module.train()
    generator, done = torch.Generator().manual_seed(3), 0
    for _ in range(epochs):
        for images, labels in session.data.batches("train", BATCH, generator=generator):
            module.zero_grad()
            step(module, images, labels, done)
            done += 1
    return module


def assert_same(module: nn.Module, session: Session) -> None:
    for name, value in module.state_dict().items():
        torch.testing.assert_close(value, session.network.module.state_dict()[name], msg=name)


def descend(module: nn.Module, rate: float) -> None:
    with torch.no_grad():
        for weight in module.parameters():
            assert weight.grad is not None
            weight -= rate * weight.grad


def test_that_the_rate_rises_in_the_warm_up_and_the_schedule_shares_out_the_rest(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_report, "REPORT_SECONDS", 0.0)
    per_epoch = session.data.count("train", BATCH)
    events = fitted(session, epochs=2, warmup=0.5, scheduler="cosine", momentum=0.0)
    warm, batches = round(0.5 * per_epoch), 2 * per_epoch
    left = torch.arange(batches - warm + 1) / (batches - warm)
    rates = [RATE * (t + 1) / warm for t in range(warm)] + (RATE * (1 + torch.cos(torch.pi * left)) / 2).tolist()
    told = [e.value for e in events if isinstance(e, Metric) and e.name == "learning_rate"]
    assert told == pytest.approx(rates[1:], abs=1e-6)  # that of the batch that follows

    def step(module: nn.Module, images: Tensor, labels: Tensor, done: int) -> None:
        nn.functional.cross_entropy(module(images), labels).backward()
        descend(module, rates[done])

    assert_same(bare(session, step, epochs=2), session)


def test_that_gradients_are_shortened_to_the_norm_over_all_weights(session: Session) -> None:
    fitted(session, clip_norm=0.31, momentum=0.0)
    norms: list[float] = []

    def step(module: nn.Module, images: Tensor, labels: Tensor, done: int) -> None:
        nn.functional.cross_entropy(module(images), labels).backward()
        gradients = [p.grad for p in module.parameters() if p.grad is not None]
        norms.append(float(sum(g.square().sum() for g in gradients) ** 0.5))
        for gradient in gradients:
            gradient *= min(1.0, 0.31 / (norms[-1] + 1e-6))
        descend(module, RATE)

    assert_same(bare(session, step), session)
    assert min(norms) < 0.31 < max(norms)


def test_that_smoothed_labels_give_the_share_to_all_classes(session: Session) -> None:
    fitted(session, label_smoothing=0.2, momentum=0.0)

    def step(module: nn.Module, images: Tensor, labels: Tensor, done: int) -> None:
        logs = module(images).log_softmax(1)
        count = logs.shape[1]
        wanted = torch.full_like(logs, 0.2 / count)
        wanted[torch.arange(len(labels)), labels] = 0.8 + 0.2 / count
        (-(wanted * logs).sum(1).mean()).backward()
        descend(module, RATE)

    assert_same(bare(session, step), session)


def test_that_labels_that_are_no_classes_are_not_smoothed(session: Session) -> None:
    outputs, targets = torch.randn(4, 1), torch.randn(4, 1)
    assert torch.equal(task_loss(outputs, targets, 0.5), (outputs - targets).square().mean())
    parts = {name: Part(part.images, part.labels.float()) for name, part in session.data.parts.items()}
    session.data = Data(parts, session.data.spec, (), session.data.mean, session.data.std, metric=lambda *_: 0.0)
    with pytest.raises(CompressionError, match="no") as refused:
        fitted(session, label_smoothing=0.1)
    assert refused.value.repair is not None
    assert refused.value.repair.edits == {"stages.0.train.label_smoothing": 0.0}


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_that_nesterov_looks_ahead_along_the_momentum(session: Session, momentum: float) -> None:
    fitted(session, momentum=momentum, nesterov=True)
    buffers: dict[str, Tensor] = {}

    def step(module: nn.Module, images: Tensor, labels: Tensor, done: int) -> None:
        nn.functional.cross_entropy(module(images), labels).backward()
        with torch.no_grad():
            for name, weight in module.named_parameters():
                assert weight.grad is not None
                buffers[name] = momentum * buffers[name] + weight.grad if name in buffers else weight.grad.clone()
                weight -= RATE * (weight.grad + momentum * buffers[name])

    assert_same(bare(session, step), session)


def judged(monkeypatch: pytest.MonkeyPatch, *accuracies: float) -> list[dict[str, Tensor]]:
    """Let validation find these accuracies; what the network was each time is put into the list."""
    seen: list[dict[str, Tensor]] = []

    def evaluate(module: nn.Module, *_: Any, **__: Any) -> Any:
        seen.append(copy.deepcopy(module.state_dict()))
        return type("Scores", (), {"accuracy": accuracies[len(seen) - 1]})

    monkeypatch.setattr(fit_module, "evaluate", evaluate)
    return seen


def test_that_training_ends_when_accuracy_no_longer_rises(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = judged(monkeypatch, 50.0, 60.0, 60.0, 59.0, 99.0)
    events = fitted(session, epochs=5, patience=2)
    assert len(seen) == 4
    assert_same_states(seen[-1], session)
    assert session.report["training"] == {"epochs": 4, "best": 2, "kept": False, "stopped_early": True}
    (note,) = [event.message for event in events if isinstance(event, Noted)]
    assert str(note) == "Training ended early, after epoch 4: accuracy on validation images was highest after 2."


def test_that_the_first_of_the_best_epochs_is_kept(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = judged(monkeypatch, 50.0, 60.0, 60.0, 59.0)
    events = fitted(session, epochs=4, keep_best=True)
    assert_same_states(seen[1], session)
    assert session.report["training"] == {"epochs": 4, "best": 2, "kept": True, "stopped_early": False}
    assert [event.message.values for event in events if isinstance(event, Noted)] == [{"epoch": 2}]


def test_that_nothing_is_said_of_epochs_where_nobody_asked(session: Session) -> None:
    events = fitted(session, epochs=2)
    assert "training" not in session.report
    assert not any(isinstance(event, Noted) for event in events)


@pytest.mark.parametrize(("kind", "last"), [("agp", 3), ("while_training", 3), ("one_shot", 1)])
def test_that_only_a_network_that_is_pruned_for_good_may_be_the_best(
    session: Session, monkeypatch: pytest.MonkeyPatch, kind: str, last: int
) -> None:
    judged(monkeypatch, *[99.0 - n for n in range(5)])
    schedule = {"kind": kind, **({} if kind == "one_shot" else {"end": 0.5})}
    prune = Stage("prune", {"method": "l1_unstructured", "amount": 0.5, "schedule": schedule})
    fitted(session, prune, epochs=5, keep_best=True)
    assert session.report["training"]["best"] == last
    for name, mask in session.masks.items():
        weight = session.network.module.get_parameter(name)
        assert torch.all(weight[mask == 0] == 0)
        assert int(weight.count_nonzero()) == int(mask.sum())


def test_that_of_a_lottery_ticket_only_the_last_round_is_judged(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = judged(monkeypatch, *[99.0 - n for n in range(4)], 10.0, 20.0, 15.0, 14.0)
    ticket = {"kind": "lottery_ticket", "rounds": 1}
    prune = Stage("prune", {"method": "l1_unstructured", "amount": 0.5, "schedule": ticket})
    fitted(session, prune, epochs=4, keep_best=True, patience=1)
    assert len(seen) == 7  # four epochs of the first round whatever they bring, three of the second
    assert session.report["training"] == {"epochs": 3, "best": 2, "kept": True, "stopped_early": True}
    assert_same_states(seen[5], session)


def test_that_only_a_quantized_network_may_be_the_best(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    judged(monkeypatch, 99.0, 98.0, 50.0, 60.0, 55.0)
    entry = Stage("quantize", {"method": "lsq", "edges": "same", "start": 0.4})
    fitted(session, entry, epochs=5, keep_best=True)
    assert session.report["training"]["best"] == 4
    assert session.network.converted


def test_that_epochs_before_the_last_step_neither_count_nor_try_the_patience() -> None:
    judge, asked = Judge(2, True), list[int]()

    def state() -> dict[str, Any]:
        asked.append(judge.epochs)
        return {"epoch": torch.tensor(judge.epochs)}

    for accuracy, counts in ((9.0, False), (8.0, False), (1.0, True), (2.0, True), (2.0, True), (1.0, True)):
        assert not judge.over
        judge.after_epoch(accuracy, counts, state)
    assert judge.over
    assert asked == [3, 4]
    kept = judge.kept()
    assert kept is not None
    assert int(kept["epoch"]) == 4


def assert_same_states(expected: dict[str, Tensor], session: Session) -> None:
    for name, value in session.network.module.state_dict().items():
        assert torch.equal(value, expected[name]), name


def test_that_no_image_is_decoded_or_normalized_twice(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    made = _batches._Fetch._normalized
    normalized: list[int] = []

    def counted(self: Any, images: Tensor) -> Tensor:
        normalized.append(len(images))
        return made(self, images)

    monkeypatch.setattr(_batches._Fetch, "_normalized", counted)
    fitted(session, epochs=3)
    fitted(session, epochs=2)
    assert sorted(normalized) == sorted(len(session.data.parts[name]) for name in ("train", "validation"))

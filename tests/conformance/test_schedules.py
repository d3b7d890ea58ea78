"""What every pruning schedule promises, and every criterion while weights move."""

from collections.abc import Callable
from typing import Any

import pytest
import torch

from backend.cancel import Cancel
from backend.errors import Cancelled
from backend.events import Event, Metric, Progress
from backend.pruning._base import Criterion
from backend.pruning.schedules._base import Schedule
from backend.recipe import Stage, filled, within
from backend.registry import catalogue, method, methods
from backend.session import Session
from backend.training._during import due
from backend.training.fit import fit

EPOCHS = 4
PER_EPOCH = 6

schedules = pytest.mark.parametrize("id", sorted(methods("schedule")))


def schedule(id: str) -> Schedule:
    found = method("schedule", id)
    assert isinstance(found, Schedule)
    return found


def settings_of(id: str) -> dict[str, Any]:
    """The schedule's defaults, and an amount."""
    entry = within(Stage("prune", {"amount": 0.6, "schedule": {"kind": id}}), catalogue())
    return {**entry.settings["schedule"], "amount": 0.6}


def train(
    session: Session, *entries: Stage, cancel: Cancel | None = None, emit: Callable[[Event], None] | None = None
) -> list[Event]:
    """A short training with ``entries`` in its list."""
    events: list[Event] = []
    settings = filled(Stage("train", {"epochs": EPOCHS, "scheduler": "constant"}), catalogue())
    settings |= {"learning_rate": 0.05, "batch_size": 8}
    parameters = list(session.network.module.parameters())
    fit(session, settings, parameters, 0, emit or events.append, cancel or Cancel(), entries)
    return events


def sparsity(session: Session, layer: str) -> float:
    weight = session.network.module.get_parameter(f"{layer}.weight")
    return float((weight == 0).float().mean())


@schedules
def test_that_the_share_rises_from_nothing_or_all_to_all(id: str) -> None:
    shares = [schedule(id).share(way / 100, settings_of(id)) for way in range(101)]
    assert shares == sorted(shares)
    assert all(0.0 <= share <= 1.0 for share in shares)
    assert shares[0] in (0.0, 1.0)
    assert shares[-1] == 1.0


@schedules
@pytest.mark.parametrize("epochs", [1, 2, 7, 50])
@pytest.mark.parametrize("per_epoch", [1, 3, 10])
def test_that_all_is_pruned_by_the_end_of_the_way_however_short_the_training(
    id: str, epochs: int, per_epoch: int
) -> None:
    settings, batches = settings_of(id), epochs * per_epoch
    steps = due(schedule(id), settings, batches, per_epoch)
    if schedule(id).repeats:
        assert steps == {}
        return
    assert steps[max(steps)] == 1.0
    assert settings["start"] * batches <= min(steps)
    assert max(steps) < settings.get("end", 1.0) * batches + 1


@schedules
@pytest.mark.parametrize("criterion", ["l1_unstructured", "ln_structured"])
def test_that_the_amount_is_met_and_holds_to_the_end(
    id: str, criterion: str, make_session: Callable[[], Session]
) -> None:
    session = make_session()
    events = train(session, Stage("prune", {"method": criterion, "amount": 0.5, "schedule": {"kind": id}}))
    for layer in ("conv1", "conv2", "fc1"):
        assert sparsity(session, layer) == pytest.approx(0.5)
    expected = 0.5 if criterion == "l1_unstructured" else 0.0  # its channels are the classes
    assert sparsity(session, "fc2") == pytest.approx(expected)
    told = [event.value for event in events if isinstance(event, Metric) and event.name == "sparsity"]
    assert told
    assert told == sorted(told)
    progress = [event for event in events if isinstance(event, Progress)]
    assert all(event.done <= event.total for event in progress)
    assert len({event.total for event in progress[:-1]}) == 1


@schedules
def test_that_the_same_training_gives_the_same_weights(id: str, make_session: Callable[[], Session]) -> None:
    first, second = make_session(), make_session()
    for session in (first, second):
        torch.manual_seed(0)
        train(session, Stage("prune", {"method": "random_unstructured", "schedule": {"kind": id}}))
    others = second.network.module.state_dict()
    assert all(torch.equal(value, others[name]) for name, value in first.network.module.state_dict().items())


@schedules
def test_that_it_can_be_cancelled_and_leaves_the_original(
    id: str, make_session: Callable[[], Session], untouched: Callable[[], None]
) -> None:
    cancel = Cancel()

    def stop(event: Event) -> None:
        if isinstance(event, Metric) and event.name == "sparsity":
            cancel.request()

    with pytest.raises(Cancelled):
        train(make_session(), Stage("prune", {"schedule": {"kind": id}}), cancel=cancel, emit=stop)
    untouched()


def criteria() -> list[str]:
    """All that rank, by themselves, what a layer consists of."""
    found = []
    for id in methods("criterion"):
        one = method("criterion", id)
        assert isinstance(one, Criterion)
        if one.scores is not None and one.unit != "block":
            found.append(id)
    return found


@pytest.mark.parametrize("id", criteria())
@pytest.mark.parametrize("scope", ["local", "global"])
def test_that_every_criterion_prunes_while_weights_move(
    id: str, scope: str, make_session: Callable[[], Session]
) -> None:
    session = make_session()
    session.network.module.train()
    entry = Stage("prune", {"method": id, "amount": 0.5, "scope": scope, "schedule": {"kind": "agp", "steps": 3}})
    train(session, entry)
    pruned = [layer for layer in ("conv1", "conv2", "fc1") if sparsity(session, layer) > 0]
    assert pruned
    if scope == "local":
        assert all(sparsity(session, layer) == pytest.approx(0.5, abs=0.01) for layer in pruned)
    assert not any(part.training for part in session.network.module.modules())
    for name, mask in session.masks.items():
        assert torch.all(session.network.module.get_parameter(name)[mask == 0] == 0)

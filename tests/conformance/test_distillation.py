"""What every distillation loss promises."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import Size, Tensor, nn

from backend.cancel import Cancel
from backend.datasets._base import Part
from backend.errors import Cancelled, CompressionError
from backend.events import Event, Metric, Progress
from backend.network import Network
from backend.recipe import ModelSpec, Recipe, Stage, filled, recipe_from_yaml, recipe_to_yaml
from backend.registry import catalogue, method, methods
from backend.session import Session
from backend.stages.train import METHOD as TRAIN
from backend.training import _report
from backend.training._precision import FULL, Precision
from backend.training.distillation._base import Distillation
from backend.training.distillation._teaching import Teaching

IDS = sorted(methods("distillation"))
losses = pytest.mark.parametrize("id", IDS)
SHAPES = {2: (6, 5), 3: (6, 4, 5), 4: (6, 5, 4, 4)}
"""Features by the number of their dimensions."""


def found(id: str) -> tuple[Distillation, dict[str, Any]]:
    distillation = method("distillation", id)
    assert isinstance(distillation, Distillation)
    return distillation, {p.name: p.default for p in distillation.parameters}


on_features = pytest.mark.parametrize("id", [id for id in IDS if found(id)[0].on == "features"])


class Slim(nn.Module):
    """A student of other widths than the tiny network, with the same resolutions and names of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, 4, 3)
        self.second = nn.Conv2d(4, 5, 3)
        self.hidden = nn.Linear(5 * 2 * 2, 7)
        self.last = nn.Linear(7, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.max_pool2d(torch.relu(self.second(torch.relu(self.first(x)))), 2)
        scores: Tensor = self.last(torch.relu(self.hidden(x.flatten(1))))
        return scores


def slim(session: Session) -> Session:
    """``session`` with a student of other widths."""
    torch.manual_seed(5)
    session.network = Network("Slim", ModelSpec("python", "slim"), Slim().eval(), (1, 8, 8), 3)
    return session


def trained(
    session: Session, emit: Callable[[Event], None] = lambda _: None, cancel: Cancel | None = None, **settings: object
) -> None:
    stage = Stage("train", {"epochs": 6, "optimizer": "adam", "learning_rate": 0.01, **settings})
    torch.manual_seed(0)
    TRAIN.run(session, stage, 0, emit, cancel or Cancel())
    session.network.module.eval()


def section(*losses: object, **more: object) -> dict[str, Any]:
    """A ``distill`` section with its defaults."""
    return filled(Stage("train", {"distill": {"losses": list(losses), **more}}), catalogue())["distill"]  # type: ignore[no-any-return]


def teaching(session: Session, distill: dict[str, Any]) -> Teaching:
    module = session.network.module
    return Teaching(session, distill, module, module.get_submodule, 0, lambda _: None, Cancel())


def batches(session: Session) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    return session.data.indexed_batches("train", 8, generator=torch.Generator().manual_seed(4))


def parts(taught: Teaching, session: Session, batch: tuple[Tensor, Tensor, Tensor]) -> dict[str, float]:
    images, labels, places = batch
    with taught.watching():
        outputs = session.network.module(images)
    losses = taught.losses(images, outputs, labels, places, Precision(FULL, session.device))
    return {name: float(part.detach()) for name, part in losses.items()}


def compared(id: str) -> Iterator[tuple[Tensor, Callable[[Tensor], Tensor]]]:
    """What a teacher says, and the loss of a student that says something, for every shape that a loss compares."""
    distillation, settings = found(id)
    torch.manual_seed(0)
    if distillation.on == "outputs":
        labels = torch.randint(0, 5, (6,))
        teacher = torch.randn(6, 5)
        yield teacher, lambda own: distillation.loss(own, teacher, labels, settings)
        return
    for dim in distillation.dims:
        wanted = torch.randn(SHAPES[dim])
        adapt = (distillation.adapter and distillation.adapter(wanted[:1].shape, wanted[:1].shape)) or nn.Identity()
        yield wanted, lambda own, a=adapt, w=wanted: distillation.loss([a(own)], [w], settings)  # type: ignore[misc]


@losses
def test_that_a_loss_is_zero_where_the_network_says_what_its_teacher_says_and_larger_elsewhere(id: str) -> None:
    for teacher, loss in compared(id):
        assert float(loss(teacher).detach()) == pytest.approx(0.0, abs=1e-6)
        others = [float(loss(teacher + torch.randn(teacher.shape)).detach()) for _ in range(5)]
        assert min(others) > 1e-3


@losses
def test_that_the_gradient_reaches_all_that_the_student_says_and_descends(id: str) -> None:
    for teacher, loss in compared(id):
        own = (teacher + torch.randn(teacher.shape)).requires_grad_()
        before = loss(own)
        (gradient,) = torch.autograd.grad(before, own)
        assert torch.isfinite(gradient).all()
        assert bool(gradient.flatten(1).abs().sum(1).all())  # of every image
        assert float((loss(own - 1e-2 * gradient / gradient.norm()) - before).detach()) < 0


@losses
def test_that_a_batch_of_one_is_as_good_as_any(id: str) -> None:
    for teacher, _ in compared(id):
        distillation, settings = found(id)
        one, other = teacher[:1], teacher[1:2]
        if distillation.on == "outputs":
            value = distillation.loss(one, other, torch.zeros(1, dtype=torch.long), settings)
        else:
            value = distillation.loss([one], [other], settings)
        assert value.shape == Size(())
        assert float(value) > 0


@losses
def test_that_the_loss_of_a_batch_is_the_mean_over_its_images(id: str) -> None:
    distillation, settings = found(id)
    torch.manual_seed(1)
    if distillation.on == "outputs":
        own, wanted, labels = torch.randn(6, 5), torch.randn(6, 5), torch.randint(0, 5, (6,))
        each = [distillation.loss(own[[i]], wanted[[i]], labels[[i]], settings) for i in range(6)]
        assert float(distillation.loss(own, wanted, labels, settings)) == pytest.approx(float(sum(each)) / 6, rel=1e-4)
        return
    for dim in distillation.dims:
        own, wanted = torch.randn(SHAPES[dim]), torch.randn(SHAPES[dim])
        each = [distillation.loss([own[[i]]], [wanted[[i]]], settings) for i in range(6)]
        assert float(distillation.loss([own], [wanted], settings)) == pytest.approx(float(sum(each)) / 6, rel=1e-4)


@losses
def test_that_a_network_comes_nearer_to_the_original_than_by_labels_alone(
    id: str, make_session: Callable[[], Session]
) -> None:
    """Nearer in what the loss itself compares."""
    apart = {}
    distill = section({"loss": id, "weight": 1.0}, label_weight=0.0)
    for chosen in (None, distill):
        session = make_session()
        session.data.parts["train"].images[:24] = session.data.parts["validation"].images  # what is judged, it has seen
        with torch.no_grad():
            for parameter in session.network.module.parameters():
                parameter.mul_(0.5)
        trained(session, distill=chosen)
        judge = teaching(session, distill)
        images, labels = next(session.data.batches("validation", 24))
        with judge.watching(), torch.no_grad():
            outputs = session.network.module(images)
            values = judge.losses(images, outputs, labels, torch.arange(24), Precision(FULL, session.device))
        apart[chosen is None] = float(sum(values.values()))
    assert apart[False] < 0.5 * apart[True]


@losses
@pytest.mark.parametrize("wide", [True, False])
def test_that_a_student_of_other_widths_learns_from_it_and_nothing_of_the_teaching_stays(
    id: str,
    wide: bool,
    make_session: Callable[[], Session],
    untouched: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_report, "REPORT_SECONDS", 0.0)
    session = make_session() if wide else slim(make_session())
    names = list(session.network.module.state_dict())
    told: list[Event] = []
    trained(session, told.append, epochs=6, distill={"label_weight": 0.0, "losses": [{"loss": id, "weight": 1.0}]})
    untouched()
    assert list(session.network.module.state_dict()) == names
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in session.network.module.modules())
    curve = [event.value for event in told if isinstance(event, Metric) and event.name == f"loss_{id}"]
    assert curve
    if not wide:  # the tiny network is its own teacher and begins at the end
        session = slim(make_session())
        untaught = parts(teaching(session, section({"loss": id, "weight": 1.0})), session, next(batches(session)))
        assert sum(curve[-6:]) / 6 < 0.8 * untaught[id]


@on_features
def test_that_layers_are_paired_by_themselves_as_the_recipe_could_say(
    id: str, make_session: Callable[[], Session]
) -> None:
    session = slim(make_session())
    trained(session, epochs=1, distill={"losses": [{"loss": id}]})
    pairs = session.choices["stages.0.train.distill.losses.0.pairs"]
    assert session.report["distill"]["pairs"] == {id: pairs}
    weights = copy.deepcopy(session.network.module.state_dict())
    session = slim(make_session())
    trained(session, epochs=1, distill={"losses": [{"loss": id, "pairs": pairs}]})
    assert all(torch.equal(weights[name], value) for name, value in session.network.module.state_dict().items())


@losses
def test_that_what_trains_beside_the_student_goes_on_where_it_stopped(
    id: str, make_session: Callable[[], Session]
) -> None:
    distill = section({"loss": id}, {"loss": "soft_targets"})
    session = slim(make_session())
    taught = teaching(session, distill)
    with torch.no_grad():
        for parameter in taught.parameters:
            parameter.add_(1.0)
    batch = next(batches(session))
    values = parts(taught, session, batch)
    again = teaching(session, distill)
    again.load_state_dict(copy.deepcopy(taught.state_dict()))
    assert all(torch.equal(a, b) for a, b in zip(taught.parameters, again.parameters, strict=True))
    assert parts(again, session, batch) == values


@losses
def test_that_the_same_recipe_gives_the_same_weights_and_draws_nothing_from_the_runs_randomness(
    id: str, make_session: Callable[[], Session]
) -> None:
    states = []
    for _ in range(2):
        session = slim(make_session())
        trained(session, epochs=1, distill={"losses": [{"loss": id}]})
        states.append(session.network.module.state_dict())
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])
    session = slim(make_session())
    torch.manual_seed(7)
    before = torch.get_rng_state()
    teaching(session, section({"loss": id}))
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(session.generator.get_state(), torch.Generator().manual_seed(3).get_state())


@losses
def test_that_stop_is_heard_in_the_middle_and_leaves_the_teacher_as_it_was(
    id: str, make_session: Callable[[], Session], untouched: Callable[[], None]
) -> None:
    session, cancel = make_session(), Cancel()

    def stop(event: Event) -> None:
        if isinstance(event, (Metric, Progress)):
            cancel.request()

    with pytest.raises(Cancelled):
        trained(session, stop, cancel, distill={"losses": [{"loss": id}]})
    untouched()
    assert not any(m._forward_hooks for m in session.network.module.modules())


@losses
def test_that_data_without_classes_is_refused_where_classes_are_compared(
    id: str, make_session: Callable[[], Session]
) -> None:
    session = make_session()
    session.data = session.data.__class__(
        {name: Part(one.images, torch.nn.functional.one_hot(one.labels, 3).float())
         for name, one in session.data.parts.items()},
        session.data.spec, session.data.classes, session.data.mean, session.data.std,
        lambda outputs, wanted: -float((outputs - wanted).square().mean()),
    )  # fmt: skip
    if found(id)[0].on == "features":
        trained(session, epochs=1, distill={"losses": [{"loss": id}]})
        return
    with pytest.raises(CompressionError, match="this data has none") as refused:
        trained(session, distill={"losses": [{"loss": id}]})
    assert refused.value.repair is not None


@losses
def test_that_it_round_trips_through_a_recipe(id: str) -> None:
    loss: dict[str, Any] = {"loss": id, "weight": 0.9}
    if found(id)[0].on == "features":
        loss["pairs"] = {"layer1": "layer2"} if not found(id)[0].several else {"layer1": ["layer1.0", "layer1.1"]}
    distill = {"teacher": {"source": "torchvision", "name": "resnet18"}, "losses": [loss]}
    recipe = Recipe(stages=(Stage("train", {"distill": distill}),))
    assert recipe_from_yaml(recipe_to_yaml(recipe), catalogue()) == recipe

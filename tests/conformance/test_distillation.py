"""What every distillation loss promises."""

from collections.abc import Callable

import pytest
import torch

from backend.cancel import Cancel
from backend.datasets._base import Part
from backend.errors import CompressionError
from backend.recipe import Recipe, Stage, recipe_from_yaml, recipe_to_yaml
from backend.registry import catalogue, method, methods
from backend.session import Session
from backend.stages.train import METHOD as TRAIN
from backend.training.distillation._base import Distillation

losses = pytest.mark.parametrize("id", sorted(methods("distillation")))


def found(id: str) -> tuple[Distillation, dict[str, object]]:
    distillation = method("distillation", id)
    assert isinstance(distillation, Distillation)
    return distillation, {p.name: p.default for p in distillation.parameters}


def trained(session: Session, **settings: object) -> None:
    stage = Stage("train", {"epochs": 8, "optimizer": "adam", "learning_rate": 0.01, **settings})
    torch.manual_seed(0)
    TRAIN.run(session, stage, 0, lambda _: None, Cancel())
    session.network.module.eval()


@losses
def test_that_a_loss_is_smallest_where_the_network_says_what_its_teacher_says(id: str) -> None:
    distillation, settings = found(id)
    torch.manual_seed(0)
    teacher = torch.randn(16, 5)
    labels = torch.randint(0, 5, (16,))
    same = float(distillation.loss(teacher, teacher, labels, settings))
    others = [float(distillation.loss(teacher + torch.randn(16, 5), teacher, labels, settings)) for _ in range(5)]
    assert same < min(others)


@losses
def test_that_a_network_comes_nearer_to_the_original_than_by_labels_alone(
    id: str, make_session: Callable[[], Session]
) -> None:
    apart = {}
    for distill in (None, {"label_weight": 0.0, "losses": [{"loss": id, "weight": 1.0}]}):
        session = make_session()
        with torch.no_grad():
            for parameter in session.network.module.parameters():
                parameter.mul_(0.5)
        trained(session, distill=distill)
        images, _ = next(session.data.batches("validation", 24))
        with torch.no_grad():
            wanted = session.original.module(images).softmax(1)
            apart[distill is None] = float((session.network.module(images).softmax(1) - wanted).abs().sum())
    assert apart[False] < 0.5 * apart[True]


@losses
def test_that_the_original_network_is_left_as_it_was(
    id: str, make_session: Callable[[], Session], untouched: Callable[[], None]
) -> None:
    trained(make_session(), distill={"losses": [{"loss": id}]})
    untouched()


@losses
def test_that_data_without_classes_is_refused(id: str, make_session: Callable[[], Session]) -> None:
    session = make_session()
    part = session.data.parts["train"]
    session.data = session.data.__class__(
        {**session.data.parts, "train": Part(part.images, part.labels.float())},
        session.data.spec, session.data.classes, session.data.mean, session.data.std,
    )  # fmt: skip
    with pytest.raises(CompressionError, match="this data has none"):
        trained(session, distill={"losses": [{"loss": id}]})


@losses
def test_that_it_round_trips_through_a_recipe(id: str) -> None:
    recipe = Recipe(stages=(Stage("train", {"distill": {"losses": [{"loss": id, "weight": 0.9}]}}),))
    assert recipe_from_yaml(recipe_to_yaml(recipe), catalogue()) == recipe


def test_that_soft_targets_are_the_divergence_of_softened_probabilities() -> None:
    distillation, _ = found("soft_targets")
    torch.manual_seed(0)
    outputs, teacher = torch.randn(8, 4, dtype=torch.float64), torch.randn(8, 4, dtype=torch.float64)
    t = 3.0
    p, q = (teacher / t).softmax(1), (outputs / t).softmax(1)
    expected = t**2 * sum(float(p[i, k] * (p[i, k] / q[i, k]).log()) for i in range(8) for k in range(4)) / 8
    assert float(distillation.loss(outputs, teacher, torch.zeros(len(outputs)), {"temperature": t})) == pytest.approx(
        expected
    )

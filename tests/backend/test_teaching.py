"""The teacher: where it comes from, how often it is asked, what does not fit; the losses against their papers."""

from __future__ import annotations

import dataclasses
import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.datasets._base import Data, Part
from backend.errors import CompressionError, ConsentNeeded, RecipeError
from backend.events import Event, Failed, Finished, Metric, Progress, Warned
from backend.files import sha256
from backend.models import reopen
from backend.network import Network
from backend.recipe import DataSpec, ModelSpec, Recipe, Stage, merged, read_recipe, recipe_from_data, resolved
from backend.registry import catalogue, method
from backend.runner import open_session
from backend.session import Session
from backend.stages.train import METHOD as TRAIN
from backend.training import _report
from backend.training._precision import FULL, Precision
from backend.training.distillation._base import Distillation
from backend.training.distillation._teaching import Teaching
from tests.backend.conftest import carried_out


class Net(nn.Module):
    """Two convolutions, the first with a ReLU in place behind it that is used twice, and two linear layers."""

    def __init__(self, width: int = 4, classes: int = 3) -> None:
        super().__init__()
        self.conv1, self.relu = nn.Conv2d(1, width, 3), nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(width, width, 3)
        self.hidden, self.head = nn.Linear(width * 16, 6), nn.Linear(6, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.relu(self.conv2(self.relu(self.conv1(x))))
        scores: Tensor = self.head(torch.tanh(self.hidden(x.flatten(1))))
        return scores


def named(module: nn.Module, classes: int = 3) -> Network:
    return Network("Net", ModelSpec("python", "net"), module.eval(), (1, 8, 8), classes)


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """A student that is narrower than the original network, which teaches; images are random."""
    random = torch.Generator().manual_seed(2)

    def part(count: int) -> Part:
        return Part(torch.rand((count, 1, 8, 8), generator=random), torch.arange(count) % 3)

    torch.manual_seed(0)
    parts = {"train": part(48), "validation": part(24), "calibration": part(24), "test": part(24)}
    data = Data(parts, DataSpec(batch_size=8), ("a", "b", "c"), (0.0,), (1.0,))  # type: ignore[arg-type]
    return Session(Recipe(), named(Net(3)), named(Net()), data, tmp_path, torch.Generator().manual_seed(3))


def train(session: Session, *losses: object, emit: Callable[[Event], None] = lambda _: None, **more: Any) -> None:
    settings = {name: more.pop(name) for name in ("epochs", "precision") if name in more}
    distill = {"losses": list(losses), **more}
    stage = Stage("train", {"epochs": 1, "optimizer": "adam", **settings, "distill": distill})
    torch.manual_seed(0)
    TRAIN.run(session, stage, 0, emit, Cancel())


def counted(module: nn.Module) -> list[int]:
    """The sizes of the batches of training images that go through ``module`` from now on.

    Beside them it is judged by the 24 for validation, and asked for the shapes of its layers with one of zeros.
    """
    seen: list[int] = []
    forward = module.forward

    def count(images: Tensor) -> Tensor:
        if len(images) not in (1, 24):
            seen.append(len(images))
        outputs: Tensor = forward(images)
        return outputs

    module.forward = count  # type: ignore[method-assign]
    return seen


def loss_of(id: str) -> Distillation:
    found = method("distillation", id)
    assert isinstance(found, Distillation)
    return found


# The losses, recomputed from the papers.


@pytest.mark.parametrize("classes", [2, 5])
def test_that_decoupled_is_the_papers_sum_over_the_label_and_the_other_classes(classes: int) -> None:
    random = np.random.default_rng(0)
    own, teacher = random.normal(0, 3, (2, 7, classes))
    labels = random.integers(0, classes, 7)
    t, alpha, beta = 2.5, 0.75, 3.0
    expected = 0.0
    for z_s, z_t, y in zip(own, teacher, labels, strict=True):
        p_s, p_t = (np.exp(z / t) / np.exp(z / t).sum() for z in (z_s, z_t))
        tckd = p_t[y] * math.log(p_t[y] / p_s[y]) + (1 - p_t[y]) * math.log((1 - p_t[y]) / (1 - p_s[y]))
        hat_s, hat_t = p_s / (1 - p_s[y]), p_t / (1 - p_t[y])
        nckd = sum(hat_t[i] * math.log(hat_t[i] / hat_s[i]) for i in range(classes) if i != y)
        kd = sum(p_t[i] * math.log(p_t[i] / p_s[i]) for i in range(classes))
        assert kd == pytest.approx(tckd + (1 - p_t[y]) * nckd)  # equation 5 of the paper
        expected += t**2 * (alpha * tckd + beta * nckd) / 7
    settings = {"temperature": t, "alpha": alpha, "beta": beta}
    found = loss_of("decoupled").loss(*map(torch.tensor, (own, teacher, labels)), settings)
    assert float(found) == pytest.approx(expected)


def test_that_decoupled_stays_finite_where_both_are_sure() -> None:
    own = torch.tensor([[200.0, -200.0, 0.0]], requires_grad=True)
    loss = loss_of("decoupled").loss(
        own, torch.tensor([[-300.0, 300.0, 1.0]]), torch.tensor([0]), {"temperature": 1.0, "alpha": 1.0, "beta": 8.0}
    )
    loss.backward()
    assert torch.isfinite(loss.detach())
    assert torch.isfinite(own.grad).all()  # type: ignore[arg-type]


def test_that_feature_mse_is_the_mean_of_squares_at_the_smaller_size() -> None:
    own, teacher = torch.rand(2, 3, 4, 4), torch.rand(2, 3, 2, 2)
    expected = 0.0
    for n in range(2):
        for c in range(3):
            for i in range(2):
                for j in range(2):
                    mean = sum(float(own[n, c, 2 * i + a, 2 * j + b]) for a in (0, 1) for b in (0, 1)) / 4
                    expected += (float(teacher[n, c, i, j]) - mean) ** 2 / (2 * 3 * 2 * 2)
    assert float(loss_of("feature_mse").loss([own], [teacher], {})) == pytest.approx(expected, rel=1e-5)
    assert float(loss_of("feature_mse").loss([teacher], [own], {})) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(
    ("student", "teacher", "kind"),
    [
        ((1, 3, 8, 8), (1, 5, 4, 4), nn.Conv2d),
        ((1, 6), (1, 4), nn.Linear),
        ((1, 9, 6), (1, 5, 4), nn.Linear),
        ((1, 3, 8, 8), (1, 3, 4, 4), None),
        ((1, 6), (1, 6), None),
    ],
)
@pytest.mark.parametrize("id", ["feature_mse", "hidden_cosine", "dynamic_layerwise"])
def test_that_a_regressor_stands_where_widths_differ_and_brings_them_together(
    id: str, student: tuple[int, ...], teacher: tuple[int, ...], kind: type[nn.Module] | None
) -> None:
    loss = loss_of(id)
    assert loss.adapter is not None
    made = loss.adapter(torch.Size(student), torch.Size(teacher))
    assert made is None if kind is None else type(made) is kind
    features = torch.rand(2, *student[1:])
    adapted = features if made is None else made(features)
    assert torch.isfinite(loss.loss([adapted], [torch.rand(2, *teacher[1:])], {}).detach())


@pytest.mark.parametrize("shape", [(3, 5), (3, 4, 5), (3, 2, 4, 4)])
def test_that_hidden_cosine_is_one_minus_the_cosine_of_each_hidden_state(shape: tuple[int, ...]) -> None:
    own, teacher = np.random.default_rng(0).normal(size=(2, *shape))
    rows = [array.reshape(3, -1) if len(shape) == 4 else array.reshape(-1, 5) for array in (own, teacher)]
    cosines = [a @ b / math.sqrt((a @ a) * (b @ b)) for a, b in zip(*rows, strict=True)]
    expected = 1 - sum(cosines) / len(cosines)
    assert float(loss_of("hidden_cosine").loss([torch.tensor(own)], [torch.tensor(teacher)], {})) == pytest.approx(
        expected
    )


@pytest.mark.parametrize("power", [1.0, 2.0, 4.0])
def test_that_attention_transfer_is_the_distance_of_normalized_maps_whatever_the_widths(power: float) -> None:
    random = np.random.default_rng(0)
    own, teacher = random.normal(size=(2, 3, 4, 4)), random.normal(size=(2, 5, 2, 2))
    distances = []
    for a_s, a_t in zip(own, teacher, strict=True):
        q_s, q_t = (abs(a) ** power for a in (a_s, a_t))
        q_s, q_t = q_s.sum(0), q_t.sum(0)
        q_s = np.array([[q_s[i : i + 2, j : j + 2].mean() for j in (0, 2)] for i in (0, 2)])
        distances.append(np.linalg.norm(q_s / np.linalg.norm(q_s) - q_t / np.linalg.norm(q_t)))
    found = loss_of("attention_transfer").loss([torch.tensor(own)], [torch.tensor(teacher)], {"power": power})
    assert float(found) == pytest.approx(sum(distances) / 2)


def test_that_attention_transfer_has_a_gradient_where_both_look_at_the_same() -> None:
    features = torch.rand(2, 3, 4, 4)
    own = features.clone().requires_grad_()
    loss_of("attention_transfer").loss([own], [features], {"power": 2.0}).backward()
    assert own.grad is not None
    assert torch.isfinite(own.grad).all()


def test_that_dynamic_layerwise_counts_the_nearest_layer_alone() -> None:
    own = torch.rand(2, 5).requires_grad_()
    near, far = own.detach() + 0.1, own.detach() + 1.0
    found = loss_of("dynamic_layerwise").loss([own, own], [far, near], {})
    assert float(found.detach()) == pytest.approx(0.01, rel=1e-4)
    (gradient,) = torch.autograd.grad(found, own)
    assert torch.allclose(gradient, torch.full_like(gradient, -2 * 0.1 / 10))


def test_that_adaptive_1d_is_the_square_of_what_a_linear_layer_leaves() -> None:
    loss = loss_of("adaptive_1d")
    assert loss.adapter is not None
    linear = loss.adapter(torch.Size((1, 4)), torch.Size((1, 6)))
    assert linear is not None
    weight = torch.rand(6, 4)
    with torch.no_grad():
        next(linear.parameters()).copy_(weight)
    own, teacher = torch.rand(3, 4), torch.rand(3, 6)
    expected = sum(
        (float(teacher[n, i]) - sum(float(weight[i, k] * own[n, k]) for k in range(4))) ** 2
        for n in range(3) for i in range(6)
    ) / 18  # fmt: skip
    assert float(loss.loss([linear(own)], [teacher], {}).detach()) == pytest.approx(expected, rel=1e-5)


# How the teacher is asked.


def test_that_outputs_are_computed_once_for_every_image_and_never_again(session: Session) -> None:
    seen = counted(session.original.module)
    told: list[Event] = []
    train(session, {"loss": "soft_targets"}, {"loss": "decoupled"}, emit=told.append, epochs=3)
    assert seen == [48]
    assert any(isinstance(one, Progress) and "teacher" in str(one.text) for one in told)


def test_that_a_teacher_is_asked_per_batch_where_images_are_augmented_or_features_are_compared(
    session: Session,
) -> None:
    seen = counted(session.original.module)
    train(session, {"loss": "feature_mse"}, {"loss": "soft_targets"}, epochs=2)
    assert seen == [8] * 12
    session.data = dataclasses.replace(session.data, spec=dataclasses.replace(session.data.spec, augment=True))
    seen.clear()
    train(session, {"loss": "soft_targets"}, epochs=2)
    assert seen == [8] * 12


def test_that_an_output_too_many_to_keep_is_asked_for_per_batch(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.training.distillation._teacher.KEPT_BYTES", 48 * 3 * 4 - 1)
    seen = counted(session.original.module)
    train(session, {"loss": "soft_targets"})
    assert seen == [8] * 6


def test_that_kept_outputs_give_the_losses_of_outputs_that_are_computed_anew(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_report, "REPORT_SECONDS", 0.0)
    curves, weights = [], []
    start = session.network.copy()
    for limit in (2**30, 0):
        monkeypatch.setattr("backend.training.distillation._teacher.KEPT_BYTES", limit)
        told: list[Event] = []
        session.network, session.generator = start.copy(), torch.Generator().manual_seed(3)
        train(session, {"loss": "soft_targets"}, emit=told.append, epochs=2)
        curves.append([e.value for e in told if isinstance(e, Metric) and e.name == "loss_soft_targets"])
        weights.append(session.network.module.state_dict())
    assert len(curves[0]) == 12
    assert curves[0] == pytest.approx(curves[1], rel=1e-3)
    assert all(torch.allclose(weights[0][name], value, atol=1e-5) for name, value in weights[1].items())


def taught(session: Session, *losses: dict[str, Any], teacher: Any = "original") -> Teaching:
    full = [{"weight": 1.0, "temperature": 4.0, "pairs": None, **loss} for loss in losses]
    module = session.network.module
    return Teaching(
        session, {"teacher": teacher, "losses": full}, module, module.get_submodule, 0, lambda _: None, Cancel()
    )


@pytest.mark.parametrize("losses", [("soft_targets",), ("soft_targets", "feature_mse")])
def test_that_the_teacher_computes_in_the_precision_of_the_stage(session: Session, losses: tuple[str, ...]) -> None:
    types: list[torch.dtype] = []
    session.original.module.head.register_forward_hook(lambda _p, _i, out: types.append(out.dtype))  # type: ignore[union-attr]
    images, labels, places = next(session.data.indexed_batches("train", 8))
    teaching = taught(session, *({"loss": id} for id in losses))
    types.clear()
    for name in ("bfloat16", FULL):
        precision = Precision(name, session.device)
        again = taught(session, *({"loss": id} for id in losses))
        types.clear()
        with precision.computing(), again.watching():
            outputs = session.network.module(images).float()
        parts = again.losses(images, outputs, labels, places, precision)
        assert set(types) == {torch.bfloat16 if name == "bfloat16" else torch.float32}
        assert all(part.dtype is torch.float32 for part in parts.values())
    assert teaching.names == list(losses)


def test_that_features_are_those_of_the_layer_itself_though_a_relu_in_place_follows(session: Session) -> None:
    """The last output counts of a layer that is used twice."""
    teaching = taught(session, {"loss": "feature_mse", "pairs": {"conv1": "conv1", "relu": "relu"}})
    images = next(iter(session.data.batches("train", 8)))[0]
    net = session.network.module
    with teaching.watching():
        net(images)
    assert isinstance(net, Net)
    first = nn.functional.conv2d(images, net.conv1.weight, net.conv1.bias)
    assert torch.equal(teaching._seen["conv1"], first)
    second = nn.functional.conv2d(first.relu(), net.conv2.weight, net.conv2.bias)
    assert torch.equal(teaching._seen["relu"], second.relu())


def test_that_the_mean_over_the_pairs_counts_and_the_weight_multiplies_it(session: Session) -> None:
    images, labels, places = next(session.data.indexed_batches("train", 8))

    def part(pairs: dict[str, str], weight: float = 1.0) -> float:
        teaching = taught(session, {"loss": "attention_transfer", "pairs": pairs, "power": 2.0, "weight": weight})
        with teaching.watching():
            outputs = session.network.module(images)
        found = teaching.losses(images, outputs, labels, places, Precision(FULL, session.device))
        return float(found["attention_transfer"].detach())

    both = part({"conv1": "conv1", "conv2": "conv2"}, 0.25)
    assert both == pytest.approx(0.25 * (part({"conv1": "conv1"}) + part({"conv2": "conv2"})) / 2)


def test_that_a_loss_may_stand_several_times_and_each_part_has_a_name(session: Session) -> None:
    told: list[Event] = []
    losses = [{"loss": "feature_mse", "pairs": {name: name}} for name in ("conv1", "hidden")]
    train(session, *losses, emit=told.append, label_weight=0.5)
    last = {event.name: event.value for event in told if isinstance(event, Metric)}
    assert last["loss"] == pytest.approx(last["loss_labels"] + last["loss_feature_mse"] + last["loss_feature_mse_2"])
    assert session.report["distill"]["pairs"] == {
        "feature_mse": {"conv1": "conv1"},
        "feature_mse_2": {"hidden": "hidden"},
    }


# What does not fit.


@pytest.mark.parametrize(
    ("loss", "words"),
    [
        ({"loss": "feature_mse", "pairs": {"conv1": "hidden"}}, r"conv1 \(3×6×6\) with hidden \(6\)"),
        ({"loss": "attention_transfer", "pairs": {"hidden": "hidden"}}, r"can't compare hidden \(6\)"),
        ({"loss": "adaptive_1d", "pairs": {"conv1": "conv1"}}, r"can't compare conv1 \(3×6×6\)"),
        ({"loss": "feature_mse", "pairs": {"conv1": ["conv1", "conv2"]}}, "conv1 stands with 2"),
        ({"loss": "feature_mse", "pairs": {"konv1": "conv1"}}, "No layer of the student is called konv1"),
        ({"loss": "feature_mse", "pairs": {"conv1": "konv1"}}, "No layer of the teacher is called konv1"),
    ],
)
def test_that_layers_that_can_not_be_paired_are_named_with_their_shapes(
    session: Session, loss: dict[str, Any], words: str
) -> None:
    with pytest.raises(CompressionError, match=words) as refused:
        train(session, loss)
    assert refused.value.hint is not None
    assert refused.value.repair is not None
    assert refused.value.repair.edits == {"stages.0.train.distill.losses.0.pairs": None}


def test_that_a_loss_without_anything_to_compare_is_offered_to_be_removed(session: Session) -> None:
    torch.manual_seed(0)
    session.network = named(nn.Sequential(nn.Flatten(), nn.Linear(64, 3)))
    with pytest.raises(CompressionError, match="found no two layers") as refused:
        train(session, {"loss": "soft_targets"}, {"loss": "feature_mse"})
    assert refused.value.repair is not None
    (left,) = refused.value.repair.edits["stages.0.train.distill.losses"]
    assert left["loss"] == "soft_targets"
    with pytest.raises(CompressionError, match="found no two layers") as refused:
        train(session, {"loss": "feature_mse"})
    assert refused.value.repair is not None
    assert refused.value.repair.edits == {"stages.0.train.distill": None}


def test_that_a_teacher_of_other_classes_teaches_features_alone(session: Session) -> None:
    session.original = named(Net(4, classes=5), 5)
    with pytest.raises(CompressionError, match="has 5 outputs, and its student 3"):
        train(session, {"loss": "soft_targets"})
    train(session, {"loss": "feature_mse"})


# Where the teacher comes from.


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, blobs: Path) -> Path:
    """The folder of a run that has trained LeNet-5 on the blobs."""
    output = tmp_path_factory.mktemp("teacher") / "run"
    recipe = recipe_from_data(
        {
            "model": {"source": "bundled", "name": "lenet5", "num_classes": 4},
            "data": {"source": "arrays", "root": str(blobs), "batch_size": 32},
            "stages": [{"train": {"epochs": 2, "optimizer": "adam", "from_scratch": True}}],
        },
        catalogue(),
    )
    assert isinstance(carried_out(recipe, output)[-1], Finished)
    return output


def student(blobs: Path, teacher: Any, *losses: dict[str, Any], **more: Any) -> Recipe:
    distill = {"teacher": teacher, "losses": list(losses) or [{"loss": "soft_targets"}]}
    return recipe_from_data(
        {
            "model": {"source": "bundled", "name": "half_lenet", "num_classes": 4},
            "data": {"source": "arrays", "root": str(blobs), "batch_size": 32},
            "stages": [{"train": {"epochs": 1, "optimizer": "adam", **more, "distill": distill}}],
        },
        catalogue(),
    )


@pytest.mark.parametrize("kind", ["run", "network", "file", "section"])
def test_that_the_teacher_may_be_a_run_a_saved_network_a_checkpoint_or_a_section(
    kind: str, trained: Path, blobs: Path, tmp_path: Path
) -> None:
    weights = trained / "stages" / "0" / "weights.safetensors"
    teacher: Any = {
        "run": str(trained),
        "network": str(trained / "stages" / "0"),
        "file": str(tmp_path / "copy.safetensors"),
        "section": {"source": "checkpoint", "name": "lenet5", "weights": "copy.safetensors", "num_classes": 4},
    }[kind]
    (tmp_path / "copy.safetensors").write_bytes(weights.read_bytes())
    recipe = student(blobs, teacher, {"loss": "soft_targets"}, {"loss": "attention_transfer"})
    events = carried_out(recipe, tmp_path / "run")
    ending = events[-1]
    assert isinstance(ending, Finished), ending
    assert ending.result["stages"][0]["distill"]["pairs"] == {"attention_transfer": {"relu1": "conv1"}}
    resolved = read_recipe(tmp_path / "run" / "resolved.yaml", catalogue())
    distill = resolved.stages[0].settings["distill"]
    assert distill["losses"][1]["pairs"] == {"relu1": "conv1"}
    place = distill["teacher"] if isinstance(teacher, str) else distill["teacher"]["weights"]
    assert Path(place).is_absolute()
    first = next(e.value for e in events if isinstance(e, Metric) and e.name == "loss_soft_targets")
    assert first > 0


CODE = """
import torch
class Teacher(torch.nn.Sequential):
    def __init__(self, size=784):
        super().__init__(torch.nn.Flatten(), torch.nn.Linear(size, 4))
"""


def test_that_a_python_file_teaches_after_consent_and_is_asked_about_before_anything_is_measured(
    blobs: Path, tmp_path: Path
) -> None:
    file = tmp_path / "teacher.py"
    file.write_text(CODE)
    recipe = student(blobs, {"source": "python", "file": "teacher.py", "class": "Teacher"})
    events = carried_out(recipe, tmp_path / "run")
    assert isinstance(events[-1], Failed)
    assert events[-1].consent == {"file": str(file.resolve()), "sha256": sha256(file)}
    assert not any(isinstance(event, Metric) for event in events)
    allowed = {str(file.resolve()): sha256(file)}
    assert isinstance(carried_out(recipe, tmp_path / "run", allowed=allowed)[-1], Finished)


def test_that_a_teacher_that_is_not_there_is_refused_before_anything_is_measured(blobs: Path, tmp_path: Path) -> None:
    events = carried_out(student(blobs, "nowhere.pth"), tmp_path / "run")
    assert isinstance(events[-1], Failed)
    assert "nowhere.pth" in str(events[-1].message)
    assert not any(isinstance(event, Metric) for event in events)


def test_that_a_run_that_would_fill_the_folder_of_its_teacher_is_refused_and_leaves_it(
    trained: Path, blobs: Path
) -> None:
    before = {path: path.read_bytes() for path in trained.rglob("*") if path.is_file()}
    for teacher in (str(trained), str(trained / "stages" / "0")):
        ending = carried_out(student(blobs, teacher), trained)[-1]
        assert isinstance(ending, Failed)
        assert "the folder that the run would fill" in str(ending.message)
    assert {path: path.read_bytes() for path in trained.rglob("*") if path.is_file()} == before


def test_that_a_teacher_of_other_inputs_is_refused_in_one_sentence_with_the_original_as_the_repair(
    blobs: Path, tmp_path: Path
) -> None:
    events = carried_out(student(blobs, {"source": "bundled", "name": "resnet20"}), tmp_path / "run")
    ending = events[-1]
    assert isinstance(ending, Failed)
    assert "teacher" in str(ending.message)
    assert ending.repair is not None
    repaired = merged(student(blobs, "nowhere.pth"), ending.repair.edits, catalogue())
    assert repaired.stages[0].settings["distill"]["teacher"] == "original"


def test_that_a_teacher_that_only_guesses_or_knows_less_than_its_student_is_warned_of(
    trained: Path, blobs: Path, tmp_path: Path
) -> None:
    """Nothing is said of a good one."""
    untrained = {"source": "bundled", "name": "lenet5", "num_classes": 4}

    def said(model: ModelSpec | None, teacher: Any) -> list[Warned]:
        recipe = student(blobs, teacher)
        if model is not None:
            recipe = dataclasses.replace(recipe, model=model)
        told: list[Event] = []
        full = resolved(recipe, catalogue())
        session = open_session(full, tmp_path, told.append, Cancel())
        module = session.network.module
        Teaching(
            session, full.stages[0].settings["distill"], module, module.get_submodule, 0, told.append, Cancel()
        ).close()
        return [event for event in told if isinstance(event, Warned) and "The teacher is right" in str(event.message)]

    assert said(None, str(trained)) == []
    (guessing,) = said(None, "original")
    assert "guessing" in str(guessing.message)
    assert guessing.repair is None
    (guessing,) = said(ModelSpec("pare", weights=str(trained)), untrained)
    assert guessing.repair is not None
    (worse,) = said(ModelSpec("pare", weights=str(trained)), str(_half_right(trained, tmp_path)))
    assert "before it has learned anything" in str(worse.message)
    assert worse.repair is not None


def test_that_a_training_in_which_nothing_counts_is_refused(blobs: Path) -> None:
    def weighed(labels: float, *losses: float) -> Recipe:
        given = [{"loss": "soft_targets", "weight": weight} for weight in losses]
        stages = [{"train": {"distill": {"label_weight": labels, "losses": given}}}]
        return recipe_from_data({**student(blobs, "original").to_data(), "stages": stages}, catalogue())

    for labels, losses in ((1.0, ()), (1.0, (0.0,)), (0.0, (0.0, 0.5))):
        weighed(labels, *losses)
    for nothing in ((), (0.0,)):
        with pytest.raises(RecipeError, match="nothing to learn from") as caught:
            weighed(0.0, *nothing)
        assert caught.value.repair is not None
        assert caught.value.repair.edits == {"stages.0.train.distill.label_weight": 1.0}


def test_that_a_run_that_did_not_come_to_its_end_says_so_as_a_teacher(
    trained: Path, blobs: Path, tmp_path: Path
) -> None:
    def said(teacher: Path) -> list[str]:
        events = carried_out(student(blobs, str(teacher)), tmp_path / f"of-{teacher.name}")
        assert isinstance(events[-1], Finished)
        return [str(event.message) for event in events if isinstance(event, Warned) and "its end" in str(event.message)]

    killed = tmp_path / "killed"
    shutil.copytree(trained, killed)
    assert said(killed) == []
    (killed / "result.json").unlink()
    shutil.rmtree(tmp_path / "of-killed")
    assert said(killed) == ["The run killed did not come to its end; this is its network after stage 1."]
    assert said(killed / "stages" / "0") == []


def _half_right(trained: Path, folder: Path) -> Path:
    """The trained network, which has forgotten two of four classes."""
    network = reopen(trained)
    with torch.no_grad():
        network.module.get_parameter("fc3.bias")[2:] = -1e3
    network.save(folder / "half")
    return folder / "half"


def test_that_the_report_is_what_json_can_hold(session: Session) -> None:
    train(session, {"loss": "dynamic_layerwise"})
    assert json.loads(json.dumps(session.report)) == session.report
    pairs = session.choices["stages.0.train.distill.losses.0.pairs"]
    assert pairs["hidden"] == ["hidden"]


def test_that_consent_is_named_by_the_error_itself(session: Session) -> None:
    (session.folder / "teacher.py").write_text(CODE.replace("784", "64"))
    with pytest.raises(ConsentNeeded):
        taught(session, {"loss": "soft_targets"}, teacher={"source": "python", "file": "teacher.py"})

"""Quantization-aware training to int8: what it computes, what comes of it, what is refused; and training in 16 bits."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.datasets._base import Data, Part, PartName
from backend.errors import Cancelled, CompressionError, RecipeError
from backend.events import Event, Finished, Metric, Progress, Warned
from backend.models import reopen
from backend.network import Network
from backend.quantization import int8_layers, packed_weights
from backend.quantization._base import Learner
from backend.quantization._engines import available
from backend.quantization._fx._convert import _weight_observer
from backend.quantization._fx._training import RoundedLayer, Rounding, Switch, Training
from backend.quantization.qat_int8 import METHOD
from backend.recipe import DataSpec, ModelSpec, Recipe, Rule, Stage, merged, recipe_from_data
from backend.registry import catalogue
from backend.session import Session
from backend.stages import train
from backend.stages._layers import quantization_plans
from backend.training import _precision
from backend.training._precision import Precision, fastest
from tests.backend.conftest import carried_out

SHAPE = (2, 8, 8)


class Net(nn.Module):
    """A normalized convolution, a sum, a convolution without normalization, a linear layer with one."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(2, 6, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(6)
        self.conv2 = nn.Conv2d(6, 6, 3, padding=1)
        self.fc = nn.Linear(24, 3)
        self.bn2 = nn.BatchNorm1d(3)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.adaptive_avg_pool2d(x + F.relu(self.conv2(x)), 2)
        made: Tensor = self.bn2(self.fc(x.view(x.size(0), -1)))
        return made


class Odd(nn.Module):
    """What FX's own prepare_qat_fx stops at or makes a graph of its own for."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(2, 4, 3)
        self.plain = nn.BatchNorm2d(4, affine=False)
        self.up = nn.ConvTranspose2d(4, 4, 2, stride=2)
        self.bn = nn.BatchNorm2d(4)
        self.slope = nn.PReLU()
        self.alone = nn.BatchNorm2d(4)
        self.conv3d = nn.Conv3d(4, 2, (1, 3, 3))
        self.fc = nn.Linear(2, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = self.slope(self.bn(self.up(torch.relu(self.plain(self.first(x))))))
        x = torch.relu(self.alone(torch.sigmoid(x)))
        made: Tensor = self.fc(self.conv3d(x.unsqueeze(2)).mean((2, 3, 4)))
        return made


class Partly(nn.Module):
    """``body`` decides in Python, its ``inner`` part does not."""

    class Body(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = nn.Sequential(nn.Conv2d(4, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU())
            self.by = nn.Conv2d(4, 4, 1)

        def forward(self, x: Tensor) -> Tensor:
            made: Tensor = self.inner(x) if float(x.detach().mean()) > -1e9 else x
            return made + self.by(x)

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(2, 4, 3)
        self.body = Partly.Body()
        self.fc = nn.Linear(4, 3)

    def forward(self, x: Tensor) -> Tensor:
        made: Tensor = self.fc(self.body(self.conv(x)).mean((2, 3)))
        return made


def random_images(count: int, seed: int = 0) -> Tensor:
    return torch.rand(count, *SHAPE, generator=torch.Generator().manual_seed(seed)) * 2 - 0.7


def session_of(module: nn.Module, recipe: Recipe | None = None) -> Session:
    def part(count: int) -> Part:
        return Part(random_images(count, count), torch.arange(count) % 3)

    parts: dict[PartName, Part] = {"train": part(48), "validation": part(24), "calibration": part(16), "test": part(12)}
    data = Data(parts, DataSpec(batch_size=16), ("a", "b", "c"), (0.0,), (1.0,))
    network = Network("Tiny", ModelSpec("python", "tiny"), module.eval(), SHAPE, 3)
    return Session(recipe or Recipe(), network.copy(), network, data, Path(), torch.Generator().manual_seed(1))


def made(kind: type[nn.Module] = Net) -> Session:
    """A network whose normalization knows what it sees."""
    torch.manual_seed(0)
    module = kind().train()
    norms = [part for part in module.modules() if isinstance(part, (nn.BatchNorm1d, nn.BatchNorm2d))]
    for norm in norms:
        norm.momentum = 1.0
        if norm.affine:
            norm.weight.data.uniform_(0.5, 1.5)
    outputs(module, random_images(64, 5))
    for norm in norms:
        norm.momentum = 0.1
    return session_of(module)


def entry(*rules: Rule, **settings: Any) -> Stage:
    return Stage("quantize", {"method": "qat_int8", "engine": "x86", **settings}, rules)


def learner_of(session: Session, *rules: Rule, **settings: Any) -> Learner:
    assert METHOD.learn is not None
    plans = quantization_plans(session.network.module, entry(*rules, **settings))
    return METHOD.learn(session, plans, 0, lambda event: None, Cancel())


def steps(learner: Learner, session: Session, count: int = 3, rate: float = 0.01) -> None:
    optimizer = torch.optim.SGD(session.network.module.parameters(), lr=rate)
    learner.module.train()
    for step in range(count):
        optimizer.zero_grad()
        F.cross_entropy(learner.module(random_images(16, step)), torch.arange(16) % 3).backward()
        optimizer.step()
        learner.after_step((step + 1) / count)
    learner.module.eval()


def outputs(module: nn.Module, images: Tensor) -> Tensor:
    with torch.no_grad():
        out: Tensor = module(images)
    return out


def converted(learner: Learner) -> nn.Module:
    return learner.convert(lambda _: None, Cancel()).module


def fitted(
    session: Session,
    *entries: Stage,
    emit: Callable[[Event], None] = lambda _: None,
    cancel: Cancel | None = None,
    **settings: Any,
) -> None:
    values = {"epochs": 2, "learning_rate": 0.01, "batch_size": 16, **settings}
    train.run(session, Stage("train", values, (), entries), 0, emit, cancel or Cancel())


def roundings(learner: Learner) -> list[Rounding]:
    return [part for part in learner.module.modules() if isinstance(part, Rounding)]


# What trains


@pytest.mark.parametrize("kind", [Net, Odd, Partly])
def test_that_it_trains_the_networks_own_parameters_and_buffers(kind: type[nn.Module]) -> None:
    session = made(kind)
    learner, own = learner_of(session), session.network.module
    held = {id(tensor) for tensor in (*learner.module.parameters(), *learner.module.buffers())}
    assert all(id(tensor) in held for tensor in (*own.parameters(), *own.buffers()))
    assert {id(p) for p in learner.module.parameters()} == {id(p) for p in own.parameters()}
    before = copy.deepcopy(own.state_dict())
    learner.begin()
    steps(learner, session)
    assert all(p.grad is not None for p in own.parameters())
    moved = [name for name, value in own.state_dict().items() if not torch.equal(value, before[name])]
    assert set(moved) == set(before)  # statistics too: none is left behind


@pytest.mark.parametrize("kind", [Net, Odd, Partly])
def test_that_in_float_it_is_the_float_network(kind: type[nn.Module]) -> None:
    session = made(kind)
    learner, images = learner_of(session), random_images(9)
    learner.module.eval()
    assert torch.allclose(outputs(learner.module, images), outputs(session.network.module, images), atol=1e-6)
    steps(learner, session)
    assert torch.allclose(outputs(learner.module, images), outputs(session.network.module, images), atol=1e-6)


@pytest.mark.parametrize("kind", [Net, Odd, Partly])
def test_that_the_int8_network_computes_what_was_trained(kind: type[nn.Module]) -> None:
    """What differs is the order of roundings: on average by less than one of the output's 127 levels."""
    session = made(kind)
    learner, images = learner_of(session), random_images(32, 9)
    learner.begin()
    steps(learner, session, 8)
    outcome = learner.convert(lambda _: None, Cancel())
    trained = outputs(learner.module, images)
    error = (outputs(outcome.module, images) - trained).square().mean().sqrt()
    assert float(error) < outcome.layers["fc"]["scale"]
    assert float(trained.std()) > 10 * outcome.layers["fc"]["scale"]
    assert not torch.equal(trained, outputs(session.network.module, images))


def test_that_what_goes_into_a_sigmoid_is_not_clipped_to_what_comes_out() -> None:
    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv, self.fc = nn.Conv2d(2, 4, 3), nn.Linear(4, 3)

        def forward(self, x: Tensor) -> Tensor:
            made: Tensor = self.fc(torch.sigmoid(self.conv(x).exp().sub(1).mul(3)).mean((2, 3)))
            return made

    session = made(Net)
    learner, images = learner_of(session), random_images(32, 9)
    learner.begin()
    steps(learner, session)
    expected = outputs(session.network.module, images)
    assert float((outputs(converted(learner), images) - expected).std() / expected.std()) < 0.1


@pytest.mark.parametrize("channels", [3, 4])
def test_that_a_transposed_convolution_gives_the_right_values(channels: int) -> None:
    """torch 2.13's int8 kernel is wrong where outputs are not as many as inputs: there it stays in float."""

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv, self.up, self.fc = nn.Conv2d(2, 4, 3), nn.ConvTranspose2d(4, channels, 2), nn.Linear(channels, 3)

        def forward(self, x: Tensor) -> Tensor:
            made: Tensor = self.fc(self.up(self.conv(x)).abs().mean((2, 3)))
            return made

    session = made(Net)
    learner, images = learner_of(session), random_images(32, 9)
    learner.begin()
    steps(learner, session)
    outcome = learner.convert(lambda _: None, Cancel())
    expected = outputs(session.network.module, images)
    assert float((outputs(outcome.module, images) - expected).std() / expected.std()) < 0.1
    assert ("up" in outcome.layers) == (channels == 4)
    assert ("up" in outcome.left_in_float) == (channels != 4)


def test_that_a_folded_layer_computes_with_the_definitions_weights() -> None:
    """Per output channel: S = max|W·γ/σ| ÷ 127.5, Q = round(W·γ/σ ÷ S) within −128 … 127."""
    session = made()
    learner = learner_of(session)
    learner.begin()
    layer = next(part for part in learner.module.modules() if isinstance(part, RoundedLayer) and part.norm is not None)
    own = session.network.module
    assert isinstance(own, Net)
    assert own.bn1.running_var is not None
    factor = (own.bn1.weight / (own.bn1.running_var + own.bn1.eps).sqrt()).reshape(-1, 1, 1, 1).detach()
    folded = own.conv1.weight.detach() * factor
    scale = folded.abs().amax((1, 2, 3), keepdim=True) / 127.5
    expected = (folded / scale).round().clamp(-128, 127) * scale / factor
    images = random_images(4)
    layer.eval()
    wanted = own.bn1.eval()(F.conv2d(images, expected, padding=1))
    assert torch.allclose(outputs(layer, images), wanted, atol=1e-5)


def test_that_every_weight_has_a_gradient_as_if_it_were_not_rounded() -> None:
    layer = nn.Linear(6, 4)
    rounded = RoundedLayer(layer, None, _weight_observer(True, "symmetric"), Switch(on=True))
    images = torch.randn(5, 6, generator=torch.Generator().manual_seed(0))
    rounded(images).sum().backward()
    assert layer.weight.grad is not None
    assert torch.allclose(layer.weight.grad, images.sum(0).expand(4, 6))


def test_that_a_silent_channel_stays_silent_and_finite() -> None:
    """Pruning sets the scale of normalization to zero, by which other implementations divide."""
    session = made()
    own = session.network.module
    assert isinstance(own, Net)
    with torch.no_grad():
        own.bn1.weight[2] = own.bn1.bias[2] = 0
    learner = learner_of(session)
    learner.begin()
    steps(learner, session, 1, rate=0.0)
    layer = next(part for part in learner.module.modules() if isinstance(part, RoundedLayer) and part.norm is not None)
    out = outputs(layer, random_images(4))
    assert bool(torch.isfinite(out).all())
    assert not bool(out[:, 2].any())
    assert bool(torch.isfinite(outputs(converted(learner), random_images(4))).all())


def test_that_ranges_follow_training_batches_alone() -> None:
    session = made()
    learner = learner_of(session)
    learner.begin()
    steps(learner, session, 1)
    before = [float(part.observer.max_val) for part in roundings(learner)]
    outputs(learner.module, random_images(8) * 100)
    assert [float(part.observer.max_val) for part in roundings(learner)] == before


def test_that_observers_and_normalization_freeze_when_they_are_told_to() -> None:
    session = made()
    own = session.network.module
    assert isinstance(own, Net)
    learner = learner_of(session, freeze_batch_norm=0.5, freeze_observers=0.75)
    learner.begin()
    optimizer = torch.optim.SGD(own.parameters(), lr=0.0)
    means, ranges = [], []
    for step in range(4):
        learner.module.train()
        optimizer.zero_grad()
        F.cross_entropy(learner.module(random_images(16, step) * (step + 1)), torch.arange(16) % 3).backward()
        learner.after_step((step + 1) / 4)
        assert own.bn1.running_mean is not None
        means.append(own.bn1.running_mean.clone())
        ranges.append(float(roundings(learner)[0].observer.max_val))
    assert not torch.equal(means[0], means[1])
    assert torch.equal(means[1], means[2])
    assert torch.equal(means[2], means[3])
    assert ranges[1] != ranges[2]
    assert ranges[2] == ranges[3]


def test_that_shares_are_of_the_quantized_part_of_the_training() -> None:
    learner = learner_of(made(), start=0.5, freeze_batch_norm=0.5)
    assert isinstance(learner.module, Training)
    norms = [part for part in learner.module.modules() if isinstance(part, nn.BatchNorm2d)]
    learner.module.train()
    learner.after_step(0.6)
    learner.begin()
    learner.after_step(0.7)
    assert all(part.training for part in norms)
    learner.after_step(0.8)
    learner.module.train()
    assert not any(part.training for part in norms)


def test_that_values_that_are_not_finite_do_not_reach_the_ranges() -> None:
    session = made()
    learner = learner_of(session)
    learner.begin()
    learner.module.train()
    out = learner.module(random_images(8) * float("nan"))
    assert not bool(torch.isfinite(out).any())
    assert not any(bool(part.observer.max_val.isnan()) for part in roundings(learner))


# What comes of it


def test_that_scales_are_told_per_layer_and_in_the_calibration_table() -> None:
    session = made()
    learner = learner_of(session)
    learner.begin()
    steps(learner, session)
    outcome = learner.convert(lambda _: None, Cancel())
    assert {name: row["precision"] for name, row in outcome.layers.items()} == dict.fromkeys(
        ("conv1", "conv2", "fc"), "int8"
    )
    table = outcome.files["calibration.json"]
    json.dumps(table, allow_nan=False)
    for name in ("conv1", "conv2", "fc"):
        assert table[name]["scale"] == pytest.approx(outcome.layers[name]["scale"])
        assert table[name]["zero_point"] == outcome.layers[name]["zero_point"]
        assert table[name]["observer"] == "moving_average"
    low, high = table["conv2"]["minimum"], table["conv2"]["maximum"]
    assert table["conv2"]["scale"] == pytest.approx((max(high, 0) - min(low, 0)) / 127, rel=1e-4)
    assert not outcome.left_in_float


def test_that_a_kept_layer_trains_in_float() -> None:
    session = made()
    learner = learner_of(session, Rule("conv2", None))
    learner.begin()
    steps(learner, session)
    outcome = learner.convert(lambda _: None, Cancel())
    kept = outcome.module.get_submodule("conv2")
    assert isinstance(kept, nn.Conv2d)
    assert torch.equal(kept.weight, session.network.module.get_parameter("conv2.weight"))
    assert "conv2" not in {**outcome.layers, **outcome.left_in_float}


@pytest.mark.parametrize("tensors", ["weight", "input_weight", "output"])
def test_that_a_layer_with_some_of_its_tensors_rounded_is_told_to_be_float(tensors: str) -> None:
    session = made()
    learner, images = learner_of(session, Rule("conv2", {"tensors": tensors})), random_images(32, 3)
    learner.begin()
    steps(learner, session, 6)
    outcome = learner.convert(lambda _: None, Cancel())
    assert "conv2" not in outcome.layers
    assert tensors.replace("_", ", ") in str(outcome.left_in_float["conv2"])
    layer = outcome.module.get_submodule("conv2")
    assert isinstance(layer, nn.Conv2d)
    own = session.network.module.get_parameter("conv2.weight").detach()
    scale = own.abs().amax((1, 2, 3), keepdim=True) / 127.5
    wanted = (own / scale).round().clamp(-128, 127) * scale if "weight" in tensors else own
    held = layer.weight.detach()
    assert float((held - wanted).abs().max() / scale.max()) < 1.01
    assert int(((held - wanted).abs() > 1e-6).sum()) <= 6  # one a channel lies halfway between two levels
    assert {name for name, _ in layer.named_children()} == {
        f"rounded_{word}" for word in tensors.split("_") if word != "weight"
    }
    error = (outputs(outcome.module, images) - outputs(learner.module, images)).square().mean().sqrt()
    assert float(error) < outcome.layers["fc"]["scale"]
    rebuilt = METHOD.rebuild(Net().eval(), json.loads(json.dumps(dict(outcome.data))))
    rebuilt.load_state_dict(outcome.module.state_dict())
    assert torch.equal(outputs(rebuilt, images), outputs(outcome.module, images))


def test_that_pruned_weights_are_zero_in_the_int8_network() -> None:
    session = made()
    own = session.network.module
    mask = (torch.rand(6, 6, 3, 3, generator=torch.Generator().manual_seed(0)) > 0.5).float()
    session.masks = {"conv2.weight": mask}
    own.get_parameter("conv2.weight").data.mul_(mask)
    fitted(session, entry())
    weight, _ = packed_weights(session.network.module)["conv2"]
    assert not bool(weight[mask == 0].any())
    assert float((weight[mask == 1] != 0).float().mean()) > 0.9


def test_that_pruning_and_rounding_share_one_training() -> None:
    kept: list[float] = []
    session = made()
    session.keep = lambda at, metrics: kept.append(metrics["validation_accuracy"])
    prune = Stage("prune", {"method": "l1_unstructured", "amount": 0.5})
    fitted(session, entry(), prune)
    assert kept
    for name, (weight, _) in packed_weights(session.network.module).items():
        mask = session.masks[f"{name}.weight"]
        assert float(mask.mean()) == pytest.approx(0.5, abs=0.03)
        assert not bool(weight[mask == 0].any())


def test_that_affine_weights_stay_exactly_zero_too() -> None:
    session = made()
    mask = torch.ones(6, 6, 3, 3)
    mask[:, ::2] = 0
    session.masks = {"conv2.weight": mask}
    session.network.module.get_parameter("conv2.weight").data.mul_(mask)
    fitted(session, entry(weight_scheme="affine", weights="per_tensor"))
    weight, _ = packed_weights(session.network.module)["conv2"]
    assert not bool(weight[mask == 0].any())


@pytest.mark.parametrize("observer", ["min_max", "histogram"])
def test_that_other_observers_can_be_chosen(observer: str) -> None:
    session = made()
    learner = learner_of(session, observer=observer)
    learner.begin()
    steps(learner, session, 2)
    outcome = learner.convert(lambda _: None, Cancel())
    assert outcome.files["calibration.json"]["conv2"]["observer"] == observer


def test_that_auto_chooses_the_engine_before_anything_trains() -> None:
    session = made()
    learner = learner_of(session, engine="auto")
    learner.begin()
    steps(learner, session, 2)
    outcome = learner.convert(lambda _: None, Cancel())
    assert outcome.choices == {"engine": outcome.data["engine"]}
    assert outcome.data["engine"] in available()


# The training around it


def test_that_a_stop_in_the_middle_leaves_a_float_network() -> None:
    session, cancel = made(), Cancel()
    own, keys = session.network.module, list(session.network.module.state_dict())

    def stop(event: Event) -> None:
        if isinstance(event, Metric):
            cancel.request()

    with pytest.raises(Cancelled):
        fitted(session, entry(), emit=stop, cancel=cancel)
    assert session.network.module is own
    assert not session.network.converted
    assert list(own.state_dict()) == keys
    plain = Net().eval()
    plain.load_state_dict(own.state_dict())
    assert torch.equal(outputs(own.eval(), random_images(4)), outputs(plain, random_images(4)))


def test_that_a_stop_while_errors_are_measured_leaves_a_float_network() -> None:
    session, cancel = made(), Cancel()

    def stop(event: Event) -> None:
        if isinstance(event, Progress) and event.text.template.startswith("Measuring the error"):
            cancel.request()

    with pytest.raises(Cancelled):
        fitted(session, entry(), emit=stop, cancel=cancel)
    assert not session.network.converted
    assert isinstance(session.network.module, Net)


def test_that_validation_looks_at_the_rounded_network(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[nn.Module] = []
    from backend.training import fit as fit_module

    real = fit_module.evaluate

    def watched(module: nn.Module, *args: Any, **named: Any) -> Any:
        seen.append(module)
        return real(module, *args, **named)

    monkeypatch.setattr(fit_module, "evaluate", watched)
    fitted(made(), entry())
    assert len(seen) == 2
    assert all(isinstance(module, Training) for module in seen)


def test_that_quantization_begins_where_the_recipe_says() -> None:
    session = made()
    on: list[bool] = []
    real = Training.forward

    def watched(self: Training, *inputs: Any) -> Any:
        if self.training:
            on.append(self.switch.on)
        return real(self, *inputs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Training, "forward", watched)
        fitted(session, entry(start=0.5))
    assert on == [False] * 3 + [True] * 3
    assert session.network.converted


def test_that_frozen_layers_stay_and_are_quantized_all_the_same() -> None:
    session = made()
    before = copy.deepcopy(session.network.module.state_dict())
    values = {"epochs": 1, "learning_rate": 0.01, "batch_size": 16}
    stage = Stage("train", values, (Rule("conv1", None), Rule("bn1", None)), (entry(),))
    train.run(session, stage, 0, lambda _: None, Cancel())
    fresh = made().network.module
    fresh.load_state_dict(before)
    int8 = int8_layers(session.network.module)
    assert set(int8) == {"conv1", "conv2", "fc"}
    assert isinstance(fresh, Net)
    assert fresh.bn1.running_var is not None
    factor = (fresh.bn1.weight / (fresh.bn1.running_var + fresh.bn1.eps).sqrt()).reshape(-1, 1, 1, 1).detach()
    folded = fresh.conv1.weight.detach() * factor
    held, _ = packed_weights(session.network.module)["conv1"]
    assert float((held - folded).abs().max() / (folded.abs().max() / 127.5)) < 1.01


def test_that_the_original_network_teaches_a_rounded_one() -> None:
    session = made()
    before = copy.deepcopy(session.original.module.state_dict())
    fitted(
        session,
        entry(),
        distill={"label_weight": 0.0, "losses": [{"loss": "soft_targets", "weight": 1.0, "temperature": 2.0}]},
    )
    assert session.network.converted
    assert all(torch.equal(value, before[name]) for name, value in session.original.module.state_dict().items())


def test_that_training_from_scratch_can_round_too() -> None:
    session = made()
    events: list[Event] = []
    fitted(session, entry(), emit=events.append, from_scratch=True, learning_rate=None)
    assert session.network.converted
    assert session.choices["stages.0.train.learning_rate"] == 0.01
    assert not any(isinstance(event, Warned) and event.repair is not None for event in events)


def test_that_a_loss_that_is_not_finite_is_said_in_one_sentence() -> None:
    session = made()
    session.data.parts["train"].images[3] = float("nan")
    with pytest.raises(CompressionError, match="The loss became infinite"):
        fitted(session, entry())
    assert not session.network.converted


def test_that_where_every_layer_is_kept_there_is_nothing_to_quantize() -> None:
    with pytest.raises(CompressionError, match="nothing to quantize"):
        fitted(made(), entry(Rule("*", None)))


def test_that_it_refuses_before_training_where_nothing_would_become_int8() -> None:
    session = made()
    before = copy.deepcopy(session.network.module.state_dict())
    with pytest.raises(CompressionError, match="Nothing became int8"):
        fitted(session, entry(tensors="weight"))
    assert all(torch.equal(value, before[name]) for name, value in session.network.module.state_dict().items())


def test_that_an_engine_that_cannot_do_it_is_refused_with_a_repair_that_reads() -> None:
    stages = [
        {"train": {"during": [{"quantize": {"method": "qat_int8", "engine": "onednn", "weight_scheme": "affine"}}]}}
    ]
    recipe = recipe_from_data({"stages": stages, "model": {}}, catalogue())
    session = session_of(Net().eval(), recipe)
    with pytest.raises(CompressionError, match="onednn") as caught:
        train.run(session, recipe.stages[0], 0, lambda _: None, Cancel())
    assert caught.value.repair is not None
    repaired = merged(recipe, caught.value.repair.edits, catalogue())
    train.run(session_of(Net().eval(), repaired), repaired.stages[0], 0, lambda _: None, Cancel())


def test_that_a_method_given_by_a_rule_for_all_layers_brings_its_usual_rate() -> None:
    session = made()
    rules = (Rule("*", {"method": "qat_int8"}),)
    fitted(session, Stage("quantize", {"method": "lsq"}, rules), learning_rate=None, epochs=1)
    assert session.choices["stages.0.train.learning_rate"] == pytest.approx(0.001)


def test_that_the_usual_rate_is_a_tenth_and_a_large_one_is_warned_of() -> None:
    session = made()
    fitted(session, entry(), learning_rate=None, epochs=1)
    assert session.choices["stages.0.train.learning_rate"] == pytest.approx(0.001)
    events: list[Event] = []
    fitted(made(), entry(), learning_rate=0.05, epochs=1, emit=events.append)
    (warned,) = [event for event in events if isinstance(event, Warned) and event.repair is not None]
    assert warned.repair is not None
    assert warned.repair.edits == {"stages.0.train.learning_rate": pytest.approx(0.001)}
    assert "0.05" in str(warned.message)


def test_that_a_run_with_it_is_saved_opened_again_and_goes_on_where_it_stopped(recipe: Recipe, tmp_path: Path) -> None:
    quantized = Stage("train", {"epochs": 1, "optimizer": "adam"}, (), (entry(engine="auto"),))
    both = replace(recipe, stages=(recipe.stages[0], quantized))
    ending = carried_out(both, tmp_path / "run")[-1]
    assert isinstance(ending, Finished), ending
    final = ending.result["final"]
    assert {row["name"]: row.get("precision") for row in final["layers"]}["conv1"] == "int8"
    assert "sqnr_db" in final["layers"][0]
    assert (tmp_path / "run/stages/1/calibration.json").is_file()
    assert "engine: auto" not in (tmp_path / "run/resolved.yaml").read_text()
    opened = reopen(tmp_path / "run/stages/1", allowed={})
    assert set(int8_layers(opened.module)) == {"conv1", "conv2", "fc1", "fc2", "fc3"}
    state = tmp_path / "run/stages/1/state.json"
    before = (tmp_path / "run/stages/1/weights.safetensors").read_bytes()
    chosen = json.loads(state.read_text())["choices"]["stages.1.train.during.0.quantize.engine"]
    state.unlink()
    again = carried_out(both, tmp_path / "run", resume=True)[-1]
    assert isinstance(again, Finished)
    if json.loads(state.read_text())["choices"]["stages.1.train.during.0.quantize.engine"] == chosen:
        assert (tmp_path / "run/stages/1/weights.safetensors").read_bytes() == before


# What a recipe may not say


def refused(*stages: Any) -> tuple[RecipeError, Recipe]:
    """The refusal, and the recipe that its repair gives."""
    data = {"model": {}, "stages": list(stages)}
    with pytest.raises(RecipeError) as caught:
        recipe_from_data(data, catalogue())
    assert caught.value.repair is not None
    edits = caught.value.repair.edits
    if "stages" in edits:
        return caught.value, recipe_from_data({**data, **edits}, catalogue())
    from backend.recipe import with_value

    for path, value in edits.items():
        data = with_value(data, path, value)
    return caught.value, recipe_from_data(data, catalogue())


QAT = {"quantize": {"method": "qat_int8"}}
STATIC = {"quantize": {"method": "static_int8"}}
REMOVAL = {"prune": {"method": "ln_structured", "remove": True}}


def kinds(recipe: Recipe) -> list[str]:
    return [" ".join([stage.kind, *(entry.kind for entry in stage.during)]) for stage in recipe.stages]


@pytest.mark.parametrize(
    ("stages", "path", "repaired"),
    [
        ([QAT], "stages.0.quantize.method", ["train quantize"]),
        (["train", QAT], "stages.1.quantize.method", ["train quantize"]),
        ([QAT, "train"], "stages.0.quantize.method", ["train quantize"]),
        ([QAT, "prune"], "stages.0.quantize.method", ["prune", "train quantize"]),
        ([{"quantize": {"method": "static_int8", "layers": {"fc": {"method": "qat_int8"}}}}],
         "stages.0.quantize.layers.fc.method", ["quantize"]),
        ([{"quantize": {"method": "qat_int8", "layers": {"fc": {"method": "static_int8"}}}}],
         "stages.0.quantize.method", ["quantize"]),
        ([{"quantize": {"method": "qat_int8", "equalize": True, "start": 0.5}}],
         "stages.0.quantize.method", ["train quantize"]),
        ([{"train": {"during": [STATIC]}}], "stages.0.train.during.0.quantize.method", ["train", "quantize"]),
        ([{"train": {"during": [STATIC]}}, "prune"],
         "stages.0.train.during.0.quantize.method", ["train", "prune", "quantize"]),
        ([{"train": {"during": [{"quantize": {"method": "qat_int8", "layers": {"fc": {"method": "static_int8"}}}}]}}],
         "stages.0.train.during.0.quantize.layers.fc.method", ["train quantize"]),
        ([{"train": {"during": [{"quantize": {"method": "qat_int8", "layers": {"fc": {"method": "lsq"}}}}]}}],
         "stages.0.train.during.0.quantize", ["train quantize"]),
        ([{"train": {"during": [{"quantize": {"method": "qat_int8", "correct_bias": True}}]}}],
         "stages.0.train.during.0.quantize.correct_bias", ["train quantize"]),
        ([{"train": {"during": [QAT, QAT]}}], "stages.0.train.during.1", ["train quantize"]),
        ([{"train": {"during": [{"prune": {"method": "ln_structured", "remove": True}}, QAT,
                                {"prune": {"schedule": {"kind": "lottery_ticket"}}}]}}],
         "stages.0.train.during.2.prune", ["train prune", "train prune quantize"]),
        ([{"train": {"during": [REMOVAL, {"quantize": {"method": "dorefa"}}, "prune"]}}],
         "stages.0.train.during.0.prune", ["train prune", "train quantize prune"]),
        ([{"train": {"during": [{"quantize": {"method": "bnn"}}, REMOVAL]}}],
         "stages.0.train.during.1.prune", ["train prune", "train quantize"]),
        ([{"train": {"during": [QAT]}}, "train"], "stages.1", ["train", "train quantize"]),
        ([{"train": {"during": [QAT]}}, STATIC], "stages.1", ["train quantize"]),
        ([{"train": {"precision": "float16"}}], "stages.0.train.precision", ["train"]),
        ([{"prune": {"method": "movement"}}, {"train": {"during": [QAT]}}],
         "stages.0.prune.method", ["train quantize prune"]),
        ([{"prune": {"method": "slim", "remove": True}}, {"train": {"during": [QAT]}}],
         "stages.0.prune.method", ["train quantize prune"]),
        ([{"prune": {"method": "slim", "remove": True}}, {"train": {"during": [{"quantize": {"method": "bnn"}}]}}],
         "stages.0.prune.method", ["train prune", "train quantize"]),
    ],
)  # fmt: skip
def test_that_what_makes_no_sense_is_refused_with_a_repair_that_reads(
    stages: list[Any], path: str, repaired: list[str]
) -> None:
    error, recipe = refused(*stages)
    assert error.path == path or error.path == f"stages.0.train.during.{path}"
    assert kinds(recipe) == repaired
    assert str(error.hint)


# Training in 16 bits


def test_that_sixteen_bit_training_leaves_float32_weights_and_exact_masks() -> None:
    session = made()
    mask = (torch.rand(6, 6, 3, 3, generator=torch.Generator().manual_seed(0)) > 0.5).float()
    session.masks = {"conv2.weight": mask}
    before = copy.deepcopy(session.network.module.state_dict())
    fitted(session, precision="bfloat16")
    after = session.network.module.state_dict()
    assert all(value.dtype == before[name].dtype for name, value in after.items())
    assert not bool(after["conv2.weight"][mask == 0].any())
    assert not torch.equal(after["fc.weight"], before["fc.weight"])


def test_that_sixteen_bits_really_compute_and_the_loss_does_not() -> None:
    session, seen = made(), []
    session.network.module.get_submodule("fc").register_forward_hook(lambda m, i, o: seen.append(o.dtype))
    with Precision("bfloat16", torch.device("cpu")).computing():
        session.network.module(random_images(4))
    assert seen == [torch.bfloat16]
    full = Precision("float32", torch.device("cpu"))
    with full.computing():
        session.network.module(random_images(4))
    assert seen[1] == torch.float32
    losses: list[float] = []
    fitted(
        session,
        precision="bfloat16",
        emit=lambda e: losses.append(e.value) if isinstance(e, Metric) and e.name == "loss" else None,
    )
    assert all(math.isfinite(loss) for loss in losses)


@pytest.mark.parametrize("factor", [0.5, 3.0])
def test_that_auto_keeps_the_faster_precision_and_says_so(factor: float, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def seconds(module: nn.Module, batch: Any, name: str, device: torch.device) -> float:
        asked.append(name)
        return factor if name == "bfloat16" else 1.0

    monkeypatch.setattr(_precision, "_seconds", seconds)
    session = made()
    fitted(session, precision="auto", epochs=1)
    assert session.choices["stages.0.train.precision"] == ("bfloat16" if factor < 1 else "float32")
    assert asked[:4] == ["float32", "bfloat16", "float32", "bfloat16"]


def test_that_timing_precisions_changes_nothing() -> None:
    session = made()
    before = copy.deepcopy(session.network.module.state_dict())
    drawn, generator = torch.get_rng_state(), session.generator.get_state()
    assert fastest(session, 16, Cancel()) in ("float32", "bfloat16")
    assert all(torch.equal(value, before[name]) for name, value in session.network.module.state_dict().items())
    assert torch.equal(torch.get_rng_state(), drawn)
    assert torch.equal(session.generator.get_state(), generator)
    assert not session.network.module.training


def test_that_rounding_while_training_works_in_sixteen_bits() -> None:
    session = made()
    fitted(session, entry(), precision="bfloat16")
    assert set(int8_layers(session.network.module)) == {"conv1", "conv2", "fc"}

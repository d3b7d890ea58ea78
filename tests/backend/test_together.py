"""Pruning with removal, quantization and distillation in one training: what trains, what is left, what it computes."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.datasets._base import Data, Part, PartName
from backend.errors import Cancelled, CompressionError
from backend.events import Event, Finished, Metric
from backend.models import reopen
from backend.models.resnet_cifar import CifarResNet
from backend.network import Network
from backend.pruning._pruner import Pruner
from backend.quantization import int8_layers
from backend.quantization._fx._convert import _weight_observer
from backend.quantization._fx._partly import rounded
from backend.quantization._fx._training import Rounding, Switch
from backend.recipe import DataSpec, ModelSpec, Recipe, Rule, Stage, recipe_from_data
from backend.registry import catalogue
from backend.session import Session
from backend.stages import train
from backend.training import _during, _quantizing
from backend.training._during import During
from tests.backend.conftest import carried_out

SHAPE = (2, 8, 8)


class Residual(nn.Module):
    """A ReLU that runs four times, in place, and a sum in place."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(2, 8, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.relu = nn.ReLU(inplace=True)
        self.block = Block(8)
        self.fc = nn.Linear(8, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = self.block(self.relu(self.bn1(self.conv1(x))))
        made: Tensor = self.fc(x.mean((2, 3)))
        return made


class Block(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Sequential(nn.Conv2d(channels, 12, 3, padding=1, bias=False), nn.BatchNorm2d(12))
        self.relu = nn.ReLU(inplace=True)
        self.second = nn.Conv2d(12, channels, 3, padding=1)
        self.plain = nn.Conv2d(channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        y = self.second(self.relu(self.first(x)))
        y += F.relu(self.plain(x))
        made: Tensor = self.relu(y)
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


class Resnet(CifarResNet):
    """The bundled one with a block a stage, for images of two channels and three classes."""

    def __init__(self) -> None:
        super().__init__(1, 3)
        self.conv1 = nn.Conv2d(2, 16, 3, padding=1, bias=False)


def images(count: int, seed: int = 0) -> Tensor:
    return torch.randn(count, *SHAPE, generator=torch.Generator().manual_seed(seed))


def made(kind: type[nn.Module] = Residual, folder: Path = Path()) -> Session:
    """A session on a network whose normalization knows what it sees."""
    torch.manual_seed(0)
    module = kind().train()
    for seed in range(4):
        module(images(32, seed))

    def part(count: int) -> Part:
        return Part(images(count, count), torch.arange(count) % 3)

    parts: dict[PartName, Part] = {"train": part(48), "validation": part(24), "calibration": part(16), "test": part(12)}
    data = Data(parts, DataSpec(batch_size=16), ("a", "b", "c"), (0.0,), (1.0,))
    network = Network("Tiny", ModelSpec("python", "tiny"), module.eval(), SHAPE, 3)
    return Session(Recipe(), network.copy(), network, data, folder, torch.Generator().manual_seed(1))


def pruned(**settings: Any) -> Stage:
    schedule = {"kind": "agp", "start": 0.0, "end": 0.5}
    given = {"method": "taylor", "amount": 0.5, "scope": "global", "remove": True, "schedule": schedule}
    return Stage("prune", {**given, **settings})


def quantized(method: str = "qat_int8", **settings: Any) -> Stage:
    engine = {"engine": "x86"} if method == "qat_int8" else {}
    return Stage("quantize", {"method": method, "start": 0.5, **engine, **settings})


DISTILL = {
    "teacher": "original",
    "label_weight": 0.1,
    "losses": [
        {"loss": "soft_targets", "temperature": 4.0, "weight": 0.9},
        {"loss": "feature_mse", "weight": 0.1, "pairs": {"block": "block"}},
    ],
}


def fitted(session: Session, *entries: Stage, cancel: Cancel | None = None, **settings: Any) -> list[Event]:
    events: list[Event] = []
    values = {"epochs": 4, "learning_rate": 0.02, "batch_size": 16, **settings}
    train.run(session, Stage("train", values, (), entries), 0, events.append, cancel or Cancel())
    return events


def outputs(module: nn.Module, x: Tensor) -> Tensor:
    with torch.no_grad():
        out: Tensor = module(x)
    return out


def seen(module: nn.Module, tap: nn.Module, x: Tensor) -> list[Tensor]:
    """What ``tap`` gives, call by call, before anything changes it in place."""
    found: list[Tensor] = []
    hook = tap.register_forward_hook(lambda _module, _inputs, output: found.append(output.clone()))
    outputs(module.eval(), x)
    hook.remove()
    return found


def during(session: Session, *entries: Stage) -> During:
    return During(session, entries, 8, 4, 0, lambda event: None, Cancel())


# Where a layer's output is


@pytest.mark.parametrize("kind", [Residual, Resnet, Partly])
def test_that_every_layer_and_block_is_found_where_the_network_trains_in_int8(kind: type[nn.Module]) -> None:
    session = made(kind)
    acting, own = during(session, quantized()), session.network.module
    for name in [name for name, _ in own.named_modules() if name]:
        expected = seen(own, own.get_submodule(name), images(4, 9))[-1]
        tap = acting.tap(name)
        found = seen(acting.module, tap, images(4, 9))
        assert len(found) == 1, name
        assert torch.equal(found[0], expected), name
        assert acting.tap(name) is tap


@pytest.mark.parametrize("method", ["lsq", "codebook"])
def test_that_learners_without_a_graph_give_their_own_layers(method: str) -> None:
    session = made()
    acting = during(session, quantized(method))
    own = session.network.module
    for name in ("block", "block.first", "fc"):
        expected = seen(own, own.get_submodule(name), images(4, 9))
        assert torch.equal(seen(acting.module, acting.tap(name), images(4, 9))[0], expected[0])


def test_that_taps_change_nothing_of_what_is_converted() -> None:
    results = []
    for taps in ((), ("block", "block.relu", "relu", "block.first", "conv1")):
        session = made()
        acting = during(session, quantized(start=0.0))
        for name in taps:
            acting.tap(name)
        acting.begin()
        acting.module.train()
        acting.module(images(16, 2))
        acting.finish()
        results.append(outputs(session.network.module, images(8, 3)))
    assert torch.equal(*results)


def test_that_a_layer_that_is_not_there_or_is_not_called_is_named() -> None:
    session = made()
    session.network.module.add_module("unused", nn.Sequential())
    acting = during(session, quantized())
    for name in ("nowhere", "unused"):
        with pytest.raises(CompressionError, match=name) as caught:
            acting.tap(name)
        assert str(caught.value.hint)


def test_that_a_tapped_output_passes_gradients_to_the_float_weights() -> None:
    session = made()
    acting = during(session, quantized(start=0.0))
    tap = acting.tap("block")
    acting.begin()
    found: list[Tensor] = []
    tap.register_forward_hook(lambda _module, _inputs, output: found.append(output))
    acting.module.train()
    acting.module(images(16, 2))
    found[0].square().mean().backward()
    own = session.network.module
    assert own.get_parameter("fc.weight").grad is None
    gradient = own.get_parameter("block.first.0.weight").grad
    assert gradient is not None and float(gradient.abs().sum()) > 0


# The arithmetic


def test_that_rounding_is_torchs_fake_quantization_bit_by_bit() -> None:
    for seed in range(20):
        random = torch.Generator().manual_seed(seed)
        values = torch.randn(16, 9, generator=random) * 10 ** float(torch.rand(1, generator=random) * 4 - 2)
        values.requires_grad_()
        rounding = Rounding(torch.ao.quantization.MinMaxObserver(quant_min=0, quant_max=127), Switch(True)).train()
        rounding(values[:8])
        rounding.switch.observing = False
        weighting = torch.randn(16, 9, generator=random)
        made = rounding(values)
        scale, zero_point = rounding.observer.calculate_qparams()
        expected = torch.fake_quantize_per_tensor_affine(values, scale, zero_point.int(), 0, 255)
        gradients = [torch.autograd.grad((out * weighting).sum(), values)[0] for out in (made, expected)]
        assert torch.equal(made, expected) and torch.equal(*gradients)
        for scheme in ("symmetric", "affine"):
            observer: Any = _weight_observer(True, scheme)()
            observer(values.detach())
            scale, zero_point = observer.calculate_qparams()
            again = torch.fake_quantize_per_channel_affine(values.detach(), scale, zero_point.int(), 0, -128, 127)
            assert torch.equal(rounded(values, _weight_observer(True, scheme)()), again)


# Removal


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[Tensor]:
    """What trained gives for eight images when the last batch is over."""
    found: list[Tensor] = []
    finish = During.finish

    def noted(acting: During) -> None:
        found.append(outputs(acting.module.eval(), images(32, 9)))
        finish(acting)

    monkeypatch.setattr(_during.During, "finish", noted)
    return found


@pytest.mark.parametrize(
    ("kind", "method", "settings", "least"),
    [
        (Residual, "qat_int8", {}, 25.0),
        (Resnet, "qat_int8", {}, 15.0),
        (Residual, "lsq", {"per_channel": True}, 80.0),
        (Residual, "lsq", {"edges": "same"}, 80.0),
        (Residual, "codebook", {}, 80.0),
    ],
)
def test_that_channels_go_and_the_quantized_network_computes_what_trained(
    kind: type[nn.Module], method: str, settings: dict[str, Any], least: float, trained: list[Tensor]
) -> None:
    session = made(kind)
    distill = {**DISTILL, "losses": DISTILL["losses"][:1]} if kind is Resnet else DISTILL  # type: ignore[index]
    events = fitted(session, pruned(), quantized(method, **settings), distill=distill)
    removal = session.report["removal"]
    assert sum(row["left"] for row in removal["layers"]) < sum(row["channels"] for row in removal["layers"])
    assert removal["max_abs_error"] < 1e-4
    assert [edit.kind for edit in session.network.edits][-2:] == ["remove", "quantize"]
    found = outputs(session.network.module, images(32, 9))
    error = (found - trained[0]).square().mean()
    assert 10 * torch.log10(trained[0].square().mean() / error) > least
    assert (found.argmax(1) == trained[0].argmax(1)).float().mean() > 0.9
    assert all(torch.isfinite(torch.tensor(row.get("sqnr_db", 0.0))) for row in session.figures.values())
    assert {event.name for event in events if isinstance(event, Metric)} >= {"sparsity", "loss_soft_targets"}


def test_that_taylor_sees_what_each_channel_does_to_the_loss_while_the_network_trains_in_int8(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found: list[Tensor] = []
    session = made()
    look = Pruner._look

    def looked(pruner: Pruner) -> None:
        look(pruner)
        found.extend(layer.statistic for layer, _ in (*pruner._alone, *pruner._ranked) if layer.statistic is not None)

    monkeypatch.setattr(Pruner, "_look", looked)
    schedule = {"kind": "one_shot", "start": 0.75}
    fitted(session, pruned(schedule=schedule), quantized(start=0.0))
    assert len(found) == 4
    assert all(bool(torch.isfinite(each).all()) and float(each.sum()) > 0 for each in found)


def test_that_frozen_layers_keep_their_weights_and_lose_the_channels_of_others() -> None:
    session = made()
    before = copy.deepcopy(session.network.module.get_parameter("block.second.weight").detach())
    stage = Stage(
        "train",
        {"epochs": 4, "learning_rate": 0.02, "batch_size": 16},
        (Rule("block.second", None),),
        (pruned(), quantized()),
    )
    float_networks: list[nn.Module] = []
    tell = _quantizing.tell

    def told(own: Session, module: nn.Module, *rest: Any) -> None:
        float_networks.append(module)
        tell(own, module, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_quantizing, "tell", told)
        train.run(session, stage, 0, lambda event: None, Cancel())
    after = float_networks[0].get_parameter("block.second.weight").detach()
    assert after.shape != before.shape
    flat = {tuple(row.flatten().tolist()) for row in before.flatten(0, 1)}
    assert all(tuple(kernel.flatten().tolist()) in flat for kernel in after.flatten(0, 1))


def test_that_all_of_it_works_in_sixteen_bits() -> None:
    session = made()
    fitted(session, pruned(), quantized(), distill=DISTILL, precision="bfloat16")
    assert int8_layers(session.network.module)
    assert session.report["removal"]["max_abs_error"] < 1e-4


@pytest.mark.parametrize("at", [2, 7])
def test_that_a_stop_in_the_middle_leaves_a_float_network_of_all_channels(at: int) -> None:
    session = made()
    cancel, original = Cancel(), copy.deepcopy(session.original.module.state_dict())
    count = 0

    def stop(event: Event) -> None:
        nonlocal count
        if isinstance(event, Metric) and event.name == "sparsity":
            count += 1
        if count >= at:
            cancel.request()

    values = {"epochs": 4, "learning_rate": 0.02, "batch_size": 16, "distill": DISTILL}
    stage = Stage("train", values, (), (pruned(schedule={"kind": "agp", "start": 0.0, "end": 1.0}), quantized()))
    with pytest.raises(Cancelled):
        train.run(session, stage, 0, stop, cancel)
    assert not session.network.converted
    assert session.network.module.get_parameter("conv1.weight").shape[0] == 8
    assert all(torch.equal(value, original[name]) for name, value in session.original.module.state_dict().items())
    assert not any(part._forward_hooks for part in session.original.module.modules())


# A run


def test_that_the_pipeline_runs_from_a_recipe_and_its_result_opens_again(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    labels = random.integers(0, 4, 160)
    pixels = random.integers(0, 60, (160, 16, 16, 3)) + 40 * labels[:, None, None, None]
    arrays = {"x_train": pixels[:128].astype(np.uint8), "y_train": labels[:128]}
    np.savez(tmp_path / "a.npz", **arrays, x_test=pixels[128:].astype(np.uint8), y_test=labels[128:])
    losses = DISTILL["losses"][:1]  # type: ignore[index]
    feature = {"loss": "feature_mse", "weight": 0.1, "pairs": {"layer2": "layer2"}}
    during = [pruned().to_data(), quantized().to_data()]
    stage = {"epochs": 2, "distill": {"label_weight": 0.1, "losses": [*losses, feature]}, "during": during}
    data = {
        "name": "together",
        "model": {"source": "bundled", "name": "resnet20", "num_classes": 4, "width": 0.5, "depth": 0.34},
        "data": {"source": "arrays", "root": str(tmp_path / "a.npz"), "batch_size": 32},
        "stages": [{"train": stage}],
    }
    events = carried_out(recipe_from_data(data, catalogue()), tmp_path / "run")
    ending = events[-1]
    assert isinstance(ending, Finished), ending
    before, after = ending.result["baseline"], ending.result["final"]
    assert after["parameters"] < before["parameters"]
    precisions = {row["name"]: row.get("precision") for row in after["layers"]}
    assert set(precisions.values()) == {"int8"}
    told = {event.name for event in events if isinstance(event, Metric)}
    assert told >= {"loss", "loss_labels", "loss_soft_targets", "loss_feature_mse", "sparsity", "accuracy"}
    assert list((tmp_path / "run/stages/0/steps").iterdir())
    opened = reopen(tmp_path / "run/stages/0", allowed={})
    assert set(int8_layers(opened.module)) == set(precisions)
    assert [edit.kind for edit in opened.edits][-2:] == ["remove", "quantize"]

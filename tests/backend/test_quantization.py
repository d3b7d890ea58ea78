"""int8: real kernels, rebuilt from data bit for bit, with every refusal a sentence."""

from __future__ import annotations

import copy
import dataclasses
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, fx, nn

from backend.cancel import Cancel
from backend.datasets._base import Data, Part
from backend.errors import Cancelled, CompressionError
from backend.evaluation.sqnr import layer_errors, output_error
from backend.events import Event, LayerChanged, Progress, Warned
from backend.models.gru_digits import GRUDigits
from backend.models.lenet5 import LeNet5
from backend.models.resnet_cifar import METHODS as RESNETS
from backend.network import WEIGHTS, Network, load_weights
from backend.quantization import _engines, engine_of, int8_layers, packed_weights
from backend.quantization._base import Scheme
from backend.quantization._fx import wrong_layers
from backend.quantization._int8 import stays
from backend.quantization._race import fastest_right
from backend.quantization.observers._base import ActivationRange, Observer
from backend.recipe import DataSpec, ModelSpec, Recipe, Rule, Stage
from backend.registry import method, methods
from backend.session import Session
from backend.stages.quantize import METHOD
from backend.state import pack_state

ENGINES = _engines.available()
FIXED = "fbgemm" if "fbgemm" in ENGINES else "qnnpack"
"""An engine named in tests of other things, so that no time is spent on choosing one."""


def parts(shape: tuple[int, ...], count: int = 24) -> dict[Any, Part]:
    generator = torch.Generator().manual_seed(7)
    images = torch.rand((count, *shape), generator=generator)
    labels = torch.arange(count) % 10
    return {name: Part(images, labels) for name in ("train", "validation", "calibration", "test")}


def session_of(module: nn.Module, stage: Stage, shape: tuple[int, ...] = (1, 28, 28)) -> Session:
    channels = shape[0]
    data = Data(
        parts(shape), DataSpec(batch_size=12), tuple("0123456789"), mean=(0.5,) * channels, std=(0.25,) * channels
    )
    network = Network("test", ModelSpec(), module.eval(), shape, 10)
    return Session(Recipe(stages=(stage,)), network.copy(), network, data, Path(), torch.Generator().manual_seed(0))


def static(rules: tuple[Rule, ...] = (), **settings: Any) -> Stage:
    chosen = {"method": "static_int8", "engine": FIXED, "calibration_batches": 1, "observer": "min_max", **settings}
    return Stage("quantize", chosen, rules)


def dynamic(*rules: Rule) -> Stage:
    return Stage("quantize", {"method": "dynamic_int8"}, rules)


def quantized(session: Session, cancel: Cancel | None = None) -> list[Event]:
    events: list[Event] = []
    METHOD.run(session, session.recipe.stages[0], 0, events.append, cancel or Cancel())
    return events


def warnings_of(events: list[Event]) -> list[str]:
    return [str(event.message) for event in events if isinstance(event, Warned)]


def lenet() -> nn.Module:
    torch.manual_seed(0)
    return LeNet5()


def resnet() -> nn.Module:
    torch.manual_seed(0)
    return next(m for m in RESNETS if m.id == "resnet20").build(num_classes=10)


def images(shape: tuple[int, ...] = (1, 28, 28), count: int = 5) -> Tensor:
    return torch.randn((count, *shape), generator=torch.Generator().manual_seed(3))


def outputs(module: nn.Module, x: Tensor) -> Tensor:
    with torch.no_grad():
        y: Tensor = module(x)
    return y


class Lstm(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(28, 12, num_layers=2, bidirectional=True, batch_first=True)
        self.fc = nn.Linear(24, 10)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(self.lstm(x.squeeze(1))[0][:, -1])


class Decides(nn.Module):
    """A block whose Python code looks at values: no graph can be written of it."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(6, 6, 3, padding=1)
        self.inner = nn.Sequential(nn.Conv2d(6, 6, 3, padding=1), nn.ReLU())

    def forward(self, x: Tensor) -> Tensor:
        x = self.inner(x)
        if x.sum() > 1e9:
            return x
        return self.conv(x).view(x.size(0), 6, -1).view(x.shape)


class Partly(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, 6, 3, stride=4)
        self.block = Decides()
        self.last = nn.Linear(6 * 7 * 7, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = self.block(F.relu(self.first(x)))
        return self.last(x.view(x.size(0), -1))


class Untraceable(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(784, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = x.flatten(1)
        return self.fc(x) if x.sum() > -1e9 else x


class Spare(nn.Module):
    """Holds a layer that is never run."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 5, stride=5)
        self.unused = nn.Linear(4, 4)
        self.fc = nn.Linear(100, 10)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(self.conv(x).flatten(1))


class Token(nn.Module):
    """Concatenates a parameter and patches, as vision transformers do."""

    def __init__(self) -> None:
        super().__init__()
        self.token = nn.Parameter(torch.full((1, 1, 8), 4.0))
        self.patches = nn.Conv2d(1, 8, 7, stride=7)
        self.fc = nn.Linear(8, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = self.patches(x).flatten(2).permute(0, 2, 1)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], dim=1)
        return self.fc(x)[:, 1:].mean(1)


class Cells(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.gru, self.lstm, self.fc = nn.GRUCell(28, 8), nn.LSTMCell(8, 8), nn.Linear(8, 10)

    def forward(self, x: Tensor) -> Tensor:
        hidden, state = None, None
        for row in x[:, 0, :6].unbind(1):
            hidden = self.gru(row, hidden)
            state = self.lstm(hidden, state)
        return self.fc(state[0])


class Encoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        layer = nn.TransformerEncoderLayer(28, 4, 32, batch_first=True)
        self.encoder, self.fc = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False), nn.Linear(28, 10)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(self.encoder(x.squeeze(1))[:, -1])


class Reads(nn.Module):
    """Uses the weight of a layer without calling the layer, as torchvision's Swin does."""

    def __init__(self) -> None:
        super().__init__()
        self.read, self.fc = nn.Linear(784, 8), nn.Linear(8, 10)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(F.linear(x.flatten(1), self.read.weight, self.read.bias))


class Zoo(nn.Module):
    """One of many activations and normalizations between two convolutions."""

    def __init__(self, part: nn.Module) -> None:
        super().__init__()
        self.first, self.part, self.up = nn.Conv2d(1, 4, 5, stride=3), part, nn.ConvTranspose2d(4, 4, 2, 2)
        self.fc = nn.Linear(4 * 16 * 16, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = self.up(self.part(self.first(x)))
        return self.fc(x.view(-1, 4 * 16 * 16))


class Shared(nn.Module):
    """Runs one layer twice, once before an activation and once not."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.twice, self.last = nn.Linear(784, 16), nn.Linear(16, 16), nn.Linear(16, 10)
        self.own = nn.Parameter(torch.eye(16))

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.twice(F.relu(self.first(x.flatten(1)))))
        return self.last(F.linear(self.twice(x), self.own))


class Branches(nn.Module):
    """Two graphs that Python chooses between; the images never take the second."""

    def __init__(self) -> None:
        super().__init__()
        self.usual = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
        self.rare = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))

    def forward(self, x: Tensor) -> Tensor:
        return self.rare(x) if x.mean() > 1e6 else self.usual(x)


CASES: Mapping[str, tuple[Callable[[], nn.Module], Stage, tuple[int, ...]]] = {
    "per channel": (lenet, static(), (1, 28, 28)),
    "per tensor": (lenet, static(weights="per_tensor"), (1, 28, 28)),
    "affine weights": (lenet, static(weights="per_tensor", weight_scheme="affine"), (1, 28, 28)),
    "symmetric activations": (lenet, static(activation_scheme="symmetric"), (1, 28, 28)),
    "residual": (resnet, static(), (3, 32, 32)),
    "one layer alone": (lenet, static((Rule("*", None), Rule("conv2", {}))), (1, 28, 28)),
    "two schemes": (lenet, static((Rule("fc*", {"method": "dynamic_int8"}),)), (1, 28, 28)),
    "dynamic": (lenet, dynamic(), (1, 28, 28)),
    "dynamic GRU": (GRUDigits, dynamic(), (1, 28, 28)),
    "dynamic LSTM": (Lstm, dynamic(), (1, 28, 28)),
    "a shared layer": (Shared, static(), (1, 28, 28)),
    "dynamic cells": (Cells, dynamic(), (1, 28, 28)),
    "dynamic transformer": (Encoder, dynamic(), (1, 28, 28)),
    "a branch not taken": (Branches, static(), (1, 28, 28)),
    "a wrong kernel": (lambda: Upscales(), static(), (1, 28, 28)),
    "attention": (lambda: Attention(), static(), (1, 28, 28)),
    "partly traceable": (Partly, static(), (1, 28, 28)),
    "class token": (Token, static(), (1, 28, 28)),
}


@pytest.mark.parametrize("case", CASES)
def test_that_a_saved_network_is_rebuilt_bit_for_bit(case: str, tmp_path: Path) -> None:
    build, stage, shape = CASES[case]
    session = session_of(build(), stage, shape)
    quantized(session)
    session.network.save(tmp_path)
    again: nn.Module = build().eval()
    for parameter in again.parameters():
        nn.init.normal_(parameter)
    for edit in session.network.edits:
        scheme = method("quantization", edit.data["method"])
        assert isinstance(scheme, Scheme)
        again = scheme.rebuild(again, edit.data)
    load_weights(again, tmp_path / WEIGHTS)
    expected = outputs(session.network.module, images(shape))
    assert torch.equal(outputs(again, images(shape)), expected)
    assert torch.equal(outputs(session.network.copy().module, images(shape)), expected)
    assert int8_layers(again) == int8_layers(session.network.module) != {}


@pytest.mark.parametrize("engine", ENGINES)
def test_that_every_engine_is_close_to_float_and_survives_view(engine: str) -> None:
    session = session_of(lenet(), static(engine=engine))
    quantized(session)
    x = images()
    assert output_error(outputs(session.original.module, x), outputs(session.network.module, x)).sqnr_db > 25
    assert set(int8_layers(session.network.module)) == {"conv1", "conv2", "fc1", "fc2", "fc3"}
    assert engine_of(session.network.module) == engine


@pytest.mark.parametrize("engine", ENGINES)
def test_that_copies_stay_with_their_engine_and_the_global_one_is_left_alone(engine: str) -> None:
    before = torch.backends.quantized.engine
    session = session_of(lenet(), static(engine=engine))
    quantized(session)
    module = session.network.module
    twice = copy.deepcopy(copy.deepcopy(module))
    twice.load_state_dict(module.state_dict())
    assert torch.backends.quantized.engine == before
    assert engine_of(twice) == engine
    assert torch.equal(outputs(twice, images()), outputs(module, images()))


@pytest.mark.parametrize("form", ["view", "reshape"])
def test_that_a_network_that_begins_with_a_reshape_is_int8_from_its_first_layer(form: str) -> None:
    class Dense(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc1, self.fc2 = nn.Linear(784, 12), nn.Linear(12, 10)

        def forward(self, x: Tensor) -> Tensor:
            flat = x.view(x.size(0), -1) if form == "view" else x.reshape(-1, 784)
            return self.fc2(F.relu(self.fc1(flat)))

    torch.manual_seed(0)
    session = session_of(Dense(), static())
    seen, _ = next(session.data.batches("calibration"))
    expected = outputs(session.network.module, seen)
    quantized(session)
    assert set(int8_layers(session.network.module)) == {"fc1", "fc2"}
    found = outputs(session.network.module, seen)
    assert float((found - expected).norm() / expected.norm()) < 0.05
    pack_state(session.network.module.state_dict())  # raises for what no checkpoint can hold


def test_that_auto_records_its_choice() -> None:
    session = session_of(lenet(), static(engine="auto"))
    quantized(session)
    chosen = session.choices["stages.0.quantize.engine"]
    assert chosen in ENGINES
    assert session.network.edits[0].data["engine"] == chosen == engine_of(session.network.module)


def test_that_the_race_drops_wrong_outputs_and_prefers_the_exact_where_speed_is_equal() -> None:
    class Scaled(nn.Module):
        def __init__(self, factor: float, wait: int) -> None:
            super().__init__()
            self.factor, self.wait = factor, wait

        def forward(self, x: Tensor) -> Tensor:
            for _ in range(self.wait):
                torch.mm(torch.ones(64, 64), torch.ones(64, 64))
            return x * self.factor

    reference, x = Scaled(1.0, 0), images()
    wrong = {"exact": Scaled(1.001, 200), "fast": Scaled(3.0, 1)}
    assert fastest_right(wrong, reference, x, Cancel()) == "exact"
    slower = {"exact": Scaled(1.001, 200), "fast": Scaled(1.002, 1)}
    assert fastest_right(slower, reference, x, Cancel()) == "fast"
    same = Scaled(1.001, 50)
    assert fastest_right({"exact": same, "other": same}, reference, x, Cancel()) == "exact"


def test_that_onednn_keeps_to_seven_bits_without_vnni(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_engines, "available", lambda: ["x86", "onednn", "fbgemm"])
    monkeypatch.setattr(_engines, "has_vnni", lambda: False)
    assert _engines.highest_level("onednn") == 127
    assert _engines.candidates(True)[0] == "x86"
    monkeypatch.setattr(_engines, "has_vnni", lambda: True)
    assert _engines.highest_level("onednn") == 255
    assert _engines.candidates(True) == ["onednn", "x86", "fbgemm"]
    assert _engines.candidates(False) == ["x86", "fbgemm"]
    monkeypatch.setattr(_engines, "available", lambda: ["qnnpack"])
    assert _engines.candidates(True) == ["qnnpack"]


@pytest.mark.skipif("fbgemm" not in ENGINES, reason="an x86 engine")
@pytest.mark.parametrize(("engine", "levels"), [("fbgemm", 127), ("qnnpack", 255)])
def test_that_scale_and_zero_point_follow_their_definition(engine: str, levels: int) -> None:
    """Q = round(R / S) + Z with S = (max − min) / levels, and symmetric weights with max|w| at 127.5."""
    session = session_of(lenet(), static(engine=engine))
    quantized(session)
    original, module = session.original.module, session.network.module
    batch = next(iter(session.data.batches("calibration")))[0]
    seen = outputs(nn.Sequential(original.get_submodule("conv1"), nn.ReLU()), batch)
    facts = int8_layers(module)["conv1"]
    assert facts["scale"] == pytest.approx(float(seen.max()) / levels, rel=1e-5)
    assert facts["zero_point"] == 0
    weight = original.get_parameter("conv1.weight").detach()
    scales = weight.abs().amax(dim=(1, 2, 3), keepdim=True) / 127.5
    expected = (weight / scales).round().clamp(-128, 127) * scales
    torch.testing.assert_close(packed_weights(module)["conv1"][0], expected, atol=1e-6, rtol=1e-5)


def test_that_a_kept_layer_keeps_its_name_its_class_and_its_weights() -> None:
    session = session_of(lenet(), static((Rule("fc1", None),)))
    events = quantized(session)
    layer = session.network.module.get_submodule("fc1")
    assert type(layer) is nn.Linear
    assert torch.equal(layer.weight, session.original.module.get_parameter("fc1.weight"))
    assert set(int8_layers(session.network.module)) == {"conv1", "conv2", "fc2", "fc3"}
    assert warnings_of(events) == []


@pytest.mark.parametrize(
    "stage",
    [static(), static(weights="per_tensor", weight_scheme="affine"), static(weight_scheme="affine"), dynamic()],
)
def test_that_pruned_weights_stay_exactly_zero(stage: Stage) -> None:
    session = session_of(lenet(), stage)
    generator = torch.Generator().manual_seed(1)
    for name in ("fc1", "fc2"):
        weight = session.network.module.get_parameter(f"{name}.weight")
        session.masks[f"{name}.weight"] = (torch.rand(weight.shape, generator=generator) > 0.6).float()
    quantized(session)
    for parameter, mask in session.masks.items():
        name = parameter.removesuffix(".weight")
        assert torch.all(packed_weights(session.network.module)[name][0][mask == 0] == 0)
        assert session.figures[name]["precision"] == "int8"


def test_that_rows_and_figures_hold_precision_error_scale_and_sparsity() -> None:
    session = session_of(lenet(), static(engine=FIXED))
    events = quantized(session)
    rows = {row["name"]: row for e in events if isinstance(e, LayerChanged) for row in e.layers}
    assert list(rows) == ["conv1", "conv2", "fc1", "fc2", "fc3"]
    assert rows["conv1"]["type"] == "Conv2d"
    assert rows["conv1"]["parameters"] == 156
    for name, row in rows.items():
        assert row["precision"] == "int8"
        assert row["sqnr_db"] > 20
        assert 0.99 < row["cosine"] <= 1 + 1e-9
        assert row["scale"] > 0
        assert session.figures[name].items() <= row.items()
    assert any(isinstance(e, Progress) and e.done == e.total for e in events)


def test_that_layer_errors_follow_their_definition() -> None:
    first = nn.Sequential(nn.Linear(6, 5), nn.ReLU(inplace=True), nn.Linear(5, 3))
    second = copy.deepcopy(first)
    with torch.no_grad():
        for parameter in second.parameters():
            parameter.add_(0.01 * torch.randn_like(parameter))
    x = torch.randn(40, 6)
    found = layer_errors(first, second, ["0", "2"], [x[:25], x[25:]], Cancel())
    for end, name in ((1, "0"), (3, "2")):
        a, b = outputs(first[:end], x).double(), outputs(second[:end], x).double()
        assert found[name]["sqnr_db"] == pytest.approx(10 * math.log10(a.square().sum() / (a - b).square().sum()))
        cosine = float((a * b).sum() / (a.norm() * b.norm()))
        assert found[name]["cosine"] == pytest.approx(cosine)
    assert layer_errors(first, first, ["0"], [x], Cancel())["0"]["sqnr_db"] == 200


@pytest.mark.parametrize(("build", "stage"), [(lenet, static()), (GRUDigits, dynamic()), (Lstm, dynamic())])
def test_that_packed_weights_count_as_the_float_ones_did(build: Callable[[], nn.Module], stage: Stage) -> None:
    session = session_of(build(), stage)
    quantized(session)
    packed = packed_weights(session.network.module)
    count = sum(weight.numel() + (0 if bias is None else bias.numel()) for weight, bias in packed.values())
    assert count == sum(p.numel() for p in session.original.module.parameters())


def test_that_parts_outside_the_graph_stay_float_by_name_with_the_reason() -> None:
    session = session_of(Partly(), static())
    events = quantized(session)
    assert set(int8_layers(session.network.module)) == {"first", "last", "block.inner.0"}
    assert warnings_of(events) == [
        "Left in float: block.conv. Reason: It stands in block, which decides in Python what to compute."
    ]
    x = images()
    assert output_error(outputs(session.original.module, x), outputs(session.network.module, x)).sqnr_db > 20


def test_that_layers_the_network_never_runs_are_named() -> None:
    events = quantized(session_of(Spare(), static()))
    assert warnings_of(events) == ["Left in float: unused. Reason: The network does not use it."]


def test_that_a_part_the_images_never_reach_stays_float_and_is_named() -> None:
    session = session_of(Branches(), static())
    events = quantized(session)
    assert set(int8_layers(session.network.module)) == {"usual.1"}
    assert warnings_of(events) == ["Left in float: rare.1. Reason: The calibration images never reach it."]
    far = torch.full((2, 1, 28, 28), 1e7)
    torch.testing.assert_close(outputs(session.network.module, far), outputs(session.original.module, far))


def test_that_a_layer_whose_weight_is_read_from_outside_is_not_swapped() -> None:
    session = session_of(Reads(), dynamic())
    events = quantized(session)
    assert set(int8_layers(session.network.module)) == {"fc"}
    assert warnings_of(events) == ["Left in float: read. Reason: The network does not call it."]


def test_that_a_layer_that_runs_twice_stays_right_and_is_named() -> None:
    session = session_of(Shared(), static())
    events = quantized(session)
    assert set(int8_layers(session.network.module)) == {"first", "last"}
    assert warnings_of(events) == ["Left in float: twice. Reason: The network calls it more than once."]
    x = next(iter(session.data.batches("calibration")))[0]
    assert output_error(outputs(session.original.module, x), outputs(session.network.module, x)).sqnr_db > 25


PARTS: Mapping[str, Callable[[], nn.Module]] = {
    "PReLU": nn.PReLU,
    "ELU": nn.ELU,
    "LeakyReLU": nn.LeakyReLU,
    "Hardswish": nn.Hardswish,
    "Hardsigmoid": nn.Hardsigmoid,
    "Sigmoid": nn.Sigmoid,
    "Tanh": nn.Tanh,
    "Softmax": lambda: nn.Softmax(1),
    "GELU": nn.GELU,
    "SiLU": nn.SiLU,
    "ReLU6": lambda: nn.ReLU6(inplace=True),
    "BatchNorm": lambda: nn.Sequential(nn.ReLU(), nn.BatchNorm2d(4)),
    "GroupNorm": lambda: nn.GroupNorm(2, 4),
    "InstanceNorm": lambda: nn.InstanceNorm2d(4, affine=True),
    "LayerNorm": lambda: nn.LayerNorm([4, 8, 8]),
}


@pytest.mark.parametrize("name", PARTS)
def test_that_activations_and_normalizations_are_right_and_come_back(name: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    module = Zoo(PARTS[name]()).eval()
    session = session_of(module, static(engine=ENGINES[0]))
    quantized(session)
    x = next(iter(session.data.batches("calibration")))[0]
    expected = outputs(session.network.module, x)
    assert output_error(outputs(module, x), expected).sqnr_db > 20
    session.network.save(tmp_path)
    scheme = method("quantization", "static_int8")
    assert isinstance(scheme, Scheme)
    again = scheme.rebuild(Zoo(PARTS[name]()).eval(), session.network.edits[0].data)
    load_weights(again, tmp_path / WEIGHTS)
    assert torch.equal(outputs(again, x), expected)


def test_that_a_concatenation_of_unequal_scales_is_right() -> None:
    session = session_of(Token(), static())
    quantized(session)
    x = images()
    assert output_error(outputs(session.original.module, x), outputs(session.network.module, x)).sqnr_db > 20


def test_that_one_warning_names_all_layers_of_one_reason() -> None:
    events = quantized(session_of(lenet(), dynamic()))
    assert warnings_of(events) == ["Left in float: conv1, conv2. Reason: Needs a linear or recurrent layer."]


def test_that_the_histogram_clips_an_outlier_that_min_max_follows() -> None:
    """One value of 50 among N of ±1: keeping it costs N·(51 / 255)² / 12, clipping it 49²."""
    values = torch.rand(2_000_000, generator=torch.Generator().manual_seed(0)) * 2 - 1
    values[7] = 50.0
    scales = {}
    for id in ("min_max", "histogram"):
        observer = method("observer", id)
        assert isinstance(observer, Observer)
        made: Any = observer.make(ActivationRange(symmetric=False))()
        made(values)
        scales[id] = float(made.calculate_qparams()[0])
    assert scales["min_max"] == pytest.approx(51 / 255, rel=1e-3)
    assert scales["histogram"] < scales["min_max"] / 4


@pytest.mark.parametrize("observer", list(methods("observer")))
def test_that_every_observer_calibrates(observer: str) -> None:
    session = session_of(lenet(), static(observer=observer, calibration_batches=2))
    quantized(session)
    x = images()
    assert output_error(outputs(session.original.module, x), outputs(session.network.module, x)).sqnr_db > 15


def test_that_the_original_is_left_alone() -> None:
    session = session_of(lenet(), static())
    before = copy.deepcopy(session.original.module.state_dict())
    given = session.network.module
    quantized(session)
    assert session.network.module is not given
    assert session.original.module.state_dict().keys() == given.state_dict().keys()
    for key, value in before.items():
        assert torch.equal(session.original.module.state_dict()[key], value)
        assert torch.equal(given.state_dict()[key], value)
    assert not session.original.converted
    assert session.network.converted


@pytest.mark.parametrize("after", [0, 1])
def test_that_cancel_while_calibrating_keeps_the_network(after: int) -> None:
    session = session_of(lenet(), static(calibration_batches=2))
    given, cancel = session.network, Cancel()

    def emit(event: Event) -> None:
        if isinstance(event, Progress) and event.done == after:
            cancel.request()

    with pytest.raises(Cancelled):
        METHOD.run(session, session.recipe.stages[0], 0, emit, cancel)
    assert session.network is given
    assert session.figures == {}


def refused(session: Session) -> CompressionError:
    given = session.network
    with pytest.raises(CompressionError) as caught:
        quantized(session)
    assert caught.value.hint is not None
    assert session.network is given
    return caught.value


def test_that_a_network_without_a_graph_is_refused() -> None:
    assert "graph" in str(refused(session_of(Untraceable(), static())))


def test_that_nothing_quantizable_is_refused() -> None:
    convolutions = nn.Sequential(nn.Conv2d(1, 10, 28), nn.Flatten())
    assert "linear or recurrent" in str(refused(session_of(convolutions, dynamic())))
    assert "nothing to quantize" in str(refused(session_of(lenet(), static((Rule("*", None),)))))


def test_that_a_silently_float_network_is_never_called_int8() -> None:
    recurrent = session_of(GRUDigits(), static((Rule("fc", None),)))
    assert "Nothing became int8" in str(refused(recurrent))


def test_that_a_second_quantization_is_refused() -> None:
    session = session_of(lenet(), static())
    quantized(session)
    assert "already quantized" in str(refused(session))


def test_that_a_pattern_that_matches_nothing_names_the_nearest_layer() -> None:
    error = refused(session_of(lenet(), static((Rule("conv3", None),))))
    assert "conv3" in str(error)
    assert str(error.hint) == "Did you mean conv2?"


def test_that_missing_calibration_images_are_refused() -> None:
    session = session_of(lenet(), static())
    empty = Part(torch.zeros(0, 1, 28, 28), torch.zeros(0, dtype=torch.int64))
    session.data = dataclasses.replace(session.data, parts={**session.data.parts, "calibration": empty})
    assert "no calibration images" in str(refused(session))


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_that_values_that_are_not_finite_are_refused_where_they_begin(value: float) -> None:
    session = session_of(lenet(), static())
    broken = session.data.parts["calibration"].images.clone()
    broken[3, 0, 5, 5] = value
    part = Part(broken, torch.zeros(len(broken), dtype=torch.int64))
    session.data = dataclasses.replace(session.data, parts={**session.data.parts, "calibration": part})
    assert "calibration images hold" in str(refused(session))
    session = session_of(lenet(), static())
    with torch.no_grad():
        session.network.module.get_parameter("fc1.weight")[2, 3] = value
    assert str(refused(session)).startswith("fc1 gives")


def test_that_an_engine_this_computer_lacks_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_engines, "available", lambda: ["qnnpack"])
    error = refused(session_of(lenet(), static(engine="fbgemm")))
    assert "fbgemm" in str(error)
    assert "qnnpack" in str(error.hint)


@pytest.mark.skipif("onednn" not in ENGINES, reason="oneDNN is not in this build of torch")
def test_that_onednn_refuses_affine_weights_with_a_repair() -> None:
    error = refused(session_of(lenet(), static(engine="onednn", weight_scheme="affine")))
    assert error.repair is not None
    assert error.repair.edits == {"stages.0.quantize.engine": "auto"}


@pytest.mark.parametrize("scheme", list(methods("quantization").values()), ids=lambda s: s.id)
def test_that_layers_a_scheme_cannot_quantize_say_why(scheme: Scheme) -> None:
    assert scheme.applies(nn.Linear(2, 2)) is None
    assert str(scheme.applies(nn.BatchNorm2d(3))).startswith("Needs a")


@pytest.mark.parametrize("case", ["residual", "a branch not taken", "two schemes"])
def test_that_graphs_carry_nothing_that_torch_cannot_pickle(case: str) -> None:
    build, stage, shape = CASES[case]
    session = session_of(build(), stage, shape)
    quantized(session)
    graphs = [part for part in session.network.module.modules() if isinstance(part, fx.GraphModule)]
    assert graphs
    assert all(node.type is None for part in graphs for node in part.graph.nodes)
    assert all(part.__reduce__() for part in graphs)


def of_labels(labels: Tensor, limit: int | None = None, **settings: Any) -> Session:
    session = session_of(lenet(), static(**settings))
    part = Part(session.data.parts["calibration"].images, labels)
    spec = dataclasses.replace(session.data.spec, limit=limit)
    session.data = dataclasses.replace(session.data, parts={**session.data.parts, "calibration": part}, spec=spec)
    return session


def one_class(session: Session) -> Warned:
    found = [e for e in quantized(session) if isinstance(e, Warned) and "one class" in str(e.message)]
    assert len(found) == 1
    return found[0]


def test_that_calibration_images_of_one_class_are_told_with_the_repair() -> None:
    """24 images in batches of 12."""
    sorted_labels = torch.tensor([3] * 12 + [7] * 12)
    early = one_class(of_labels(sorted_labels))
    assert "one class, 3," in str(early.message)
    assert early.repair is not None
    assert early.repair.edits == {"stages.0.quantize.calibration_batches": 2}
    only = torch.full((24,), 5)
    limited = one_class(of_labels(only, limit=24))
    assert limited.repair is not None
    assert limited.repair.edits == {"data.limit": None}
    bare = one_class(of_labels(only))
    assert bare.repair is None
    assert "labels" in str(bare.hint)
    assert warnings_of(quantized(of_labels(sorted_labels, calibration_batches=2))) == []


def test_that_presets_are_settings_the_scheme_takes() -> None:
    scheme = method("quantization", "static_int8")
    assert isinstance(scheme, Scheme)
    parameters = {parameter.name: parameter for parameter in scheme.parameters}
    for settings in scheme.presets.values():
        assert settings.keys() <= parameters.keys()
        session = session_of(lenet(), static(engine="auto", **{k: v for k, v in settings.items() if k != "engine"}))
        quantized(session)
        x = images()
        assert output_error(outputs(session.original.module, x), outputs(session.network.module, x)).sqnr_db > 20


def test_that_the_tutorials_preset_is_its_qconfig() -> None:
    """MinMaxObserver for both: scales of (max − min) / levels, quint8 activations and qint8 weights per tensor."""
    scheme = method("quantization", "static_int8")
    assert isinstance(scheme, Scheme)
    session = session_of(lenet(), static(**scheme.presets["Tutorial: min-max, per tensor"]))
    quantized(session)
    weight = session.original.module.get_parameter("conv1.weight").detach()
    table = session.files["calibration.json"]
    spread = float(weight.max().clamp(min=0) - weight.min().clamp(max=0))
    assert table["conv1.weight"]["scale"] == pytest.approx(spread / 255, rel=1e-5)
    assert table["conv1.weight"]["zero_point"] == pytest.approx(-128 - float(weight.min()) / (spread / 255), abs=1)
    assert not int8_layers(session.network.module)["conv1"]["per_channel"]


def test_that_the_calibration_table_holds_every_quantized_tensor() -> None:
    session = session_of(resnet(), static(calibration_batches=2), (3, 32, 32))
    quantized(session)
    table, module = session.files["calibration.json"], session.network.module
    facts = int8_layers(module)
    assert {*facts, *(f"{name}.weight" for name in facts), "input", "layer1.0.relu2"} <= table.keys()
    for name, known in facts.items():
        row = table[name]
        assert (row["scale"], row["zero_point"]) == (known["scale"], known["zero_point"])
        assert row["observer"] == "min_max"
        levels = 127 if FIXED == "fbgemm" else 255
        spread = max(0.0, row["maximum"]) - min(0.0, row["minimum"])
        assert row["scale"] == pytest.approx(spread / levels, rel=1e-5)
    weight = table["conv1.weight"]
    assert len(weight["scale"]) == len(weight["minimum"]) == 16
    batches = [batch for batch, _ in session.data.batches("calibration")]
    assert table["input"]["maximum"] == pytest.approx(float(torch.cat(batches).max()))


class InPlace(nn.Module):
    """Activations in place whose result nobody takes, a shortcut that sees one, sums into an operand."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.relu = nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(inplace=True)
        self.deep, self.fc = nn.Conv2d(8, 8, 3, padding=1), nn.Linear(8, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        self.relu(x)
        y = self.deep(F.relu(x, inplace=True))
        y += x
        y.add_(0.5)
        return self.fc(F.adaptive_avg_pool2d(y, 1).flatten(1))


class Attention(nn.Module):
    """Written out, as tutorials do: sizes computed with a float, LayerNorm, softmax, two matrix products."""

    def __init__(self) -> None:
        super().__init__()
        self.embed, self.norm, self.qkv = nn.Linear(28, 32), nn.LayerNorm(32), nn.Linear(32, 96)
        self.out, self.fc = nn.Linear(32, 32), nn.Linear(32, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = self.embed(input=x.squeeze(1))
        count, steps, width = x.shape
        query, key, value = self.qkv(self.norm(x)).reshape(count, steps, 3, 4, width // 4).permute(2, 0, 3, 1, 4)
        weights = ((query @ key.transpose(-2, -1)) * (width // 4) ** -0.5).softmax(dim=-1)
        x = x + self.out((weights @ value).transpose(1, 2).reshape(count, steps, width))
        return self.fc(x.mean(1))


class SqueezeExcite(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv, self.bn, self.pool = nn.Conv2d(1, 8, 3), nn.BatchNorm2d(8), nn.AdaptiveAvgPool2d(1)
        self.down, self.up, self.fc = nn.Linear(8, 4), nn.Linear(4, 8), nn.Linear(8, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.bn(torch.cat([F.hardswish(self.conv(x)), F.hardswish(self.conv(x)) * 0.5], 2)))
        gate = F.hardsigmoid(self.up(self.down(self.pool(x).flatten(1)).relu()))
        return self.fc(x.mul(gate[:, :, None, None]).mean(dim=(2, 3)))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("build", [InPlace, SqueezeExcite])
def test_that_networks_as_tutorials_write_them_are_right(build: Callable[[], nn.Module], engine: str) -> None:
    torch.manual_seed(0)
    session = session_of(build(), static(engine=engine))
    quantized(session)
    x = next(iter(session.data.batches("calibration")))[0]
    assert output_error(outputs(session.original.module, x), outputs(session.network.module, x)).sqnr_db > 28
    assert len(int8_layers(session.network.module)) >= 3


class Upscales(nn.Module):
    """torch's int8 kernel of the first is wrong on x86 and onednn, that of the second on fbgemm."""

    def __init__(self) -> None:
        super().__init__()
        self.up, self.wide, self.fc = nn.ConvTranspose2d(8, 4, 2, 2), nn.ConvTranspose2d(8, 8, 2, 2), nn.Linear(8, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = self.up(torch.cat([x] * 8, 1))
        return self.fc(self.wide(torch.cat([x, x], 1)).mean((2, 3)))


class Reflects(nn.Module):
    """int8 kernels know no padding by name where it reflects."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3, padding="same", padding_mode="reflect")
        self.deep, self.fc = nn.Conv2d(8, 8, 3, padding=1, padding_mode="reflect"), nn.Linear(8, 10)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(self.deep(self.conv(x)).abs().mean((2, 3)))


class Attends(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.attention, self.fc = nn.MultiheadAttention(28, 4, batch_first=True), nn.Linear(28, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = x.squeeze(1)
        return self.fc((x + self.attention(x, x, x, need_weights=False)[0]).mean(1))


@pytest.mark.parametrize("engine", ENGINES)
def test_that_a_layer_whose_kernel_is_wrong_stays_in_float_by_name(engine: str) -> None:
    torch.manual_seed(0)
    session = session_of(Upscales(), static(engine=engine))
    events = quantized(session)
    known = int8_layers(session.network.module)
    x = next(iter(session.data.batches("calibration")))[0]
    assert output_error(outputs(session.original.module, x), outputs(session.network.module, x)).sqnr_db > 28
    left = {"up", "wide"} - set(known)
    assert "fc" in known
    if left:
        reason = f"The int8 kernel of {engine} gives wrong values for it"
        assert f"Left in float: {', '.join(sorted(left))}. Reason: {reason}." in warnings_of(events)


def test_that_a_kernel_that_saturates_is_found() -> None:
    session = session_of(lenet(), static())
    quantized(session)
    module = session.network.module
    assert wrong_layers(module, images()) == {}

    def saturates(layer: Any, _: Any, made: Tensor) -> Tensor:
        values = made.dequantize().clamp(max=20 * layer.scale)
        return torch.quantize_per_tensor(values, layer.scale, layer.zero_point, torch.quint8)

    module.get_submodule("conv2").register_forward_hook(saturates, prepend=True)
    assert wrong_layers(module, images()) == {"conv2": True}


@pytest.mark.parametrize("engine", ENGINES)
def test_that_a_layer_no_kernel_computes_stays_in_float_by_name(engine: str) -> None:
    session = session_of(Reflects(), static(engine=engine))
    events = quantized(session)
    assert warnings_of(events) == [f"Left in float: conv. Reason: The int8 kernel of {engine} can't compute it."]
    assert set(int8_layers(session.network.module)) == {"deep", "fc"}
    x = next(iter(session.data.batches("calibration")))[0]
    assert output_error(outputs(session.original.module, x), outputs(session.network.module, x)).sqnr_db > 28


def test_that_attention_as_one_operation_is_named() -> None:
    events = quantized(session_of(Attends(), static()))
    reason = "Its attention computes with its weight itself, as one operation of torch's"
    assert warnings_of(events) == [f"Left in float: attention.out_proj. Reason: {reason}."]


@pytest.mark.parametrize("build", [Partly, Shared, Attends, lenet, resnet, Upscales, Untraceable])
def test_that_what_stays_is_known_before_the_run_where_it_hangs_on_no_kernel(build: Callable[[], nn.Module]) -> None:
    module = build().eval()
    known = {name: str(why) for name, why in stays(module).items()}
    if build is Untraceable:
        assert known == {"fc": "It stands in Untraceable, which decides in Python what to compute"}
        return
    session = session_of(module, static(), (3, 32, 32) if build is resnet else (1, 28, 28))
    told = warnings_of(quantized(session))
    assert known.keys().isdisjoint(int8_layers(session.network.module))
    for name, why in known.items():
        assert any(name in line and why in line for line in told)
    assert known or build in (lenet, resnet, Upscales)


def test_that_attention_written_out_is_quantized_whole() -> None:
    torch.manual_seed(0)
    session = session_of(Attention(), static())
    events = quantized(session)
    assert {"embed", "qkv", "out", "fc"} <= set(int8_layers(session.network.module))
    assert warnings_of(events) == []
    x = next(iter(session.data.batches("calibration")))[0]
    assert output_error(outputs(session.original.module, x), outputs(session.network.module, x)).sqnr_db > 22


def test_that_what_torch_does_not_manage_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise AssertionError("Dequantize index 0 exceeded\nmore")

    monkeypatch.setattr("backend.quantization._fx._convert.convert_fx", fails)
    error = refused(session_of(lenet(), static()))
    assert str(error) == "torch can't put this network on int8 kernels: Dequantize index 0 exceeded."
    assert "AssertionError" in error.details

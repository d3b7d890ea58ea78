"""Half precision: half the bytes, casts only where they are needed, and a reason for whatever stays in float."""

from __future__ import annotations

import copy
import io
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.datasets._base import Data, Part
from backend.errors import CompressionError
from backend.evaluation.size import size_bytes
from backend.evaluation.sqnr import output_error
from backend.events import Event, LayerChanged, Warned
from backend.export import onnx, whole_module
from backend.network import WEIGHTS, Network, load_weights
from backend.quantization import _half
from backend.quantization._base import Scheme
from backend.quantization._plain import as_modules, in_float32, resolution
from backend.recipe import DataSpec, ModelSpec, Recipe, Rule, Stage
from backend.registry import method
from backend.session import Session
from backend.stages.quantize import METHOD

HALVES = pytest.mark.parametrize("id", ["float16", "bfloat16"])
DTYPES = {"float16": torch.float16, "bfloat16": torch.bfloat16}


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.bn = nn.Conv2d(1, 8, 3), nn.BatchNorm2d(8)
        self.conv2 = nn.Conv2d(8, 8, 3)
        self.scale = nn.Parameter(torch.ones(8, 1, 1))
        self.head = nn.Linear(8 * 16, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = self.bn(self.conv1(x)).relu()
        scores: Tensor = self.head((self.conv2(x) * self.scale).relu().flatten(1))
        return scores


class Attends(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.norm = nn.LayerNorm(8)
        self.layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
        self.head = nn.Linear(8, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = x.squeeze(1)
        x = self.norm(x + self.attention(x, x, x)[0])
        scores: Tensor = self.head(self.layer(x).mean(1))
        return scores


class Recurs(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm, self.head = nn.LSTM(8, 6, batch_first=True), nn.Linear(6, 4)

    def forward(self, x: Tensor) -> Tensor:
        scores: Tensor = self.head(self.lstm(x.squeeze(1))[0][:, -1])
        return scores


class Normalizes(nn.Module):
    """torch has no kernel for this normalization in 16 bits on a processor."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.norm = nn.Conv2d(1, 4, 3), nn.LocalResponseNorm(2)
        self.head = nn.Linear(4 * 36, 4)

    def forward(self, x: Tensor) -> Tensor:
        scores: Tensor = self.head(self.norm(self.conv(x)).flatten(1))
        return scores


class Transforms(nn.Module):
    """Its own forward computes what torch has no kernel for in 16 bits."""

    def __init__(self) -> None:
        super().__init__()
        self.head = nn.Linear(64, 4)

    def forward(self, x: Tensor) -> Tensor:
        scores: Tensor = self.head(torch.fft.fft(x.flatten(1)).real)
        return scores


def session_of(module: nn.Module, *rules: Rule, **settings: Any) -> Session:
    images = torch.rand((24, 1, 8, 8), generator=torch.Generator().manual_seed(7))
    parts: dict[Any, Part] = {
        name: Part(images, torch.arange(24) % 4) for name in ("train", "validation", "calibration", "test")
    }
    data = Data(parts, DataSpec(batch_size=12), tuple("abcd"), (0.5,), (0.25,))
    network = Network("net", ModelSpec(), module.eval(), (1, 8, 8), 4)
    recipe = Recipe(stages=(Stage("quantize", settings, rules),))
    return Session(recipe, network.copy(), network, data, Path(), torch.Generator().manual_seed(0))


def made(module: nn.Module, *rules: Rule, **settings: Any) -> tuple[Session, list[Event]]:
    return plainly(module, *rules, **{"compute": "half", **settings})


def plainly(module: nn.Module, *rules: Rule, **settings: Any) -> tuple[Session, list[Event]]:
    session = session_of(module, *rules, **settings)
    events: list[Event] = []
    METHOD.run(session, session.recipe.stages[0], 0, events.append, Cancel())
    return session, events


def net(kind: type[nn.Module] = Net) -> nn.Module:
    torch.manual_seed(0)
    return kind()


def images(count: int = 5) -> Tensor:
    return torch.randn((count, 1, 8, 8), generator=torch.Generator().manual_seed(3))


def outputs(module: nn.Module, x: Tensor) -> Tensor:
    with torch.no_grad():
        y: Tensor = module(x)
    return y


def warnings_of(events: list[Event]) -> list[str]:
    return [str(event.message) for event in events if isinstance(event, Warned)]


def watched(module: nn.Module) -> Mapping[str, torch.dtype]:
    """Layer → the type of what it gives inside, before any cast at its border."""
    seen: dict[str, torch.dtype] = {}
    for name, part in module.named_modules():
        if name and not list(part.children()):
            part.register_forward_hook(lambda _, __, y, name=name: seen.__setitem__(name, y.dtype), prepend=True)
    outputs(module, images())
    return seen


@HALVES
@pytest.mark.parametrize("kind", [Net, Attends, Recurs])
def test_that_the_network_gives_float32_close_to_its_own_outputs(id: str, kind: type[nn.Module]) -> None:
    session, _ = made(net(kind), method=id)
    before, after = outputs(session.original.module, images()), outputs(session.network.module, images())
    assert after.dtype == torch.float32
    assert output_error(before, after).sqnr_db > (50 if id == "float16" else 30)


@HALVES
def test_that_weights_and_computation_are_in_16_bits_and_statistics_are_not(id: str) -> None:
    module = made(net(), method=id)[0].network.module
    expected = DTYPES[id]
    for name in ("conv1.weight", "conv1.bias", "conv2.weight", "scale", "head.weight"):
        assert module.get_parameter(name).dtype == expected
    norm = module.get_submodule("bn")
    assert {t.dtype for t in (*norm.parameters(), norm.running_mean, norm.running_var)} == {torch.float32}  # type: ignore[list-item]
    assert set(watched(module).values()) == {expected}


@HALVES
def test_that_the_file_is_half_as_large(id: str) -> None:
    torch.manual_seed(0)
    session, _ = made(nn.Sequential(nn.Flatten(), nn.Linear(64, 300), nn.ReLU(), nn.Linear(300, 4)), method=id)
    assert size_bytes(session.network) / size_bytes(session.original) == pytest.approx(0.5, abs=0.01)


def test_that_a_kept_layer_computes_in_float32_with_casts_at_its_borders() -> None:
    session, _ = made(net(), Rule("conv2", None), method="bfloat16")
    module = session.network.module
    assert module.get_parameter("conv2.weight").dtype == torch.float32
    assert module.get_parameter("conv2.weight").equal(session.original.module.get_parameter("conv2.weight"))
    seen = watched(module)
    assert (seen["conv1"], seen["conv2"], seen["head"]) == (torch.bfloat16, torch.float32, torch.bfloat16)


def test_that_a_single_layer_can_be_cast_in_a_float_network() -> None:
    session, events = made(net(), Rule("head", {"method": "bfloat16"}), Rule("*", None), method="bfloat16")
    module = session.network.module
    seen = watched(module)
    assert (seen["conv1"], seen["conv2"], seen["head"]) == (torch.float32, torch.float32, torch.bfloat16)
    assert outputs(module, images()).dtype == torch.float32
    rows = next(event.layers for event in events if isinstance(event, LayerChanged))
    assert [(row["name"], row["precision"]) for row in rows] == [("head", "bf16")]


def test_that_layers_that_one_module_computes_with_stay_together() -> None:
    session, _ = made(net(Attends), Rule("attention", None), Rule("layer.linear1", None), method="bfloat16")
    for name, parameter in session.network.module.named_parameters():
        kept = name.startswith(("attention", "layer."))
        assert parameter.dtype == (torch.float32 if kept else torch.bfloat16), name


@HALVES
def test_that_a_layer_without_a_kernel_stays_in_float(id: str) -> None:
    module = made(net(Normalizes), method=id)[0].network.module
    seen = watched(module)
    assert (seen["conv"], seen["norm"], seen["head"]) == (DTYPES[id], torch.float32, DTYPES[id])


def test_that_a_network_that_itself_computes_without_a_kernel_is_refused() -> None:
    with pytest.raises(CompressionError, match="can't compute this network in float16") as error:
        made(net(Transforms), method="float16")
    assert error.value.hint is not None


@pytest.mark.parametrize("compute", ["half", "float32"])
def test_that_weights_beyond_float16_stay_in_float_by_name(compute: str) -> None:
    module = net()
    with torch.no_grad():
        module.get_parameter("conv2.weight")[0, 0, 0, 0] = 70000.0
        module.get_parameter("conv1.weight").mul_(1e-5)
        module.get_submodule("bn").running_var.mul_(1e5)  # type: ignore[operator, union-attr]
    session, events = made(module, method="float16", compute=compute)
    assert session.network.module.get_parameter("conv2.weight").dtype == torch.float32
    assert "Left in float: conv2. Reason: It has weights above 65504." in warnings_of(events)


@HALVES
@pytest.mark.parametrize("compute", ["half", "float32"])
def test_that_weights_that_are_not_numbers_are_refused(id: str, compute: str) -> None:
    module = net()
    with torch.no_grad():
        module.get_parameter("conv2.weight")[0, 0, 0, 0] = torch.nan
    with pytest.raises(CompressionError, match="conv2 gives NaN or infinite values"):
        made(module, method=id, compute=compute)


def test_that_activations_beyond_float16_are_refused_with_bfloat16_as_the_repair() -> None:
    module = net()
    with torch.no_grad():
        module.get_parameter("conv1.weight").mul_(1e5)
    with pytest.raises(CompressionError, match=r"conv1 gives values .* its largest is 65504") as error:
        made(module, method="float16")
    assert error.value.repair is not None
    assert error.value.repair.edits == {"stages.0.quantize.method": "bfloat16"}
    session, _ = made(module, method="bfloat16")
    assert bool(outputs(session.network.module, images()).isfinite().all())


@HALVES
@pytest.mark.parametrize("compute", ["half", "float32"])
@pytest.mark.parametrize("kind", [Net, Attends, Recurs])
def test_that_it_is_the_same_after_saving_and_rebuilding(
    id: str, compute: str, kind: type[nn.Module], tmp_path: Path
) -> None:
    rules = [Rule("conv2", None)] if kind is Net else []
    session, _ = made(net(kind), *rules, method=id, compute=compute)
    session.network.save(tmp_path)
    scheme = method("quantization", id)
    assert isinstance(scheme, Scheme)
    rebuilt = scheme.rebuild(kind().eval(), session.network.edits[-1].data)
    load_weights(rebuilt, tmp_path / WEIGHTS)
    expected = outputs(session.network.module, images())
    assert torch.equal(outputs(rebuilt, images()), expected)
    assert torch.equal(outputs(copy.deepcopy(rebuilt), images()), expected)


@HALVES
def test_that_stored_weights_are_rounded_once_and_compute_in_float32(id: str) -> None:
    session, _ = made(net(), method=id, compute="float32")
    module, plain = session.network.module, copy.deepcopy(session.original.module)
    state = module.state_dict()
    assert {state[f"{name}.packed_values"].dtype for name in ("conv1", "conv2", "head")} == {DTYPES[id]}
    for name in ("conv1", "conv2", "head"):
        weight = plain.get_parameter(f"{name}.weight")
        weight.data = weight.data.to(DTYPES[id]).float()
    assert torch.equal(outputs(module, images()), outputs(plain, images()))


def test_that_auto_computes_in_16_bits_only_where_the_processor_has_the_arithmetic(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for able, compute in ((True, "half"), (False, "float32")):
        monkeypatch.setattr(_half, "has_arithmetic", lambda dtype, device, able=able: able)
        session, events = made(net(), method="float16", compute="auto")
        assert session.choices["stages.0.quantize.compute"] == compute
        assert any("has no float16 arithmetic" in said for said in warnings_of(events)) is not able
        assert ("conv1.weight" in dict(session.network.module.named_parameters())) is able


def test_that_devices_other_than_the_processor_have_the_arithmetic() -> None:
    assert _half.has_arithmetic(torch.float16, torch.device("cuda"))


def test_that_nothing_to_cast_is_a_sentence() -> None:
    with pytest.raises(CompressionError, match="every chosen layer has to stay in float"):
        made(net(), Rule("bn", {}), Rule("*", None), method="float16")


class TestWithoutPare:
    """Formats that hold a structure get one that torch alone can open."""

    def test_that_the_casts_are_graphs(self) -> None:
        session, _ = made(net(), Rule("conv2", None), method="bfloat16")
        plain = as_modules(session.network.module)
        assert torch.equal(outputs(plain, images()), outputs(session.network.module, images()))
        assert not any(part._forward_hooks or part._forward_pre_hooks for part in plain.modules())

    @pytest.mark.parametrize("compute", ["half", "float32"])
    def test_that_the_pickle_names_nothing_of_pare(self, compute: str, monkeypatch: pytest.MonkeyPatch) -> None:
        torch.manual_seed(0)
        module = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(144, 4))
        session, _ = made(module, Rule("3", None), method="bfloat16", compute=compute)
        content = whole_module.METHOD.encode(session.network)
        expected = outputs(session.network.module, images())
        for name in [name for name in sys.modules if name.split(".")[0] == "backend"]:
            monkeypatch.setitem(sys.modules, name, None)  # importing it fails
        opened = torch.load(io.BytesIO(content), weights_only=False)  # written a line above
        assert torch.equal(outputs(opened, images()), expected)

    def test_that_attention_between_casts_is_refused(self) -> None:
        session, _ = made(net(Attends), Rule("attention", None), method="bfloat16")
        with pytest.raises(CompressionError, match="attention has casts at its borders"):
            as_modules(session.network.module)

    def test_that_the_same_weights_compute_in_float32(self) -> None:
        session, _ = made(net(), method="bfloat16")
        plain = in_float32(session.network.module)
        assert {p.dtype for p in plain.parameters()} == {torch.float32}
        weight = session.network.module.get_parameter("conv1.weight").float()
        assert torch.equal(plain.get_parameter("conv1.weight"), weight)
        error = output_error(outputs(plain, images()), outputs(session.network.module, images()))
        assert 30 < error.sqnr_db < 80

    def test_that_the_resolution_is_that_of_the_coarsest_type(self) -> None:
        assert resolution(net()) == 0.0
        assert resolution(made(net(), method="bfloat16")[0].network.module) == 2**-8
        assert resolution(made(net(), method="float16")[0].network.module) == 2**-11


class TestOnnx:
    """One export each: the exporter takes a second."""

    @pytest.mark.parametrize(
        "settings",
        [
            {"method": "bfloat16", "compute": "half"},
            {"method": "weight_only", "bits": 3},
            {"method": "codebook", "bits": 3},
        ],
    )
    def test_that_a_packed_or_half_network_is_written_with_its_weights_in_float32(
        self, settings: dict[str, Any]
    ) -> None:
        torch.manual_seed(0)
        module = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(144, 4))
        session, _ = made(module, **settings) if settings["method"] == "bfloat16" else plainly(module, **settings)
        assert onnx.METHOD.applies(session.network) is None
        run = onnx.METHOD.decode(onnx.METHOD.encode(session.network), lambda: module)
        expected = outputs(in_float32(session.network.module), images())
        assert torch.allclose(run(images()), expected, atol=1e-5)
        steps = 8 * resolution(session.network.module) + 1e-4
        assert float((run(images()) - outputs(session.network.module, images())).abs().max()) < steps

    def test_that_an_int8_one_is_refused(self) -> None:
        session, _ = plainly(net(), method="static_int8", calibration_batches=1, observer="min_max")
        assert "int8" in str(onnx.METHOD.applies(session.network))

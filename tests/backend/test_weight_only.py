"""Weights in few bits: what is packed, what it decodes to, what is refused, and that everything else goes on."""

from __future__ import annotations

import copy
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, fx, nn

from backend.cancel import Cancel
from backend.datasets._base import Data, Part
from backend.errors import Cancelled, CompressionError, RecipeError
from backend.evaluation.size import size_bytes
from backend.evaluation.weights import owned
from backend.events import Event, LayerChanged, Warned
from backend.network import WEIGHTS, Network, load_weights
from backend.quantization import weight_only
from backend.quantization._base import Scheme
from backend.quantization._packing import PREFIX, packed, rebuild, unpacked
from backend.recipe import DataSpec, ModelSpec, Recipe, Rule, Stage, recipe_from_data
from backend.registry import catalogue, method
from backend.session import Session
from backend.stages.quantize import METHOD


class Small(nn.Module):
    """A convolution, a normalization, two linear layers; 6×6 images in ten classes."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.bn = nn.BatchNorm2d(4)
        self.fc1 = nn.Linear(64, 40)
        self.fc2 = nn.Linear(40, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(self.bn(self.conv(x))).flatten(1)
        scores: Tensor = self.fc2(torch.relu(self.fc1(x)))
        return scores


def session_of(module: nn.Module, stage: Stage, shape: tuple[int, ...] = (1, 6, 6)) -> Session:
    images = torch.rand((12, *shape), generator=torch.Generator().manual_seed(7))
    part = Part(images, torch.arange(12) % 10)
    names: tuple[Any, ...] = ("train", "validation", "calibration", "test")
    data = Data(
        dict.fromkeys(names, part), DataSpec(batch_size=12), tuple("0123456789"), (0.0,) * shape[0], (1.0,) * shape[0]
    )
    network = Network("test", ModelSpec("python", "test"), module.eval(), shape, 10)
    return Session(Recipe(stages=(stage,)), network.copy(), network, data, Path(), torch.Generator().manual_seed(0))


def stage(*rules: Rule, **settings: Any) -> Stage:
    return Stage("quantize", {"method": "weight_only", **settings}, rules)


def carried_out(session: Session) -> list[Event]:
    events: list[Event] = []
    METHOD.run(session, session.recipe.stages[0], 0, events.append, Cancel())
    return events


def quantized(module: nn.Module, *rules: Rule, shape: tuple[int, ...] = (1, 6, 6), **settings: Any) -> nn.Module:
    session = session_of(module, stage(*rules, **settings), shape)
    carried_out(session)
    return session.network.module


def small() -> Small:
    torch.manual_seed(0)
    return Small().eval()


def images(count: int = 4, shape: tuple[int, ...] = (1, 6, 6)) -> Tensor:
    return torch.rand((count, *shape), generator=torch.Generator().manual_seed(1))


def weights(events: list[Event]) -> Mapping[str, Mapping[str, Any]]:
    return {row["name"]: row for event in events if isinstance(event, LayerChanged) for row in event.layers}


@pytest.mark.parametrize("bits", range(2, 9))
@pytest.mark.parametrize("code", ["integer", "normal_float"])
def test_that_a_packed_layer_computes_with_what_its_weight_is_rounded_to(bits: int, code: str) -> None:
    module = small()
    settings: dict[str, Any] = {"bits": bits, "code": code, "group": 32, "weight_scheme": "affine"}
    made = quantized(module, **settings)
    scheme = method("quantization", "weight_only")
    assert isinstance(scheme, Scheme)
    assert scheme.weight is not None
    expected = copy.deepcopy(module)
    for layer in (expected.conv, expected.fc1, expected.fc2):
        layer.weight.data = scheme.weight(layer.weight, settings)
        assert len(layer.weight[0].unique()) <= 2**bits * layer.weight[0].numel()
    assert torch.equal(made(images()), expected(images()))


def test_that_more_bits_bring_the_outputs_closer() -> None:
    module = small()
    with torch.no_grad():
        made = [quantized(module, bits=bits)(images()) for bits in (2, 4, 8)]
        errors = [float((outputs - module(images())).square().sum()) for outputs in made]
    assert errors[0] > 4 * errors[1] > 16 * errors[2]


def test_that_the_file_is_as_small_as_the_bits_say() -> None:
    torch.manual_seed(0)
    module = nn.Sequential(nn.Flatten(), nn.Linear(4096, 64, bias=False), nn.Linear(64, 10))
    session = session_of(module, stage(Rule("2", None), bits=4, group=64), (1, 64, 64))
    before = size_bytes(session.network)
    carried_out(session)
    code, scales = 4096 * 64 // 2, 4096 * 64 // 64 * (2 + 1)
    saved = before - size_bytes(session.network)
    assert abs(saved - (4096 * 64 * 4 - code - scales)) < 256
    assert len(session.network.weights_bytes()) == size_bytes(session.network)


def test_that_a_network_is_opened_again_bit_for_bit_whatever_was_in_it_before(tmp_path: Path) -> None:
    session = session_of(small(), stage(Rule("fc1", {"code": "normal_float"}), bits=5, group="row"))
    carried_out(session)
    made = session.network.module
    data = session.network.edits[-1].data
    again = rebuild(Small().eval(), data)
    assert again.load_state_dict(made.state_dict(), strict=True)
    assert torch.equal(again(images()), made(images()))
    # Another code in the same structure: the decoded weight follows what was loaded last.
    other = quantized(Small().eval(), Rule("fc1", {"code": "normal_float"}), bits=5, group="row")
    again.load_state_dict(other.state_dict())
    assert torch.equal(again(images()), other(images()))
    with pytest.raises(RuntimeError, match="Missing key"):
        again.load_state_dict({k: v for k, v in made.state_dict().items() if "scales" not in k})
    with pytest.raises(RuntimeError, match="Unexpected key"):
        again.load_state_dict(small().state_dict())


def test_that_a_copy_is_independent_and_loads_like_the_original() -> None:
    made = quantized(small())
    before, code = made(images()), copy.deepcopy(made.state_dict())
    twin = copy.deepcopy(made)
    twin.load_state_dict(quantized(Small().eval()).state_dict())
    assert torch.equal(made(images()), before)
    assert not torch.equal(twin(images()), before)
    twin.load_state_dict(code)
    assert torch.equal(twin(images()), before)


def test_that_a_cast_reaches_the_decoded_weight_and_loading_keeps_it() -> None:
    made = quantized(small())
    state = copy.deepcopy(made.state_dict())
    half = copy.deepcopy(made).to(torch.bfloat16)
    half.load_state_dict(state)
    assert half.get_buffer("fc1.weight").dtype == torch.bfloat16
    assert half.get_buffer("fc1.packed_codes").dtype == torch.uint8
    out = half(images().bfloat16()).float()
    assert torch.allclose(out, made(images()), atol=0.05)


def test_that_tracing_and_exporting_see_an_ordinary_layer() -> None:
    made = quantized(small())
    expected = made(images())
    assert torch.allclose(fx.symbolic_trace(made)(images()), expected)
    program = torch.export.export(made, (images(),))
    assert torch.allclose(program.module()(images()), expected)


def test_that_unpacking_gives_ordinary_float_layers_which_need_nothing_of_ours() -> None:
    made = quantized(small(), bits=3)
    plain = unpacked(made)
    assert torch.equal(plain(images()), made(images()))
    assert {name for name, _ in plain.named_parameters()} == {name for name, _ in small().named_parameters()}
    assert not any(packed(part) or part._load_state_dict_post_hooks for part in plain.modules())
    fresh = Small().eval()
    fresh.load_state_dict(plain.state_dict())
    assert torch.equal(fresh(images()), made(images()))
    assert packed(made.get_submodule("fc1")) is not None


def test_that_figures_count_packed_weights_as_the_weights_they_stand_for() -> None:
    module = small()
    found = owned(quantized(module, Rule("fc1", {"bits": 8}), Rule("fc2", {"code": "normal_float"})))
    assert {name: held.precision for name, held in found.items()} == {
        "conv": "int4", "bn": "fp32", "fc1": "int8", "fc2": "nf4",
    }  # fmt: skip
    assert {n: held.parameters for n, held in found.items()} == {n: h.parameters for n, h in owned(module).items()}


@pytest.mark.parametrize("settings", [{}, {"weight_scheme": "affine"}, {"code": "normal_float"}, {"bits": 2}])
def test_that_pruned_weights_stay_zero(settings: dict[str, Any]) -> None:
    module = small()
    mask = torch.rand(module.fc1.weight.shape, generator=torch.Generator().manual_seed(3)) < 0.5
    module.fc1.weight.data += 0.3  # all of a block on one side of 0
    module.fc1.weight.data *= mask
    made = quantized(module, **settings)
    assert bool((made.get_buffer("fc1.weight")[~mask] == 0).all())
    assert owned(made)["fc1"].nonzero > 0


def test_that_rules_choose_bits_codes_groups_and_layers() -> None:
    session = session_of(small(), stage(Rule("conv", {"bits": 8, "group": "row"}), Rule("fc2", None), group=32))
    events = carried_out(session)
    rows = weights(events)
    assert {name: row["precision"] for name, row in rows.items()} == {"conv": "int8", "fc1": "int4"}
    assert all("sqnr_db" in row for row in rows.values())
    made = session.network.module
    assert made.get_buffer("conv.packed_scales").shape == (4, 1)
    assert made.get_buffer("fc1.packed_scales").shape == (40, 2)
    assert isinstance(made.get_submodule("fc2").weight, nn.Parameter)
    assert not [event for event in events if isinstance(event, Warned)]


def test_that_a_layer_with_one_scale_tells_it() -> None:
    module = nn.Sequential(nn.Flatten(), nn.Linear(36, 1), nn.Linear(1, 10))
    session = session_of(module, stage(Rule("2", None), weight_scheme="affine", group="row"))
    (row,) = weights(carried_out(session)).values()
    scale = session.network.module.get_buffer("1.packed_scales")
    assert row["scale"] == scale.item()
    assert row["zero_point"] == session.network.module.get_buffer("1.packed_zero_points").item()


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (nn.Conv1d(3, 6, 5, groups=3), (3, 20)),
        (nn.Conv2d(2, 3, (3, 1), padding="same", bias=False), (2, 8, 8)),
        (nn.Conv3d(1, 4, 3), (1, 6, 6, 6)),
        (nn.ConvTranspose1d(2, 3, 4, stride=2), (2, 9)),
        (nn.ConvTranspose2d(4, 6, 3, groups=2, output_padding=1, stride=2), (4, 5, 5)),
        (nn.ConvTranspose3d(1, 2, 2), (1, 4, 4, 4)),
    ],
)
def test_that_convolutions_of_every_kind_are_packed(layer: nn.Module, shape: tuple[int, ...]) -> None:
    made = quantized(nn.Sequential(layer, nn.Flatten()), shape=shape, bits=8, group=32)
    with torch.no_grad():
        expected = layer(images(shape=shape)).flatten(1)
        error = made(images(shape=shape)) - expected
    assert 0 < float(error.abs().max()) < 0.05 * float(expected.abs().max())
    assert "0.packed_codes" in made.state_dict()


class Words(nn.Module):
    """Looks words up and reads them back with the same table."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(20, 8)
        self.out = nn.Linear(8, 20, bias=False)
        self.out.weight = self.table.weight

    def forward(self, x: Tensor) -> Tensor:
        scores: Tensor = self.out(self.table((x * 19).long().flatten(1)).mean(1))
        return scores


def test_that_a_table_that_two_layers_share_is_packed_in_both() -> None:
    made = quantized(Words(), bits=8)
    assert packed(made.get_submodule("table")) is not None
    assert torch.equal(made.get_buffer("table.weight"), made.get_buffer("out.weight"))
    assert made(images()).shape == (4, 20)


class Attends(nn.Module):
    """Attention reads the weight of its output layer without calling the layer."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(6, 2, batch_first=True)
        self.encoder = nn.TransformerEncoderLayer(6, 2, 12, batch_first=True)
        self.unused = nn.Linear(6, 6)
        self.fc = nn.Linear(6, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = x[:, 0]
        scores: Tensor = self.fc(self.encoder(self.attention(x, x, x)[0]).mean(1))
        return scores


def test_that_a_weight_of_the_network_itself_is_named_as_left_in_float() -> None:
    class Own(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(36, 10)
            self.mixing, self.offset = nn.Parameter(torch.eye(10)), nn.Parameter(torch.zeros(10))

        def forward(self, x: Tensor) -> Tensor:
            return self.fc(x.flatten(1)) @ self.mixing + self.offset

    events = carried_out(session_of(Own().eval(), stage()))
    (warned,) = [str(event.message) for event in events if isinstance(event, Warned)]
    assert warned == "Left in float: mixing. Reason: Its weights are not those of a layer."


def test_that_a_weight_that_is_read_from_outside_or_never_used_is_packed_as_well() -> None:
    module = Attends().eval()
    session = session_of(module, stage(bits=8))
    (warned,) = [str(event.message) for event in carried_out(session) if isinstance(event, Warned)]
    assert warned == ("Left in float: attention, encoder.self_attn. Reason: Its weights are not those of a layer.")
    made = session.network.module
    names = {name for name, part in made.named_modules() if packed(part) is not None}
    assert names == {name for name, part in module.named_modules() if isinstance(part, nn.Linear)}
    with torch.no_grad():
        assert torch.allclose(made(images()), module(images()), atol=0.05)
    assert not torch.equal(made.get_buffer("attention.out_proj.weight"), module.attention.out_proj.weight)


def test_that_a_weight_that_is_computed_and_a_layer_of_another_kind_stay_in_float_with_the_reason() -> None:
    class Odd(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = torch.nn.utils.parametrizations.weight_norm(nn.Linear(36, 6))
            self.gru = nn.GRU(6, 6, batch_first=True)
            self.last = nn.Linear(6, 10)

        def forward(self, x: Tensor) -> Tensor:
            scores: Tensor = self.last(self.gru(self.fc(x.flatten(1))[:, None])[0][:, 0])
            return scores

    assert str(weight_only.applies(Odd().fc)) == "Its weight is computed from other tensors"
    events = carried_out(session_of(Odd(), stage()))
    assert [str(event.message) for event in events if isinstance(event, Warned)] == [
        "Left in float: gru. Reason: Needs a convolution or a linear layer.",
        "Left in float: fc.parametrizations.weight. Reason: Its weights are not those of a layer.",
    ]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_that_weights_that_are_no_numbers_are_refused_by_name_with_the_repair(value: float) -> None:
    module = small()
    module.fc1.weight.data[3, 5] = value
    session = session_of(module, stage())
    before = session.network
    with pytest.raises(CompressionError, match="fc1") as caught:
        carried_out(session)
    assert caught.value.repair is not None
    assert caught.value.repair.edits == {"stages.0.quantize.layers.fc1": "keep"}
    assert session.network is before
    carried_out(session_of(module, stage(Rule("fc1", None))))


def test_that_a_stage_without_a_layer_to_round_is_refused() -> None:
    module = nn.Sequential(nn.BatchNorm2d(1), nn.Flatten(), nn.Linear(36, 10))
    with pytest.raises(CompressionError, match="has a weight that can be rounded"):
        carried_out(session_of(module, stage(Rule("2", None))))


@pytest.mark.parametrize(
    ("settings", "word"), [({"bits": 1}, "2"), ({"bits": 9}, "8"), ({"group": 48}, "64"), ({"code": "nf4"}, "normal")]
)
def test_that_settings_out_of_range_are_refused_when_the_recipe_is_read(settings: dict[str, Any], word: str) -> None:
    data = {
        "model": {"source": "bundled", "name": "lenet5"},
        "data": {"source": "mnist"},
        "stages": [{"quantize": {"method": "weight_only", **settings}}],
    }
    with pytest.raises(RecipeError) as caught:
        recipe_from_data(data, catalogue())
    assert word in str(caught.value.hint)


def test_that_a_stop_leaves_the_network_as_it_was() -> None:
    session = session_of(small(), stage())
    before, cancel = session.network.module, Cancel()

    def stop(event: Event) -> None:
        if isinstance(event, Warned) or getattr(event, "done", 0) == 1:
            cancel.request()

    with pytest.raises(Cancelled):
        METHOD.run(session, session.recipe.stages[0], 0, stop, cancel)
    assert session.network.module is before
    assert not any(key.startswith(PREFIX) for key in before.state_dict())


def test_that_a_packed_network_survives_a_state_dict_in_a_file() -> None:
    made = quantized(small(), bits=2)
    file = io.BytesIO()
    torch.save(made.state_dict(), file)
    file.seek(0)
    session = session_of(small(), stage(bits=2))
    carried_out(session)
    again = rebuild(Small().eval(), session.network.edits[-1].data)
    again.load_state_dict(torch.load(file, weights_only=True))
    assert torch.equal(again(images()), made(images()))


@pytest.mark.parametrize("id", ["weight_only", "gptq"])
def test_that_it_goes_together_with_int8_kernels_in_one_network(id: str, tmp_path: Path) -> None:
    engine = "fbgemm" if "fbgemm" in torch.backends.quantized.supported_engines else "qnnpack"
    settings = {"method": "static_int8", "engine": engine, "observer": "min_max", "calibration_batches": 1}
    rules = (Rule("conv", {"method": id}), Rule("fc2", {"method": id, "bits": 3}))
    session = session_of(small(), Stage("quantize", settings, rules))
    rows = weights(carried_out(session))
    assert {name: row["precision"] for name, row in rows.items()} == {"conv": "int4", "fc1": "int8", "fc2": "int3"}
    session.network.save(tmp_path)
    again: nn.Module = Small().eval()
    for edit in session.network.edits:
        scheme = method("quantization", edit.data["method"])
        assert isinstance(scheme, Scheme)
        again = scheme.rebuild(again, edit.data)
    load_weights(again, tmp_path / WEIGHTS)
    assert torch.equal(again(images()), session.network.module(images()))

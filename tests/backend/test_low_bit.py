"""LSQ, DoReFa and binarized networks: their definitions, what they learn, and the few bits that come of it."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.datasets._base import Data, Part, PartName
from backend.errors import Cancelled, CompressionError
from backend.evaluation.inspect import inspect_network
from backend.events import Event, Metric
from backend.models import open_network, reopen
from backend.network import Edit, Network
from backend.quantization._base import Learner, Outcome, Scheme
from backend.quantization._inputs import NAME, Grid, Sign
from backend.quantization._packing import packed
from backend.quantization.bnn import SignedWeight
from backend.quantization.dorefa import Normalized
from backend.quantization.lsq import LearnedStep, LearnedWeightStep
from backend.recipe import DataSpec, LayerPlan, ModelSpec, Recipe, Rule, Stage, filled, plan, recipe_from_data
from backend.registry import catalogue, method
from backend.session import Session
from backend.training.fit import fit
from tests.backend.conftest import carried_out

IDS = ("lsq", "dorefa", "bnn")
SHAPE = (2, 6, 6)


class Net(nn.Module):
    """Four layers; the third takes what a BatchNorm gives."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(2, 4, 3, padding=1)
        self.conv2 = nn.Conv2d(4, 6, 3)
        self.bn2 = nn.BatchNorm2d(6)
        self.conv3 = nn.Conv2d(6, 5, 3)
        self.fc = nn.Linear(5, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = self.bn2(self.conv2(torch.relu(self.conv1(x))))
        x = torch.relu(self.conv3(x)).flatten(1)
        made: Tensor = self.fc(x.reshape(len(x), 5, -1).mean(-1))
        return made


class Kinds(nn.Module):
    """Every kind of layer; a linear one on the last axis of three."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(2, 3, 1)
        self.up2 = nn.ConvTranspose2d(3, 4, 2, stride=2)
        self.grouped = nn.Conv2d(4, 4, 3, groups=2)
        self.flat = nn.Conv1d(4, 3, 3)
        self.up1 = nn.ConvTranspose1d(3, 2, 2)
        self.solid = nn.Conv3d(1, 2, 2)
        self.up3 = nn.ConvTranspose3d(2, 1, 2)
        self.mix = nn.Linear(5, 4)
        self.last = nn.Linear(4, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = self.up1(self.flat(self.grouped(self.up2(self.first(x))).flatten(2)[..., :12]))
        x = self.up3(self.solid(x[:, None, :, :10, None].expand(-1, -1, -1, -1, 2)))
        made: Tensor = self.last(self.mix(x.flatten(1)[:, :10].reshape(len(x), 2, 5)).mean(1))
        return made


class Twice(nn.Module):
    """``middle`` sees values that are not negative, then ones that are; ``never`` is not called."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(2, 4, 1)
        self.middle = nn.Conv2d(4, 4, 3, padding=1)
        self.never = nn.Linear(3, 3)
        self.last = nn.Linear(4, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = self.middle(torch.relu(self.first(x)))
        made: Tensor = self.last(self.middle(x).mean((2, 3)))
        return made


class Attention(nn.Module):
    """One encoder layer on the pixels."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Linear(2, 8)
        self.encoder = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
        self.head = nn.Linear(8, 3)

    def forward(self, x: Tensor) -> Tensor:
        made: Tensor = self.head(self.encoder(self.embed(x.flatten(2).transpose(1, 2))).mean(1))
        return made


def random_images(count: int, shape: tuple[int, ...] = SHAPE) -> Tensor:
    return torch.randn((count, *shape), generator=torch.Generator().manual_seed(count))


def session_of(module: nn.Module, recipe: Recipe | None = None, shape: tuple[int, ...] = SHAPE) -> Session:
    def part(count: int) -> Part:
        return Part(random_images(count, shape), torch.arange(count) % 3)

    parts: dict[PartName, Part] = {"train": part(48), "validation": part(24), "calibration": part(16), "test": part(12)}
    data = Data(parts, DataSpec(batch_size=16), ("a", "b", "c"), (0.0,), (1.0,))
    network = Network("Tiny", ModelSpec("python", "tiny"), module.eval(), shape, 3)
    return Session(recipe or Recipe(), network.copy(), network, data, Path(), torch.Generator().manual_seed(1))


def made(kind: type[nn.Module]) -> Session:
    torch.manual_seed(0)
    return session_of(kind())


def plans(id: str, module: nn.Module, settings: Mapping[str, Any], *rules: Rule) -> dict[str, LayerPlan]:
    stage = Stage("quantize", {"method": id, **settings}, rules)
    return {
        name: plan(stage, name, type(part).__name__, catalogue())
        for name, part in module.named_modules()
        if name and not list(part.children()) and list(part.parameters())
    }


def scheme(id: str) -> Scheme:
    found = method("quantization", id)
    assert isinstance(found, Scheme)
    return found


def learner_of(id: str, session: Session, *rules: Rule, **settings: Any) -> Learner:
    learn = scheme(id).learn
    assert learn is not None
    return learn(session, plans(id, session.network.module, settings, *rules), 0, lambda event: None, Cancel())


def train(learner: Learner, session: Session, steps: int = 2) -> None:
    optimizer = torch.optim.SGD([*session.network.module.parameters(), *learner.parameters], lr=0.05)
    for step in range(steps):
        learner.module.train()
        optimizer.zero_grad()
        nn.functional.cross_entropy(
            learner.module(random_images(16, session.network.input_shape)), torch.arange(16) % 3
        ).backward()
        optimizer.step()
        learner.after_step((step + 1) / steps)
    learner.module.eval()


def trained(id: str, session: Session, *rules: Rule, **settings: Any) -> Learner:
    learner = learner_of(id, session, *rules, **settings)
    learner.begin()
    train(learner, session)
    return learner


def converted(learner: Learner) -> Outcome:
    return learner.convert(lambda _: None, Cancel())


def outputs(module: nn.Module, shape: tuple[int, ...] = SHAPE) -> Tensor:
    with torch.no_grad():
        found: Tensor = module(random_images(10, shape))
    return found


# Definitions


@pytest.mark.parametrize(("bits", "signed"), [(2, True), (3, False), (4, True), (8, False)])
def test_that_lsq_rounds_and_learns_by_the_papers_equations(bits: int, signed: bool) -> None:
    """Esser 2020, eq. 1 to 3 and section 2.2, element by element."""
    low, high = (2 ** (bits - 1), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    quantizer = LearnedStep(bits)
    quantizer.ready = quantizer._settled = True
    quantizer.signed = signed
    quantizer.train()
    s = 0.3
    quantizer.step.data.fill_(s)
    values = (torch.randn(4, 5, generator=torch.Generator().manual_seed(bits)) * s * high).requires_grad_()
    above = torch.randn(4, 5, generator=torch.Generator().manual_seed(9))
    quantized = quantizer(values)
    quantized.backward(above)
    slope = 0.0
    for i in range(4):
        for j in range(5):
            v, g = float(values[i, j].detach()), float(above[i, j])
            inside = -low < v / s < high
            q = round(min(max(v / s, -low), high))
            assert float(quantized[i, j].detach()) == pytest.approx(q * s, rel=1e-6)
            assert values.grad is not None
            assert float(values.grad[i, j]) == pytest.approx(g if inside else 0.0)
            slope += g * (-v / s + round(v / s) if inside else (-low if v / s <= -low else high))
    assert quantizer.step.grad is not None
    assert float(quantizer.step.grad) == pytest.approx(slope / math.sqrt(5 * high), rel=1e-4)


@pytest.mark.parametrize("per_channel", [False, True])
def test_that_a_learned_step_of_a_weight_begins_and_learns_by_the_paper(per_channel: bool) -> None:
    weight = torch.randn(3, 2, 2, 2, generator=torch.Generator().manual_seed(4)).requires_grad_()
    quantizer = LearnedWeightStep(weight.detach(), 4, per_channel)
    above = torch.randn(3, 2, 2, 2, generator=torch.Generator().manual_seed(5))
    quantizer(weight).backward(above)
    assert quantizer.step.grad is not None
    steps, grads = quantizer.step.detach().expand(3, 1, 1, 1), quantizer.step.grad.expand(3, 1, 1, 1)
    for row, (step, grad) in enumerate(zip(steps, grads, strict=True)):
        part = weight.detach()[row : row + 1] if per_channel else weight.detach()
        s = 2 * float(part.abs().mean()) / math.sqrt(7)
        assert float(step) == pytest.approx(s, rel=1e-5)
        of = above[row : row + 1] if per_channel else above
        ratio = part / s
        each = torch.where(ratio <= -8, -8.0, torch.where(ratio >= 7, 7.0, ratio.round() - ratio))
        expected = float((of * each).sum()) / math.sqrt(part.numel() * 7)
        assert float(grad) == pytest.approx(expected, rel=1e-3, abs=1e-6)


def test_that_zeros_of_a_pruned_weight_do_not_shrink_its_first_step() -> None:
    weight = torch.tensor([[0.5, -1.5, 0.0, 0.0]])
    quantizer = LearnedWeightStep(weight, 4, per_channel=False)
    quantizer(weight)
    assert float(quantizer.step.detach()) == pytest.approx(2 * 1.0 / math.sqrt(7))


def test_that_the_first_batch_gives_an_inputs_step_and_sign() -> None:
    positive, negative = torch.rand(8, 5), torch.rand(8, 5) - 0.5
    for values, signed, high in ((positive, False, 15), (negative, True, 7)):
        quantizer = LearnedStep(4).train()
        quantizer(values)
        quantizer.settle()
        assert quantizer.signed is signed
        first = 2 * float(values.abs().mean()) / math.sqrt(high)
        assert float(quantizer.step.detach()) == pytest.approx(first, rel=1e-5)
        quantizer(100 * values)
        assert float(quantizer.step.detach()) == pytest.approx(first, rel=1e-5)


def test_that_an_input_is_left_alone_until_a_training_batch_was_seen() -> None:
    quantizer = LearnedStep(4).eval()
    values = torch.randn(3, 4)
    assert torch.equal(quantizer(values), values)
    quantizer.settle()
    quantizer.train()
    assert not torch.equal(quantizer(values), values)


@pytest.mark.parametrize(("given", "kept"), [(-5.0, 0.5), (0.9, 0.9), (70.0, 2.0)])
def test_that_one_batch_neither_ends_a_step_size_nor_blows_it_up(given: float, kept: float) -> None:
    for quantizer in (LearnedStep(4), LearnedWeightStep(torch.ones(2, 3), 4, per_channel=True)):
        quantizer.step.data.fill_(given)
        quantizer.settle()
        assert torch.allclose(quantizer.step, torch.full_like(quantizer.step, kept))
        quantizer.step.data.fill_(given)
        quantizer.settle()
        assert float(quantizer.step.detach().min()) == pytest.approx(min(max(given, kept / 2), kept * 2))


@pytest.mark.parametrize("per_channel", [False, True])
def test_that_a_step_is_bounded_on_its_own_device_before_it_begins(per_channel: bool) -> None:
    """Other devices refuse tensors of the processor's: the optimizer steps before quantization begins, too."""
    for quantizer in (LearnedWeightStep(torch.randn(4, 3), 4, per_channel), LearnedStep(4)):
        quantizer.to("meta").settle()
        assert {tensor.device.type for tensor in (*quantizer.parameters(), *quantizer.buffers())} == {"meta"}
        assert set(quantizer.state_dict()) == {"step"}


@pytest.mark.parametrize("bits", [1, 2, 3, 8])
def test_that_dorefa_rounds_weights_by_the_papers_equations(bits: int) -> None:
    """Zhou 2016, sections 2.2 and 2.3; gradients as if nothing were rounded."""
    weight = torch.randn(3, 7, generator=torch.Generator().manual_seed(bits)).requires_grad_()
    above = torch.randn(3, 7, generator=torch.Generator().manual_seed(8))
    quantized = Normalized(bits)(weight)
    quantized.backward(above)
    plain = weight.detach()
    largest = max(abs(math.tanh(float(w))) for w in plain.flatten())
    for w, q in zip(plain.flatten(), quantized.detach().flatten(), strict=True):
        if bits == 1:
            expected = float(plain.abs().mean()) * (1 if w >= 0 else -1)
        else:
            n = 2**bits - 1
            expected = 2 * round(n * (math.tanh(float(w)) / (2 * largest) + 0.5)) / n - 1
        assert float(q) == pytest.approx(expected, abs=1e-5)
    again = plain.clone().requires_grad_()
    smooth = again if bits == 1 else torch.tanh(again) / torch.tanh(again).abs().max()
    smooth.backward(above)
    assert weight.grad is not None
    assert again.grad is not None
    assert torch.allclose(weight.grad, again.grad, atol=1e-5)


@pytest.mark.parametrize("bits", [1, 3])
def test_that_dorefa_clamps_and_rounds_activations(bits: int) -> None:
    learner = learner_of("dorefa", made(Net), activation_bits=bits)
    learner.begin()
    quantizer = learner.module.get_submodule(f"conv2.{NAME}").train()
    values = torch.tensor([-0.4, 0.2, 0.6, 0.9, 1.7]).requires_grad_()
    quantized = quantizer(values)
    quantized.sum().backward()
    n = 2**bits - 1
    assert torch.allclose(quantized, (values.clamp(0, 1) * n).round() / n)
    assert values.grad is not None
    assert values.grad.tolist() == [0, 1, 1, 1, 0]


@pytest.mark.parametrize("per_channel", [False, True])
def test_that_binarized_weights_follow_the_papers(per_channel: bool) -> None:
    """sign(w), or α·sign(w) with α = mean|w|, both factors with their gradients."""
    weight = torch.tensor([[0.5, -0.2, 1.4], [-0.1, 0.0, 0.3]]).requires_grad_()
    above = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    quantized = SignedWeight(per_channel)(weight)
    quantized.backward(above)
    signs = torch.tensor([[1.0, -1.0, 1.0], [-1.0, 1.0, 1.0]])
    inside = torch.tensor([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0]])
    assert weight.grad is not None
    if not per_channel:
        assert torch.equal(quantized, signs)
        assert torch.equal(weight.grad, above * inside)
        return
    alpha = torch.tensor([[0.7], [0.4 / 3]])
    through = (above * signs).sum(1, keepdim=True) / 3 * weight.detach().sign()
    assert torch.allclose(quantized, alpha * signs)
    assert torch.allclose(weight.grad, alpha * above * inside + through)


def test_that_the_sign_of_an_input_passes_gradients_within_one() -> None:
    values = torch.tensor([-3.0, -1.0, -0.2, 0.0, 0.7, 1.2]).requires_grad_()
    quantized = Sign(None, last=True).train()(values)
    quantized.sum().backward()
    assert quantized.tolist() == [-1, -1, -1, 1, 1, 1]
    assert values.grad is not None
    assert values.grad.tolist() == [0, 1, 1, 1, 1, 0]


def test_that_binarized_weights_stay_within_one() -> None:
    session = made(Net)
    learner = learner_of("bnn", session)
    session.network.module.get_parameter("conv2.weight").data.fill_(3.0)
    session.network.module.get_parameter("fc.weight").data.fill_(3.0)
    learner.after_step(0.5)
    assert float(session.network.module.get_parameter("conv2.weight").detach().max()) == 1.0
    assert float(session.network.module.get_parameter("fc.weight").detach().max()) == 3.0


def test_that_batch_norm_is_inserted_where_none_stands_right_before() -> None:
    learner = learner_of("bnn", made(Net))
    assert _norm(learner.module, "conv2") == 4
    assert _norm(learner.module, "conv3") is None
    without = learner_of("bnn", made(Net), batch_norm=False)
    assert _norm(without.module, "conv2") is None


def test_that_an_activation_in_place_after_batch_norm_is_seen() -> None:
    torch.manual_seed(0)
    layers = (nn.Conv2d(2, 3, 1), nn.BatchNorm2d(3), nn.ReLU(inplace=True), nn.Conv2d(3, 3, 1), nn.Conv2d(3, 3, 1))
    learner = learner_of("bnn", session_of(nn.Sequential(*layers)))
    assert _norm(learner.module, "3") == 3


def _norm(module: nn.Module, layer: str) -> int | None:
    found = [part for part in module.get_submodule(layer).modules() if isinstance(part, Sign)]
    return found[0].channels


# What comes of it


@pytest.mark.parametrize("id", IDS)
@pytest.mark.parametrize("kind", [Net, Kinds, Twice, Attention])
def test_that_the_packed_network_computes_what_the_trained_one_did(id: str, kind: type[nn.Module]) -> None:
    learner = trained(id, made(kind), edges="same")
    outcome = converted(learner)
    assert len(outcome.layers) > 2
    assert torch.equal(outputs(outcome.module), outputs(learner.module))


def test_that_an_encoder_layers_fast_path_uses_the_packed_weights() -> None:
    learner = trained("lsq", made(Attention), tensors="weights", edges="same")
    assert torch.allclose(outputs(converted(learner).module), outputs(learner.module), atol=1e-6)


@pytest.mark.parametrize("id", IDS)
def test_that_it_trains_in_mixed_precision(id: str) -> None:
    session = made(Net)
    learner = learner_of(id, session, edges="same")
    learner.begin()
    learner.module.train()
    with torch.autocast("cpu", torch.bfloat16):
        loss = nn.functional.cross_entropy(learner.module(random_images(16)), torch.arange(16) % 3)
    loss.backward()
    learner.after_step(1.0)
    grads = [p.grad for p in (*session.network.module.parameters(), *learner.parameters)]
    assert all(grad is not None and grad.dtype == torch.float32 and bool(grad.isfinite().all()) for grad in grads)


@pytest.mark.parametrize(
    ("id", "settings"),
    [
        ("lsq", {"per_channel": True, "weight_bits": 2}),
        ("lsq", {"tensors": "weights", "weight_bits": 3}),
        ("lsq", {"tensors": "activations"}),
        ("lsq", {"edges": "8"}),
        ("dorefa", {"weight_bits": 1, "activation_bits": 2}),
        ("dorefa", {"tensors": "weights"}),
        ("bnn", {"per_channel": False, "batch_norm": False}),
    ],
)
def test_that_every_setting_survives_packing_and_rebuilding(id: str, settings: dict[str, Any]) -> None:
    session = made(Net)
    learner = trained(id, session, **settings)
    outcome = converted(learner)
    assert torch.equal(outputs(outcome.module), outputs(learner.module))
    data = json.loads(json.dumps(dict(outcome.data), allow_nan=False))
    again = scheme(id).rebuild(Net().eval(), data)
    again.load_state_dict(outcome.module.state_dict())
    assert torch.equal(outputs(again), outputs(outcome.module))
    assert torch.equal(outputs(copy.deepcopy(again)), outputs(outcome.module))


@pytest.mark.parametrize("id", IDS)
def test_that_a_saved_network_opens_again(id: str, tmp_path: Path) -> None:
    network = open_network(ModelSpec("bundled", "lenet5", num_classes=3), tmp_path)
    outcome = converted(trained(id, session_of(network.module, shape=network.input_shape)))
    edit = Edit("quantize", {"method": id, **outcome.data})
    replace(network, module=outcome.module, edits=(edit,)).save(tmp_path)
    again = reopen(tmp_path)
    assert torch.equal(outputs(again.module, (1, 28, 28)), outputs(outcome.module, (1, 28, 28)))
    rows = {row.name: row for row in inspect_network(again).layers}
    assert rows["conv2"].leaf and "conv2.input_quantizer" not in rows, "what quantizes its input is part of a layer"


@pytest.mark.parametrize(
    ("id", "settings", "bits"), [("lsq", {"weight_bits": 3}, 3), ("dorefa", {}, 4), ("bnn", {}, 1)]
)
def test_that_the_file_holds_as_many_bits_as_it_says(id: str, settings: dict[str, Any], bits: int) -> None:
    layer = converted(trained(id, made(Net), **settings)).module.get_submodule("conv2")
    state = layer.state_dict()
    assert "weight" not in state
    assert state["packed_codes"].numel() == math.ceil(6 * 4 * 9 * bits / 8)
    assert len(layer.get_buffer("weight").unique()) <= 2**bits * (6 if id == "bnn" else 1)
    code = packed(layer)
    assert code is not None
    assert code["precision"].startswith(f"w{bits}a")


@pytest.mark.parametrize(("tensors", "precision"), [("both", "w3a5"), ("weights", "int3"), ("activations", "w32a5")])
def test_that_a_layer_is_called_by_its_bits(tensors: str, precision: str) -> None:
    outcome = converted(trained("lsq", made(Net), weight_bits=3, activation_bits=5, tensors=tensors))
    assert {row["precision"] for row in outcome.layers.values()} == {precision}
    assert (packed(outcome.module.get_submodule("conv2")) is None) == (tensors == "activations")


@pytest.mark.parametrize(
    ("id", "name", "low"), [("lsq", "weight_bits", 2), ("lsq", "activation_bits", 2), ("dorefa", "weight_bits", 1)]
)
def test_that_bits_out_of_range_are_refused_with_the_range(id: str, name: str, low: int) -> None:
    for bits in (low - 1, 9, 16):
        stage = {"train": {"during": [{"quantize": {"method": id, name: bits}}]}}
        with pytest.raises(CompressionError) as caught:
            recipe_from_data({"model": {"name": "lenet5"}, "stages": [stage]}, catalogue())
        assert f"from {low} to 8" in str(caught.value.hint)


# Which layers


def test_that_first_and_last_stay_in_float_with_the_reason() -> None:
    learner = learner_of("lsq", made(Net))
    outcome = converted(trained("lsq", made(Net)))
    assert set(outcome.layers) == {"conv2", "conv3"}
    assert set(outcome.left_in_float) == {"conv1", "fc"}
    assert "the setting First and last layer" in str(outcome.left_in_float["fc"])
    assert learner.parameters


def test_that_first_and_last_get_eight_bits() -> None:
    outcome = converted(trained("lsq", made(Net), edges="8"))
    said = {name: row["precision"] for name, row in outcome.layers.items()}
    assert said == {"conv1": "w8a8", "conv2": "w4a4", "conv3": "w4a4", "fc": "w8a8"}


def test_that_rules_keep_layers_and_give_them_bits_of_their_own() -> None:
    rules = (Rule("conv1", {"weight_bits": 6}), Rule("conv2", None), Rule("conv3", {"activation_bits": 7}))
    outcome = converted(trained("lsq", made(Net), *rules))
    assert {name: row["precision"] for name, row in outcome.layers.items()} == {"conv1": "w6a4", "conv3": "w4a7"}
    assert isinstance(outcome.module.get_submodule("conv2").weight, nn.Parameter)


def test_that_attentions_own_projection_stays_in_float() -> None:
    outcome = converted(trained("lsq", made(Attention)))
    assert set(outcome.layers) == {"encoder.linear1", "encoder.linear2"}
    assert "does not call" in str(outcome.left_in_float["encoder.self_attn.out_proj"])


def test_that_a_layer_is_called_twice_on_one_grid_for_both() -> None:
    session = made(Twice)
    learner = trained("lsq", session)
    outcome = converted(learner)
    grid = outcome.module.get_submodule(f"middle.{NAME}")
    assert isinstance(grid, Grid)
    assert grid.signed
    assert "does not call" in str(outcome.left_in_float["never"])


def test_that_a_layer_no_batch_reached_stays_in_float() -> None:
    class Sometimes(Net):
        def forward(self, x: Tensor) -> Tensor:
            x = torch.relu(self.conv1(x))
            x = self.bn2(self.conv2(x)) if not self.training else x[:, :, 1:-1, 1:-1].repeat(1, 2, 1, 1)[:, :6]
            x = torch.relu(self.conv3(x))
            made: Tensor = self.fc(x.mean((2, 3)))
            return made

    torch.manual_seed(0)
    outcome = converted(trained("lsq", session_of(Sometimes())))
    assert set(outcome.layers) == {"conv3"}
    assert "reached" in str(outcome.left_in_float["conv2"])


def test_that_a_computed_weight_stays_in_float() -> None:
    torch.manual_seed(0)
    module = Net()
    torch.nn.utils.spectral_norm(module.conv2)
    outcome = converted(trained("lsq", session_of(module)))
    assert set(outcome.layers) == {"conv3"}
    assert "computed from" in str(outcome.left_in_float["conv2"])


def test_that_nothing_to_quantize_is_an_error_with_the_way_out() -> None:
    torch.manual_seed(0)
    layers = nn.Sequential(nn.Flatten(), nn.Linear(72, 4), nn.ReLU(), nn.Linear(4, 3))
    with pytest.raises(CompressionError) as caught:
        learner_of("lsq", session_of(layers))
    assert "edges: same" in str(caught.value.hint)


def test_that_nan_is_told_by_the_layer_that_gives_it() -> None:
    session = made(Net)
    session.network.module.get_parameter("conv2.weight").data[0] = math.nan
    with pytest.raises(CompressionError) as caught:
        learner_of("lsq", session)
    assert "conv2" in str(caught.value.message)


# Masks


def test_that_pruned_weights_stay_zero() -> None:
    session = made(Net)
    mask = (torch.rand(6, 4, 3, 3, generator=torch.Generator().manual_seed(0)) > 0.5).float()
    weight = session.network.module.get_parameter("conv2.weight")
    weight.data.mul_(mask)
    learner = learner_of("lsq", session)
    learner.begin()
    train(learner, session, 1)
    weight.data.mul_(mask)
    kept = converted(learner).module.get_submodule("conv2").get_buffer("weight")
    assert not bool(kept[mask == 0].any())
    assert bool(kept[mask == 1].any())


@pytest.mark.parametrize("id", ["dorefa", "bnn"])
def test_that_a_grid_without_zero_refuses_pruned_layers(id: str) -> None:
    session = made(Net)
    session.masks["conv2.weight"] = torch.zeros(6, 4, 3, 3)
    with pytest.raises(CompressionError) as caught:
        learner_of(id, session)
    assert "conv2" in str(caught.value.message)
    assert "conv3" not in str(caught.value.message)
    assert caught.value.repair is not None
    learner_of(id, session, Rule("conv2", None))


@pytest.mark.parametrize("id", ["dorefa", "bnn"])
def test_that_a_grid_without_zero_refuses_pruning_in_the_same_training(id: str) -> None:
    prune = Stage("prune", {"amount": 0.5}, (Rule("conv3", None),))
    entries = (prune, Stage("quantize", {"method": id}))
    torch.manual_seed(0)
    session = session_of(Net(), Recipe(stages=(Stage("train", {}, (), entries),)))
    with pytest.raises(CompressionError) as caught:
        learner_of(id, session)
    assert "conv2" in str(caught.value.message)
    assert caught.value.repair is not None
    assert dict(caught.value.repair.edits) == {"stages.0.train.during.1.quantize.method": "lsq"}
    learner_of(id, session, Rule("conv2", None))


# The training around it


def fitted(
    session: Session, *entries: Stage, emit: Callable[[Event], None] = lambda _: None, cancel: Cancel | None = None
) -> None:
    settings = filled(Stage("train", {"epochs": 2, "learning_rate": 0.05, "batch_size": 16}), catalogue())
    fit(session, settings, list(session.network.module.parameters()), 0, emit, cancel or Cancel(), entries)


@pytest.mark.parametrize("id", IDS)
def test_that_a_stop_in_the_middle_leaves_a_float_network(id: str) -> None:
    session, cancel = made(Net), Cancel()
    kinds = [type(part) for part in session.network.module.modules()]
    keys = list(session.network.module.state_dict())

    def stop(event: Event) -> None:
        if isinstance(event, Metric):
            cancel.request()

    with pytest.raises(Cancelled):
        fitted(session, Stage("quantize", {"method": id}), emit=stop, cancel=cancel)
    module = session.network.module.eval()
    assert [type(part) for part in module.modules()] == kinds
    assert list(module.state_dict()) == keys
    assert not any(part._forward_pre_hooks for part in module.modules())
    plain = Net().eval()
    plain.load_state_dict(module.state_dict())
    assert torch.equal(outputs(module), outputs(plain))


@pytest.mark.parametrize("id", IDS)
def test_that_a_training_ends_with_the_packed_network(id: str) -> None:
    session = made(Net)
    fitted(session, Stage("quantize", {"method": id, "start": 0.5}))
    assert session.network.converted
    assert packed(session.network.module.get_submodule("conv3")) is not None
    assert session.figures["conv3"]["precision"] in ("w4a4", "w1a1")
    assert math.isfinite(session.figures["conv3"]["sqnr_db"])


def test_that_pruning_and_lsq_share_one_training() -> None:
    session = made(Net)
    fitted(session, Stage("quantize", {"method": "lsq"}), Stage("prune", {"amount": 0.5}))
    weight = session.network.module.get_submodule("conv2").get_buffer("weight")
    assert bool((session.masks["conv2.weight"] == 0).any())
    assert not bool(weight[session.masks["conv2.weight"] == 0].any())
    assert bool(weight.any())


def test_that_it_computes_in_float_until_start() -> None:
    session = made(Net)
    learner = learner_of("bnn", session)
    train(learner, session, 1)
    assert torch.equal(outputs(learner.module), outputs(session.network.module.eval()))
    learner.begin()
    assert not torch.equal(outputs(learner.module), outputs(session.network.module))


def test_that_a_run_trains_four_bits_and_reports_every_layer(blobs: Path, tmp_path: Path) -> None:
    recipe = recipe_from_data(
        {
            "model": {"source": "bundled", "name": "lenet5", "num_classes": 4},
            "data": {"source": "arrays", "root": str(blobs), "batch_size": 32},
            "stages": [
                {
                    "train": {
                        "epochs": 3,
                        "optimizer": "adam",
                        "from_scratch": True,
                        "during": [{"quantize": {"method": "lsq", "start": 0.3}}],
                    }
                }
            ],
        },
        catalogue(),
    )
    carried_out(recipe, tmp_path / "run")
    result = json.loads((tmp_path / "run" / "result.json").read_text(encoding="utf-8"))
    layers = {row["name"]: row for row in result["final"]["layers"]}
    assert {name for name, row in layers.items() if row["precision"] == "w4a4"} == {"conv2", "fc1", "fc2"}
    assert all(row["sqnr_db"] > 5 for row in layers.values() if row["precision"] == "w4a4")
    assert result["final"]["accuracy"] > 90
    assert result["final"]["size_bytes"] < result["baseline"]["size_bytes"] / 5
    assert packed(reopen(tmp_path / "run").module.get_submodule("fc1")) is not None

"""What helps quantization: equal ranges, corrected biases, new statistics; and what a stage cost, with its repair."""

from __future__ import annotations

import copy
import dataclasses
import itertools
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from backend import runner
from backend.cancel import Cancel
from backend.cli._table import by_layer
from backend.datasets._base import Data, Part
from backend.errors import Cancelled, CompressionError, RecipeError
from backend.evaluation import precision_costs
from backend.evaluation.accuracy import evaluate
from backend.evaluation.own_errors import precision_errors
from backend.evaluation.precision_costs import Costs, Kept, chance, find_costs
from backend.evaluation.remedy import recommended
from backend.evaluation.sqnr import output_error
from backend.events import Event, Finished, LayerChanged, Warned
from backend.network import WEIGHTS, Network, load_weights
from backend.quantization import _engines
from backend.quantization._base import Scheme
from backend.quantization._equalize import Pair, equalize, find_pairs, scales
from backend.recipe import DataSpec, ModelSpec, Recipe, Rule, Stage, merged, recipe_from_data
from backend.registry import catalogue, method
from backend.session import Session
from backend.stages.quantize import METHOD
from tests.backend.conftest import carried_out

ENGINE = "fbgemm" if "fbgemm" in _engines.available() else "qnnpack"
INT8 = {"method": "static_int8", "engine": ENGINE, "calibration_batches": 1, "observer": "min_max"}


class Inverted(nn.Module):
    """Two inverted residual blocks as in MobileNetV2, with ReLU in place of ReLU6."""

    def __init__(self, activation: type[nn.Module] = nn.ReLU) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, 8, 3, 2, 1, bias=False), nn.BatchNorm2d(8), activation())
        self.block1, self.block2 = block(8, 16, activation), block(8, 16, activation)
        self.head = nn.Linear(8, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = self.block1(self.stem(x))
        scores: Tensor = self.head((x + self.block2(x)).mean((2, 3)))
        return scores


def block(channels: int, hidden: int, activation: type[nn.Module]) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels, hidden, 1, bias=False),
        nn.BatchNorm2d(hidden),
        activation(),
        nn.Conv2d(hidden, hidden, 3, padding=1, groups=hidden, bias=False),
        nn.BatchNorm2d(hidden),
        activation(),
        nn.Conv2d(hidden, channels, 1, bias=False),
        nn.BatchNorm2d(channels),
    )


@pytest.fixture(scope="module")
def data() -> Data:
    """Noise that is brighter in one of four corners."""
    random = torch.Generator().manual_seed(0)

    def part(count: int) -> Part:
        labels = torch.arange(count) % 4
        images = torch.rand((count, 1, 8, 8), generator=random)
        for image, label in zip(images, labels.tolist(), strict=True):
            row, column = divmod(label, 2)
            image[0, row * 4 : row * 4 + 4, column * 4 : column * 4 + 4] += 0.4
        return Part(images, labels)

    parts = {"train": part(320), "validation": part(240), "calibration": part(64), "test": part(40)}
    return Data(parts, DataSpec(batch_size=32), tuple("abcd"), (0.5,), (0.5,))  # type: ignore[arg-type]


def trained(module: nn.Module, data: Data, epochs: int = 4) -> nn.Module:
    optimizer = torch.optim.Adam(module.parameters(), 0.01)
    module.train()
    for _, (images, labels) in itertools.product(range(epochs), list(data.batches("train", 32))):
        loss = nn.functional.cross_entropy(module(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return module.eval()


@pytest.fixture(scope="module")
def spread(data: Data) -> nn.Module:
    """A trained network whose channels' ranges lie far apart, as MobileNetV2's do; its function is what it was."""
    torch.manual_seed(0)
    module = trained(Inverted(), data)
    random = torch.Generator().manual_seed(1)
    for part in (module.get_submodule("block1"), module.get_submodule("block2")):
        for first, second in ((0, 3), (3, 6)):
            factors = torch.exp(2.0 * torch.randn(16, generator=random))
            with torch.no_grad():
                norm: Any = part.get_submodule(str(first + 1))
                norm.weight.mul_(factors)
                norm.bias.mul_(factors)
                weight = part.get_submodule(str(second)).get_parameter("weight")
                weight.div_(factors.view(-1, 1, 1, 1) if second == 3 else factors.view(1, -1, 1, 1))
    return module


def session_of(module: nn.Module, data: Data, *rules: Rule, **settings: Any) -> Session:
    network = Network("net", ModelSpec(), module, (1, 8, 8), 4)
    recipe = Recipe(stages=(Stage("quantize", settings, rules),))
    return Session(recipe, network.copy(), network, data, Path(), torch.Generator().manual_seed(0))


def quantized(module: nn.Module, data: Data, *rules: Rule, **settings: Any) -> tuple[Session, list[Event]]:
    session = session_of(module, data, *rules, **settings)
    events: list[Event] = []
    METHOD.run(session, session.recipe.stages[0], 0, events.append, Cancel())
    return session, events


def warnings_of(events: list[Event]) -> list[str]:
    return [str(event.message) for event in events if isinstance(event, Warned)]


def outputs(module: nn.Module, data: Data) -> Tensor:
    images = next(data.batches("test", 40))[0]
    with torch.no_grad():
        found: Tensor = module(images)
    return found


def fidelity(session: Session) -> float:
    """SQNR in dB of the quantized network's outputs."""
    module, original = session.network.module, session.original.module
    return output_error(outputs(original, session.data), outputs(module, session.data)).sqnr_db


class TestEqualization:
    def test_that_the_ranges_of_a_pair_become_equal(self) -> None:
        torch.manual_seed(0)
        module = nn.Sequential(nn.Linear(5, 6), nn.ReLU(), nn.Linear(6, 3))
        first, second = module[0].weight.detach().clone(), module[2].weight.detach().clone()  # type: ignore[operator]
        equalize(module.eval(), torch.randn(4, 5), False, Cancel())
        r1, r2 = first.abs().amax(1), second.abs().amax(0)  # Nagel et al. 2019, eq. 10 and 11
        expected = (r1 * r2).sqrt()
        for index, dim in ((0, 1), (2, 0)):
            ranges = module.get_parameter(f"{index}.weight").detach().abs().amax(dim)
            assert torch.allclose(ranges, expected, rtol=1e-4)

    def test_that_empty_channels_are_left_alone(self) -> None:
        s = scales(torch.tensor([0.0, 4.0, 1.0]), torch.tensor([1.0, 1.0, 0.0]))
        assert s.tolist() == [1.0, 2.0, 1.0]

    @pytest.mark.parametrize("folded", [True, False])
    def test_that_the_float_networks_outputs_stay(self, spread: nn.Module, data: Data, folded: bool) -> None:
        module = copy.deepcopy(spread)
        done = equalize(module, outputs_images(data), folded, Cancel())
        assert len(done.pairs) == 4 + 1  # within each block; the stem's outputs go to the first one alone
        before = outputs(spread, data)
        assert float((outputs(module, data) - before).abs().max()) < 1e-5 * max(1.0, float(before.abs().max()))
        changed = [
            name for name, value in module.named_parameters() if not torch.equal(value, spread.get_parameter(name))
        ]
        assert "block1.0.weight" in changed

    def test_that_per_tensor_int8_gets_back_what_unequal_channels_cost(self, spread: nn.Module, data: Data) -> None:
        plain, _ = quantized(spread, data, **INT8, weights="per_tensor")
        helped, events = quantized(spread, data, **INT8, weights="per_tensor", equalize=True)
        assert fidelity(helped) > fidelity(plain) + 10
        assert any(said.startswith("Equalized 5 pairs of layers") for said in warnings_of(events))
        assert helped.report["equalized"][1] == ["block1.0", "block1.3"]

    def test_that_errors_per_layer_are_against_the_equalized_network(self, spread: nn.Module, data: Data) -> None:
        session, _ = quantized(spread, data, **INT8, equalize=True)
        assert min(figures["sqnr_db"] for figures in session.figures.values() if "sqnr_db" in figures) > 15

    def test_that_relu6_is_skipped_with_the_reason(self, data: Data) -> None:
        pairs, refused = find_pairs(Inverted(nn.ReLU6).eval())
        assert pairs == []
        assert {str(why) for why in refused.values()} == {"ReLU6 after it is not positively homogeneous"}
        _, events = quantized(Inverted(nn.ReLU6).eval(), data, **INT8, equalize=True)
        said = warnings_of(events)
        assert "No two layers follow each other so that they can be equalized." in said
        assert any("ReLU6 after it is not positively homogeneous" in text for text in said)

    def test_that_pairs_reach_through_pooling_and_flattening(self) -> None:
        class Views(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.conv, self.pool, self.fc = nn.Conv2d(1, 4, 3), nn.MaxPool2d(2), nn.Linear(36, 4)

            def forward(self, x: Tensor) -> Tensor:
                x = self.pool(torch.relu(self.conv(x)))
                scores: Tensor = self.fc(x.view(x.size(0), -1))
                return scores

        torch.manual_seed(0)
        module = Views().eval()
        images = torch.randn(4, 1, 8, 8)
        with torch.no_grad():
            module.conv.weight.mul_(torch.tensor([1.0, 50.0, 0.1, 3.0]).view(-1, 1, 1, 1))
            before = module(images)
            done = equalize(module, images, False, Cancel())
            assert done.pairs == (Pair("conv", "fc"),)
            assert torch.allclose(module(images), before, rtol=1e-5, atol=1e-5)

    def test_that_layers_used_twice_or_shared_with_others_are_no_pair(self) -> None:
        class Twice(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.a, self.b, self.c = nn.Linear(4, 4), nn.Linear(4, 4), nn.Linear(4, 4)

            def forward(self, x: Tensor) -> Tensor:
                x = self.a(x).relu()
                y = self.b(x).relu() + x  # the outputs of a go elsewhere too
                scores: Tensor = self.c(self.c(y).relu())
                return scores

        assert find_pairs(Twice().eval())[0] == []

    def test_that_masked_weights_stay_zero(self, data: Data) -> None:
        torch.manual_seed(0)
        module = Inverted().eval()
        session = session_of(module, data, **INT8, equalize=True)
        mask = (torch.rand(16, 8, 1, 1) > 0.5).float()
        session.masks = {"block1.0.weight": mask}
        METHOD.run(session, session.recipe.stages[0], 0, lambda event: None, Cancel())
        weight = dict(session.network.module.named_modules())["block1.0"].weight().dequantize()  # type: ignore[operator]
        assert bool((weight[mask == 0] == 0).all())


def outputs_images(data: Data) -> Tensor:
    return next(data.batches("validation", 16))[0]


@pytest.fixture(scope="module")
def network(data: Data) -> nn.Module:
    torch.manual_seed(0)
    return trained(
        nn.Sequential(
            nn.Conv2d(1, 8, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU(),
            nn.Conv2d(8, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(128, 4),
        ),
        data,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("own", "other", "kept"),
    [
        ({"method": "float16", "compute": "half"}, {"method": "static_int8"}, {"fp16", "int8"}),
        ({"method": "bfloat16", "compute": "half"}, {"method": "dynamic_int8"}, {"bf16", "int8"}),
        (INT8, {"method": "bfloat16"}, {"int8", "bf16"}),
        ({"method": "weight_only", "bits": 4}, {"method": "static_int8"}, {"int4", "int8"}),
        ({"method": "codebook", "bits": 4}, {"method": "dynamic_int8"}, {"codebook4", "int8"}),
    ],
)
def test_that_layers_of_one_stage_may_be_of_two_schemes(
    own: dict[str, Any], other: dict[str, Any], kept: set[str], network: nn.Module, data: Data, tmp_path: Path
) -> None:
    """Each is held against the float network, opens again, and its choices stand in a recipe that can be read."""
    session, _ = quantized(network, data, Rule("6", other), **own)
    figures = session.figures
    assert {figures[name]["precision"] for name in ("0", "3", "6")} == kept
    assert figures["6"]["precision"] != figures["3"]["precision"]
    assert all(20 < figures[name]["own_db"] < 100 for name in ("0", "3", "6"))
    assert merged(session.recipe, session.choices, catalogue()).stages[0].kind == "quantize"
    module = network
    for edit in session.network.edits:
        scheme = method("quantization", edit.data["method"])
        assert isinstance(scheme, Scheme)
        module = scheme.rebuild(module, edit.data)
    session.network.save(tmp_path)
    load_weights(module, tmp_path / WEIGHTS)
    assert torch.equal(outputs(module, data), outputs(session.network.module, data))


class TestBiasCorrection:
    def test_that_the_mean_error_of_each_output_vanishes(self, network: nn.Module, data: Data) -> None:
        settings = {"method": "weight_only", "bits": 2}
        plain, helped = (quantized(network, data, **settings, correct_bias=on)[0] for on in (False, True))
        images = torch.cat([images for images, _ in data.batches("calibration")])

        def first(module: nn.Module) -> Tensor:
            with torch.no_grad():
                found: Tensor = module[1](module[0](images)).mean((0, 2, 3))  # type: ignore[index]
            return found

        off = (first(plain.network.module) - first(network)).abs().max()
        left = (first(helped.network.module) - first(network)).abs().max()
        assert float(left) < 1e-4 < float(off)

    @pytest.mark.parametrize(
        ("settings", "gain"),
        [
            ({"method": "weight_only", "bits": 3}, 1.0),
            ({"method": "weight_only", "bits": 4}, 1.0),
            ({"method": "codebook", "bits": 2}, 0.5),  # centroids are means: less is left to correct
        ],
    )
    def test_that_rounding_to_few_bits_costs_less(
        self, network: nn.Module, data: Data, settings: dict[str, Any], gain: float
    ) -> None:
        plain, helped = (quantized(network, data, **settings, correct_bias=on)[0] for on in (False, True))
        assert fidelity(helped) > fidelity(plain) + gain

    def test_that_int8_layers_get_their_biases_packed_again(self, network: nn.Module, data: Data) -> None:
        plain, helped = (quantized(network, data, **INT8, correct_bias=on)[0] for on in (False, True))
        for name in ("0", "3", "6"):
            before, after = (s.network.module.get_submodule(name) for s in (plain, helped))
            assert torch.equal(before.weight().int_repr(), after.weight().int_repr())  # type: ignore[operator]
            assert not torch.equal(before.bias(), after.bias())  # type: ignore[operator]
        assert helped.report["corrected_biases"] == ["0", "3", "6"]

    def test_that_eq_17_is_what_is_subtracted(self, network: nn.Module, data: Data) -> None:
        """For a linear layer E[εx] = ε·E[x]."""
        rules = (Rule("6", {}), Rule("*", None))
        plain, helped = (
            quantized(network, data, *rules, method="weight_only", bits=2, correct_bias=on)[0] for on in (False, True)
        )
        seen = []
        handle = plain.network.module.get_submodule("6").register_forward_pre_hook(lambda _, x: seen.append(x[0]))
        with torch.no_grad():
            for images, _ in data.batches("calibration"):
                plain.network.module(images)
        handle.remove()
        epsilon = plain.network.module.get_buffer("6.weight") - network.get_parameter("6.weight")
        expected = network.get_parameter("6.bias") - epsilon @ torch.cat(seen).mean(0)
        assert torch.allclose(helped.network.module.get_parameter("6.bias"), expected, atol=1e-5)

    def test_that_a_layer_called_by_name_is_corrected_too(self, data: Data) -> None:
        class Named(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.fc = nn.Linear(64, 4)

            def forward(self, x: Tensor) -> Tensor:
                scores: Tensor = self.fc(input=x.flatten(1))
                return scores

        session, _ = quantized(Named().eval(), data, method="weight_only", bits=2, correct_bias=True)
        assert session.report["corrected_biases"] == ["fc"]

    def test_that_a_layer_without_a_bias_and_a_norm_is_named(self, data: Data) -> None:
        module = nn.Sequential(nn.Flatten(), nn.Linear(64, 8, bias=False), nn.ReLU(), nn.Linear(8, 4)).eval()
        _, events = quantized(module, data, method="weight_only", correct_bias=True)
        expected = "Not corrected: 1. Reason: It has no bias, and no BatchNorm follows it."
        assert expected in warnings_of(events)

    def test_that_dynamic_layers_are_corrected_and_recurrent_ones_named(self, data: Data) -> None:
        class Recurs(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.lstm, self.head = nn.LSTM(8, 6, batch_first=True), nn.Linear(6, 4)

            def forward(self, x: Tensor) -> Tensor:
                scores: Tensor = self.head(self.lstm(x.squeeze(1))[0][:, -1])
                return scores

        session, events = quantized(Recurs().eval(), data, method="dynamic_int8", correct_bias=True)
        assert session.report["corrected_biases"] == ["head"]
        expected = "Not corrected: lstm. Reason: Biases are corrected of convolutions and linear layers."
        assert expected in warnings_of(events)


class TestStage:
    def test_that_statistics_are_measured_anew_after_rounding(self, spread: nn.Module, data: Data) -> None:
        settings = {"method": "weight_only", "bits": 2}
        plain, helped = (quantized(spread, data, **settings, reestimate=on)[0] for on in (False, True))
        report = helped.report["batch_norm"]
        assert report["accuracy_before"] == evaluate(plain.network.module, data, "validation").accuracy
        assert report["accuracy_after"] > report["accuracy_before"]

    def test_that_folded_statistics_are_said_to_be_gone(self, spread: nn.Module, data: Data) -> None:
        _, events = quantized(spread, data, **INT8, reestimate=True)
        assert "There is no BatchNorm in this network to re-estimate." in warnings_of(events)

    @pytest.mark.parametrize("helper", ["equalize", "correct_bias"])
    def test_that_a_cast_has_no_grid_to_help_which_the_recipe_says(self, helper: str) -> None:
        given: dict[str, Any] = {
            "model": {"name": "lenet5"},
            "stages": [{"quantize": {"method": "bfloat16", helper: True}}],
        }
        with pytest.raises(RecipeError, match="bfloat16 has none") as error:
            recipe_from_data(given, catalogue())
        assert error.value.path == f"stages.0.quantize.{helper}"
        assert error.value.repair is not None
        repaired = recipe_from_data({**given, **error.value.repair.edits}, catalogue())
        assert helper not in repaired.stages[0].settings

    @pytest.mark.parametrize("id", ["static_int8", "dynamic_int8", "float16"])
    def test_that_a_target_needs_bits_to_choose_which_the_recipe_says(self, id: str) -> None:
        given: dict[str, Any] = {
            "model": {"name": "lenet5"},
            "stages": [{"quantize": {"method": id, "target": {"size": 0.2}}}],
        }
        with pytest.raises(RecipeError, match=f"{id} has none to choose") as error:
            recipe_from_data(given, catalogue())
        assert error.value.repair is not None
        repaired = recipe_from_data({**given, **error.value.repair.edits}, catalogue())
        assert "target" not in repaired.stages[0].settings
        mixed = {"quantize": {"method": id, "target": {"size": 0.2}, "layers": {"fc1": {"method": "weight_only"}}}}
        assert recipe_from_data({**given, "stages": [mixed]}, catalogue()).stages[0].settings["target"] == {"size": 0.2}

    def test_that_a_failure_leaves_the_network_as_it_was(self, spread: nn.Module, data: Data) -> None:
        session = session_of(spread, data, **{**INT8, "engine": "x"}, equalize=True)
        before = session.network
        with pytest.raises(CompressionError):
            METHOD.run(session, session.recipe.stages[0], 0, lambda event: None, Cancel())
        assert session.network is before
        assert torch.equal(outputs(before.module, data), outputs(spread, data))

    def test_that_the_layers_left_in_float_are_remembered_with_their_reasons(self, data: Data) -> None:
        class Recurs(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.lstm, self.head = nn.LSTM(8, 6, batch_first=True), nn.Linear(6, 4)

            def forward(self, x: Tensor) -> Tensor:
                scores: Tensor = self.head(self.lstm(x.squeeze(1))[0][:, -1])
                return scores

        session, _ = quantized(Recurs().eval(), data, method="weight_only")
        assert session.report["left_in_float"]["lstm"]["template"] == "Needs a convolution or a linear layer"


@pytest.mark.parametrize(
    "settings", [INT8, {"method": "weight_only"}, {"method": "bfloat16", "compute": "half"}, {"method": "codebook"}]
)
def test_that_an_own_error_leaves_out_what_came_in(spread: nn.Module, data: Data, settings: dict[str, Any]) -> None:
    """With every other layer in float there is nothing but a layer's own error."""
    session, events = quantized(spread, data, **settings)
    rows = next(event.layers for event in events if isinstance(event, LayerChanged))
    own = {row["name"]: row["own_db"] for row in rows}
    assert own.keys() >= {"stem.0", "block1.0", "head"}
    assert own["head"] > session.figures["head"]["sqnr_db"]
    if settings["method"] != "static_int8":
        alone, _ = quantized(spread, data, Rule("stem.0", {}), Rule("*", None), **settings)
        assert alone.figures["stem.0"]["own_db"] == pytest.approx(own["stem.0"], abs=1.0)


def test_that_own_errors_are_recomputed_by_hand(data: Data) -> None:
    torch.manual_seed(0)
    original = nn.Sequential(nn.Flatten(), nn.Linear(64, 8), nn.ReLU(), nn.Linear(8, 4)).eval()
    changed = copy.deepcopy(original)
    with torch.no_grad():
        changed.get_parameter("1.weight").add_(0.1)
        changed.get_parameter("3.weight").mul_(1.1)
    images = outputs_images(data)
    found = precision_errors(original, changed, ["1", "3"], [images], Cancel())
    with torch.no_grad():
        hidden = changed[:3](images)
        expected = output_error(original[3](hidden), changed[3](hidden)).sqnr_db
    assert found["3"] == pytest.approx(expected, abs=1e-4)


class TestCosts:
    @pytest.fixture
    def ruined(self, data: Data) -> Callable[..., tuple[Session, Network]]:
        """A network whose first layer alone suffers from two bits: one of its weights is far larger than the others."""

        def make(outlier: float = 40.0, **settings: Any) -> tuple[Session, Network]:
            torch.manual_seed(0)
            module = trained(nn.Sequential(nn.Flatten(), nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 4)), data, 6)
            with torch.no_grad():
                module.get_parameter("1.weight")[:, 0] = outlier
            marked = dataclasses.replace(data, parts={name: blanked(part) for name, part in data.parts.items()})
            chosen = {"method": "weight_only", "bits": 4, "group": "row", **settings}
            session = session_of(module, marked, **chosen)
            before = session.network.copy()
            METHOD.run(session, session.recipe.stages[0], 0, lambda event: None, Cancel())
            return session, before

        return make

    def test_that_the_layer_that_costs_most_is_to_stay_in_float(
        self, ruined: Callable[..., tuple[Session, Network]]
    ) -> None:
        session, before = ruined()
        found = find_costs(session, before, 0, Cancel())
        assert found is not None
        best = found.kept[0]
        assert best.layer == "1"
        assert best.accuracy > found.accuracy[1] + 10
        kept, _ = quantized(before.module, session.data, Rule("1", None), **session.recipe.stages[0].settings)
        assert best.accuracy == evaluate(kept.network.module, session.data, "validation").accuracy
        assert best.larger == pytest.approx(
            len(kept.network.weights_bytes()) / len(session.network.weights_bytes()) - 1
        )

    def test_that_it_leaves_everything_as_it_was(self, ruined: Callable[..., tuple[Session, Network]]) -> None:
        session, before = ruined()
        network, state = session.network, copy.deepcopy(session.network.module.state_dict())
        known = copy.deepcopy((session.choices, session.report, session.figures, session.files))
        drawn = session.generator.get_state()
        find_costs(session, before, 0, Cancel())
        assert session.network is network
        assert all(torch.equal(value, state[key]) for key, value in network.module.state_dict().items())
        assert (session.choices, session.report, session.figures, session.files) == known
        assert torch.equal(session.generator.get_state(), drawn)

    def test_that_a_loss_within_the_noise_is_none(self, ruined: Callable[..., tuple[Session, Network]]) -> None:
        session, before = ruined(bits=8, group=32)
        assert find_costs(session, before, 0, Cancel()) is None

    def test_that_it_stops_when_asked(self, ruined: Callable[..., tuple[Session, Network]]) -> None:
        session, before = ruined()
        cancel = Cancel()
        cancel.request()
        with pytest.raises(Cancelled):
            find_costs(session, before, 0, cancel)

    def test_that_chance_is_the_sign_test(self) -> None:
        """Seven of seven wrong ones: 1/128; four of eight: more often than not; nothing changed: certain."""
        right = torch.ones(7, dtype=torch.bool)
        assert chance(right, ~right) == 1 / 128
        mixed = torch.arange(8) < 4
        expected = sum(math.comb(8, k) for k in range(4, 9)) / 256
        assert chance(mixed, ~mixed) == expected
        assert chance(right, right) == 1.0


def blanked(part: Part) -> Part:
    """The corner pixel holds nothing, so that the weight for it never matters in float."""
    images = part.images.clone()
    images[..., 0, 0] = 0.5  # the mean
    return Part(images, part.labels)


class TestRecommendation:
    RECIPE: Any = {"model": {"name": "lenet5"}, "stages": [{"quantize": {"method": "weight_only"}}]}

    def test_that_points_and_size_are_told_with_the_rule(self) -> None:
        found = Costs(2000, (97.9, 95.0), (Kept("conv1", 96.9, 0.012), Kept("fc1", 95.1, 0.3)), 95.4)
        warned = recommended(found, 0)
        assert str(warned.message) == "Accuracy fell from 97.9% to 95.0% of 2000 validation images."
        assert str(warned.hint) == "conv1 costs 1.9 points; kept in float, the file grows by 1.2%."
        assert warned.repair is not None
        rule = merged(recipe_from_data(self.RECIPE, catalogue()), warned.repair.edits, catalogue()).stages[0].layers[0]
        assert (rule.pattern, rule.settings) == ("conv1", None)

    def test_that_corrected_biases_come_first_where_they_do_as_much(self) -> None:
        warned = recommended(Costs(2000, (97.9, 95.0), (Kept("conv1", 96.9, 0.012),), 97.0), 0)
        assert str(warned.hint) == "Correcting biases brings 2.0 points back, and the file stays as small."
        assert warned.repair is not None
        edited = merged(recipe_from_data(self.RECIPE, catalogue()), warned.repair.edits, catalogue())
        assert edited.stages[0].settings["correct_bias"] is True

    def test_that_no_layer_is_blamed_for_what_all_do_together(self) -> None:
        warned = recommended(Costs(2000, (97.9, 95.0), (Kept("conv1", 95.2, 0.012),), None), 0)
        assert str(warned.hint) == "No layer is the cause by itself: conv1 in float brings 0.2 points back."
        assert warned.repair is None

    def test_that_nothing_tried_is_nothing_advised(self) -> None:
        warned = recommended(Costs(2000, (97.9, 95.0), (), None), 0)
        assert (warned.hint, warned.repair) == (None, None)


def test_that_a_run_tells_what_quantization_cost(blobs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The images are told apart too easily for a real loss, so here any change is one."""
    for module in (runner, precision_costs):
        monkeypatch.setattr(module, "NOTICEABLE", -200.0)
    monkeypatch.setattr(precision_costs, "CHANCE", 1.0)
    recipe = recipe_from_data(
        {
            "model": {"source": "bundled", "name": "lenet5", "num_classes": 4},
            "data": {"source": "arrays", "root": str(blobs), "batch_size": 32},
            "stages": [{"quantize": {"method": "weight_only", "bits": 2, "group": "row"}}],
        },
        catalogue(),
    )
    events = carried_out(recipe, tmp_path / "run")
    result = next(event.result for event in events if isinstance(event, Finished))
    costs = result["stages"][0]["costs"]
    assert costs["accuracy"][1] == pytest.approx(result["final"]["validation_accuracy"])
    assert len(costs["kept"]) == 3
    assert any(str(e.message).startswith("Accuracy fell from ") for e in events if isinstance(e, Warned))
    table = by_layer(result).splitlines()
    assert table[0].split() == ["layer", "precision", "SQNR", "by", "itself", "cosine"]
    assert [line.split()[:2] for line in table[1:]] == [
        [name, "int2"] for name in ("conv1", "conv2", "fc1", "fc2", "fc3")
    ]


@pytest.mark.parametrize("method", ["qat_int8", "lsq"])
def test_that_a_method_that_only_trains_says_where_it_belongs(method: str) -> None:
    with pytest.raises(RecipeError) as caught:
        recipe_from_data({"model": {}, "stages": [{"quantize": {"method": method}}]}, catalogue())
    assert str(caught.value) == (
        f"{method} trains the network while it quantizes, and nothing trains in a quantize stage by itself."
    )
    assert str(caught.value.hint) == "Move the stage into the during list of a train stage."
    assert "weights" in METHOD.summary and "activations" not in METHOD.summary


@pytest.mark.parametrize(
    ("stage", "hint"),
    [
        (
            {"quantize": {"method": "static_int8", "bits": 4}},
            "bits belongs to codebook, gptq, weight_only; a rule may name its own method.",
        ),
        (
            {"quantize": {"method": "static_int8", "layers": {"fc1": {"bits": 4}}}},
            "bits belongs to codebook, gptq, weight_only; a rule may name its own method.",
        ),
        (
            {"quantize": {"method": "weight_only", "damping": 0.1}},
            "damping belongs to gptq; a rule may name its own method.",
        ),
        ({"quantize": {"method": "static_int8", "freeze_batch_norm": 0.1}}, "freeze_batch_norm belongs to qat_int8."),
        (
            {"train": {"during": [{"quantize": {"method": "qat_int8", "activation_bits": 4}}]}},
            "activation_bits belongs to dorefa, lsq.",
        ),
        ({"quantize": {"method": "weight_only", "bit": 4}}, "Did you mean bits?"),
        ({"quantize": {"method": "weight_only", "gruop": 32}}, "Did you mean group?"),
        ({"train": {"bits": 4}}, None),
        ({"quantize": {"method": "int4"}}, "Write method: weight_only with bits: 4, code: integer."),
        ({"quantize": {"method": "nf4"}}, "Write method: weight_only with bits: 4, code: normal_float."),
        (
            {"quantize": {"layers": {"fc1": {"method": "INT4"}}}},
            "Write method: weight_only with bits: 4, code: integer.",
        ),
        ({"quantize": {"method": "int8"}}, "Did you mean static_int8?"),
        ({"quantize": {"method": "fp16"}}, "Did you mean float16?"),
        ({"quantize": {"method": ["int8"]}}, None),
        ({"prune": {"method": "int8"}}, None),
    ],
)
def test_that_a_word_of_another_method_leads_to_it(stage: dict[str, Any], hint: str | None) -> None:
    with pytest.raises(RecipeError) as caught:
        recipe_from_data({"model": {}, "stages": [stage]}, catalogue())
    said = str(caught.value.hint)
    assert said == hint if hint else said.startswith(("Choose one of: ", "Did you mean "))

"""Bits per layer under a target: the allocation is the best there is, the noise is measured, the size is the file's."""

from __future__ import annotations

import copy
import itertools
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.datasets._base import Data, Part
from backend.errors import Cancelled, CompressionError
from backend.evaluation.accuracy import evaluate
from backend.evaluation.size import size_bytes
from backend.evaluation.sqnr import output_error
from backend.events import Event, Warned
from backend.network import Network
from backend.quantization._base import Scheme
from backend.quantization._bit_widths import allocate, cost
from backend.recipe import DataSpec, ModelSpec, Recipe, Rule, Stage, merged, recipe_from_data, resolved
from backend.registry import catalogue, method
from backend.session import Session
from backend.stages.quantize import METHOD

WEIGHTS = {"a": 100, "b": 1000, "c": 10}
NOISE = {
    name: {bits: scale * 4.0**-bits for bits in range(2, 9)} for name, scale in (("a", 1.0), ("b", 4.0), ("c", 9.0))
}


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.bn = nn.Conv2d(1, 8, 3), nn.BatchNorm2d(8)
        self.conv2 = nn.Conv2d(8, 16, 3)
        self.fc1, self.fc2 = nn.Linear(256, 64), nn.Linear(64, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv2(self.bn(self.conv1(x)).relu()).relu()
        scores: Tensor = self.fc2(self.fc1(x.flatten(1)).relu())
        return scores


@pytest.fixture(scope="module")
def data() -> Data:
    random = torch.Generator().manual_seed(0)

    def part(count: int) -> Part:
        labels = torch.arange(count) % 4
        images = torch.rand((count, 1, 8, 8), generator=random)
        for image, label in zip(images, labels.tolist(), strict=True):
            row, column = divmod(label, 2)
            image[0, row * 4 : row * 4 + 4, column * 4 : column * 4 + 4] += 0.3
        return Part(images, labels)

    parts: dict[Any, Part] = {name: part(200) for name in ("train", "validation", "calibration", "test")}
    return Data(parts, DataSpec(batch_size=40), tuple("abcd"), (0.5,), (0.5,))


@pytest.fixture(scope="module")
def trained(data: Data) -> nn.Module:
    torch.manual_seed(0)
    module = Net()
    optimizer = torch.optim.Adam(module.parameters(), 0.005)
    for _, (images, labels) in itertools.product(range(6), list(data.batches("train", 40))):
        loss = nn.functional.cross_entropy(module(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return module.eval()


def session_of(module: nn.Module, data: Data, *rules: Rule, **settings: Any) -> Session:
    network = Network("net", ModelSpec(name="lenet5"), copy.deepcopy(module), (1, 8, 8), 4)
    recipe = resolved(Recipe(ModelSpec(name="lenet5"), stages=(Stage("quantize", settings, rules),)), catalogue())
    return Session(recipe, network.copy(), network, data, Path(), torch.Generator().manual_seed(0))


def quantized(session: Session, cancel: Cancel | None = None) -> list[Event]:
    events: list[Event] = []
    METHOD.run(session, session.recipe.stages[0], 0, events.append, cancel or Cancel())
    return events


def share(session: Session) -> float:
    return size_bytes(session.network) / size_bytes(session.original)


def bits_of(session: Session) -> dict[str, int]:
    return {name: row["bits"] for name, row in session.report["bits"].items()}


class TestAllocation:
    @pytest.mark.parametrize("budget", [300, 400, 555, 700, 900, 1100])
    def test_that_it_is_the_best_of_all_allocations(self, budget: float) -> None:
        def noise(bits: dict[str, int]) -> float:
            return sum(NOISE[name][count] for name, count in bits.items())

        every = (dict(zip(WEIGHTS, counts, strict=True)) for counts in itertools.product(range(2, 9), repeat=3))
        best = min(noise(bits) for bits in every if cost(bits, WEIGHTS) <= budget)
        found = allocate(NOISE, WEIGHTS, budget)
        assert cost(found, WEIGHTS) <= budget
        assert noise(found) == pytest.approx(best)

    def test_that_small_and_sensitive_layers_get_more_bits(self) -> None:
        found = allocate(NOISE, WEIGHTS, 600)
        assert found["c"] > found["a"] > found["b"]

    def test_that_too_small_a_budget_gives_the_fewest_bits(self) -> None:
        assert allocate(NOISE, WEIGHTS, 1) == dict.fromkeys(WEIGHTS, 2)

    def test_that_a_lucky_width_is_no_reason(self) -> None:
        """Three bits happened to be exact on the images; four are no worse in truth."""
        assert allocate({"a": {2: 0.5, 3: 0.0, 4: 0.1, 8: 0.05}}, {"a": 100}, 50)["a"] == 4

    def test_that_a_budget_for_all_gives_all(self) -> None:
        found = allocate(NOISE, WEIGHTS, cost(dict.fromkeys(WEIGHTS, 8), WEIGHTS))
        assert found == dict.fromkeys(WEIGHTS, 8)


class TestSize:
    @pytest.mark.parametrize("id", ["weight_only", "gptq", "codebook"])
    def test_that_the_file_is_within_the_size_and_uses_it(self, trained: nn.Module, data: Data, id: str) -> None:
        session = session_of(trained, data, method=id, target={"size": 0.2})
        quantized(session)
        assert 0.15 < share(session) <= 0.2
        assert len(session.network.weights_bytes()) == size_bytes(session.network)
        for name, bits in bits_of(session).items():
            assert session.figures[name]["precision"].endswith(str(bits))

    def test_that_a_size_above_1_is_bytes(self, trained: nn.Module, data: Data) -> None:
        session = session_of(trained, data, method="weight_only", target={"size": 15000})
        quantized(session)
        assert 12000 < len(session.network.weights_bytes()) <= 15000

    def test_that_it_is_closer_to_the_original_than_the_same_bits_everywhere(
        self, trained: nn.Module, data: Data
    ) -> None:
        same = session_of(trained, data, method="weight_only", bits=3)
        quantized(same)
        chosen = session_of(trained, data, method="weight_only", target={"size": share(same)})
        quantized(chosen)
        assert share(chosen) <= share(same)
        errors = [fidelity(session) for session in (same, chosen)]
        assert errors[1] > errors[0] + 1

    def test_that_what_is_reachable_is_said(self, trained: nn.Module, data: Data) -> None:
        session = session_of(trained, data, method="weight_only", target={"size": 0.01})
        before = session.network
        with pytest.raises(CompressionError, match=r"size: 0\.01 can't be met") as error:
            quantized(session)
        fewest = session_of(trained, data, method="weight_only", bits=2)
        quantized(fewest)
        expected = f"With the fewest bits in every layer it is {share(fewest):.3g}."
        assert str(error.value.hint) == expected
        assert session.network is before
        assert session.choices == {}


def fidelity(session: Session) -> float:
    images = next(session.data.batches("test", 200))[0]
    with torch.no_grad():
        return output_error(session.original.module(images), session.network.module(images)).sqnr_db


class TestAccuracy:
    def test_that_the_loss_is_measured_and_within_the_figure(self, trained: nn.Module, data: Data) -> None:
        session = session_of(trained, data, method="weight_only", target={"accuracy_drop": 1.0})
        quantized(session)
        whole = evaluate(session.original.module, data, "validation").accuracy
        assert whole - evaluate(session.network.module, data, "validation").accuracy <= 1.0
        generous = session_of(trained, data, method="weight_only", bits=8)
        quantized(generous)
        assert share(session) < share(generous)

    def test_that_a_drop_that_even_the_most_bits_exceed_is_refused(
        self, trained: nn.Module, data: Data, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        scheme = method("quantization", "weight_only")
        assert isinstance(scheme, Scheme)
        apart = copy.deepcopy(trained)
        with torch.no_grad():  # one weight dwarfs its row, and its input is all but nothing
            weight = apart.get_parameter("conv2.weight")
            weight[:, 0] *= 1e6
            norm: Any = apart.get_submodule("bn")
            norm.weight[0] *= 1e-6
            norm.bias[0] *= 1e-6
        session = session_of(apart, data, method="weight_only", group="row", target={"accuracy_drop": 0.1})
        with pytest.raises(CompressionError, match=r"accuracy_drop: 0\.1 can't be met") as error:
            quantized(session)
        assert str(error.value.hint).startswith("With the most bits in every layer it is ")


class TestChoices:
    def test_that_resolved_holds_the_bits_and_runs_to_the_same_network(self, trained: nn.Module, data: Data) -> None:
        session = session_of(trained, data, Rule("conv*", {"group": 32}), method="weight_only", target={"size": 0.2})
        events = quantized(session)
        final = merged(session.recipe, session.choices, catalogue())
        stage = final.stages[0]
        assert stage.settings.get("target") is None
        rules = {rule.pattern: rule.settings for rule in stage.layers}
        chosen = bits_of(session)
        assert {name: (rules[name] or {})["bits"] for name in chosen} == chosen
        assert rules["conv1"] == {"group": 32, "bits": chosen["conv1"]}
        assert recipe_from_data(final.to_data(), catalogue()) == final
        again = session_of(trained, data)
        again.recipe = final
        quantized(again)
        for key, value in session.network.module.state_dict().items():
            assert torch.equal(again.network.module.state_dict()[key], value), key
        assert any(str(event.message).startswith("Bits chosen: ") for event in events if isinstance(event, Warned))

    def test_that_layers_with_bits_of_their_own_and_kept_ones_are_left(self, trained: nn.Module, data: Data) -> None:
        rules = (Rule("conv1", None), Rule("fc2", {"bits": 7}))
        session = session_of(trained, data, *rules, method="weight_only", target={"size": 0.25})
        quantized(session)
        assert bits_of(session).keys() == {"conv2", "fc1"}
        assert session.figures["fc2"]["precision"] == "int7"
        assert "conv1" not in session.figures

    def test_that_the_noise_told_is_that_of_the_layer_alone(self, trained: nn.Module, data: Data) -> None:
        session = session_of(trained, data, method="weight_only", target={"size": 0.2})
        quantized(session)
        row = session.report["bits"]["fc1"]
        alone = session_of(trained, data, Rule("fc1", {"bits": row["bits"]}), Rule("*", None), method="weight_only")
        quantized(alone)
        images = next(data.batches("validation", 128))[0]
        with torch.no_grad():
            found = output_error(alone.original.module(images), alone.network.module(images)).sqnr_db
        assert row["noise_db"] == pytest.approx(found, abs=0.01)

    @pytest.mark.parametrize("id", ["static_int8", "dynamic_int8", "bfloat16"])
    def test_that_schemes_without_bits_refuse_a_target(self, trained: nn.Module, data: Data, id: str) -> None:
        session = session_of(trained, data, method=id, target={"size": 0.2})
        with pytest.raises(CompressionError, match="no layer with bits to choose") as error:
            quantized(session)
        assert error.value.repair is not None
        assert merged(session.recipe, error.value.repair.edits, catalogue()).stages[0].settings.get("target") is None

    def test_that_a_stop_is_heard(self, trained: nn.Module, data: Data) -> None:
        cancel = Cancel()
        cancel.request()
        with pytest.raises(Cancelled):
            quantized(session_of(trained, data, method="weight_only", target={"size": 0.2}), cancel)

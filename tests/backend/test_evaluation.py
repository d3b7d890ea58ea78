"""Figures are recomputed here from their definitions, independently of how Pare counts."""

from __future__ import annotations

import math
import time
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.datasets._base import Data, Part
from backend.errors import Cancelled, CompressionError
from backend.evaluation.accuracy import evaluate
from backend.evaluation.figures import structure, total_macs
from backend.evaluation.latency import _noise, latency, race
from backend.evaluation.macs import shapes
from backend.evaluation.size import size_bytes
from backend.models import open_network
from backend.network import Network
from backend.quantization._fx import make_dynamic
from backend.recipe import DataSpec, ModelSpec


class LeNet(nn.Module):
    """LeNet-5 as its paper's figure has it, on 28×28 padded to 32×32."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.pool = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = self.pool(self.conv1(x).relu())
        x = self.pool(self.conv2(x).relu()).flatten(1)
        out: Tensor = self.fc3(self.fc2(self.fc1(x).relu()).relu())
        return out


class Attention(nn.Module):
    """Self-attention over 10 tokens of width 64, by PyTorch's module."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(64, 4, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.attention(x, x, x, need_weights=False)[0]
        return out


class Broken(nn.Module):
    """Fails whenever it is run."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(3, 3)

    def forward(self, x: Tensor) -> Tensor:
        self.fc(x)
        raise LookupError("no such table")


class Threshold(nn.Module):
    """Says class 1 where the first value is positive, with logits of 0 and that value."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.stack([torch.zeros(len(x)), x.flatten(1)[:, 0]], 1)


def network(module: nn.Module, shape: tuple[int, ...]) -> Network:
    return Network("test", ModelSpec(), module.eval(), shape)


def data_of(images: Tensor, labels: Tensor, **more: object) -> Data:
    part = Part(images, labels)
    parts = dict.fromkeys(("train", "validation", "calibration", "test"), part)
    return Data(parts, DataSpec(batch_size=4), ("a", "b"), (0.0,), (1.0,), **more)  # type: ignore[arg-type]


@pytest.fixture
def scored() -> Data:
    """Ten images of one pixel; Threshold is right on seven of them."""
    values = torch.tensor([1.0, 2.0, -1.0, -2.0, 0.5, -0.5, 3.0, 1.5, -1.5, 2.5])
    labels = (values > 0).long()
    labels[:3] = 1 - labels[:3]
    return data_of(values.view(10, 1, 1, 1), labels)


def test_that_accuracy_and_loss_are_those_of_the_definition(scored: Data) -> None:
    values, labels = scored.parts["test"].images.flatten(), scored.parts["test"].labels
    scores = evaluate(Threshold(), scored, "test")
    loss = sum(
        -math.log(math.exp(v * y) / (1 + math.exp(v))) for v, y in zip(values.tolist(), labels.tolist(), strict=True)
    )
    assert scores.accuracy == pytest.approx(70.0)
    assert scores.loss == pytest.approx(loss / 10)
    assert scores.count == 10


@pytest.mark.parametrize("batch_size", [1, 3, 10, 100])
def test_that_the_batch_size_does_not_show(scored: Data, batch_size: int) -> None:
    one, other = evaluate(Threshold(), scored, "test"), evaluate(Threshold(), scored, "test", batch_size=batch_size)
    assert one.accuracy == other.accuracy
    assert one.loss == pytest.approx(other.loss, rel=1e-12)


def test_that_every_submodule_gets_its_own_mode_back(scored: Data) -> None:
    module = nn.Sequential(nn.Dropout(0.5), nn.BatchNorm2d(1), nn.Flatten(), nn.Linear(1, 2))
    module[1].eval()
    statistics = module[1].running_mean.clone()
    first, second = (evaluate(module, scored, "test") for _ in range(2))
    assert first == second, "dropout was off"
    assert [part.training for part in module] == [True, False, True, True]
    assert torch.equal(module[1].running_mean, statistics)


def test_that_nan_outputs_give_a_nan_loss_and_no_error(scored: Data) -> None:
    class Nan(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return torch.full((len(x), 2), float("nan"))

    scores = evaluate(Nan(), scored, "test")
    assert math.isnan(scores.loss)
    assert 0 <= scores.accuracy <= 100


def test_that_a_metric_of_the_data_replaces_accuracy() -> None:
    def negative_error(outputs: Tensor, targets: Tensor) -> float:
        return -float((outputs - targets).abs().mean())

    images = torch.arange(6.0).view(6, 1, 1, 1)
    data = data_of(images, images.view(6, 1) + 0.5, metric=negative_error)
    scores = evaluate(nn.Flatten(), data, "validation", batch_size=4)
    assert scores.accuracy == pytest.approx(-0.5)
    assert scores.loss == pytest.approx(0.25)


def test_that_a_label_outside_the_classes_is_a_sentence(scored: Data) -> None:
    labels = torch.full((10,), 7)
    with pytest.raises(CompressionError, match="label 7, but the network tells 2 classes apart"):
        evaluate(Threshold(), data_of(scored.parts["test"].images, labels), "test")


def test_that_images_of_a_wrong_shape_are_a_sentence() -> None:
    data = data_of(torch.zeros(4, 3, 9, 9), torch.zeros(4, dtype=torch.int64))
    with pytest.raises(CompressionError, match="images of shape 3×9×9"):
        evaluate(LeNet(), data, "test")


def test_that_evaluation_stops_at_the_next_batch_and_restores_the_mode(scored: Data) -> None:
    cancel, seen = Cancel(), []
    module = nn.Sequential(nn.Flatten(), nn.Linear(1, 2)).train()

    def progress(done: int, total: int) -> None:
        seen.append((done, total))
        cancel.request()

    with pytest.raises(Cancelled):
        evaluate(module, scored, "test", batch_size=4, cancel=cancel, progress=progress)
    assert seen == [(4, 10)]
    assert module.training


def test_that_lenet5_macs_are_those_counted_by_hand() -> None:
    found = shapes(network(LeNet(), (1, 28, 28)))
    assert {name: macs for name, macs in found.macs.items() if macs} == {
        "conv1": 28 * 28 * 6 * 25,
        "conv2": 10 * 10 * 16 * 6 * 25,
        "fc1": 400 * 120,
        "fc2": 120 * 84,
        "fc3": 84 * 10,
    }
    assert found.outputs["conv1"] == (6, 28, 28)
    assert found.outputs["fc3"] == found.outputs[""] == (10,)


def test_that_resnet20_has_the_macs_of_the_literature() -> None:
    found = open_network(ModelSpec("bundled", "resnet20"), Path())
    stem = 32 * 32 * 16 * 3 * 9
    stages = 6 * 32 * 32 * 16 * 16 * 9 + 5 * 16 * 16 * 32 * 32 * 9 + 5 * 8 * 8 * 64 * 64 * 9
    entries = 16 * 16 * 32 * 16 * 9 + 8 * 8 * 64 * 32 * 9
    assert total_macs(found) == stem + stages + entries + 640
    assert total_macs(found) == pytest.approx(40.6e6, rel=0.01)


@pytest.mark.parametrize(
    ("module", "shape", "macs"),
    [
        (nn.Conv2d(8, 12, 3, groups=4), (8, 7, 7), 5 * 5 * 12 * 2 * 9),
        (nn.Conv2d(8, 8, 3, groups=8, stride=2, padding=1), (8, 8, 8), 4 * 4 * 8 * 9),
        (nn.Conv1d(2, 4, 5, dilation=2), (2, 20), 12 * 4 * 2 * 5),
        (nn.Conv3d(2, 3, (1, 2, 3)), (2, 4, 5, 6), 4 * 4 * 4 * 3 * 2 * 6),
        (nn.ConvTranspose2d(4, 6, 3, stride=2, groups=2), (4, 5, 5), 5 * 5 * 4 * 3 * 9),
        (nn.Linear(5, 7), (3, 4, 5), 3 * 4 * 5 * 7),
        (Attention(), (10, 64), 10 * 64 * (3 * 64 + 64) + 2 * 10 * 10 * 64),
    ],
)
def test_that_macs_follow_the_formula(module: nn.Module, shape: tuple[int, ...], macs: int) -> None:
    assert total_macs(network(module, shape)) == macs


def test_that_matrix_products_outside_layers_count_for_the_module_that_does_them() -> None:
    class Product(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x @ x.transpose(1, 2)

    found = shapes(network(nn.Sequential(nn.Linear(6, 8), Product()), (5, 6)))
    assert found.macs == {"0": 5 * 6 * 8, "1": 5 * 8 * 5}


@pytest.mark.parametrize("kind", [nn.GRU, nn.LSTM, nn.RNN])
def test_that_a_recurrent_layer_multiplies_by_each_of_its_matrices_at_each_step(kind: type[nn.RNNBase]) -> None:
    layer = kind(28, 16, num_layers=2, bidirectional=True, batch_first=True)
    per_step = sum(p.numel() for n, p in layer.named_parameters() if n.startswith("weight"))
    assert shapes(network(nn.Sequential(layer), (12, 28))).macs == {"0": 12 * per_step}


def test_that_int8_layers_keep_the_macs_and_parameters_of_their_float_ones() -> None:
    class Rows(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.gru = nn.GRU(60, 50, batch_first=True)
            self.fc = nn.Linear(50, 30)

        def forward(self, x: Tensor) -> Tensor:
            out: Tensor = self.fc(self.gru(x)[0][:, -1])
            return out

    before = network(Rows(), (4, 60))
    after = network(make_dynamic(before.copy().module, {"gru": False, "fc": True}, "x86"), (4, 60))
    assert shapes(after).macs["gru"] == shapes(before).macs["gru"]
    one, other = structure(before), structure(after, original=before)
    assert (other["macs"], other["parameters"], other["removed"]) == (one["macs"], one["parameters"], 0.0)
    assert [row["precision"] for row in one["layers"]] == ["fp32", "fp32"]
    assert [row["precision"] for row in other["layers"]] == ["int8", "int8"]
    assert other["size_bytes"] < one["size_bytes"]


def test_that_counting_leaves_no_trace() -> None:
    module = LeNet().train()
    shapes(Network("test", ModelSpec(), module, (1, 28, 28)))
    assert all(part.training for part in module.modules())
    assert not any(part._forward_hooks or part._forward_pre_hooks for part in module.modules())
    with pytest.raises(LookupError):
        shapes(network(Broken(), (3,)))
    assert torch.equal(torch.ones(2) @ torch.ones(2), torch.tensor(2.0)), "the dispatcher is as it was"


def test_that_a_network_that_cannot_be_run_still_has_its_structure() -> None:
    found = structure(network(Broken(), (3,)))
    assert found["macs"] is None
    assert found["parameters"] == 12


def test_that_structure_is_that_of_the_definitions() -> None:
    original = network(nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(36, 2)), (1, 5, 5))
    smaller = network(nn.Sequential(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.Flatten(), nn.Linear(27, 2)), (1, 5, 5))
    with torch.no_grad():
        smaller.module[0].weight[0] = 0  # type: ignore[index, operator, union-attr]
        smaller.module[3].bias.zero_()  # type: ignore[index, operator, union-attr]
    found = structure(smaller, original=original, figures={"3": {"sqnr_db": 12.5}})
    weights, original_weights = 27 + 54, 36 + 72
    assert found["parameters"] == sum(p.numel() for p in smaller.module.parameters())
    # 9 weights, the linear layer's bias, and BatchNorm's bias (which starts at zero).
    assert found["nonzero_parameters"] == found["parameters"] - 9 - 2 - 3
    assert found["sparsity"] == pytest.approx(9 / weights)
    assert found["removed"] == pytest.approx(1 - weights / original_weights)
    assert found["size_bytes"] == len(smaller.weights_bytes())
    assert found["layers"] == [
        {"name": "0", "type": "Conv2d", "parameters": 30, "sparsity": pytest.approx(1 / 3), "precision": "fp32"},
        {"name": "3", "type": "Linear", "parameters": 56, "sparsity": 0.0, "precision": "fp32", "sqnr_db": 12.5},
    ]


def test_that_a_tied_weight_counts_once() -> None:
    module = nn.Sequential(nn.Linear(4, 4, bias=False), nn.Linear(4, 4, bias=False))
    module[1].weight = module[0].weight
    assert structure(network(module, (4,)))["parameters"] == 16


def test_that_the_size_is_the_length_of_the_file() -> None:
    module = nn.Sequential(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.Linear(3, 3).half(), nn.Linear(2, 2).double())
    for number, kind in enumerate((torch.int8, torch.uint8, torch.bool, torch.int16, torch.int32, torch.bfloat16)):
        module.register_buffer(f"缓冲 {number}", torch.zeros(5, dtype=kind))
    int8 = make_dynamic(nn.Sequential(nn.Linear(10, 6), nn.ReLU(), nn.Linear(6, 2)), {"0": True, "2": False}, "x86")
    for each in (module, int8):
        assert size_bytes(network(each, (1,))) == len(network(each, (1,)).weights_bytes())


def test_that_a_race_takes_contenders_in_turns_and_leaves_the_warm_up_out() -> None:
    calls: list[str] = []

    def contender(name: str) -> None:
        # A first call that is slow, as when a kernel is chosen, must not count.
        time.sleep(0.05 if name not in calls else 0.001)
        calls.append(name)

    found = race({"a": lambda: contender("a"), "b": lambda: contender("b")}, seconds=0.02)
    assert calls == ["a", "b"] * (len(calls) // 2)
    assert found["a"].rounds == found["b"].rounds == len(calls) // 2 - 2 >= 5
    assert 1.0 <= found["a"].min <= found["a"].median < 50.0


def test_that_a_race_can_be_cancelled() -> None:
    cancel = Cancel()
    with pytest.raises(Cancelled):
        race({"a": cancel.request}, seconds=60, cancel=cancel)


def test_that_latency_tells_what_it_was_measured_with() -> None:
    networks = {"baseline": network(LeNet(), (1, 28, 28)), "final": network(LeNet(), (1, 28, 28))}
    found = latency(networks, torch.zeros(3, 1, 28, 28), seconds=0.02)
    shared = {"runtime": "torch", "threads": torch.get_num_threads()}
    for name in networks:
        one, many = found[name]["latency_ms"], found[name]["latency_batch_ms"]
        assert 0 < one["min"] <= one["median"]
        assert one["min"] < many["min"]
        assert {key: one[key] for key in ("runtime", "threads", "batch")} == {**shared, "batch": 1}
        assert {key: many[key] for key in ("runtime", "threads", "batch")} == {**shared, "batch": 256}


def test_that_the_noise_of_a_race_is_twice_the_notch_of_a_box_plot() -> None:
    times = [10.0, 12.0, 14.0, 20.0, 30.0]
    low, high = 12.0, 20.0
    assert _noise(times) == pytest.approx(2 * 1.57 * (high - low) / 5**0.5)
    assert _noise([3.0]) == 0
    assert race({"one": lambda: None}, seconds=0.05)["one"].noise >= 0

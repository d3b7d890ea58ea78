"""Distributions of weights and activations, and the grid that quantization lays over them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from backend.answers import Histogram
from backend.cancel import Cancel
from backend.datasets import open_data
from backend.engine.jobs import _opened
from backend.errors import CompressionError, msg
from backend.evaluation.histogram import activation_values, counted, weight_values
from backend.events import Event
from backend.models import open_network
from backend.quantization._base import Scheme
from backend.quantization._fx import make_dynamic
from backend.recipe import DataSpec, ModelSpec, Recipe, Stage, plan
from backend.registry import catalogue, method
from backend.runner import run


def settings(**chosen: object) -> dict[str, object]:
    """What a quantize stage has for a layer, with its defaults."""
    found = plan(Stage("quantize", {"method": "static_int8", **chosen}), "0", "Linear", catalogue()).settings
    assert found is not None
    return dict(found)


def weight_histogram(
    module: nn.Module, layer: str, chosen: Mapping[str, Any] | None = None, bins: int = 64
) -> Histogram:
    return counted(layer, weight_values(module, layer, chosen), bins)


def activation_histogram(
    module: nn.Module,
    layer: str,
    images: Iterable[Tensor],
    chosen: Mapping[str, Any] | None = None,
    bins: int = 64,
) -> Histogram:
    return counted(layer, activation_values(module, layer, images, Cancel(), chosen), bins)


def test_that_a_histogram_counts_every_weight_once() -> None:
    module = nn.Sequential(nn.Linear(30, 20))
    with torch.no_grad():
        module[0].weight[:3] = 0
    weight = module[0].weight.detach()
    found = weight_histogram(module, "0", bins=16)
    assert len(found.edges) == 17
    assert sum(found.counts) == 600
    for low, high, count in zip(found.edges, found.edges[1:], found.counts, strict=False):
        inside = int(((weight > low + 1e-6) & (weight < high - 1e-6)).sum())
        around = int(((weight >= low - 1e-6) & (weight <= high + 1e-6)).sum())
        assert inside <= count <= around
    assert found.zeros == 90
    assert list(found.shape) == [20, 30]
    assert (found.minimum, found.maximum) == (float(weight.min()), float(weight.max()))
    assert found.mean == pytest.approx(float(weight.mean()), abs=1e-7)
    assert found.std == pytest.approx(float(((weight - weight.mean()) ** 2).mean().sqrt()), rel=1e-4)


def test_that_a_histogram_of_an_int8_layer_shows_the_values_it_stands_for() -> None:
    module = nn.Sequential(nn.Linear(30, 20))
    weight = module[0].weight.detach().clone()
    found = weight_histogram(make_dynamic(module, {"0": True}, "x86"), "0", bins=8)
    assert list(found.shape) == [20, 30]
    step = float(weight.abs().max()) / 127
    assert found.minimum == pytest.approx(float(weight.min()), abs=step)
    assert found.maximum == pytest.approx(float(weight.max()), abs=step)


def test_that_a_layer_of_equal_weights_has_a_histogram() -> None:
    module = nn.Sequential(nn.Linear(4, 4))
    nn.init.zeros_(module[0].weight)
    found = weight_histogram(module, "0", bins=4)
    assert (sum(found.counts), found.zeros, found.minimum, found.maximum) == (16, 16, 0.0, 0.0)
    assert found.edges[0] < 0 < found.edges[-1]


@pytest.mark.parametrize("layer", ["", "0", "nowhere"])
def test_that_a_layer_without_weights_is_a_sentence(layer: str) -> None:
    with pytest.raises(CompressionError, match="has no weights to show"):
        weight_histogram(nn.Sequential(nn.ReLU()), layer)


def test_that_the_grid_of_a_float_layer_is_what_the_plan_would_make_of_it() -> None:
    torch.manual_seed(0)
    module = nn.Sequential(nn.Linear(30, 20))
    weight = module[0].weight.detach()
    grid = weight_histogram(module, "0", settings(weights="per_tensor", weight_scheme="affine")).grid
    assert grid is not None and grid.scale is not None and grid.zero_point is not None
    assert grid.scale == pytest.approx(float(weight.max() - weight.min()) / 255)
    assert (len(grid.levels), grid.of) == (256, "layer")
    assert grid.levels == pytest.approx([grid.scale * (q - grid.zero_point) for q in range(-128, 128)])
    rounded = (torch.round(weight / grid.scale) + grid.zero_point).clamp(-128, 127) - grid.zero_point
    error = ((weight - rounded * grid.scale) ** 2).sum()
    assert grid.sqnr_db == pytest.approx(10 * math.log10(float((weight**2).sum() / error)), abs=1e-3)


@pytest.mark.parametrize("weights", ["per_channel", "per_tensor"])
@pytest.mark.parametrize("scheme", ["symmetric", "affine"])
def test_that_the_planned_grid_is_the_one_that_the_run_makes(weights: str, scheme: str, tmp_path: Path) -> None:
    chosen = {"method": "static_int8", "engine": "x86", "weights": weights, "weight_scheme": scheme}
    original = open_network(ModelSpec("bundled", "lenet5"), tmp_path).module
    torch.save(original.state_dict(), tmp_path / "weights.pth")
    model = ModelSpec("bundled", "lenet5", weights=str(tmp_path / "weights.pth"))
    recipe = Recipe(model=model, data=DataSpec("digits", limit=100), stages=(Stage("quantize", chosen),))
    events: list[Event] = []
    run(recipe, tmp_path / "run", events.append, Cancel(), folder=tmp_path)
    planned = weight_histogram(original, "fc2", settings(**chosen)).grid
    after = open_network(ModelSpec("pare", weights=str(tmp_path / "run")), tmp_path).module
    made = weight_histogram(after, "fc2", settings(**chosen)).grid
    assert planned is not None and made is not None
    assert (made.scale, made.zero_point) == (pytest.approx(planned.scale), planned.zero_point)
    assert made.levels == pytest.approx(planned.levels, abs=1e-7)
    assert made.of == planned.of == ("channel" if weights == "per_channel" else "layer")
    assert made.sqnr_db is None, "what lies on the grid is not rounded again"


def test_that_activations_are_what_comes_into_the_layer() -> None:
    module = nn.Sequential(nn.ReLU(), nn.Linear(6, 4)).train()
    images = torch.randn(20, 6)
    found = activation_histogram(module, "1", images.split(8), bins=10)
    assert (sum(found.counts), found.images, list(found.shape)) == (120, 20, [6])
    assert found.minimum == 0 and found.maximum == pytest.approx(float(images.max()))
    assert found.grid is None
    assert module.training, "the network is left as it was"
    assert not module[1]._forward_pre_hooks


def test_that_a_layer_may_be_called_with_its_input_by_name() -> None:
    class Named(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(6, 4)

        def forward(self, x: Tensor) -> Tensor:
            scores: Tensor = self.fc(input=x)
            return scores

    images = torch.randn(20, 6)
    assert activation_histogram(Named(), "fc", images.split(8)).maximum == float(images.max())


def test_that_the_grid_of_activations_is_the_observer_s() -> None:
    module = nn.Sequential(nn.Linear(6, 4))
    images = torch.randn(64, 6)
    found = activation_histogram(module, "0", images.split(8), settings(observer="min_max", engine="qnnpack"))
    grid = found.grid
    assert grid is not None and grid.scale is not None and grid.zero_point is not None
    assert grid.scale == pytest.approx(float(images.max() - images.min()) / 255, rel=1e-4)
    assert grid.levels[0] == pytest.approx(float(images.min()), abs=grid.scale)
    assert grid.zero_point == pytest.approx(-float(images.min()) / grid.scale, abs=0.51)


def test_that_images_of_a_size_that_is_slow_do_not_keep_a_person_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.evaluation.histogram.SECONDS", 0.0)
    found = activation_histogram(nn.Sequential(nn.Linear(6, 4)), "0", torch.randn(64, 6).split(8))
    assert found.images == 8


def test_that_a_layer_that_no_image_reaches_is_a_sentence() -> None:
    class Skips(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.used, self.unused = nn.Linear(6, 4), nn.Linear(6, 4)

        def forward(self, x: Tensor) -> Tensor:
            out: Tensor = self.used(x)
            return out

    with pytest.raises(CompressionError, match="No calibration image reaches unused"):
        activation_histogram(Skips(), "unused", [torch.randn(2, 6)])


def test_that_an_answer_comes_back_as_it_was_sent() -> None:
    found = weight_histogram(nn.Sequential(nn.Linear(3, 2)), "0", settings())
    assert Histogram.from_data(found.to_data()) == found


def test_that_images_of_the_digits_reach_every_layer() -> None:
    data = open_data(DataSpec("digits", limit=16), Path(), 0, lambda *_: None, Cancel())
    module = open_network(ModelSpec("bundled", "lenet5"), Path()).module
    batches = [images for images, _ in data.batches("calibration", 8)]
    for layer in ("conv1", "conv2", "fc1", "fc3"):
        assert activation_histogram(module, layer, batches, settings()).grid is not None


@pytest.mark.parametrize("scheme", ["symmetric", "affine"])
@pytest.mark.parametrize(("group", "of"), [(32, "group"), ("row", "channel")])
def test_that_the_planned_grid_of_few_bits_is_that_of_the_first_group(scheme: str, group: object, of: str) -> None:
    chosen = {"method": "weight_only", "bits": 3, "group": group, "weight_scheme": scheme}
    module = nn.Sequential(nn.Linear(70, 20))
    weight = module[0].weight.detach()
    grid = weight_histogram(module, "0", settings(**chosen)).grid
    assert grid is not None and grid.scale is not None and grid.zero_point is not None
    assert (grid.of, len(grid.levels)) == (of, 8)
    found = method("quantization", "weight_only")
    assert isinstance(found, Scheme) and found.weight is not None
    shared = found.weight(weight, settings(**chosen))[0, : 70 if of == "channel" else 32]
    levels = torch.tensor(grid.levels)
    assert bool(((shared[:, None] - levels).abs().amin(1) < 1e-6).all()), "every weight of the group is a level"
    assert grid.levels == pytest.approx([grid.scale * (q - grid.zero_point) for q in range(8)])


def test_that_a_codebook_s_levels_are_its_centroids() -> None:
    module = nn.Sequential(nn.Linear(70, 20))
    grid = weight_histogram(module, "0", settings(method="codebook", bits=3)).grid
    assert grid is not None and grid.scale is None
    assert (grid.of, len(grid.levels)) == ("layer", 8)


def test_that_nobody_waits_for_images_that_take_long_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_opened, "PATIENCE", 0.0)
    with pytest.raises(CompressionError, match="takes too long"):
        _opened._impatient()(1, 2, msg("Downloading {name}", name="images"))


def test_that_the_grid_is_that_of_the_first_channel_that_is_not_pruned() -> None:
    module = nn.Sequential(nn.Linear(64, 8))
    with torch.no_grad():
        module[0].weight[:3] = 0
    weight = module[0].weight.detach().clone()
    for chosen in (
        {"engine": "x86"},
        {"method": "weight_only", "bits": 4, "group": "row", "weight_scheme": "symmetric"},
    ):
        grid = weight_histogram(module, "0", settings(**chosen)).grid
        assert grid is not None and grid.scale is not None
        assert (grid.of, grid.channel) == ("channel", 3)
        highest = 127.5 if "engine" in chosen else 7
        assert grid.scale == pytest.approx(float(weight[3].abs().max()) / highest, rel=1e-2)
    made = weight_histogram(make_dynamic(module, {"0": True}, "x86"), "0").grid
    assert made is not None and made.channel == 3


def test_that_a_large_layer_is_rounded_in_part_and_keeps_its_grid() -> None:
    module = nn.Sequential(nn.Linear(1000, 3000))
    with torch.no_grad():
        module[0].weight[:4] = 0
    weight = module[0].weight.detach()
    grid = weight_histogram(module, "0", settings(engine="x86")).grid
    assert grid is not None and grid.scale is not None and grid.sqnr_db is not None
    assert grid.channel == 6, "every third row is looked at"
    assert grid.scale == pytest.approx(float(weight[6].abs().max()) / 127.5)
    rows = weight[4:]
    scales = rows.abs().amax(1, keepdim=True) / 127.5
    error = (((rows / scales).round().clamp(-128, 127) * scales - rows) ** 2).sum()
    assert grid.sqnr_db == pytest.approx(10 * math.log10(float((rows**2).sum() / error)), abs=0.05)

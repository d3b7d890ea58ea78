"""The channels of a layer and the picture of its weight: each figure against its definition."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from backend.answers import CHANNEL_FIGURES, ChannelTable, WeightPicture
from backend.cancel import Cancel
from backend.engine.jobs.channels import channels
from backend.engine.jobs.histogram import histogram
from backend.engine.jobs.picture import picture
from backend.engine.protocol import LayerChannels, LayerHistogram, LayerPicture, Request
from backend.errors import CompressionError
from backend.evaluation.channels import channel_figures
from backend.evaluation.layer_weight import largest_shown, layer_weight
from backend.evaluation.picture import MOST, cell_size, cells
from backend.events import Answer, Event
from backend.models import open_network
from backend.network import Edit, Network
from backend.quantization._fx import make_dynamic
from backend.quantization._grid import planned_scales, scales_of
from backend.recipe import DataSpec, ModelSpec, Recipe, Rule, Stage
from backend.runner import run
from tests.backend.test_histogram import settings


def network(*layers: nn.Module, edits: tuple[Edit, ...] = ()) -> Network:
    return Network("net", ModelSpec("bundled", "lenet5"), nn.Sequential(*layers).eval(), (1, 8, 8), edits=edits)


def answered(job: object, request: Request) -> dict[str, object]:
    events: list[Event] = []
    job(request, events.append, Cancel())  # type: ignore[operator]
    assert isinstance(events[-1], Answer)
    return events[-1].value  # type: ignore[no-any-return]


def column(figures: Tensor, name: str) -> list[float]:
    return figures[:, CHANNEL_FIGURES.index(name)].tolist()


def test_that_every_figure_of_a_channel_is_that_of_its_weights() -> None:
    layer = nn.Conv2d(3, 4, 5)
    with torch.no_grad():
        layer.weight[2] = 0
        layer.weight[1, 0] = 0
    found = channel_figures(layer_weight(network(layer), "0"))
    assert found.shape == (4, len(CHANNEL_FIGURES))
    for i in range(4):
        row = layer.weight[i].detach().flatten().tolist()
        mean = sum(row) / len(row)
        expected = {
            "number": i,
            "minimum": min(row),
            "maximum": max(row),
            "mean": mean,
            "std": math.sqrt(sum((w - mean) ** 2 for w in row) / len(row)),
            "l1": sum(abs(w) for w in row),
            "l2": math.sqrt(sum(w * w for w in row)),
            "zeros": sum(w == 0 for w in row) / len(row),
            "pruned": sum(w == 0 for w in row) / len(row),
        }
        for name, value in expected.items():
            assert column(found, name)[i] == pytest.approx(value, rel=1e-4, abs=1e-6), name
    assert all(math.isnan(scale) for scale in column(found, "scale"))


def test_that_the_channels_of_a_transposed_convolution_are_its_outputs() -> None:
    layer = nn.ConvTranspose2d(6, 4, 3, groups=2)
    weight = layer_weight(network(layer), "0")
    assert weight.values.shape == (4, 3, 3, 3)
    signal = torch.zeros(1, 6, 1, 1)
    signal[0, 4] = 1  # the second input of the second group
    out = layer(signal) - layer.bias[None, :, None, None]
    assert torch.allclose(out[0, 3], weight.values[3, 1], atol=1e-6)


def test_that_a_mask_tells_what_is_pruned_from_what_is_only_zero() -> None:
    layer = nn.Linear(4, 2)
    with torch.no_grad():
        layer.weight[0] = torch.tensor([0.0, 0.0, 1.0, 2.0])
    mask = torch.ones(2, 4)
    mask[0, 0] = 0
    found = channel_figures(layer_weight(network(layer), "0", mask))
    assert column(found, "zeros") == [0.5, 0.0]
    assert column(found, "pruned") == [0.25, 0.0]
    unmasked = channel_figures(layer_weight(network(layer), "0", torch.ones(())))
    assert column(unmasked, "pruned") == [0.0, 0.0], "the run's masks do not prune this layer"


def test_that_a_removed_channel_leaves_the_others_their_numbers() -> None:
    removed = Edit("remove", {"lists": [[0, 3], [1]], "tensors": {"0.weight": {"0": 0, "1": 1}}})
    again = Edit("remove", {"lists": [[1]], "tensors": {"0.weight": {"0": 0}}})
    weight = layer_weight(network(nn.Conv2d(2, 3, 1), edits=(removed, again)), "0")
    assert weight.rows.tolist() == [1, 4, 5], "of 0 to 5 without 0 and 3, then without the second of 1, 2, 4, 5"
    assert weight.columns.tolist() == [0, 2]
    assert weight.shape == [6, 3, 1, 1]
    drawn = cells(weight)
    there = drawn.planes[2]
    assert there.nonzero().tolist() == [[r, c] for r in (1, 4, 5) for c in (0, 2)]
    assert torch.equal(drawn.planes[0][[1, 4, 5]][:, [0, 2]], weight.values.flatten(1))


@pytest.mark.parametrize("layer", [nn.ReLU(), nn.BatchNorm2d(3)])
def test_that_a_layer_without_channels_of_weights_is_a_sentence(layer: nn.Module) -> None:
    with pytest.raises(CompressionError) as caught:
        layer_weight(network(layer), "0")
    assert str(caught.value.hint)


def test_that_a_recurrent_layer_says_how_many_matrices_are_not_shown() -> None:
    assert layer_weight(network(nn.LSTM(3, 4, num_layers=2)), "0").others == 3


# The picture


def test_that_a_small_weight_is_drawn_whole() -> None:
    layer = nn.Conv2d(3, 8, 3)
    drawn = cells(layer_weight(network(layer), "0"))
    assert (drawn.area, drawn.cell) == ((0, 0, 8, 27), (1, 1))
    assert torch.equal(drawn.planes[0], layer.weight.detach().flatten(1))
    assert bool((drawn.planes[1:] == 1).all())


def test_that_a_cell_of_a_large_weight_tells_its_farthest_value_and_its_share_kept() -> None:
    torch.manual_seed(0)
    layer = nn.Linear(1100, 700)
    with torch.no_grad():
        layer.weight[torch.rand(700, 1100) < 0.7] = 0
    drawn = cells(layer_weight(network(layer), "0"))
    assert drawn.cell == (2, 3)
    assert drawn.planes.shape == (3, 350, 367)
    weight = layer.weight.detach()
    for row, across in ((0, 0), (17, 200), (349, 366)):  # the last cell is cut off: two columns are left
        block = weight[2 * row : 2 * row + 2, 3 * across : 3 * across + 3]
        assert float(drawn.planes[0, row, across].abs()) == float(block.abs().max())
        assert float(drawn.planes[0, row, across]) in block
        assert float(drawn.planes[1, row, across]) == pytest.approx(int(block.count_nonzero()) / block.numel())
    assert bool((drawn.planes[2] == 1).all())


def test_that_a_part_of_a_large_weight_is_drawn_in_detail() -> None:
    layer = nn.Linear(1100, 700)
    drawn = cells(layer_weight(network(layer), "0"), (100, 900, 80, 500))
    assert drawn.area == (100, 900, 80, 200), "cut at the end of the weight"
    assert drawn.cell == (1, 1)
    assert torch.equal(drawn.planes[0], layer.weight.detach()[100:180, 900:1100])


def test_that_cells_of_a_large_convolution_hold_whole_kernels() -> None:
    layer = nn.Conv2d(600, 4, 3)
    weight = layer_weight(network(layer), "0")
    drawn = cells(weight)
    assert drawn.cell == (1, 18)
    kernels = layer.weight.detach()[1, 4:6]
    assert float(drawn.planes[0, 1, 2].abs()) == float(kernels.abs().max())
    part = cells(weight, (0, 100, 4, 4000))
    assert part.area[1] % 9 == 0 and part.cell[1] % 9 == 0, "a part begins where a kernel begins"


@pytest.mark.parametrize(
    ("rows", "columns", "kernel", "cell"),
    [
        (6, 25, (5, 5), (1, 1)),
        (64, 576, (3, 3), (1, 1)),
        (512, 4608, (3, 3), (1, 9)),
        (1000, 9, (3, 3), (1, 1)),
        (4096, 6144, (), (8, 12)),
        (10, 4096, (), (1, 8)),
    ],
)
def test_that_no_picture_has_more_cells_than_can_be_seen(
    rows: int, columns: int, kernel: tuple[int, ...], cell: tuple[int, int]
) -> None:
    assert cell_size(rows, columns, kernel) == cell
    assert math.ceil(rows / cell[0]) * math.ceil(columns / cell[1]) <= MOST * MOST


def test_that_the_scale_of_colors_leaves_single_large_weights_out() -> None:
    values = torch.randn(50, 50)
    values[0, 0] = 100
    power = math.sqrt(float((values**2).mean()))
    assert largest_shown(values) == pytest.approx(3 * power, rel=1e-5)
    assert largest_shown(torch.full((2, 2), -0.5)) == 0.5
    assert largest_shown(torch.zeros(2, 2)) == 0


# Scales


@pytest.mark.parametrize("scheme", ["symmetric", "affine"])
def test_that_the_planned_scale_of_a_channel_spans_its_range(scheme: str) -> None:
    layer = nn.Conv2d(3, 4, 3)
    found = planned_scales(
        layer, layer.weight.detach(), settings(weights="per_channel", weight_scheme=scheme, engine="x86")
    )
    assert found is not None and found.of == "channel"
    for row, scale in zip(layer.weight.detach().flatten(1), found.each.tolist(), strict=True):
        low, high = min(0.0, float(row.min())), max(0.0, float(row.max()))
        assert scale == pytest.approx((high - low) / 255 if scheme == "affine" else max(-low, high) / 127.5, rel=1e-4)


def test_that_the_scales_of_an_int8_layer_are_its_kernel_s() -> None:
    module = nn.Sequential(nn.Linear(30, 20))
    weight = module[0].weight.detach().clone()
    found = scales_of(make_dynamic(module, {"0": True}, "x86").get_submodule("0"))
    assert found is not None and found.of == "channel"
    assert found.each.tolist() == pytest.approx((weight.abs().amax(1) / 127.5).tolist(), rel=1e-2)


def test_that_the_scale_of_a_channel_of_packed_groups_is_their_mean() -> None:
    module = nn.Sequential(nn.Linear(64, 3))
    weight = module[0].weight.detach().clone()
    chosen = settings(method="weight_only", bits=4, group=32, weight_scheme="symmetric")
    planned = planned_scales(module[0], weight, chosen)
    each = weight.reshape(3, 2, 32).abs().amax(-1) / 7
    assert planned is not None and planned.of == "group"
    assert planned.each.tolist() == pytest.approx(each.mean(1).tolist(), rel=1e-2)
    assert scales_of(module[0]) is None, "a float layer has none"


# The engine's jobs


@pytest.fixture(scope="module")
def pruned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Weights of LeNet-5, and the run that removed half of conv2's channels and rounded fc1 and fc2 to four bits."""
    folder = tmp_path_factory.mktemp("run")
    torch.manual_seed(0)
    original = open_network(ModelSpec("bundled", "lenet5"), folder).module
    torch.save(original.state_dict(), folder / "weights.pth")
    keep = Rule("*", None)
    stages = (
        Stage("prune", {"method": "ln_structured", "amount": 0.5, "remove": True}, (Rule("conv2", {}), keep)),
        Stage("prune", {"method": "l1_unstructured", "amount": 0.5}, (Rule("fc2", {}), keep)),
        Stage("quantize", {"method": "weight_only", "bits": 4}, (Rule("fc1", {}), Rule("fc2", {}), keep)),
    )
    model = ModelSpec("bundled", "lenet5", weights=str(folder / "weights.pth"))
    events: list[Event] = []
    recipe = Recipe(model=model, data=DataSpec("digits", limit=60), stages=stages)
    run(recipe, folder / "run", events.append, Cancel(), folder=folder)
    assert (folder / "run" / "result.json").is_file(), events[-1]
    return folder / "weights.pth", folder / "run"


def models(pruned: tuple[Path, Path]) -> tuple[dict[str, str], dict[str, str]]:
    return {"source": "bundled", "name": "lenet5", "weights": str(pruned[0])}, {
        "source": "pare",
        "weights": str(pruned[1]),
    }


def test_that_removed_channels_are_told_by_their_numbers(pruned: tuple[Path, Path], tmp_path: Path) -> None:
    _, after = models(pruned)
    file = tmp_path / "1.npy"
    table = ChannelTable.from_data(answered(channels, LayerChannels(after, "conv2", str(file))))  # type: ignore[arg-type]
    assert (list(table.shape), list(table.before)) == ([8, 6, 5, 5], [16, 6, 5, 5])
    original = torch.load(pruned[0])["conv2.weight"]
    kept = original.flatten(1).norm(dim=1).topk(8).indices.sort().values.tolist()
    figures = torch.from_numpy(np.load(file))
    assert column(figures, "number") == kept
    assert column(figures, "l2") == pytest.approx(original[kept].flatten(1).norm(dim=1).tolist(), rel=1e-5)


def test_that_a_run_s_mask_is_drawn_and_not_what_rounding_made_zero(pruned: tuple[Path, Path], tmp_path: Path) -> None:
    _, after = models(pruned)
    file = tmp_path / "1.npy"
    found = WeightPicture.from_data(answered(picture, LayerPicture(after, "fc2", str(file))))  # type: ignore[arg-type]
    assert found.masked
    assert found.pruned == pytest.approx(0.5, abs=1e-4)
    assert found.zeros == pytest.approx(0.5, abs=0.05)
    planes = np.load(file)
    assert planes.shape == (3, 84, 120)
    assert float(planes[1].mean()) == pytest.approx(0.5, abs=1e-4)
    assert bool((planes[0][planes[1] == 0] == 0).all())
    other = WeightPicture.from_data(answered(picture, LayerPicture(after, "fc1", str(file))))  # type: ignore[arg-type]
    assert other.masked and other.pruned == 0 < other.zeros, "a layer that no mask prunes, rounded"


def test_that_the_original_is_counted_in_the_same_bins(pruned: tuple[Path, Path]) -> None:
    before, after = models(pruned)
    found = answered(histogram, LayerHistogram(after, "conv2", 16, before=before))
    original = torch.load(pruned[0])["conv2.weight"]
    edges = np.array(found["edges"])
    known = found["before"]
    assert isinstance(known, dict)
    assert sum(known["counts"]) == 16 * 150 and known["shape"] == [16, 6, 5, 5]
    assert sum(found["counts"]) == 8 * 150  # type: ignore[call-overload]
    assert edges[0] == pytest.approx(float(original.min())) and edges[-1] == pytest.approx(float(original.max()))
    expected, _ = np.histogram(original.numpy(), edges)
    assert np.abs(np.array(known["counts"]) - expected).sum() <= 4, "but for values on the edge of a bin"


def test_that_a_layer_that_the_original_does_not_have_is_counted_alone(pruned: tuple[Path, Path]) -> None:
    _, after = models(pruned)
    found = answered(histogram, LayerHistogram(after, "conv2", before={"source": "bundled", "name": "resnet20"}))
    assert found["before"] is None


def test_that_the_weight_of_a_packed_layer_has_channels(pruned: tuple[Path, Path], tmp_path: Path) -> None:
    _, after = models(pruned)
    file = tmp_path / "1.npy"
    table = ChannelTable.from_data(answered(channels, LayerChannels(after, "fc2", str(file))))  # type: ignore[arg-type]
    assert table.scales in ("group", "channel")
    assert all(scale > 0 for scale in column(torch.from_numpy(np.load(file)), "scale"))

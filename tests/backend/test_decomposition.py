"""Decompositions by their definitions, recomputed with numpy; ranks by energy and for a target; what stays whole."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.decomposition._base import Decomposition
from backend.decomposition._choose import Choice, allocate, keeping
from backend.decomposition._replace import placed, read_from_outside, tied
from backend.decomposition._tell import weight_error
from backend.errors import CompressionError, RecipeError
from backend.events import Event, Finished, Warned
from backend.models import open_network
from backend.network import Network
from backend.recipe import ModelSpec, Recipe, merged, read_recipe, recipe_from_data
from backend.registry import catalogue, method
from tests.backend.conftest import carried_out


def decomposition(id: str) -> Decomposition:
    return cast(Decomposition, method("decomposition", id))


def full_weight(factors: nn.Sequential, inputs: int, kernel: tuple[int, int]) -> np.ndarray:
    """What the factors multiply by: their answer to an impulse in each input channel."""
    height, width = kernel
    plain = nn.Sequential(*factors)
    with torch.no_grad():
        image = torch.zeros(inputs, inputs, 2 * height - 1, 2 * width - 1)
        image[range(inputs), range(inputs), height - 1, width - 1] = 1.0
        answer = plain(image) - plain(torch.zeros_like(image))
    return cast(np.ndarray, answer.flip(2, 3).transpose(0, 1).numpy())  # a convolution turns the kernel round


def test_that_svd_loses_exactly_the_singular_values_it_drops() -> None:
    torch.manual_seed(0)
    layer = nn.Linear(20, 12)
    found = decomposition("svd")
    weight = layer.weight.detach().numpy().astype(np.float64)
    values = np.linalg.svd(weight, compute_uv=False)
    kept = {option.ranks[0]: option.kept for option in found.options(layer, Cancel())}
    for rank in (1, 4, 11):
        first, last = found.decomposed(layer, (rank,), Cancel())
        product = last.weight.detach().numpy().astype(np.float64) @ first.weight.detach().numpy()  # type: ignore[operator]
        assert np.linalg.norm(weight - product) == pytest.approx(np.sqrt((values[rank:] ** 2).sum()), rel=1e-5)
        assert kept[rank] == pytest.approx((values[:rank] ** 2).sum() / (values**2).sum())
        assert np.linalg.norm(first.weight.detach()) == pytest.approx(np.linalg.norm(last.weight.detach()), rel=1e-5)  # type: ignore[arg-type]


def test_that_tucker_keeps_the_corner_of_the_core_in_the_bases_of_the_unfoldings_or_more() -> None:
    torch.manual_seed(0)
    layer = nn.Conv2d(6, 8, 3, bias=False)
    found = decomposition("tucker")
    weight = layer.weight.detach().numpy().astype(np.float64)
    bases = [np.linalg.svd(np.moveaxis(weight, mode, 0).reshape(weight.shape[mode], -1))[0] for mode in (0, 1)]
    for option in itertools.islice(found.options(layer, Cancel()), 0, None, 5):
        rank_out, rank_in = option.ranks
        core = np.einsum("oikl,or,is->rskl", weight, bases[0][:, :rank_out], bases[1][:, :rank_in])
        assert option.kept == pytest.approx((core**2).sum() / (weight**2).sum())
        made = found.decomposed(layer, option.ranks, Cancel())
        product = full_weight(made, 6, (3, 3))
        kept = 1 - ((weight - product) ** 2).sum() / (weight**2).sum()
        assert kept >= option.kept - 1e-6
        assert weight_error(layer, made) == pytest.approx(np.sqrt(1 - kept), rel=1e-4)


@pytest.mark.parametrize(
    ("ranks", "factors"), [((5, 6), ["core", "last"]), ((8, 4), ["first", "core"]), ((8, 6), ["core"])]
)
def test_that_a_side_whose_channels_are_all_kept_has_no_factor_of_its_own(
    ranks: tuple[int, int], factors: list[str]
) -> None:
    torch.manual_seed(0)
    layer = nn.Conv2d(6, 8, 3)
    found = decomposition("tucker")
    made = found.decomposed(layer, ranks, Cancel())
    assert [name for name, _ in made.named_children()] == factors
    side = 0 if ranks[0] < 8 else 1
    weight = layer.weight.detach().numpy().astype(np.float64)
    values = np.linalg.svd(np.moveaxis(weight, side, 0).reshape(weight.shape[side], -1), compute_uv=False)
    lost = np.sqrt((values[ranks[side] :] ** 2).sum() / (values**2).sum())
    assert weight_error(layer, made) == pytest.approx(lost, abs=1e-6), "one unfolding, truncated: nothing is closer"
    bias = made[-1].get_parameter("bias")
    assert torch.equal(bias, cast(Tensor, layer.bias))


def test_that_cp_is_a_sum_of_products_of_four_vectors() -> None:
    torch.manual_seed(0)
    layer = nn.Conv2d(5, 7, (3, 2), bias=False)
    made = decomposition("cp").decomposed(layer, (6,), Cancel())
    inputs, rows, columns, outputs = (factor.get_parameter("weight").detach().numpy() for factor in made)
    product = np.einsum(
        "ri,rh,rw,or->oihw", inputs[:, :, 0, 0], rows[:, 0, :, 0], columns[:, 0, 0, :], outputs[:, :, 0, 0]
    )
    assert np.allclose(product, full_weight(made, 5, (3, 2)), atol=1e-5)
    weight = layer.weight.detach().numpy()
    assert weight_error(layer, made) == pytest.approx(
        np.linalg.norm(weight - product) / np.linalg.norm(weight), rel=1e-4
    )
    norms = [
        np.linalg.norm(factor.reshape(6, -1), axis=1)
        for factor in (inputs, rows, columns, outputs.transpose(1, 0, 2, 3))
    ]
    assert np.allclose(norms, norms[0], rtol=1e-4), "no component is large in one factor and small in another"


def test_that_a_sum_of_a_few_products_is_found_again() -> None:
    random = np.random.default_rng(0)
    vectors = [random.standard_normal((size, 3)) for size in (8, 6, 3, 3)]
    layer = nn.Conv2d(6, 8, 3, bias=False)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(np.einsum("or,ir,hr,wr->oihw", *vectors)))
    assert weight_error(layer, decomposition("cp").decomposed(layer, (3,), Cancel())) < 0.01


@pytest.mark.parametrize(
    "options",
    [
        {"stride": 2},
        {"padding": (2, 1), "dilation": (2, 1), "stride": (1, 3)},
        {"padding": "same"},
        {"padding": 1, "padding_mode": "reflect", "bias": False},
        {"padding": 1, "padding_mode": "circular", "stride": 2},
    ],
)
@pytest.mark.parametrize("id", ["tucker", "cp"])
def test_that_the_geometry_and_the_bias_of_a_convolution_stay(id: str, options: Mapping[str, Any]) -> None:
    """A weight that is a product already loses nothing, so the outputs must be equal."""
    torch.manual_seed(0)
    layer = nn.Conv2d(4, 6, (3, 5), **options)
    with torch.no_grad():
        layer.weight.copy_(torch.einsum("o,i,h,w->oihw", *(torch.randn(size) for size in (6, 4, 3, 5))))
        images = torch.randn(2, 4, 11, 13)
        made = decomposition(id).decomposed(layer, (1,) * len(decomposition(id).ranks), Cancel())
        assert torch.allclose(made(images), layer(images), atol=1e-4)


@pytest.mark.parametrize("padding", [0, 1])
def test_that_a_pointwise_convolution_keeps_its_stride_and_padding(padding: int) -> None:
    torch.manual_seed(0)
    layer = nn.Conv2d(4, 6, 1, stride=2, padding=padding)
    images = torch.randn(2, 4, 9, 9)
    with torch.no_grad():
        assert torch.allclose(decomposition("svd").decomposed(layer, (4,), Cancel())(images), layer(images), atol=1e-5)


@pytest.mark.parametrize("id", ["svd", "tucker"])
def test_that_more_energy_takes_higher_ranks_and_the_smallest_that_do(id: str) -> None:
    torch.manual_seed(0)
    layer = nn.Linear(30, 20) if id == "svd" else nn.Conv2d(8, 8, 3)
    found = decomposition(id)
    options = list(found.options(layer, Cancel()))
    costs = []
    for energy in (0.3, 0.6, 0.8, 0.95, 1.0):
        option = keeping(options, energy)
        assert option is not None and option.kept >= energy - 1e-9
        costs.append(sum(found.weights(layer, option.ranks).values()))
        cheaper = [other for other in options if sum(found.weights(layer, other.ranks).values()) < costs[-1]]
        assert all(other.kept < energy for other in cheaper)
    assert costs == sorted(costs)


def test_that_the_allocation_loses_no_more_than_any_other_of_the_same_cost() -> None:
    """Against every combination of the choices."""
    random = np.random.default_rng(0)
    layers: dict[str, list[Choice]] = {}
    for name in "abc":
        slopes = np.sort(random.random(6))
        lost = np.concatenate([[0], np.cumsum(slopes)])
        layers[name] = [Choice(None if i == 0 else (6 - i,), float(lost[i]), 100 - 10 * i) for i in range(7)]
    for budget in (300, 240, 180, 130):
        found = allocate(layers, budget)
        assert found is not None
        assert sum(c.cost for c in found.values()) <= budget
        best = min(
            sum(c.lost for c in combination)
            for combination in itertools.product(*layers.values())
            if sum(c.cost for c in combination) <= budget
        )
        assert sum(c.lost for c in found.values()) == pytest.approx(best)
    assert allocate(layers, 119) is None


def test_that_what_a_large_step_saves_too_much_is_given_back() -> None:
    whole, good, small = Choice(None, 0.0, 100), Choice((9,), 0.45, 60), Choice((1,), 0.5, 10)
    assert allocate({"a": [whole, good, small]}, 70) == {"a": good}, "though it lies above the line between the two"
    assert allocate({"a": [whole, good, small]}, 59) == {"a": small}


def test_that_a_layer_under_two_names_is_replaced_under_both_and_a_tied_weight_stays() -> None:
    class Shared(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first = nn.Linear(8, 8)
            self.again = self.first
            self.encoder, self.decoder = nn.Linear(8, 8), nn.Linear(8, 8)
            self.decoder.weight = self.encoder.weight

        def forward(self, x: Tensor) -> Tensor:
            scores: Tensor = self.decoder(self.encoder(self.again(self.first(x))))
            return scores

    module = Shared()
    assert tied(module).keys() == {"encoder", "decoder"}
    made = placed(module, {"first": decomposition("svd").decomposed(module.first, (8,), Cancel())})
    assert made.first is made.again and isinstance(made.first, nn.Sequential)
    assert isinstance(module.first, nn.Linear), "the network that came in is as it was"
    images = torch.rand(3, 8)
    assert torch.allclose(made(images), module(images), atol=1e-5)


def test_that_a_weight_that_the_network_reads_itself_stays() -> None:
    class Reading(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.read, self.called = nn.Linear(8, 8), nn.Linear(8, 8)

        def forward(self, x: Tensor) -> Tensor:
            return torch.nn.functional.linear(self.called(x), self.read.weight)

    network = Network("reading", ModelSpec("python", "reading"), Reading(), (8,), 8)
    svd = decomposition("svd")
    found = read_from_outside(network, {"read": (svd, (1,)), "called": (svd, (1,))}, Cancel())
    assert found.keys() == {"read"}
    assert read_from_outside(network, {"called": (svd, (1,))}, Cancel()) == {}


def staged(recipe: Recipe, **stage: Any) -> Recipe:
    return recipe_from_data({**recipe.to_data(), "stages": [{"decompose": stage}]}, catalogue())


def ended(events: list[Event]) -> Mapping[str, Any]:
    ending = events[-1]
    assert isinstance(ending, Finished), ending
    return ending.result


@pytest.mark.parametrize("target", [{"macs": 0.4}, {"size": 0.4}, {"parameters": 20000}])
def test_that_a_target_is_met_and_resolved_yaml_does_the_same_again(
    recipe: Recipe, target: Mapping[str, float], tmp_path: Path
) -> None:
    rules = {"type:Linear": {"method": "svd"}, "fc3": "keep"}
    events = carried_out(staged(recipe, method="tucker", target=target, layers=rules), tmp_path / "run")
    result = ended(events)
    kind, figure = next(iter(target.items()))
    key = {"size": "size_bytes"}.get(kind, kind)
    allowed = figure * result["baseline"][key] if figure <= 1 else figure
    assert 0.93 * allowed <= result["final"][key] <= allowed, "no more, and not much less"
    again = read_recipe(tmp_path / "run" / "resolved.yaml", catalogue())
    (stage,) = again.stages
    assert stage.settings.get("target") is None
    second = ended(carried_out(again, tmp_path / "again"))
    assert second["stages"][0]["decomposition"] == result["stages"][0]["decomposition"]
    weights = [(tmp_path / run / "stages" / "0" / "weights.safetensors").read_bytes() for run in ("run", "again")]
    assert weights[0] == weights[1]
    opened = open_network(ModelSpec("pare", weights=str(tmp_path / "run")), tmp_path)
    assert opened.edits[0].kind == "decompose"
    assert opened.weights_bytes() == weights[0]


def test_that_what_would_be_larger_is_named_with_both_figures(recipe: Recipe, tmp_path: Path) -> None:
    events = carried_out(staged(recipe, method="svd", rank=20, layers={"conv*": "keep"}), tmp_path / "run")
    ended(events)
    told = [str(event.message) for event in events if isinstance(event, Warned)]
    fc3 = 4 * 84 + 4
    larger = 20 * 84 + 4 * 20 + 4
    assert larger > fc3
    ranks = {row["name"]: row["ranks"] for row in ended(events)["stages"][0]["decomposition"]["layers"]}
    assert ranks == {"fc1": [20], "fc2": [20]}
    assert any("Kept as they are: fc3 (" in text and f"≥ {fc3:,}" in text for text in told)


def test_that_a_target_out_of_reach_says_what_can_be_reached(recipe: Recipe, tmp_path: Path) -> None:
    ending = carried_out(staged(recipe, method="svd", target={"macs": 0.01}), tmp_path / "run")[-1]
    assert "can't be met" in str(ending.message)  # type: ignore[union-attr]
    assert "With the smallest ranks everywhere it is 0." in str(ending.hint)  # type: ignore[union-attr]
    ending = carried_out(staged(recipe, method="svd", target={"macs": 2}), tmp_path / "again")[-1]
    reached = re.search(r"it is ([\d,]+);", str(ending.hint))  # type: ignore[union-attr]
    assert reached is not None
    assert int(reached[1].replace(",", "")) > 1000, "a number of MACs, in full"


def test_that_a_target_that_is_met_already_is_said_and_no_layer_called_too_large(
    recipe: Recipe, tmp_path: Path
) -> None:
    ending = carried_out(staged(recipe, method="svd", target={"parameters": 1.0}), tmp_path / "run")[-1]
    assert str(ending.message).startswith("The network meets the target parameters: 1 as it is")  # type: ignore[union-attr]


def test_that_nothing_to_decompose_offers_the_method_that_suits(recipe: Recipe, tmp_path: Path) -> None:
    ending = carried_out(staged(recipe, method="tucker", layers={"conv*": "keep"}), tmp_path / "run")[-1]
    assert str(ending.message).startswith("No layer can be decomposed so. fc1, fc2, fc3: Needs")  # type: ignore[union-attr]
    assert ending.repair.edits == {"stages.0.decompose.method": "svd"}  # type: ignore[union-attr]


def test_that_masks_go_into_the_factors_and_are_dropped_with_a_word(recipe: Recipe, tmp_path: Path) -> None:
    data = recipe.to_data()
    stages = [{"prune": {"amount": 0.5}}, {"decompose": {"method": "svd", "rank": 10, "layers": {"conv*": "keep"}}}]
    events = carried_out(recipe_from_data({**data, "stages": stages}, catalogue()), tmp_path / "run")
    result = ended(events)
    rows = {row["name"]: row["sparsity"] for row in result["final"]["layers"]}
    assert rows["fc1.first"] == rows["fc1.last"] == 0.0
    assert rows["conv2"] == pytest.approx(0.5, abs=0.01), "masks of other layers stay"
    told = [str(event.message) for event in events if isinstance(event, Warned)]
    assert any(text.startswith("The zeros of fc1, fc2 are in no factor any more") for text in told)


@pytest.mark.parametrize(
    ("stage", "place"),
    [
        ({"method": "svd", "rank": 4, "target": {"macs": 0.5}}, "stages.0.decompose.target"),
        ({"method": "tucker", "rank_in": 4}, "stages.0.decompose.rank_in"),
        ({"layers": {"conv1": {"rank_in": 4}}}, "stages.0.decompose.layers.conv1.rank_in"),
    ],
)
def test_that_settings_that_contradict_each_other_are_refused(
    recipe: Recipe, stage: Mapping[str, Any], place: str
) -> None:
    with pytest.raises(RecipeError) as caught:
        staged(recipe, **stage)
    assert caught.value.path == place
    if caught.value.repair is not None:
        assert merged(recipe, caught.value.repair.edits, catalogue()).stages[0].kind == "decompose"


def test_that_a_decomposition_after_int8_is_refused_with_the_repair(recipe: Recipe) -> None:
    stages = [{"quantize": {"method": "static_int8"}}, {"decompose": {"method": "svd"}}]
    with pytest.raises(RecipeError) as caught:
        recipe_from_data({**recipe.to_data(), "stages": stages}, catalogue())
    assert caught.value.repair is not None
    assert [next(iter(stage)) for stage in caught.value.repair.edits["stages"]] == ["decompose", "quantize"]


def test_that_an_edit_of_another_network_is_refused_in_a_sentence() -> None:
    from backend.decomposition._replace import replay

    for layers in (
        {"gone": {"method": "svd", "ranks": [3]}},
        {"0": {"ranks": [3]}},
        {"0": {"method": "nn", "ranks": []}},
    ):
        with pytest.raises(CompressionError):
            replay(nn.Sequential(nn.Linear(3, 3)), {"layers": layers})

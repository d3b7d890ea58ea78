"""Narrower and shallower versions of an architecture."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from backend.errors import CompressionError
from backend.events import Finished, Warned
from backend.models import open_network, reopen
from backend.network import Network
from backend.recipe import ModelSpec, recipe_from_data, recipe_from_yaml, recipe_to_yaml, script_of
from backend.registry import catalogue, methods
from tests.backend.conftest import carried_out

NARROW = [name for name in methods("model") if name not in ("gru_digits", "resnet32", "resnet44")]
"""The recurrent network can't be narrowed; of the residual ones the shortest and the deepest will do."""
TORCHVISION = {
    "resnet18": "layer3.1",
    "mobilenet_v2": "features.3",
    "shufflenet_v2_x0_5": "stage2.2",
}
"""Architecture → a block that goes at half the depth."""


def opened(name: str, source: str = "bundled", seed: int = 0, **factors: Any) -> Network:
    torch.manual_seed(seed)
    return open_network(ModelSpec(source, name, **factors), Path())


def parameters(network: Network) -> int:
    return sum(p.numel() for p in network.module.parameters())


def weights(network: Network) -> int:
    """Those of layers that have inputs and outputs of their own to lose."""
    return sum(p.numel() for p in network.module.parameters() if p.dim() > 1)


def outputs(network: Network) -> Tensor:
    images = torch.rand((2, *network.input_shape), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        out: Tensor = network.module(images)
    return out


class TestWidth:
    @pytest.mark.parametrize("name", NARROW)
    def test_that_a_bundled_network_gets_half_as_wide_in_every_layer(self, name: str) -> None:
        whole, half = opened(name), opened(name, width=0.5)
        assert outputs(half).shape == (2, 10)
        for (key, large), (other, small) in zip(
            whole.module.named_parameters(), half.module.named_parameters(), strict=True
        ):
            assert key == other
            ends = {large.shape[0], 10, *whole.input_shape[:1], 784}  # classes and pixels stay
            for before, now in zip(large.shape[:2], small.shape[:2], strict=True):
                assert 1 / 2 <= now / before <= 2 / 3 or (now == before and before in ends)
        note = str(half.notes[0])
        assert f"{parameters(half):,} of {parameters(whole):,} parameters" in note
        assert f"Width 0.5, depth 1 of {name}" in note

    @pytest.mark.parametrize("width", [0.1, 0.25, 0.7])
    def test_that_parameters_go_with_the_square_of_the_width(self, width: float) -> None:
        assert weights(opened("resnet20", width=width)) == pytest.approx(
            width**2 * weights(opened("resnet20")), rel=0.25
        )

    @pytest.mark.parametrize("name", TORCHVISION)
    def test_that_networks_of_torchvision_get_narrower_and_shallower(self, name: str) -> None:
        half = opened(name, "torchvision", width=0.25, depth=0.5, num_classes=7)
        assert outputs(half).shape == (2, 7)
        assert isinstance(half.module.get_submodule(TORCHVISION[name]), nn.Identity)
        values = half.notes[0].values
        left, whole = (int(str(values[key]).replace(",", "")) for key in ("left", "all"))
        assert left == parameters(half) < 0.2 * whole

    def test_that_one_channel_stays_of_the_narrowest(self) -> None:
        tiny = opened("lenet5", width=0.001)
        assert {len(p) for name, p in tiny.module.named_parameters() if "fc3" not in name} == {1}

    def test_that_the_whole_width_is_the_whole_network(self) -> None:
        assert torch.equal(outputs(opened("lenet5", width=1.0)), outputs(opened("lenet5")))

    def test_that_a_network_without_a_layer_to_narrow_says_so_and_offers_to_do_without(self) -> None:
        with pytest.raises(CompressionError, match="No layer of gru_digits can be made narrower") as caught:
            opened("gru_digits", width=0.5)
        assert caught.value.repair is not None and caught.value.repair.edits == {"model.width": None}
        assert "Recurrent" in str(caught.value.hint)


class TestDepth:
    def test_that_half_of_the_blocks_of_every_stage_stay_and_names_do_too(self) -> None:
        whole, half = opened("resnet56"), opened("resnet56", depth=0.5)
        for stage in ("layer1", "layer2", "layer3"):
            blocks = half.module.get_submodule(stage)
            out = [name for name, block in blocks.named_children() if isinstance(block, nn.Identity)]
            assert len(blocks) == 9 and len(out) == 4  # type: ignore[arg-type]
            gaps = [int(b) - int(a) for a, b in itertools.pairwise(out)]
            assert gaps == [2, 2, 2], "they lie evenly"
        assert set(half.module.state_dict()) < set(whole.module.state_dict())

    def test_that_one_block_of_every_stage_stays(self) -> None:
        least = opened("resnet20", depth=0.01)
        for stage in ("layer1", "layer2", "layer3"):
            blocks = least.module.get_submodule(stage).children()
            assert [isinstance(block, nn.Identity) for block in blocks] == [False, True, True]
        assert outputs(least).shape == (2, 10)

    def test_that_a_network_without_blocks_says_so_and_offers_to_do_without(self) -> None:
        with pytest.raises(CompressionError, match="no block that can be left out") as caught:
            opened("lenet5", depth=0.5)
        assert caught.value.repair is not None and caught.value.repair.edits == {"model.depth": None}


class TestWeights:
    def test_that_they_come_from_the_seed_alone(self) -> None:
        one, same, other = (opened("lenet5", seed=seed, width=0.5) for seed in (3, 3, 4))
        assert torch.equal(outputs(one), outputs(same))
        assert not torch.equal(outputs(one), outputs(other))

    @pytest.mark.parametrize("name", ["resnet20", "lenet5"])
    def test_that_their_spread_suits_the_fewer_inputs(self, name: str) -> None:
        """Both initializations draw with a variance of c ÷ fan-in: c is the same in both networks."""
        whole, small = opened(name), opened(name, width=0.25)
        for (key, large), few in zip(whole.module.named_parameters(), small.module.parameters(), strict=True):
            if large.dim() > 1 and few.numel() > 300:
                before, now = (float(w.detach().var() * w[0].numel()) for w in (large, few))
                assert now == pytest.approx(before, rel=0.3), key

    def test_that_drawing_for_the_structure_moves_no_other_randomness(self) -> None:
        torch.manual_seed(5)
        opened_once = open_network(ModelSpec("bundled", "lenet5", width=1.0), Path())
        after = torch.rand(3)
        torch.manual_seed(5)
        open_network(ModelSpec("bundled", "lenet5"), Path())
        assert torch.equal(torch.rand(3), after) and parameters(opened_once) == 44_426

    def test_that_a_file_of_a_student_loads_strictly(self, tmp_path: Path) -> None:
        small = opened("resnet20", width=0.5, depth=0.4)
        file = tmp_path / "small.safetensors"
        save_file(small.module.state_dict(), file)
        again = opened("resnet20", width=0.5, depth=0.4, weights=str(file), seed=9)
        assert torch.equal(outputs(again), outputs(small))
        with pytest.raises(CompressionError, match="does not fit resnet20"):
            opened("resnet20", width=0.6, depth=0.4, weights=str(file))

    def test_that_a_file_of_a_student_gets_another_head(self, tmp_path: Path) -> None:
        small = opened("lenet5", width=0.5)
        save_file(small.module.state_dict(), tmp_path / "small.safetensors")
        again = opened("lenet5", width=0.5, weights=str(tmp_path / "small.safetensors"), num_classes=4)
        assert outputs(again).shape == (2, 4)
        assert torch.equal(again.module.get_parameter("conv1.weight"), small.module.get_parameter("conv1.weight"))

    def test_that_pretrained_weights_are_of_the_whole_network(self) -> None:
        with pytest.raises(CompressionError, match="of the whole resnet18") as caught:
            opened("resnet18", "torchvision", weights="DEFAULT", width=0.5)
        assert caught.value.repair is not None


class TestEverywhere:
    def test_that_it_comes_back_from_disk_bit_for_bit(self, tmp_path: Path) -> None:
        small = opened("resnet20", width=0.4, depth=0.5)
        small.save(tmp_path)
        torch.manual_seed(77)
        again = reopen(tmp_path)
        assert again.spec == small.spec and torch.equal(outputs(again), outputs(small))

    @pytest.mark.parametrize(
        "model",
        [
            {"source": "checkpoint", "weights": "a.pth", "width": 0.5},
            {"source": "pare", "weights": "folder", "depth": 0.5},
            {"source": "python", "file": "a.py", "class": "A", "width": 0.5},
        ],
    )
    def test_that_finished_networks_have_no_width_and_depth(self, model: dict[str, Any]) -> None:
        with pytest.raises(CompressionError, match="makes a smaller version") as caught:
            recipe_from_data({"model": model}, catalogue())
        assert caught.value.repair is not None

    @pytest.mark.parametrize("value", [0, -1, 1.5, "half"])
    def test_that_a_factor_is_a_share(self, value: object) -> None:
        with pytest.raises(CompressionError, match="width can't be"):
            recipe_from_data({"model": {"name": "lenet5", "width": value}}, catalogue())

    def test_that_recipe_and_script_carry_the_factors(self) -> None:
        recipe = recipe_from_data({"model": {"name": "resnet20", "width": 0.5, "depth": 0.75}}, catalogue())
        assert recipe_from_yaml(recipe_to_yaml(recipe), catalogue()) == recipe
        script = script_of(recipe, Path(), Path())
        assert "width=0.5" in script and "depth=0.75" in script
        assert set(recipe.to_data()["model"]) == {"source", "name", "width", "depth"}

    def test_that_a_narrow_student_learns_from_the_wide_network(self, blobs: Path, tmp_path: Path) -> None:
        data = {"source": "arrays", "root": str(blobs), "batch_size": 32}
        train = {"epochs": 3, "optimizer": "adam", "learning_rate": 0.005, "from_scratch": True}
        wide = recipe_from_data(
            {"model": {"name": "lenet5", "num_classes": 4}, "data": data, "stages": [{"train": train}]}, catalogue()
        )
        assert isinstance(carried_out(wide, tmp_path / "wide")[-1], Finished)
        file = tmp_path / "wide" / "stages" / "0" / "weights.safetensors"
        teacher = {"source": "bundled", "name": "lenet5", "num_classes": 4, "weights": str(file)}
        distill = {"teacher": teacher, "losses": [{"loss": "soft_targets"}]}
        learning = {"epochs": 4, "optimizer": "adam", "learning_rate": 0.01, "distill": distill}
        narrow = recipe_from_data(
            {
                "model": {"name": "lenet5", "num_classes": 4, "width": 0.5},
                "data": data,
                "stages": [{"train": learning}],
            },
            catalogue(),
        )
        events = carried_out(narrow, tmp_path / "narrow")
        assert isinstance(events[-1], Finished), events[-1]
        result = json.loads((tmp_path / "narrow" / "result.json").read_text(encoding="utf-8"))
        assert result["recipe"]["model"]["width"] == 0.5
        assert result["final"]["parameters"] < 12_000 and result["final"]["accuracy"] > 90
        assert any("Width 0.5" in str(e.message) for e in events if isinstance(e, Warned))
        again = reopen(tmp_path / "narrow")
        assert again.spec.width == 0.5 and parameters(again) == result["final"]["parameters"]

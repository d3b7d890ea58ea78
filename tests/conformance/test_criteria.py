"""What every pruning criterion promises."""

import copy
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from backend.errors import Message
from backend.pruning._base import Candidate, Criterion
from backend.pruning._masks import global_masks, local_mask
from backend.recipe import Stage, filled
from backend.registry import catalogue, method, methods

LAYERS = {
    "conv": lambda: nn.Conv2d(8, 6, 3),
    "depthwise": lambda: nn.Conv2d(8, 8, 3, groups=8),
    "conv1d": lambda: nn.Conv1d(8, 6, 3),
    "linear": lambda: nn.Linear(16, 10),
}
WITHOUT_WEIGHT = [nn.ReLU(), nn.Flatten(), nn.BatchNorm2d(4), nn.Sequential(nn.Linear(2, 2)), nn.Dropout()]

criteria = pytest.mark.parametrize("id", sorted(methods("criterion")))
layers = pytest.mark.parametrize("layer", sorted(LAYERS))
amounts = pytest.mark.parametrize("amount", [0.0, 0.3, 0.5, 1.0])


def criterion(id: str) -> Criterion:
    found = method("criterion", id)
    assert isinstance(found, Criterion)
    return found


def candidate(id: str, layer: str, folder: Path) -> Candidate:
    """A layer as the prune stage hands it over. A setting that is a file is a file of masks."""
    torch.manual_seed(0)
    module = LAYERS[layer]()
    settings = filled(Stage("prune", {"method": id}), catalogue())
    for parameter in criterion(id).parameters:
        if parameter.type == "file":
            save_file({"layer": (torch.rand_like(module.weight) > 0.5).float()}, folder / "masks.safetensors")
            settings[parameter.name] = "masks.safetensors"
    return Candidate("layer", module, settings, torch.Generator().manual_seed(4), folder)


def mask_of(id: str, layer: str, folder: Path, amount: float, old: Tensor | None = None) -> Tensor:
    return local_mask(candidate(id, layer, folder), criterion(id), amount, old)


def applying(id: str, layer: str) -> bool:
    return criterion(id).applies(LAYERS[layer]()) is None


@criteria
def test_that_a_criterion_either_ranks_or_gives_the_mask(id: str) -> None:
    assert (criterion(id).scores is None) != (criterion(id).mask is None)


@criteria
def test_that_a_layer_without_a_weight_is_refused_with_a_reason(id: str) -> None:
    for module in WITHOUT_WEIGHT:
        why = criterion(id).applies(module)
        assert isinstance(why, Message)
        assert str(why)
        assert not str(why).endswith(".")


@criteria
def test_that_a_criterion_applies_to_ordinary_layers(id: str) -> None:
    assert applying(id, "conv")
    assert applying(id, "linear")


@criteria
@layers
@amounts
def test_that_a_mask_has_the_weights_shape_and_holds_0_and_1(
    id: str, layer: str, amount: float, tmp_path: Path
) -> None:
    made = candidate(id, layer, tmp_path)
    if not applying(id, layer):
        assert isinstance(criterion(id).applies(made.module), Message)
        return
    mask = local_mask(made, criterion(id), amount, None)
    assert mask.shape == made.weight.shape
    assert mask.dtype == made.weight.dtype
    assert bool(((mask == 0) | (mask == 1)).all())


@criteria
@layers
@amounts
def test_that_the_asked_share_is_pruned_to_within_one_unit(id: str, layer: str, amount: float, tmp_path: Path) -> None:
    found = criterion(id)
    if found.scores is None or not applying(id, layer):
        assert found.mask is not None or found.applies(LAYERS[layer]()) is not None
        return
    made = candidate(id, layer, tmp_path)
    mask = local_mask(made, found, amount, None)
    if found.unit == "weight":
        units = mask.flatten()
    else:
        slices = mask.movedim(made.settings["dim"], 0).flatten(1)
        assert bool((slices == slices[:, :1]).all()), "a channel goes as a whole"
        units = slices[:, 0]
    pruned = int((units == 0).sum())
    most = len(units) - (found.unit == "channel")
    assert abs(pruned - min(amount * len(units), most)) <= 0.5


@criteria
@layers
def test_that_the_layer_is_left_as_it_was(id: str, layer: str, tmp_path: Path) -> None:
    if not applying(id, layer):
        assert str(criterion(id).applies(LAYERS[layer]()))
        return
    made = candidate(id, layer, tmp_path)
    before = copy.deepcopy(made.module.state_dict())
    local_mask(made, criterion(id), 0.5, None)
    after = made.module.state_dict()
    assert before.keys() == after.keys()
    assert all(torch.equal(before[key], after[key]) for key in before)
    assert not made.module._forward_pre_hooks
    copy.deepcopy(made.module)


@criteria
def test_that_the_same_randomness_gives_the_same_mask(id: str, tmp_path: Path) -> None:
    first, second = (mask_of(id, "conv", tmp_path, 0.5) for _ in range(2))
    assert torch.equal(first, second)


@criteria
def test_that_what_was_pruned_stays_pruned(id: str, tmp_path: Path) -> None:
    first = mask_of(id, "conv", tmp_path, 0.3)
    second = mask_of(id, "conv", tmp_path, 0.6, first)
    assert bool((second <= first).all())


@criteria
def test_that_a_global_ranking_prunes_the_asked_share_of_all_units(id: str, tmp_path: Path) -> None:
    found = criterion(id)
    if found.scores is None:
        assert found.mask is not None
        return
    ranked = [(candidate(id, layer, tmp_path), found) for layer in ("conv", "linear")]
    ranked = [(Candidate(str(i), c.module, c.settings, c.generator, c.folder), f) for i, (c, f) in enumerate(ranked)]
    masks = global_masks(ranked, 0.5, {})
    if found.unit == "weight":
        units = torch.cat([mask.flatten() for mask in masks.values()])
    else:
        units = torch.cat([masks[c.name].movedim(c.settings["dim"], 0).flatten(1)[:, 0] for c, _ in ranked])
    assert abs(int((units == 0).sum()) - 0.5 * len(units)) <= 0.5
    assert all(bool((mask != 0).any()) for mask in masks.values())

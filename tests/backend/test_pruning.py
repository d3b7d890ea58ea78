"""Criteria and masks against torch.nn.utils.prune and against their definitions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn.utils import prune as torch_prune

from backend.errors import CompressionError
from backend.pruning._base import Candidate, Criterion
from backend.pruning._masks import global_masks, local_mask
from backend.registry import method


def candidate(module: nn.Module, name: str = "layer", folder: Path = Path(), **settings: object) -> Candidate:
    return Candidate(name, module, settings, torch.Generator().manual_seed(0), folder)


def criterion(id: str) -> Criterion:
    found = method("criterion", id)
    assert isinstance(found, Criterion)
    return found


@pytest.fixture
def layers() -> list[nn.Module]:
    torch.manual_seed(1)
    return [nn.Conv2d(3, 8, 3), nn.Conv2d(8, 6, 5, groups=2), nn.Linear(30, 12)]


@pytest.mark.parametrize("amount", [0.0, 0.1, 0.33, 0.5, 0.9, 1.0])
def test_that_l1_prunes_what_torch_prunes(layers: list[nn.Module], amount: float) -> None:
    for layer in layers:
        expected = torch_prune.L1Unstructured(amount).compute_mask(layer.weight, torch.ones_like(layer.weight))
        assert torch.equal(local_mask(candidate(layer), criterion("l1_unstructured"), amount, None), expected)


@pytest.mark.parametrize("n", [1, 2, "inf", "-inf"])
@pytest.mark.parametrize("dim", [0, 1])
def test_that_ln_structured_prunes_what_torch_prunes(layers: list[nn.Module], n: int | str, dim: int) -> None:
    for layer in layers:
        expected = torch_prune.LnStructured(0.4, float(n), dim).compute_mask(
            layer.weight, torch.ones_like(layer.weight)
        )
        made = local_mask(candidate(layer, n=n, dim=dim), criterion("ln_structured"), 0.4, None)
        assert torch.equal(made, expected)


def test_that_a_global_ranking_prunes_what_torch_prunes(layers: list[nn.Module]) -> None:
    ranked = [(candidate(layer, str(i)), criterion("l1_unstructured")) for i, layer in enumerate(layers)]
    masks = global_masks(ranked, 0.6, {})
    torch_prune.global_unstructured(
        [(layer, "weight") for layer in layers], pruning_method=torch_prune.L1Unstructured, amount=0.6
    )
    for i, layer in enumerate(layers):
        assert torch.equal(masks[str(i)], layer.weight_mask)


def test_that_a_global_ranking_empties_no_layer() -> None:
    small, large = nn.Linear(4, 4), nn.Linear(4, 4)
    with torch.no_grad():
        small.weight.mul_(1e-6)
    ranked = [(candidate(m, n), criterion("l1_unstructured")) for m, n in ((small, "small"), (large, "large"))]
    masks = global_masks(ranked, 0.9, {})
    assert masks["small"].sum() >= 1
    assert sum(int((m == 0).sum()) for m in masks.values()) == round(0.9 * 32)


def test_that_structured_pruning_leaves_at_least_one_channel() -> None:
    mask = local_mask(candidate(nn.Linear(5, 4), n=2, dim=0), criterion("ln_structured"), 1.0, None)
    assert mask.flatten(1).any(dim=1).sum() == 1


@pytest.mark.parametrize("id", ["random_unstructured", "random_structured"])
def test_that_random_pruning_takes_the_asked_share_and_follows_the_seed(id: str) -> None:
    layer = nn.Conv2d(4, 10, 3)
    first = local_mask(candidate(layer, dim=0), criterion(id), 0.3, None)
    again = local_mask(candidate(layer, dim=0), criterion(id), 0.3, None)
    other = Candidate("layer", layer, {"dim": 0}, torch.Generator().manual_seed(7), Path())
    assert float((first == 0).float().mean()) == pytest.approx(0.3, abs=1 / 360)
    assert torch.equal(first, again)
    assert not torch.equal(first, local_mask(other, criterion(id), 0.3, None))


def test_that_what_is_pruned_already_counts_and_stays_pruned() -> None:
    layer = nn.Linear(10, 10)
    old = torch.ones(10, 10)
    old[:, :3] = 0
    mask = local_mask(candidate(layer), criterion("l1_unstructured"), 0.5, old)
    assert int((mask == 0).sum()) == 50
    assert not mask[:, :3].any()


def test_that_global_channel_scores_are_compared_after_dividing_by_their_layers_mean() -> None:
    loud, quiet = nn.Linear(8, 6), nn.Linear(8, 6)
    with torch.no_grad():
        loud.weight.mul_(100)
    ranked = [(candidate(m, n, n=2, dim=0), criterion("ln_structured")) for m, n in ((loud, "loud"), (quiet, "quiet"))]
    masks = global_masks(ranked, 0.5, {})

    def relative(m: nn.Linear) -> Tensor:
        norms = m.weight.detach().double().norm(dim=1)
        return norms / norms.mean()

    scores = torch.cat([relative(loud), relative(quiet)])
    kept = torch.cat([masks["loud"][:, 0], masks["quiet"][:, 0]]).bool()
    assert scores[kept].min() >= scores[~kept].max()
    assert masks["loud"].any()
    assert masks["quiet"].any()


class TestCustomMask:
    def write(self, path: Path, masks: dict[str, Tensor]) -> None:
        if path.suffix == ".safetensors":
            save_file(masks, path)
        elif path.suffix == ".npz":
            np.savez(path, **{name: mask.numpy() for name, mask in masks.items()})
        else:
            torch.save(masks, path)

    @pytest.mark.parametrize("suffix", [".safetensors", ".npz", ".pt"])
    @pytest.mark.parametrize("key", ["layer", "layer.weight", "layer.weight_mask"])
    def test_that_masks_come_from_the_file(self, tmp_path: Path, suffix: str, key: str) -> None:
        layer = nn.Linear(4, 3)
        mask = (torch.rand(3, 4) > 0.5).float()
        self.write(tmp_path / f"masks{suffix}", {key: mask})
        made = local_mask(candidate(layer, folder=tmp_path, file=f"masks{suffix}"), criterion("custom_mask"), 0.9, None)
        assert torch.equal(made, mask)

    def test_that_a_layer_the_file_does_not_name_is_left_alone(self, tmp_path: Path) -> None:
        self.write(tmp_path / "m.npz", {"other": torch.zeros(2, 2)})
        made = local_mask(candidate(nn.Linear(4, 3), folder=tmp_path, file="m.npz"), criterion("custom_mask"), 0, None)
        assert made.all()

    @pytest.mark.parametrize(
        ("mask", "words"),
        [(torch.zeros(2, 2), "shape"), (torch.full((3, 4), 0.5), "other than 0 and 1")],
    )
    def test_that_a_mask_that_does_not_fit_is_refused(self, tmp_path: Path, mask: Tensor, words: str) -> None:
        self.write(tmp_path / "m.safetensors", {"layer": mask})
        with pytest.raises(CompressionError, match=words):
            local_mask(
                candidate(nn.Linear(4, 3), folder=tmp_path, file="m.safetensors"), criterion("custom_mask"), 0, None
            )

    @pytest.mark.parametrize("name", ["m.pt", "m.npz", "m.safetensors"])
    def test_that_a_file_of_another_kind_is_one_sentence(self, tmp_path: Path, name: str) -> None:
        (tmp_path / name).write_bytes(b"no masks here")
        with pytest.raises(CompressionError) as caught:
            local_mask(candidate(nn.Linear(4, 3), folder=tmp_path, file=name), criterion("custom_mask"), 0, None)
        assert caught.value.hint is not None

    def test_that_a_missing_file_is_one_sentence(self, tmp_path: Path) -> None:
        with pytest.raises(CompressionError, match="no file of masks"):
            local_mask(candidate(nn.Linear(4, 3), folder=tmp_path, file="no.npz"), criterion("custom_mask"), 0, None)


def test_that_threshold_prunes_what_lies_below_it() -> None:
    layer = nn.Linear(2, 2)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[0.1, -0.5], [-0.2, 0.3]]))
    mask = local_mask(candidate(layer, threshold=0.2), criterion("threshold"), 0.9, None)
    assert mask.tolist() == [[0, 1], [1, 1]]


def test_that_fpgm_prunes_the_filter_with_the_smallest_summed_distance(layers: list[nn.Module]) -> None:
    for layer in layers:
        filters = list(layer.weight.detach().double())
        sums = [sum(float((a - b).pow(2).sum().sqrt()) for b in filters) for a in filters]
        mask = local_mask(candidate(layer, dim=0), criterion("fpgm"), 1 / len(filters), None)
        gone = [i for i, row in enumerate(mask) if not row.any()]
        assert gone == [min(range(len(sums)), key=sums.__getitem__)]


def test_that_lamp_scores_follow_their_definition() -> None:
    layer = nn.Linear(4, 3)
    scores = criterion("lamp").scores
    assert scores is not None
    made = scores(candidate(layer)).flatten().tolist()
    squares = layer.weight.detach().double().flatten().square().tolist()
    assert made == pytest.approx([u / sum(v for v in squares if v >= u) for u in squares])


def test_that_two_of_four_keeps_the_two_largest_of_each_four_inputs() -> None:
    for layer in (nn.Linear(8, 3), nn.Conv2d(8, 3, 3)):
        mask = local_mask(candidate(layer), criterion("two_of_four"), 0.1, None)
        weight = layer.weight.detach().abs()
        for group in (slice(0, 4), slice(4, 8)):
            kept, magnitudes = mask[:, group], weight[:, group]
            assert torch.all(kept.sum(dim=1) == 2)
            smallest_kept = magnitudes.masked_fill(kept == 0, torch.inf).amin(dim=1)
            assert torch.all(magnitudes.masked_fill(kept == 1, 0).amax(dim=1) <= smallest_kept)


def test_that_two_of_four_says_why_a_layer_does_not_qualify() -> None:
    why = criterion("two_of_four").applies(nn.Conv2d(3, 8, 3))
    assert why is not None
    assert "multiple of 4" in str(why)

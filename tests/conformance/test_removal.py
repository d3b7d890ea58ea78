"""Torchvision's classifiers lose half of their channels, and every criterion that ranks channels can say which."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from backend.models import open_network
from backend.network import Network
from backend.pruning._base import Candidate, Criterion
from backend.pruning._groups import group_scores, local_units
from backend.pruning._masks import apply_masks
from backend.recipe import ModelSpec, Stage, filled
from backend.registry import catalogue, methods
from backend.removal import agreement, analyze, prepared, remove
from resources.make_tables import lively, measured

SIZES = {
    "alexnet": 64,
    "vgg11": 32,
    "resnet18": 32,
    "resnet50": 32,
    "wide_resnet50_2": 32,
    "resnext50_32x4d": 32,
    "squeezenet1_0": 64,
    "squeezenet1_1": 64,
    "densenet121": 64,
    "googlenet": 64,
    "inception_v3": 96,
    "mobilenet_v2": 32,
    "mobilenet_v3_small": 32,
    "mobilenet_v3_large": 32,
    "mnasnet0_5": 32,
    "shufflenet_v2_x0_5": 32,
    "efficientnet_b0": 32,
    "efficientnet_v2_s": 32,
    "regnet_x_400mf": 32,
    "regnet_y_400mf": 32,
    "convnext_tiny": 32,
    "vit_b_32": 224,
    "swin_t": 64,
    "swin_v2_t": 64,
    "maxvit_t": 224,
}
BUNDLED = ("lenet5", "bn_convnet", "resnet20")
RANKING = sorted(
    id
    for id, found in methods("criterion").items()
    if isinstance(found, Criterion) and found.unit == "channel" and not (found.mask or found.measure or found.learn)
)


@pytest.mark.parametrize("name", sorted(SIZES))
def test_that_a_classifier_of_torchvision_computes_the_same_after_removal_as_masked(name: str) -> None:
    row = measured(lively(name, SIZES[name]))
    assert row.agreement.equal, row.agreement
    assert row.agreement.scale > 1e-3
    assert row.after[0] < 0.75 * row.before[0]
    assert row.after[1] < 0.9 * row.before[1]
    assert all(str(why) for why in row.structure.refused.values())


@pytest.mark.parametrize("name", BUNDLED)
@pytest.mark.parametrize("id", RANKING)
def test_that_what_a_criterion_ranks_can_be_removed(id: str, name: str, tmp_path: Path) -> None:
    network = prepared(_bundled(name))
    structure = analyze(network)
    criterion = methods("criterion")[id]
    assert isinstance(criterion, Criterion)
    settings = filled(Stage("prune", {"method": id}), catalogue())
    random = torch.Generator().manual_seed(0)
    layers = {
        layer: (Candidate(layer, network.module.get_submodule(layer), settings, random, tmp_path), criterion)
        for group in structure.groups
        for layer in group.layers
        if criterion.applies(network.module.get_submodule(layer)) is None
    }
    removed = {g.name: local_units(group_scores(g, layers, {}), 0.5) for g in structure.groups}
    masked, smaller = network.copy(), remove(network, structure, removed)
    apply_masks(masked.module, structure.silenced(removed))
    images = torch.randn((2, *network.input_shape), generator=random)
    assert agreement(masked.module, smaller.module, images).equal
    assert sum(p.numel() for p in smaller.module.parameters()) == structure.costs(removed)[0]


def _bundled(name: str) -> Network:
    torch.manual_seed(0)
    return open_network(ModelSpec("bundled", name), Path())

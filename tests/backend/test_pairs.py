"""Which layers are proposed to be compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.models import open_network
from backend.pairs import Output, propose
from backend.recipe import ModelSpec
from backend.training.distillation._pairing import outputs_of


def opened(name: str, source: str = "bundled") -> list[Output]:
    return list(outputs_of(open_network(ModelSpec(source, name), Path())).values())


def outputs(**shapes: tuple[int, ...]) -> list[Output]:
    """Layers by name (``__`` for a dot) → shape; the network itself comes first and gives ten numbers."""
    layers = [Output(name.replace("__", "."), "Conv2d", shape) for name, shape in shapes.items()]
    return [Output("", "Net", (10,)), *layers]


def test_that_blocks_are_paired_once_a_resolution_and_never_the_classes() -> None:
    resnet = opened("resnet20")
    assert propose(resnet, resnet) == {"layer1": "layer1", "layer2": "layer2", "layer3": "layer3"}


def test_that_a_list_holds_the_blocks_of_a_deeper_teacher() -> None:
    pairs = propose(opened("resnet20"), opened("resnet32"), several=True)
    assert list(pairs) == ["layer1", "layer2", "layer3"]
    assert pairs["layer2"] == [f"layer2.{i}" for i in range(5)]


def test_that_layers_are_paired_where_there_are_no_blocks() -> None:
    lenet = opened("lenet5")
    assert propose(lenet, lenet) == {"conv1": "conv1", "conv2": "conv2", "fc2": "fc2"}
    assert propose(lenet, lenet, several=True)["fc2"] == ["fc1", "fc2"]


def test_that_networks_of_other_kinds_meet_where_their_resolutions_do() -> None:
    assert propose(opened("half_lenet"), opened("lenet5")) == {"relu1": "conv1"}
    assert propose(opened("lenet300"), opened("lenet5")) == {"relu2": "fc2"}


def test_that_only_outputs_of_the_dimensions_that_are_compared_are_paired() -> None:
    lenet = opened("lenet5")
    assert propose(lenet, lenet, dims=(3, 4)) == {"conv1": "conv1", "conv2": "conv2"}
    assert propose(lenet, lenet, dims=(2,)) == {"fc2": "fc2"}
    assert propose(lenet, lenet, dims=(3,)) == {}


@pytest.mark.parametrize(
    ("name", "layers"),
    [
        ("resnet18", ["relu", "layer1", "layer2", "layer3", "layer4"]),
        ("mobilenet_v3_small", ["features", "features.0", "features.1", "features.3", "features.8", "classifier.1"]),
        ("shufflenet_v2_x0_5", ["conv1", "stage2", "stage3", "conv5"]),
    ],
)
def test_that_no_part_of_a_block_is_proposed_for_torchvisions_networks(name: str, layers: list[str]) -> None:
    """Squeeze-and-excitation has outputs of 1×1; the first layer of a block still has the height of the one before."""
    network = opened(name, "torchvision")
    assert propose(network, network) == {layer: layer for layer in layers}


def test_that_resolutions_that_no_layer_shares_are_paired_in_their_order_from_the_last() -> None:
    student = outputs(a=(4, 14, 14), b=(8, 7, 7), last=(10,))
    teacher = outputs(x=(4, 24, 24), y=(8, 12, 12), z=(16, 6, 6), last=(10,))
    assert propose(student, teacher) == {"a": "y", "b": "z"}


def test_that_sequences_are_paired_by_their_length() -> None:
    student = outputs(embed=(16, 32), blocks=(17, 32), last=(10,))
    teacher = outputs(embed=(16, 64), blocks=(17, 64), last=(10,))
    assert propose(student, teacher) == {"embed": "embed", "blocks": "blocks"}


def test_that_maps_of_classes_are_no_features() -> None:
    """As in SqueezeNet: a convolution with a channel for each class, its mean, and the network's outputs."""
    network = outputs(conv=(16, 8, 8), classes=(10, 4, 4), relu=(10, 4, 4), mean=(10, 1, 1))
    assert propose(network, network) == {"conv": "conv"}


def test_that_nothing_is_proposed_where_nothing_can_be_compared() -> None:
    assert propose(outputs(last=(10,)), outputs(last=(10,))) == {}
    assert propose(outputs(conv=(4, 8, 8), last=(10,)), outputs(hidden=(32,), last=(10,))) == {}

"""What the window is told of a network before anything is run."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from torch import Tensor, nn

from backend.answers import Inspection
from backend.errors import msg
from backend.evaluation.inspect import inspect_network
from backend.models import open_network
from backend.network import Network
from backend.quantization._fx import make_dynamic
from backend.recipe import ModelSpec
from backend.registry import methods


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.norm = nn.BatchNorm2d(4)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.norm(self.conv(x))
        return out


class Small(nn.Module):
    """A container, a list that is never called itself, and a layer that is never reached."""

    def __init__(self) -> None:
        super().__init__()
        self.block = Block()
        self.heads = nn.ModuleList([nn.Linear(36, 5), nn.Linear(5, 2)])
        self.unused = nn.Linear(3, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = self.block(x).flatten(1)
        out: Tensor = self.heads[1](self.heads[0](x))
        return out


def network(module: nn.Module, shape: tuple[int, ...] = (1, 5, 5), **more: object) -> Network:
    return Network("Small", ModelSpec("bundled", "small"), module.eval(), shape, **more)  # type: ignore[arg-type]


@pytest.fixture
def found() -> Inspection:
    return inspect_network(network(Small(), classes=2, notes=(msg("A note"),)))


def test_that_every_module_is_named_in_its_order(found: Inspection) -> None:
    assert [layer.name for layer in found.layers] == [name for name, _ in Small().named_modules()]
    assert [layer.leaf for layer in found.layers] == [not list(m.children()) for m in Small().modules()]


def test_that_a_container_sums_what_stands_below_it(found: Inspection) -> None:
    rows = {layer.name: layer for layer in found.layers}
    module = Small()
    for name, part in module.named_modules():
        assert rows[name].parameters == sum(p.numel() for p in part.parameters()), name
    assert rows["block"].macs == rows["block.conv"].macs == 3 * 3 * 4 * 9
    assert rows["heads"].macs == 36 * 5 + 5 * 2
    assert rows[""].macs == found.macs == 3 * 3 * 4 * 9 + 36 * 5 + 5 * 2
    assert found.parameters == rows[""].parameters


def test_that_a_layer_that_is_not_reached_has_no_macs(found: Inspection) -> None:
    rows = {layer.name: layer for layer in found.layers}
    assert rows["unused"].macs is None
    assert rows["unused"].output_shape == ()
    assert rows["block.norm"].macs == 0


def test_that_shapes_are_those_of_weight_and_output(found: Inspection) -> None:
    rows = {layer.name: layer for layer in found.layers}
    assert rows["block.conv"].weight_shape == (4, 1, 3, 3)
    assert rows["block.conv"].output_shape == (4, 3, 3)
    assert rows["block"].weight_shape == ()
    assert rows[""].output_shape == (2,)


def test_that_refusals_are_exactly_what_the_methods_refuse(found: Inspection) -> None:
    module = Small()
    named = dict(module.named_modules())
    weighted = [layer.name for layer in found.layers if layer.leaf and layer.weight_shape]
    assert weighted == ["block.conv", "block.norm", "heads.0", "heads.1", "unused"]
    for kind in ("criterion", "quantization", "decomposition"):
        for id, method in methods(kind).items():
            refused = found.refusals[kind].get(id, {})
            assert set(refused) == {n for n in weighted if method.applies(named[n]) is not None}  # type: ignore[attr-defined]
    assert str(found.refusals["criterion"]["l1_unstructured"]["block.norm"]) == "Needs a convolution or a linear layer"


def test_that_layers_without_weights_are_asked_about_replacement_alone() -> None:
    found = inspect_network(network(nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())))
    leaves = [layer.name for layer in found.layers if layer.leaf]
    assert leaves == ["0", "1", "2", "3"]
    for id, method in methods("replacement").items():
        able = {"activation": {"1"}, "pooling": {"2"}, "depthwise_separable": {"0"}, "fold_batch_norm": set()}[id]
        assert set(leaves) - set(found.refusals["replacement"][id]) == able, method.label
    named = {name for kind in ("criterion", "decomposition", "quantization") for why in found.refusals[kind].values()
             for name in why}  # fmt: skip
    assert named <= {"0"}
    assert set(found.refusals["decomposition"]["svd"]) == {"0"}


def test_that_an_inspection_crosses_the_pipe_unchanged(found: Inspection) -> None:
    there = Inspection.from_data(json.loads(json.dumps(found.to_data())))
    assert json.dumps(there.to_data()) == json.dumps(found.to_data())
    assert list(there.layers) == list(found.layers)
    assert [str(note) for note in there.notes] == ["A note"]


def test_that_the_size_is_that_of_the_file(found: Inspection) -> None:
    assert found.size_bytes == len(network(Small()).weights_bytes())


def test_that_a_network_that_cannot_be_run_is_described_all_the_same() -> None:
    found = inspect_network(network(Small(), (3, 99, 99)))
    assert found.macs is None
    assert found.parameters == sum(p.numel() for p in Small().parameters())
    assert {layer.macs for layer in found.layers} == {None}
    assert str(found.notes[0]).startswith(
        "MACs and shapes are unknown: the network could not be run on one input of 3×99"
    )


def test_that_an_int8_layer_is_one_row_with_its_weights() -> None:
    float_module = nn.Sequential(nn.Flatten(), nn.Linear(25, 4))
    int8 = make_dynamic(nn.Sequential(nn.Flatten(), nn.Linear(25, 4)), {"1": True}, "x86")
    rows = inspect_network(network(int8)).layers
    assert [row.name for row in rows] == ["", "0", "1"], "what a packed layer is made of is no row"
    assert rows[2].leaf
    assert rows[2].weight_shape == (4, 25)
    assert rows[2].parameters == rows[0].parameters == sum(p.numel() for p in float_module.parameters())


def test_that_a_network_of_ten_thousand_modules_is_described_in_half_a_second() -> None:
    module = nn.Sequential(*[nn.Linear(2, 2) if i % 2 else nn.ReLU() for i in range(9_999)])
    inspect_network(network(nn.Linear(2, 2), (2,)))
    begun = time.process_time()
    found = inspect_network(network(module, (2,)))
    took = time.process_time() - begun
    assert len(found.layers) == 10_000
    assert took < 1.0  # 0.35 s alone; twice the promise, for a machine that does other things too


def test_that_layers_whose_channels_can_not_go_are_named_with_the_reason() -> None:
    network = open_network(ModelSpec("bundled", "resnet20"), Path())
    staying = inspect_network(network).refusals["removal"]["channels"]
    assert set(staying) == {"linear"}
    assert str(staying["linear"]) == "Its channels are the classes"

"""Which layers lose channels together, and in which operation they meet."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from backend.answers import Coupled
from backend.cancel import Cancel
from backend.engine.jobs.couplings import couplings, found
from backend.engine.protocol import Couplings
from backend.errors import Cancelled
from backend.events import Answer, Event
from backend.network import Edit, Network
from backend.recipe import ModelSpec
from backend.removal import analyze


class Joined(nn.Module):
    """Two convolutions whose channels meet in ``how``, between a first and a last layer."""

    def __init__(self, how: str) -> None:
        super().__init__()
        self.how = how
        self.first = nn.Conv2d(1, 4, 1)
        self.second = nn.Conv2d(1, 4, 1)
        self.depthwise = nn.Conv2d(4, 4, 3, groups=4)
        self.grouped = nn.Conv2d(4, 8, 3, groups=2)
        self.norm = nn.GroupNorm(2, 8)
        self.wide = nn.Conv2d(1, 8, 1)
        self.last = nn.Conv2d(8 if how in ("groups", "norm") else 4, 2, 1)

    def forward(self, x: Tensor) -> Tensor:
        a, b = self.first(x), self.second(x)
        match self.how:
            case "add":
                y = a + b
            case "multiply":
                y = a * b.sigmoid()
            case "stack":
                y = torch.cat([a, b], 2)
            case "depthwise":
                y = self.depthwise(a)
            case "groups":
                y = self.grouped(a)
            case "norm":
                y = self.norm(self.wide(x))
            case "gate":
                y = nn.functional.glu(self.wide(x), 1)
            case _:
                y = torch.maximum(a, b)
        out: Tensor = self.last(y).mean((2, 3))
        return out


def network(module: nn.Module) -> Network:
    return Network("Joined", ModelSpec("python"), module.eval(), (1, 6, 6), classes=2)


PAIR = ("first", "second")
MEETINGS = {
    "add": (PAIR, "Their outputs are added up in Joined"),
    "multiply": (PAIR, "Their outputs are multiplied with each other in Joined"),
    "stack": (PAIR, "Their outputs are joined in Joined along another dimension than their channels"),
    "depthwise": (("first", "depthwise"), "Each channel is filtered by itself in depthwise (depthwise)"),
    "groups": (("first", "grouped"), "Channels are filtered in groups, which go whole, in grouped"),
    "other": (PAIR, "Their channels meet in the operation maximum in Joined"),
}


@pytest.mark.parametrize("how", MEETINGS)
def test_that_layers_are_coupled_by_the_operation_in_which_their_channels_meet(how: str) -> None:
    layers, reason = MEETINGS[how]
    (group,) = found(network(Joined(how)), Cancel()).groups
    assert (group.layers, [str(why) for why in group.reasons]) == (layers, [reason])


@pytest.mark.parametrize("how", ["norm", "gate"])
def test_that_a_layer_alone_is_not_coupled(how: str) -> None:
    assert list(found(network(Joined(how)), Cancel()).groups) == []


def test_that_the_couplings_are_exactly_what_removal_takes_together(make_spec: ModelSpec, tmp_path: Path) -> None:
    from backend.models import open_network

    opened = open_network(make_spec, tmp_path)
    told = found(opened, Cancel())
    assert {group.layers for group in told.groups} == {
        group.layers for group in analyze(opened).groups if len(group.layers) > 1
    }
    assert all(group.reasons for group in told.groups)


@pytest.fixture
def make_spec() -> ModelSpec:
    return ModelSpec(source="bundled", name="resnet20")


def test_that_every_residual_sum_of_a_stage_is_named_once(make_spec: ModelSpec, tmp_path: Path) -> None:
    from backend.models import open_network

    groups = {group.layers[0]: group for group in found(open_network(make_spec, tmp_path), Cancel()).groups}
    stage = groups["layer3.0.conv2"]
    assert stage.layers == ("layer3.0.conv2", "layer3.1.conv2", "layer3.2.conv2")
    assert [str(why) for why in stage.reasons] == ["Their outputs are added up in layer3.1, layer3.2"]


class Raises(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        raise ValueError("the mask is missing\nand more")


def test_that_a_network_that_cannot_be_followed_says_why() -> None:
    told = found(network(Raises()), Cancel())
    assert list(told.groups) == []
    assert "the mask is missing" in str(told.why_not)
    assert "and more" not in str(told.why_not)


def test_that_a_quantized_network_says_why() -> None:
    edits = (Edit("quantize", {"method": "dynamic_int8"}),)
    told = found(Network("Joined", ModelSpec("python"), Joined("add").eval(), (1, 6, 6), 2, edits), Cancel())
    assert "quantized" in str(told.why_not)


class Slow(Joined):
    def forward(self, x: Tensor) -> Tensor:
        time.sleep(0.3)
        return super().forward(x)


def test_that_following_ends_at_the_next_operation_when_nobody_wants_it_any_more() -> None:
    cancel, through = Cancel(), []

    class Unwanted(Joined):
        def forward(self, x: Tensor) -> Tensor:
            cancel.request()
            made = super().forward(x)
            through.append(made)
            return made

    with pytest.raises(Cancelled):
        found(network(Unwanted("add")), cancel)
    assert not through


def test_that_following_ends_when_it_takes_too_long() -> None:
    assert "too long" in str(found(network(Slow("add")), Cancel(), seconds=0.01).why_not)


def test_that_a_stop_is_heard() -> None:
    cancel = Cancel()
    cancel.request()
    with pytest.raises(Cancelled):
        found(network(Joined("add")), cancel)


def test_that_the_answer_comes_out_as_it_went_in(tmp_path: Path) -> None:
    said: list[Event] = []
    couplings(Couplings({"source": "bundled", "name": "resnet20"}, str(tmp_path)), said.append, Cancel())
    (answer,) = said
    assert isinstance(answer, Answer)
    there = Coupled.from_data(json.loads(json.dumps(answer.value)))
    assert there.to_data() == answer.value
    assert "conv1" in there.groups[0].layers

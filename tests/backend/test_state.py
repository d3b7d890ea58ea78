"""A state dict taken apart into plain tensors comes back equal, through safetensors too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
import torch
from safetensors.torch import load, save
from torch import Tensor, nn
from torch.ao.nn.quantized import Linear as Int8Linear

from backend.state import pack_state, unpack_state


def through_a_file(state: Mapping[str, Any]) -> dict[str, Any]:
    tensors, layout = pack_state(state)
    return unpack_state(load(save(tensors)), json.loads(json.dumps(layout)))


def assert_same(one: Any, other: Any) -> None:
    assert type(one) is type(other)
    if isinstance(one, Tensor):
        assert one.dtype == other.dtype
        if one.is_quantized:
            assert one.qscheme() == other.qscheme()
            assert torch.equal(one.int_repr(), other.int_repr())
        assert torch.equal(one.dequantize(), other.dequantize())
    elif isinstance(one, tuple):
        assert len(one) == len(other)
        for a, b in zip(one, other, strict=True):
            assert_same(a, b)
    else:
        assert one == other


WEIGHT = torch.linspace(-1, 1, 24).view(4, 6)
VALUES: Mapping[str, Any] = {
    "float": WEIGHT,
    "scalar": torch.tensor(3.5),
    "integer": torch.tensor([1, 2], dtype=torch.int64),
    "not contiguous": WEIGHT.t(),
    "empty": torch.zeros(0, 3),
    "per tensor": torch.quantize_per_tensor(WEIGHT, 0.013, 3, torch.qint8),
    "unsigned": torch.quantize_per_tensor(WEIGHT, 0.02, 128, torch.quint8),
    "per channel": torch.quantize_per_channel(
        WEIGHT, torch.tensor([0.01, 0.02, 0.03, 0.04]), torch.tensor([0, 1, -2, 3]), 0, torch.qint8
    ),
    "nested": (torch.quantize_per_tensor(WEIGHT, 0.013, 0, torch.qint8), None),
    "dtype": torch.qint8,
    "number": 0.1,
    "flag": True,
    "text": "per_channel",
    "nothing": None,
}


@pytest.mark.parametrize("name", VALUES)
def test_that_every_kind_of_value_comes_back(name: str) -> None:
    state = {"a": torch.ones(2), f"layer.{name}": VALUES[name], "z": torch.zeros(1)}
    back = through_a_file(state)
    assert set(back) == set(state)
    for key, value in state.items():
        assert_same(back[key], value)


def test_that_tensors_sharing_memory_are_written_apart() -> None:
    whole = torch.arange(6.0)
    back = through_a_file({"whole": whole, "half": whole[:3], "tied": whole})
    assert torch.equal(back["half"], whole[:3])
    assert torch.equal(back["tied"], whole)


def test_that_a_plain_network_needs_no_layout() -> None:
    module = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2))
    tensors, layout = pack_state(module.state_dict())
    assert layout == {}
    assert set(tensors) == set(module.state_dict())


def test_that_packed_modules_load_strictly_by_their_version() -> None:
    first, second = Int8Linear(6, 4), Int8Linear(6, 4)
    first.set_weight_bias(VALUES["per channel"], torch.ones(4))
    first.scale, first.zero_point = 0.5, 7
    second.load_state_dict(through_a_file(first.state_dict()))
    assert torch.equal(second.weight().int_repr(), first.weight().int_repr())
    assert torch.equal(second.bias(), first.bias())
    assert (float(second.scale), int(second.zero_point)) == (0.5, 7)


def test_that_recurrent_packed_parameters_come_back() -> None:
    first = torch.ao.nn.quantized.dynamic.GRU(5, 3, num_layers=2, bidirectional=True)
    second = torch.ao.nn.quantized.dynamic.GRU(5, 3, num_layers=2, bidirectional=True)
    x = torch.randn(4, 2, 5)
    assert not torch.equal(first(x)[0], second(x)[0])
    second.load_state_dict(through_a_file(first.state_dict()))
    assert torch.equal(first(x)[0], second(x)[0])


def test_that_what_a_checkpoint_cannot_hold_is_a_defect() -> None:
    with pytest.raises(TypeError, match="a checkpoint can"):
        pack_state({"layer.hook": object()})

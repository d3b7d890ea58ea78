"""A file is looked at before it is opened."""

from __future__ import annotations

import json
import os
import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn.utils import prune

from backend.answers import Inspection, LayerInfo
from backend.evaluation.inspect import inspect_network
from backend.models import open_network
from backend.models._checkpoint import read_heads, read_state
from backend.models._designs import Design, designs, named
from backend.models._glance import glance
from backend.models._known import COUNTER, known
from backend.models._match import identify, recognized
from backend.models._trust import trust_of
from backend.recipe import ModelSpec


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(3))
        self.conv = nn.Conv2d(3, 4, 3, bias=False)
        self.norm = nn.BatchNorm2d(4)
        self.act = nn.ReLU()


class Own(nn.Module):
    """Every kind of layer whose weights say what it is."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.ModuleList([Block() for _ in range(11)])
        self.rnn = nn.ModuleDict({"gru": nn.GRU(4, 5), "lstm": nn.LSTM(4, 5)})
        self.attention = nn.MultiheadAttention(8, 2)
        self.line = nn.Conv1d(2, 2, 3)
        self.norm = nn.LayerNorm(8)
        self.head = nn.Linear(4, 7)


@pytest.fixture
def own(tmp_path: Path) -> tuple[Own, Path]:
    module = Own()
    path = tmp_path / "own 网络.pth"
    torch.save(module.state_dict(), path)
    return module, path


def look(path: Path) -> Inspection:
    found = glance(ModelSpec(source="checkpoint", weights=str(path)), path.parent)
    return Inspection.from_data(json.loads(json.dumps(found.to_data())))


def by_name(found: Inspection) -> dict[str, LayerInfo]:
    return {layer.name: layer for layer in found.layers}


def test_that_the_tree_is_that_of_the_network_less_the_layers_without_weights(own: tuple[Own, Path]) -> None:
    module, path = own
    held = [name for name, part in module.named_modules() if list(part.state_dict())]
    assert [layer.name for layer in look(path).layers] == held


def test_that_parameters_and_bytes_of_every_module_are_those_of_the_network(own: tuple[Own, Path]) -> None:
    module, path = own
    for name, row in by_name(look(path)).items():
        part = module.get_submodule(name)
        assert row.parameters == sum(p.numel() for p in part.parameters())
        assert row.size_bytes == sum(t.nbytes for t in part.state_dict().values())
        assert row.macs is None


def test_that_layers_are_called_what_their_weights_are_of(own: tuple[Own, Path]) -> None:
    rows = by_name(look(own[1]))
    names = ("blocks.0.conv", "blocks.0.norm", "rnn.gru", "rnn.lstm", "attention", "line", "norm", "head", "blocks")
    kinds = ["Conv2d", "BatchNorm", "GRU", "LSTM", "MultiheadAttention", "Conv1d", "LayerNorm", "Linear", "Module"]
    assert [rows[name].type for name in names] == kinds
    assert rows["head"].weight_shape == (7, 4)
    assert (rows["head"].leaf, rows["blocks.0"].leaf) == (True, False)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
def test_that_types_are_those_in_the_file(dtype: torch.dtype, suffix: str, tmp_path: Path) -> None:
    state = {key: value.to(dtype) for key, value in nn.Linear(3, 2).state_dict().items()}
    path = tmp_path / f"small{suffix}"
    save_file(state, path) if suffix == ".safetensors" else torch.save(state, path)
    (row,) = look(path).layers
    assert (row.dtype, row.size_bytes) == (str(dtype).removeprefix("torch."), 8 * dtype.itemsize)


def test_that_layers_of_a_file_that_sorts_its_names_are_counted_through(own: tuple[Own, Path], tmp_path: Path) -> None:
    path = tmp_path / "sorted.safetensors"
    save_file(own[0].state_dict(), path)
    blocks = [layer.name for layer in look(path).layers if layer.name.startswith("blocks.") and not layer.leaf]
    assert blocks == [f"blocks.{i}" for i in range(11)]


def test_that_wrappings_prefixes_and_masks_are_taken_off(tmp_path: Path) -> None:
    module = nn.Sequential(OrderedDict(fc=nn.Linear(4, 2)))
    prune.l1_unstructured(module.fc, "weight", 0.5)
    path = tmp_path / "wrapped.ckpt"
    torch.save({"epoch": 3, "state_dict": {f"module.{k}": v for k, v in module.state_dict().items()}}, path)
    assert [(layer.name, layer.parameters) for layer in look(path).layers] == [("", 10), ("fc", 10)]


def test_that_no_weight_is_read(own: tuple[Own, Path]) -> None:
    assert all(tensor.is_meta for tensor in read_heads(own[1]).values())


@pytest.mark.parametrize("source", ["lenet5", "resnet20"])
def test_that_what_is_seen_at_first_agrees_with_what_is_opened(source: str, tmp_path: Path) -> None:
    torch.save(named(source).build().state_dict(), tmp_path / "net.pth")
    spec = ModelSpec(source="checkpoint", weights="net.pth")
    first = glance(spec, tmp_path)
    then = inspect_network(open_network(spec, tmp_path))
    assert (first.name, first.model, first.classes, first.input_shape, first.parameters) == (
        then.name, then.model, then.classes, then.input_shape, then.parameters)  # fmt: skip
    rows = by_name(then)
    for layer in first.layers:
        real = rows[layer.name]
        seen = (layer.parameters, layer.weight_shape, layer.leaf, layer.size_bytes, layer.dtype)
        assert seen == (real.parameters, real.weight_shape, real.leaf, real.size_bytes, real.dtype)
        assert real.type.startswith(layer.type) or layer.type == "Module"
    assert (first.complete, then.complete) == (False, True)


def test_that_a_network_that_pare_saved_is_seen_with_its_name(tmp_path: Path) -> None:
    network = open_network(ModelSpec(source="bundled", name="lenet5"), tmp_path)
    network.save(tmp_path / "saved")
    found = glance(ModelSpec(source="pare", weights="saved"), tmp_path)
    assert (found.name, found.input_shape, found.classes) == (network.name, network.input_shape, network.classes)
    assert {layer.name for layer in found.layers} == {"", "conv1", "conv2", "fc1", "fc2", "fc3"}
    assert found.trust is not None
    assert found.trust.level == "safe"


def test_that_without_a_file_there_is_nothing_to_see(tmp_path: Path) -> None:
    found = glance(ModelSpec(source="bundled", name="lenet5"), tmp_path)
    assert (list(found.layers), found.trust) == ([], None)


class TestTrust:
    @pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
    def test_that_weights_are_safe(self, suffix: str, tmp_path: Path) -> None:
        path = tmp_path / f"net{suffix}"
        state = nn.Linear(2, 2).state_dict()
        save_file(state, path) if suffix == ".safetensors" else torch.save(state, path)
        assert trust_of(path).level == "safe"

    def test_that_plain_values_beside_the_weights_are_safe(self, tmp_path: Path) -> None:
        import argparse

        import numpy as np

        held = {"model": nn.Linear(2, 2).state_dict(), "args": argparse.Namespace(lr=0.1), "best": np.float64(97.5)}
        torch.save(held, tmp_path / "net.pth")
        assert trust_of(tmp_path / "net.pth").level == "safe"

    def test_that_a_whole_network_is_code_and_names_what_it_imports_without_running_it(self, tmp_path: Path) -> None:
        path, touched = tmp_path / "evil.pth", tmp_path / "touched"
        torch.save({"model": Evil(touched)}, path)
        found = trust_of(path)
        assert (found.level, found.wants) == ("code", (f"{os.system.__module__}.system",))
        assert not touched.exists()

    @pytest.mark.parametrize("new", [True, False])
    def test_that_a_module_saved_whole_is_code(self, new: bool, tmp_path: Path) -> None:
        torch.save(nn.Sequential(nn.Linear(2, 2)), tmp_path / "net.pth", _use_new_zipfile_serialization=new)
        found = trust_of(tmp_path / "net.pth")
        assert found.level == "code"
        assert "torch.nn.modules.linear.Linear" in found.wants

    def test_that_torchscript_is_code(self, tmp_path: Path) -> None:
        import zipfile

        with zipfile.ZipFile(tmp_path / "net.pt", "w") as archive:
            for name in ("net/data.pkl", "net/constants.pkl", "net/code/__torch__.py"):
                archive.writestr(name, b"")
        assert trust_of(tmp_path / "net.pt").level == "code"

    def test_that_a_pickle_is_code(self, tmp_path: Path) -> None:
        (tmp_path / "net.pkl").write_bytes(pickle.dumps(Evil(tmp_path / "touched"), protocol=2))
        assert trust_of(tmp_path / "net.pkl").level == "code"

    def test_that_a_python_file_is_code_with_what_it_imports(self, tmp_path: Path) -> None:
        path = tmp_path / "net.py"
        path.write_text("import os, torch\nfrom torch import nn\ndef f():\n    from . import x\n", encoding="utf-8")
        found = trust_of(path)
        assert (found.level, found.wants) == ("code", (".", "os", "torch"))

    def test_that_a_network_of_pare_that_a_python_file_builds_is_code(self, tmp_path: Path) -> None:
        (tmp_path / "net.py").write_text("import torch\n", encoding="utf-8")
        data = {"model": {"source": "python", "file": "net.py"}}
        (tmp_path / "network.json").write_text(json.dumps(data), encoding="utf-8")
        found = trust_of(tmp_path)
        assert (found.level, found.wants) == ("code", ("torch",))

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04cut", b"hello", bytes(range(1, 200))])
    def test_that_what_is_no_network_is_unknown_and_says_why(self, content: bytes, tmp_path: Path) -> None:
        path = tmp_path / "net.pth"
        path.write_bytes(content)
        found = look(path)
        assert list(found.layers) == []
        assert found.trust is not None
        assert found.trust.level == "unknown"
        assert str(path) in str(found.trust.text)


class Evil:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return os.system, (f"touch '{self.path}'",)


class TestRecognition:
    QUICK = ("alexnet", "resnet18", "vgg11_bn", "mobilenet_v2", "squeezenet1_1", "shufflenet_v2_x0_5", "mnasnet0_5")

    def test_that_every_architecture_of_torchvision_is_in_the_table(self) -> None:
        from backend.models._known import _table

        listed = [name for row in _table().values() for name in row["designs"].values()]
        assert sorted(listed) == sorted(design.name for design in designs() if design.family == "torchvision")

    @pytest.mark.parametrize("name", QUICK)
    def test_that_the_table_says_what_a_comparison_with_the_architecture_says(self, name: str) -> None:
        found = known(Design("torchvision", name, 1000).shapes(17))
        assert found is not None
        assert (found.name, found.num_classes) == (name, 17)

    def test_that_old_checkpoints_without_counters_are_known(self) -> None:
        shapes = Design("torchvision", "resnet18", 1000).shapes()
        found = known({key: shape for key, shape in shapes.items() if not key.endswith(COUNTER)})
        assert found is not None
        assert found.name == "resnet18"

    def test_that_one_other_shape_is_not_known(self) -> None:
        shapes = {**Design("torchvision", "resnet18", 1000).shapes(), "layer1.0.conv1.weight": (63, 64, 3, 3)}
        assert known(shapes) is None
        assert recognized(shapes) is None

    def test_that_bundled_architectures_are_recognized_for_any_number_of_classes(self) -> None:
        state = named("resnet20").build(37).state_dict()
        found = recognized({key: tuple(value.shape) for key, value in state.items()})
        assert found is not None
        assert (found[0].name, found[1]) == ("resnet20", 37)
        assert identify(state, "x").name == "resnet20"


@pytest.mark.parametrize("name", ["lenet5", "resnet20", "half_lenet", "gru_digits"])
def test_that_a_network_built_without_random_numbers_holds_exactly_its_file(name: str, tmp_path: Path) -> None:
    torch.manual_seed(3)
    path = tmp_path / "net.pth"
    torch.save(named(name).build().state_dict(), path)
    before = torch.get_rng_state()
    module = open_network(ModelSpec(source="checkpoint", weights=str(path)), tmp_path).module
    state, _ = read_state(path)
    found: dict[str, Tensor] = module.state_dict()
    assert found.keys() == state.keys()
    assert all(torch.equal(found[key], state[key]) for key in state)
    assert torch.equal(torch.get_rng_state(), before)


def test_that_a_new_head_is_drawn(tmp_path: Path) -> None:
    path = tmp_path / "net.pth"
    torch.save(named("lenet5").build(10).state_dict(), path)
    module = open_network(ModelSpec(source="checkpoint", weights=str(path), num_classes=4), tmp_path).module
    head = module.get_parameter("fc3.weight")
    assert head.shape[0] == 4
    assert 0 < float(head.detach().std()) < 1

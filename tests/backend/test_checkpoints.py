"""Files with weights: all the wrappings people have, and a sentence for everything else."""

from __future__ import annotations

import argparse
import os
import pickle
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn.utils import prune

from backend.errors import CompressionError
from backend.models import open_network
from backend.models._checkpoint import read_state
from backend.models._designs import named
from backend.recipe import ModelSpec

REAL = Path(__file__).parents[3] / "shared" / "data" / "resnet20-12fca82f.th"


@pytest.fixture(scope="module")
def state() -> dict[str, torch.Tensor]:
    torch.manual_seed(1)
    return named("convnet").build(10).state_dict()


def saved(held: Any, path: Path, **options: Any) -> Path:
    torch.save(held, path, **options)
    return path


def opened(path: Path) -> Any:
    return open_network(ModelSpec("checkpoint", weights=str(path)), Path.cwd())


def refused(path: Path) -> CompressionError:
    with pytest.raises(CompressionError) as caught:
        opened(path)
    assert caught.value.hint is not None and "\n" not in f"{caught.value}{caught.value.hint}"
    return caught.value


def prefixed(state: dict[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {prefix + key: value for key, value in state.items()}


WRAPPINGS = {
    "plain": lambda s: s,
    "ordered": lambda s: OrderedDict(s),
    "state_dict": lambda s: {"epoch": 3, "state_dict": prefixed(s, "module.")},
    "model": lambda s: {"model": s, "optimizer": {"state": {0: {"exp_avg": torch.zeros(2)}}}},
    "model_state_dict": lambda s: {"model_state_dict": s, "loss": torch.tensor(0.3)},
    "net": lambda s: {"net": prefixed(s, "module."), "acc": 91.2},
    "ema": lambda s: {"ema": s},
    "nested": lambda s: {"model": {"state_dict": s}},
    "lightning": lambda s: {"state_dict": prefixed(s, "model."), "callbacks": {}},
    "compiled": lambda s: prefixed(s, "_orig_mod."),
    "compiled and parallel": lambda s: prefixed(s, "module._orig_mod."),
    "backbone": lambda s: prefixed(s, "backbone."),
    "averaged": lambda s: {"n_averaged": torch.tensor(5), **prefixed(s, "module.")},
    "arguments": lambda s: {"args": argparse.Namespace(lr=0.1), "model": s},
    "numpy scalar": lambda s: {"best": np.float64(91.2), "curve": np.arange(3.0), "model": s},
    "parameters": lambda s: {key: nn.Parameter(value) for key, value in s.items()},
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_that_every_usual_wrapping_is_taken_off(wrapping: str, state: dict[str, torch.Tensor], tmp_path: Path) -> None:
    path = saved(WRAPPINGS[wrapping](state), tmp_path / "权重 of mine.pth.tar")
    network = opened(path)
    assert network.spec.name == "convnet" and network.spec.weights == str(path.resolve())
    assert all(torch.equal(value, state[key]) for key, value in network.module.state_dict().items())


def test_that_torchs_old_format_opens(state: dict[str, torch.Tensor], tmp_path: Path) -> None:
    path = saved(state, tmp_path / "old.pt", _use_new_zipfile_serialization=False)
    assert opened(path).spec.name == "convnet"


def test_that_safetensors_open_whatever_they_are_called(state: dict[str, torch.Tensor], tmp_path: Path) -> None:
    save_file(prefixed(state, "module."), tmp_path / "called.pth")
    assert opened(tmp_path / "called.pth").spec.name == "convnet"


def test_that_half_precision_is_used_as_float32_and_said(state: dict[str, torch.Tensor], tmp_path: Path) -> None:
    path = saved({key: value.half() for key, value in state.items()}, tmp_path / "half.pt")
    network = opened(path)
    assert network.module.fc.weight.dtype == torch.float32
    assert any(note.values.get("types") == "float16" for note in network.notes)


def test_that_masks_of_torchs_pruning_are_multiplied_in(tmp_path: Path) -> None:
    module = named("convnet").build(10)
    prune.l1_unstructured(module.conv2, "weight", amount=0.5)
    network = opened(saved(module.state_dict(), tmp_path / "pruned.pt"))
    assert torch.equal(network.module.conv2.weight, module.conv2.weight)
    assert (network.module.conv2.weight == 0).float().mean() == pytest.approx(0.5, abs=1e-4)


def test_that_a_checkpoint_for_other_classes_is_recognized_with_its_head(tmp_path: Path) -> None:
    path = saved(named("bn_convnet").build(26).state_dict(), tmp_path / "letters.pt")
    network = opened(path)
    assert (network.spec.name, network.classes, network.spec.num_classes) == ("bn_convnet", 26, 26)


@pytest.mark.parametrize("name", ["resnet32", "resnet18", "squeezenet1_0", "mobilenet_v3_small"])
def test_that_the_architecture_is_found_among_bundled_and_torchvisions(name: str, tmp_path: Path) -> None:
    path = saved(prefixed(named(name).build(9).state_dict(), "module."), tmp_path / "unnamed.pt")
    network = opened(path)
    assert (network.spec.name, network.classes) == (name, 9)


def test_that_counters_of_batch_normalization_may_be_missing(tmp_path: Path) -> None:
    state = {k: v for k, v in named("resnet20").build().state_dict().items() if "num_batches" not in k}
    assert opened(saved(state, tmp_path / "before counters.pt")).spec.name == "resnet20"


def test_that_nothing_fitting_shows_the_closest_and_the_difference(tmp_path: Path) -> None:
    state = named("lenet5_caffe").build().state_dict()
    state["fc1.weight"] = torch.zeros(400, 800)
    state["extra.weight"] = state.pop("fc2.bias")
    error = refused(saved(state, tmp_path / "odd.pt"))
    for part in ("lenet5_caffe", "6 of 8", "fc2.bias", "extra.weight", "fc1.weight (400×800 ≠ 500×800)"):
        assert part in str(error)


def test_that_weights_of_another_network_than_the_one_named_are_refused(
    state: dict[str, torch.Tensor], tmp_path: Path
) -> None:
    path = saved(state, tmp_path / "convnet.pt")
    with pytest.raises(CompressionError, match="does not fit lenet5: 0 of 10"):
        open_network(ModelSpec("bundled", "lenet5", str(path)), tmp_path)


def test_that_weights_that_fit_nothing_at_all_name_the_way_out(tmp_path: Path) -> None:
    assert "python" in str(refused(saved({"a.b": torch.zeros(3)}, tmp_path / "x.pt")).hint)


def test_that_a_named_architecture_is_not_searched_for(state: dict[str, torch.Tensor], tmp_path: Path) -> None:
    path = saved(state, tmp_path / "convnet.pt")
    network = open_network(ModelSpec("checkpoint", "convnet", str(path), num_classes=3), tmp_path)
    assert network.classes == 3


class Payload:
    """Runs a command where it is unpickled."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (f"touch '{self.marker}'",)


@pytest.mark.parametrize("new", [True, False])
def test_that_a_payload_is_named_and_never_run(new: bool, tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    held = {"state_dict": {"conv1.weight": torch.zeros(1)}, "x": Payload(marker)}
    path = saved(held, tmp_path / "evil.pth", _use_new_zipfile_serialization=new)
    assert "system" in str(refused(path))
    assert not marker.exists()


@pytest.mark.parametrize("new", [True, False])
def test_that_a_whole_network_is_refused_with_what_it_would_import(new: bool, tmp_path: Path) -> None:
    path = saved(named("convnet").build(), tmp_path / "whole.pth", _use_new_zipfile_serialization=new)
    error = refused(path)
    assert "ConvNet" in str(error) and "state_dict()" in str(error.hint)


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def zipped(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return path


def onnx_file(path: Path) -> Path:
    value = onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [1])
    node = onnx.helper.make_node("Relu", ["x"], ["y"])
    out = onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [1])
    return write(path, onnx.helper.make_model(onnx.helper.make_graph([node], "g", [value], [out])).SerializeToString())


def array_file(path: Path) -> Path:
    with open(path, "wb") as file:
        np.save(file, np.zeros(3))
    return path


def arrays_file(path: Path) -> Path:
    with open(path, "wb") as file:
        np.savez(file, a=np.zeros(3))
    return path


FOREIGN = {
    "is empty": lambda p: write(p, b""),
    "is a folder": lambda p: p.mkdir() or p,
    "is a text": lambda p: write(p, b"epoch 1, loss 0.3\n"),
    "is a text, not": lambda p: write(p, "第一轮，损失很小\n".encode()),
    "is not a checkpoint": lambda p: write(p, bytes(range(1, 200))),
    "is a web page": lambda p: write(p, b"\n<!DOCTYPE html><html>"),
    "Git LFS": lambda p: write(p, b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n"),
    "compressed archive": lambda p: write(p, b"\x1f\x8b\x08\x00rest"),
    "Keras or HDF5": lambda p: write(p, b"\x89HDF\r\n\x1a\nrest"),
    "is a Keras": lambda p: zipped(p, "config.json", "model.weights.h5"),
    "is a NumPy array": array_file,
    "archive of NumPy arrays": arrays_file,
    "GGUF": lambda p: write(p, b"GGUF\x03\0\0\0"),
    "TensorFlow Lite": lambda p: write(p, b"\x1c\0\0\0TFL3rest"),
    "TorchScript": lambda p: zipped(p, "net/data.pkl", "net/constants.pkl", "net/code/__torch__.py"),
    "exported program": lambda p: zipped(p, "net/archive_format", "net/models/model.json"),
    "ZIP archive that holds no checkpoint": lambda p: zipped(p, "readme.txt"),
    "ONNX": onnx_file,
    "holds no weights": lambda p: saved({"epoch": 3, "lr": 0.1}, p),
    "holds an object of type list": lambda p: saved([torch.zeros(3)], p),
    "is a Python pickle": lambda p: write(p, pickle.dumps({"a": 1})),
}


@pytest.mark.parametrize("says", FOREIGN)
def test_that_a_file_of_another_kind_is_named_whatever_its_name_says(says: str, tmp_path: Path) -> None:
    assert says in str(refused(FOREIGN[says](tmp_path / "model.pth")))


def test_that_a_real_exported_program_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "program.pt2"
    torch.export.save(torch.export.export(nn.Linear(2, 2), (torch.zeros(1, 2),)), path)
    assert "exported program" in str(refused(path))


@pytest.mark.parametrize("share", [0.3, 0.9])
@pytest.mark.parametrize("kind", ["zip", "old", "safetensors"])
def test_that_a_truncated_file_is_a_sentence(
    kind: str, share: float, state: dict[str, torch.Tensor], tmp_path: Path
) -> None:
    path = tmp_path / "cut.pth"
    if kind == "safetensors":
        save_file(state, path)
    else:
        torch.save(state, path, _use_new_zipfile_serialization=kind == "zip")
    content = path.read_bytes()
    write(path, content[: int(share * len(content))])
    assert "cut off or damaged" in str(refused(path))


def test_that_a_missing_or_unreadable_file_is_a_sentence(tmp_path: Path) -> None:
    assert "There is no" in str(refused(tmp_path / "nowhere.pth"))
    with pytest.raises(CompressionError, match="There is no file"):
        read_state(tmp_path / "nowhere.pth")


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
def test_that_weights_quantized_already_are_refused(tmp_path: Path) -> None:
    quantized = torch.quantize_per_tensor(torch.randn(3, 3), 0.1, 0, torch.qint8)
    assert "quantized already" in str(refused(saved({"fc.weight": quantized}, tmp_path / "q.pt")))
    for key in ("fc.packed_codes", "fc._packed_params._packed_params.0.int", "conv.weight.int"):
        error = refused(saved({"fc.bias": torch.zeros(2), key: torch.zeros(3, dtype=torch.int8)}, tmp_path / "q.pt"))
        assert key in str(error) and "folder of its run" in str(error.hint)


if REAL.is_file():

    @pytest.mark.real_data
    def test_that_the_published_resnet20_is_recognized() -> None:
        network = opened(REAL)
        assert (network.name, network.classes, network.input_shape) == ("resnet20", 10, (3, 32, 32))
        assert sum(p.numel() for p in network.module.parameters()) == 269_722

"""The decoder beside an encoded file: it gives the weights of packed layers, bit for bit, with numpy alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch
from torch import nn

from backend import encoding
from backend.encoding import DECODER, DecodeError, pare_decode
from backend.export._base import ExportFormat
from backend.network import Network
from backend.quantization._codes import DECODERS, encoded
from backend.quantization._packing import PREFIX, packed
from backend.registry import method
from tests.backend import test_gptq, test_half, test_low_bit, test_weight_only

FORMAT = cast(ExportFormat, method("export", "encoded"))


class Tied(test_weight_only.Small):
    """Its first layer has a second name."""

    def __init__(self) -> None:
        super().__init__()
        self.same = self.conv


def few_bits(kind: type[nn.Module] = test_weight_only.Small, **settings: Any) -> Network:
    torch.manual_seed(0)
    session = test_weight_only.session_of(kind(), test_weight_only.stage(**settings))
    test_weight_only.carried_out(session)
    return session.network


def solved(**settings: Any) -> Network:
    session = test_gptq.session_of(test_gptq.network(), **settings)
    test_gptq.carried_out(session)
    return session.network


def learned(id: str, kind: type[nn.Module], **settings: Any) -> Network:
    session = test_low_bit.made(kind)
    outcome = test_low_bit.converted(test_low_bit.trained(id, session, **settings))
    return replace(session.network, module=outcome.module)


def half(id: str) -> Network:
    session, _ = test_half.made(test_half.net(), method=id, compute="float32")
    return session.network


NETWORKS: dict[str, Callable[[], Network]] = {  # a row of fc2 has 40 weights, one of conv 9
    "affine": lambda: few_bits(bits=3, group=32, weight_scheme="affine"),
    "symmetric": lambda: few_bits(bits=5, group=32, weight_scheme="symmetric"),
    "row": lambda: few_bits(bits=8, group="row"),
    "nf4": lambda: few_bits(code="normal_float", bits=4, group=32),
    "nf3": lambda: few_bits(code="normal_float", bits=3, group="row"),
    "two names": lambda: few_bits(Tied),
    "gptq": lambda: solved(bits=3),
    "lsq": lambda: learned("lsq", test_low_bit.Net, weight_bits=3),
    "lsq per channel": lambda: learned("lsq", test_low_bit.Kinds, weight_bits=2, per_channel=True),
    "dorefa": lambda: learned("dorefa", test_low_bit.Net, weight_bits=2),
    "bnn": lambda: learned("bnn", test_low_bit.Net),
    "bnn whole": lambda: learned("bnn", test_low_bit.Net, per_channel=False),
    "float16": lambda: half("float16"),
    "bfloat16": lambda: half("bfloat16"),
}


def same(found: np.ndarray, held: torch.Tensor) -> bool:
    expected = held.detach().numpy()
    return (found.dtype, found.shape, found.tobytes()) == (expected.dtype, expected.shape, expected.tobytes())


def packed_layers(network: Network) -> dict[str, nn.Module]:
    return {name: part for name, part in network.module.named_modules(remove_duplicate=False) if packed(part)}


@pytest.mark.parametrize("name", NETWORKS)
def test_that_the_decoder_gives_the_very_weights_of_packed_layers(name: str, tmp_path: Path) -> None:
    network = NETWORKS[name]()
    layers = packed_layers(network)
    assert layers
    (tmp_path / "net.encoded").write_bytes(FORMAT.encode(network))
    arrays = pare_decode.load(tmp_path / "net.encoded")
    for layer, part in layers.items():
        assert same(arrays[f"{layer}.weight"], part.get_buffer("weight")), layer
    assert not [key for key in arrays if PREFIX in key]
    others = {key: value for key, value in network.module.state_dict().items() if PREFIX not in key}
    assert all(same(arrays[key], value) for key, value in others.items())


def test_that_python_and_numpy_alone_write_them_for_numpy(tmp_path: Path) -> None:
    network = few_bits(bits=3, group=32)
    shutil.copy(DECODER, tmp_path)
    (tmp_path / "net.encoded").write_bytes(FORMAT.encode(network))
    program = "import sys, runpy; sys.modules['torch'] = None; runpy.run_path('pare_decode.py', run_name='__main__')"
    command = [sys.executable, "-I", "-X", "utf8", "-c", program, "net.encoded", "out.npz"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "fc1.weight float32 40×64" in ran.stdout.splitlines()
    with np.load(tmp_path / "out.npz") as found:
        for layer, part in packed_layers(network).items():
            assert same(found[f"{layer}.weight"], part.get_buffer("weight"))


def test_that_the_file_still_holds_the_codes_for_pare() -> None:
    network = few_bits(bits=4, group=32)
    content = FORMAT.encode(network)
    assert "fc1.packed_codes" in encoding.read(content)[1]
    empty = few_bits(bits=4, group=32).module
    for buffer in empty.buffers():
        buffer.zero_()
    decode = FORMAT.decode
    assert decode is not None
    images = torch.rand(3, 1, 6, 6, generator=torch.Generator().manual_seed(1))
    assert np.array_equal(decode(content, lambda: empty)(images), network.module(images).detach())


def test_that_every_code_has_its_decoder() -> None:
    assert set(pare_decode.CODES) == set(DECODERS) - {encoded.KIND}


@pytest.mark.parametrize(
    "change",
    [{"bits": 9}, {"bits": "4"}, {"group": 8}, {"matrix": [40]}, {"shape": [41, 64]}, {"tensors": ["codes", "other"]}],
)
def test_that_a_code_that_does_not_fit_its_tensors_is_the_one_error(change: dict[str, Any], tmp_path: Path) -> None:
    header, frames = encoding.read(FORMAT.encode(few_bits(bits=4, group=32)))
    header["packed"]["fc1.weight"] |= change
    (tmp_path / "net.encoded").write_bytes(encoding.write(header, frames))
    with pytest.raises(DecodeError, match="damaged"):
        pare_decode.load(tmp_path / "net.encoded")

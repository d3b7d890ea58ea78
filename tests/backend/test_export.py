"""A file is called done only after a clean process has read it and given the same answers."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import shutil
import time
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from backend.cancel import Cancel
from backend.cli import command_line
from backend.datasets import open_data
from backend.engine.client import EngineClient
from backend.engine.protocol import Export
from backend.errors import Cancelled, CompressionError
from backend.events import ENDINGS, Event, Finished, Progress, Warned
from backend.export import _clean, _verify, export_run
from backend.export._base import ExportFormat
from backend.export._verify import Probe, difference, probe, verify
from backend.models import reopen
from backend.network import Network
from backend.quantization._fx import make_dynamic, set_engine
from backend.recipe import DataSpec, ModelSpec, recipe_from_data
from backend.registry import catalogue, method
from backend.runner import run as run_recipe

Exported = tuple[Path, list[dict[str, Any]], list[Event]]
"""Folder, rows and events of an export."""

FORMATS = ("onnx", "safetensors", "state_dict", "whole_module")


class Bomb:
    """What a hostile pickle looks like: reading it makes a file."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.mark),)


def carried_out(folder: Path, data: Path, stages: list[Any]) -> Path:
    recipe = recipe_from_data(
        {
            "name": "blobs",
            "model": {"source": "bundled", "name": "lenet5", "num_classes": 4},
            "data": {"source": "arrays", "root": str(data), "batch_size": 32},
            "stages": stages,
        },
        catalogue(),
    )
    events: list[Event] = []
    run_recipe(recipe, folder, events.append, Cancel(), folder=folder.parent)
    assert isinstance(events[-1], Finished), events[-1]
    return folder


@pytest.fixture(scope="module")
def pruned(blobs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return carried_out(tmp_path_factory.mktemp("runs") / "剪枝 run", blobs, [{"prune": {"amount": 0.3}}])


@pytest.fixture(scope="module")
def int8(blobs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    stages = [{"quantize": {"method": "static_int8", "engine": "x86", "calibration_batches": 1}}]
    return carried_out(tmp_path_factory.mktemp("runs") / "int8", blobs, stages)


@pytest.fixture
def no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same check, made here: for tests that are not about the process (starting one takes seconds)."""
    monkeypatch.setattr(_verify, "_ask", lambda job, _cancel: _clean.answer(job))


at_hand = pytest.mark.usefixtures("no_process")


@pytest.fixture
def run(pruned: Path, tmp_path: Path) -> Path:
    """A finished run of its own for a test."""
    return shutil.copytree(pruned, tmp_path / "run 一")


def exported(
    run: Path, *formats: str, to: Path | None = None, name: str = "net"
) -> tuple[list[dict[str, Any]], list[Event]]:
    events: list[Event] = []
    return export_run(run, formats, to or run / "exports", name, events.append, Cancel()), events


def format_of(id: str) -> ExportFormat:
    return cast(ExportFormat, method("export", id))


def checked(id: str, run: Path, path: Path, digest: str) -> Any:
    """The verdict of a clean process on a file."""
    network = reopen(run)
    return verify(format_of(id), path, digest, run, probe(network, None, Cancel()), Cancel(), {})


@pytest.fixture(scope="module")
def all_formats(pruned: Path, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """The folder, rows and events of one export in every format, each checked in its own process."""
    folder = tmp_path_factory.mktemp("out") / "导出 here"
    return folder, *exported(shutil.copytree(pruned, folder.parent / "run"), *FORMATS, to=folder, name="网络 v1.2")


def test_that_every_format_is_written_checked_and_remembered(
    all_formats: Exported,
) -> None:
    folder, rows, events = all_formats
    result = json.loads((folder.parent / "run" / "result.json").read_text(encoding="utf-8"))
    assert [row["format"] for row in rows] == list(FORMATS)
    for row in rows:
        assert row["verified"] and row["reason"] is None
        assert row["max_abs_error"] <= (1e-4 if row["format"] == "onnx" else 0.0)
        assert row["accuracy"] == pytest.approx(result["final"]["accuracy"])
        assert row["size_bytes"] == Path(row["path"]).stat().st_size
        assert 0 < row["latency_ms"]["min"] <= row["latency_ms"]["median"]
        assert row["latency_ms"]["runtime"] == ("onnxruntime" if row["format"] == "onnx" else "torch")
    assert sorted(f.name for f in folder.iterdir()) == sorted(f"网络 v1.2{format_of(id).suffix}" for id in FORMATS)
    assert result["exports"] == rows
    progress = [event for event in events if isinstance(event, Progress)]
    assert [p.stage for p in progress if p.done == p.total] == [0, 1, 2, 3]
    assert not any(isinstance(event, Warned) for event in events)


def test_that_the_files_hold_the_runs_weights_for_anyone(pruned: Path, all_formats: Exported) -> None:
    """Read without Pare, by each format's own library."""
    import onnxruntime

    file = {row["format"]: row["path"] for row in all_formats[1]}
    network = reopen(pruned)
    state = network.module.state_dict()
    for found in (load_file(file["safetensors"]), torch.load(file["state_dict"], weights_only=True)):
        assert found.keys() == state.keys()
        assert all(torch.equal(found[key], state[key]) for key in state)
    images = torch.randn(7, 1, 28, 28)
    with torch.no_grad():
        expected = network.module(images)
    session = onnxruntime.InferenceSession(file["onnx"], providers=["CPUExecutionProvider"])
    (outputs,) = session.run(None, {session.get_inputs()[0].name: images.numpy()})
    np.testing.assert_allclose(outputs, expected.numpy(), atol=1e-4)
    whole = torch.load(file["whole_module"], weights_only=False)  # written by this test a moment ago
    assert torch.equal(whole(images), expected)


@at_hand
def test_that_an_int8_network_is_exported_in_all_formats_but_onnx(int8: Path, tmp_path: Path) -> None:
    rows, _ = exported(int8, "safetensors", "state_dict", to=tmp_path)
    assert [(row["verified"], row["max_abs_error"]) for row in rows] == [(True, 0.0)] * 2
    size = json.loads((int8 / "result.json").read_text(encoding="utf-8"))["final"]["size_bytes"]
    assert rows[0]["size_bytes"] == size, "result.json says the size of the file that is shipped"
    with pytest.raises(CompressionError, match="int8 network can't be written as ONNX"):
        exported(int8, "safetensors", "onnx", to=tmp_path / "none")
    assert not (tmp_path / "none").exists(), "nothing is written where one format can't be"


@at_hand
def test_that_the_command_line_writes_what_it_can_and_says_what_it_cannot(
    int8: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, out = shutil.copytree(int8, tmp_path / "run"), tmp_path / "out"
    words = ["export", str(run), "--output", str(out), "--name", "net", "--format", "onnx"]
    reason = str(format_of("onnx").applies(reopen(run)))
    assert command_line([*words, "safetensors"]) == 2
    said = capsys.readouterr()
    assert [line for line in said.err.splitlines() if line.startswith("pare:")] == [
        f"pare: onnx is not written. {reason}"
    ]
    assert said.out.count("opens and matches") == 1
    assert [file.name for file in out.iterdir()] == ["net.safetensors"]
    shutil.rmtree(out)
    assert command_line(words) == 2
    assert capsys.readouterr().err.splitlines()[0] == f"pare: {reason}"
    assert not out.exists()


def test_that_a_whole_int8_network_opens_in_a_process_that_never_saw_it(int8: Path, tmp_path: Path) -> None:
    rows, _ = exported(int8, "whole_module", to=tmp_path)
    assert (rows[0]["verified"], rows[0]["max_abs_error"]) == (True, 0.0)


def test_that_a_pickle_that_would_be_packed_for_another_engine_is_refused() -> None:
    def quantized_for(engine: str) -> Network:
        module = make_dynamic(nn.Sequential(nn.Linear(4, 2)), {"0": False}, engine)
        return Network("net", ModelSpec(), set_engine(module, engine), (4,))

    assert format_of("whole_module").applies(quantized_for("x86")) is None
    assert "qnnpack" in str(format_of("whole_module").applies(quantized_for("qnnpack")))


@at_hand
def test_that_exports_inside_the_run_move_with_it(run: Path, tmp_path: Path) -> None:
    exported(run, "safetensors")
    exported(run, "safetensors", "state_dict")
    moved = run.rename(tmp_path / "moved")
    rows = json.loads((moved / "result.json").read_text(encoding="utf-8"))["exports"]
    assert [row["path"] for row in rows] == ["exports/net.safetensors", "exports/net.pth"], "one row a file"
    assert all((moved / row["path"]).is_file() for row in rows)


@at_hand
def test_that_a_run_without_stages_exports_the_original(blobs: Path, tmp_path: Path) -> None:
    rows, _ = exported(carried_out(tmp_path / "bare", blobs, []), "safetensors")
    assert rows[0]["verified"]


@at_hand
def test_that_lost_data_is_said_and_random_images_are_compared(run: Path) -> None:
    resolved = run / "resolved.yaml"
    lines = resolved.read_text(encoding="utf-8").splitlines()
    moved = ["  root: /nowhere/blobs.npz" if line.strip().startswith("root:") else line for line in lines]
    resolved.write_text("\n".join(moved), encoding="utf-8")
    rows, events = exported(run, "safetensors")
    assert rows[0]["verified"] and rows[0]["accuracy"] is None
    warnings = [str(event.message) for event in events if isinstance(event, Warned)]
    assert "random images" in warnings[0] and len(warnings) == 2


@at_hand
@pytest.mark.parametrize("id", ["safetensors", "whole_module"])
def test_that_a_file_changed_after_it_was_written_is_refused(id: str, run: Path, tmp_path: Path) -> None:
    path = tmp_path / "net"
    digest = format_of(id).write(reopen(run), path)
    content = bytearray(path.read_bytes())
    content[-20] ^= 1
    path.write_bytes(content)
    verdict = checked(id, run, path, digest)
    assert not verdict.verified
    assert "is no longer the file that Pare wrote" in str(verdict.reason)


@at_hand
@pytest.mark.parametrize("id", FORMATS)
def test_that_a_hostile_pickle_in_place_of_the_file_is_never_run(id: str, run: Path, tmp_path: Path) -> None:
    path, mark = tmp_path / "net", tmp_path / "it ran"
    digest = format_of(id).write(reopen(run), path)
    torch.save(Bomb(mark), path)
    for call in (lambda: format_of(id).load(path, run, digest), lambda: checked(id, run, path, digest)):
        with contextlib.suppress(CompressionError):
            assert not call().verified
        assert not mark.exists()


@at_hand
def test_that_a_hostile_state_dict_is_not_run_even_with_its_own_sha256(run: Path, tmp_path: Path) -> None:
    path, mark = tmp_path / "net.pth", tmp_path / "it ran"
    torch.save({"conv1.weight": Bomb(mark)}, path)
    verdict = checked("state_dict", run, path, hashlib.sha256(path.read_bytes()).hexdigest())
    assert not verdict.verified and "can't be opened" in str(verdict.reason)
    assert not mark.exists()


@at_hand
def test_that_a_corrupted_file_and_wrong_weights_do_not_pass(run: Path, tmp_path: Path) -> None:
    path = tmp_path / "net.onnx"
    path.write_bytes(b"\x08\x07 no model")
    verdict = checked("onnx", run, path, hashlib.sha256(path.read_bytes()).hexdigest())
    assert not verdict.verified and "can't be opened" in str(verdict.reason)

    other = reopen(run)
    with torch.no_grad():
        other.module.get_parameter("fc3.bias")[0] += 0.01
    digest = format_of("safetensors").write(other, tmp_path / "net.safetensors")
    verdict = checked("safetensors", run, tmp_path / "net.safetensors", digest)
    assert not verdict.verified
    assert verdict.max_abs_error == pytest.approx(0.01, rel=1e-3)
    assert "differ from the network's by up to 0.01" in str(verdict.reason)


@at_hand
def test_that_a_file_that_does_not_pass_is_said_and_remembered(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(network: Network) -> bytes:
        other = network.copy()
        nn.init.zeros_(other.module.get_parameter("fc3.weight"))
        return other.weights_bytes()

    # Frozen dataclass: the format's own encoder is replaced for this test.
    monkeypatch.setitem(format_of("safetensors").__dict__, "encode", half)
    rows, events = exported(run, "safetensors")
    assert rows[0]["verified"] is False
    assert "differ" in rows[0]["reason"]["template"]
    assert json.loads((run / "result.json").read_text(encoding="utf-8"))["exports"][0]["verified"] is False
    warnings = [str(event.message) for event in events if isinstance(event, Warned)]
    assert warnings[0] == "safetensors was written but did not pass its check."


def test_that_the_check_sees_the_data_as_training_does(blobs: Path, run: Path) -> None:
    def told(*_: object) -> None: ...

    data = open_data(DataSpec("arrays", root=str(blobs), limit=30), run, 0, told, Cancel())
    found: Probe = probe(reopen(run), data, Cancel())
    expected = torch.cat([images for images, _ in data.batches("test", 7)])
    assert torch.equal(found.images, expected)
    assert found.labels is not None and torch.equal(found.labels, data.parts["test"].labels)


def test_that_nan_is_equal_to_nan_alone() -> None:
    nan, inf = float("nan"), float("inf")
    assert difference(torch.tensor([nan, inf, 1.0]), torch.tensor([nan, inf, 1.5])) == 0.5
    assert difference(torch.tensor([nan]), torch.tensor([0.0])) == inf
    assert difference(torch.tensor([inf]), torch.tensor([-inf])) == inf


@pytest.mark.parametrize("name", ["", "  ", "..", "a/b", "a\\b", "nul\0", "x" * 300])
def test_that_a_name_no_file_can_have_is_a_sentence(name: str, run: Path) -> None:
    with pytest.raises(CompressionError, match="can't be the name of a file"):
        exported(run, "safetensors", name=name)


def test_that_an_unknown_format_offers_the_nearest(run: Path) -> None:
    with pytest.raises(CompressionError) as caught:
        exported(run, "onx")
    assert str(caught.value.hint) == "Did you mean onnx?"


def test_that_a_folder_that_is_no_run_is_a_sentence(tmp_path: Path, run: Path) -> None:
    with pytest.raises(CompressionError, match="no finished run"):
        exported(tmp_path, "safetensors")
    (run / "result.json").write_text("{", encoding="utf-8")
    with pytest.raises(CompressionError, match="damaged"):
        exported(run, "safetensors")


def test_that_a_destination_that_is_a_file_is_a_sentence_and_writes_nothing(run: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    with pytest.raises(CompressionError, match="can't write"):
        exported(run, "safetensors", to=tmp_path / "taken")
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "mine"


def test_that_a_network_that_cannot_be_pickled_is_a_sentence(run: Path) -> None:
    network = reopen(run)
    network.module.table = io.StringIO  # type: ignore[assignment]
    network.module.lock = lambda: None  # type: ignore[assignment]
    with pytest.raises(CompressionError, match="can't be pickled whole"):
        format_of("whole_module").encode(network)


def test_that_cancel_ends_the_check_at_once(run: Path) -> None:
    cancel = Cancel()

    def emit(event: Event) -> None:
        if isinstance(event, Progress) and event.done == 1:
            cancel.request()

    begun = time.monotonic()
    with pytest.raises(Cancelled):
        export_run(run, ["onnx"], run / "exports", "net", emit, cancel)
    assert time.monotonic() - begun < 20
    assert json.loads((run / "result.json").read_text(encoding="utf-8"))["exports"] == []


def test_that_the_engine_process_exports_too(run: Path, tmp_path: Path) -> None:
    """The engine is a daemon process, and those may not start processes as a rule."""
    client = EngineClient()
    try:
        job = client.send(Export(str(run), ("safetensors",), str(tmp_path / "out"), "net"))
        endings: list[Event] = []
        end = time.monotonic() + 60
        while not endings and time.monotonic() < end:
            endings = [e for id, _, e in client.receive(0.2) if id == job and isinstance(e, ENDINGS)]
        (ending,) = endings
        assert isinstance(ending, Finished), ending
        assert ending.result["exports"][0]["verified"] is True
    finally:
        client.close()

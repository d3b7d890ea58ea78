"""A written file is opened in a clean process and compared before it is called done."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import multiprocessing.connection
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from backend.cancel import Cancel
from backend.datasets._base import Data
from backend.errors import Message, msg
from backend.evaluation.accuracy import BATCH, forward
from backend.export import _clean
from backend.export._base import ExportFormat
from backend.network import Network
from backend.quantization._plain import resolution

COMPARED = 256
MOST_IMAGES = 10_000
MOST_BYTES = 256 * 2**20
STEPS = 8
"""Rounding steps of a type of 16 bits that outputs may differ by."""


@dataclass(frozen=True)
class Probe:
    """What a file is checked with.

    Attributes:
        images: N×C×H×W, normalized; at most 10,000 of the test part, or random ones.
        expected: outputs of the exported network for the first of them, at most 256.
        labels: N, None for random images.
        data: where they are from, for its metric.
        resolution: largest relative rounding error of the types the network computes in, beside float32.
    """

    images: Tensor
    expected: Tensor
    labels: Tensor | None = None
    data: Data | None = None
    resolution: float = 0.0


@dataclass(frozen=True)
class Verdict:
    """What the clean process found; ``reason`` says why a file was not verified."""

    verified: bool
    max_abs_error: float | None = None
    accuracy: float | None = None
    latency_ms: Mapping[str, Any] | None = None
    reason: Message | None = None
    details: str = ""


def probe(network: Network, data: Data | None, cancel: Cancel) -> Probe:
    """Images to check with, and what ``network`` (on the CPU) gives for them."""
    if data is None:
        generator = torch.Generator().manual_seed(0)
        images, labels = torch.randn(COMPARED, *network.input_shape, generator=generator), None
    else:
        images, labels = _test_images(data)
    outputs = []
    with torch.inference_mode():
        for batch in images[:COMPARED].split(BATCH):
            cancel.check()
            outputs.append(forward(network.module, batch).clone())
    return Probe(images, torch.cat(outputs), labels, data, resolution(network.module))


def verify(
    format: ExportFormat,
    path: Path,
    sha256: str,
    checkpoint: Path,
    probe: Probe,
    cancel: Cancel,
    allowed: Mapping[str, str],
) -> Verdict:
    """Open ``path`` in a clean process and compare its outputs with the network's.

    Args:
        format: the format it was written in.
        path: the file.
        sha256: of what was written; a file that has changed since is refused, unread.
        checkpoint: folder of the exported network.
        probe: what to check with.
        cancel: ends the process.
        allowed: Python files that may be run, path → SHA-256.
    """
    with tempfile.TemporaryDirectory(prefix="pare-", ignore_cleanup_errors=True) as folder:
        save_file({"images": probe.images.contiguous()}, Path(folder) / _clean.PROBE)
        threads = torch.get_num_threads()
        job = _clean.Job(format.id, str(path), sha256, str(checkpoint), dict(allowed), folder, threads)
        answer = _ask(job, cancel)
        if "error" in answer:
            return Verdict(False, reason=Message.from_data(answer["error"]), details=answer.get("details", ""))
        outputs = load_file(Path(folder) / _clean.OUTPUTS)["outputs"]
    return _judge(format, probe, outputs, answer["latency_ms"])


def _judge(format: ExportFormat, probe: Probe, outputs: Tensor, latency: Mapping[str, Any]) -> Verdict:
    got = outputs[: len(probe.expected)]
    if got.shape != probe.expected.shape:
        shapes = {"got": "×".join(map(str, got.shape[1:])), "expected": "×".join(map(str, probe.expected.shape[1:]))}
        return Verdict(False, reason=msg("Its outputs have the shape {got}, not {expected}.", **shapes))
    error = difference(got, probe.expected)
    largest = probe.expected.abs().nan_to_num(0.0, 0.0, 0.0).max()
    # Another runtime computes in float32 what the network itself rounds to 16 bits after each layer.
    steps = 0 if format.runtime == "torch" else STEPS
    allowed = max(format.tolerance, steps * probe.resolution) * max(1.0, float(largest))
    verified = error <= allowed
    reason = None
    if not verified:
        reason = msg(
            "Its outputs differ from the network's by up to {error}; {allowed} is allowed.",
            error=f"{error:.2g}",
            allowed=f"{allowed:.2g}",
        )
    return Verdict(verified, error, _accuracy(probe, outputs), latency, reason)


def difference(a: Tensor, b: Tensor) -> float:
    """Largest absolute difference; values that are equal or both NaN differ by nothing, one NaN by infinity."""
    a, b = a.double(), b.double()
    gap = torch.where((a == b) | (a.isnan() & b.isnan()), 0.0, (a - b).abs())
    return float(gap.nan_to_num(float("inf"), float("inf")).max()) if gap.numel() else 0.0


def _accuracy(probe: Probe, outputs: Tensor) -> float | None:
    if probe.labels is None or probe.data is None:
        return None
    if probe.data.metric is not None:
        return float(probe.data.metric(outputs, probe.labels))
    return 100.0 * float((outputs.argmax(1) == probe.labels).double().mean())


def _test_images(data: Data) -> tuple[Tensor, Tensor]:
    each = 4 * max(1, data.parts["test"].images[0].numel())
    wanted = max(1, min(MOST_IMAGES, MOST_BYTES // each))
    images, labels, count = [], [], 0
    for batch, answers in data.batches("test", BATCH):
        images.append(batch)
        labels.append(answers)
        count += len(answers)
        if count >= wanted:
            break
    return torch.cat(images)[:wanted], torch.cat(labels)[:wanted]


def _ask(job: _clean.Job, cancel: Cancel) -> dict[str, Any]:
    """The clean process's answer; a process that dies is an answer too."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_clean.main, args=(theirs, job.to_data()), name="pare-check", daemon=True)
    try:
        with _children_allowed():
            process.start()
        theirs.close()
        while not multiprocessing.connection.wait([ours, process.sentinel], 0.1):
            cancel.check()
        answer: dict[str, Any] = json.loads(ours.recv_bytes())
        return answer
    except (EOFError, OSError):
        process.join(5)
        code = process.exitcode if process.exitcode is not None else -1
        return {"error": msg("The process that checked it ended unexpectedly (exit code {code}).", code=code).to_data()}
    finally:
        _end(process)
        ours.close()


def _end(process: SpawnProcess) -> None:
    if process.pid is not None:
        process.kill()
        process.join()


@contextlib.contextmanager
def _children_allowed() -> Iterator[None]:
    """The engine is a daemon of the window, and multiprocessing lets daemons start nothing."""
    current = multiprocessing.current_process()
    daemon = current.daemon
    if daemon:
        current.daemon = False
    try:
        yield
    finally:
        if daemon:
            current.daemon = True

"""The clean process: opens a file that was just written, as anyone would, and runs it.

Nothing of the process that wrote the file is shared with it but the names in a job.
"""

from __future__ import annotations

import json
import os
import threading
import traceback
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

import torch
from safetensors.torch import load_file, save_file

from backend.errors import CompressionError, msg
from backend.evaluation.latency import race
from backend.export._base import ExportFormat
from backend.quiet import quiet_worker
from backend.registry import method

PROBE = "probe.safetensors"
OUTPUTS = "outputs.safetensors"
BATCH = 256
SECONDS = 0.2


@dataclass(frozen=True)
class Job:
    """What to check; plain data.

    Attributes:
        format: id of the format.
        path: the file.
        sha256: of its content.
        checkpoint: folder of the network that was exported.
        allowed: Python files that may be run, path → SHA-256.
        folder: holds the images (``probe.safetensors``) and receives the outputs.
        threads: for torch and the runtime.
    """

    format: str
    path: str
    sha256: str
    checkpoint: str
    allowed: dict[str, str]
    folder: str
    threads: int

    def to_data(self) -> dict[str, Any]:
        return asdict(self)


def main(connection: Connection, data: dict[str, Any]) -> None:
    """Check one file and send the answer as JSON; ends at once when the other side is gone."""
    quiet_worker()
    threading.Thread(target=_leave_with, args=(connection,), daemon=True).start()
    connection.send_bytes(json.dumps(answer(Job(**data))).encode())


def answer(job: Job) -> dict[str, Any]:
    """What :func:`check` found, or why the file could not be checked."""
    try:
        return check(job)
    except CompressionError as error:
        return {"error": error.message.to_data(), "details": error.details}
    except Exception as error:  # every error becomes a sentence at this boundary
        reason = (str(error).strip().splitlines() or [""])[0]
        message = msg("It can't be opened: {error}.", error=f"{type(error).__name__}: {reason}".rstrip(".: "))
        return {"error": message.to_data(), "details": traceback.format_exc()}


def check(job: Job) -> dict[str, Any]:
    """Load the file, write its outputs for the images to a file, and time it on one image.

    Raises:
        CompressionError: the file is not what was written.
    """
    torch.set_num_threads(job.threads)
    folder = Path(job.folder)
    format = cast(ExportFormat, method("export", job.format))

    function = format.load(Path(job.path), Path(job.checkpoint), job.sha256, job.allowed)
    images = load_file(folder / PROBE)["images"]
    outputs = torch.cat([function(batch).detach().clone() for batch in images.split(BATCH)])
    save_file({"outputs": outputs.contiguous()}, folder / OUTPUTS)
    one = images[:1]
    timing = race({job.format: lambda: function(one)}, seconds=SECONDS)[job.format]
    latency = {"median": timing.median, "min": timing.min, "runtime": format.runtime, "threads": job.threads}
    return {"latency_ms": {**latency, "batch": 1}}


def _leave_with(connection: Connection) -> None:
    try:
        connection.recv_bytes()
    except (EOFError, OSError):
        os._exit(1)

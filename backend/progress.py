"""Where a training stands, on disk, so that a run which was killed goes on there bit for bit.

``stages/<n>/progress.safetensors`` is one file, written whole or not at all: tensors, and a layout of what else there
is as JSON. The newest one replaces the one before; the stage's checkpoint replaces it when the stage is finished.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from backend.checkpoint import PROGRESS
from backend.files import writing
from backend.session import Session
from backend.state import pack_state, unpack_state
from backend.workspace import STAGES

VERSION = 1
"""Of what is written; what another one has written is not gone on from."""
PAUSE = 50.0
"""So many times as long as the last writing took passes before the next: it costs 2 % of the time at most."""


class Saver:
    """Writes where the stage at work stands (see :attr:`backend.session.Session.save`).

    Args:
        session: its masks, randomness, choices and figures are part of it.
        output: the run's folder.
        index: the stage's.
        steps: rows of the points that the stage has kept so far; it grows with them.
    """

    def __init__(self, session: Session, output: Path, index: int, steps: Sequence[Mapping[str, Any]]) -> None:
        self._session, self._path, self._steps = session, output / STAGES / str(index) / PROGRESS, steps
        self._begun = time.monotonic()
        self._before = float(session.earlier["seconds"]) if session.earlier is not None else 0.0
        self._next = self._begun

    @property
    def seconds(self) -> float:
        """How long the stage has been at work, what went before it was stopped included."""
        return self._before + time.monotonic() - self._begun

    def __call__(self, state: Callable[[], Mapping[str, Any]]) -> None:
        """Write what ``state`` gives, unless that was done a short while ago."""
        begun = time.monotonic()
        if begun < self._next:
            return
        whole = {**state(), "session": _of(self._session), "steps": list(self._steps), "seconds": self.seconds}
        tensors, layout = pack_state(whole)
        with writing(self._path) as part:
            part.write_bytes(save(tensors, {"pare": json.dumps({"progress": VERSION, "layout": layout})}))
        ended = time.monotonic()
        self._next = ended + PAUSE * (ended - begun)


def read_progress(output: Path, index: int) -> dict[str, Any] | None:
    """What stage ``index`` saved last; None where it saved nothing, or nothing that this version can go on from."""
    try:
        with safe_open(output / STAGES / str(index) / PROGRESS, framework="pt") as file:
            known = json.loads((file.metadata() or {}).get("pare", "{}"))
            if known.get("progress") != VERSION:
                return None
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 — not a dict
        return unpack_state(tensors, known["layout"])
    except (SafetensorError, OSError, ValueError, KeyError):
        return None


def recall_session(session: Session) -> None:
    """Put masks, randomness, choices and figures back to where the stopped stage was."""
    if session.earlier is None:
        return
    known = session.earlier["session"]
    session.masks = {name: mask.float().to(session.device) for name, mask in known["masks"].items()}
    session.choices, session.figures = known["choices"], known["figures"]
    session.report, session.files = known["report"], known["files"]
    session.generator.set_state(known["generator"])
    torch.set_rng_state(known["random"])
    if session.device.type == "cuda":
        torch.cuda.set_rng_state_all(known["on_device"])
    elif session.device.type == "mps":
        torch.mps.set_rng_state(known["on_device"][0])


def _of(session: Session) -> dict[str, Any]:
    return {
        "masks": {name: mask.to(torch.uint8) for name, mask in session.masks.items()},
        "choices": session.choices,
        "figures": session.figures,
        "report": session.report,
        "files": session.files,
        "generator": session.generator.get_state(),
        "random": torch.get_rng_state(),
        "on_device": _random_on(session.device.type),
    }


def _random_on(device: str) -> list[torch.Tensor]:
    match device:
        case "cuda":
            return torch.cuda.get_rng_state_all()
        case "mps":
            return [torch.mps.get_rng_state()]
        case _:
            return []

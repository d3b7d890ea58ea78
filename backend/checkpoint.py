"""A stage's checkpoint: everything the next stage starts from.

``stages/<n>/`` holds the network (structure and weights), the masks, and ``state.json`` with the rest.
``state.json`` is written last: a stage without it was not finished. ``stages/<n>/steps/<k>/`` holds the
same of a point within the stage, and :mod:`backend.progress` writes where one that is at work stands.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save
from torch import Tensor

from backend import FORMAT
from backend.errors import CompressionError, msg
from backend.evaluation.figures import structure
from backend.files import write_error, write_json, writing
from backend.models import reopen
from backend.network import STRUCTURE, WEIGHTS
from backend.session import Session
from backend.workspace import STAGES, STATE

MASKS = "masks.safetensors"
STEPS = "steps"
FILES = (STATE, MASKS, STRUCTURE, WEIGHTS)
"""What a checkpoint consists of; the first one says that it is whole."""
CALIBRATION = "calibration.json"
"""What a stage may write beside its checkpoint."""
PROGRESS = "progress.safetensors"
"""Where a stage that is at work stands; gone once it has its checkpoint."""


def save_checkpoint(session: Session, output: Path, index: int, record: Mapping[str, Any]) -> None:
    """Write the checkpoint after stage ``index`` with its ``record`` for result.json."""
    folder = output / STAGES / str(index)
    for name, content in session.files.items():
        write_json(folder / name, content)
    session.files = {}
    _save(session, folder, record)
    try:
        (folder / PROGRESS).unlink(missing_ok=True)
    except OSError as error:
        raise write_error(folder / PROGRESS, error) from error


def save_step(session: Session, output: Path, index: int, at: int, metrics: Mapping[str, Any]) -> dict[str, Any]:
    """Write a checkpoint within stage ``index``.

    Returns:
        Its row for ``steps`` of result.json: ``at`` steps of the stage, its folder relative to ``output``,
        and ``metrics`` with what the network's structure adds to them: parameters, MACs, size. The rows of
        its layers stand in the checkpoint alone.
    """
    steps = output / STAGES / str(index) / STEPS
    folder = steps / str(len(list(steps.glob(f"*/{STATE}"))))
    known = structure(session.network, original=session.original, figures=session.figures)
    layers = known.pop("layers")
    row = {"at": at, "metrics": {**known, **metrics}, "checkpoint": folder.relative_to(output).as_posix()}
    _save(session, folder, {**row, "layers": layers})
    return row


def _save(session: Session, folder: Path, record: Mapping[str, Any]) -> None:
    session.network.save(folder)
    with writing(folder / MASKS) as part:
        part.write_bytes(save({name: mask.cpu().to(torch.uint8) for name, mask in session.masks.items()}))
    state = base64.b64encode(session.generator.get_state().numpy().tobytes()).decode()
    write_json(
        folder / STATE,
        {
            "pare": FORMAT,
            "record": dict(record),
            "choices": session.choices,
            "figures": session.figures,
            "generator": state,
        },
    )


def read_mask(folder: Path, parameter: str) -> Tensor | None:
    """The mask of ``parameter`` (``conv1.weight``; 1 keeps) beside the network in ``folder``.

    Returns:
        None where no masks are known; a single 1 where none prunes this parameter.
    """
    try:
        with safe_open(folder / MASKS, framework="pt") as file:
            return file.get_tensor(parameter) if parameter in file.keys() else torch.ones(())  # noqa: SIM118 — not a dict
    except (OSError, SafetensorError):
        return None


def clear_checkpoints(output: Path, first: int = 0, steps: int | None = None) -> None:
    """Remove the checkpoints in ``output`` from stage ``first`` on, and nothing that Pare did not write.

    Args:
        output: the run's folder.
        first: the first stage that is not finished.
        steps: that stage goes on: this many of its steps stay, and where it stands; None where it begins anew.

    Raises:
        CompressionError: they can't be removed.
    """
    for folder in output.glob(f"{STAGES}/*"):
        if folder.name.isdigit() and int(folder.name) >= first:
            goes_on = steps is not None and int(folder.name) == first
            for step in folder.glob(f"{STEPS}/*"):
                if step.name.isdigit() and not (goes_on and int(step.name) < (steps or 0)):
                    _clear(step)
            with suppress(OSError):
                (folder / STEPS).rmdir()
            if not goes_on:
                _clear(folder)


def _clear(folder: Path) -> None:
    try:
        for name in (*FILES, CALIBRATION, PROGRESS):
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise write_error(folder, error) from error
    with suppress(OSError):  # something of the person's stands in it
        folder.rmdir()


def finished_stages(output: Path, count: int) -> int:
    """How many stages from the first on have a checkpoint in ``output``."""
    done = 0
    while done < count and (output / STAGES / str(done) / STATE).is_file():
        done += 1
    return done


def read_record(output: Path, index: int) -> dict[str, Any]:
    """The record of stage ``index`` for result.json."""
    record: dict[str, Any] = _state(output / STAGES / str(index))["record"]
    return record


def restore(session: Session, output: Path, index: int, allowed: Mapping[str, str]) -> None:
    """Put ``session`` into the state after stage ``index``."""
    folder = output / STAGES / str(index)
    state = _state(folder)
    session.network = reopen(folder, allowed=allowed)
    session.network.module.to(session.device)
    masks = load_file(folder / MASKS)
    session.masks = {name: mask.float().to(session.device) for name, mask in masks.items()}
    session.choices = state["choices"]
    session.figures = state["figures"]
    raw = np.frombuffer(base64.b64decode(state["generator"]), dtype=np.uint8).copy()
    session.generator.set_state(torch.from_numpy(raw))


def _state(folder: Path) -> dict[str, Any]:
    try:
        state: dict[str, Any] = json.loads((folder / STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CompressionError(
            msg("The checkpoint in {path} can't be read.", path=str(folder)),
            msg("Run the recipe without --resume."),
            details=str(error),
        ) from error
    return state

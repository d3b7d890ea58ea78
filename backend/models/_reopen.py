"""Opens a network that Pare saved: source, edits replayed, weights."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from torch import nn

from backend import FORMAT
from backend.decomposition._replace import replay as replay_factors
from backend.errors import CompressionError, Message, msg
from backend.models._open import Request, build, trainable
from backend.network import STRUCTURE, WEIGHTS, Edit, Network, load_weights
from backend.pruning._blocks import replay_drop
from backend.quantization._base import Scheme
from backend.recipe import ModelSpec
from backend.replacement import _install as replacement
from backend.workspace import RESULT, STAGES


def reopen(folder: Path, *, allowed: Mapping[str, str] = {}) -> Network:
    """The network in ``folder``: one written by :meth:`backend.network.Network.save`, or a run's folder.

    Of a run it is the one after the last finished stage. The source's own weights are not read: all
    weights stand in the folder.

    Args:
        folder: where it is.
        allowed: Python files whose running was consented to, path → SHA-256.

    Raises:
        ConsentNeeded: its source is a Python file that nobody allowed to run.
        CompressionError: there is no network, or it is damaged.
    """
    given, folder = folder, place(folder)
    data = _structure(folder / STRUCTURE)
    spec = ModelSpec.from_data(data["model"])
    built = build(Request(spec, folder, allowed, None, fresh=True))
    edits = tuple(Edit(edit["kind"], edit["data"]) for edit in data["edits"])
    module = trainable(built.module)
    for edit in edits:
        module = _replayed(module, edit)
    load_weights(module, folder / WEIGHTS)
    shape = tuple(data["input_shape"])
    return Network(data["name"], spec, module.eval(), shape, data["classes"], edits, _unfinished(given, folder))


def _unfinished(run: Path, stage: Path) -> tuple[Message, ...]:
    """A word on a run that did not come to its end: its network is that of ``stage``, its last finished one."""
    if stage == run or (run / RESULT).is_file():
        return ()
    return (msg("The run {path} did not come to its end; this is its network after stage {number}.",
                path=run.name, number=int(stage.name) + 1),)  # fmt: skip


def _replayed(module: nn.Module, edit: Edit) -> nn.Module:
    from backend.registry import method
    from backend.removal import replay

    if (known := replay(module, edit)) is not None:
        return known
    if edit.kind == "quantize":
        return cast(Scheme, method("quantization", edit.data["method"])).rebuild(module, edit.data)
    if edit.kind == "decompose":
        return replay_factors(module, edit.data)
    if edit.kind == "drop":
        return replay_drop(module, edit.data)
    if edit.kind == "replace":
        return replacement.rebuilt(module, edit.data)
    raise CompressionError(
        msg("This network was changed in a way that this version of Pare does not know: {kind}.", kind=edit.kind),
        msg("Update Pare, or run the recipe again."),
    )


def place(folder: Path) -> Path:
    """The folder that holds the structure: ``folder`` itself, or its last finished stage."""
    if (folder / STRUCTURE).is_file():
        return folder
    stages = [s for s in folder.glob(f"{STAGES}/*") if s.name.isdigit() and (s / STRUCTURE).is_file()]
    if stages:
        return max(stages, key=lambda stage: int(stage.name))
    raise CompressionError(
        msg("{path} holds no network that Pare saved.", path=str(folder)),
        msg("Choose the folder of a finished run."),
    )


def _structure(path: Path) -> dict[str, Any]:
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        version = data["pare"]
        data["model"], data["input_shape"], data["edits"], data["name"], data["classes"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CompressionError(
            msg("{path} is damaged.", path=str(path)),
            msg("Run the recipe again, or open another folder."),
            details=f"{type(error).__name__}: {error}",
        ) from error
    if version > FORMAT:
        raise CompressionError(
            msg("{path} was written by a newer Pare (format {version}).", path=str(path), version=version),
            msg("Update Pare."),
        )
    return data

"""Asks the networks of a finished run what they answer for every test image, and keeps it in the run's folder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from backend.cancel import Cancel
from backend.datasets._base import Data
from backend.errors import CompressionError, Message, msg
from backend.evaluation._mode import evaluating
from backend.evaluation.accuracy import BATCH, forward
from backend.events import Emit, Event, Progress
from backend.models import reopen
from backend.network import STRUCTURE, Network
from backend.predicted import ORIGINAL, Predicted, changes, place, read
from backend.recipe import read_recipe
from backend.registry import catalogue
from backend.runner import open_session
from backend.session import Session
from backend.workspace import RESOLVED, STAGES, read_result

SIDE = 64
"""Pixels a thumbnail has at most."""
THUMBNAILS = 8 * 2**20
"""Bytes of thumbnails a file holds at most: the window reads them at once."""


def predictions(
    run: Path,
    emit: Emit,
    cancel: Cancel,
    *,
    checkpoint: str | None = None,
    allowed: Mapping[str, str] | None = None,
) -> tuple[Predicted, Predicted]:
    """The answers of the original network and of a checkpoint, computed where no file holds them yet.

    Args:
        run: the folder of a finished run.
        emit: receives Progress, images done of images in all.
        cancel: checked at every batch; what is stopped leaves no file.
        checkpoint: a stage's or a step's folder relative to ``run``; the end of the run without it.
        allowed: Python files whose running was consented to, path → SHA-256.

    Raises:
        ConsentNeeded: the network or the data is a Python file that nobody allowed to run.
        CompressionError: the run did not finish, its network or data can't be opened, or they tell no classes apart.
    """
    stamp = _stamp(run)
    before, after = read(place(run, ORIGINAL)), read(place(run, checkpoint))
    if before is not None and after is not None and before.stamp == after.stamp == stamp:
        return before, after
    session = _session(run, emit, cancel, allowed or {})
    ask = partial(_answers, session.data, stamp=stamp, emit=emit, cancel=cancel)
    if before is None or before.stamp != stamp:
        before = ask(session.original, text=msg("Asking the original network"))
        before.write(place(run, ORIGINAL))
    after = ask(_network(session, run, checkpoint, allowed or {}), text=msg("Asking the network of the run"))
    after = _with_thumbnails(after, before, session.data)
    after.write(place(run, checkpoint))
    return before, after


def _session(run: Path, emit: Emit, cancel: Cancel, allowed: Mapping[str, str]) -> Session:
    """Data and original as the run opened them: untrained weights too are drawn from its seed."""
    recipe = read_recipe(run / RESOLVED, catalogue())
    present = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    here = recipe.device if present.get(recipe.device, False) else "cpu"

    def heard(event: Event) -> None:
        if isinstance(event, Progress):  # its notes were told when it ran
            emit(event)

    session = open_session(replace(recipe, device=here), run, heard, cancel, allowed=allowed)
    labels = session.data.parts["test"].labels
    if session.data.metric is not None or labels.dim() != 1 or labels.is_floating_point():
        raise CompressionError(
            msg("The data of this run has a metric of its own, so there are no classes to tell apart."),
            msg("Compare its figures, stages and layers instead."),
        )
    return session


def _network(session: Session, run: Path, checkpoint: str | None, allowed: Mapping[str, str]) -> Network:
    if checkpoint is None and not any(run.glob(f"{STAGES}/*/{STRUCTURE}")):
        return session.original  # a recipe without stages
    folder = (run / (checkpoint or "")).resolve()
    if not folder.is_relative_to(run.resolve()):
        raise CompressionError(
            msg("{path} is no checkpoint of this run.", path=str(checkpoint)), msg("Choose a step of the run.")
        )
    network = reopen(folder, allowed=allowed)
    if not network.converted:  # kernels in low precision are the processor's
        network.module.to(session.device)
    return network


def _answers(data: Data, network: Network, *, text: Message, stamp: str, emit: Emit, cancel: Cancel) -> Predicted:
    def progress(done: int, total: int) -> None:
        emit(Progress(0, done, total, text))

    answers, probability, outputs = _predict(network, data, cancel, progress)
    part = data.parts["test"]
    nameless = tuple(str(place) for place in range(len(data.classes), outputs))  # it knows classes the data lacks
    return Predicted(
        part.labels.numpy(),
        (*data.classes, *nameless),
        answers.numpy(),
        probability.numpy(),
        _digest(part.images, part.labels),
        stamp,
        np.empty(0, np.int64),
        np.empty((0, 0, 0, 1), np.uint8),
    )


def _predict(
    network: Network, data: Data, cancel: Cancel, progress: Callable[[int, int], None]
) -> tuple[Tensor, Tensor, int]:
    """The class with the largest output for each test image, as accuracy counts it, its share of the softmax, and how
    many outputs there are."""
    total = len(data.parts["test"])
    answers: list[Tensor] = []
    shares: list[Tensor] = []
    width = 0
    with evaluating(network.module), torch.inference_mode():
        for images, _ in data.batches("test", BATCH, device=network.device):
            cancel.check()
            outputs = forward(network.module, images)
            width = outputs.shape[1]
            answers.append(outputs.argmax(1).cpu())
            shares.append(F.softmax(outputs.float(), 1).amax(1).cpu())
            progress(sum(len(batch) for batch in answers), total)
    return torch.cat(answers), torch.cat(shares), width


def _with_thumbnails(after: Predicted, before: Predicted, data: Data) -> Predicted:
    """``after`` with small pictures of the images whose answer differs from ``before``, as many as fit."""
    changed = np.flatnonzero(changes(after.labels, before.answers, after.answers))
    images = data.parts["test"].images
    if images.dim() != 4 or not len(changed):
        return after
    first = _small(images[:1], images)
    kept = changed[: max(1, THUMBNAILS // first[0].size)]
    return replace(after, shown=kept, thumbnails=_small(images[torch.from_numpy(kept)], images))


def _small(images: Tensor, every: Tensor) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """K×C×H×W as K×H×W×C in bytes, the longer side at most :data:`SIDE`; floats stretched to the range of ``every``."""
    pixels = images.float()
    if images.dtype != torch.uint8:
        low, high = every.min(), every.max()
        pixels = (pixels - low) / max(float(high - low), 1e-12) * 255
    if pixels.shape[1] not in (1, 3):
        pixels = pixels.mean(1, keepdim=True)
    factor = SIDE / max(pixels.shape[2:])
    if factor < 1:
        size = tuple(max(1, round(side * factor)) for side in pixels.shape[2:])
        pixels = F.interpolate(pixels, size, mode="area")
    return pixels.round().to(torch.uint8).permute(0, 2, 3, 1).contiguous().numpy()


def _digest(images: Tensor, labels: Tensor) -> str:
    found = hashlib.sha256(images.contiguous().numpy().data)
    found.update(labels.contiguous().numpy().data)
    return found.hexdigest()


def _stamp(run: Path) -> str:
    """When the run was carried out.

    Raises:
        CompressionError: it did not finish.
    """
    try:
        written = (run / RESOLVED).stat().st_mtime_ns
    except OSError:
        written = None
    if written is None or read_result(run) is None:
        raise CompressionError(
            msg("There is no finished run in {path}.", path=str(run)),
            msg("Choose the folder of a run that was carried out to its end."),
        )
    return str(written)

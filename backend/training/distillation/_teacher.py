"""The network that teaches: opened, asked, and left as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.datasets._batches import KEPT_BYTES
from backend.datasets._sample import sample
from backend.errors import CompressionError, ConsentNeeded, Message, Repair, msg
from backend.evaluation._mode import evaluating, hooked
from backend.evaluation.accuracy import BATCH, evaluate
from backend.events import Emit, Progress, Warned
from backend.models import open_network
from backend.network import Network
from backend.paths import found
from backend.python_file import check_consent
from backend.recipe import ModelSpec, Recipe
from backend.session import Session
from backend.training._precision import Precision

ORIGINAL = "original"
"""The teacher that is the network as it was opened."""
FEW = 512
"""Validation images that teacher and student are compared on."""
WORSE = 3.0
"""Percentage points by which a teacher may be worse than its student before that is said."""
GUESSING = 1.2
"""Times the share of the largest class: a teacher that is right no more often knows nothing."""
_TAKES_A_PATH = ("checkpoint", "pare")


def check_teachers(recipe: Recipe, folder: Path, allowed: Mapping[str, str]) -> None:
    """Refuse a teacher whose file is not there, or runs code that nobody allowed, before anything is measured.

    Args:
        recipe: what is to run.
        folder: what relative paths are relative to.
        allowed: Python files that may be run: path → SHA-256.

    Raises:
        ConsentNeeded: it is a Python file that was not consented to.
        CompressionError: there is no such file.
    """
    for weights in teachers(recipe):
        found(weights, folder)
    for spec in _specs(recipe):
        if spec.source == "python" and spec.file:
            check_consent(found(spec.file, folder), allowed)


def teachers(recipe: Recipe) -> list[str]:
    """The files and folders whose networks teach in ``recipe``."""
    return [spec.weights for spec in _specs(recipe) if spec.source in _TAKES_A_PATH and spec.weights]


def _specs(recipe: Recipe) -> list[ModelSpec]:
    """The teachers that are not the network itself."""
    sections = [stage.settings.get("distill") or {} for stage in recipe.stages]
    return [spec for section in sections if (spec := _spec(section.get("teacher", ORIGINAL))) is not None]


def open_teacher(
    session: Session, given: str | Mapping[str, Any], index: int, emit: Emit, cancel: Cancel
) -> tuple[Network, str | Mapping[str, Any]]:
    """The teacher on the session's device, and ``given`` with the paths that were found.

    Raises:
        ConsentNeeded: it is a Python file that was not consented to.
        CompressionError: it can't be opened, or does not take the data's images.
    """
    spec = _spec(given)
    if spec is None:
        return session.original, given

    def opening(done: float = 0, total: float = 1, text: Message = msg("Opening the teacher")) -> None:  # noqa: B008
        emit(Progress(index, done, total, text))

    opening()
    try:
        network = open_network(
            spec,
            session.folder,
            allowed=session.allowed,
            input_shape=session.data.input_shape,
            progress=opening,
            cancel=cancel,
        )
    except ConsentNeeded:
        raise
    except CompressionError as error:
        raise CompressionError(
            msg("The teacher can't teach this network: {why}", why=error.message),
            msg("Choose another teacher."),
            repair=use_original(index),
            details=error.details,
        ) from error
    for note in network.notes:
        emit(Warned(index, note))
    network.module.to(session.device)
    return network, _found(given, spec, network, session.folder)


def use_original(index: int) -> Repair:
    """Stage ``index`` learns from the network as it was opened."""
    return Repair(msg("Learn from the original network"), {f"stages.{index}.train.distill.teacher": ORIGINAL})


def judge(teacher: Network, student: nn.Module, session: Session, index: int, emit: Emit, cancel: Cancel) -> None:
    """Warn of a teacher that only guesses, and of one that is right less often than its student already is."""
    if session.data.metric is not None:
        return
    few = sample(session.data, "validation", FEW)
    images = few.parts["validation"]

    def accuracy(module: nn.Module) -> float:
        return evaluate(module, few, "validation", device=session.device, cancel=cancel).accuracy

    theirs = accuracy(teacher.module)
    shown: dict[str, str | int] = {"teacher": f"{theirs:.1f}", "images": len(images)}
    repair = use_original(index) if teacher is not session.original else None
    hint = msg("Choose a better teacher, or give its losses little weight.")
    if theirs <= GUESSING * 100 * float(images.labels.bincount().max()) / len(images):
        text = msg("The teacher is right on {teacher}% of {images} validation images, hardly more than by guessing.",
                   **shown)  # fmt: skip
        emit(Warned(index, text, hint, repair))
    elif repair is not None and (own := accuracy(student)) > theirs + WORSE:
        text = msg("The teacher is right on {teacher}% of {images} validation images, and its student on {student}% "
                   "before it has learned anything.", student=f"{own:.1f}", **shown)  # fmt: skip
        emit(Warned(index, text, hint, repair))


class Teacher:
    """Answers for batches of training images, in evaluation mode and without gradients.

    Where only its outputs are wanted, images come without augmentation and memory allows, it is asked once for every
    image, in the order of the train part, and never again.

    Args:
        network: on the session's device.
        layers: names of those whose outputs are wanted.
        session: its data is what the teacher is asked about.
        tell: told ``(done, total)`` images while it is asked about all of them.
        cancel: checked at every batch of them.
    """

    def __init__(
        self, network: Network, layers: list[str], session: Session, tell: Callable[[int, int], None], cancel: Cancel
    ) -> None:
        self._network, self._data, self._device = network, session.data, session.device
        self._taps = {name: network.module.get_submodule(name) for name in layers}
        self._tell, self._cancel = tell, cancel
        count = 4 * len(session.data.parts["train"]) * (network.classes or 0)
        self._keeps = not layers and not session.data.spec.augment and 0 < count <= KEPT_BYTES
        self._kept: Tensor | None = None

    def answers(self, images: Tensor, places: Tensor, precision: Precision) -> tuple[Tensor, dict[str, Tensor]]:
        """Its outputs for a batch, and those of the layers, by name; float32.

        Args:
            images: as the student saw them.
            places: where in the train part they stand, N.
            precision: what it computes in.
        """
        if not self._keeps:
            return self._asked(images, precision)
        if self._kept is None:
            self._kept = torch.cat(list(self._for_all(precision)))
        return self._kept[places.to(self._device)], {}

    def _asked(self, images: Tensor, precision: Precision) -> tuple[Tensor, dict[str, Tensor]]:
        computing = nullcontext() if self._network.converted else precision.computing()
        module = self._network.module
        with torch.no_grad(), evaluating(module), computing, keeping(self._taps) as features:
            outputs: Tensor = module(images)
        return outputs.float(), {name: one.float() for name, one in features.items()}

    def _for_all(self, precision: Precision) -> Iterator[Tensor]:
        done, total = 0, len(self._data.parts["train"])
        for images, _ in self._data.batches("train", BATCH, device=self._device):
            self._cancel.check()
            self._tell(done, total)
            yield self._asked(images, precision)[0]
            done += len(images)


@contextmanager
def keeping(taps: Mapping[str, nn.Module]) -> Iterator[dict[str, Tensor]]:
    """What the named modules give while it holds, each its last output, as it was before anything changed it."""
    kept: dict[str, Tensor] = {}

    def keeper(name: str) -> Callable[..., None]:
        def keep(_part: nn.Module, _inputs: Any, output: Any) -> None:
            first = output[0] if isinstance(output, (tuple, list)) and output else output
            kept[name] = first.clone()  # a ReLU in place may follow

        return keep

    with hooked(part.register_forward_hook(keeper(name)) for name, part in taps.items()):
        yield kept


def _spec(given: str | Mapping[str, Any]) -> ModelSpec | None:
    """What opens the teacher; None for the original network."""
    if not isinstance(given, str):
        return ModelSpec.from_data(given)
    return None if given == ORIGINAL else ModelSpec("checkpoint", weights=given)


def _found(given: str | Mapping[str, Any], spec: ModelSpec, network: Network, folder: Path) -> str | Mapping[str, Any]:
    """``given`` as it is right wherever the recipe is read: what came with Pare keeps its short name."""
    if spec.source in _TAKES_A_PATH and spec.weights:
        weights = str(found(spec.weights, folder)) if (folder / spec.weights).exists() else spec.weights
        return weights if isinstance(given, str) else {**given, "weights": weights}
    return network.spec.to_data()

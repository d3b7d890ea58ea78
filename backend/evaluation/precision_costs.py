"""What low precision costs in accuracy, and where: the stage is carried out again without its worst layers."""

from __future__ import annotations

import copy
import dataclasses
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.datasets._base import Data
from backend.datasets._sample import sample
from backend.errors import CompressionError
from backend.evaluation._mode import evaluating
from backend.evaluation.accuracy import BATCH, forward
from backend.evaluation.size import size_bytes
from backend.network import Network
from backend.recipe import Rule, Stage, merged
from backend.registry import catalogue, method
from backend.session import Session

if TYPE_CHECKING:
    from backend.stages._base import StageMethod

NOTICEABLE = 0.5
"""Percentage points of validation accuracy."""
CHANCE = 0.01
"""A loss that chance alone brings about so often is none."""
IMAGES = 2048
LAYERS = 3
"""So many layers, those with the largest errors of their own, are tried in float."""

_Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Kept:
    """One layer in float: accuracy (percent) then, and how much larger the file is (a share of it)."""

    layer: str
    accuracy: float
    larger: float


@dataclass(frozen=True)
class Costs:
    """What was found, on ``images`` validation images.

    Attributes:
        images: so many.
        accuracy: before the stage and after it, in percent.
        kept: the layers that were tried in float, the one that brings most back first.
        corrected: accuracy with biases corrected; None where they are, or can't be.
    """

    images: int
    accuracy: tuple[float, float]
    kept: tuple[Kept, ...]
    corrected: float | None


def find_costs(
    session: Session, before: Network, index: int, cancel: Cancel, progress: _Progress = lambda done, total: None
) -> Costs | None:
    """Find out what made accuracy fall in quantize stage ``index``; None where it did not, but by chance.

    Args:
        session: after the stage; stays as it is. Its figures say how large each layer's own error is.
        before: the network as it was before the stage.
        index: the stage's.
        cancel: checked at every batch.
        progress: ``progress(steps done, steps in all)``.
    """
    few = sample(session.data, "validation", IMAGES)
    right = [_right(network.module, few, session.device, cancel) for network in (before, session.network)]
    was, now = (100 * float(r.float().mean()) for r in right)
    if was - now <= NOTICEABLE or chance(right[0], right[1]) > CHANCE:
        return None
    stage = merged(session.recipe, session.choices, catalogue()).stages[index]
    worst = _worst(session)
    steps = len(worst) + 1
    size = size_bytes(session.network)
    kept: list[Kept] = []
    for done, layer in enumerate(worst):
        progress(done, steps)
        rules = (Rule(layer, None), *(rule for rule in stage.layers if rule.pattern != layer))
        made = _again(session, before, dataclasses.replace(stage, layers=rules), index, cancel)
        if made is not None:
            accuracy = 100 * float(_right(made.module, few, session.device, cancel).float().mean())
            kept.append(Kept(layer, accuracy, size_bytes(made) / size - 1))
    progress(len(worst), steps)
    corrected = None
    if not stage.settings.get("correct_bias"):
        settings = {**stage.settings, "correct_bias": True}
        made = _again(session, before, dataclasses.replace(stage, settings=settings), index, cancel)
        if made is not None:
            corrected = 100 * float(_right(made.module, few, session.device, cancel).float().mean())
    progress(steps, steps)
    kept.sort(key=lambda one: -one.accuracy)
    return Costs(len(right[0]), (was, now), tuple(kept), corrected)


def chance(before: Tensor, after: Tensor) -> float:
    """How likely chance alone makes as many images wrong as ``after`` has, where nothing got worse.

    The sign test on the images that one of the two tells right (bool, one an image): were neither better,
    half of them would be right before, with the spread of a binomial distribution.
    """
    lost, won = int((before & ~after).sum()), int((~before & after).sum())
    total = lost + won
    tail = sum(math.comb(total, count) for count in range(lost, total + 1))
    return tail / (1 << total)


def _right(module: nn.Module, data: Data, device: torch.device, cancel: Cancel) -> Tensor:
    found = []
    with evaluating(module), torch.inference_mode():
        for images, labels in data.batches("validation", BATCH, device=device):
            cancel.check()
            found.append(forward(module, images).argmax(1) == labels)
    return torch.cat(found).cpu()


def _worst(session: Session) -> list[str]:
    errors = {name: figures["own_db"] for name, figures in session.figures.items() if "own_db" in figures}
    return sorted(errors, key=errors.__getitem__)[:LAYERS]


def _again(session: Session, before: Network, stage: Stage, index: int, cancel: Cancel) -> Network | None:
    """The network that ``stage`` would have made; None where it refuses."""
    generator = torch.Generator()
    generator.set_state(session.generator.get_state())
    trial = dataclasses.replace(
        session, network=before.copy(), masks=copy.copy(session.masks), generator=generator,
        choices={}, report={}, files={}, figures={},
    )  # fmt: skip
    try:
        cast("StageMethod", method("stage", stage.kind)).run(trial, stage, index, lambda event: None, cancel)
    except CompressionError:
        return None
    return trial.network

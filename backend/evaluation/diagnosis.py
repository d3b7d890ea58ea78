"""Where accuracy was lost when it collapsed, and what would bring it back.

Three questions, each answered by a measurement on few images: which layer's output changed most by
its own doing, how much of the accuracy returns with BatchNorm's statistics measured anew, and how
much a few batches of fine-tuning bring back. All of it happens on copies.
"""

from __future__ import annotations

import copy
import dataclasses
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.datasets._base import Data
from backend.datasets._sample import sample
from backend.errors import CompressionError
from backend.evaluation._mode import evaluating
from backend.evaluation.accuracy import evaluate
from backend.evaluation.own_errors import own_errors
from backend.evaluation.sqnr import CHUNK, HIGHEST_DB, layer_errors
from backend.events import Event, Metric
from backend.recipe import Stage, filled
from backend.registry import catalogue
from backend.session import Session
from backend.training.batch_norm import TrainImages, has_batch_norm, reestimate
from backend.training.fit import fit, usual_rate

COLLAPSE = 10.0
"""Percentage points of validation accuracy."""
IMAGES = 512
"""Validation images that accuracies are compared on, and training images that BatchNorm is measured on."""
LAYER_IMAGES = 64
"""Images that the layers' outputs are compared on."""
PROBE_BATCHES = 40
PROBE_BATCH = 32
PROBE_EPOCHS = 5
"""A train part of few images is gone through at most so many times."""
MOST = 0.5
"""BatchNorm is the cause where its statistics bring so much of the loss back."""
PROMISING = 0.25
"""What brings so much of the loss back is likely to help."""

Verdict = Literal["batch_norm", "fine_tune", "too_much"]
_Progress = Callable[[int, int], None]
_STEPS = 5


@dataclass(frozen=True)
class Diagnosis:
    """What was found. Accuracies are percentages of ``images`` validation images.

    Attributes:
        images: so many.
        accuracy: before the stage and after it.
        layer: whose output changed most by its own doing; None where no layer's did.
        type: its class.
        sqnr_db: its own error: what it makes of the original's input against what the original layer does.
        accumulated_db: the error of its output with what came in from earlier layers, where comparable.
        pruned: share of its weights (of its outputs, where they were removed) that is gone.
        from_batch_norm: accuracy before and after re-estimation; None without BatchNorm.
        probe: accuracy before and after a few batches of fine-tuning; no figure after it where the loss
            became infinite.
        batches: of the probe.
        verdict: ``batch_norm``: its statistics are most of it; ``fine_tune``: training is likely to help;
            ``too_much``: it is not.
        restored: where it is ``too_much``: accuracy with that one layer as it was; None where its shape
            is another.
    """

    images: int
    accuracy: tuple[float, float]
    layer: str | None
    type: str
    sqnr_db: float
    accumulated_db: float | None
    pruned: float
    from_batch_norm: tuple[float, float] | None
    probe: tuple[float, float | None]
    batches: int
    verdict: Verdict
    restored: float | None = None


def collapsed(before: float, after: float) -> bool:
    """Whether accuracy (percent, on validation images) fell so far that a reason is worth looking for."""
    return math.isnan(after) or before - after > COLLAPSE


def gains(lost: tuple[float, float], accuracy: float | None) -> bool:
    """Whether reaching ``accuracy`` brings a good part back of what was ``lost`` (from, to)."""
    return accuracy is not None and accuracy - lost[1] >= PROMISING * (lost[0] - lost[1])


def diagnose(
    before: nn.Module,
    after: nn.Module,
    session: Session,
    masks: Mapping[str, Tensor],
    cancel: Cancel,
    progress: _Progress = lambda done, total: None,
) -> Diagnosis:
    """Find out what made accuracy collapse between ``before`` and ``after``; both stay as they are.

    Args:
        before: the network as it was before the stage, on the session's device.
        after: the same after the stage; layers may be smaller, or gone.
        session: its data is looked at (never the test part).
        masks: what stays zero while the probe trains, by parameter.
        cancel: checked at every batch.
        progress: ``progress(steps done, steps in all)``.
    """
    few = sample(session.data, "validation", IMAGES)

    def accuracy(module: nn.Module) -> float:
        return evaluate(module, few, "validation", device=session.device, cancel=cancel).accuracy

    progress(0, _STEPS)
    lost = accuracy(before), accuracy(after)
    progress(1, _STEPS)
    worst = _worst(before, after, session, few, cancel)
    progress(2, _STEPS)
    from_batch_norm = None
    if has_batch_norm(after):
        again = copy.deepcopy(after)
        reestimate(again, TrainImages(session.data, session.device, IMAGES), cancel)
        from_batch_norm = lost[1], accuracy(again)
    progress(3, _STEPS)
    reached, batches = _probe(after, session, few, masks, cancel)
    probe = lost[1], reached
    verdict = _verdict(lost, from_batch_norm, probe)
    healed = _restored(before, after, worst["layer"]) if verdict == "too_much" else None
    restored = accuracy(healed) if healed is not None else None
    progress(_STEPS, _STEPS)
    return Diagnosis(
        images=len(few.parts["validation"]),
        accuracy=lost,
        **worst,
        from_batch_norm=from_batch_norm,
        probe=probe,
        batches=batches,
        verdict=verdict,
        restored=restored,
    )


def _worst(before: nn.Module, after: nn.Module, session: Session, few: Data, cancel: Cancel) -> dict[str, Any]:
    """The layer with the largest error of its own, as fields of a :class:`Diagnosis`."""
    data = sample(few, "validation", LAYER_IMAGES)
    errors = own_errors(before, after, session.network.edits, data, session.device, cancel)
    layer = min(errors, key=errors.__getitem__, default=None)
    if layer is None or errors[layer] >= HIGHEST_DB:
        return _fields(None, HIGHEST_DB)
    images = (images for images, _ in data.batches("validation", CHUNK, device=session.device))
    with evaluating(before), evaluating(after):
        accumulated = layer_errors(before, after, [layer], images, cancel).get(layer)
    return _fields(
        layer,
        errors[layer],
        kind=type(before.get_submodule(layer)).__name__,
        accumulated=accumulated["sqnr_db"] if accumulated else None,
        pruned=_pruned(before.get_submodule(layer), after.get_submodule(layer)),
    )


def _fields(
    layer: str | None,
    sqnr_db: float,
    *,
    kind: str = "",
    accumulated: float | None = None,
    pruned: float = 0.0,
) -> dict[str, Any]:
    return {
        "layer": layer,
        "type": kind,
        "sqnr_db": sqnr_db,
        "accumulated_db": accumulated,
        "pruned": pruned,
    }


def _restored(before: nn.Module, after: nn.Module, layer: str | None) -> nn.Module | None:
    """A copy of ``after`` in which ``layer`` is as it was; None where it has another shape now."""
    if layer is None:
        return None
    state = before.get_submodule(layer).state_dict()
    present = after.get_submodule(layer).state_dict()
    if {key: value.shape for key, value in state.items()} != {key: value.shape for key, value in present.items()}:
        return None
    healed = copy.deepcopy(after)
    healed.get_submodule(layer).load_state_dict(state)
    return healed


def _pruned(before: nn.Module, after: nn.Module) -> float:
    old, new = getattr(before, "weight", None), getattr(after, "weight", None)
    if not isinstance(old, Tensor) or not isinstance(new, Tensor) or old.dim() < 2:
        return 0.0
    if old.shape != new.shape:
        return 1.0 - len(new) / len(old)
    return float((new == 0).float().mean())


def _probe(
    after: nn.Module, session: Session, few: Data, masks: Mapping[str, Tensor], cancel: Cancel
) -> tuple[float | None, int]:
    """Validation accuracy after a few batches of fine-tuning a copy (None where it diverged), and how many."""
    size = min(PROBE_BATCH, len(session.data.parts["train"]))
    per_epoch = min(PROBE_BATCHES, len(session.data.parts["train"]) // size)
    epochs = min(PROBE_EPOCHS, -(-PROBE_BATCHES // per_epoch))
    trial = dataclasses.replace(
        session,
        network=dataclasses.replace(session.network, module=copy.deepcopy(after)),
        data=sample(few, "train", per_epoch * size),
        generator=torch.Generator().manual_seed(session.recipe.seed),
        masks=dict(masks),
    )
    chosen = {"epochs": epochs, "batch_size": size, "optimizer": "sgd", "scheduler": "constant"}
    settings = filled(Stage("train", chosen), catalogue()) | {"learning_rate": usual_rate("sgd")}
    reached: float | None = None

    def listen(event: Event) -> None:
        nonlocal reached
        if isinstance(event, Metric) and event.name == "accuracy":
            reached = event.value

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(session.recipe.seed)
        try:
            fit(trial, settings, list(trial.network.module.parameters()), 0, listen, cancel)
        except CompressionError:  # the loss became infinite
            reached = None
    return reached, per_epoch * epochs


def _verdict(
    lost: tuple[float, float], batch_norm: tuple[float, float] | None, probe: tuple[float, float | None]
) -> Verdict:
    if batch_norm is not None and batch_norm[1] - lost[1] >= MOST * (lost[0] - lost[1]):
        return "batch_norm"
    return "fine_tune" if gains(lost, probe[1]) else "too_much"

"""Equalization and bias correction as parts of a quantize stage."""

from __future__ import annotations

from collections.abc import Mapping

from torch import nn

from backend.cancel import Cancel
from backend.errors import by_reason, msg
from backend.events import Emit, Progress, Warned
from backend.network import Network
from backend.quantization._base import Outcome
from backend.quantization._calibrate import inputs
from backend.quantization._correct import correct_bias
from backend.quantization._equalize import equalize, norms_after
from backend.session import Session

IMAGES = 16
"""On which the network is compared before and after equalization."""
BATCHES = 8
"""Of calibration images, on which the mean error of outputs is measured."""


def equalized(session: Session, folded: bool, index: int, emit: Emit, cancel: Cancel) -> Network:
    """The session's network with equal ranges; tells which layers could not be paired, and why."""
    emit(Progress(index, 0, 1, msg("Equalizing layers")))
    network = session.network.copy()
    images, _ = next(session.data.batches("validation", IMAGES, device=session.device))
    done = equalize(network.module, images, folded, cancel)
    session.report["equalized"] = [[pair.first, pair.second] for pair in done.pairs]
    if done.pairs:
        told = msg(
            "Equalized {count} pairs of layers; the largest factor was {factor}.",
            count=len(done.pairs), factor=f"{done.scales:.3g}",
        )  # fmt: skip
    else:
        told = msg("No two layers follow each other so that they can be equalized.")
    emit(Warned(index, told))
    for layers, why in by_reason(done.refused):
        emit(Warned(index, msg("Not equalized: {layers}. Reason: {reason}.", layers=layers, reason=why)))
    return network


def corrected(
    session: Session,
    before: nn.Module,
    outcomes: Mapping[str, Outcome],
    index: int,
    emit: Emit,
    cancel: Cancel,
) -> None:
    """Correct the biases of the session's quantized network in place."""
    emit(Progress(index, 0, 1, msg("Correcting biases")))
    module = session.network.module
    reference = next((o.reference for o in outcomes.values() if o.reference is not None), before)
    names = [name for outcome in outcomes.values() for name, facts in outcome.layers.items() if _on_grid(facts)]
    images = (batch.to(session.network.device) for batch in inputs(session, BATCHES))
    done = correct_bias(reference, module, names, norms_after(before), images, cancel)
    session.report["corrected_biases"] = list(done.shifts)
    emit(Warned(index, msg("Corrected the biases of {count} layers.", count=len(done.shifts))))
    for layers, why in by_reason(done.left):
        emit(Warned(index, msg("Not corrected: {layers}. Reason: {reason}.", layers=layers, reason=why)))


def _on_grid(facts: Mapping[str, object]) -> bool:
    """Whether a layer was rounded to a grid: a floating type is as fine for small values as for large ones."""
    return facts["precision"] not in ("fp16", "bf16")

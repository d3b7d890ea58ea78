"""BatchNorm re-estimation as part of a stage."""

from __future__ import annotations

from backend.cancel import Cancel
from backend.datasets._sample import sample
from backend.description import Parameter
from backend.errors import Message, msg
from backend.evaluation.accuracy import evaluate
from backend.events import Emit, Progress, Warned
from backend.session import Session
from backend.training.batch_norm import TrainImages, has_batch_norm, reestimate

REESTIMATE = Parameter(
    name="reestimate",
    type="bool",
    label="Re-estimate BatchNorm",
    default=False,
    required=True,
    per_layer=False,
    summary="Computes the running statistics anew on training images afterwards; needs no labels.",
)
"""A parameter of every stage that changes what BatchNorm sees."""
GAIN_IMAGES = 1024
"""Validation images that show what re-estimation gained."""


def reestimate_batch_norm(session: Session, index: int, emit: Emit, cancel: Cancel) -> None:
    """Measure BatchNorm's statistics anew, and tell what that gained."""
    module, device = session.network.module, session.device
    if not has_batch_norm(module):
        emit(Warned(index, msg("There is no BatchNorm in this network to re-estimate.")))
        return
    few = sample(session.data, "validation", GAIN_IMAGES)
    before = evaluate(module, few, "validation", device=device, cancel=cancel).accuracy

    def progress(done: int, total: int) -> None:
        emit(Progress(index, done, total, msg("Re-estimating BatchNorm")))

    count = reestimate(module, TrainImages(session.data, device), cancel, progress)
    after = evaluate(module, few, "validation", device=device, cancel=cancel).accuracy
    session.report["batch_norm"] = {"layers": count, "accuracy_before": before, "accuracy_after": after}
    emit(Warned(index, _gain(count, before, after, len(few.parts["validation"]), session.data.metric is None)))


def _gain(layers: int, before: float, after: float, images: int, accuracy: bool) -> Message:
    if accuracy:
        return msg(
            "Re-estimating {count} BatchNorm layers moved accuracy from {before}% to {after}% of {images} "
            "validation images.",
            count=layers, before=f"{before:.2f}", after=f"{after:.2f}", images=images,
        )  # fmt: skip
    return msg(
        "Re-estimating {count} BatchNorm layers moved the metric from {before} to {after} on {images} "
        "validation images.",
        count=layers, before=f"{before:.4g}", after=f"{after:.4g}", images=images,
    )  # fmt: skip

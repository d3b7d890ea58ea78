"""Runs the calibration images through a network that watches them, and says what is wrong with them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.errors import CompressionError, Repair, msg
from backend.evaluation._mode import evaluating, hooked
from backend.events import Emit, Progress, Warned
from backend.quantization._fx import refusing
from backend.session import Session


def inputs(session: Session, batches: int) -> Iterator[Tensor]:
    """The first ``batches`` batches of calibration images, on the CPU.

    Raises:
        CompressionError: there are none.
    """
    part = session.data.parts.get("calibration")
    if part is None or len(part) == 0:
        raise CompressionError(
            msg("There are no calibration images, so the ranges of the activations can't be measured."),
            msg("Choose data with more training images, raise the limit, or choose dynamic int8."),
        )
    for images, _ in itertools.islice(session.data.batches("calibration"), batches):
        yield images.cpu()


def calibrate(
    observed: nn.Module, float_module: nn.Module, session: Session, batches: int, index: int, emit: Emit, cancel: Cancel
) -> None:
    """Run ``batches`` batches through ``observed``, a copy of ``float_module`` with observers.

    Raises:
        CompressionError: the images, or what a layer makes of them, are NaN or infinite.
    """
    warn_of_one_class(session, batches, index, emit)
    part = session.data.parts.get("calibration")
    total = min(batches, session.data.count("calibration", session.data.spec.batch_size)) if part else batches
    for done, images in enumerate(inputs(session, batches)):
        cancel.check()
        emit(Progress(index, done, total, msg("Calibrating")))
        if not bool(torch.isfinite(images).all()):
            raise CompressionError(
                msg("The calibration images hold NaN or infinite values."),
                msg("Check the data's files and its mean and standard deviation."),
            )
        refuse_infinite(float_module, images)
        with torch.no_grad(), refusing():
            observed(images)
    emit(Progress(index, total, total, msg("Calibrating")))


def warn_of_one_class(session: Session, batches: int, index: int, emit: Emit) -> None:
    """Say where all images that would be looked at are of one class: other classes may reach other ranges."""
    part, size = session.data.parts.get("calibration"), session.data.spec.batch_size
    if part is None or len(session.data.classes) < 2 or part.labels.is_floating_point() or part.labels.dim() != 1:
        return
    seen = part.labels[: batches * size].unique()
    if len(seen) != 1:
        return
    name = session.data.classes[int(seen)] if 0 <= int(seen) < len(session.data.classes) else str(int(seen))
    message = msg("All calibration images are of one class, {name}, so ranges may be wrong for the others.", name=name)
    others = (part.labels != seen).nonzero()
    if len(others):
        enough = int(others[0]) // size + 1
        edits = {f"stages.{index}.quantize.calibration_batches": session.data.count("calibration", size)}
        hint = msg("Calibrate on {count} batches or more.", count=enough)
        emit(Warned(index, message, hint, Repair(msg("Calibrate on all of them"), edits)))
    elif session.data.spec.limit is not None:
        hint = msg("Raise the limit of the data, so that every class has images.")
        emit(Warned(index, message, hint, Repair(msg("Use all images"), {"data.limit": None})))
    else:
        emit(Warned(index, message, msg("Choose training data with every class; check that its labels are right.")))


def refuse_infinite_network(session: Session) -> None:
    """Show the network one batch of calibration images, where there are any: no scale can be chosen for NaN.

    Raises:
        CompressionError: a layer gives NaN or infinity.
    """
    part = session.data.parts.get("calibration")
    if part is not None and len(part):
        images, _ = next(session.data.batches("calibration", device=session.network.device))
        with evaluating(session.network.module):
            refuse_infinite(session.network.module, images)


def refuse_infinite(module: nn.Module, images: Tensor) -> None:
    """Name the first layer whose output is NaN or infinite.

    Raises:
        CompressionError: there is one.
    """
    bad: list[str] = []

    def watch(name: str) -> Any:
        def hook(_: nn.Module, __: Any, output: Any) -> None:
            value = output[0] if isinstance(output, tuple) else output
            if isinstance(value, Tensor) and value.is_floating_point() and not bool(torch.isfinite(value).all()):
                bad.append(name)

        return hook

    hooks = [m.register_forward_hook(watch(name)) for name, m in module.named_modules() if not list(m.children())]
    with hooked(hooks), torch.no_grad():
        out = module(images)
    if bad or (isinstance(out, Tensor) and not bool(torch.isfinite(out).all())):
        raise CompressionError(
            msg("{layer} gives NaN or infinite values on the calibration images.", layer=bad[0] if bad else "output"),
            msg("Check the weights and the data's mean and standard deviation; train again if training diverged."),
        )

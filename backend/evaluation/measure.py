"""Everything result.json says about one state of a network (its M)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from backend.cancel import Cancel
from backend.datasets._base import Data
from backend.evaluation.accuracy import evaluate
from backend.evaluation.figures import structure
from backend.network import Network


def measure(
    network: Network,
    data: Data,
    figures: Mapping[str, Mapping[str, Any]],
    original: Network,
    progress: Callable[[int, int], None],
    cancel: Cancel,
) -> dict[str, Any]:
    """Accuracy on test and validation, loss on test, and the structure; no latency.

    Args:
        network: the state to measure.
        data: its test part is reported, its validation part serves every choice.
        figures: layer name → what a stage knows of it (precision, SQNR, scale).
        original: the untouched network, for the share that is gone.
        progress: ``progress(images done, images in all)`` over both parts.
        cancel: checked at every batch.
    """
    device = network.device
    held, test = len(data.parts["validation"]), len(data.parts["test"])
    validation = evaluate(
        network.module, data, "validation", device=device, cancel=cancel, progress=lambda n, _: progress(n, held + test)
    )
    scores = evaluate(
        network.module,
        data,
        "test",
        device=device,
        cancel=cancel,
        progress=lambda n, _: progress(held + n, held + test),
    )
    return {
        "accuracy": scores.accuracy,
        "validation_accuracy": validation.accuracy,
        "loss": scores.loss,
        "test_images": scores.count,
        **structure(network, original=original, figures=figures),
    }

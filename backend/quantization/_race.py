"""Chooses an engine: every candidate converted from one calibration and timed in turn."""

from __future__ import annotations

import time
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.evaluation.sqnr import output_error

ROUNDS, MOST_ROUNDS, SECONDS = 7, 40, 0.5
"""At least so many rounds, at most so many, and no more once so much time has passed."""
CLOSE_DB = 12.0
"""A candidate whose output is worse than the best one's by more than this is wrong, not merely coarser."""
FASTER = 1.15
"""How much faster a coarser engine must be: less is within the noise, and a choice has to be repeatable."""


def fastest_right(modules: Mapping[str, nn.Module], reference: nn.Module, images: Tensor, cancel: Cancel) -> str:
    """The engine to keep.

    Args:
        modules: engine → the network converted for it, the most exact engine first.
        reference: the float network.
        images: a batch to time on.
        cancel: checked before every pass.
    """
    right = _right(modules, reference, images)
    times: dict[str, list[float]] = {name: [] for name in right}
    end = time.perf_counter() + SECONDS
    for done in range(MOST_ROUNDS):
        if done >= ROUNDS and time.perf_counter() > end:
            break
        for name in right:
            cancel.check()
            times[name].append(_seconds(modules[name], images))
    best = {name: min(seconds) for name, seconds in times.items()}  # what else runs only ever adds time
    limit = FASTER * min(best.values())
    return next(name for name in right if best[name] <= limit)


def _right(modules: Mapping[str, nn.Module], reference: nn.Module, images: Tensor) -> list[str]:
    with torch.no_grad():
        expected = reference(images)
        errors = {name: output_error(expected, module(images)).sqnr_db for name, module in modules.items()}
    best = max(errors.values())
    return [name for name, error in errors.items() if error >= best - CLOSE_DB]


def _seconds(module: nn.Module, images: Tensor) -> float:
    begun = time.perf_counter()
    with torch.no_grad():
        module(images)
    return time.perf_counter() - begun

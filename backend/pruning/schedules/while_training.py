"""Soft pruning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.description import Reference
from backend.pruning.schedules._base import END, START, Schedule


def share(progress: float, settings: Mapping[str, Any]) -> float:
    """1: after every epoch the whole amount is set to zero, ranked anew, and the next epoch may bring it back;
    at the end of the way the mask stays (He et al. 2018, "Soft filter pruning for accelerating deep
    convolutional neural networks", algorithm 1)."""
    return 1.0


METHOD = Schedule(
    id="while_training",
    label="While training",
    summary="Sets the least important to zero after each epoch and lets it come back; the last choice stays.",
    when="When it is not yet clear what can go: a wrong choice heals in the next epoch. Costs one ranking an epoch.",
    reference=Reference(
        authors="He, Kang, Dong, Fu and Yang",
        title="Soft Filter Pruning for Accelerating Deep Convolutional Neural Networks",
        year=2018,
        link="arXiv:1808.06866",
    ),
    parameters=(START, END),
    share=share,
    soft=True,
)

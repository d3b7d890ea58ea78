"""Iterative pruning in equal steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.description import Parameter, Reference
from backend.pruning.schedules._base import END, START, Schedule, stair


def share(progress: float, settings: Mapping[str, Any]) -> float:
    """k/n after the k-th of n equal parts of the way: prune a little, train, prune again (Han et al. 2015,
    "Learning both weights and connections for efficient neural networks", section 3.4)."""
    return stair(progress, settings["rounds"])


METHOD = Schedule(
    id="iterative",
    label="Iterative",
    summary="Prunes in equal steps with training between them.",
    when="When pruning at once costs too much accuracy. As many rounds as there are steps, in the same training time.",
    reference=Reference(
        authors="Han, Pool, Tran and Dally",
        title="Learning both Weights and Connections for Efficient Neural Networks",
        year=2015,
        link="arXiv:1506.02626",
    ),
    parameters=(
        Parameter(
            name="rounds",
            type="int",
            label="Rounds",
            default=4,
            minimum=1,
            maximum=1000,
            required=True,
            summary="How many times it prunes, evenly spread over the way.",
        ),
        START,
        END,
    ),
    share=share,
)

"""The lottery ticket."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.description import Parameter, Reference
from backend.pruning.schedules._base import Schedule, stair


def share(progress: float, settings: Mapping[str, Any]) -> float:
    """After round k of n the part (1 − a)^(k/n) of the weights is left: each round prunes the same part,
    1 − (1 − a)^(1/n), of what survived the one before, and a is the stage's ``amount`` (Frankle & Carbin 2019, "The
    lottery ticket hypothesis: finding sparse, trainable neural networks", section 1). With ``rewind`` above 0
    the weights go back to their values early in training instead (Frankle et al. 2019, "Stabilizing the
    lottery ticket hypothesis")."""
    amount = settings["amount"]
    gone = stair(progress, settings["rounds"])
    return (1.0 - (1.0 - amount) ** gone) / amount if amount > 0 else gone


METHOD = Schedule(
    id="lottery_ticket",
    label="Lottery ticket",
    summary="Trains, prunes, puts what is left back to its early values, and trains the whole stage again.",
    when="To study which sparse networks can be trained by themselves. The dearest: every round repeats the "
    "whole stage.",
    reference=Reference(
        authors="Frankle and Carbin",
        title="The Lottery Ticket Hypothesis: Finding Sparse, Trainable Neural Networks",
        year=2019,
        link="arXiv:1803.03635",
    ),
    parameters=(
        Parameter(
            name="rounds",
            type="int",
            label="Rounds",
            default=3,
            minimum=1,
            maximum=100,
            required=True,
            summary="How many times it prunes; the stage is trained once more than that.",
        ),
        Parameter(
            name="rewind",
            type="float",
            label="Rewind to",
            default=0.0,
            minimum=0.0,
            maximum=0.9,
            percent=True,
            required=True,
            summary="Share of the training whose weights the rounds begin with; 0 takes those before it.",
        ),
    ),
    share=share,
    repeats=True,
)

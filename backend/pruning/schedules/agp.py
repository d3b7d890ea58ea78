"""Automated gradual pruning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.description import Parameter, Reference
from backend.pruning.schedules._base import END, START, Schedule, stair


def share(progress: float, settings: Mapping[str, Any]) -> float:
    """s_t ÷ s_f of s_t = s_f + (s_i − s_f)(1 − (t − t₀)/(nΔt))³ with s_i = 0, at t = t₀, t₀ + Δt, …, t₀ + nΔt
    (Zhu & Gupta 2017, "To prune, or not to prune: exploring the efficacy of pruning for model compression",
    eq. 1); n is ``steps``."""
    return 1.0 - (1.0 - stair(progress, settings["steps"])) ** 3


METHOD = Schedule(
    id="agp",
    label="AGP",
    summary="Prunes much at the beginning and little at the end, along a cubic curve.",
    when="For high sparsity: early cuts have time to heal. Needs several epochs.",
    reference=Reference(
        authors="Zhu and Gupta",
        title="To Prune, or Not to Prune: Exploring the Efficacy of Pruning for Model Compression",
        year=2017,
        link="arXiv:1710.01878",
    ),
    parameters=(
        Parameter(
            name="steps",
            type="int",
            label="Steps",
            default=10,
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

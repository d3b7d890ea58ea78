"""Automated gradual pruning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.pruning.schedules._base import END, START, Schedule


def share(progress: float, settings: Mapping[str, Any]) -> float:
    """s_t ÷ s_f of s_t = s_f + (s_i − s_f)(1 − t/n)³ with s_i = 0 (Zhu & Gupta 2017, "To prune, or not to
    prune", eq. 1)."""
    return 1.0 - (1.0 - progress) ** 3


METHOD = Schedule(
    id="agp",
    label="AGP",
    summary="Prunes much at the beginning and little at the end, along a cubic curve.",
    parameters=(START, END),
    share=share,
)

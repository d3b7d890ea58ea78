"""Limits in words, and where they stand on a bar that ends at what the original has."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from backend.recipe import Verdict, judged
from gui.target_text import target_text
from gui.text import file_size, milliseconds, number, percent, short, tr

MOST_POINTS = 20.0
"""Where the bar of a loss of accuracy ends; half of the bar are 5 points."""
FIRST: Mapping[str, float] = {
    "size": 0.5,
    "macs": 0.5,
    "latency": 0.5,
    "accuracy_drop": 1.0,
    "parameters": 0.5,
    "sparsity": 0.5,
}
"""Limits in the order in which they are offered, and what each is at first."""


def figure_text(limit: str, value: float | None) -> str:
    """A figure with its unit: ``210 KB``, ``0.15 pt``, ``62%``."""
    match limit:
        case "size":
            return file_size(value)
        case "latency":
            return milliseconds(value)
        case "sparsity":
            return percent(value)
        case "accuracy_drop":
            return tr("{value} pt", value=number(value, 2)) if value is not None else number(None)
        case _:
            return short(value)


def allowed_text(one: Verdict) -> str:
    """What a limit allows: "of ≤ 300 KB"; a share where the original is not known."""
    value = figure_text(one.limit, one.allowed)
    if one.allowed is None:
        return tr("of ≤ {value}", value=percent(one.figure))
    if one.limit == "accuracy_drop":
        value = f"{one.allowed:g}"  # the unit stands before it, and in some languages takes much room
        if one.reached is None:
            value = tr("{value} pt", value=value)
    return tr("of ≥ {value}", value=value) if one.limit == "sparsity" else tr("of ≤ {value}", value=value)


def over_text(one: Verdict) -> str:
    """By how much a limit is missed, after what the verdict is about: "over by 12 KB"."""
    if one.limit == "sparsity":
        return tr("{share} too few zeros", share=percent(one.over))
    return tr("{limit} over by {value}", limit=target_text(one.limit), value=figure_text(one.limit, one.over))


def position(limit: str, value: float | None, before: Mapping[str, Any]) -> float | None:
    """Where ``value`` stands on the bar, 0 to 1 and beyond."""
    if value is None:
        return None
    if limit == "accuracy_drop":
        return math.sqrt(max(0.0, value) / MOST_POINTS)
    if limit == "sparsity":
        return value
    whole = original(limit, before)
    return value / whole if whole else None


def mark(one: Verdict, before: Mapping[str, Any]) -> float:
    """Where the limit stands on the bar; a share needs to know nothing of the original."""
    found = position(one.limit, one.allowed, before)
    return min(1.0, one.figure if found is None else found)


def figure_at(limit: str, share: float, before: Mapping[str, Any], old: float) -> float:
    """The figure of a limit at ``share`` of its bar, said as ``old`` is: as a share, or as a figure of its own."""
    if limit == "accuracy_drop":
        return max(0.01, _rounded(MOST_POINTS * share**2, 2))
    whole = original(limit, before)
    absolute = _rounded(share * whole, 3) if whole is not None else 0.0
    if limit == "sparsity" or old <= 1 or absolute <= 1:
        return round(share, 3)
    return absolute


def original(limit: str, before: Mapping[str, Any]) -> float | None:
    """What the original has of a limit whose shares are of that."""
    (whole,) = judged({limit: 1.0}, before, before)
    return whole.allowed


def _rounded(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")

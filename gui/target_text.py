"""Targets in words: which figure, how much of it, and in which unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gui.text import file_size, milliseconds, percent, phrase, plural, short, significant, tr


@dataclass(frozen=True)
class Unit:
    """``factor`` times the figure shown is the figure of the recipe; ``first`` is what is offered at first."""

    text: str
    factor: float
    first: float
    most: float = 1e12


def units(target: str) -> list[Unit]:
    """In what a target can be said: as a share of the original first, else as the figure itself."""
    share = Unit(tr("% of original"), 0.01, 50, 100)
    match target:
        case "macs":
            return [share, Unit(tr("M MACs"), 1e6, 10)]
        case "parameters":
            return [share, Unit(tr("parameters"), 1, 10_000)]
        case "size":
            return [share, Unit(tr("KB"), 1e3, 100), Unit(tr("MB"), 1e6, 1)]
        case "latency":
            return [share, Unit(tr("ms"), 1, 2)]
        case "sparsity":
            return [Unit(tr("% zero"), 0.01, 50, 100)]
        case _:
            return [Unit(tr("pt at most"), 1, 1, 100)]


def target_text(target: str) -> str:
    """A target by its name: ``accuracy_drop`` is "Accuracy drop"."""
    return {
        "macs": tr("MACs"),
        "parameters": tr("Parameters"),
        "size": tr("Size"),
        "latency": tr("Latency"),
        "sparsity": tr("Sparsity"),
        "accuracy_drop": tr("Accuracy drop"),
    }.get(target, phrase(target))


def said(target: Mapping[str, float]) -> str:
    """A target in a few words: "MACs 50% of original", "2,421 parameters"."""
    name, figure = next(iter(target.items()))
    if name == "accuracy_drop":
        return tr("at most {points} pt lost", points=significant(figure))
    if name == "sparsity":
        return tr("{share} zero", share=percent(figure))
    if figure <= 1:
        return tr("{target} {share} of original", target=target_text(name), share=percent(figure))
    match name:
        case "macs":
            return tr("{macs} MACs", macs=short(figure))
        case "parameters":
            return plural(round(figure), "{count} parameter", "{count} parameters")
        case "size":
            return file_size(figure)
        case _:
            return milliseconds(figure)


def unit_of(target: str, figure: float) -> Unit:
    """The unit in which ``figure`` reads best: up to 1 it is a share."""
    known = units(target)
    if figure <= 1 or len(known) == 1:
        return known[0]
    fitting = [unit for unit in known[1:] if figure >= unit.factor]
    return fitting[-1] if fitting else known[1]

"""``methods``: everything that is registered."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from typing import Any

from backend.cli._ending import DONE
from backend.description import Catalogue, Description, Parameter
from backend.registry import PACKAGES, catalogue


def methods_command(options: argparse.Namespace) -> int:
    """Print every method by kind, or all of them as JSON."""
    if options.json:
        print(json.dumps(catalogue().to_data(), indent=2, ensure_ascii=False))
        return DONE
    known = catalogue()
    for kind in PACKAGES:
        print(f"\n{kind}")
        if kind == "stage":
            print(
                "  Every stage takes layers (rules: a layer or pattern, and its settings or keep); train takes during."
            )
        for description in known.kind(kind).values():
            print(f"  {description.id:22} {description.summary}{_place(description)}")
            for line in _help(description):
                print(f"  {'':22} {line}")
            for parameter in description.parameters:
                _print(parameter, known, "  ")
    return DONE


def _print(parameter: Parameter, known: Catalogue, indent: str) -> None:
    """A setting and what may be written; those of a section below it."""
    print(f"  {'':22} {indent}{parameter.name}: {parameter.label} ({_values(parameter, known)})")
    for inner in parameter.fields:
        _print(inner, known, indent + "  ")


def _help(description: Description) -> list[str]:
    """When to use it, and the paper."""
    known, found = description.when, description.reference
    paper = f"{found.authors} {found.year}, {found.title}. {found.link}".strip() if found is not None else ""
    return [line for line in (known, paper) if line]


def _place(description: Description) -> str:
    """What trains while it works has its place in the list of a train stage alone."""
    traits = description.traits
    alone = traits.get("learns", False) and not traits.get("by_itself", False)
    return " (only in a during list)" if alone else ""


def _values(parameter: Parameter, known: Catalogue) -> str:
    """What may be written, then the default."""
    words = " | ".join(str(choice) for choice in parameter.choices)
    match parameter.type:
        case "choice":
            allowed = words
        case "target":
            allowed = f"{{{words}: figure}}"
        case "method":
            allowed = f"{parameter.of}, below"
        case "nested":
            allowed = _one(parameter, known)
        case "list":
            allowed = f"[{_one(parameter, known)}, …]"
        case "group":
            allowed = f"{{{', '.join(p.name for p in parameter.fields)}}}"
        case "pairs":
            allowed = "{student's layer: teacher's layer, …}"
        case "network":
            allowed = "original | file | a run's folder | {source: …}"
        case plain:
            allowed = plain
    return allowed if parameter.default is None else f"{allowed}; {_default(parameter.default)}"


def _one(parameter: Parameter, known: Catalogue) -> str:
    """A method with its settings."""
    return f"{{{parameter.key}: {' | '.join(known.kind(parameter.of))}, …}}"


def _default(value: Any) -> str:
    """As a recipe has it."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_default(one)}" for key, one in value.items()) + "}"
    return f"[{', '.join(map(_default, value))}]" if isinstance(value, (list, tuple)) else str(value)

"""``methods``: everything that is registered."""

from __future__ import annotations

import argparse
import json

from backend.cli._ending import DONE
from backend.description import KIND, Catalogue, Description, Parameter
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
                print(f"  {'':22}   {parameter.name}: {parameter.label} ({_values(parameter, known)})")
    return DONE


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
            allowed = f"{{{KIND}: {' | '.join(known.kind(parameter.of))}, …}}"
        case plain:
            allowed = plain
    return allowed if parameter.default is None else f"{allowed}; {parameter.default}"

"""``methods``: everything that is registered."""

from __future__ import annotations

import argparse
import json

from backend.cli._ending import DONE
from backend.registry import PACKAGES, catalogue


def methods_command(options: argparse.Namespace) -> int:
    """Print every method by kind, or all of them as JSON."""
    if options.json:
        print(json.dumps(catalogue().to_data(), indent=2, ensure_ascii=False))
        return DONE
    for kind in PACKAGES:
        print(f"\n{kind}")
        for description in catalogue().kind(kind).values():
            print(f"  {description.id:22} {description.summary}")
            for parameter in description.parameters:
                print(f"  {'':22}   {parameter.name}: {parameter.label} ({parameter.type}, {parameter.default})")
    return DONE

"""Makes resources/architectures.json: by which names and shapes torchvision's architectures are known.

Run it from the project's root: ``python -m resources.make_architectures`` (a minute), after torchvision was updated.
"""

from __future__ import annotations

from typing import Any

from backend.files import write_json
from backend.models._designs import Design, designs
from backend.models._known import COUNTER, FILE, of_names, of_shapes
from resources.paths import resource


def row(design: Design) -> tuple[str, str, list[str], str]:
    """Hash of its names, the first of them, those of its last layer, hash of the shapes of all others."""
    shapes = {key: shape for key, shape in design.shapes().items() if not key.endswith(COUNTER)}
    head = sorted(design.head())
    return of_names(shapes), next(iter(shapes)), head, of_shapes(shapes, head)


def main() -> None:
    table: dict[str, dict[str, Any]] = {}
    for design in designs():
        if design.family == "torchvision":
            names, first, head, shapes = row(design)
            alike = table.setdefault(names, {"first": first, "head": head, "designs": {}})
            alike["designs"].setdefault(shapes, design.name)
    write_json(resource(FILE), table)
    print(f"{sum(len(found['designs']) for found in table.values())} architectures in {resource(FILE)}")


if __name__ == "__main__":
    main()

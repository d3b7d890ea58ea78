"""The sensitivity scan of ResNet-20 against the plain loop: copy, prune, evaluate all.

Every convolution at five amounts on 2,000 images of CIFAR-10. The two take turns target by target, so
what else the machine does hits both alike.
"""

from __future__ import annotations

import copy
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench._harness import ROOT, Row, in_a_process, table

if TYPE_CHECKING:
    from backend.sensitivity import Point, Reading
    from backend.session import Session

DATA = ROOT.parent / "shared" / "data"
WEIGHTS, IMAGES_FILE = DATA / "resnet20-12fca82f.th", DATA / "cifar10_20k.npz"
IMAGES = 2000
METHODS = ("ln_structured", "l1_unstructured")
LEAST = 2.0


def bench() -> bool:
    if not (WEIGHTS.is_file() and IMAGES_FILE.is_file()):
        print(f"\nSensitivity scan: not measured, {DATA} does not hold ResNet-20 and CIFAR-10.")
        return True
    threads = str(min(2, os.cpu_count() or 1))
    met = [
        _shown(
            in_a_process(
                "tests.bench.sensitivity", name, str(IMAGES), OMP_NUM_THREADS=threads, OMP_WAIT_POLICY="PASSIVE"
            ),
            f"{name}, {threads} thread(s)",
        )
        for name in METHODS
    ]
    return all(met)


def _shown(found: dict[str, Any], how: str) -> bool:
    ratio = found["plain"] / found["scan"]
    points = f"{found['points']} points"
    return table(
        f"Sensitivity of ResNet-20, {points}, {found['images']} images, {how}, target by target in turn",
        [
            Row("plain loop", f"{found['plain']:.1f} s", "", True),
            Row("scan", f"{found['scan']:.1f} s", "", True),
            Row("times faster", f"{ratio:.2f}", f"at least {LEAST}", ratio >= LEAST),
            Row("largest difference", f"{found['apart']:.0f} images", "at most 1", found["apart"] <= 1),
        ],
    )


def both(method: str, images: int) -> dict[str, float]:
    """Seconds of either way, and by how many images their accuracies differ at most."""
    from backend.sensitivity import BASELINE, limited, scan

    session, points = _work(method)
    data = limited(session.data, "validation", images)
    module = session.network.module
    count = len(data.parts["validation"])
    plain = apart = 0.0

    def turn(readings: Sequence[Reading]) -> None:
        nonlocal plain, apart
        begun = time.perf_counter()
        for reading in readings:
            point = next((p for p in points if (p.target, p.amount) == (reading.target, reading.amount)), BASELINE)
            apart = max(apart, abs(_plainly(module, point, data) - reading.accuracy) * count / 100)
        plain += time.perf_counter() - begun

    begun = time.perf_counter()
    scan(module, points, data, tell=turn)
    whole = time.perf_counter() - begun
    return {"plain": plain, "scan": whole - plain, "apart": round(apart), "points": len(points), "images": count}


def _work(method: str) -> tuple[Session, list[Point]]:
    """ResNet-20 on CIFAR-10, and a point for every convolution and amount."""
    from backend.cancel import Cancel
    from backend.pruning._pruner import Pruner
    from backend.recipe import Stage, recipe_from_data, resolved
    from backend.registry import catalogue
    from backend.runner import open_session
    from backend.sensitivity import part_points

    recipe = recipe_from_data(
        {
            "pare": 1,
            "model": {"source": "checkpoint", "name": "resnet20", "weights": str(WEIGHTS)},
            "data": {
                "source": "arrays",
                "root": str(IMAGES_FILE),
                "mean": [0.485, 0.456, 0.406],
                "std": [0.229, 0.224, 0.225],
            },
            "stages": [{"prune": {"method": method, "amount": 0.5, "layers": {"linear": "keep"}}}],
        },
        catalogue(),
    )
    session = open_session(resolved(recipe, catalogue()), Path(), lambda _: None, Cancel())
    stage: Stage = session.recipe.stages[0]
    parts = Pruner(session, stage, 0, lambda _: None, Cancel()).parts()
    return session, part_points(parts)


def _plainly(module: Any, point: Point, data: Any) -> float:
    """Accuracy at a point, in percent, as one would write it by hand."""
    import torch

    from backend.evaluation.accuracy import evaluate

    pruned = copy.deepcopy(module)
    with torch.no_grad():
        for name, mask in point.masks.items():
            pruned.get_parameter(name).mul_(mask)
    return evaluate(pruned, data, "validation").accuracy


if __name__ == "__main__":
    print(json.dumps(both(sys.argv[1], int(sys.argv[2]))))

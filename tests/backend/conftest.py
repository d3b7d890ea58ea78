"""What tests of the engine share: a tiny data set in a file, and a recipe on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from backend import runner
from backend.cancel import Cancel
from backend.events import Event
from backend.recipe import Recipe, recipe_from_data
from backend.registry import catalogue
from backend.runner import run


@pytest.fixture(autouse=True, scope="module")
def timed_briefly() -> Iterator[None]:
    """Runs are timed for a moment: what latency is shows in tests of its own, and there are hundreds of runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "TIMED", 0.05)
        yield


@pytest.fixture(scope="session")
def blobs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An .npz of 28×28 images in four classes that differ by where they are bright: learned in a second."""
    random = np.random.default_rng(0)

    def part(count: int) -> tuple[np.ndarray, np.ndarray]:
        labels = random.integers(0, 4, count)
        images = random.integers(0, 60, (count, 28, 28, 1))
        for image, label in zip(images, labels, strict=True):
            row, column = divmod(int(label), 2)
            image[row * 14 : row * 14 + 14, column * 14 : column * 14 + 14] += 120
        return images.astype(np.uint8), labels

    folder = tmp_path_factory.mktemp("数据 with spaces")
    (x_train, y_train), (x_test, y_test) = part(240), part(80)
    np.savez(folder / "blobs.npz", x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
    return folder / "blobs.npz"


@pytest.fixture
def recipe(blobs: Path) -> Recipe:
    """Train, prune, fine-tune, quantize on the blobs."""
    return recipe_from_data(
        {
            "name": "blobs",
            "model": {"source": "bundled", "name": "lenet5", "num_classes": 4},
            "data": {"source": "arrays", "root": str(blobs), "batch_size": 32},
            "stages": [
                {"train": {"epochs": 1, "optimizer": "adam", "scheduler": "constant", "from_scratch": True}},
                {"prune": {"amount": 0.5, "scope": "global", "layers": {"fc3": "keep"}}},
                {"train": {"epochs": 1, "optimizer": "adam"}},
                {"quantize": {"method": "static_int8", "calibration_batches": 2}},
            ],
        },
        catalogue(),
    )


def carried_out(recipe: Recipe, output: Path, *, cancel: Cancel | None = None, **more: object) -> list[Event]:
    """Every event of a run."""
    events: list[Event] = []
    run(recipe, output, events.append, cancel or Cancel(), folder=output.parent, **more)  # type: ignore[arg-type]
    return events

"""The points within a run that can be opened again as a network of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from backend.workspace import STAGES, read_result
from gui.comparison import Metrics, value
from gui.icons import icon
from gui.text import number, percent, phrase, tr
from gui.widgets.reason_menu import ReasonMenu


@dataclass(frozen=True)
class Step:
    """The network as it was at one point of a run; ``number`` counts within the stage, None is its end."""

    stage: str
    number: int | None
    metrics: Metrics
    folder: Path

    @property
    def text(self) -> str:
        """Like "Fine-tune, step 3: sparsity 45%, accuracy 91.20%"."""
        sparsity, accuracy = percent(value(self.metrics, "sparsity"), 1), number(self.accuracy, 2)
        if self.number is None:
            return tr("After {stage}: sparsity {sparsity}, accuracy {accuracy}%",
                      stage=self.stage, sparsity=sparsity, accuracy=accuracy)  # fmt: skip
        return tr("{stage}, step {number}: sparsity {sparsity}, accuracy {accuracy}%",
                  stage=self.stage, number=self.number, sparsity=sparsity, accuracy=accuracy)  # fmt: skip

    @property
    def accuracy(self) -> float | None:
        """On validation images, as in the curves."""
        found = value(self.metrics, "validation_accuracy")
        return found if found is not None else value(self.metrics, "accuracy")


def steps_of(folder: Path) -> list[Step]:
    """Every point of the finished run in ``folder`` that still stands on disk, in the order of the run."""
    result = read_result(folder)
    found: list[Step] = []
    for index, row in enumerate((result or {}).get("stages") or []):
        if not isinstance(row, Mapping):
            continue
        name = phrase(str(row.get("name") or row.get("kind") or ""))
        for at, step in enumerate(row.get("steps") or []):
            found.append(Step(name, at + 1, _metrics(step), folder / str(step.get("checkpoint", ""))))
        found.append(Step(name, None, _metrics(row), folder / STAGES / str(index)))
    return [step for step in found if step.folder.is_dir()]


def _metrics(row: Any) -> Metrics:
    metrics = row.get("metrics") if isinstance(row, Mapping) else None
    return metrics if isinstance(metrics, Mapping) else {}


def steps_menu(run: Path, opened: Callable[[Path, Path], object], parent: QWidget) -> ReasonMenu:
    """A menu that opens the network of a step: ``opened(run, checkpoint)``."""
    menu = ReasonMenu(tr("Open a step"), parent=parent)
    menu.setIcon(icon("git-commit"))
    for step in steps_of(run):
        menu.offer(step.text, partial(opened, run, step.folder), "cube")
    menu.menuAction().setEnabled(not menu.isEmpty())
    return menu

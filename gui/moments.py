"""The moments of a run as plain data: the original, each step of a stage, the end of each stage, the finished network.

:func:`moments_of` gives those of a row of the runs table, the run in progress included;
:func:`moments_in` those of a run's folder. Nothing but figures is held: the layers of a moment are
read from its checkpoint when they are asked for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from backend.workspace import STAGES, STATE, read_result
from gui.comparison import Metrics, value
from gui.run_parts import rows_by_name
from gui.text import number, percent, phrase, tr

if TYPE_CHECKING:
    from gui.item_models.run_rows import RunRow

Kind = Literal["original", "step", "stage", "final"]


@dataclass(frozen=True)
class Moment:
    """The network as it was at one point of a run; equal where run and point are, whatever they are called.

    Attributes:
        run: the run's folder.
        number: of the run; 0 where it has none.
        run_title: ``Run 12 · name``.
        kind: ``step`` is within a stage, ``stage`` the end of one that others follow.
        stage: index of the stage; None for the original, and where there is no stage.
        step: counts within the stage from 1; None but for a step.
        stage_name: in the language of the source.
        metrics: M of result.json: a step has no figures on test images, only the final network has latencies.
        baseline: M of the original.
        place: folder of the network within the run's; empty for the original, which the recipe opens.
        running: the run is in progress.
    """

    run: Path
    number: int = field(compare=False)
    run_title: str = field(compare=False)
    kind: Kind
    stage: int | None
    step: int | None
    stage_name: str = field(compare=False)
    metrics: Metrics = field(compare=False)
    baseline: Metrics = field(compare=False)
    place: str = field(compare=False)
    running: bool = field(default=False, compare=False)

    @property
    def checkpoint(self) -> Path | None:
        return self.run / self.place if self.place else None

    @property
    def title(self) -> str:
        """Like "Run 12 · FPGM 50%", "Run 12, after Prune", "Run 12, Fine-tune, step 3", "Original"."""
        stage = phrase(self.stage_name)
        match self.kind:
            case "original":
                return tr("Original")
            case "step":
                return tr("{run}, {stage}, step {number}", run=self.short, stage=stage, number=self.step)
            case "stage":
                return tr("{run}, after {stage}", run=self.short, stage=stage)
            case _:
                return self.run_title

    @property
    def short(self) -> str:
        """``Run 12``; the run's name where it has no number."""
        return tr("Run {number}", number=self.number) if self.number else self.run_title

    @property
    def brief(self) -> str:
        """In the room beside a dot: ``Run 12``, ``Run 12 · Prune``, ``Run 12 · step 3``."""
        match self.kind:
            case "step":
                return tr("{run} · step {number}", run=self.short, number=self.step)
            case "stage":
                return tr("{run} · {stage}", run=self.short, stage=phrase(self.stage_name))
            case _:
                return self.title if self.kind == "original" else self.short

    @property
    def text(self) -> str:
        """Within its run, like "Fine-tune, step 3: sparsity 45%, accuracy 91.20%"."""
        stage = phrase(self.stage_name)
        sparsity, accuracy = percent(value(self.metrics, "sparsity"), 1), number(validation(self.metrics), 2)
        if self.kind == "step":
            return tr("{stage}, step {number}: sparsity {sparsity}, accuracy {accuracy}%",
                      stage=stage, number=self.step, sparsity=sparsity, accuracy=accuracy)  # fmt: skip
        return tr("After {stage}: sparsity {sparsity}, accuracy {accuracy}%",
                  stage=stage, sparsity=sparsity, accuracy=accuracy)  # fmt: skip

    @property
    def kept(self) -> Path | None:
        """The folder of its network, where that still stands on disk."""
        folder = self.checkpoint
        return folder if folder is not None and folder.is_dir() else None

    def layers(self) -> dict[str, dict[str, Any]]:
        """Rows L of result.json by layer name, read from the checkpoint; none where that is gone."""
        if "layers" in self.metrics:
            return rows_by_name(self.metrics["layers"])
        return rows_by_name(_record(self.checkpoint).get("layers")) if self.checkpoint is not None else {}


def validation(metrics: Metrics) -> float | None:
    """Accuracy on validation images, as in the curves; on test images where nothing else is known."""
    found = value(metrics, "validation_accuracy")
    return found if found is not None else value(metrics, "accuracy")


def moments_of(row: RunRow) -> list[Moment]:
    """Every moment of a run in its order, as far as it got: the original first, the finished network last."""
    if not row.baseline:
        return []
    title, running = row.title, row.status == "running"

    def moment(kind: Kind, stage: int | None, step: int | None, metrics: Metrics, place: str) -> Moment:
        name = str(row.stages[stage].get("name") or row.stages[stage].get("kind") or "") if stage is not None else ""
        return Moment(row.folder, row.number, title, kind, stage, step, name, metrics, row.baseline, place, running)

    found = [moment("original", None, None, row.baseline, "")]
    last = len(row.stages) - 1 if row.status == "done" else None
    for at, stage in enumerate(row.stages):
        for count, step in enumerate(_rows(stage.get("steps")), 1):
            found.append(moment("step", at, count, _metrics(step), str(step.get("checkpoint", ""))))
        metrics = row.metrics if at == last else _metrics(stage)
        found.append(moment("final" if at == last else "stage", at, None, metrics, f"{STAGES}/{at}"))
    if last == -1:
        found.append(moment("final", None, None, row.metrics, ""))
    return found


def moments_in(folder: Path) -> list[Moment]:
    """Those of the finished run in ``folder``; none where it did not finish."""
    from gui.item_models.run_rows import finished

    result = read_result(folder)
    return moments_of(finished(folder, result)) if result is not None else []


def _metrics(row: Mapping[str, Any]) -> Metrics:
    metrics = row.get("metrics")
    return metrics if isinstance(metrics, Mapping) else {}


def _rows(rows: Any) -> list[Mapping[str, Any]]:
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, (list, tuple)) else []


def _record(checkpoint: Path) -> Mapping[str, Any]:
    """What a checkpoint says of itself: the row of result.json with its layers."""
    try:
        record = json.loads((checkpoint / STATE).read_text(encoding="utf-8")).get("record")
    except (OSError, ValueError, AttributeError):
        return {}
    return record if isinstance(record, Mapping) else {}

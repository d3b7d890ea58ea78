"""run(recipe, emit, cancel): the stages in order, on a copy, with exactly one ending."""

from __future__ import annotations

import dataclasses
import json
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from backend import FORMAT
from backend.cancel import Cancel
from backend.checkpoint import clear_checkpoints, finished_stages, read_record, restore, save_checkpoint, save_step
from backend.datasets import open_data
from backend.environment import environment
from backend.errors import Cancelled, CompressionError, Message, RecipeError, msg
from backend.evaluation.diagnosis import collapsed, diagnose
from backend.evaluation.latency import LARGE_BATCH, latency
from backend.evaluation.measure import measure
from backend.evaluation.precision_costs import NOTICEABLE, find_costs
from backend.evaluation.remedy import recommended, told
from backend.events import Cancelled as CancelledEnding
from backend.events import (
    Emit,
    Failed,
    Finished,
    LayerChanged,
    Measured,
    Metric,
    Progress,
    StageStarted,
    Started,
    Warned,
    failure,
)
from backend.export._base import ExportFormat
from backend.files import write_error, write_json, write_text
from backend.journal import Journal
from backend.models import open_network
from backend.network import Network
from backend.paths import found
from backend.progress import Saver, read_progress
from backend.recipe import ModelSpec, Recipe, judged, merged, read_recipe, recipe_to_yaml, resolved
from backend.registry import catalogue, method, methods
from backend.session import Session
from backend.stages._base import StageMethod
from backend.stages._layers import layer_plans, quantization_plans
from backend.training.distillation._teacher import check_teachers, teachers
from backend.workspace import EVENTS, RECIPE, RESOLVED, RESULT, STAGES

TIMED = 1.0
"""Seconds of each of the two races between the original and the result."""
ORIGINAL = -1
"""The "stage" of events about the network before the first stage."""


def run(
    recipe: Recipe,
    output: Path,
    emit: Emit,
    cancel: Cancel,
    *,
    folder: Path,
    text: str | None = None,
    resume: bool = False,
    allowed: Mapping[str, str] | None = None,
) -> None:
    """Carry out ``recipe`` and fill ``output``; ends with one Finished, Cancelled or Failed event.

    Args:
        recipe: what to do.
        output: the run's folder (DESIGN: recipe.yaml, resolved.yaml, result.json, events.jsonl, stages/).
        emit: receives every event; the same events stand in events.jsonl.
        cancel: checked at every batch and layer.
        folder: what relative paths in the recipe are relative to.
        text: the recipe as it was written, comments and all; made from ``recipe`` if not given.
        resume: go on after the last stage that ``output`` holds a checkpoint of, and within a training after the
            last epoch that was saved; what comes of it is equal, bit for bit, to what a run without a stop gives.
            Without it whatever an earlier run left there makes way, its exported files aside.
        allowed: Python files that may be run: path → SHA-256.
    """
    ending: Finished | CancelledEnding | Failed
    try:
        if resume:
            _refuse_another_recipe(recipe, output)
        else:
            _start_over(recipe, output, folder)
        with Journal(output / EVENTS, emit, append=resume) as journal:
            try:
                work = _Run(recipe, output, journal.emit, cancel, folder, dict(allowed or {}))
                ending = Finished(work.carry_out(text, resume))
            except Cancelled:
                ending = CancelledEnding()
            except Exception as error:  # every error becomes one sentence at this boundary
                ending = failure(error, traceback.format_exc())
            journal.emit(ending)
    except CompressionError as error:  # the folder is of no use: nothing was begun
        emit(failure(error, traceback.format_exc()))


@dataclasses.dataclass
class _Run:
    """One run: what it was given, and the steps of carrying it out."""

    recipe: Recipe
    output: Path
    emit: Emit
    cancel: Cancel
    folder: Path
    allowed: Mapping[str, str]

    def carry_out(self, text: str | None, resume: bool) -> dict[str, Any]:
        full = resolved(self.recipe, catalogue())
        self.emit(Started(full.name, str(self.output), [_heading(stage.kind, stage.settings) for stage in full.stages]))
        write_text(self.output / RECIPE, text or recipe_to_yaml(self.recipe))
        session = open_session(full, self.folder, self.emit, self.cancel, allowed=self.allowed)
        self.emit(StageStarted(ORIGINAL, "Original"))
        records: list[dict[str, Any]] = []
        done = finished_stages(self.output, len(full.stages)) if resume else 0
        session.earlier = read_progress(self.output, done) if resume and done < len(full.stages) else None
        baseline = measure(session.original, session.data, {}, session.original, self._watch(ORIGINAL), self.cancel)
        self._tell(ORIGINAL, baseline, curves=not done and session.earlier is None)
        if done:
            records = [read_record(self.output, i) for i in range(done)]
            restore(session, self.output, done - 1, self.allowed)
        clear_checkpoints(self.output, done, None if session.earlier is None else len(session.earlier["steps"]))
        for index in range(done, len(full.stages)):
            earlier = records[-1]["metrics"] if records else baseline
            records.append(self._stage(session, index, earlier["validation_accuracy"]))
        return self._result(session, baseline, records)

    def _stage(self, session: Session, index: int, accuracy: float) -> dict[str, Any]:
        """Carry out one stage; ``accuracy`` is that of the network before it, on validation images."""
        stage = session.recipe.stages[index]
        heading = _heading(stage.kind, stage.settings)
        kind = method("stage", stage.kind)
        if not isinstance(kind, StageMethod):
            raise TypeError(stage.kind)
        earlier = session.earlier
        self.emit(StageStarted(index, heading["label"], 0 if earlier is None else earlier["during"]["done"]))
        self.cancel.check()
        if session.network.converted:
            raise CompressionError(
                msg("This network is already quantized, so its float weights are gone."),
                msg("Start from the network as it was before it was quantized."),
            )
        torch.manual_seed(session.recipe.seed + index + 1)
        steps: list[dict[str, Any]] = [] if earlier is None else list(earlier["steps"])
        session.save = saver = Saver(session, self.output, index, steps)
        session.keep = lambda at, metrics: steps.append(save_step(session, self.output, index, at, metrics))
        before = session.network.copy() if self._may_need_reasons(session, index) else None
        kind.run(session, stage, index, self.emit, self.cancel)
        seconds, session.earlier, session.save = saver.seconds, None, lambda state: None
        session.network.module.eval()
        metrics = measure(
            session.network, session.data, session.figures, session.original, self._watch(index), self.cancel
        )
        self._tell(index, metrics)
        if before is not None:
            self._explain(session, before, index, accuracy, metrics["validation_accuracy"])
        layers = metrics.pop("layers")
        record = {
            "name": heading["label"],
            "kind": stage.kind,
            "seconds": round(seconds, 3),
            "metrics": metrics,
            "layers": layers,
            "steps": steps,
            **session.report,
        }
        session.report = {}
        save_checkpoint(session, self.output, index, record)
        return record

    def _may_need_reasons(self, session: Session, index: int) -> bool:
        """Where accuracy may collapse and nothing follows that brings it back by itself."""
        kinds = [stage.kind for stage in session.recipe.stages[index : index + 2]]
        return "train" not in kinds and session.data.metric is None

    def _explain(self, session: Session, before: Network, index: int, was: float, now: float) -> None:
        """Look for what made accuracy (percent, on validation images) fall from ``was`` to ``now``."""
        if not session.network.converted:
            if collapsed(was, now):
                self._diagnose(session, before, index)
        elif was - now > NOTICEABLE:
            self._recommend(session, before, index)

    def _recommend(self, session: Session, before: Network, index: int) -> None:
        def progress(done: int, total: int) -> None:
            self.emit(Progress(index, done, total, msg("Looking for what made accuracy fall")))

        found = find_costs(session, before, index, self.cancel, progress)
        if found is not None:
            session.report["costs"] = dataclasses.asdict(found)
            self.emit(recommended(found, index))

    def _diagnose(self, session: Session, before: Network, index: int) -> None:
        def progress(done: int, total: int) -> None:
            self.emit(Progress(index, done, total, msg("Looking for what made accuracy fall")))

        found = diagnose(before.module, session.network.module, session, session.masks, self.cancel, progress)
        session.report["diagnosis"] = dataclasses.asdict(found)
        self.emit(told(found, self.recipe, index))

    def _result(self, session: Session, baseline: dict[str, Any], records: list[dict[str, Any]]) -> dict[str, Any]:
        self.emit(Progress(len(records) - 1, 1, 1, msg("Timing the original and the result in turns")))
        last = records[-1] if records else {"metrics": baseline, "layers": baseline["layers"]}
        images, _ = next(session.data.batches("test", LARGE_BATCH, device=session.device))
        contenders = {"baseline": session.original, "final": session.network}
        times = latency(contenders, images, seconds=TIMED, cancel=self.cancel)
        whole, final = {**baseline, **times["baseline"]}, {**last["metrics"], **times["final"]}
        result = {
            "pare": FORMAT,
            "recipe": self.recipe.to_data(),
            "environment": environment(),
            "baseline": whole,
            "stages": records,
            "final": {**final, "layers": last["layers"]},
            "budget": [verdict.to_data() for verdict in judged(self.recipe.budget, whole, final)],
            "exports": self._exports(),
            "refused_formats": _refused_formats(session.network),
        }
        chosen = merged(session.recipe, session.choices, catalogue())
        write_text(self.output / RESOLVED, recipe_to_yaml(chosen))
        write_json(self.output / RESULT, result)
        return result

    def _exports(self) -> list[Any]:
        """Rows of files exported before a finished run was resumed: they hold the same network still."""
        try:
            earlier = json.loads((self.output / RESULT).read_text(encoding="utf-8"))
            return list(earlier["exports"])
        except (OSError, ValueError, KeyError, TypeError):
            return []

    def _tell(self, index: int, metrics: Mapping[str, Any], curves: bool = True) -> None:
        """What was measured; ``curves`` where it is a point of theirs that has not been told before."""
        self.emit(Measured(index, metrics))
        self.emit(LayerChanged(index, metrics["layers"]))
        if not curves:
            return
        self.emit(Metric(index, "accuracy", 1, metrics["validation_accuracy"]))
        self.emit(Metric(index, "sparsity", 1, metrics["sparsity"]))

    def _watch(self, index: int) -> Any:
        def watch(done: int, total: int) -> None:
            self.emit(Progress(index, done, total, msg("Measuring accuracy")))

        return watch


def open_session(
    recipe: Recipe, folder: Path, emit: Emit, cancel: Cancel, *, allowed: Mapping[str, str] | None = None
) -> Session:
    """Open the data and the network of ``recipe``, whose defaults are filled.

    Raises:
        CompressionError: they can't be opened, do not fit each other, or a pattern matches no layer.
    """

    def download(done: float, total: float, text: Message) -> None:
        emit(Progress(ORIGINAL, done, total, text))

    _require_device(recipe.device)
    torch.manual_seed(recipe.seed)
    emit(Progress(ORIGINAL, 0, 1, msg("Opening the data")))
    data = open_data(recipe.data, folder, recipe.seed, download, cancel, allowed=allowed or {})
    cancel.check()
    emit(Progress(ORIGINAL, 0, 1, msg("Opening the network")))
    original = open_network(
        recipe.model,
        folder,
        allowed=allowed or {},
        input_shape=data.input_shape,
        classes=len(data.classes),
        progress=download,
        cancel=cancel,
    )
    for note in (*data.notes, *original.notes):
        emit(Warned(ORIGINAL, note))
    for stage in recipe.stages:
        for acting in (stage, *stage.during):  # what can't be is said before anything is measured
            (quantization_plans if acting.kind == "quantize" else layer_plans)(original.module, acting)
    check_teachers(recipe, folder, allowed or {})
    original.module.to(recipe.device).eval()
    return Session(
        dataclasses.replace(recipe, model=_found_model(recipe.model, original.spec, folder), data=data.spec),
        original.copy(),
        original,
        data,
        folder,
        torch.Generator().manual_seed(recipe.seed),
        allowed=dict(allowed or {}),
    )


def _found_model(given: ModelSpec, opened: ModelSpec, folder: Path) -> ModelSpec:
    """The model section with what was found. A folder of ours names its own source: the folder stays."""
    if given.source != "pare" or given.weights is None:
        return opened
    return dataclasses.replace(given, weights=str(found(given.weights, folder)))


def _refuse_another_recipe(recipe: Recipe, output: Path) -> None:
    written = output / RECIPE
    if not written.is_file():
        raise CompressionError(
            msg("There is no run to resume in {path}.", path=str(output)),
            msg("Start it without --resume, or name the folder of the run."),
        )
    if read_recipe(written, catalogue()) != recipe:
        raise RecipeError(
            msg("The run in {path} belongs to another recipe.", path=str(output)),
            msg("Resume it with the recipe that stands in its folder, or choose a new folder."),
        )


def _start_over(recipe: Recipe, output: Path, folder: Path) -> None:
    """Remove the figures and checkpoints of an earlier run, which would pass for those of this one."""
    own = recipe.model.weights or recipe.model.file if recipe.model.source in ("pare", "checkpoint") else None
    for named in filter(None, (own, *teachers(recipe))):
        place = (folder / Path(named).expanduser()).resolve()
        if place == output.resolve() or place.is_relative_to((output / STAGES).resolve()):
            raise CompressionError(
                msg(
                    "The network of this recipe stands in {path}, the folder that the run would fill.", path=str(output)
                ),
                msg("Choose another folder for the run."),
            )
    clear_checkpoints(output)
    for name in (RESULT, RESOLVED):
        try:
            (output / name).unlink(missing_ok=True)
        except OSError as error:
            raise write_error(output / name, error) from error


def _heading(kind: str, settings: Mapping[str, Any]) -> dict[str, str]:
    """Kind and label of a stage: "Prune", "Fine-tune", "Quantize"."""
    return {"kind": kind, "label": catalogue().get("stage", kind).label}


def _require_device(device: str) -> None:
    present = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not present.get(device, False):
        raise CompressionError(
            msg("This computer has no {device} device.", device=device),
            msg("Set device: cpu."),
        )


def _refused_formats(network: Network) -> dict[str, Any]:
    """Format → why ``network`` can't be exported so, for whoever offers formats."""
    asked = {
        id: format.applies(network) for id, format in methods("export").items() if isinstance(format, ExportFormat)
    }
    return {id: reason.to_data() for id, reason in asked.items() if reason is not None}

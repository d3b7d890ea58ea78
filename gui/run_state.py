"""A run as plain data: what its events add up to. No widgets here.

The window feeds it with :meth:`RunState.apply`, once per batch of events; panels read it and listen
to one signal, ``changed(kinds)``, where ``kinds`` is a set of the words in :data:`KINDS`. A finished
run's folder gives the same object through :meth:`RunState.from_folder`.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from backend import workspace
from backend.errors import Message, msg
from backend.events import (
    Cancelled,
    Event,
    Failed,
    Finished,
    LayerChanged,
    Measured,
    Metric,
    Noted,
    Progress,
    StageStarted,
    Started,
    Warned,
)
from gui.run_files import read_events, read_result
from gui.run_parts import (
    FINISHING,
    Band,
    Curve,
    Level,
    LogLine,
    RunStatus,
    StageState,
    channels_of,
    planned_bands,
    rows_by_name,
    seconds_left,
)

KINDS = frozenset({"started", "stages", "curves", "metrics", "layers", "progress", "log", "ending"})


class RunState(QObject):
    """One run, growing or finished.

    Attributes:
        job: id of the request whose events count; None takes every event.
        name, folder: of the run.
        stages: in order; the first has index −1 and measures the original.
        curves: name (``accuracy``, ``train_accuracy``, ``loss``, ``sparsity``) → points over seconds.
        baseline: M of the original; empty before it is measured.
        latest: M of the last stage measured, or the final one; empty before.
        measured: stage → M at its end.
        baseline_layers, layers: rows L by layer name, of the original and now.
        channels: layer → channels before and after removal; only layers of which some were removed.
        text: what is being done right now.
        ending: how it ended; None while it runs.
        warnings, log: in the order they came.
    """

    changed = Signal(set)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reset()

    def _reset(self) -> None:
        self.job: str | None = None
        self.name = ""
        self.folder = ""
        self.stages: list[StageState] = []
        self.curves: dict[str, Curve] = {}
        self.baseline: Mapping[str, Any] = {}
        self.latest: Mapping[str, Any] = {}
        self.measured: dict[int, Mapping[str, Any]] = {}
        self.baseline_layers: dict[str, dict[str, Any]] = {}
        self.layers: dict[str, dict[str, Any]] = {}
        self.channels: dict[str, tuple[int, int]] = {}
        self.text: Message | None = None
        self.ending: Finished | Cancelled | Failed | None = None
        self.warnings: list[Warned] = []
        self.log: list[LogLine] = []
        self._seconds = 0.0
        self._offset = 0.0
        self._heard = time.monotonic()
        self._live = False

    def begin(self, job: str, name: str = "") -> None:
        """Forget everything and follow ``job`` from now on; the run counts as running at once."""
        self._reset()
        self.job, self.name, self._live = job, name, True
        self.changed.emit(set(KINDS))

    def go_on(self, job: str, folder: Path) -> None:
        """Follow ``job``, which resumes the run in ``folder``: what that has told so far stays."""
        self._reset()
        blocked = self.blockSignals(True)
        self.apply(read_events(folder / workspace.EVENTS))
        self.blockSignals(blocked)
        self._close_stages("stopped")  # a process that was ended closed none
        self.name, self.folder = self.name or folder.name, str(folder)
        self.job, self.ending, self._live = job, None, True
        self.changed.emit(set(KINDS))

    def clear(self) -> None:
        self._reset()
        self.changed.emit(set(KINDS))

    def apply(self, events: Iterable[tuple[str, float, Event]]) -> None:
        """Take a batch of (job, seconds since the job began, event); ``changed`` is sent at most once."""
        kinds: set[str] = set()
        for job, seconds, event in events:
            if self.job in (None, job) and (self.ending is None or isinstance(event, Started)):
                self._seconds = max(self._seconds, seconds + self._offset)
                self._heard = time.monotonic()
                kinds |= self._take(event)
        if kinds:
            self.changed.emit(kinds)

    @property
    def status(self) -> RunStatus:
        match self.ending:
            case Finished():
                return "done"
            case Cancelled():
                return "stopped"
            case Failed():
                return "failed"
            case _:
                return "running" if self.stages or self._live else "empty"

    @property
    def stage(self) -> StageState | None:
        """The stage that is running."""
        return next((stage for stage in self.stages if stage.status == "running"), None)

    @property
    def seconds(self) -> float:
        """Time of the last event, seconds since the run began."""
        return self._seconds

    @property
    def elapsed(self) -> float:
        """Seconds since the run began; goes on between events while it runs in this window."""
        if self._live and self.ending is None:
            return self._seconds + time.monotonic() - self._heard
        return self._seconds

    @property
    def fraction(self) -> float:
        """Progress over all stages, 0 to 1."""
        if isinstance(self.ending, Finished):
            return 1.0
        total = sum(stage.weight for stage in self.stages) + FINISHING
        return sum(stage.weight * stage.fraction for stage in self.stages) / total

    @property
    def left(self) -> float | None:
        """Estimated seconds to the end; None where nothing can be said yet."""
        return seconds_left(self.stages, self._seconds) if self.status == "running" else None

    def bands(self) -> list[Band]:
        """One band a stage; those to come are planned, where the time left is known."""
        return planned_bands(self.stages, self._seconds, self.left)

    @property
    def final(self) -> Mapping[str, Any]:
        """M at the end of a finished run; empty otherwise."""
        return self.latest if isinstance(self.ending, Finished) else {}

    def carried_out(self, recipe: Mapping[str, Any]) -> bool:
        """Whether it is finished and did the stages of ``recipe`` (plain data), on its network and data."""
        ran = self.ending.result.get("recipe") if isinstance(self.ending, Finished) else None
        return isinstance(ran, Mapping) and all(ran.get(key) == recipe.get(key) for key in ("model", "data", "stages"))

    @property
    def refused_formats(self) -> dict[str, Message]:
        """Format → why the network of a finished run can't be exported so."""
        known = self.ending.result.get("refused_formats") if isinstance(self.ending, Finished) else None
        return {id: Message.from_data(reason) for id, reason in (known or {}).items()}

    @property
    def exports(self) -> list[Mapping[str, Any]]:
        if not isinstance(self.ending, Finished):
            return []
        return [row for row in self.ending.result.get("exports") or [] if isinstance(row, Mapping)]

    def _take(self, event: Event) -> set[str]:
        match event:
            case Started():
                return self._start(event)
            case StageStarted():
                return self._start_stage(event)
            case Progress():
                return self._progress(event)
            case Metric():
                return self._point(event)
            case LayerChanged():
                self.layers.update(rows_by_name(event.layers))
                return {"layers"}
            case Measured():
                return self._measured(event)
            case Warned():
                self.warnings.append(event)
                self._say("warning", event.message, event.hint)
                return {"log"}
            case Noted():
                self._say("info", event.message)
                return {"log"}
            case Finished() | Cancelled() | Failed():
                return self._end(event)
            case _:
                return set()

    def _start(self, event: Started) -> set[str]:
        earlier = {stage.index: stage for stage in self.stages}
        if self.stages:  # the run was resumed: its second part follows the first
            self._offset, self.ending = self._seconds, None
        self.name, self.folder = event.name, event.folder
        rows = [{"kind": "measure", "label": "Original"}, *event.stages]
        self.stages = [
            StageState(i - 1, str(row.get("kind", "")), str(row.get("label") or row.get("kind", "")))
            for i, row in enumerate(rows)
        ]
        for stage in self.stages[1:]:  # the original is measured anew
            stage.take_over(earlier.get(stage.index))
        self._say("info", msg("Run started: {name}", name=event.name))
        return {"started", "stages", "progress", "log"}

    def _start_stage(self, event: StageStarted) -> set[str]:
        self._close_stages("done", event.stage)
        for stage in self.stages:
            if stage.index == event.stage:
                stage.begin(self._seconds, goes_on=event.done > 0)
        for curve in self.curves.values() if event.stage >= 0 else ():
            curve.cut(event.stage, event.done)
        if event.stage < 0:
            self._say("info", msg("Measuring the original network"))
        else:
            self._say("info", msg("Stage {number}: {stage}", number=event.stage + 1, stage=Message(event.label)))
        return {"stages", "progress", "log", "curves"}

    def _progress(self, event: Progress) -> set[str]:
        self.text = event.text
        for stage in self.stages:
            if stage.index == event.stage and stage.status != "done":
                stage.reach(event.done, event.total)
        return {"progress"}

    def _point(self, event: Metric) -> set[str]:
        if isinstance(event.value, (int, float)):  # what JSON can't hold (NaN) arrives as None
            curve = self.curves.setdefault(event.name, Curve())
            curve.append(self._seconds, float(event.value), event.stage, event.at)
            return {"curves"}
        return set()

    def _measured(self, event: Measured) -> set[str]:
        rows = rows_by_name(event.metrics.get("layers"))
        if event.stage < 0:
            self.baseline, self.baseline_layers = event.metrics, rows
        else:
            self.latest = self.measured[event.stage] = event.metrics
        self.layers = dict(rows) or self.layers  # the whole network: a layer that is not among them is gone
        accuracy = event.metrics.get("accuracy")
        if isinstance(accuracy, (int, float)):
            self._say("info", msg("Measured: accuracy {accuracy:.2f}% on test images", accuracy=accuracy))
        return {"metrics", "layers", "log"}

    def _end(self, event: Finished | Cancelled | Failed) -> set[str]:
        self.ending = event
        match event:
            case Finished():
                self._close_stages("done")
                self._finish(event.result)
                self._say("ok", msg("Run finished"))
            case Cancelled():
                self._close_stages("stopped")
                self._say("warning", msg("Run stopped. The network is as it was."))
            case Failed():
                self._close_stages("failed")
                self._say("error", event.message, event.hint)
        return {"ending", "stages", "metrics", "layers", "progress", "log"}

    def _finish(self, result: Mapping[str, Any]) -> None:
        """result.json has the last word: latencies of both are measured after the last stage."""
        baseline, final = result.get("baseline"), result.get("final")
        if isinstance(baseline, Mapping):
            self.baseline = baseline
            self.baseline_layers = rows_by_name(baseline.get("layers")) or self.baseline_layers
        if isinstance(final, Mapping):
            self.latest = final
            self.layers = rows_by_name(final.get("layers")) or self.layers
        self.channels = channels_of(result.get("stages"))

    def _close_stages(self, status: Any, before: int | None = None) -> None:
        for stage in self.stages:
            if stage.status == "running":
                stage.status, stage.ended = status, self._seconds
            elif status == "done" and stage.status == "waiting" and (before is None or stage.index < before):
                stage.status = "done"  # a resumed run passes over what it has already done

    def _say(self, level: Level, message: Message, hint: Message | None = None) -> None:
        self.log.append(LogLine(self._seconds, level, message, hint))

    @classmethod
    def from_folder(cls, folder: Path, parent: QObject | None = None) -> RunState:
        """The run that filled ``folder``, rebuilt from its events.jsonl and result.json.

        Lines that can't be read (the last one of a run that was cut off) are passed over.
        """
        state = cls(parent)
        state.apply(read_events(folder / workspace.EVENTS))
        if state.ending is None:
            result = read_result(folder / workspace.RESULT)
            # neither an ending nor a result: the process was ended while it worked
            state.apply([(state.job or "", state._seconds, Finished(result) if result else Cancelled())])
        state.name = state.name or folder.name
        state.folder = str(folder)
        return state

"""The budget's plan: what the recipe is expected to cost, and the amounts that would keep a limit.

While a mark is dragged one question at a time is with the engine; the newest one waits, and those between are never
asked. What is told here is estimated; what a run has measured is :class:`gui.run_state.RunState`'s.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from PySide6.QtCore import QObject, QTimer, Signal

from backend.engine.protocol import Allocate
from backend.errors import CompressionError
from backend.events import Cancelled, Failed, Finished
from backend.recipe import Recipe, Stage, judged
from gui import layer_edits
from gui.consent import allowed
from gui.document import Document
from gui.engine_thread import Batch, EngineThread
from gui.layer_knowledge import LayerKnowledge
from gui.places import stage_at
from gui.running import Runner, workspace
from gui.scanning import WITHOUT_STAGE, Scanner
from gui.stage_settings import CASTS, SMALLER
from gui.text import tr

CALM = 300
"""Milliseconds without an edit before the engine is asked what the recipe comes to."""
Need = Literal["", "run", "kernels", "scan", "removal", "masks", "scanning", "measure"]
"""What stands between a limit and amounts that keep it; empty where nothing does."""


@dataclass(frozen=True)
class Estimate:
    """Figures that nobody has measured, as M of result.json has them, and the amounts they belong to.

    ``target`` is what the amounts were asked for; empty where they are the recipe's own.
    """

    before: Mapping[str, Any] = field(default_factory=dict)
    predicted: Mapping[str, Any] = field(default_factory=dict)
    layers: Mapping[str, float] = field(default_factory=dict)
    target: Mapping[str, float] = field(default_factory=dict)


class Planning(QObject):
    """Asks the engine, and writes what was chosen: the limit and the amounts in one step of undo.

    Signals:
        changed: another estimate, proposal, problem or need.
        failed: a CompressionError met while writing.

    Attributes:
        estimate: of the recipe as it is; empty until the engine has told.
        proposal: of the limit that is being dragged; None otherwise.
        problem: why there is no proposal.
        pending: the limit that is kept once a scan has ended.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(
        self,
        document: Document,
        engine: EngineThread,
        scanner: Scanner,
        runner: Runner,
        knowledge: LayerKnowledge,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._engine, self._scanner = document, engine, scanner
        self._runner, self._knowledge = runner, knowledge
        self.estimate = Estimate()
        self.proposal: Estimate | None = None
        self.problem: Failed | None = None
        self.pending: Mapping[str, float] = {}
        self._job = ""
        self._asked: Mapping[str, float] | None = None
        self._waiting: Mapping[str, float] | None = None
        self._applying: Mapping[str, float] = {}
        self._of: Any = None
        self._later = QTimer(self, singleShot=True, interval=CALM)
        self._later.timeout.connect(self._ask_as_it_is)
        engine.events.connect(self._heard)
        document.opened.connect(self._forget)
        document.recipe_changed.connect(self._follow)
        document.inspection_changed.connect(self._follow)
        scanner.changed.connect(self._go_on_pending)
        runner.changed.connect(self._run_changed)
        knowledge.changed.connect(self._go_on_pending)

    # What is known

    @property
    def budget(self) -> Mapping[str, float]:
        return self._document.recipe.budget if self._document.recipe is not None else {}

    @property
    def before(self) -> Mapping[str, Any]:
        """The original, as far as anybody has looked at it."""
        found, scan = self._document.inspection, self._scanner.state
        known: dict[str, Any] = {}
        if found is not None:
            known |= {"macs": found.macs, "parameters": found.parameters, "size_bytes": found.size_bytes}
        if self._knowledge.total is not None:
            known["latency_ms"] = {"median": self._knowledge.total}
        if self._current_scan and scan.baseline is not None:
            known["accuracy"] = scan.baseline.accuracy
        return {**known, **self.estimate.before}

    @property
    def asking(self) -> bool:
        """Whether a proposal is on its way."""
        return bool(self._job and self._asked) or self._waiting is not None

    @property
    def applying(self) -> bool:
        """Whether the amounts that are on their way will be written."""
        return bool(self._applying)

    @property
    def _current_scan(self) -> bool:
        return self._scanner.state.status == "done" and not self._scanner.outdated

    def need(self, limit: str) -> Need:
        """What is missing before amounts can be found that keep ``limit``."""
        recipe, catalogue = self._document.recipe, self._document.catalogue
        if recipe is None or catalogue is None or self._runner.running:
            return "run"
        if self._scanner.running:
            return "scanning"
        removal = bool(self._stage().settings.get("remove"))
        if limit in SMALLER and not removal:
            return "removal"
        if limit == "sparsity" and removal:
            return "masks"
        if limit == "latency" and _on_other_kernels(recipe):
            return "kernels"
        if not self._current_scan:
            return "scan"
        if limit == "latency" and self._knowledge.total is None:
            return "measure"
        return ""

    # Asking

    def propose(self, limit: str, figure: float) -> None:
        """Find amounts that keep ``limit``; the newest question is the one that is answered."""
        self._applying = {}
        self._waiting = {limit: figure}
        self._drop_estimate()
        self._go_on()
        self.changed.emit()

    def keep(self, limit: str, figure: float) -> None:
        """Write ``limit`` and, as soon as they are known, the amounts that keep it: one step of undo."""
        target = {limit: figure}
        if self.need(limit):
            self.proposal, self.problem, self._waiting = None, None, None
            self.pending = target if self.need(limit) in ("scan", "scanning", "measure") else {}
            self._write(target, {})
            return
        self._applying = target
        if self.proposal is not None and self.proposal.target == target and not self.asking:
            self._apply()
        elif self._asked != target or not self._job:
            self._waiting = target
            self._go_on()
            self.changed.emit()

    def cancel(self) -> None:
        """Nobody wants the proposal any more."""
        self.proposal, self.problem, self._waiting, self._applying = None, None, None, {}
        self.changed.emit()

    def remove_channels(self) -> None:
        """Have the prune stage take channels out; a stage that does so is added where there is none."""
        recipe, catalogue = self._document.recipe, self._document.catalogue
        if recipe is not None and catalogue is not None:
            changed = layer_edits.with_channels_removed(
                recipe, self._scanner.place, WITHOUT_STAGE, catalogue
            ).to_data()["stages"]
            self._try(lambda: self._document.set_values({"stages": changed}, tr("Remove channels")))

    def _drop_estimate(self) -> None:
        """A plan, or another recipe, is wanted more than what the recipe was expected to cost."""
        if self._job and not self._asked:
            self._of = None
            self._engine.forget(self._job)

    def _stage(self) -> Stage:
        recipe, place = self._document.recipe, self._scanner.place
        return stage_at(recipe, place) if recipe is not None and place is not None else Stage("prune")

    def _go_on(self) -> None:
        if self._job or self._waiting is None:
            return
        self._asked, self._waiting = self._waiting, None
        self._send(self._asked)

    def _ask_as_it_is(self) -> None:
        busy = self._runner.running or self._scanner.running or self._knowledge.measuring or self._job
        if not self.budget or self._document.inspection is None or not self._engine.ready:
            return
        if busy:
            self._later.start()
            return
        self._asked = {}
        self._of = self._key()
        self._send({})

    def _send(self, target: Mapping[str, float]) -> None:
        recipe = self._document.recipe
        if recipe is None:
            return
        knowledge = self._knowledge
        request = Allocate(
            recipe.to_data(), dict(target), self._scanner.stage, (), None, str(self._document.folder), allowed(),
            str(workspace()), dict(knowledge.latencies), knowledge.total,
        )  # fmt: skip
        self._job = self._engine.send(request)

    # Hearing

    def _heard(self, batch: Batch) -> None:
        for job, _, event in batch:
            if job == self._job and isinstance(event, (Finished, Failed, Cancelled)):
                self._job = ""
                self._ended(event)

    def _ended(self, event: Finished | Failed | Cancelled) -> None:
        asked, self._asked = self._asked or {}, None
        match event:
            case Finished(result):
                found = Estimate(result["before"], result["predicted"], result["layers"], asked)
                if asked:
                    self.proposal, self.problem = found, None
                else:
                    self.estimate = found
            case Failed() if asked:
                self.proposal, self.problem = None, event
            case Failed():
                self.estimate = Estimate()
        if self._applying and asked == self._applying:
            self._apply()
        if self._of is None and self.budget:
            self._later.start()
        self._go_on()
        self.changed.emit()

    def _apply(self) -> None:
        target, self._applying = self._applying, {}
        proposal, self.proposal = self.proposal, None
        amounts = proposal.layers if proposal is not None and proposal.target == target else {}
        if amounts and proposal is not None:
            self.estimate = dataclasses.replace(proposal, target={}, layers={})
        self._write(target, amounts)

    def _write(self, target: Mapping[str, float], amounts: Mapping[str, float]) -> None:
        """The limit and the amounts, in one step of undo."""
        document, place, label = self._document, self._scanner.place, tr("Budget")
        if amounts:
            self._try(lambda: document.set_amounts(place, amounts, WITHOUT_STAGE, label, target))
        else:
            self._try(lambda: document.set_values({f"budget.{k}": v for k, v in target.items()}, label))
        self.changed.emit()

    def _try(self, edit: Any) -> None:
        try:
            edit()
        except CompressionError as error:
            self.failed.emit(error)

    # Following

    def _key(self) -> Any:
        recipe = self._document.recipe
        if recipe is None:
            return None
        return recipe.model, recipe.data, recipe.stages, bool(recipe.budget), self._knowledge.total, self._current_scan

    def _follow(self) -> None:
        if self._key() != self._of and self.budget:
            self.problem = None
            self._drop_estimate()
            self._later.start()
        self.changed.emit()

    def _go_on_pending(self) -> None:
        """What was waited for may be known now."""
        if self.pending and not self._scanner.running and not self._knowledge.measuring:
            target, self.pending = self.pending, {}
            limit, figure = next(iter(target.items()))
            if not self.need(limit):
                self.keep(limit, figure)
        self._follow()

    def _run_changed(self) -> None:
        if self._runner.running and self._job:
            self._engine.forget(self._job)
        self._follow()

    def _forget(self) -> None:
        if self._job:
            self._engine.forget(self._job)
        self.estimate, self._of, self.pending = Estimate(), None, {}
        self.cancel()


def uncertain(recipe: Recipe) -> bool:
    """Whether the recipe trains: what accuracy pruning alone leaves is then not what there is in the end."""
    return any(stage.kind == "train" for stage in recipe.stages)


def over(budget: Mapping[str, float], before: Mapping[str, Any], metrics: Mapping[str, Any]) -> str:
    """The limit that is exceeded most, as a share of what it allows; empty where none is."""
    found = {
        v.limit: v.over / v.allowed for v in judged(budget, before, metrics) if v.over and v.over > 0 and v.allowed
    }
    return max(found, key=lambda limit: found[limit], default="")


def _on_other_kernels(recipe: Recipe) -> bool:
    """Whether a stage makes the network compute in low precision, which takes times of its own."""
    methods = [
        str(one.settings.get("method", ""))
        for stage in recipe.stages
        for one in (stage, *stage.during)
        if one.kind == "quantize"
    ]
    return any("int8" in method or method in CASTS for method in methods)

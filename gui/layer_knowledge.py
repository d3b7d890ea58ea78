"""What the engine finds out about layers when it is asked: which are coupled, and how long each takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from backend.answers import Coupled, Coupling, Inspection
from backend.engine.protocol import Couplings, LayerLatency
from backend.errors import Message
from backend.events import Cancelled, Failed, Finished, Progress
from gui.consent import allowed
from gui.document import Document
from gui.engine_thread import Batch, EngineThread
from gui.text import message, milliseconds, plural, tr


class LayerKnowledge(QObject):
    """Belongs to the network of the document: another network, and it is forgotten.

    Couplings are asked for once the network is described, while nothing else is going on; the latency of layers
    when a person wants it.

    Signals:
        changed: couplings or latencies are others than before.
        progressed: measuring began, went on or ended; see :attr:`measuring`, :attr:`share`.
        failed: the latency could not be measured.

    Attributes:
        couplings: layer → the layers that lose channels together with it (itself among them, in order of
            computation) and why. A layer that is not named stands alone.
        uncoupled: why the couplings of this network are not known; None where they are, or will be.
        latencies: layer or container → milliseconds in one pass; a container's is the sum of what is below it.
        total: milliseconds of the whole network, what lies between layers included; None where not measured.
    """

    changed = Signal()
    progressed = Signal()
    failed = Signal(object)

    def __init__(self, document: Document, engine: EngineThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._engine = document, engine
        self._asked = self._job = ""
        self._known: Inspection | None = None
        self._forget()
        document.inspection_changed.connect(self._follow)
        engine.events.connect(self._heard)

    def _forget(self) -> None:
        self.couplings: Mapping[str, Coupling] = {}
        self.uncoupled: Message | None = None
        self.latencies: Mapping[str, float] = {}
        self.total: float | None = None
        self.share: float | None = None
        self._conditions: Mapping[str, Any] = {}

    # Asking

    @property
    def measuring(self) -> bool:
        return bool(self._job)

    @property
    def conditions(self) -> str:
        """How the latencies were measured; empty where they were not."""
        told = self._conditions
        if not told:
            return ""
        return plural(
            int(told["threads"]),
            "Measured with PyTorch on {count} thread, batch {batch}: {total} in all",
            "Measured with PyTorch on {count} threads, batch {batch}: {total} in all",
            batch=told["batch"],
            total=milliseconds(self.total),
        )

    def why_not(self) -> str:
        """Why latencies can't be measured now; empty where they can."""
        if not self._document.is_open:
            return tr("Open a network first")
        if self.measuring:
            return tr("The latency of the layers is being measured")
        return self._document.why_unknown()

    def measure(self) -> None:
        """Time every layer of the network, on one input."""
        recipe = self._document.recipe
        if recipe is None or self.why_not():
            return
        request = LayerLatency(recipe.model.to_data(), 1, str(self._document.folder), allowed())
        self._job, self.share = self._engine.send(request), 0.0
        self.progressed.emit()

    def stop(self) -> None:
        """Ask the measurement to stop; what was measured before stays."""
        if self._job:
            self._engine.cancel(self._job)

    # Listening

    def _follow(self) -> None:
        """Another network: nothing is known of it."""
        inspection = self._document.inspection
        if inspection is self._known or (inspection is not None and not inspection.complete):
            return
        self._known = inspection
        self._engine.forget(self._asked)
        self._engine.forget(self._job)
        self._job = self._asked = ""
        self._forget()
        self.changed.emit()
        self.progressed.emit()
        if inspection is not None:
            QTimer.singleShot(0, self._ask)

    def _ask(self) -> None:
        recipe = self._document.recipe
        if recipe is not None and self._known is not None and not self._asked:
            request = Couplings(recipe.model.to_data(), str(self._document.folder), allowed())
            self._asked = self._engine.ask(request, self._answered)

    def _answered(self, value: Any) -> None:
        found = Coupled.from_data(value)
        self.couplings, self.uncoupled = by_layer(found.groups), found.why_not
        self.changed.emit()

    def _heard(self, batch: Batch) -> None:
        for job, _, event in batch:
            if self._job and job == self._job:
                self._take(event)

    def _take(self, event: object) -> None:
        match event:
            case Progress():
                self.share = event.done / event.total if event.total else None
            case Finished():
                self._measured(event.result)
            case Failed():
                self.failed.emit(event)
        if isinstance(event, (Finished, Failed, Cancelled)):
            self._job, self.share = "", None
        self.progressed.emit()

    def _measured(self, result: Mapping[str, Any]) -> None:
        self._conditions, self.total = result, float(result["total_ms"])
        self.latencies = summed(result["layers"])
        self.changed.emit()


def by_layer(groups: Sequence[Coupling]) -> dict[str, Coupling]:
    """Layer → its coupling; that of a layer in several groups names the layers of them all."""
    found: dict[str, Coupling] = {}
    for group in groups:
        for layer in group.layers:
            before = found.get(layer)
            found[layer] = group if before is None else _joined(before, group)
    return found


def _joined(one: Coupling, other: Coupling) -> Coupling:
    reasons = (*one.reasons, *(why for why in other.reasons if why not in one.reasons))
    return Coupling(tuple(dict.fromkeys((*one.layers, *other.layers))), reasons)


def summed(layers: Mapping[str, float]) -> dict[str, float]:
    """Each layer, and each container with the sum of what is below it."""
    found: dict[str, float] = {}
    for name, value in layers.items():
        while True:
            found[name] = found.get(name, 0.0) + value
            if not name:
                break
            name = name.rpartition(".")[0]
    return found


def coupled_text(coupling: Coupling, layer: str, most: int = 6) -> str:
    """Why ``layer`` loses channels only together with others, and with which, in a few lines."""
    others = [name for name in coupling.layers if name != layer]
    shown = ", ".join(others[:most]) + (", …" if len(others) > most else "")
    head = plural(len(others), "Loses channels only together with {names}",
                  "Loses channels only together with {count} layers: {names}", names=shown)  # fmt: skip
    return "\n".join((head, *(message(why) for why in coupling.reasons)))

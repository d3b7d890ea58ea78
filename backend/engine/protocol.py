"""What crosses the pipe: one JSON text per message, never a pickle and never a tensor.

To the engine: requests. From the engine: the events of :mod:`backend.events` in an envelope
``{"pare", "job", "seq", "time", "kind", …}``, the same line that stands in events.jsonl. ``job`` is the
id of the request that an event belongs to. Every request is answered by exactly one ending.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from backend import FORMAT
from backend.events import Event, from_data, to_data
from backend.files import finite

VERSION = 1
"""Of the protocol; the engine's Hello carries it."""


@dataclass(frozen=True)
class Inspect:
    """Open a network and describe it → Answer(Inspection). ``data`` gives the input shape if known."""

    model: Mapping[str, Any]
    data: Mapping[str, Any] | None = None
    folder: str = "."
    allowed: Mapping[str, str] = field(default_factory=dict)
    """Python files whose running was consented to: path → SHA-256."""


@dataclass(frozen=True)
class Glance:
    """→ Answer(Inspection) that is not complete: what the names and shapes in a file tell, before it is opened.

    Nothing is run and no weight is read, so it needs no consent.
    """

    model: Mapping[str, Any]
    folder: str = "."


@dataclass(frozen=True)
class LayerHistogram:
    """→ Answer(Histogram) of a layer's weights in the network that ``model`` names, or of what comes into it.

    ``data`` asks for what its calibration images, cut by ``seed``, bring to the layer. ``settings`` are those a
    quantize stage has for the layer: the grid that is laid over the values. ``before`` is the ``model`` section of
    another network whose values are counted in the same bins.
    """

    model: Mapping[str, Any]
    layer: str
    bins: int = 64
    data: Mapping[str, Any] | None = None
    settings: Mapping[str, Any] | None = None
    seed: int = 0
    folder: str = "."
    allowed: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class LayerChannels:
    """→ Answer(ChannelTable) of a layer; its figures are written to ``file``, which whoever asks removes.

    ``settings`` are those a quantize stage has for the layer: the scales of a float weight.
    """

    model: Mapping[str, Any]
    layer: str
    file: str
    settings: Mapping[str, Any] | None = None
    folder: str = "."
    allowed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LayerPicture:
    """→ Answer(WeightPicture) of a layer, or of an ``area`` of it; it is written to ``file``, as above.

    ``area`` is the first row, the first column, rows and columns of outputs × (inputs · kernel).
    """

    model: Mapping[str, Any]
    layer: str
    file: str
    area: tuple[int, int, int, int] | None = None
    folder: str = "."
    allowed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Run:
    """Carry out a recipe → the events of a run. ``output`` is the folder to fill."""

    recipe: Mapping[str, Any]
    output: str
    folder: str = "."
    resume: bool = False
    allowed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Export:
    """Write a run's final network in formats → Progress…, Finished({"exports": […]}).

    ``run`` is the run's folder; ``destination`` the folder to write to; ``name`` the files' stem.
    """

    run: str
    formats: tuple[str, ...]
    destination: str
    name: str
    allowed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sensitivity:
    """Scan what pruning each layer costs → Progress…, Sensitivity…, Finished({"baseline", "targets", …}).

    ``stage`` is the prune stage of the recipe whose settings are used (its first one without a number);
    ``limit`` the most validation images; ``workspace`` holds the cache.
    """

    recipe: Mapping[str, Any]
    stage: int | None = None
    amounts: tuple[float, ...] = ()
    limit: int | None = None
    folder: str = "."
    allowed: Mapping[str, str] = field(default_factory=dict)
    workspace: str | None = None


@dataclass(frozen=True)
class Allocate:
    """Find amounts that meet a target → Progress…, Finished({"layers": {name: amount}, "before", "predicted"}).

    Without a target the figures are those of the recipe as it is. ``latencies`` (layer → ms) and ``total_ms`` are what
    was measured of the original. What a Sensitivity request with the same amounts and limit has measured is not
    measured again.
    """

    recipe: Mapping[str, Any]
    target: Mapping[str, float]
    stage: int | None = None
    amounts: tuple[float, ...] = ()
    limit: int | None = None
    folder: str = "."
    allowed: Mapping[str, str] = field(default_factory=dict)
    workspace: str | None = None
    latencies: Mapping[str, float] = field(default_factory=dict)
    total_ms: float | None = None


@dataclass(frozen=True)
class Predictions:
    """What a run's networks answer for every test image → Progress…, Finished({"original", "file", "images"}).

    The answers stand in these files, which :mod:`backend.predicted` reads. ``run`` is a finished run's folder;
    ``checkpoint`` a stage's or a step's within it (``stages/0/steps/1``), its end without one.
    """

    run: str
    checkpoint: str | None = None
    allowed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Couplings:
    """→ Answer(Coupled): which layers of the network lose channels together, and why."""

    model: Mapping[str, Any]
    folder: str = "."
    allowed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LayerLatency:
    """Time every layer → Progress…, Finished({"layers": {name: ms}, "total_ms", "runtime", "threads", "batch", …})."""

    model: Mapping[str, Any]
    batch: int = 1
    folder: str = "."
    allowed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class EventFile:
    """Write TensorBoard's event file of the run in folder ``run`` → Answer(its path)."""

    run: str


@dataclass(frozen=True)
class CancelJob:
    """Ask the job with id ``job`` to stop; it ends with Cancelled."""

    job: str


Request = (
    Inspect
    | LayerHistogram
    | LayerChannels
    | LayerPicture
    | Run
    | Export
    | Sensitivity
    | Allocate
    | Predictions
    | Glance
    | Couplings
    | LayerLatency
    | EventFile
    | CancelJob
)

QUESTIONS = (Glance, Inspect, Couplings, LayerHistogram, LayerChannels, LayerPicture, EventFile)
"""Answered beside a running job."""

_KINDS: dict[str, type[Any]] = {
    "inspect": Inspect,
    "glance": Glance,
    "couplings": Couplings,
    "layer_latency": LayerLatency,
    "histogram": LayerHistogram,
    "channels": LayerChannels,
    "picture": LayerPicture,
    "run": Run,
    "export": Export,
    "sensitivity": Sensitivity,
    "allocate": Allocate,
    "predictions": Predictions,
    "event_file": EventFile,
    "cancel": CancelJob,
}
_NAMES = {cls: name for name, cls in _KINDS.items()}


def encode_request(id: str, request: Request) -> bytes:
    return json.dumps({"id": id, "request": _NAMES[type(request)], **asdict(request)}).encode()


def decode_request(line: bytes) -> tuple[str, Request]:
    data = json.loads(line)
    id, kind = data.pop("id"), data.pop("request")
    for name in ("formats", "amounts", "area"):
        if data.get(name) is not None:
            data[name] = tuple(data[name])
    request: Request = _KINDS[kind](**data)
    return id, request


def encode_event(job: str, seq: int, time: float, event: Event) -> str:
    """One line of JSON, without the newline."""
    envelope = {"pare": FORMAT, "job": job, "seq": seq, "time": round(time, 4), **to_data(event)}
    return json.dumps(finite(envelope), ensure_ascii=False)


def decode_event(line: bytes | str) -> tuple[str, float, Event]:
    """Job, seconds since the job began, and the event."""
    data = json.loads(line)
    return data["job"], data["time"], from_data(data)

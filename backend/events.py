"""What a job tells while it works: frozen data, one line of JSON each.

The same lines cross the pipe to the window and stand in events.jsonl. Every job ends with exactly
one of :class:`Finished`, :class:`Cancelled` or :class:`Failed`; a question ends with :class:`Answer`
or :class:`Failed`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from backend.errors import CompressionError, ConsentNeeded, Message, RecipeError, Repair, msg


@dataclass(frozen=True)
class Started:
    """A run begins. ``stages`` holds {"kind", "label"} in order; ``folder`` is where results go."""

    name: str
    folder: str
    stages: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class StageStarted:
    """Stage ``stage`` begins (0-based; −1 is the measurement of the original network).

    One that was stopped begins anew, or goes on after ``done`` of its steps: what was told of later ones is void.
    """

    stage: int
    label: str
    done: int = 0


@dataclass(frozen=True)
class Progress:
    """``done`` of ``total`` steps of a stage. ``text`` says what is being done."""

    stage: int
    done: float
    total: float
    text: Message


@dataclass(frozen=True)
class Metric:
    """One point of a live curve.

    ``name`` is ``loss``, ``loss_labels`` and ``loss_<distillation>`` (the weighted parts of a loss that has
    several; they add up to it), ``accuracy`` (validation, percent), ``train_accuracy`` (percent), ``sparsity``
    (0…1) or ``learning_rate``; ``at`` counts steps within the stage.
    """

    stage: int
    name: str
    at: float
    value: float


@dataclass(frozen=True)
class LayerChanged:
    """Rows L of result.json for layers whose figures changed."""

    stage: int
    layers: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Measured:
    """M of result.json: the original (stage −1) or the network after a stage, measured."""

    stage: int
    metrics: Mapping[str, Any]


@dataclass(frozen=True)
class Sensitivity:
    """A target of a sensitivity scan is finished, or was known already.

    ``target`` is a layer or a group of layers; ``rows`` holds {"amount", "accuracy", "loss", "sqnr_db"} in
    rising amounts.
    """

    target: str
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Warned:
    """Something is doubtful but the job goes on. ``repair`` is a one-click repair of the recipe, where there is one."""

    stage: int
    message: Message
    hint: Message | None = None
    repair: Repair | None = None


@dataclass(frozen=True)
class Noted:
    """Something worth knowing that a stage decided by itself."""

    stage: int
    message: Message


@dataclass(frozen=True)
class Finished:
    """The one good ending. ``result`` is result.json's content for a run, the job's result otherwise."""

    result: Mapping[str, Any]


@dataclass(frozen=True)
class Cancelled:
    """Ended because the person asked; nothing of theirs was changed."""


@dataclass(frozen=True)
class Failed:
    """Ended by an error. ``repairable`` is False for a defect of Pare's own; ``line`` is a recipe's."""

    message: Message
    hint: Message | None = None
    details: str = ""
    repair: Repair | None = None
    repairable: bool = True
    consent: Mapping[str, str] | None = None
    line: int | None = None


@dataclass(frozen=True)
class Answer:
    """The answer to a question."""

    value: Any


@dataclass(frozen=True)
class Hello:
    """The engine's first message: its protocol, versions, and every method as plain data."""

    protocol: int
    version: str
    torch: str
    methods: Sequence[Mapping[str, Any]] = field(default_factory=list)
    capabilities: Mapping[str, Any] = field(default_factory=dict)


Event = (
    Started
    | StageStarted
    | Progress
    | Metric
    | LayerChanged
    | Measured
    | Sensitivity
    | Warned
    | Noted
    | Finished
    | Cancelled
    | Failed
    | Answer
    | Hello
)
Emit = Callable[[Event], None]

ENDINGS = (Finished, Cancelled, Failed, Answer)

_KINDS: dict[str, type[Any]] = {
    "started": Started,
    "stage_started": StageStarted,
    "progress": Progress,
    "metric": Metric,
    "layer_changed": LayerChanged,
    "measured": Measured,
    "sensitivity": Sensitivity,
    "warned": Warned,
    "noted": Noted,
    "finished": Finished,
    "cancelled": Cancelled,
    "failed": Failed,
    "answer": Answer,
    "hello": Hello,
}
_NAMES = {cls: name for name, cls in _KINDS.items()}


def to_data(event: Event) -> dict[str, Any]:
    """``event`` as JSON can hold it, its class under ``kind``."""
    data: dict[str, Any] = {"kind": _NAMES[type(event)]}
    for f in fields(event):
        value = getattr(event, f.name)
        if isinstance(value, Message):
            value = value.to_data()
        elif isinstance(value, Repair):
            value = {"label": value.label.to_data(), "edits": dict(value.edits)}
        data[f.name] = value
    return data


def from_data(data: Mapping[str, Any]) -> Event:
    """The event that :func:`to_data` wrote; keys of the envelope (job, seq, time, pare) are ignored."""
    cls = _KINDS[data["kind"]]
    values: dict[str, Any] = {}
    for f in fields(cls):
        if f.name not in data:  # written before the field was there: its default holds
            continue
        value = data[f.name]
        if value is not None and f.name in ("text", "message", "hint"):
            value = Message.from_data(value)
        elif value is not None and f.name == "repair":
            value = Repair(Message.from_data(value["label"]), value["edits"])
        values[f.name] = value
    event: Event = cls(**values)
    return event


def failure(error: BaseException, details: str) -> Failed:
    """The ending for an error: its own sentence if it has one, else a defect with ``details``."""
    if isinstance(error, CompressionError):
        consent = {"file": error.file, "sha256": error.sha256} if isinstance(error, ConsentNeeded) else None
        line = error.line if isinstance(error, RecipeError) else None
        return Failed(error.message, error.hint, error.details or details, error.repair, True, consent, line)
    if isinstance(error, MemoryError) or _out_of_memory(error):
        return Failed(
            msg("There was not enough memory."),
            msg("Use a smaller batch size, or close other programs."),
            details,
        )
    return Failed(
        msg("Something in Pare went wrong: {error}.", error=f"{type(error).__name__}: {error}".rstrip(".")),
        msg("Copy the details into a report; your recipe and your runs are safe."),
        details,
        repairable=False,
    )


def _out_of_memory(error: BaseException) -> bool:
    """Torch says it as a RuntimeError with these words (its allocators for the CPU and for CUDA)."""
    return isinstance(error, RuntimeError) and ("not enough memory" in str(error) or "out of memory" in str(error))

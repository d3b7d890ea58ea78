"""What the engine answers about a network: plain data for the tree, its menus and its tables."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

from backend.errors import Message


@dataclass(frozen=True)
class LayerInfo:
    """One module of the network, containers included, in the order of ``named_modules()``.

    Attributes:
        name: dotted name; empty for the network itself.
        type: class name (``Conv2d``).
        parameters: weights and biases below this module.
        macs: multiply-accumulates of one input below this module; None where it was not reached.
        leaf: whether it holds no other module.
        weight_shape: shape of its weight, empty where it has none.
        output_shape: shape of its output for one input without the batch, empty where unknown.
        size_bytes: of its tensors and those below it, as they are stored.
        dtype: type of its weight (``float32``), empty where it has none.
    """

    name: str
    type: str
    parameters: int
    macs: int | None
    leaf: bool
    weight_shape: tuple[int, ...] = ()
    output_shape: tuple[int, ...] = ()
    size_bytes: int = 0
    dtype: str = ""


@dataclass(frozen=True)
class Trust:
    """Whether opening a file can run code.

    Attributes:
        level: ``safe`` (nothing in it can run), ``code`` (it, or what it needs, would run), ``unknown`` (damaged,
            or something else than a network).
        text: that in one sentence.
        wants: modules and functions that its code imports.
    """

    level: Literal["safe", "code", "unknown"]
    text: Message
    wants: tuple[str, ...] = ()

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Trust:
        return cls(data["level"], Message.from_data(data["text"]), tuple(data["wants"]))


@dataclass(frozen=True)
class Inspection:
    """A network as the window shows it before anything is run.

    Attributes:
        name: what to call it ("LeNet-5").
        model: the resolved ``model`` section (an architecture found from a checkpoint stands there).
        input_shape: C×H×W of one input.
        classes: outputs of the classifier, None if unknown.
        parameters, macs, size_bytes: of the whole network; macs None where it could not be run.
        layers: every module.
        refusals: kind of method (``criterion``, ``quantization``) → method id → layer name → why the
            method does not apply to it. A layer that is not named qualifies.
        notes: what was decided or fitted while opening, and what the file could not say.
        complete: False for a glance: what names and shapes in the file tell, before any weight is read.
        trust: whether its file can run code; None where there is no file.
    """

    name: str
    model: Mapping[str, Any]
    input_shape: tuple[int, ...]
    classes: int | None
    parameters: int
    macs: int | None
    size_bytes: int
    layers: Sequence[LayerInfo]
    refusals: Mapping[str, Mapping[str, Mapping[str, Message]]] = field(default_factory=dict)
    notes: Sequence[Message] = ()
    complete: bool = True
    trust: Trust | None = None

    def to_data(self) -> dict[str, Any]:
        """As it crosses the pipe: a network of 10,000 modules makes a line of one megabyte.

        ``layers`` are rows in the order of :class:`LayerInfo`'s fields. ``refusals`` are numbers of ``reasons``, of
        which methods share most: each a list of (why, names).
        """
        reasons: dict[str, int] = {}
        refusals = {
            kind: {id: reasons.setdefault(json.dumps(_by_reason(why)), len(reasons)) for id, why in methods.items()}
            for kind, methods in self.refusals.items()
        }
        return {
            **{one.name: getattr(self, one.name) for one in fields(self)},
            "layers": [[getattr(layer, name) for name in _FIELDS] for layer in self.layers],
            "refusals": refusals,
            "reasons": [json.loads(text) for text in reasons],
            "notes": [note.to_data() for note in self.notes],
            "trust": asdict(self.trust) if self.trust is not None else None,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Inspection:
        reasons = [_by_name(rows) for rows in data["reasons"]]
        more = {
            "input_shape": tuple(data["input_shape"]),
            "layers": [_layer(*row) for row in data["layers"]],
            "refusals": {
                kind: {id: reasons[number] for id, number in methods.items()}
                for kind, methods in data["refusals"].items()
            },
            "notes": tuple(Message.from_data(note) for note in data["notes"]),
            "trust": Trust.from_data(data["trust"]) if data["trust"] else None,
        }
        return cls(**{one.name: more.get(one.name, data[one.name]) for one in fields(cls)})


_FIELDS = tuple(one.name for one in fields(LayerInfo))


def _layer(
    name: str,
    type: str,
    parameters: int,
    macs: int | None,
    leaf: bool,
    weight: Sequence[int],
    output: Sequence[int],
    size_bytes: int,
    dtype: str,
) -> LayerInfo:
    return LayerInfo(name, type, parameters, macs, leaf, tuple(weight), tuple(output), size_bytes, dtype)


def _by_reason(refused: Mapping[str, Message]) -> list[tuple[Any, list[str]]]:
    """Each reason with the layers it holds for."""
    found: dict[str, tuple[Any, list[str]]] = {}
    for name, why in refused.items():
        found.setdefault(str(why), (why.to_data(), []))[1].append(name)
    return list(found.values())


def _by_name(rows: Sequence[tuple[Mapping[str, Any], Sequence[str]]]) -> dict[str, Message]:
    return {name: why for data, names in rows for why in (Message.from_data(data),) for name in names}


@dataclass(frozen=True)
class Coupling:
    """Layers whose output channels can only be removed together.

    Attributes:
        layers: all of them, in order of computation.
        reasons: the operations in which their channels meet, each kind once, with where it is.
    """

    layers: tuple[str, ...]
    reasons: tuple[Message, ...]


@dataclass(frozen=True)
class Coupled:
    """What of a network can only be removed together.

    Attributes:
        groups: each with two layers or more; a layer can stand in several, each with a part of its channels.
        why_not: why that is not known; None where it is.
    """

    groups: Sequence[Coupling] = ()
    why_not: Message | None = None

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Coupled:
        groups = [
            Coupling(tuple(group["layers"]), tuple(Message.from_data(why) for why in group["reasons"]))
            for group in data["groups"]
        ]
        return cls(groups, Message.from_data(data["why_not"]) if data["why_not"] else None)


@dataclass(frozen=True)
class Grid:
    """The values that quantized ones can have: R = S · (Q − Z).

    Attributes:
        levels: R of every Q, rising.
        scale, zero_point: S and Z; None where the levels do not lie evenly, or are not known by them.
        of: whose grid it is: the whole layer's, or that of its first output channel or first group of weights
            where each has its own.
        channel: the number of that channel, or of the one whose first group it is: the first that is not pruned.
        sqnr_db: 10·log₁₀ of the values' power over that of what rounding to the grid changes, over the whole
            layer; None for values that lie on it already.
    """

    levels: Sequence[float]
    scale: float | None = None
    zero_point: float | None = None
    of: Literal["layer", "channel", "group"] = "layer"
    sqnr_db: float | None = None
    channel: int = 0


@dataclass(frozen=True)
class Before:
    """What the original network has where a :class:`Histogram` counts another one.

    Attributes:
        counts: values per bin.
        zeros: how many are exactly 0.
        shape: of the weight; of one input of the layer.
    """

    counts: Sequence[int]
    zeros: int
    shape: Sequence[int]


@dataclass(frozen=True)
class Histogram:
    """Weights of one layer, or what comes into it.

    Attributes:
        edges: bin edges, one more than ``counts``.
        counts: values per bin, zeros included.
        zeros: how many values are exactly 0.
        shape: of the weight; of one input of the layer.
        minimum, maximum, mean, std: of all values.
        images: calibration images whose activations these are; 0 for weights.
        grid: what the values lie on, or would be rounded to; None where that is not known.
        before: the same layer of the original network in the same bins; None where it was not asked for.
    """

    layer: str
    edges: Sequence[float]
    counts: Sequence[int]
    zeros: int
    shape: Sequence[int]
    minimum: float
    maximum: float
    mean: float
    std: float
    images: int = 0
    grid: Grid | None = None
    before: Before | None = None

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Histogram:
        grid, before = data.get("grid"), data.get("before")
        return cls(**{**data, "grid": Grid(**grid) if grid else None, "before": Before(**before) if before else None})


CHANNEL_FIGURES = ("number", "minimum", "maximum", "mean", "std", "l1", "l2", "zeros", "pruned", "scale")
"""Columns of a :class:`ChannelTable`: the channel's number in the original network; of its weights the range, mean,
standard deviation, Σ|w| and √Σw², the shares that are exactly 0 and that are pruned, and S of its grid."""


@dataclass(frozen=True)
class ChannelTable:
    """The output channels of a layer.

    Attributes:
        file: .npy, float32, channels × :data:`CHANNEL_FIGURES`; NaN where a figure is not known. Whoever asked
            for it removes it.
        shape: of the weight, outputs first.
        before: the same before channels were removed.
        scales: whether each channel has a scale of its own, its groups of weights have (and the mean is told), or
            the whole layer shares one; None where no scale is known.
        masked: whether what is pruned is known from a mask; else every zero counts.
        others: matrices that the layer has besides.
    """

    layer: str
    file: str
    shape: Sequence[int]
    before: Sequence[int]
    scales: Literal["layer", "channel", "group"] | None = None
    masked: bool = False
    others: int = 0

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> ChannelTable:
        return cls(**data)


@dataclass(frozen=True)
class WeightPicture:
    """The weight of a layer as outputs × (inputs · kernel), or a part of it.

    Attributes:
        file: .npy, float32, 3 × rows × columns of cells: the weight of a cell that is farthest from 0; the share
            of its weights that is not pruned; the share that was not removed. Whoever asked for it removes it.
        shape: of the weight, outputs first.
        before: the same before channels were removed; rows and columns of the picture count these.
        area: first row, first column, rows, columns of the part.
        cell: weights that a cell stands for, down and across.
        limit: where the scale of colors ends, three times the weights' root mean square at most.
        pruned, zeros: shares of the weights now that are pruned, and that are exactly 0.
        masked: whether what is pruned is known from a mask; else every zero counts.
        others: matrices that the layer has besides.
    """

    layer: str
    file: str
    shape: Sequence[int]
    before: Sequence[int]
    area: Sequence[int]
    cell: Sequence[int]
    limit: float
    pruned: float
    zeros: float
    masked: bool = False
    others: int = 0

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> WeightPicture:
        return cls(**data)

"""What the engine answers about a network: plain data for the tree, its menus and its tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
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
    """

    name: str
    type: str
    parameters: int
    macs: int | None
    leaf: bool
    weight_shape: tuple[int, ...] = ()
    output_shape: tuple[int, ...] = ()


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

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Inspection:
        layers = [
            LayerInfo(**{**row, "weight_shape": tuple(row["weight_shape"]), "output_shape": tuple(row["output_shape"])})
            for row in data["layers"]
        ]
        refusals = {
            kind: {
                id: {layer: Message.from_data(why) for layer, why in layers_.items()} for id, layers_ in methods.items()
            }
            for kind, methods in data["refusals"].items()
        }
        notes = [Message.from_data(note) for note in data["notes"]]
        shape = tuple(data["input_shape"])
        return cls(**{**data, "layers": layers, "refusals": refusals, "notes": notes, "input_shape": shape})


@dataclass(frozen=True)
class Grid:
    """The values that quantized ones can have: R = S · (Q − Z).

    Attributes:
        levels: R of every Q, rising.
        scale, zero_point: S and Z; None where the levels do not lie evenly, or are not known by them.
        of: whose grid it is: the whole layer's, or that of its first output channel or first group of weights
            where each has its own.
        sqnr_db: 10·log₁₀ of the values' power over that of what rounding to the grid changes, over the whole
            layer; None for values that lie on it already.
    """

    levels: Sequence[float]
    scale: float | None = None
    zero_point: float | None = None
    of: Literal["layer", "channel", "group"] = "layer"
    sqnr_db: float | None = None


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

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Histogram:
        return cls(**{**data, "grid": Grid(**data["grid"]) if data.get("grid") else None})

"""Networks that train with fake quantization: float weights, computed with as if they had few bits.

Every layer in question gets a parametrization of its weight and a quantizer of its input; nothing is traced,
so that any network will do. What comes of it holds the weights in few bits and computes in float32.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrize import register_parametrization

from backend.cancel import Cancel
from backend.description import Parameter
from backend.errors import CompressionError, Message, Repair, msg
from backend.events import Emit, Progress
from backend.network import twin
from backend.quantization import _packing
from backend.quantization._base import Outcome, path_of
from backend.quantization._calibrate import refuse_infinite_network
from backend.quantization._calls import Calls, calls
from backend.quantization._codes import blocks
from backend.quantization._inputs import Grid, Quantizer, Sign, made, place
from backend.quantization._rounding import holds_weights
from backend.recipe import LayerPlan
from backend.removal import numbers_left
from backend.session import Session
from backend.stages._layers import layer_plans

EDGES = Parameter(
    name="edges",
    type="choice",
    label="First and last layer",
    default="float",
    choices=("float", "same"),
    required=True,
    summary="Few bits cost most in these two, so papers leave them in float. A rule that names one of them by itself "
    "is followed.",
)
TENSORS = Parameter(
    name="tensors",
    type="choice",
    label="Quantize",
    default="both",
    choices=("both", "weights", "activations"),
    required=True,
    summary="Weights, the inputs of their layers, or both.",
)
EDGE_BITS = "8"


def few_bits(name: str, label: str, least: int) -> Parameter:
    """The parameter ``name`` that says how many bits, at ``least`` so many."""
    return Parameter(name=name, type="int", label=label, default=4, minimum=least, maximum=8, required=True)


WITH_ZERO = "lsq"
"""The method that pruned networks are quantized by while they train."""


class WeightQuantizer(Quantizer):
    """Puts the weight of a layer on a grid S · (Q − Z).

    Attributes:
        zero: whether 0 is among its values, so that a pruned weight stays pruned.
    """

    zero = True

    def code(self, weight: Tensor) -> tuple[Tensor, Tensor, float]:
        """Q (0 … 2^bits − 1) in the shape of ``weight``, S (one, or one a row), and Z."""
        raise TypeError(type(self).__name__)

    def bound(self, weight: Tensor) -> None:
        """Keep the float ``weight`` where it can still move, in place, after the optimizer has stepped."""

    def keep(self, rows: Tensor) -> None:
        """Of the weight's first axis only ``rows`` are left."""


@dataclass(frozen=True)
class Fake:
    """How one layer is quantized.

    Attributes:
        bits: of the weight.
        precision: what to call it (``w4a4``).
        weight: puts its weight on a grid; None leaves it in float.
        input: puts its input on a grid; None leaves it in float.
    """

    bits: int
    precision: str
    weight: WeightQuantizer | None
    input: Grid | Sign | None


Make = Callable[[nn.Module, Mapping[str, Any], bool], Fake]
"""``make(layer, settings, normalized)``; the input of a *normalized* layer comes straight from a BatchNorm."""


def precision(weight_bits: int, activation_bits: int, tensors: str) -> str:
    """``w4a4``, or ``int4`` where activations stay in float."""
    match tensors:
        case "weights":
            return f"int{weight_bits}"
        case "activations":
            return f"w32a{activation_bits}"
        case _:
            return f"w{weight_bits}a{activation_bits}"


def _chosen(
    session: Session, plans: Mapping[str, LayerPlan]
) -> tuple[dict[str, Mapping[str, Any]], dict[str, Message], Calls]:
    """The settings of every layer that can be quantized, why the other ones can't, and how they are called.

    Raises:
        CompressionError: none can.
    """
    module = session.network.module
    seen = calls(module, session.network.example())
    wanted: dict[str, Mapping[str, Any]] = {}
    left: dict[str, Message] = {}
    for name, plan in plans.items():
        if not name or plan.settings is None:
            continue
        layer = module.get_submodule(name)
        alone = name in seen.edges and plan.origin != name
        edges = plan.settings["edges"] if alone else "same"
        why = _refusal(name, layer, seen, edges)
        if why is None:
            bits = {"weight_bits": int(EDGE_BITS), "activation_bits": int(EDGE_BITS)} if edges == EDGE_BITS else {}
            wanted[name] = {**plan.settings, **bits}
        elif holds_weights(layer):
            left[name] = why
    if not wanted:
        raise CompressionError(
            msg("None of the chosen layers can be quantized."),
            msg("Choose convolutions or linear layers; edges: same includes the first and the last one."),
        )
    return wanted, left, seen


def _refusal(name: str, layer: nn.Module, seen: Calls, edges: str) -> Message | None:
    if (why := _packing.applies(layer)) is not None:
        return why
    if name not in seen.names:
        return msg("The network does not call it")
    if edges == "float":
        return msg("It is the first or the last layer; the setting First and last layer leaves them in float")
    return None


def _refuse_pruned(session: Session, names: Sequence[str], index: int) -> None:
    """Look at the masks, and at what the train stage ``index`` will prune; ``names`` have grids without a zero."""
    stages = session.recipe.stages
    during = stages[index].during if index < len(stages) else ()
    masked = {name for name, mask in session.masks.items() if not bool(mask.all())}
    for entry in during:
        if entry.kind == "prune":
            plans = layer_plans(session.network.module, entry)
            masked |= {f"{name}.weight" for name, plan in plans.items() if plan.settings is not None}
    pruned = [name for name in names if f"{name}.weight" in masked]
    if not pruned:
        return
    raise CompressionError(
        msg(
            "Pruned weights are zero, and the method has no zero among its values: {layers}.",
            layers=", ".join(pruned),
        ),
        msg("Keep these layers in float, remove the pruning, or choose {method}.", method=WITH_ZERO),
        repair=Repair(
            msg("Choose {method}", method=WITH_ZERO),
            {f"{path_of(session, index)}.method": WITH_ZERO},
        ),
    )


class FakeQuantization:
    """A :class:`backend.quantization._base.Learner` that needs no trace.

    Args:
        session: what trains; its network keeps its structure.
        plans: of the layers; the settings hold ``edges``.
        index: of the train stage.
        make: says how a layer is quantized.

    Raises:
        CompressionError: no layer can be quantized, one is pruned (or will be) whose grid has no zero, or a layer
            gives NaN.
    """

    def __init__(self, session: Session, plans: Mapping[str, LayerPlan], index: int, make: Make) -> None:
        refuse_infinite_network(session)
        wanted, self.left_in_float, seen = _chosen(session, plans)
        self._session, self._index, self._edits = session, index, len(session.network.edits)
        self.choices: Mapping[str, Any] = {}
        self.module: nn.Module = twin(session.network.module)
        self._fakes: dict[str, Fake] = {}
        for name, settings in wanted.items():
            layer = self.module.get_submodule(name)
            self._fakes[name] = fake = make(layer, settings, name in seen.normalized)
            for quantizer in _quantizers(fake):
                quantizer.to(layer.get_parameter("weight").device)
            if fake.input is not None:
                place(layer, _Switch(fake.input))
            if fake.weight is not None:
                register_parametrization(layer, "weight", _Switch(fake.weight))
        _refuse_pruned(session, [n for n, fake in self._fakes.items() if fake.weight and not fake.weight.zero], index)
        fakes = self._fakes.values()
        self.parameters: Sequence[nn.Parameter] = [p for f in fakes for q in _quantizers(f) for p in q.parameters()]

    def tap(self, layer: str) -> nn.Module:
        return self.module.get_submodule(layer)

    def begin(self) -> None:
        for part in self.module.modules():
            if isinstance(part, _Switch):
                part.on = True

    def after_step(self, share: float) -> None:
        for name, fake in self._fakes.items():
            for quantizer in _quantizers(fake):
                quantizer.settle()
            if fake.weight is not None:
                with torch.no_grad():
                    fake.weight.bound(self._weight(name))

    def state_dict(self) -> dict[str, Any]:
        return {}  # quantizers and switches are parts of the module

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Nothing to go on from."""

    def convert(self, emit: Emit, cancel: Cancel) -> Outcome:
        text = msg("Packing the weights")
        done = copy.deepcopy(self._session.network.module).eval()
        data: dict[str, Any] = {}
        rows: dict[str, dict[str, Any]] = {}
        left = dict(self.left_in_float)
        for number, (name, fake) in enumerate(self._fakes.items()):
            cancel.check()
            emit(Progress(self._index, number, len(self._fakes), text))
            if not all(quantizer.ready for quantizer in _quantizers(fake)):
                left[name] = msg("No batch of the training reached it")
                continue
            data[name], rows[name] = self._converted(done.get_submodule(name), name, fake)
        emit(Progress(self._index, 1, 1, text))
        return Outcome(done, {"layers": data}, rows, left, {})

    def _converted(self, layer: nn.Module, name: str, fake: Fake) -> tuple[dict[str, Any], dict[str, Any]]:
        """Put what was learned into a float ``layer``; what :func:`rebuild` needs, and what is told."""
        data: dict[str, Any] = {}
        row: dict[str, Any] = {"precision": fake.precision}
        if fake.weight is not None:
            weight = self._weight(name).detach()
            removed = self._session.network.edits[self._edits :]
            fake.weight.keep(numbers_left(removed, f"{name}.weight", 0, len(weight))[0])
            integers, scales, zero_point = fake.weight.code(weight)
            matrix = integers.flatten(1)
            shape, group = ((-1, 1), matrix.shape[1]) if scales.numel() > 1 else ((), None)
            code = blocks.encode(matrix, scales.reshape(shape), zero_point, fake.bits, group, fake.precision)
            data["weight"] = _packing.pack(layer, *code)
            if group is None:
                row |= {"scale": float(scales), "zero_point": zero_point}
        if fake.input is not None:
            data["input"] = fake.input.facts()
            quantizer = made(data["input"])
            quantizer.load_state_dict(fake.input.state_dict())
            place(layer, quantizer.to(self._weight(name).device).eval())
        return data, row

    def _weight(self, name: str) -> nn.Parameter:
        """The float weight, which is the session's own."""
        return self._session.network.module.get_submodule(name).get_parameter("weight")


def rebuild(module: nn.Module, data: Mapping[str, Any]) -> nn.Module:
    """The structure that :class:`FakeQuantization` makes of a float network."""
    again = copy.deepcopy(module).eval()
    for name, facts in data["layers"].items():
        layer = again.get_submodule(name)
        if "weight" in facts:
            _packing.repack(layer, facts["weight"])
        if "input" in facts:
            place(layer, made(facts["input"]).eval())
    return again


class _Switch(nn.Module):
    """Lets values pass until quantization begins."""

    def __init__(self, quantizer: Quantizer) -> None:
        super().__init__()
        self.quantizer, self.on = quantizer, False

    def forward(self, values: Tensor) -> Tensor:
        if not self.on:
            return values
        quantized: Tensor = self.quantizer(values)
        return quantized


def _quantizers(fake: Fake) -> list[Quantizer]:
    return [quantizer for quantizer in (fake.weight, fake.input) if quantizer is not None]

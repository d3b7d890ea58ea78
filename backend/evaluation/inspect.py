"""What the window shows of a network before anything is run."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import Protocol, cast

from torch import Tensor, nn

from backend.answers import Inspection, LayerInfo
from backend.cancel import Cancel
from backend.errors import Message, msg
from backend.evaluation.macs import Shapes, shapes
from backend.evaluation.size import size_bytes
from backend.evaluation.weights import Owned, is_packed, owned
from backend.network import Network
from backend.quantization._base import Scheme
from backend.registry import methods
from backend.removal import analyze

REMOVAL_SECONDS = 1.0
REMOVAL_LAYERS = 1000
"""A network with more layers, or whose channels take longer to follow, is shown without saying which can go."""
TREATING = ("criterion", "quantization", "decomposition", "replacement")
"""Kinds of methods that treat layers one by one."""


class Treating(Protocol):
    """A method that treats layers one by one."""

    def applies(self, module: nn.Module, /) -> Message | None:
        """Why the method does not apply to a layer; None where it does."""


def inspect_network(network: Network) -> Inspection:
    """Every module of ``network`` with its figures, and what can't be done to which layer.

    A network whose forward pass fails is described all the same, without MACs and output shapes.
    """
    notes = list(network.notes)
    found: Shapes | None = None
    try:
        found = shapes(network)
    except Exception as error:  # a person's own forward may raise anything
        notes.append(
            msg(
                "MACs and shapes are unknown: the network could not be run on one input of {shape} ({error}).",
                shape="×".join(map(str, network.input_shape)),
                error=(str(error).strip().splitlines() or [type(error).__name__])[0],
            )
        )
    holders = owned(network.module)
    layers = _layers(network.module, holders, found)
    return Inspection(
        name=network.name,
        model=network.spec.to_data(),
        input_shape=network.input_shape,
        classes=network.classes,
        parameters=layers[0].parameters,
        macs=layers[0].macs,
        size_bytes=size_bytes(network),
        layers=layers,
        refusals=_refusals(network, layers),
        notes=tuple(notes),
    )


def _layers(module: nn.Module, holders: Mapping[str, Owned], found: Shapes | None) -> list[LayerInfo]:
    own = {name: holder.parameters for name, holder in holders.items()}
    modules = visible(module)
    parameters = _below(modules, own)
    sizes = _below(modules, {name: _bytes(part, holders.get(name)) for name, part in module.named_modules()})
    macs = _below(modules, found.macs) if found else {}
    reached = _reached(modules, found) if found else set()
    outputs = found.outputs if found else {}
    return [
        LayerInfo(
            name=name,
            type=type(part).__name__,
            parameters=parameters[name],
            macs=macs[name] if name in reached else None,
            leaf=is_layer(part),
            weight_shape=_shape(holders.get(name)),
            output_shape=outputs.get(name, ()),
            size_bytes=sizes[name],
            dtype=_dtype(holders.get(name)),
        )
        for name, part in modules.items()
    ]


def visible(module: nn.Module) -> dict[str, nn.Module]:
    """All modules but the parts that one layer is made of."""
    shown: dict[str, nn.Module] = {}
    hidden = ""
    for name, part in module.named_modules():
        if hidden and name.startswith(hidden):
            continue
        hidden = f"{name}." if _is_one(part) else ""
        shown[name] = part
    return shown


def is_layer(part: nn.Module) -> bool:
    """Whether a person sees nothing below ``part``."""
    return _is_one(part) or next(part.children(), None) is None


def _is_one(part: nn.Module) -> bool:
    """Whether ``part`` is a layer to a person, whatever it is made of: int8 kernels, a quantizer of its input."""
    return is_packed(part) or "input_quantizer" in part._modules


def _below(names: Iterable[str], own: Mapping[str, int]) -> dict[str, int]:
    """For each module the sum of ``own`` over itself and everything below it."""
    total = dict.fromkeys(names, 0)
    for name, value in own.items():
        for above in ancestors(name):
            if above in total:
                total[above] += value
    return total


def _reached(names: Iterable[str], found: Shapes) -> set[str]:
    """Modules that ran, or hold one that did (a ModuleList does not run itself)."""
    ran = set(found.outputs) | set(found.macs)
    return {above for name in ran for above in ancestors(name)} & set(names)


def ancestors(name: str) -> Iterable[str]:
    """``a.b.c``, ``a.b``, ``a`` and the network itself."""
    while name:
        yield name
        name = name.rpartition(".")[0]
    yield ""


def _shape(holder: Owned | None) -> tuple[int, ...]:
    if holder is None:
        return ()
    tensors: tuple[Tensor, ...] = holder.weights or holder.others
    return tuple(tensors[0].shape)


def _bytes(part: nn.Module, holder: Owned | None) -> int:
    """Of the tensors that a module stores itself; a weight in few bits is stored as its code, which is a buffer."""
    tensors: tuple[Tensor, ...] = () if holder is None else holder.others
    if holder is not None and "packing" not in part.__dict__:
        tensors += holder.weights
    return sum(tensor.nbytes for tensor in (*tensors, *part._buffers.values()) if tensor is not None)


def _dtype(holder: Owned | None) -> str:
    if holder is None:
        return ""
    return str((holder.weights or holder.others)[0].dtype).removeprefix("torch.")


def _refusals(network: Network, layers: Sequence[LayerInfo]) -> dict[str, dict[str, dict[str, Message]]]:
    """Kind → method → layer → why not, for every layer with a weight; of replacements for every layer."""
    parts = dict(network.module.named_modules())
    leaves = {layer.name: parts[layer.name] for layer in layers if layer.leaf}
    weighted = {layer.name: leaves[layer.name] for layer in layers if layer.leaf and layer.weight_shape}
    found: dict[str, dict[str, dict[str, Message]]] = {"removal": {"channels": _staying(network, weighted.keys())}}
    for kind in TREATING:
        candidates = leaves if kind == "replacement" else weighted
        found[kind] = {}
        for id, entry in methods(kind).items():
            applies = cast(Treating, entry).applies
            reasons = {name: why for name, part in candidates.items() if (why := applies(part)) is not None}
            if isinstance(entry, Scheme) and entry.stays is not None and len(weighted) <= REMOVAL_LAYERS:
                reasons = {**_left_in_float(network, entry.stays), **reasons}
            if reasons:
                found[kind][id] = reasons
    return found


def _left_in_float(network: Network, stays: Callable[[nn.Module], Mapping[str, Message]]) -> Mapping[str, Message]:
    try:
        return {} if network.converted else stays(network.module)
    except Exception:  # a person's own forward raises, which the notes say already
        return {}


def _staying(network: Network, layers: Set[str]) -> dict[str, Message]:
    """Layers whose channels can't be removed; none where that is not known before the run."""
    if len(layers) > REMOVAL_LAYERS:
        return {}
    budget = Cancel()
    timer = threading.Timer(REMOVAL_SECONDS, budget.request)
    timer.start()
    try:
        return {name: why for name, why in analyze(network, budget).refused.items() if name in layers}
    except Exception:  # it takes too long, or a person's own forward raises, which the notes say already
        return {}
    finally:
        timer.cancel()

"""The calibration table: what was tracked of every quantized tensor, and the scale that came of it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.ao.quantization import FakeQuantizeBase, FixedQParamsObserver, ObserverBase, PerChannelMinMaxObserver
from torch.ao.quantization.observer import MovingAveragePerChannelMinMaxObserver

from backend.quantization import _engines
from backend.quantization._fx._concatenation import MOVES, kind, module_of
from backend.quantization._fx._convert import Int8Module, engine_of, set_levels
from backend.quantization._fx._packed import STATIC
from backend.quantization._fx._quiet import quiet
from backend.quantization.observers._base import ActivationRange, Observer
from backend.registry import methods

Row = dict[str, float | int | str | list[float] | list[int]]
WORDS: dict[type, str] = {
    FixedQParamsObserver: "fixed",
    PerChannelMinMaxObserver: "min_max",
    MovingAveragePerChannelMinMaxObserver: "moving_average",
}
"""Observers that nobody chooses by name → what the table calls them."""


def calibration_table(prepared: nn.Module, converted: nn.Module) -> dict[str, Row]:
    """What ``calibration.json`` holds.

    Args:
        prepared: the network with its observers (or fake quantization) filled.
        converted: what became of it; parts that stayed in float there are left out.

    Returns:
        tensor → its ``scale``, ``zero_point``, tracked ``minimum`` and ``maximum``, and its ``observer`` (an id;
        ``fixed`` for the known ranges of sigmoid and the like, which track nothing). A tensor is called as the
        layer or operation that makes it (``conv1``, ``add_2``), ``input`` at the network's door, and
        ``conv1.weight`` for weights; with one scale per output channel, their four figures are lists. What only
        moves values (pooling, reshaping) keeps the scale of its input and has no row.
    """
    table: dict[str, Row] = {}
    parts = dict(converted.named_modules())
    highest = _engines.highest_level(engine_of(converted) or _engines.default_engine())
    with quiet():
        for region, part in prepared.named_modules():
            if isinstance(part, fx.GraphModule) and isinstance(parts.get(region), Int8Module):
                start = f"{region}." if region else ""
                for name, row in _activations(part, parts[region], highest):
                    table.setdefault(start + name, row)
                table |= {start + name: row for name, row in _weights(part, parts[region])}
    return table


def _activations(part: fx.GraphModule, converted: nn.Module, highest: int) -> Iterator[tuple[str, Row]]:
    known: dict[int, Row | None] = {}
    for node in part.graph.nodes:
        observer = module_of(part, node)
        if not isinstance(observer, (ObserverBase, FakeQuantizeBase)) or _moves(part, node.args[0]):
            continue
        name = _name(node.args[0])
        if id(observer) not in known:
            known[id(observer)] = _activation(observer, highest)
        row = known[id(observer)]
        if row is not None:
            yield name, row | _stored(converted, name)


def _moves(part: fx.GraphModule, node: fx.Node) -> bool:
    """Whether the value at ``node`` keeps the scale of a quantized one; a sum's ReLU has the sum's own."""
    source = node.args[0] if node.args and kind(part, node) in MOVES else None
    return isinstance(source, fx.Node) and isinstance(module_of(part, source), (ObserverBase, FakeQuantizeBase))


def _name(node: fx.Node) -> str:
    if node.op == "placeholder":
        return "input"
    return str(node.target) if node.op == "call_module" else node.name


def _activation(observer: nn.Module, highest: int) -> Row | None:
    """None where nothing has been tracked."""
    inner = copy.deepcopy(_inner(observer))
    if not isinstance(inner, FixedQParamsObserver):
        low = getattr(inner, "min_val", None)
        if inner.dtype != torch.quint8 or low is None or not low.numel() or bool(torch.isinf(low).any()):
            return None
        set_levels(inner, highest)
    return _row(inner)


def _stored(converted: nn.Module, name: str) -> Row:
    """The scale as the converted layer has it."""
    try:
        part = converted.get_submodule(name)
    except AttributeError:
        return {}
    if not isinstance(part, STATIC):
        return {}
    return {"scale": float(part.scale), "zero_point": int(part.zero_point)}  # type: ignore[arg-type]


def _weights(part: nn.Module, converted: nn.Module) -> Iterator[tuple[str, Row]]:
    for name, layer in converted.named_modules():
        if isinstance(layer, STATIC):
            yield f"{name}.weight", _row(_of_weight(part.get_submodule(name)))


def _of_weight(layer: nn.Module) -> Any:
    """The observer of a layer's weight, filled; a joined layer (convolution and ReLU) holds it inside."""
    inner: Any = layer
    if hasattr(inner, "weight_fake_quant"):
        return _inner(inner.weight_fake_quant)
    inner = layer if hasattr(layer, "weight") else next(iter(layer.children()))
    observer = layer.qconfig.weight()  # type: ignore[union-attr, operator]
    observer(inner.weight.detach())
    return observer


def _inner(observer: Any) -> Any:
    return observer.activation_post_process if isinstance(observer, FakeQuantizeBase) else observer


def _row(observer: Any) -> Row:
    scale, zero_point = observer.calculate_qparams()
    row: Row = {"scale": _plain(scale), "zero_point": _plain(zero_point), "observer": _word(observer)}
    if isinstance(observer, FixedQParamsObserver):
        return row
    return row | {"minimum": _plain(observer.min_val), "maximum": _plain(observer.max_val)}


def _plain(value: Any) -> Any:
    if not isinstance(value, Tensor):
        return value
    return value.item() if value.numel() == 1 else value.tolist()


def _word(observer: nn.Module) -> str:
    if type(observer) in WORDS:
        return WORDS[type(observer)]
    for id, known in methods("observer").items():
        if isinstance(known, Observer) and type(known.make(ActivationRange(symmetric=False))()) is type(observer):
            return id
    return type(observer).__name__

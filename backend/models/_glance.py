"""What a file holds, from names and shapes alone: no weight is read, and nothing in it is run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from torch import Tensor

from backend.answers import Inspection, LayerInfo, Trust
from backend.errors import CompressionError
from backend.models._checkpoint import State, is_code, read_heads, safetensors_heads
from backend.models._match import recognized
from backend.models._open import as_given, resolved, saved_by_pare
from backend.models._reopen import place
from backend.models._trust import SAFE, trust_of
from backend.network import STRUCTURE, WEIGHTS
from backend.paths import found
from backend.recipe import ModelSpec

BUFFERS = ("running_mean", "running_var")
CONVOLUTIONS = {3: "Conv1d", 4: "Conv2d", 5: "Conv3d"}
RECURRENT = {1: "RNN", 3: "GRU", 4: "LSTM"}
CONTAINER = "Module"


def glance(spec: ModelSpec, folder: Path) -> Inspection:
    """The tree of the network that ``spec`` names as far as its file tells it, and whether to trust the file.

    Types of layers are told from the names and shapes of their weights. What can't be read so (code, a damaged file,
    no file at all) has no layers, and its trust says why.
    """
    path = file_of(spec, folder)
    if path is None:
        return _described(spec, str(spec.name or ""), {}, None)
    if spec.source == "python":
        return _described(spec, str(spec.class_name or path.stem), {}, trust_of(path))
    if path.is_dir():
        return _saved(spec, path)
    try:
        state = read_heads(path)
    except CompressionError:
        return _described(spec, path.stem, {}, trust_of(path))
    return _checkpoint(spec, folder, path, state)


def file_of(spec: ModelSpec, folder: Path) -> Path | None:
    """The file or folder that decides whether ``spec`` can run code; None for what Pare or torchvision brings."""
    named = spec.file if spec.source == "python" else spec.weights
    try:
        saved = saved_by_pare(spec, folder) if spec.source in ("pare", "checkpoint") else None
        path = saved or (found(named, folder) if named else None)
        return place(path) if path is not None and path.is_dir() else path
    except CompressionError:  # a name of pretrained weights, or a file that is gone
        return None


def _checkpoint(spec: ModelSpec, folder: Path, path: Path, state: State) -> Inspection:
    known = recognized({key: tuple(value.shape) for key, value in state.items()})
    name = known[0].name if known is not None else path.stem
    shape: tuple[int, ...] = ()
    if known is not None and known[0].family == "bundled":
        shape = known[0].input_shape
    if known is not None and spec.source == "checkpoint":
        spec = replace(resolved(spec, *known), weights=as_given(spec, folder, path))
    order = known[0].shapes() if known is not None and known[0].family == "bundled" else state
    in_order = {key: state[key] for key in order if key in state}
    found = _described(spec, name, in_order, Trust("safe", SAFE))
    return replace(found, classes=known[1] if known is not None else None, input_shape=shape)


def _saved(spec: ModelSpec, folder: Path) -> Inspection:
    """A network that Pare saved; weights in few bits say nothing of their layers."""
    trust = trust_of(folder)
    try:
        told = json.loads((folder / STRUCTURE).read_text(encoding="utf-8"))
        state = safetensors_heads(folder / WEIGHTS)
        name, shape, classes = str(told["name"]), tuple(told["input_shape"]), told["classes"]
    except (CompressionError, OSError, ValueError, KeyError, TypeError):
        return _described(spec, folder.name, {}, trust)
    plain = {} if any(is_code(key) for key in state) else state
    return replace(_described(spec, name, plain, trust), input_shape=shape, classes=classes)


def _described(spec: ModelSpec, name: str, state: Mapping[str, Tensor], trust: Trust | None) -> Inspection:
    layers = _modules(state)
    return Inspection(
        name=name,
        model=spec.to_data(),
        input_shape=(),
        classes=None,
        parameters=layers[0].parameters if layers else 0,
        macs=None,
        size_bytes=sum(tensor.nbytes for tensor in state.values()),
        layers=layers,
        complete=False,
        trust=trust,
    )


@dataclass
class _Part:
    """A module as its names tell it: its own tensors, and the modules below it."""

    own: dict[str, Tensor] = field(default_factory=dict)
    below: dict[str, _Part] = field(default_factory=dict)


def _modules(state: Mapping[str, Tensor]) -> list[LayerInfo]:
    """Every module in the order of ``named_modules()``; none where there is no tensor."""
    root = _Part()
    for key, tensor in state.items():
        *path, leaf = key.split(".")
        part = root
        for name in path:
            part = part.below.setdefault(name, _Part())
        part.own[leaf] = tensor
    return _listed("", root) if state else []


def _listed(name: str, part: _Part) -> list[LayerInfo]:
    rows = [_listed(f"{name}.{child}" if name else child, one) for child, one in part.below.items()]
    learned = {key: tensor for key, tensor in part.own.items() if tensor.is_floating_point() and key not in BUFFERS}
    weight = next((tensor for tensor in learned.values() if tensor.dim() > 1), next(iter(learned.values()), None))
    this = LayerInfo(
        name=name,
        type=_type(part),
        parameters=sum(tensor.numel() for tensor in learned.values()) + sum(below[0].parameters for below in rows),
        macs=None,
        leaf=not part.below,
        weight_shape=tuple(weight.shape) if weight is not None else (),
        size_bytes=sum(tensor.nbytes for tensor in part.own.values()) + sum(below[0].size_bytes for below in rows),
        dtype=str(weight.dtype).removeprefix("torch.") if weight is not None else "",
    )
    return [this, *(row for below in rows for row in below)]


def _type(part: _Part) -> str:
    """The kind of layer that has such tensors; the inspection knows it for sure."""
    own, weight = part.own, part.own.get("weight")
    if "in_proj_weight" in own:
        return "MultiheadAttention"
    if "weight_ih_l0" in own and "weight_hh_l0" in own:
        return RECURRENT.get(len(own["weight_ih_l0"]) // own["weight_hh_l0"].shape[1], "RNN")
    if part.below or weight is None:
        return CONTAINER
    if weight.dim() == 1:
        return "BatchNorm" if "running_mean" in own else "LayerNorm"
    return CONVOLUTIONS.get(weight.dim(), "Linear" if weight.dim() == 2 else CONTAINER)

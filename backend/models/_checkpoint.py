"""Reads the weights of a checkpoint. Nothing in a file is ever executed."""

from __future__ import annotations

import argparse
import codecs
import pickle
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from backend.errors import CompressionError, Message, msg
from backend.models._file_kind import check_kind, damaged, whole_network

State = dict[str, Tensor]

WRAPPINGS = (
    "state_dict", "model_state_dict", "model_state", "model", "net", "network", "module", "weights", "params",
    "state_dict_ema", "model_ema", "ema", "ema_state_dict", "params_ema", "generator", "student",
)  # fmt: skip
"""Keys under which people put the state dict; the first that holds tensors is taken."""
PREFIXES = ("module.", "model.", "_orig_mod.", "backbone.", "net.", "network.")
"""What DataParallel, torch.compile and training frameworks put before every name."""
_NUMPY = ("numpy._core.multiarray", "numpy.core.multiarray")
_HARMLESS: tuple[Any, ...] = (
    argparse.Namespace,
    codecs.encode,
    np.dtype,
    np.ndarray,
    *((np._core.multiarray._reconstruct, f"{core}._reconstruct") for core in _NUMPY),  # type: ignore[attr-defined]
    *((np._core.multiarray.scalar, f"{core}.scalar") for core in _NUMPY),  # type: ignore[attr-defined]
    *(getattr(np.dtypes, name) for name in ("Float64DType", "Float32DType", "Int64DType", "Int32DType")),
)
"""Plain values that training scripts store beside the weights; building them runs no code of the file's."""


def read_state(path: Path) -> tuple[State, tuple[Message, ...]]:
    """The tensors of a checkpoint by name, unwrapped, and what was decided on the way.

    .safetensors and torch's own files (.pt .pth .th .bin .ckpt), recognized by content. Wrappings and
    prefixes are taken off, masks of torch.nn.utils.prune multiplied in.

    Raises:
        CompressionError: the file is something else, damaged, empty, or holds code.
    """
    check_kind(path)
    state, notes = _unwrapped(_read(path), path)
    return _plain(_without_prefix(_merged(state)), path, notes)


def _read(path: Path) -> Any:
    try:
        with open(path, "rb") as file:
            start = file.read(9)
    except OSError as error:
        raise damaged(path, error) from error
    if start[8:9] == b"{":
        return _read_safetensors(path)
    with _reading(path):
        if start[:4] == b"PK\x03\x04":
            return torch.load(path, map_location="cpu", weights_only=True, mmap=True)
        return torch.load(path, map_location="cpu", weights_only=True)


def _read_safetensors(path: Path) -> State:
    try:
        with safe_open(path, framework="pt") as file:
            return {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 — not a dict
    except (SafetensorError, OSError) as error:
        raise damaged(path, error) from error


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        with torch.serialization.safe_globals(list(_HARMLESS)), warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Detected pickle protocol")
            yield
    except pickle.UnpicklingError as error:
        if re.search(r"\bGLOBAL\b|Unsupported class", str(error)):
            raise whole_network(path, str(error)) from error
        raise damaged(path, error) from error
    except (RuntimeError, EOFError, OSError, ValueError, KeyError, AttributeError, TypeError, IndexError) as error:
        raise damaged(path, error) from error


def _unwrapped(held: Any, path: Path) -> tuple[State, tuple[Message, ...]]:
    notes: tuple[Message, ...] = ()
    for _ in range(4):
        key = next((k for k in WRAPPINGS if isinstance(held, Mapping) and _has_tensors(held.get(k))), None)
        if key is None:
            break
        notes = (msg("The weights were taken from {key} in the file.", key=key),)
        held = held[key]
    if not _has_tensors(held):
        raise _no_weights(held, path)
    return {str(k): v.detach() for k, v in held.items() if isinstance(v, Tensor) and k != "n_averaged"}, notes


def _has_tensors(held: Any) -> bool:
    if not isinstance(held, Mapping):
        return False
    return any(isinstance(v, Tensor) or (k in WRAPPINGS and _has_tensors(v)) for k, v in held.items())


def _no_weights(held: Any, path: Path) -> CompressionError:
    if isinstance(held, Mapping):
        return CompressionError(
            msg("{path} holds no weights; its keys are {keys}.", path=str(path),
                keys=", ".join(str(k) for k in list(held)[:8]) or "none"),
            msg("Save the network's state_dict() with torch.save and open that file."),
        )  # fmt: skip
    return CompressionError(
        msg(
            "{path} holds an object of type {type} instead of named weights.", path=str(path), type=type(held).__name__
        ),
        msg("Save the network's state_dict() with torch.save and open that file."),
    )


def _merged(state: State) -> State:
    """Pruned layers (``weight_orig`` and ``weight_mask``) as their product."""
    merged = dict(state)
    for key in state:
        mask = key.removesuffix("_orig") + "_mask"
        if key.endswith("_orig") and mask in state:
            merged[key.removesuffix("_orig")] = merged.pop(key) * merged.pop(mask)
    return merged


def _without_prefix(state: State) -> State:
    state = {key.replace("_orig_mod.", ""): value for key, value in state.items()}
    while prefix := next((p for p in PREFIXES if all(key.startswith(p) for key in state)), None):
        state = {key.removeprefix(prefix): value for key, value in state.items()}
    return state


def _is_code(key: str) -> bool:
    """Whether Pare wrote few bits (quantization/_packing.py) or an int8 layer (state.py) under this name."""
    return key.rpartition(".")[2].startswith("packed_") or "_packed_params" in key or key.endswith("weight.int")


def _plain(state: State, path: Path, notes: tuple[Message, ...]) -> tuple[State, tuple[Message, ...]]:
    quantized = next((key for key, value in state.items() if value.is_quantized or _is_code(key)), None)
    if quantized is not None:
        raise CompressionError(
            msg("{path} holds weights that are quantized already, {key} for one.", path=str(path), key=quantized),
            msg("If Pare did that, open the folder of its run; else the float network that they were made from."),
        )
    half = {str(v.dtype).removeprefix("torch.") for v in state.values() if v.is_floating_point()} - {"float32"}
    if half:
        notes += (msg("The weights were stored as {types} and are used as float32.", types=", ".join(sorted(half))),)
    return {k: v.float() if v.is_floating_point() else v for k, v in state.items()}, notes

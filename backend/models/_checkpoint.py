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
TYPES = {
    "F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16,
    "F8_E4M3": torch.float8_e4m3fn, "F8_E5M2": torch.float8_e5m2, "I64": torch.int64, "I32": torch.int32,
    "I16": torch.int16, "I8": torch.int8, "U8": torch.uint8, "BOOL": torch.bool,
}  # fmt: skip
"""Types as a safetensors file names them."""
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
HARMLESS = frozenset(one[1] if isinstance(one, tuple) else f"{one.__module__}.{one.__qualname__}" for one in _HARMLESS)
"""What they are called in a file."""


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


def read_heads(path: Path) -> State:
    """The same tensors on the meta device: names, shapes and types. No weight is read.

    Raises:
        CompressionError: as :func:`read_state`, quantized weights aside.
    """
    check_kind(path)
    held = safetensors_heads(path) if _is_safetensors(path) else _read(path, "meta")
    state, _ = _unwrapped(held, path)
    return _without_prefix(_merged({key: value.to("meta") for key, value in state.items()}))


def _read(path: Path, device: str = "cpu") -> Any:
    if _is_safetensors(path):
        return _read_safetensors(path)
    with _reading(path):
        mapped = _start(path)[:4] == b"PK\x03\x04"
        return torch.load(path, map_location=device, weights_only=True, mmap=mapped)


def _start(path: Path) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(9)
    except OSError as error:
        raise damaged(path, error) from error


def _is_safetensors(path: Path) -> bool:
    return _start(path)[8:9] == b"{"


def _read_safetensors(path: Path) -> State:
    try:
        with safe_open(path, framework="pt") as file:
            return {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 — not a dict
    except (SafetensorError, OSError) as error:
        raise damaged(path, error) from error


def safetensors_heads(path: Path) -> State:
    """The same of a safetensors file, names as they are; the file orders them by type and alphabet.

    Raises:
        CompressionError: it is damaged or can't be read.
    """
    try:
        with safe_open(path, framework="pt") as file:
            parts = {key: file.get_slice(key) for key in sorted(file.keys(), key=_in_numbers)}
            return {
                key: torch.empty(part.get_shape(), dtype=TYPES.get(part.get_dtype(), torch.uint8), device="meta")
                for key, part in parts.items()
            }
    except (SafetensorError, OSError) as error:
        raise damaged(path, error) from error


def _in_numbers(key: str) -> list[tuple[int, str]]:
    """Sorts ``layer10`` behind ``layer2``."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", key)]


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


def is_code(key: str) -> bool:
    """Whether Pare wrote few bits (quantization/_packing.py) or an int8 layer (state.py) under this name."""
    return key.rpartition(".")[2].startswith("packed_") or "_packed_params" in key or key.endswith("weight.int")


def _plain(state: State, path: Path, notes: tuple[Message, ...]) -> tuple[State, tuple[Message, ...]]:
    quantized = next((key for key, value in state.items() if value.is_quantized or is_code(key)), None)
    if quantized is not None:
        raise CompressionError(
            msg("{path} holds weights that are quantized already, {key} for one.", path=str(path), key=quantized),
            msg("If Pare did that, open the folder of its run; else the float network that they were made from."),
        )
    half = {str(v.dtype).removeprefix("torch.") for v in state.values() if v.is_floating_point()} - {"float32"}
    if half:
        notes += (msg("The weights were stored as {types} and are used as float32.", types=", ".join(sorted(half))),)
    return {k: v.float() if v.is_floating_point() else v for k, v in state.items()}, notes

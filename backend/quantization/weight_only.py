"""Weights in few bits, rounded to the nearest level; the computation stays in float32. Needs no data.

A block of a row's weights R shares a scale S and a zero point Z: Q = round(R / S) + Z is stored, and
R ≈ S · (Q − Z) is computed with. NormalFloat has the quantiles of a normal distribution as its levels
instead (Dettmers et al., "QLoRA", 2023).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.description import Parameter
from backend.errors import Message, msg
from backend.events import Emit, Progress
from backend.quantization import _packing
from backend.quantization._base import Outcome, Scheme, path_of
from backend.quantization._codes import DECODERS, blocks, normal_float
from backend.quantization._rounding import BITS, GROUP, SCHEME, chosen, group_of, told
from backend.recipe import LayerPlan
from backend.session import Session

ID = "weight_only"
INTEGER, NORMAL_FLOAT = "integer", "normal_float"
CHUNK = 2**22
"""Weights that are looked at together: trying ranges takes several times their memory."""


def applies(module: nn.Module) -> Message | None:
    """Layers that can be packed, and embeddings: a row of their table is a row of blocks."""
    if isinstance(module, nn.Embedding):
        return None
    return _packing.applies(module)


def quantize(session: Session, plans: Mapping[str, LayerPlan], index: int, emit: Emit, cancel: Cancel) -> Outcome:
    """Round and pack the planned layers, one by one.

    Raises:
        CompressionError: none of them can be rounded, or a weight is NaN or infinite.
    """
    made = session.network.copy().module
    wanted, left = chosen(made, plans, applies, path_of(session, index))
    codes: dict[str, Any] = {}
    layers: dict[str, Any] = {}
    for done, (name, settings) in enumerate(wanted.items()):
        cancel.check()
        emit(Progress(index, done, len(wanted), msg("Rounding weights")))
        layer = made.get_submodule(name)
        code, tensors = encoded(layer.get_parameter("weight").detach(), settings)
        codes[name] = _packing.pack(layer, code, tensors)
        layers[name] = told(code, tensors)
    emit(Progress(index, len(wanted), len(wanted), msg("Rounding weights")))
    return Outcome(made, {"layers": codes}, layers, left, {})


def encoded(weight: Tensor, settings: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """The code of ``weight``, a row of blocks for each of its first dimension."""
    matrix = weight.float().flatten(1)
    bits, group = settings["bits"], group_of(settings, matrix.shape[1])
    rows = max(1, CHUNK // matrix.shape[1])
    if settings["code"] == NORMAL_FLOAT:
        found = [_normal(part, bits, group) for part in matrix.split(rows)]
        numbers, scales, _ = (torch.cat(parts) for parts in zip(*found, strict=True))
        return normal_float.encode(numbers, scales, bits, group, f"nf{bits}")
    symmetric = settings["weight_scheme"] == "symmetric"
    found = [_integers(part, bits, group, symmetric) for part in matrix.split(rows)]
    numbers, scales, zero_points = (torch.cat(parts) for parts in zip(*found, strict=True))
    shared = 2.0 ** (bits - 1) if symmetric else zero_points
    return blocks.encode(numbers, scales, shared, bits, group, f"int{bits}")


def rounded(weight: Tensor, settings: Mapping[str, Any]) -> Tensor:
    """What ``weight`` is after packing, in its shape."""
    code, tensors = encoded(weight.detach(), settings)
    return DECODERS[code["kind"]](tensors, code).reshape(weight.shape)


def _integers(matrix: Tensor, bits: int, group: int, symmetric: bool) -> tuple[Tensor, Tensor, Tensor]:
    """Q, S and Z: rows × columns, then rows × blocks twice."""
    parted = blocks.split(matrix, group)
    scales, zero_points = blocks.fit(parted, bits, symmetric)
    integers = blocks.quantized(parted, scales[..., None], zero_points[..., None], bits)
    return integers.flatten(1)[:, : matrix.shape[1]], scales, zero_points


def _normal(matrix: Tensor, bits: int, group: int) -> tuple[Tensor, Tensor, Tensor]:
    """Numbers of levels, S, and nothing."""
    parted = blocks.split(matrix, group)
    scales = blocks.storable(parted.abs().amax(-1))
    numbers = normal_float.nearest(parted / scales[..., None], bits)
    return numbers.flatten(1)[:, : matrix.shape[1]], scales, scales[:0]


METHOD = Scheme(
    id=ID,
    label="Weight-only",
    summary="Weights in 2 to 8 bits, Q = round(R/S) + Z for each group; a smaller file at the speed of float32.",
    when="For a smaller file when no images are at hand, or the layers' inputs can't be rounded. Takes a "
    "moment; below 4 bits GPTQ is better.",
    parameters=(
        BITS,
        Parameter(
            name="code",
            type="choice",
            label="Code",
            default=INTEGER,
            choices=(INTEGER, NORMAL_FLOAT),
            required=True,
            summary="Levels at even steps, or where normally distributed weights are (4 bits of it are NF4).",
        ),
        GROUP,
        SCHEME,
    ),
    quantize=quantize,
    rebuild=_packing.rebuild,
    applies=applies,
    weight=rounded,
    presets={
        "int8": {"bits": 8, "code": INTEGER},
        "int4": {"bits": 4, "code": INTEGER},
        "NF4": {"bits": 4, "code": NORMAL_FLOAT},
    },
)

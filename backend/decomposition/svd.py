"""Truncated singular value decomposition of a matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.decomposition._base import Decomposition, Option, Ranks, place, sequence, unsuitable, weight_of
from backend.description import Reference
from backend.errors import Message, msg

Layer = nn.Linear | nn.Conv1d | nn.Conv2d
POINTWISE = (nn.Conv1d, nn.Conv2d)


def _applies(layer: nn.Module) -> Message | None:
    if type(layer) is nn.Linear:
        return unsuitable(layer)
    if type(layer) not in POINTWISE:
        return msg("Needs a linear layer or a 1×1 convolution")
    conv = cast(nn.Conv2d, layer)
    if any(size != 1 for size in conv.kernel_size):
        return msg("Needs a 1×1 kernel; Tucker takes larger ones")
    if conv.groups > 1:
        return msg("Is a grouped convolution")
    return unsuitable(conv)


def _shape(layer: nn.Module) -> tuple[int, int]:
    """Outputs × inputs."""
    outputs, inputs = layer.get_parameter("weight").shape[:2]
    return outputs, inputs


def _largest(layer: nn.Module) -> Ranks:
    return (min(_shape(layer)),)


def _weights(layer: nn.Module, ranks: Ranks) -> Mapping[str, int]:
    outputs, inputs = _shape(layer)
    return {"first": ranks[0] * inputs, "last": outputs * ranks[0]}


def _build(layer: nn.Module, ranks: Ranks) -> nn.Sequential:
    outputs, inputs = _shape(layer)
    (rank,) = ranks
    where, bias = place(layer.get_parameter("weight")), layer._parameters["bias"] is not None
    if isinstance(layer, nn.Linear):
        first: nn.Module = nn.Linear(inputs, rank, bias=False, **where)
        return sequence(first=first, last=nn.Linear(rank, outputs, bias=bias, **where))
    conv = cast(nn.Conv2d, layer)
    # The stride comes first, where it saves most; so does the padding, whose values are looked up in the input.
    given: Any = {key: getattr(conv, key) for key in ("stride", "padding", "padding_mode")}
    first = type(conv)(inputs, rank, 1, **given, bias=False, **where)
    return sequence(first=first, last=type(conv)(rank, outputs, 1, bias=bias, **where))


def _matrix(layer: nn.Module) -> Tensor:
    return weight_of(layer).flatten(1)


def _options(layer: nn.Module, cancel: Cancel) -> Sequence[Option]:
    """Every rank r with Σ_{i≤r} σ_i² / Σ σ_i² (Eckart and Young, 1936: no matrix of rank r is closer)."""
    cancel.check()
    energy = torch.linalg.svdvals(_matrix(layer)).square().cumsum(0)
    return [Option((rank + 1,), kept) for rank, kept in enumerate((energy / energy[-1]).tolist())]


def _factorize(layer: nn.Module, ranks: Ranks, cancel: Cancel) -> Sequence[Tensor]:
    """W ≈ (U √Σ)(√Σ Vᵀ): both factors are equally large, so that one learning rate suits both."""
    cancel.check()
    (rank,) = ranks
    u, values, vt = torch.linalg.svd(_matrix(layer), full_matrices=False)
    root = values[:rank].sqrt()
    return root[:, None] * vt[:rank], u[:, :rank] * root


METHOD = Decomposition(
    id="svd",
    label="SVD",
    summary="Writes a linear layer or a 1×1 convolution as two of low rank, by the singular value decomposition.",
    when="For large linear layers: rank r costs r · (inputs + outputs) in place of inputs · outputs. Fine-tune "
    "afterwards; what it keeps is closest to the weight, not to the accuracy.",
    reference=Reference(
        authors="Denton, Zaremba, Bruna, LeCun and Fergus",
        title="Exploiting Linear Structure Within Convolutional Networks for Efficient Evaluation",
        year=2014,
        link="arXiv:1404.0736",
    ),
    applies=_applies,
    ranks=("rank",),
    largest=_largest,
    weights=_weights,
    build=_build,
    options=_options,
    factorize=_factorize,
)

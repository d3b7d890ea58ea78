"""Tucker-2: a core between a factor for the input channels and one for the output channels.

Where all channels of a side are kept its factor would only turn them, so it is part of the core.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.decomposition._base import Decomposition, Option, Ranks, place, sequence, weight_of
from backend.decomposition._kernel import applies, geometry, sizes, tensorly
from backend.description import Parameter, Reference

ITERATIONS = 10
"""Of alternating least squares after the truncated unfoldings, which are near the optimum already."""
TOLERANCE = 1e-6


def _largest(layer: nn.Module) -> Ranks:
    outputs, inputs, height, width = sizes(layer)
    return min(outputs, inputs * height * width), min(inputs, outputs * height * width)


def _weights(layer: nn.Module, ranks: Ranks) -> Mapping[str, int]:
    outputs, inputs, height, width = sizes(layer)
    rank_out, rank_in = ranks
    first = {"first": rank_in * inputs} if rank_in < inputs else {}
    last = {"last": outputs * rank_out} if rank_out < outputs else {}
    return {**first, "core": rank_out * rank_in * height * width, **last}


def _build(layer: nn.Module, ranks: Ranks) -> nn.Sequential:
    conv = cast(nn.Conv2d, layer)
    outputs, inputs = conv.out_channels, conv.in_channels
    rank_out, rank_in = ranks
    where, bias = place(conv.weight), conv.bias is not None
    factors: dict[str, nn.Module] = {}
    if rank_in < inputs:
        factors["first"] = nn.Conv2d(inputs, rank_in, 1, bias=False, **where)
    factors["core"] = nn.Conv2d(rank_in, rank_out, **geometry(conv), bias=bias and rank_out == outputs, **where)
    if rank_out < outputs:
        factors["last"] = nn.Conv2d(rank_out, outputs, 1, bias=bias, **where)
    return sequence(**factors)


def _bases(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Orthonormal bases of the output and of the input channels, the directions of most energy first."""
    found = []
    for mode in (0, 1):
        unfolded = weight.movedim(mode, 0).flatten(1)
        found.append(torch.linalg.eigh(unfolded @ unfolded.T).eigenvectors.flip(1))
    return found[0], found[1]


def _options(layer: nn.Module, cancel: Cancel) -> Sequence[Option]:
    """Pairs of ranks that keep more energy than any pair with as few weights.

    In the bases of the unfoldings (HOSVD) the kept energy of all pairs stands in one table: that of the corner of the
    core, ‖G[:r_out, :r_in]‖² / ‖W‖². The factors are then fitted for the ranks chosen, which keeps a little more.
    """
    cancel.check()
    weight = weight_of(layer)
    outputs, inputs = _bases(weight)
    core = torch.einsum("oikl,or,is->rskl", weight, outputs, inputs).square().sum((2, 3))
    most_out, most_in = _largest(layer)
    table = core.cumsum(0).cumsum(1)[:most_out, :most_in] / core.sum()
    rank_out = torch.arange(1, most_out + 1)[:, None].expand_as(table)
    rank_in = torch.arange(1, most_in + 1)[None, :].expand_as(table)
    _, channels, height, width = sizes(layer)
    weights = (
        torch.where(rank_in < channels, rank_in * channels, 0)
        + rank_out * rank_in * height * width
        + torch.where(rank_out < len(weight), len(weight) * rank_out, 0)
    )
    order = torch.argsort(weights.flatten(), stable=True)
    kept = table.flatten()[order]
    best = torch.cat([kept[:1], kept[1:] - kept.cummax(0).values[:-1]]) > 0
    chosen = order[best].tolist()
    pairs = zip(rank_out.flatten()[chosen].tolist(), rank_in.flatten()[chosen].tolist(), strict=True)
    return [Option(pair, share) for pair, share in zip(pairs, kept[best].tolist(), strict=True)]


def _factorize(layer: nn.Module, ranks: Ranks, cancel: Cancel) -> Sequence[Tensor]:
    """W ≈ core ×₀ U_out ×₁ U_in, fitted by higher-order orthogonal iteration from the bases of the unfoldings."""
    cancel.check()
    weight = weight_of(layer)
    rank_out, rank_in = ranks
    outputs, inputs = _bases(weight)
    outputs, inputs = outputs[:, :rank_out], inputs[:, :rank_in]
    core = torch.einsum("oikl,or,is->rskl", weight, outputs, inputs)
    if ranks != _largest(layer):
        with tensorly():
            from tensorly.decomposition import partial_tucker

            (core, (outputs, inputs)), _ = partial_tucker(
                weight, [rank_out, rank_in], modes=[0, 1], n_iter_max=ITERATIONS, tol=TOLERANCE,
                init=(core, [outputs, inputs]),
            )  # fmt: skip
    factors = []
    if rank_in < len(inputs):
        factors.append(inputs.T)
    else:
        core = torch.einsum("rskl,is->rikl", core, inputs)
    if rank_out == len(outputs):
        return [*factors, torch.einsum("rikl,or->oikl", core, outputs)]
    return [*factors, core, outputs]


METHOD = Decomposition(
    id="tucker",
    label="Tucker",
    summary="Writes a convolution as a 1×1 into fewer channels, the kernel on those, and a 1×1 back.",
    when="For convolutions with many channels. It keeps the kernel, so fine-tuning brings most of the accuracy back; "
    "layers of few channels have little to give.",
    reference=Reference(
        authors="Kim, Park, Yoo, Choi, Yang and Shin",
        title="Compression of Deep Convolutional Neural Networks for Fast and Low Power Mobile Applications",
        year=2016,
        link="arXiv:1511.06530",
    ),
    parameters=(
        Parameter(
            name="rank_in",
            type="int",
            label="Rank of the inputs",
            minimum=1,
            advanced=True,
            summary="Input channels of the kernel, where they differ from its output channels (the rank).",
        ),
    ),
    applies=applies,
    ranks=("rank", "rank_in"),
    largest=_largest,
    weights=_weights,
    build=_build,
    options=_options,
    factorize=_factorize,
)

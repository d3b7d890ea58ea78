"""Canonical polyadic (CP) decomposition: a sum of products of four vectors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.decomposition._base import Decomposition, Option, Ranks, place, sequence, weight_of
from backend.decomposition._kernel import applies, geometry, sizes, tensorly
from backend.description import Reference

ITERATIONS, TRIAL_ITERATIONS = 100, 20
TOLERANCE = 1e-5
RIDGE = 1e-5
"""On the squared norms of the factors, for a weight of norm 1: components that cancel each other would grow without
bound (Lebedev et al. 2015, section 3.3), and fine-tuning would then diverge."""
GROWTH = 1.3
"""Ranks are tried in steps of this factor: each takes a fit of its own."""


def _largest(layer: nn.Module) -> Ranks:
    outputs, inputs, height, width = sizes(layer)
    return (min(outputs, inputs) * height * width,)


def _weights(layer: nn.Module, ranks: Ranks) -> Mapping[str, int]:
    (rank,) = ranks
    outputs, inputs, height, width = sizes(layer)
    return {"first": rank * inputs, "rows": rank * height, "columns": rank * width, "last": outputs * rank}


def _build(layer: nn.Module, ranks: Ranks) -> nn.Sequential:
    conv = cast(nn.Conv2d, layer)
    (rank,) = ranks
    where = place(conv.weight)

    def along(axis: int) -> nn.Conv2d:
        """One kernel a channel, along one axis."""
        return nn.Conv2d(rank, rank, **geometry(conv, (axis,)), groups=rank, bias=False, **where)

    return sequence(
        first=nn.Conv2d(conv.in_channels, rank, 1, bias=False, **where),
        rows=along(0),
        columns=along(1),
        last=nn.Conv2d(rank, conv.out_channels, 1, bias=conv.bias is not None, **where),
    )


def _start(weight: Tensor, rank: int) -> list[Tensor]:
    """Leading singular vectors of each unfolding; beyond their number, columns drawn from a fixed seed."""
    drawn = torch.Generator().manual_seed(rank)
    factors = []
    for mode, size in enumerate(weight.shape):
        unfolded = weight.movedim(mode, 0).flatten(1)
        basis = torch.linalg.eigh(unfolded @ unfolded.T).eigenvectors.flip(1)[:, :rank]
        more = torch.randn((size, rank - basis.shape[1]), generator=drawn, dtype=weight.dtype)
        factors.append(torch.cat([basis, more / more.norm(dim=0, keepdim=True)], dim=1))
    return factors


def _fit(weight: Tensor, rank: int, iterations: int, cancel: Cancel) -> tuple[list[Tensor], float]:
    """Factors (size × rank each) of ``weight`` by alternating least squares, and the share of its energy they keep."""
    norm = weight.norm()

    def heard(*_: Any) -> None:
        cancel.check()

    with tensorly() as tl:
        from tensorly.decomposition import parafac

        found = parafac(
            weight / norm, rank, n_iter_max=iterations, init=tl.cp_tensor.CPTensor((None, _start(weight, rank))),
            tol=TOLERANCE, l2_reg=RIDGE, callback=heard,
        )  # fmt: skip
        lost = float((weight / norm - tl.cp_to_tensor(found)).square().sum())
    return _balanced(list(found.factors), norm), 1 - lost


def _balanced(factors: list[Tensor], norm: Tensor) -> list[Tensor]:
    """The same sum with every component's norm shared equally among its vectors."""
    norms = torch.stack([factor.norm(dim=0) for factor in factors]).clamp(min=torch.finfo(norm.dtype).tiny)
    each = (norms.log().sum(0) / len(factors)).exp() * norm ** (1 / len(factors))
    return [factor / own * each for factor, own in zip(factors, norms, strict=True)]


def _options(layer: nn.Module, cancel: Cancel) -> Iterator[Option]:
    """Ranks up to those whose factors have as many weights as the layer, each with what a short fit keeps."""
    weight = weight_of(layer)
    most = min(_largest(layer)[0], weight.numel() // sum(_weights(layer, (1,)).values()))
    rank, before = 1, 0.0
    while rank <= most:
        _, kept = _fit(weight, rank, TRIAL_ITERATIONS, cancel)
        if kept > before:
            yield Option((rank,), kept)
        rank, before = max(rank + 1, round(rank * GROWTH)), max(before, kept)


def _factorize(layer: nn.Module, ranks: Ranks, cancel: Cancel) -> Sequence[Tensor]:
    (outputs, inputs, rows, columns), _ = _fit(weight_of(layer), ranks[0], ITERATIONS, cancel)
    return inputs.T, rows.T, columns.T, outputs


METHOD = Decomposition(
    id="cp",
    label="CP",
    summary="Writes a convolution as a 1×1, a column and a row of one kernel a channel each, and a 1×1 back.",
    when="For the fewest weights of all. It is the hardest to fine-tune: use a small learning rate, and Tucker where "
    "accuracy does not come back. Finding ranks by energy takes a while.",
    reference=Reference(
        authors="Lebedev, Ganin, Rakhuba, Oseledets and Lempitsky",
        title="Speeding-up Convolutional Neural Networks Using Fine-tuned CP-Decomposition",
        year=2015,
        link="arXiv:1412.6553",
    ),
    applies=applies,
    ranks=("rank",),
    largest=_largest,
    weights=_weights,
    build=_build,
    options=_options,
    factorize=_factorize,
)

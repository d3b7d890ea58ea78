"""Observers of activations: each against its definition, on whatever comes."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from backend.quantization.observers._base import ActivationRange, Observer
from backend.quantization.observers._histogram import BINS
from backend.registry import method, methods

IDS = sorted(methods("observer"))
OURS = ("percentile", "entropy", "mse")
LEVELS = (255, 127)


def observer(id: str, symmetric: bool = False, highest: int = 255) -> Any:
    found = method("observer", id)
    assert isinstance(found, Observer)
    made: Any = found.make(ActivationRange(symmetric))()
    made.quant_min, made.quant_max, made.has_customized_qrange = 0, highest, True
    return made


def scale_of(id: str, batches: Iterable[Tensor], symmetric: bool = False, highest: int = 255) -> tuple[float, int]:
    made = observer(id, symmetric, highest)
    for batch in batches:
        made(batch)
    scale, zero_point = made.calculate_qparams()
    return float(scale), int(zero_point)


def rounded(values: Tensor, scale: float, zero_point: int, highest: int = 255) -> Tensor:
    """S · (Q − Z) with Q = round(R / S) + Z within 0 … highest."""
    q = (values.double() / scale).round().add(zero_point).clamp(0, highest)
    return (q - zero_point) * scale


def activations(relu: bool = False, count: int = 200_000, seed: int = 0) -> Tensor:
    """Long tails, as of a trained layer."""
    values = torch.randn(count, generator=torch.Generator().manual_seed(seed)) ** 3
    return values.relu() if relu else values


EDGES: dict[str, Tensor] = {
    "one value": torch.tensor([[-3.0]]),
    "a constant": torch.full((4, 5), 5.0),
    "a negative constant": torch.full((4, 5), -0.25),
    "zeros": torch.zeros(4, 5),
    "a denormal": torch.tensor([1e-40, -1e-42]),
    "huge": torch.tensor([3e38, 1.0, -1e30]),
}


@pytest.mark.parametrize("highest", LEVELS)
@pytest.mark.parametrize("symmetric", [False, True])
@pytest.mark.parametrize(
    ("id", "case"),
    [(id, case) for id in IDS for case in EDGES if (id, case) != ("histogram", "huge")],  # torch's own overflows
)
def test_that_what_is_hardly_spread_is_kept(id: str, case: str, symmetric: bool, highest: int) -> None:
    values = EDGES[case]
    scale, zero_point = scale_of(id, [values], symmetric, highest)
    assert 0 < scale < math.inf
    assert 0 <= zero_point <= highest
    error = (rounded(values, scale, zero_point, highest) - values.double()).abs().max()
    step = max(float(values.abs().max()) / (highest / 2), 2 * scale)
    assert float(error) <= step


@pytest.mark.parametrize("id", IDS)
def test_that_an_empty_batch_changes_nothing(id: str) -> None:
    values = activations(count=2000)
    assert scale_of(id, [values[:0], values, values[:0]]) == scale_of(id, [values])


@pytest.mark.parametrize("id", OURS)
def test_that_one_that_saw_nothing_says_so_as_torchs_do(id: str) -> None:
    made = observer(id)
    made(torch.zeros(0, 3))
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        assert [float(value) for value in made.calculate_qparams()] == [1.0, 0.0]
    assert any("must run observer" in str(one.message) for one in said)


@pytest.mark.parametrize("symmetric", [False, True])
@pytest.mark.parametrize("id", OURS)
def test_that_neither_order_nor_size_of_the_batches_matters(id: str, symmetric: bool) -> None:
    values = torch.cat([activations(count=30_000), 40 * activations(count=300, seed=1), torch.zeros(500)])
    ways: Sequence[Sequence[Tensor]] = (
        [values],
        values.split(7_000),
        values.split(7_000)[::-1],
        values.flip(0).split(1_111),
    )
    found = {scale_of(id, way, symmetric) for way in ways}
    assert len(found) == 1


def test_that_merging_bins_gives_the_histogram_that_knew_the_largest_value() -> None:
    values = torch.cat([activations(count=5_000) * 2.0**power for power in (-30, -3, 0, 4)])
    made = observer("mse")
    for batch in values.split(2_500):
        made(batch)
    width = 2.0 ** (math.frexp(float(values.abs().max()))[1]) / BINS
    assert made.width == width
    places = np.floor(values[values != 0].double().numpy() / width).astype(int) + BINS
    assert np.array_equal(made.counts.numpy(), np.bincount(places, minlength=2 * BINS))


@pytest.mark.parametrize("relu", [False, True])
def test_that_percentile_cuts_where_numpy_does(relu: bool) -> None:
    values = activations(relu)
    low, high = np.quantile(values.double().numpy(), [0.0001, 0.9999])
    bin = observer_width(values)
    scale, zero_point = scale_of("percentile", [values])
    assert scale * 255 == pytest.approx(high - min(low, 0.0), abs=2 * bin)
    assert zero_point == pytest.approx(-min(low, 0.0) / scale, abs=1)
    assert scale * 255 < 0.9 * float(values.max() - values.min())


def test_that_symmetric_percentile_is_that_of_magnitudes() -> None:
    values = activations() - 0.3
    end = np.quantile(values.abs().double().numpy(), 0.9999)
    scale, _ = scale_of("percentile", [values], symmetric=True)
    assert scale * 127.5 == pytest.approx(end, abs=observer_width(values))


def test_that_percentile_keeps_everything_where_a_ten_thousandth_is_no_value() -> None:
    values = activations(count=5_000)
    assert scale_of("percentile", [values]) == pytest.approx(scale_of("min_max", [values]))


def observer_width(values: Tensor) -> float:
    made = observer("percentile")
    made(values)
    return float(made.width)


def squared(values: Tensor, low: float, high: float, symmetric: bool, highest: int) -> float:
    """The error of a range, from its definition and the values themselves."""
    if symmetric:
        scale, zero_point = high / (highest / 2), highest // 2
    else:
        scale = (high - low) / highest
        zero_point = min(highest, max(0, -round(low / scale)))
    return float((rounded(values, scale, zero_point, highest) - values).square().sum())


@pytest.mark.parametrize("highest", LEVELS)
@pytest.mark.parametrize(("relu", "symmetric"), [(True, False), (False, True)])
def test_that_mse_finds_the_end_of_least_squared_error(relu: bool, symmetric: bool, highest: int) -> None:
    """Of every hundredth of the largest magnitude; bins cost less than a hundredth of the error."""
    values = activations(relu, 50_000).double()
    largest = float(values.abs().max())
    ends = [largest * share / 100 for share in range(1, 101)]
    least = min(squared(values, -end if symmetric else 0.0, end, symmetric, highest) for end in ends)
    scale, _ = scale_of("mse", [values.float()], symmetric, highest)
    end = scale * highest / (2 if symmetric else 1)
    assert squared(values, -end if symmetric else 0.0, end, symmetric, highest) <= 1.01 * least
    assert least < 0.98 * squared(values, -largest if symmetric else 0.0, largest, symmetric, highest)


def test_that_no_other_end_costs_mse_less_where_both_sides_are_clipped() -> None:
    values = activations(count=50_000).double() + 0.5
    least, greatest = float(values.min()), float(values.max())
    scale, zero_point = scale_of("mse", [values.float()])
    low, high = -zero_point * scale, (255 - zero_point) * scale
    found = squared(values, low, high, False, 255)
    for share in range(5, 101, 5):
        assert found <= 1.02 * squared(values, least * share / 100, high, False, 255)
        assert found <= 1.02 * squared(values, low, greatest * share / 100, False, 255)
    assert found < squared(values, least, greatest, False, 255)


def migacz(bins: np.ndarray[Any, Any], levels: int, stride: int) -> int:
    """The slides' loop, as written: how many bins to keep."""
    used = int(np.flatnonzero(bins)[-1]) + 1
    best, kept = math.inf, used
    for i in [*range(levels, used, stride), used]:
        p = bins[:i].astype(float)
        p[-1] += bins[i:].sum()
        q = np.zeros(i)
        edges = [next(b for b in range(i + 1) if b * levels >= level * i) for level in range(levels + 1)]
        for start, stop in pairwise(edges):
            inside = bins[start:stop]
            if (inside > 0).any():
                q[start:stop][inside > 0] = inside.sum() / (inside > 0).sum()
        if (q[p > 0] == 0).any():
            continue
        p, q = p / p.sum(), q / q.sum()
        divergence = float((p[p > 0] * np.log(p[p > 0] / q[p > 0])).sum())
        if divergence < best - 1e-12:
            best, kept = divergence, i
    return kept


@pytest.mark.parametrize(("relu", "symmetric", "levels"), [(True, False, 256), (False, True, 128), (False, False, 128)])
def test_that_entropy_clips_where_tensorrts_loop_does(relu: bool, symmetric: bool, levels: int) -> None:
    values = activations(relu, 20_000)
    width = observer_width(values)
    there = values[values != 0].abs().double().numpy()
    bins = np.bincount(np.floor(there / width).astype(int), minlength=BINS)
    end = (migacz(bins, levels, 16) + 0.5) * width
    scale, _ = scale_of("entropy", [values], symmetric)
    if symmetric:
        assert scale * 127.5 == pytest.approx(end, rel=1e-6)
    else:
        assert scale * 255 == pytest.approx(min(end, float(values.max())) - max(-end, float(values.min())), rel=1e-6)
    assert end < 0.95 * float(values.abs().max())


def test_that_entropy_does_not_count_zeros() -> None:
    values = activations(relu=True)
    assert scale_of("entropy", [values]) == scale_of("entropy", [values[values > 0]])


def test_that_an_outlier_is_clipped_and_by_mse_where_that_costs_less() -> None:
    values = torch.cat([activations(count=100_000).clamp(-2, 2), torch.tensor([60.0])])
    most, all = {}, {}
    for id in ("min_max", *OURS):
        scale, zero_point = scale_of(id, [values], highest=127)
        error = (rounded(values, scale, zero_point, 127) - values).square()
        most[id], all[id] = float(error[:-1].sum()), float(error.sum())
    assert max(most["percentile"], most["entropy"]) < most["min_max"] / 10
    assert all["mse"] < 0.9 * min(all["percentile"], all["entropy"], all["min_max"])

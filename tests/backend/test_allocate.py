"""Automatic allocation against exhaustive search and against what it promises."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.pruning._allocate import Curve, allocate


def weights(units: Mapping[str, int], each: Mapping[str, int]):
    def costs(removed: Mapping[str, int]) -> float:
        return float(sum((units[name] - removed[name]) * each[name] for name in units))

    return costs


@given(
    st.lists(st.tuples(st.integers(2, 40), st.integers(1, 9), st.floats(0.01, 3.0)), min_size=1, max_size=5),
    st.floats(0.05, 1.0),
)
def test_that_the_target_is_met_wherever_it_can_be(layers: list[tuple[int, int, float]], share: float) -> None:
    units = {str(i): n for i, (n, _, _) in enumerate(layers)}
    each = {str(i): w for i, (_, w, _) in enumerate(layers)}
    curves = {str(i): Curve(n, [(0.5, noise), (1.0, 2 * noise)]) for i, (n, _, noise) in enumerate(layers)}
    costs = weights(units, each)
    budget = share * costs(dict.fromkeys(units, 0))
    removed, cost = allocate(curves, costs, budget)
    assert cost == costs(removed)
    assert all(0 <= removed[name] < units[name] for name in units)
    smallest = float(sum(each.values()))
    assert cost <= budget or cost == smallest > budget


def test_that_nothing_goes_where_the_target_is_met_already() -> None:
    assert allocate({"a": Curve(8, [(0.5, 0.1)])}, weights({"a": 8}, {"a": 1}), 8.0) == ({"a": 0}, 8.0)


def test_that_the_layer_that_hurts_less_loses_more() -> None:
    units, each = {"calm": 30, "touchy": 30}, {"calm": 1, "touchy": 1}
    curves = {"calm": Curve(30, [(0.5, 0.01), (0.9, 0.05)]), "touchy": Curve(30, [(0.5, 0.5), (0.9, 2.0)])}
    removed, _ = allocate(curves, weights(units, each), 36.0)
    assert removed["calm"] > 2 * removed["touchy"]


def test_that_a_lucky_reading_is_not_a_reason_to_prune_more() -> None:
    curve = Curve(10, [(0.2, 0.4), (0.5, 0.1), (0.9, 0.6)])
    harms = [curve.harm(n) for n in range(10)]
    assert harms == sorted(harms)


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7])
def test_that_greedy_comes_near_the_best_of_all_allocations(share: float) -> None:
    units = {"a": 6, "b": 8, "c": 10}
    curves = {
        "a": Curve(6, [(0.3, 0.05), (0.6, 0.2), (0.9, 0.9)]),
        "b": Curve(8, [(0.3, 0.01), (0.6, 0.05), (0.9, 0.4)]),
        "c": Curve(10, [(0.3, 0.1), (0.6, 0.5), (0.9, 1.0)]),
    }

    def costs(removed: Mapping[str, int]) -> float:  # a chain: what a layer costs depends on the one before it
        a, b, c = (units[name] - removed[name] for name in "abc")
        return float(9 * a + 9 * a * b + 9 * b * c + 10 * c)

    budget = share * costs(dict.fromkeys(units, 0))
    removed, _ = allocate(curves, costs, budget)
    harm = sum(curves[name].harm(n) for name, n in removed.items())
    every = itertools.product(*(range(units[name]) for name in "abc"))
    best = min(
        sum(curves[name].harm(n) for name, n in zip("abc", choice, strict=True))
        for choice in every
        if costs(dict(zip("abc", choice, strict=True))) <= budget
    )
    assert harm <= 1.15 * best


def test_that_what_was_not_tried_is_the_last_to_be_pruned() -> None:
    units, each = {"tried": 20, "half": 20}, {"tried": 1, "half": 1}
    curves = {
        "tried": Curve(20, [(0.5, 0.1), (0.9, 0.2)], passage=False),
        "half": Curve(20, [(0.5, 0.1)], passage=False),
    }
    removed, _ = allocate(curves, weights(units, each), 14.0)
    assert removed["half"] <= 10 < removed["tried"]

"""Codes of few bits against their definitions, recomputed weight by weight."""

import math
from fractions import Fraction

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from backend.quantization._codes import blocks, normal_float
from backend.quantization._codes.bits import pack_bits, unpack_bits
from backend.quantization.weight_only import encoded

QLORA = (
    -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022823334,
    -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224,
    0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0,
)  # fmt: skip
"""The levels of NF4 as the paper prints them (appendix E)."""


@st.composite
def matrices(draw: st.DrawFn) -> Tensor:
    """Weights of all kinds: normal ones of any size, one outlier, constant rows, zeros, a single weight."""
    rows, columns = draw(st.tuples(st.integers(1, 5), st.integers(1, 40)))
    kind = draw(st.sampled_from(("normal", "outlier", "constant", "zeros", "sparse", "positive", "few")))
    generator = torch.Generator().manual_seed(draw(st.integers(0, 2**16)))
    values = torch.randn((rows, columns), generator=generator)
    match kind:
        case "outlier":
            values[0, 0] = 50.0
        case "constant":
            values = values[:, :1].repeat(1, columns)
        case "zeros":
            values = torch.zeros(rows, columns)
        case "sparse":
            values *= torch.rand((rows, columns), generator=generator) < 0.3
        case "positive":
            values = values.abs() + 1
        case "few":
            values = values.round()
    return values * 10.0 ** draw(st.integers(-12, 12))


bits = st.integers(2, 8)
groups = st.one_of(st.integers(1, 50), st.just("row"))


def rows_of_blocks(matrix: Tensor, group: int | str) -> list[list[list[float]]]:
    size = matrix.shape[1] if group == "row" else int(group)
    return [[row[i : i + size] for i in range(0, len(row), size)] for row in matrix.tolist()]


def flat(tensor: Tensor) -> list[float]:
    return [float(value) for value in tensor.flatten().tolist()]


@given(st.integers(1, 8), st.data())
def test_that_integers_of_few_bits_are_one_long_number_in_little_endian_bytes(bits: int, data: st.DataObject) -> None:
    values = data.draw(st.lists(st.integers(0, 2**bits - 1), max_size=70))
    packed = pack_bits(torch.tensor(values, dtype=torch.int64), bits)
    assert packed.dtype == torch.uint8
    assert len(packed) == math.ceil(len(values) * bits / 8)
    assert int.from_bytes(bytes(packed.tolist()), "little") == sum(v << (i * bits) for i, v in enumerate(values))
    assert unpack_bits(packed, bits, len(values)).tolist() == values


@given(matrices(), bits, groups, st.booleans())
def test_that_each_weight_is_stored_as_its_scaled_and_rounded_value_plus_the_zero_point(
    matrix: Tensor, bits: int, group: int | str, symmetric: bool
) -> None:
    scheme = "symmetric" if symmetric else "affine"
    settings = {"bits": bits, "group": group, "code": "integer", "weight_scheme": scheme}
    code, tensors = encoded(matrix, settings)
    parts = rows_of_blocks(matrix, group)
    scales = flat(tensors["scales"])
    points = flat(tensors["zero_points"]) if not symmetric else [2.0 ** (bits - 1)] * len(scales)
    assert len(scales) == len(points) == sum(len(row) for row in parts)
    stored = unpack_bits(tensors["codes"], bits, matrix.numel()).tolist()
    decoded = flat(blocks.decode(tensors, code))
    expected = iter(zip(stored, decoded, strict=True))
    for block, s, z in zip((b for row in parts for b in row), scales, points, strict=True):
        assert s > 0
        assert z == int(z)
        assert 0 <= z < 2**bits
        for r in block:
            number, value = next(expected)
            # The quotient is exact here and a float32 there: next to a half they may round apart.
            quotient = Fraction(r) / Fraction(s)
            q = min(max(round(quotient) + z, 0), 2**bits - 1)
            assert number == q or abs(abs(quotient - math.floor(quotient)) - Fraction(1, 2)) < 1e-4
            assert value == torch.tensor(s, dtype=torch.float32).mul(number - z).item()
            assert r != 0 or value == 0


@given(matrices(), bits, groups, st.booleans())
def test_that_the_scale_is_the_blocks_range_over_its_levels_so_that_nothing_is_far_off(
    matrix: Tensor, bits: int, group: int | str, symmetric: bool
) -> None:
    scheme = "symmetric" if symmetric else "affine"
    settings = {"bits": bits, "group": group, "code": "integer", "weight_scheme": scheme}
    code, tensors = encoded(matrix, settings)
    decoded = iter(flat(blocks.decode(tensors, code)))
    parts = [block for row in rows_of_blocks(matrix, group) for block in row]
    for block, s in zip(parts, flat(tensors["scales"]), strict=True):
        low, high = min(*block, 0.0), max(*block, 0.0)
        expected = max(-low, high) / (2 ** (bits - 1) - 1) if symmetric else (high - low) / (2**bits - 1)
        assert math.isclose(s, expected or 1.0, rel_tol=2**-10)
        # Half a step; a scale that float16 rounds down leaves the outermost weight an eighth of a step outside.
        assert all(abs(r - next(decoded)) <= (0.5 + 2**-3) * s for r in block)


@given(matrices(), bits, groups)
def test_that_each_weight_gets_the_nearest_level_of_the_normal_float(
    matrix: Tensor, bits: int, group: int | str
) -> None:
    code, tensors = encoded(matrix, {"bits": bits, "group": group, "code": "normal_float"})
    levels = flat(normal_float.levels(bits))
    decoded = iter(flat(normal_float.decode(tensors, code)))
    parts = [block for row in rows_of_blocks(matrix, group) for block in row]
    for block, s in zip(parts, flat(tensors["scales"]), strict=True):
        assert s == 1 if not any(block) else math.isclose(s, max(map(abs, block)), rel_tol=2**-10)
        for r in block:
            value = next(decoded)
            assert abs(r - value) <= min(abs(r - s * level) for level in levels) + 1e-6 * s
            assert r != 0 or value == 0


@given(matrices(), bits, groups, st.sampled_from(("symmetric", "affine", "normal_float")))
def test_that_the_code_takes_the_bits_it_says_and_a_few_bytes_a_block(
    matrix: Tensor, bits: int, group: int | str, kind: str
) -> None:
    code = "normal_float" if kind == "normal_float" else "integer"
    _, tensors = encoded(matrix, {"bits": bits, "group": group, "code": code, "weight_scheme": kind})
    count = sum(len(row) for row in rows_of_blocks(matrix, group))
    scale = tensors["scales"].element_size()
    each = scale + (1 if kind == "affine" else 0)
    assert scale == (2 if tensors["scales"].dtype == torch.float16 else 4)
    assert sum(tensor.nbytes for tensor in tensors.values()) == math.ceil(matrix.numel() * bits / 8) + count * each


@pytest.mark.parametrize("code", ["integer", "normal_float"])
def test_that_scales_take_two_bytes_unless_float16_cannot_hold_them(code: str) -> None:
    settings = {"bits": 4, "group": 32, "code": code, "weight_scheme": "symmetric"}
    values = torch.randn((4, 64), generator=torch.Generator().manual_seed(0))
    for factor, dtype in ((1.0, torch.float16), (1e-9, torch.float32), (1e9, torch.float32)):
        assert encoded(values * factor, settings)[1]["scales"].dtype == dtype


def test_that_four_bits_of_normal_float_are_the_sixteen_levels_of_qlora() -> None:
    assert flat(normal_float.levels(4)) == pytest.approx(QLORA, abs=1e-6)


@given(bits)
def test_that_the_levels_of_a_normal_float_rise_from_minus_one_to_one_through_zero(bits: int) -> None:
    levels = flat(normal_float.levels(bits))
    assert levels == sorted(set(levels))
    assert len(levels) == 2**bits
    assert levels[0] == -1
    assert levels[-1] == 1
    assert 0 in levels

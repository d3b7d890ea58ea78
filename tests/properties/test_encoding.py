"""Whatever a tensor holds, it comes back bit for bit; what is damaged is said, and never read for ever."""

from __future__ import annotations

import ast
import heapq
import itertools
import math
import shutil
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from backend.encoding import DECODER, TYPES, DecodeError, _encode, decode, encode, pare_decode, read, write
from backend.encoding._encode import code_lengths

FAST = settings(max_examples=60, deadline=None)
HEADER: dict[str, Any] = {"network": {"name": "网络"}}


def same(array: np.ndarray, other: np.ndarray) -> bool:
    return (array.dtype, array.shape, array.tobytes()) == (other.dtype, other.shape, other.tobytes())


@st.composite
def made(draw: st.DrawFn) -> np.ndarray:
    """Tensors of any sparsity, shape and number of different values."""
    shape = draw(st.lists(st.integers(0, 12), max_size=4))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    book = random.normal(size=draw(st.sampled_from([1, 2, 3, 16, 255, 256, 257, 2000]))).astype(np.float32)
    skew = draw(st.sampled_from([0.0, 1.0, 3.0]))
    shares = np.arange(1, len(book) + 1) ** -skew
    values = random.choice(book, shape, p=shares / shares.sum())
    present = random.random(shape) < draw(st.sampled_from([0.0, 0.003, 0.05, 0.5, 1.0]))
    return np.where(present, values, np.float32(0)).astype(draw(st.sampled_from(TYPES)))


@FAST
@given(made())
def test_that_any_sparsity_and_any_codebook_come_back_bit_for_bit(array: np.ndarray) -> None:
    assert same(decode(encode(array)), array)


@FAST
@given(st.data())
def test_that_every_bit_pattern_of_every_type_comes_back(data: st.DataObject) -> None:
    """NaN payloads, infinities, −0.0, denormal numbers: bytes at random, read as the type."""
    dtype = np.dtype(data.draw(st.sampled_from([name for name in TYPES if name != "bool"])))
    bits = data.draw(arrays_of.arrays(f"u{dtype.itemsize}", arrays_of.array_shapes(min_dims=0, min_side=0)))
    array = bits.view(dtype)
    assert same(decode(encode(array)), array)


@pytest.mark.parametrize(
    "array",
    [
        np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1e-45], np.float32),
        np.array([0x7FC00001, 0xFFC12345, 0x7F800001], np.uint32).view(np.float32),
        np.zeros((0, 3), np.float32),
        np.float32(2.5).reshape(()),
        np.zeros((), np.int64),
        np.zeros((300, 300), np.float64),
        np.full((300, 300), 7, np.int8),
        np.arange(24, dtype=np.float32).reshape(2, 3, 4).T,
        np.eye(40, dtype=np.float32)[::2, ::-1],
    ],
)
def test_that_odd_tensors_come_back(array: np.ndarray) -> None:
    assert same(decode(encode(array)), np.array(array, order="C"))


def test_that_bytes_of_the_other_order_come_back_in_this_machines_own() -> None:
    array = np.array([1.5, 0, -2], ">f4")
    assert same(decode(encode(array)), array.astype(np.float32))


def test_that_what_is_decoded_can_be_written_to() -> None:
    for array in (np.ones(5, np.float32), np.arange(5.0), np.zeros(5)):
        assert decode(encode(array)).flags.writeable


def test_that_one_value_takes_no_space_however_often_it_comes() -> None:
    for array in (np.full(10**6, 3.25, np.float32), np.zeros(10**6, np.float32), np.tile([0, 1], 10**5)):
        assert len(encode(array)) < 60


@pytest.mark.parametrize("density", [0.01, 0.05, 0.2, 0.9])
def test_that_a_pruned_layer_takes_little_more_than_its_entropy(density: float) -> None:
    """The bits that no code can do without: where the weights are, and which of 16 values each one has."""
    random = np.random.default_rng(0)
    present = random.random(200_000) < density
    shares = np.arange(1, 17) / np.arange(1, 17).sum()
    values = random.choice(np.arange(1, 17), 200_000, p=shares)
    array = np.where(present, values, 0).astype(np.float32)
    where = -(density * math.log2(density) + (1 - density) * math.log2(1 - density)) * len(array)
    which = -(shares * np.log2(shares)).sum() * present.sum()
    assert len(encode(array)) < 1.04 * (where + which) / 8 + 150


def test_that_what_can_not_be_made_smaller_grows_by_some_bytes_only() -> None:
    array = np.random.default_rng(0).normal(size=(100, 100)).astype(np.float32)
    assert len(encode(array)) <= array.nbytes + 12


@pytest.mark.parametrize("chunk", [1, 3, 64])
def test_that_long_streams_are_coded_piece_by_piece(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    array = np.random.default_rng(0).integers(-3, 40, (60, 50)).clip(0).astype(np.int16)
    whole = encode(array)
    monkeypatch.setattr(_encode, "CHUNK", chunk)
    monkeypatch.setattr(pare_decode, "CHUNK", chunk)
    assert encode(array) == whole
    assert same(decode(whole), array)


counts = st.lists(st.integers(0, 10**6), min_size=1, max_size=256)


@FAST
@given(counts, st.integers(8, 15))
def test_that_codes_are_complete_and_no_longer_than_allowed(given_counts: list[int], longest: int) -> None:
    lengths = code_lengths(given_counts, longest)
    assert [length > 0 for length in lengths] == [count > 0 for count in given_counts]
    assert max(lengths) <= longest
    if sum(count > 0 for count in given_counts) > 1:
        assert sum(2.0**-length for length in lengths if length) == 1


@FAST
@given(st.lists(st.integers(1, 1000), min_size=2, max_size=200))
def test_that_codes_are_huffmans_where_these_are_short_enough(given_counts: list[int]) -> None:
    total, heap = 0, sorted(given_counts)
    while len(heap) > 1:
        both = heapq.heappop(heap) + heapq.heappop(heap)
        total += both
        heapq.heappush(heap, both)
    lengths = code_lengths(given_counts, 30)
    assert sum(map(int.__mul__, given_counts, lengths)) == total


@FAST
@given(st.lists(st.integers(1, 1000), min_size=2, max_size=6))
def test_that_limited_codes_are_the_best_of_all_limited_codes(given_counts: list[int]) -> None:
    every = itertools.product(range(1, 4), repeat=len(given_counts))
    costs = [sum(map(int.__mul__, given_counts, some)) for some in every if sum(2.0**-n for n in some) <= 1]
    lengths = code_lengths(given_counts, 3)
    assert sum(map(int.__mul__, given_counts, lengths)) == min(costs)


def test_that_very_skewed_symbols_get_codes_of_limited_length() -> None:
    """Counts of Fibonacci make the deepest Huffman tree there is: 24 symbols, 23 bits."""
    fibonacci = [1, 1]
    while len(fibonacci) < 24:
        fibonacci.append(fibonacci[-1] + fibonacci[-2])
    assert max(code_lengths(fibonacci, 30)) == 23
    assert max(code_lengths(fibonacci)) == 15
    array = np.repeat(np.arange(1, 25, dtype=np.float32), fibonacci)
    np.random.default_rng(0).shuffle(array)
    assert same(decode(encode(array)), array)


SAMPLES = [
    np.random.default_rng(0).normal(size=30).astype(np.float32),
    np.random.default_rng(1).integers(0, 4, (20, 10)).astype(np.int8),
    np.where(np.random.default_rng(2).random(400) < 0.1, 1.5, 0.0),
]


@pytest.mark.parametrize("array", SAMPLES)
def test_that_a_byte_that_changed_or_is_missing_is_said(array: np.ndarray) -> None:
    frame = encode(array)
    for place in range(len(frame)):
        with pytest.raises(DecodeError):
            decode(frame[:place])
        with pytest.raises(DecodeError):
            decode(frame[:place] + bytes([frame[place] ^ 1 << place % 8]) + frame[place + 1 :])
    with pytest.raises(DecodeError):
        decode(frame + b"\0")


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SAMPLES), st.data())
def test_that_damage_with_a_right_checksum_gives_an_array_or_the_one_error(
    array: np.ndarray, data: st.DataObject
) -> None:
    body = bytearray(encode(array)[:-4])
    for place in data.draw(st.lists(st.integers(0, len(body) - 1), min_size=1, max_size=3)):
        body[place] = data.draw(st.integers(0, 255))
    decoded_or_refused(bytes(body))


@settings(max_examples=300, deadline=None)
@given(st.binary(min_size=2, max_size=60))
def test_that_any_bytes_give_an_array_or_the_one_error(body: bytes) -> None:
    decoded_or_refused(body)


def decoded_or_refused(body: bytes) -> None:
    largest, pare_decode.LARGEST = pare_decode.LARGEST, 2**24
    try:
        assert isinstance(decode(body + struct.pack("<I", zlib.crc32(body))), np.ndarray)
    except DecodeError:
        pass
    finally:
        pare_decode.LARGEST = largest


def test_that_half_a_million_weights_take_less_than_a_second_each_way() -> None:
    random = np.random.default_rng(0)
    array = random.normal(size=500_000).round(1).astype(np.float32)
    start = time.process_time()
    frame = encode(array)
    between = time.process_time()
    assert same(decode(frame), array)
    assert between - start < 1
    assert time.process_time() - between < 1


def all_of(content: bytes) -> dict[str, np.ndarray]:
    return {name: decode(frame) for name, frame in read(content)[1].items()}


def a_file() -> tuple[bytes, dict[str, np.ndarray]]:
    arrays = {"conv.weight": SAMPLES[0], "file": SAMPLES[1], "层.bias": SAMPLES[2], "allow_pickle": np.array(3)}
    return write(HEADER, {name: encode(array) for name, array in arrays.items()}), arrays


def test_that_a_file_holds_its_tensors_in_order_and_what_the_header_says() -> None:
    content, arrays = a_file()
    header, frames = read(content)
    assert header["network"] == HEADER["network"]
    assert list(frames) == list(arrays)
    assert all(same(decode(frames[name]), array) for name, array in arrays.items())


def test_that_a_damaged_file_is_said() -> None:
    content, arrays = a_file()
    assert all_of(content).keys() == arrays.keys()
    for place in range(0, len(content), 3):
        for damaged in (content[:place], content[:place] + bytes([content[place] ^ 16]) + content[place + 1 :]):
            with pytest.raises(DecodeError):
                all_of(damaged)
    for other in (b"", b"PARE", b"PK\x03\x04 something else", content + b"\0"):
        with pytest.raises(DecodeError):
            read(other)


def test_that_the_decoder_needs_nothing_but_python_and_numpy() -> None:
    tree = ast.parse(DECODER.read_text(encoding="utf-8"))
    names = {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    packages = {name.split(".")[0] for name in names}
    assert packages - set(sys.stdlib_module_names) == {"numpy"}


def test_that_the_decoder_alone_in_a_folder_reads_a_file(tmp_path: Path) -> None:
    content, arrays = a_file()
    halves = np.array([1.5, -2.0], np.float32)
    frames = {**read(content)[1], "half": encode((halves.view(np.uint32) >> 16).astype(np.uint16))}
    (tmp_path / "网 one.encoded").write_bytes(write({**HEADER, "bfloat16": ["half"]}, frames))
    shutil.copy(DECODER, tmp_path)
    ran = alone(tmp_path, "网 one.encoded", "out.npz")
    assert ran.returncode == 0, ran.stderr
    assert "conv.weight float32 30" in ran.stdout
    with np.load(tmp_path / "out.npz") as found:
        assert set(found.files) == {*arrays, "half"}
        assert all(same(found[name], array) for name, array in arrays.items())
        assert same(found["half"], halves)


def test_that_the_decoder_says_in_one_line_what_it_can_not_read(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"something else")
    shutil.copy(DECODER, tmp_path)
    for name in ("other", "missing"):
        ran = alone(tmp_path, name)
        assert ran.returncode == 2
        assert len(ran.stderr.splitlines()) == 1


def alone(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-X", "utf8", DECODER.name, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", timeout=60, check=False)

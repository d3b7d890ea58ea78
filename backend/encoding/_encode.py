"""The encoder. What it writes is described where it is read: in :mod:`backend.encoding.pare_decode`."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from backend.encoding.pare_decode import CODEBOOK, LONGEST, MAGIC, SPARSE, TYPES

LARGEST_BOOK = 256
"""Values of the largest codebook; a symbol is a byte."""
LARGEST_GAP = 255
SAMPLE = 2**16
CHUNK = 2**20


def encode(array: np.ndarray) -> bytes:
    """Write ``array`` without loss, in the smallest of four ways: only what is not zero or all, by a codebook or not.

    Deep Compression (Han et al. 2016), section 4. Zero is what has no bit set; −0.0 is a value like others.

    Args:
        array: any shape, a type of ``TYPES``.

    Raises:
        ValueError: its type is another.
    """
    kind = TYPES.index(array.dtype.name)
    values = array.reshape(-1).astype(array.dtype.newbyteorder("<"), copy=False)
    bits = values.view(f"<u{values.dtype.itemsize}")
    ways = _ways(bits, kind, b"")
    places = np.flatnonzero(bits)
    if len(places) < len(bits):
        ways += _ways(bits[places], kind | SPARSE, _gaps(places))
    flags, rest = min(ways, key=lambda way: len(way[1]))
    body = bytes([flags]) + b"".join(map(number, (array.ndim, *array.shape))) + rest
    return body + struct.pack("<I", zlib.crc32(body))


def write(header: Mapping[str, Any], frames: Mapping[str, bytes]) -> bytes:
    """A file of tensors.

    Args:
        header: what JSON can hold beside the names; ``bfloat16`` lists the tensors that are halves of float32.
        frames: name → what :func:`encode` gave.
    """
    text = json.dumps({**header, "tensors": list(frames)}, separators=(",", ":"), ensure_ascii=False)
    packed = zlib.compress(text.encode(), 9)
    parts = [part for frame in frames.values() for part in (number(len(frame)), frame)]
    return b"".join([MAGIC, number(len(packed)), packed, *parts])


def number(value: int) -> bytes:
    """Seven bits a byte, the lowest first."""
    parts = bytearray()
    while value >= 128:
        parts.append(value & 127 | 128)
        value >>= 7
    return bytes([*parts, value])


def code_lengths(counts: Sequence[int], longest: int = LONGEST) -> list[int]:
    """Bits of each symbol's code, at most ``longest``: the fewest in all (package-merge, Larmore and Hirschberg 1990).

    Args:
        counts: how often each symbol occurs; 0 gets no code, a single one that occurs a code of one bit.
        longest: 2^longest symbols can be told apart.
    """
    alone = sorted((count, (symbol,)) for symbol, count in enumerate(counts) if count)
    lengths = [0] * len(counts)
    if len(alone) == 1:
        lengths[alone[0][1][0]] = 1
        return lengths
    merged: list[tuple[int, tuple[int, ...]]] = []
    for _ in range(longest):
        pairs = zip(merged[::2], merged[1::2], strict=False)
        merged = sorted([*alone, *((a + b, first + second) for (a, first), (b, second) in pairs)])
    for _, symbols in merged[: 2 * len(alone) - 2]:
        for symbol in symbols:
            lengths[symbol] += 1
    return lengths


def _ways(bits: np.ndarray, flags: int, before: bytes) -> list[tuple[int, bytes]]:
    """Stored values as they are, and by a codebook where there are few different ones."""
    ways = [(flags, before + bits.tobytes())]
    if len(np.unique(bits[:SAMPLE])) > LARGEST_BOOK:
        return ways
    book, places = np.unique(bits, return_inverse=True)
    if len(book) <= LARGEST_BOOK:
        codes = _huffman(places, len(book)) if len(book) > 1 else b""
        ways.append((flags | CODEBOOK, before + number(len(book)) + book.tobytes() + codes))
    return ways


def _gaps(places: np.ndarray) -> bytes:
    """The zeros before each of ``places`` (ascending). Long gaps are cut at about three times the mean."""
    gaps = np.diff(places, prepend=-1) - 1
    mean = int(gaps.mean()) if len(gaps) else 0
    skip = min(LARGEST_GAP, (1 << (3 * mean).bit_length()) - 1 | 1)
    skips, rest = np.divmod(gaps, skip)
    ends = np.cumsum(skips + 1)
    symbols = np.full(ends[-1] if len(ends) else 0, skip)
    symbols[ends - 1] = rest
    return number(len(symbols)) + _huffman(symbols, skip + 1)


def _huffman(symbols: np.ndarray, alphabet: int) -> bytes:
    """The lengths of the codes, and the codes."""
    lengths = np.array(code_lengths(np.bincount(symbols, minlength=alphabet).tolist()), np.int64)
    halves = np.pad(lengths, (0, alphabet % 2)).reshape(-1, 2)
    stream = _codes(symbols, lengths) if np.count_nonzero(lengths) > 1 else b""
    table = (halves[:, 0] | halves[:, 1] << 4).astype(np.uint8).tobytes()
    return number(alphabet) + table + number(len(stream)) + stream


def _codes(symbols: np.ndarray, lengths: np.ndarray) -> bytes:
    """Each symbol's canonical code, the highest bit first."""
    order = np.argsort(lengths, kind="stable")
    spans = np.where(lengths[order] > 0, 1 << (LONGEST - lengths[order]), 0)
    codes = np.empty_like(lengths)
    codes[order] = np.cumsum(spans) - spans
    parts, rest = [], np.zeros(0, np.uint8)
    for first in range(0, len(symbols), CHUNK):
        chunk = symbols[first : first + CHUNK]
        bits = np.concatenate([rest, _bits(codes[chunk], lengths[chunk])])
        whole = len(bits) & -8
        parts.append(np.packbits(bits[:whole]).tobytes())
        rest = bits[whole:]
    return b"".join([*parts, np.packbits(rest).tobytes()])


def _bits(codes: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The first ``lengths`` bits of each of ``codes``, which are 15 bits wide, one after the other."""
    starts = np.cumsum(lengths) - lengths
    bits = np.zeros(int(lengths.sum()), np.uint8)
    for place in range(int(lengths.max(initial=0))):
        long = lengths > place
        bits[starts[long] + place] = codes[long] >> (LONGEST - 1 - place) & 1
    return bits

"""Reads files that Pare exported as *encoded*. This one file is the whole decoder; it needs numpy alone.

    python pare_decode.py FILE.encoded              lists the tensors
    python pare_decode.py FILE.encoded OUTPUT.npz   writes them for numpy.load
    arrays = pare_decode.load("FILE.encoded")       name → array, bit for bit what the network holds

A *number* is written seven bits a byte, the lowest first; the eighth bit says that more follow. Everything
of more than one byte is little-endian.

A file is ``PARE`` and the byte 1, the length of a header and the header (JSON, zlib), then every tensor of its
list ``tensors``: a length and that many bytes. Names in its list ``bfloat16`` are the upper halves of float32.

A tensor is

1. a byte: the place of its type in ``TYPES``, + 16 if only some elements are stored (the others are zero),
   + 32 if values come from a codebook;
2. the number of dimensions, and each of them;
3. if only some elements are stored: how many gaps, and the gaps as Huffman codes. A gap is the count of zeros
   before the next stored element, in row-major order; the largest symbol s stands for s zeros and no element;
4. with a codebook: how many values it has, the values, and for each element its place as a Huffman code
   (nothing if there is one value or none). Else the values themselves;
5. the CRC-32 of all that.

Huffman codes are how many symbols there are, the length of each symbol's code in four bits (0: does not occur),
the lower half of a byte first, then a number of bytes that hold the codes, the highest bit first. Codes are
canonical: ordered by length, then by symbol. Where a single symbol occurs, there are no bytes.

A weight R in few bits is several tensors; :func:`load` gives R itself (float32). The header's ``packed`` says how:
``{"conv2.weight": {"kind": …, "shape": …, "tensors": …}}``. ``tensors`` stand under ``conv2.packed_…``:

- ``blocks``: R = S · (Q − Z);
- ``normal_float``: R = S · levels[Q], where ``levels`` is in the header;
- ``stored``: R = values, in a float type of 16 bits.

Q are the integers of ``bits`` bits in ``codes``, one after the other, the lowest bit first (and the lowest bit of
a byte first), in the rows and columns of ``matrix``. S is ``scales``: one for each ``group`` consecutive weights of a
row (the last group of a row may be shorter), or one in all where ``group`` is null. Z is ``zero_points``, laid
out like S, or the header's ``zero_point``. All computation is in float32, and R gets the shape ``shape``.
"""

from __future__ import annotations

import json
import math
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

MAGIC = b"PARE\x01"
TYPES = (
    *("bool", "uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64"),
    *("float16", "float32", "float64", "complex64"),
)
SPARSE, CODEBOOK = 16, 32
LONGEST = 15
"""Bits of the longest Huffman code."""
LARGEST = 2**34
"""Bytes of a tensor; a file that tells of a larger one is damaged."""
CHUNK = 2**17
"""Bytes of codes that are looked at in one go."""


class DecodeError(ValueError):
    """What was read is not what Pare wrote."""


def load(path: str | Path) -> dict[str, np.ndarray]:
    """Name → array, of a file that Pare exported as *encoded*. bfloat16 becomes float32, which holds the same.

    Raises:
        DecodeError: the file is damaged, or was not written by Pare.
        OSError: it can't be read.
    """
    header, frames = read(Path(path).read_bytes())
    arrays = {name: decode(frame) for name, frame in frames.items()}
    for name in header["bfloat16"]:
        arrays[name] = (arrays[name].astype("<u4") << 16).view("<f4")
    try:
        for name, code in header.get("packed", {}).items():
            if code["kind"] in CODES:
                tensors = {key: arrays.pop(name.removesuffix("weight") + f"packed_{key}") for key in code["tensors"]}
                arrays[name] = CODES[code["kind"]](tensors, code).reshape(code["shape"])
    except (ValueError, LookupError, TypeError, AttributeError, MemoryError) as error:
        raise _damaged() from error
    return arrays


def _blocks(tensors: Mapping[str, np.ndarray], code: Mapping[str, Any]) -> np.ndarray:
    zero_points = tensors.get("zero_points", np.float32(code.get("zero_point", 0)))
    levels = _integers(tensors, code).astype(np.float32) - _spread(zero_points, code)
    weight: np.ndarray = _spread(tensors["scales"], code) * levels
    return weight


def _normal_float(tensors: Mapping[str, np.ndarray], code: Mapping[str, Any]) -> np.ndarray:
    levels = np.array(code["levels"], np.float32)[_integers(tensors, code)]
    weight: np.ndarray = _spread(tensors["scales"], code) * levels
    return weight


def _stored(tensors: Mapping[str, np.ndarray], _: Mapping[str, Any]) -> np.ndarray:
    return tensors["values"].astype(np.float32)


CODES: Mapping[str, Callable[[Mapping[str, np.ndarray], Mapping[str, Any]], np.ndarray]] = {
    "blocks": _blocks,
    "normal_float": _normal_float,
    "stored": _stored,
}


def _integers(tensors: Mapping[str, np.ndarray], code: Mapping[str, Any]) -> np.ndarray:
    """Q, rows × columns."""
    (rows, columns), bits = code["matrix"], code["bits"]
    stream = np.unpackbits(tensors["codes"], bitorder="little")[: rows * columns * bits]
    return np.packbits(stream.reshape(-1, bits), axis=1, bitorder="little")[:, 0].reshape(rows, columns)


def _spread(values: np.ndarray | np.float32, code: Mapping[str, Any]) -> np.ndarray:
    """One value a block → one a weight; a value that all share stays one."""
    single = np.asarray(values, np.float32)
    if code["group"] is None or not single.ndim:
        return single
    columns = code["matrix"][1]
    return np.repeat(single, min(code["group"], columns), axis=1)[:, :columns]


def read(content: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The header of a file, and its tensors as :func:`decode` takes them.

    Raises:
        DecodeError: the content is damaged, or was not written by Pare.
    """
    if not content.startswith(MAGIC):
        raise DecodeError("This is no encoded file, or one of a newer Pare.")
    reader = _Reader(content, len(MAGIC))
    try:
        header = json.loads(zlib.decompress(reader.take(reader.number())))
        frames = {name: reader.take(reader.number()) for name in header["tensors"]}
        header["bfloat16"] = [name for name in header.get("bfloat16", ()) if name in frames]
    except (zlib.error, ValueError, KeyError, TypeError, MemoryError) as error:
        raise _damaged() from error
    reader.finish()
    return header, frames


def decode(frame: bytes) -> np.ndarray:
    """The array that was encoded.

    Raises:
        DecodeError: ``frame`` is not what the encoder wrote.
    """
    body = frame[:-4]
    if len(frame) < 6 or struct.pack("<I", zlib.crc32(body)) != frame[-4:]:
        raise _damaged()
    try:
        return _decode(_Reader(body, 0))
    except (ValueError, IndexError, MemoryError, OverflowError) as error:
        raise _damaged() from error


def _decode(reader: _Reader) -> np.ndarray:
    flags = reader.byte()
    dtype = np.dtype(TYPES[flags & 15]).newbyteorder("<")
    shape = [reader.number() for _ in range(reader.number())]
    count = math.prod(shape)
    if count * dtype.itemsize > LARGEST:
        raise _damaged()
    places = _places(reader, count) if flags & SPARSE else None
    stored = count if places is None else len(places)
    if flags & CODEBOOK:
        book = reader.array(dtype, reader.number())
        values = book[_symbols(reader, stored)] if len(book) > 1 else np.broadcast_to(book, stored)
    else:
        values = reader.array(dtype, stored)
    reader.finish()
    if places is not None:
        full = np.zeros(count, dtype)
        full[places] = values
        values = full
    return values.astype(dtype.newbyteorder("="), copy=True).reshape(shape)


def _places(reader: _Reader, count: int) -> np.ndarray:
    """Where elements are stored, among ``count``."""
    gaps, skip = _symbols_and_last(reader, reader.number())
    ends = np.cumsum(np.where(gaps == skip, gaps, gaps.astype(np.int64) + 1))
    places: np.ndarray = ends[gaps != skip] - 1
    if len(places) and places[-1] >= count:
        raise _damaged()
    return places


def _symbols(reader: _Reader, count: int) -> np.ndarray:
    return _symbols_and_last(reader, count)[0]


def _symbols_and_last(reader: _Reader, count: int) -> tuple[np.ndarray, int]:
    """``count`` Huffman-coded symbols, and the largest symbol there may be."""
    alphabet = reader.number()
    halves = np.frombuffer(reader.take(-(-alphabet // 2)), np.uint8)
    lengths = np.stack([halves & 15, halves >> 4], 1).reshape(-1)[:alphabet]
    used = np.flatnonzero(lengths)
    stream = reader.take(reader.number())
    if len(used) == 1:
        return np.full(count, used[0], np.uint8), alphabet - 1
    if not count:
        return np.zeros(0, np.uint8), alphabet - 1
    return _walk(stream, count, *_table(lengths)), alphabet - 1


def _table(lengths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each 15 bits that may come: the symbol they begin with, and the length of its code."""
    order = np.argsort(lengths, kind="stable")
    order = order[lengths[order] > 0]
    spans = 1 << (LONGEST - lengths[order].astype(np.int64))
    if len(lengths) > 256 or spans.sum() != 1 << LONGEST:
        raise _damaged()
    symbols = np.repeat(order.astype(np.uint8), spans)
    return symbols, lengths[symbols]


def _walk(stream: bytes, count: int, symbols: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Decode ``count`` codes: look up what would begin at every bit, then go from code to code."""
    if count > 8 * len(stream):
        raise _damaged()
    data = np.frombuffer(stream + bytes(2), np.uint8).astype(np.int32)
    shifts = np.arange(9, 1, -1)
    parts: list[np.ndarray] = []
    bit, left = 0, count
    for first in range(0, len(stream), CHUNK):
        part = data[first : first + CHUNK + 2]
        words = (part[:-2] << 16) | (part[1:-1] << 8) | part[2:]
        windows = ((words[:, None] >> shifts) & ((1 << LONGEST) - 1)).reshape(-1)
        following = (np.arange(len(windows)) + lengths[windows]).tolist()
        starts = []
        while bit < len(windows):
            starts.append(bit)
            bit = following[bit]
        if len(starts) >= left:
            if 8 * first + following[starts[left - 1]] > 8 * len(stream):
                raise _damaged()
            return np.concatenate([*parts, symbols[windows[starts[:left]]]])
        parts.append(symbols[windows[starts]])
        left -= len(starts)
        bit -= len(windows)
    raise _damaged()


class _Reader:
    """Takes bytes one after the other, and no more than there are."""

    def __init__(self, data: bytes, place: int) -> None:
        self._data, self._place = data, place

    def take(self, count: int) -> bytes:
        if count > len(self._data) - self._place:
            raise _damaged()
        self._place += count
        return self._data[self._place - count : self._place]

    def byte(self) -> int:
        return self.take(1)[0]

    def number(self) -> int:
        value = 0
        for shift in range(0, 63, 7):
            byte = self.byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
        raise _damaged()

    def array(self, dtype: np.dtype[Any], count: int) -> np.ndarray:
        return np.frombuffer(self.take(count * dtype.itemsize), dtype)

    def finish(self) -> None:
        if self._place != len(self._data):
            raise _damaged()


def _damaged() -> DecodeError:
    return DecodeError("This is damaged: it is not what Pare wrote.")


def save(arrays: Mapping[str, np.ndarray], path: str | Path) -> None:
    """Write an .npz; numpy.savez takes names for its own arguments."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                np.lib.format.write_array(file, array, allow_pickle=False)


def main(arguments: list[str]) -> int:
    """List the tensors of a file, or write them as .npz."""
    if len(arguments) not in (1, 2):
        print(__doc__)
        return 2
    try:
        arrays = load(arguments[0])
        if len(arguments) == 2:
            save(arrays, arguments[1])
    except (DecodeError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    for name, array in arrays.items():
        print(name, array.dtype, "×".join(map(str, array.shape)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

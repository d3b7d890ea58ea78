"""A run as TensorBoard's event file: curves, figures of each stage, the recipe as text.

The file is a row of TFRecords: length (8 bytes, little-endian), its masked CRC-32C, an Event in protobuf's wire
format, and the masked CRC-32C of that. Only the few fields that are needed are written here, so TensorBoard itself
need not be installed. Neither torch nor Qt is imported.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from backend.engine.protocol import decode_event
from backend.errors import CompressionError, msg
from backend.events import Event, Measured, Metric, StageStarted
from backend.files import writing
from backend.recipe import yaml_from_data
from backend.workspace import EVENTS, RECIPE, read_result

FOLDER = "tensorboard"
FIGURES = ("accuracy", "validation_accuracy", "loss", "parameters", "sparsity", "macs", "size_bytes")
"""Of M, one curve each over the stages; step 0 is the original network."""


def write_events(run: Path) -> Path:
    """Write the event file of the run in ``run``, in the place of an earlier one; gives its path.

    Raises:
        CompressionError: the folder holds no run, or it can't be written to.
    """
    try:
        lines = (run / EVENTS).read_bytes().splitlines()
        changed = (run / EVENTS).stat().st_mtime
    except OSError as error:
        raise CompressionError(
            msg("There is no run in {path}.", path=str(run)), msg("Choose the folder of a run.")
        ) from error
    events = [(seconds, event) for line in lines for seconds, event in _decoded(line)]
    began = changed - max((seconds for seconds, _ in events), default=0.0)
    file = run / FOLDER / f"events.out.tfevents.{int(began)}.pare"
    with writing(file) as part, part.open("wb") as target:
        target.write(_record(_event(began, 0, _text_field(3, "brain.Event:2"))))
        for seconds, step, value in _values(events, run):
            target.write(_record(_event(began + seconds, step, _field(5, _field(1, value)))))
    return file


def _decoded(line: bytes) -> Iterator[tuple[float, Event]]:
    """The event of a line of the journal; nothing where a killed run left half a line."""
    try:
        _, seconds, event = decode_event(line)
    except (ValueError, KeyError, TypeError):
        return
    yield seconds, event


def _values(events: list[tuple[float, Event]], run: Path) -> Iterator[tuple[float, int, bytes]]:
    """Seconds, step and Summary.Value of everything worth drawing. Steps count on from stage to stage."""
    for tag, text in _texts(run):
        yield 0.0, 0, _text(tag, text)
    reached, offset, stage = 0, 0, None
    for seconds, event in _standing(events):
        match event:
            case Metric(at_stage, name, at, value) if isinstance(value, (int, float)):
                if at_stage != stage:
                    stage, offset = at_stage, reached
                reached = max(reached, offset + round(at))
                yield seconds, offset + round(at), _scalar(f"curves/{name}", value)
            case Measured(at_stage, metrics):
                for name in FIGURES:
                    if isinstance(figure := metrics.get(name), (int, float)):
                        yield seconds, at_stage + 1, _scalar(f"stages/{name}", figure)
    latency = _latency(read_result(run) or {})
    yield from ((0.0, step, _scalar("stages/latency_ms", value)) for step, value in latency)


def _standing(events: list[tuple[float, Event]]) -> list[tuple[float, Event]]:
    """``events`` without the points of stages that were stopped and told them again."""
    kept: list[tuple[float, Event]] = []
    for seconds, event in events:
        if isinstance(event, StageStarted) and event.stage >= 0:
            reached = event.stage, event.done
            kept = [(s, e) for s, e in kept if not isinstance(e, Metric) or (e.stage, e.at) <= reached]
        kept.append((seconds, event))
    return kept


def _latency(result: Mapping[str, Any]) -> list[tuple[int, float]]:
    """Of the original and of the result, which are timed in turns after the last stage."""
    places = ((0, "baseline"), (len(result.get("stages") or []), "final"))
    found = [(step, (result.get(name) or {}).get("latency_ms")) for step, name in places]
    return [(step, times["median"]) for step, times in found if isinstance(times, Mapping) and "median" in times]


def _texts(run: Path) -> Iterator[tuple[str, str]]:
    result = read_result(run)
    try:
        yield "recipe", _as_code((run / RECIPE).read_text(encoding="utf-8"))
    except OSError:
        pass  # a run that failed before its first stage kept none
    if result is not None and result.get("environment"):
        yield "environment", _as_code(yaml_from_data(json.loads(json.dumps(result["environment"]))))


def _as_code(text: str) -> str:
    """TensorBoard shows texts as Markdown."""
    return "".join(f"    {line}\n" for line in text.splitlines())


# Protobuf's wire format: a key (field number and wire type), then a varint, 4 or 8 bytes, or a length and bytes


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    made = bytearray()
    while value > 0x7F:
        made.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*made, value])


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _text_field(number: int, text: str) -> bytes:
    return _field(number, text.encode())


def _event(wall_time: float, step: int, rest: bytes) -> bytes:
    """Event: wall_time = 1 (double), step = 2 (int64); ``rest`` is file_version = 3 or summary = 5."""
    return struct.pack("<Bd", 1 << 3 | 1, wall_time) + _varint(2 << 3) + _varint(step) + rest


def _scalar(tag: str, value: float) -> bytes:
    """Summary.Value: tag = 1, simple_value = 2 (float)."""
    return _text_field(1, tag) + struct.pack("<Bf", 2 << 3 | 5, value)


def _text(tag: str, text: str) -> bytes:
    """Summary.Value: tag = 1, tensor = 8 (DT_STRING = 7, one string), metadata = 9 of the plugin "text"."""
    shape = _field(2, _field(2, _varint(1 << 3) + _varint(1)))
    tensor = _varint(1 << 3) + _varint(7) + shape + _text_field(8, text)
    return _text_field(1, f"{tag}/text_summary") + _field(9, _field(1, _text_field(1, "text"))) + _field(8, tensor)


def _record(data: bytes) -> bytes:
    length = struct.pack("<Q", len(data))
    return length + struct.pack("<I", _masked(length)) + data + struct.pack("<I", _masked(data))


def _masked(data: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ _TABLE[(crc ^ byte) & 0xFF]
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def _entry(value: int) -> int:
    for _ in range(8):
        value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)  # Castagnoli's polynomial, reversed
    return value


_TABLE = tuple(_entry(value) for value in range(256))

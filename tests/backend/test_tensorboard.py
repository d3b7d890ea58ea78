"""TensorBoard's event files, read back by a parser of the format that shares nothing with the writer."""

from __future__ import annotations

import binascii
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backend.engine.protocol import encode_event
from backend.errors import CompressionError
from backend.events import Event, Measured, Metric, StageStarted
from backend.recipe import Recipe
from backend.tensorboard import write_events
from tests.backend.conftest import carried_out


def crc32c(data: bytes) -> int:
    """Bit by bit, from the definition: Castagnoli's polynomial 0x1EDC6F41, reflected in and out."""
    crc = 0xFFFFFFFF
    for byte in data:
        for bit in range(8):
            top = (crc >> 31) ^ (byte >> bit & 1)
            crc = (crc << 1 & 0xFFFFFFFF) ^ (0x1EDC6F41 if top else 0)
    crc ^= 0xFFFFFFFF
    return int(f"{crc:032b}"[::-1], 2)


def unmasked(masked: int) -> int:
    value = (masked - 0xA282EAD8) & 0xFFFFFFFF
    return (value >> 17 | value << 15) & 0xFFFFFFFF


def records(content: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(content):
        header, (length, length_crc) = content[at : at + 8], struct.unpack_from("<QI", content, at)
        data = content[at + 12 : at + 12 + length]
        (data_crc,) = struct.unpack_from("<I", content, at + 12 + length)
        assert unmasked(length_crc) == crc32c(header)
        assert unmasked(data_crc) == crc32c(data)
        yield data
        at += 16 + length


def fields(message: bytes) -> dict[int, list[Any]]:
    """Field number → values, of protobuf's wire format."""
    found: dict[int, list[Any]] = {}
    at = 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(message):
        key = varint()
        match key & 7:
            case 0:
                value: Any = varint()
            case 1:
                (value,) = struct.unpack_from("<d", message, at)
                at += 8
            case 5:
                (value,) = struct.unpack_from("<f", message, at)
                at += 4
            case 2:
                size = varint()
                value = message[at : at + size]
                at += size
            case wire:
                raise AssertionError(wire)
        found.setdefault(key >> 3, []).append(value)
    return found


def read(file: Path) -> tuple[dict[str, list[tuple[int, float]]], dict[str, str], list[float]]:
    """Tag → (step, value) of scalars, tag → text, and every wall time."""
    scalars: dict[str, list[tuple[int, float]]] = {}
    texts: dict[str, str] = {}
    times = []
    events = [fields(data) for data in records(file.read_bytes())]
    assert events[0][3] == [b"brain.Event:2"]
    for event in events[1:]:
        times.append(event[1][0])
        value = fields(fields(event[5][0])[1][0])
        tag = value[1][0].decode()
        if 2 in value:
            scalars.setdefault(tag, []).append((event[2][0], value[2][0]))
        else:
            tensor = fields(value[8][0])
            assert tensor[1] == [7], "DT_STRING"
            assert fields(fields(value[9][0])[1][0])[1] == [b"text"], "the plugin that shows it"
            texts[tag] = tensor[8][0].decode()
    return scalars, texts, times


def journal(run: Path, *events: tuple[float, Event]) -> None:
    run.mkdir(parents=True)
    lines = [encode_event(run.name, i, seconds, event) for i, (seconds, event) in enumerate(events)]
    (run / "events.jsonl").write_text("\n".join(lines) + '\n{"half a li', encoding="utf-8")


def test_that_the_checksum_is_castagnolis() -> None:
    assert crc32c(b"123456789") == 0xE3069283, "the check value of the catalogue of CRCs"
    assert binascii.crc32(b"123456789") != crc32c(b"123456789")


def test_that_curves_go_on_from_stage_to_stage_and_figures_stand_per_stage(tmp_path: Path) -> None:
    run = tmp_path / "运行 1"
    journal(
        run,
        (0.5, Measured(-1, {"accuracy": 98.5, "size_bytes": 200_000, "layers": []})),
        (1.0, StageStarted(0, "Fine-tune")),
        (1.5, Metric(0, "loss", 1, 2.25)),
        (2.0, Metric(0, "loss", 300, 0.5)),
        (2.5, Metric(1, "loss", 2, 0.25)),
        (3.0, Metric(1, "accuracy", 2, float("nan"))),
        (4.0, Measured(0, {"accuracy": 97.25, "size_bytes": 50_000, "layers": []})),
    )
    file = write_events(run)
    assert file.parent == run / "tensorboard"
    assert file.name.startswith("events.out.tfevents.")
    scalars, texts, times = read(file)
    assert scalars["curves/loss"] == [(1, 2.25), (300, 0.5), (302, 0.25)]
    assert scalars["stages/accuracy"] == [(0, 98.5), (1, 97.25)]
    assert scalars["stages/size_bytes"] == [(0, 200_000), (1, 50_000)]
    assert "curves/accuracy" not in scalars
    assert texts == {}
    assert times == sorted(times)
    assert times[-1] - times[0] == pytest.approx(3.5)


def test_that_a_real_run_is_written_with_its_recipe_and_latency(recipe: Recipe, tmp_path: Path) -> None:
    events = carried_out(recipe, tmp_path / "run")
    scalars, texts, _ = read(write_events(tmp_path / "run"))
    told = [event for event in events if isinstance(event, Metric) and event.name == "loss"]
    assert len(scalars["curves/loss"]) == len(told)
    steps = [step for step, _ in scalars["curves/loss"]]
    assert steps == sorted(steps)
    final = next(event.metrics for event in reversed(events) if isinstance(event, Measured))
    assert scalars["stages/accuracy"][-1] == (4, pytest.approx(final["accuracy"], rel=1e-6))
    assert [step for step, _ in scalars["stages/latency_ms"]] == [0, 4]
    assert "    name: blobs\n" in texts["recipe/text_summary"]
    assert "torch" in texts["environment/text_summary"]


def test_that_writing_again_replaces_the_file(tmp_path: Path) -> None:
    run = tmp_path / "run"
    journal(run, (1.0, Metric(0, "loss", 1, 2.0)))
    assert write_events(run) == write_events(run)
    assert len(list((run / "tensorboard").iterdir())) == 1


def test_that_a_folder_without_a_run_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CompressionError, match="no run"):
        write_events(tmp_path)

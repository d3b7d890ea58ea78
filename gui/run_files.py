"""Reads what a run wrote: its events and its result."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backend.events import Event, Metric, from_data


def read_events(file: Path) -> list[tuple[str, float, Event]]:
    """Every event of a journal but its progress; lines that can't be read are passed over."""
    events = []
    try:
        lines = file.read_bytes().splitlines()
    except OSError:
        return []
    for line in lines:
        if b'"kind": "progress"' in line:
            continue  # half of a long run's lines; how far it once was says nothing any more
        try:
            events.append(_decoded(line))
        except (ValueError, KeyError, TypeError):
            continue
    return events


def _decoded(line: bytes) -> tuple[str, float, Event]:
    """As decode_event, with a short way for the lines that long runs have by the ten thousand."""
    data = json.loads(line)
    if data["kind"] == "metric":
        return data["job"], data["time"], Metric(data["stage"], data["name"], data["at"], data["value"])
    return data["job"], data["time"], from_data(data)


def read_result(file: Path) -> Mapping[str, Any] | None:
    """result.json, None where there is none or it is damaged."""
    try:
        result = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return result if isinstance(result, dict) else None

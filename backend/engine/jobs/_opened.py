"""The network that questions are about, kept so that it is read once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from backend.models import open_network
from backend.network import Network
from backend.recipe import ModelSpec


def opened(spec: ModelSpec, folder: Path, allowed: Mapping[str, str]) -> Network:
    """The network ``spec`` names; the last one asked for is kept. Questions only read it."""
    files = [folder / name for name in (spec.weights, spec.file) if name]
    changed = [file.stat().st_mtime_ns if file.is_file() else 0 for file in files]
    return _read(json.dumps([spec.to_data(), str(folder), dict(allowed), changed], sort_keys=True))


@lru_cache(maxsize=1)
def _read(key: str) -> Network:
    spec, folder, allowed, _ = json.loads(key)
    return open_network(ModelSpec.from_data(spec), Path(folder), allowed=allowed)

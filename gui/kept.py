"""What is kept from one start to the next: the files opened last, and the engine's methods."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import platformdirs
from PySide6.QtCore import QSettings

from backend import __version__
from backend.description import Catalogue
from backend.errors import CompressionError
from backend.files import write_json

RECENT = 8


def recent() -> list[Path]:
    """Files opened before that still exist, the latest first."""
    paths = [Path(text) for text in _recent_texts()]
    return [path for path in paths if path.exists()]


def remember(path: Path) -> None:
    """Put ``path`` first among the recent files."""
    texts = [str(path.resolve()), *(t for t in _recent_texts() if t != str(path.resolve()))]
    QSettings().setValue("recent", json.dumps(texts[:RECENT]))


def _recent_texts() -> list[str]:
    try:
        texts = json.loads(str(QSettings().value("recent", "[]")))
    except ValueError:
        return []
    return [t for t in texts if isinstance(t, str)] if isinstance(texts, list) else []


def _catalogue_file() -> Path:
    return Path(platformdirs.user_cache_dir("Pare", False)) / f"methods-{__version__}.json"


def cached_catalogue() -> Catalogue | None:
    """The methods as the engine named them last time; None where nothing usable was kept."""
    try:
        return Catalogue.from_data(json.loads(_catalogue_file().read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def keep_catalogue(methods: list[Mapping[str, Any]]) -> None:
    """Keep the methods for the next start; where that fails, the next start waits for the engine."""
    try:
        write_json(_catalogue_file(), list(methods))
    except CompressionError:
        return

"""Where data sets lie, and the sentence for one that does not."""

from __future__ import annotations

from pathlib import Path

import platformdirs

from backend.errors import CompressionError, msg


def cache() -> Path:
    """The folder that downloads go to."""
    return Path(platformdirs.user_cache_dir("Pare", appauthor=False)) / "datasets"


def absent(folder: Path, names: str) -> CompressionError:
    """What is missing in a folder that was named."""
    if folder.is_dir() and not any(folder.iterdir()):
        return CompressionError(
            msg("The folder {path} is empty.", path=str(folder)),
            msg("Choose the folder that holds {names}, or remove root to download the data.", names=names),
        )
    return CompressionError(
        msg("{path} does not hold {names}.", path=str(folder), names=names),
        msg("Choose the folder that holds these files, or remove root to download the data."),
    )

"""Where a path of the recipe leads."""

from __future__ import annotations

from pathlib import Path

from backend.errors import CompressionError, msg
from resources.paths import resource


def found(name: str, folder: Path) -> Path:
    """The existing file or folder that ``name`` means: relative to ``folder``, then to resources/.

    Raises:
        CompressionError: there is neither.
    """
    for candidate in (folder / Path(name).expanduser(), resource(name)):
        if candidate.exists():
            return candidate.resolve()
    raise CompressionError(
        msg("There is no {path}.", path=str(folder / name)),
        msg("Check the name; paths are relative to the folder of the recipe."),
    )

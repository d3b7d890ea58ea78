"""Where a path of the recipe leads."""

from __future__ import annotations

from pathlib import Path

from backend.errors import CompressionError, msg
from resources.paths import resource


def unreadable(error: OSError, otherwise: Path) -> CompressionError:
    """The sentence for an OSError met while reading; ``otherwise`` is named where the error names no file."""
    return CompressionError(
        msg("Pare can't read {path}: {reason}.", path=str(error.filename or otherwise),
            reason=error.strerror or type(error).__name__),
        msg("Choose a file or folder that you may read."),
        details=str(error),
    )  # fmt: skip


def found(name: str, folder: Path) -> Path:
    """The existing file or folder that ``name`` means: relative to ``folder``, then to resources/.

    Raises:
        CompressionError: there is neither, or it may not be read.
    """
    for candidate in (folder / Path(name).expanduser(), resource(name)):
        try:
            if candidate.exists():
                return candidate.resolve()
        except OSError as error:
            raise unreadable(error, candidate) from error
    raise CompressionError(
        msg("There is no {path}.", path=str(folder / name)),
        msg("Check the name; paths are relative to the folder of the recipe."),
    )

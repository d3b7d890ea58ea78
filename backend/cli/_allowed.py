"""--allow-code FILE: consent to run a Python file, bound to what stands in it now."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from backend.errors import CompressionError, msg
from backend.files import sha256


def allowed(files: Iterable[Path]) -> dict[str, str]:
    """Resolved path → SHA-256 of each file.

    Raises:
        CompressionError: a file does not exist.
    """
    found: dict[str, str] = {}
    for file in files:
        if not file.is_file():
            raise CompressionError(
                msg("--allow-code names {file}, which is no file.", file=str(file)), msg("Check the name.")
            )
        found[str(file.resolve())] = sha256(file)
    return found

"""How a command ends: its exit code, and the lines that say what went wrong."""

from __future__ import annotations

import os
import sys
import tempfile

from backend.errors import CompressionError, RecipeError
from backend.events import Failed

DONE, DEFECT, REPAIRABLE, CANCELLED = 0, 1, 2, 130


def tell(error: CompressionError) -> None:
    """One line with what happened, one with the repair."""
    line = f"line {error.line}: " if isinstance(error, RecipeError) and error.line else ""
    print(f"pare: {line}{error.message}", file=sys.stderr)
    if error.hint is not None:
        print(f"      {error.hint}", file=sys.stderr)


def tell_failed(failed: Failed) -> int:
    """Say what went wrong, and for a defect where its details were written; returns the exit code."""
    if failed.repairable:
        tell(RecipeError(failed.message, failed.hint, line=failed.line))
        return REPAIRABLE
    handle, path = tempfile.mkstemp(prefix="pare-", suffix=".txt", text=True)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(failed.details)
    print(f"pare: {failed.message}", file=sys.stderr)
    print(f"      Report it with the details in {path}", file=sys.stderr)
    return DEFECT

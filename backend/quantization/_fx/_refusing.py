"""What torch.ao does not manage is a sentence for the person, with torch's own words in the details."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from backend.errors import CompressionError, msg


@contextmanager
def refusing() -> Iterator[None]:
    """Turn errors of torch's into a refusal.

    Raises:
        CompressionError: torch raised, but for lack of memory.
    """
    try:
        yield
    except (RuntimeError, TypeError, ValueError, AttributeError, AssertionError, KeyError, IndexError) as error:
        if "memory" in str(error):
            raise
        words = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
        raise CompressionError(
            msg("torch can't put this network on int8 kernels: {words}.", words=words),
            msg("Keep the layers it concerns in float, or choose dynamic int8 or weight-only."),
            details=traceback.format_exc(),
        ) from error

"""Files by which the engine hands over what is too long for the pipe."""

from __future__ import annotations

import itertools
import shutil
import tempfile
import weakref
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


class ArrayFiles:
    """Names for such files in a folder of their own, which goes when this does."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._numbers = itertools.count(1)

    def new(self) -> str:
        """A name that no other question has."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="pare-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        return str(self._folder / f"{next(self._numbers)}.npy")

    def take(self, name: str) -> NDArray[np.float32]:
        """What stands in the file ``name``, which is removed, and with it those of earlier questions.

        The engine answers in order: nobody asks for those any more.

        Raises:
            OSError: it can't be read.
            ValueError: it holds something else, or has no name of :meth:`new`.
        """
        file = Path(name)
        if self._folder is None or file.parent != self._folder:
            raise ValueError(name)
        found: NDArray[np.float32] = np.load(file, allow_pickle=False)
        for other in self._folder.glob("*.npy"):
            if int(other.stem) <= int(file.stem):
                with suppress(OSError):
                    other.unlink()
        return found

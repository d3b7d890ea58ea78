"""What a network answered for every test image, as a file, and what two such files say of each other.

The engine writes them, the window reads them: NumPy alone, no torch. They lie in ``predictions/`` of a run's folder,
one for the original network and one for each checkpoint that was asked about.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backend.files import writing

FOLDER = "predictions"
ORIGINAL = "original"
FINAL = "final"

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Predicted:
    """The answers of one network for N test images of C classes.

    Attributes:
        labels: N, the right classes.
        classes: their names; where the network has more outputs than the data has classes, their numbers follow.
        answers: N, the class with the largest output.
        probability: N, softmax of that output.
        images: SHA-256 of the test images and their labels: only answers about the same images compare.
        stamp: of the run that they belong to; another one means that the run was carried out again.
        shown: K indices of images, ascending, whose answer differs from the original's.
        thumbnails: K×H×W×C of those, uint8, C is 1 (gray) or 3.
    """

    labels: Ints
    classes: tuple[str, ...]
    answers: Ints
    probability: Floats
    images: str
    stamp: str
    shown: Ints
    thumbnails: NDArray[np.uint8]

    def thumbnail(self, image: int) -> NDArray[np.uint8] | None:
        """H×W×C of test image number ``image``, None where it is not among those kept."""
        at = int(np.searchsorted(self.shown, image))
        return self.thumbnails[at] if at < len(self.shown) and self.shown[at] == image else None

    def write(self, path: Path) -> None:
        """Write the file whole or not at all; nothing in it is pickled.

        Raises:
            CompressionError: it can't be written.
        """
        with writing(path) as part, part.open("wb") as file:
            np.savez(  # not packed: the window reads it at once
                file,
                labels=self.labels,
                classes=np.array(self.classes, dtype=np.str_),
                answers=self.answers,
                probability=self.probability,
                images=np.array(self.images),
                stamp=np.array(self.stamp),
                shown=self.shown,
                thumbnails=self.thumbnails,
            )


def place(run: Path, checkpoint: str | None) -> Path:
    """The file for ``checkpoint``: ``stages/0/steps/1``, None for the end of the run, or ``original``."""
    return run / FOLDER / f"{(checkpoint or FINAL).replace('/', '-')}.npz"


def read(path: Path) -> Predicted | None:
    """What :meth:`Predicted.write` wrote; None where there is nothing, or nothing that can be read."""
    try:
        with np.load(path, allow_pickle=False) as held:
            return Predicted(
                held["labels"],
                tuple(str(name) for name in held["classes"]),
                held["answers"],
                held["probability"],
                str(held["images"]),
                str(held["stamp"]),
                held["shown"],
                held["thumbnails"],
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        return None


class Change(IntEnum):
    """What became of the answer for one image."""

    SAME = 0
    WRONG = 1
    """It was right and is wrong now."""
    RIGHT = 2
    """It was wrong and is right now."""
    OTHER = 3
    """It was wrong and is wrong in another way."""


def confusion(labels: Ints, answers: Ints, classes: int) -> Ints:
    """The confusion matrix, C×C: row the label, column the answer, each entry a count of images."""
    return np.bincount(labels * classes + answers, minlength=classes * classes).reshape(classes, classes)


def class_accuracy(matrix: Ints) -> NDArray[np.float64]:
    """Percent of each class's images that are told right (its recall); NaN for a class without images."""
    images = matrix.sum(1)
    shares: NDArray[np.float64] = np.full(len(matrix), np.nan)
    np.divide(100.0 * np.diag(matrix), images, out=shares, where=images > 0)
    return shares


def changes(labels: Ints, before: Ints, after: Ints) -> NDArray[np.int8]:
    """A :class:`Change` for each image, going from the answers ``before`` to those ``after``."""
    kinds = np.where(after == labels, Change.RIGHT, np.where(before == labels, Change.WRONG, Change.OTHER))
    return np.where(before == after, Change.SAME, kinds).astype(np.int8)

"""A long curve in as many points as the screen has pixels, without losing a peak."""

from __future__ import annotations

import numpy as np

from gui.run_parts import Floats


def downsampled(x: Floats, y: Floats, start: float, end: float, pixels: int) -> tuple[Floats, Floats]:
    """The part of an ascending curve between ``start`` and ``end``, in at most 2·``pixels`` + 4 points.

    Where there are more, each of ``pixels`` groups keeps its smallest and its largest value, in the
    order they came. One point on either side is kept, so that lines go on past the edge.
    """
    first = max(0, int(np.searchsorted(x, start)) - 1)
    last = min(len(x), int(np.searchsorted(x, end, side="right")) + 1)
    x, y = x[first:last], y[first:last]
    groups = max(1, pixels)
    if len(x) <= 2 * groups:
        return x, y
    step = -(-(len(x) - 2) // groups)
    whole = (len(x) - 2) // step * step
    inner = y[1 : 1 + whole].reshape(-1, step)
    at = np.sort(np.stack([inner.argmin(1), inner.argmax(1)], axis=1), axis=1)
    at = (at + np.arange(len(inner))[:, None] * step + 1).ravel()
    kept = np.concatenate([[0], at, [len(x) - 1]])
    return x[kept], y[kept]

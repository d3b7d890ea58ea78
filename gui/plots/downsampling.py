"""A long curve in as many points as the screen has pixels, without losing a peak."""

from __future__ import annotations

import numpy as np

from gui.run_parts import Floats


def downsampled(x: Floats, y: Floats, start: float, end: float, pixels: int) -> tuple[Floats, Floats]:
    """The part of an ascending curve between ``start`` and ``end``, in at most 4·``pixels`` + 8 points.

    Where there are more, each column of pixels keeps its first, smallest, largest and last value: the
    picture is the same as with all of them (M4; Jugel et al., VLDB 2014). One point on either side is
    kept, so that lines go on past the edge.
    """
    first = max(0, int(np.searchsorted(x, start)) - 1)
    last = min(len(x), int(np.searchsorted(x, end, side="right")) + 1)
    x, y = x[first:last], y[first:last]
    if len(x) <= 4 * max(1, pixels):
        return x, y
    edges = np.searchsorted(x, np.linspace(start, end, max(1, pixels) + 1))
    begins = np.unique(np.concatenate([[0], edges[edges < len(x)]]))
    ends = np.concatenate([begins[1:], [len(x)]]) - 1
    values = [y[begins], np.minimum.reduceat(y, begins), np.maximum.reduceat(y, begins), y[ends]]
    middle = (x[begins] + x[ends]) / 2
    times = [x[begins], middle, middle, x[ends]]
    return np.stack(times, axis=1).ravel(), np.stack(values, axis=1).ravel()

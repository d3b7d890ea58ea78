"""``make bench``: every benchmark, or the ones that are named (``make bench ARGS="training start"``)."""

import os
import sys

from tests.bench import (
    engines,
    memory,
    opening,
    painting,
    plots,
    removal,
    sensitivity,
    smoothness,
    start,
    tradeoff,
    training,
)

BENCHMARKS = {
    "start": start.bench,
    "opening": opening.bench,
    "training": training.bench,
    "smoothness": smoothness.bench,
    "painting": painting.bench,
    "plots": plots.bench,
    "tradeoff": tradeoff.bench,
    "memory": memory.bench,
    "sensitivity": sensitivity.bench,
    "removal": removal.bench,
    "engines": engines.bench,
}


def main(names: list[str]) -> int:
    """Run the benchmarks; 0 where every mark is met."""
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        print(f"No benchmark is called {', '.join(sorted(unknown))}. There are: {', '.join(BENCHMARKS)}.")
        return 2
    if sys.platform == "linux" and not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    met = [BENCHMARKS[name]() for name in names or BENCHMARKS]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

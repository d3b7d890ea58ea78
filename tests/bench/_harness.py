"""What the benchmarks share: subjects timed in turns, percentiles, and a table with marks.

Times on a shared machine drift. Only figures taken in turn (A B A B) in one run are compared.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Row:
    """One line of a table: a figure, its mark, and whether it is met."""

    name: str
    value: str
    mark: str
    met: bool


def in_turns(rounds: int, subjects: Mapping[str, Callable[[], Any]]) -> dict[str, list[Any]]:
    """Every subject once a round, ``rounds`` times: A B A B, never A A B B."""
    found: dict[str, list[Any]] = {name: [] for name in subjects}
    for _ in range(rounds):
        for name, subject in subjects.items():
            found[name].append(subject())
    return found


def in_a_process(module: str, *arguments: str, **environment: str) -> Any:
    """What ``python -m module arguments`` prints on its last line, as JSON."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{module} failed:\n{done.stderr}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that ``share`` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def middle(values: Sequence[float]) -> float:
    return float(median(values))


def table(title: str, rows: Sequence[Row]) -> bool:
    """Print ``rows``; whether every mark is met."""
    print(f"\n{title}")
    wide = [max(len(getattr(row, part)) for row in rows) for part in ("name", "value", "mark")]
    for row in rows:
        cells = (row.name.ljust(wide[0]), row.value.rjust(wide[1]), row.mark.ljust(wide[2]))
        print("  ", "  ".join(cells), "" if row.met else "  over the mark")
    return all(row.met for row in rows)

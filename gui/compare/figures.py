"""Accuracy, cost and speed of the compared networks, and which is best."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from gui.compare.cells import Cell, Change, Line, accuracy_gain, gain, percentage
from gui.compare.columns import Compared, alike
from gui.comparison import NOISE, Metrics, Tone, gained, latency, test_images
from gui.text import file_size, milliseconds, number, percent, points, short, signed, significant, tr

Better = Literal["more", "less", ""]
SAME = 0.0005
"""Two costs closer than this share are called unchanged."""


def figure_lines(columns: Sequence[Compared]) -> list[Line]:
    """Accuracy, cost and speed of each network, and which is best."""
    if not columns:
        return []
    lines = [
        _figure_line(
            columns, tr("Accuracy"), "accuracy", percentage, accuracy_gain, "more", test_images(_first(columns))
        ),
        _figure_line(columns, tr("Validation accuracy"), "validation_accuracy", percentage, accuracy_gain, "more"),
        _figure_line(columns, tr("Loss"), "loss", significant, _loss, "less", tr("on test images")),
        _figure_line(columns, tr("Size"), "size_bytes", file_size, gain("size"), "less", tr("on disk")),
        _latency_line(columns, "latency_ms"),
        _latency_line(columns, "latency_batch_ms"),
        _figure_line(columns, tr("MACs"), "macs", short, gain("count"), "less", tr("from layer shapes")),
        _figure_line(columns, tr("Parameters"), "parameters", number, gain("count"), "less"),
        _figure_line(columns, tr("Non-zero parameters"), "nonzero_parameters", number, gain("count"), "less"),
        _figure_line(columns, tr("Sparsity"), "sparsity", _share, _share_points, "", tr("zeros of the weights left")),
        _figure_line(columns, tr("Removed"), "removed", _share, _share_points, "", tr("of the original weights")),
    ]
    return [line for line in lines if _says_something(line)]


def _says_something(line: Line) -> bool:
    known = [cell.figure for cell in line.cells if cell.figure is not None]
    return any(known) if line.key == "removed" else bool(known)


def _first(columns: Sequence[Compared]) -> Metrics:
    """What was measured, of the first column that has test figures."""
    return next((c.moment.metrics for c in columns if "test_images" in c.moment.metrics), columns[0].moment.metrics)


def _figure_line(
    columns: Sequence[Compared],
    name: str,
    key: str,
    text: Callable[[float | None], str],
    change: Change,
    better: Better,
    note: str = "",
) -> Line:
    first = columns[0]
    cells = []
    for column in columns:
        figure, reference = column.figure(key), first.figure(key)
        words, tone = "", "plain"
        comparable = column is not first and column.key == first.key
        if comparable and figure is not None and reference is not None:
            words, tone = change(reference, figure)
        cells.append(Cell(text(figure), words, tone, figure, differs=figure != reference))  # type: ignore[arg-type]
    if alike(columns):
        written = {cell.text: cell.figure for cell in cells}  # what is written alike is as good
        cells = _with_best(cells, [written[cell.text] for cell in cells], better, 0.0 if better == "more" else SAME)
    return Line(name, tuple(cells), note, key=key)


def _with_best(cells: list[Cell], figures: Sequence[float | None], better: Better, noise: float) -> list[Cell]:
    """Mark the best, and what is as good within ``noise``; none where all are."""
    known = [figure for figure in figures if figure is not None]
    if not better or not known:
        return cells
    best = max(known) if better == "more" else min(known)
    as_good = [figure is not None and math.isclose(figure, best, rel_tol=noise) for figure in figures]
    if sum(as_good) == len(known):
        return cells
    return [replace(cell, best=good) for cell, good in zip(cells, as_good, strict=True)]


def _latency_line(columns: Sequence[Compared], key: str) -> Line:
    """Times of different runs do not compare; how many times faster than its own original each is does."""
    how = next((found for c in columns if isinstance(found := c.moment.metrics.get(key), Mapping)), {})
    timed = [c for c in columns if latency(c.moment.metrics, key) is not None]
    several = len({column.moment.run for column in timed}) > 1
    cells = [_latency_cell(columns, column, key) for column in columns]
    if alike(columns):
        speeds = [_speed(column, cell, key) for column, cell in zip(columns, cells, strict=True)]
        cells = _with_best(cells, speeds, "more", NOISE)
    note = tr("measured in different runs") if several else tr("measured in turns with the original")
    tip = tr("Each is set against the original as it was timed in the same run.") if several else ""
    return Line(tr("Latency, batch {batch}", batch=how.get("batch", 1)), tuple(cells), note, key=key, tip=tip)


def _latency_cell(columns: Sequence[Compared], column: Compared, key: str) -> Cell:
    after = latency(column.moment.metrics, key)
    if column.original:
        times = sorted(t for c in columns if c.key == column.key and (t := latency(c.moment.baseline, key)) is not None)
        if times and times[0] != times[-1]:
            return Cell(tr("{low}–{high} ms", low=significant(times[0]), high=significant(times[-1])), figure=after)
        return Cell(milliseconds(after), figure=after)
    words, tone = gained("time", latency(column.moment.baseline, key), after)
    return Cell(milliseconds(after), words, tone, after, differs=bool(words))


def _speed(column: Compared, cell: Cell, key: str) -> float | None:
    """How many times faster than its own original, which is none itself; what is called unchanged is as fast."""
    before, after = latency(column.moment.baseline, key), latency(column.moment.metrics, key)
    if not before or not after or column.original:
        return None
    return before / after if cell.tone in ("ok", "bad") else 1.0


def _share(figure: float | None) -> str:
    return percent(figure, 1)


def _share_points(old: float, new: float) -> tuple[str, Tone]:
    return (tr("no change") if round(new - old, 4) == 0 else points(100 * (new - old))), "plain"


def _loss(old: float, new: float) -> tuple[str, Tone]:
    if significant(old) == significant(new):
        return tr("no change"), "plain"
    digits = max(2, 1 - math.floor(math.log10(abs(new - old))))
    return signed(new - old, min(digits, 6)), "ok" if new < old else "bad"

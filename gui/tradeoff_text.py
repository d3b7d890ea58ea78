"""The words of the trade-off: its axes, their units, and figures with them."""

from __future__ import annotations

from gui.text import file_size, milliseconds, number, plural, points, short, size, tr
from gui.trade_off import ACROSS, UP, TradeOff, figure


def name(measure: str) -> str:
    """What a chooser and a heading call it."""
    return {
        "size": tr("Size"),
        "macs": tr("MACs"),
        "latency": tr("Latency"),
        "parameters": tr("Parameters"),
        "nonzero_parameters": tr("Non-zero parameters"),
        "accuracy": tr("Accuracy"),
        "change": tr("Accuracy change"),
        "validation": tr("Validation accuracy"),
    }[measure]


def axis_title(measure: str, unit: str) -> str:
    """Beside its axis: what it is, in which unit, and which way is better."""
    match measure:
        case "size":
            return tr("Size on disk ({unit}), smaller is better", unit=unit)
        case "latency":
            return tr("Latency (ms), lower is better")
        case "macs":
            return tr("{unit} MACs, fewer is better", unit=unit) if unit else tr("MACs, fewer is better")
        case "parameters":
            return tr("Parameters ({unit}), fewer is better", unit=unit) if unit else tr("Parameters, fewer is better")
        case "nonzero_parameters":
            return (
                tr("Non-zero parameters ({unit}), fewer is better", unit=unit)
                if unit
                else tr("Non-zero parameters, fewer is better")
            )
        case "accuracy":
            return tr("Top-1 accuracy on test images (%), higher is better")
        case "change":
            return tr("Change of test accuracy (pt), higher is better")
        case _:
            return tr("Top-1 accuracy on validation images (%), higher is better")


def scale(measure: str, largest: float) -> tuple[float, str]:
    """By what to divide figures up to ``largest`` for the axis, and the unit they then have."""
    if measure == "size":
        unit = size(largest)[1] or "B"
        return {"B": 1.0, "KB": 1e3, "MB": 1e6, "GB": 1e9}[unit], unit
    if measure in ("macs", "parameters", "nonzero_parameters"):
        return next(((f, unit) for f, unit in ((1e9, "G"), (1e6, "M"), (1e3, "K")) if largest >= f), (1.0, ""))
    return 1.0, ""


def text(measure: str, found: float | None) -> str:
    """A figure with its unit."""
    match measure:
        case "size":
            return file_size(found)
        case "latency":
            return milliseconds(found)
        case "change":
            return points(found)
        case "accuracy" | "validation":
            return tr("{value}%", value=number(found, 2))
        case _:
            return short(found)


def without(measure: str, count: int) -> str:
    """Why so many steps are not drawn."""
    match measure:
        case "accuracy" | "change":
            return plural(count, "{count} step was measured on validation images only",
                          "{count} steps were measured on validation images only")  # fmt: skip
        case "latency":
            return plural(count, "{count} step was not timed", "{count} steps were not timed")
        case _:
            return plural(count, "{count} step without {measure}", "{count} steps without {measure}",
                          measure=name(measure))  # fmt: skip


def table(shown: TradeOff) -> tuple[list[str], list[list[str | float | None]]]:
    """The header and the rows of a file: every dot with all its figures."""
    measures = list(dict.fromkeys([shown.up, *UP, *ACROSS]))
    front = set(shown.front)
    rows: list[list[str | float | None]] = [
        [m.title, m.run.name, m.kind, m.stage, m.step, *(figure(m, measure) for measure in measures),
         float(i in front), float(i == shown.knee)]
        for i, m in enumerate(shown.moments)
    ]  # fmt: skip
    return ["dot", "run", "kind", "stage", "step", *measures, "front", "knee"], rows

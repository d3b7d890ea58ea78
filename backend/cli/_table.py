"""The before/after table of a run in a terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from backend.errors import Message, by_reason
from backend.recipe import AT_LEAST, Verdict, judged

MASKED = 0.01
MASKS = "\n\nMasked weights are zeros that are still stored and computed: size, MACs and latency do not fall with them."


def before_after(result: Mapping[str, Any]) -> str:
    """Original and result side by side, with the change in words. Worse is shown as worse."""
    before, after = result["baseline"], result["final"]
    rows = [("", "original", "result", "change")]
    rows += [
        (name, show(before.get(key)), show(after.get(key)), change(before.get(key), after.get(key)))
        for name, key, show, change in _ROWS
        if after.get(key) is not None
    ]
    for key in ("latency_ms", "latency_batch_ms"):
        old, new = before.get(key), after.get(key)
        if old and new:
            name = f"latency, batch {new['batch']}"
            rows.append((name, _ms(old["median"]), _ms(new["median"]), _faster(old, new)))
    return aligned(rows) + (MASKS if _masked(result) else "")


def within_budget(result: Mapping[str, Any]) -> str:
    """What was measured against each limit of the budget, in one line; empty without one."""
    verdicts = judged(result["recipe"].get("budget", {}), result["baseline"], result["final"])
    return f"budget, measured: {'; '.join(_verdict(one) for one in verdicts)}" if verdicts else ""


def _verdict(one: Verdict) -> str:
    name, show = _LIMITS[one.limit]
    if one.allowed is None or one.reached is None or one.over is None:
        return f"{name} unknown"
    bound, missed = ("≥", "short") if one.limit == AT_LEAST else ("≤", "over")
    how = "within" if one.within else f"{missed} by {show(one.over)}"
    return f"{name} {show(one.reached)} of {bound} {show(one.allowed)}, {how}"


def by_layer(result: Mapping[str, Any]) -> str:
    """Precision of every layer and how far its output is from the original's; empty where nothing was quantized."""
    stages = [stage for stage in result["stages"] if any("sqnr_db" in row for row in stage["layers"])]
    if not stages:
        return ""
    rows = [("layer", "precision", "SQNR", "by itself", "cosine")]
    rows += [
        (
            row["name"],
            row.get("precision", "–"),
            _decibels(row.get("sqnr_db")),
            _decibels(row.get("own_db")),
            f"{row['cosine']:.4f}" if "cosine" in row else "–",
        )
        for row in stages[-1]["layers"]
    ]
    left = {name: Message.from_data(why) for name, why in stages[-1].get("left_in_float", {}).items()}
    reasons = [f"\nLeft in float: {layers}. Reason: {why}." for layers, why in by_reason(left)]
    return aligned(rows) + "".join(reasons)


def _decibels(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} dB"


def _quantized(stage: Mapping[str, Any]) -> bool:
    return any(row.get("precision", "fp32") != "fp32" for row in stage["layers"])


def _masked(result: Mapping[str, Any]) -> bool:
    """Whether weights were zero before quantization, which rounds small ones to zero too."""
    float_ones = [stage["metrics"] for stage in result.get("stages", ()) if not _quantized(stage)]
    last = float_ones[-1] if float_ones else result["baseline"]
    return bool(last.get("sparsity", 0) > MASKED)


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Rows in columns: the first left-aligned, the others right-aligned."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def count(value: float | None) -> str:
    """A whole number with separated thousands."""
    return "–" if value is None else f"{value:,.0f}"


def percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}%"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f}%"


def size(value: float | None) -> str:
    """Bytes in a unit that leaves three digits."""
    if value is None:
        return "–"
    for unit in ("B", "kB", "MB"):
        if abs(value) < 1000:
            return f"{value:.3g} {unit}"
        value /= 1000
    return f"{value:.3g} GB"


def _ms(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g} ms"


def _points(before: float | None, after: float | None) -> str:
    if before is None or after is None:
        return ""
    return f"{after - before:+.2f} pt".replace("-", "−")


def _ratio(better: str, worse: str) -> Callable[[float | None, float | None], str]:
    def change(before: float | None, after: float | None) -> str:
        if not before or not after:
            return ""
        if 0.995 < before / after < 1.005:
            return "the same"
        return f"{before / after:.3g}× {better}" if after < before else f"{after / before:.3g}× {worse}"

    return change


def _faster(old: Mapping[str, float], new: Mapping[str, float]) -> str:
    """The change in words; a difference below their noise is none."""
    if abs(new["median"] - old["median"]) <= max(old["noise"], new["noise"]):
        return "within the noise"
    return _ratio("faster", "slower")(old["median"], new["median"])


_LIMITS: Mapping[str, tuple[str, Callable[[float], str]]] = {
    "macs": ("MACs", count),
    "parameters": ("parameters", count),
    "size": ("size", size),
    "latency": ("latency", _ms),
    "sparsity": ("sparsity", _share),
    "accuracy_drop": ("accuracy drop", lambda value: f"{value:.3g} pt".replace("-", "−")),
}
_ROWS: tuple[tuple[str, str, Callable[[Any], str], Callable[[Any, Any], str]], ...] = (
    ("accuracy (test)", "accuracy", percent, _points),
    ("accuracy (validation)", "validation_accuracy", percent, _points),
    ("parameters", "parameters", count, _ratio("fewer", "more")),
    ("non-zero parameters", "nonzero_parameters", count, _ratio("fewer", "more")),
    ("sparsity", "sparsity", _share, lambda a, b: ""),
    ("MACs", "macs", count, _ratio("fewer", "more")),
    ("size on disk", "size_bytes", size, _ratio("smaller", "larger")),
)

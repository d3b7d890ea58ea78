"""Before and after in words: what the four cards, the runs table and the export dialog say.

Works on M of result.json; a figure that is not there is said as an en dash, never made up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gui.text import number, plural, points, significant, size, tr

Tone = Literal["ok", "bad", "plain", "muted"]
Metrics = Mapping[str, Any]

DROP_SHOWN_AS_BAD = -1.0
"""Points of accuracy below which a change is red (a budget will take this place)."""
NOISE = 0.03
"""Two latencies closer than this share are called equal."""

_Words = tuple[Callable[[str], str], Callable[[str], str], Callable[[str], str], Callable[[str], str]]
_SIZE_WORDS: _Words = (
    lambda n: tr("{ratio}× smaller", ratio=n),
    lambda n: tr("{ratio}× larger", ratio=n),
    lambda n: tr("{percent}% smaller", percent=n),
    lambda n: tr("{percent}% larger", percent=n),
)
_TIME_WORDS: _Words = (
    lambda n: tr("{ratio}× faster", ratio=n),
    lambda n: tr("{ratio}× slower", ratio=n),
    lambda n: tr("{percent}% faster", percent=n),
    lambda n: tr("{percent}% slower", percent=n),
)
_COUNT_WORDS: _Words = (
    lambda n: tr("{ratio}× fewer", ratio=n),
    lambda n: tr("{ratio}× more", ratio=n),
    lambda n: tr("{percent}% fewer", percent=n),
    lambda n: tr("{percent}% more", percent=n),
)


@dataclass(frozen=True)
class Figure:
    """One card: ``old → new unit``, the gain in words, and how it was obtained.

    ``tag`` says measured or computed; empty while there is nothing to say it of.
    """

    id: str
    name: str
    tag: str
    old: str
    new: str
    unit: str
    gain: str
    tone: Tone
    source: str
    more: str = ""
    """What else was measured, for the tool tip."""
    second: str = ""
    """A gain of its own below ``source``, in ``second_tone``."""
    second_tone: Tone = "plain"


def value(metrics: Metrics, key: str) -> float | None:
    """A finite number of M, else None."""
    found = metrics.get(key)
    return float(found) if isinstance(found, (int, float)) and math.isfinite(found) else None


def latency(metrics: Metrics, key: str = "latency_ms") -> float | None:
    """Median latency in milliseconds; ``latency_batch_ms`` is that of a whole large batch."""
    found = metrics.get(key)
    return value(found, "median") if isinstance(found, Mapping) else None


def accuracy_change(baseline: Metrics, metrics: Metrics) -> float | None:
    """Points of test accuracy gained (negative: lost)."""
    old, new = value(baseline, "accuracy"), value(metrics, "accuracy")
    return None if old is None or new is None else new - old


def figures(baseline: Metrics, metrics: Metrics) -> list[Figure]:
    """The four cards: accuracy, size, latency, MACs."""
    return [
        _accuracy(baseline, metrics),
        _size(baseline, metrics),
        _latency(baseline, metrics),
        _macs(baseline, metrics),
    ]


def change_tone(change: float | None) -> Tone:
    """How a change of accuracy is shown."""
    if change is None:
        return "muted"
    if round(change, 2) < DROP_SHOWN_AS_BAD:
        return "bad"
    return "ok" if round(change, 2) > 0 else "plain"


def _accuracy(baseline: Metrics, metrics: Metrics) -> Figure:
    change = accuracy_change(baseline, metrics)
    new = value(metrics, "accuracy")
    return Figure(
        "accuracy",
        tr("Accuracy"),
        _measured(new),
        number(value(baseline, "accuracy"), 2),
        number(new, 2),
        "%",
        _points(change),
        change_tone(change),
        test_images(metrics),
    )


def _points(change: float | None) -> str:
    if change is None:
        return ""
    return tr("no change") if round(change, 2) == 0 else points(change)


def test_images(metrics: Metrics) -> str:
    """On what accuracy was measured."""
    count = metrics.get("test_images")
    if isinstance(count, int):
        return plural(count, "{count} test image", "{count} test images")
    return tr("on test images")


def _size(baseline: Metrics, metrics: Metrics) -> Figure:
    old, new = value(baseline, "size_bytes"), value(metrics, "size_bytes")
    factor, unit = _unit(old, new)
    gain, tone = _ratio(old, new, _SIZE_WORDS)
    return Figure(
        "size",
        tr("Size"),
        _measured(new),
        significant(None if old is None else old / factor),
        significant(None if new is None else new / factor),
        unit,
        gain,
        tone,
        tr("{precision} weights, on disk", precision=precisions(metrics)) if metrics.get("layers") else tr("on disk"),
    )


def precisions(metrics: Metrics) -> str:
    """``int8``, ``fp32``, or both where layers differ."""
    rows = [row for row in metrics.get("layers") or [] if isinstance(row, Mapping)]
    found = sorted({str(row["precision"]) for row in rows if row.get("precision") and row.get("parameters")})
    return " + ".join(found) if found else "fp32"


def _latency(baseline: Metrics, metrics: Metrics) -> Figure:
    old, new = latency(baseline), latency(metrics)
    gain, tone = _ratio(old, new, _TIME_WORDS, _noise(baseline, metrics, "latency_ms"))
    second, second_tone = _large_batch(baseline, metrics)
    return Figure(
        "latency",
        tr("Latency"),
        _measured(new),
        *_alike(old, new),
        "ms",
        gain,
        tone,
        tr("batch {batch}", batch=metrics["latency_ms"].get("batch", 1)) if second else _how(metrics, "latency_ms"),
        "\n".join(line for line in (_how(metrics, "latency_ms"), _whole_batch(baseline, metrics)) if line),
        second,
        second_tone,
    )


def _alike(old: float | None, new: float | None) -> tuple[str, str]:
    """Two times of one size with as many decimals: 0.102 and 0.098."""
    if not old or not new or not 0.2 < old / new < 5:
        return significant(old), significant(new)
    digits = len(significant(max(old, new)).partition(".")[2])
    return number(old, digits), number(new, digits)


def _large_batch(baseline: Metrics, metrics: Metrics) -> tuple[str, Tone]:
    """The gain at a large batch, in the card's last line: small networks are mostly overhead at batch 1."""
    old, new = latency(baseline, "latency_batch_ms"), latency(metrics, "latency_batch_ms")
    if latency(metrics) is None or old is None or new is None:
        return "", "plain"
    gain, tone = _ratio(old, new, _TIME_WORDS, _noise(baseline, metrics, "latency_batch_ms"))
    return tr("at {batch}: {gain}", batch=int(metrics["latency_batch_ms"]["batch"]), gain=gain), tone


def _whole_batch(baseline: Metrics, metrics: Metrics) -> str:
    """The same at a large batch."""
    old, new = latency(baseline, "latency_batch_ms"), latency(metrics, "latency_batch_ms")
    if old is None or new is None:
        return ""
    return tr(
        "{old} → {new} ms, {gain} ({how})",
        old=significant(old),
        new=significant(new),
        gain=_ratio(old, new, _TIME_WORDS, _noise(baseline, metrics, "latency_batch_ms"))[0],
        how=_how(metrics, "latency_batch_ms"),
    )


def _noise(baseline: Metrics, metrics: Metrics, key: str) -> float:
    """The relative difference of two medians that is noise."""
    noises = [value(m[key], "noise") or 0.0 for m in (baseline, metrics) if isinstance(m.get(key), Mapping)]
    old = latency(baseline, key)
    return max([NOISE, *(noise / old for noise in noises)]) if old else NOISE


def _how(metrics: Metrics, key: str) -> str:
    """On what latency was measured: runtime, threads, batch."""
    how = metrics.get(key)
    if not isinstance(how, Mapping) or "runtime" not in how:
        return tr("after the last stage")
    threads = int(how.get("threads") or 1)
    return plural(
        threads,
        "{runtime}, {count} thread, batch {batch}",
        "{runtime}, {count} threads, batch {batch}",
        runtime=how["runtime"],
        batch=how.get("batch", 1),
    )


def _macs(baseline: Metrics, metrics: Metrics) -> Figure:
    old, new = value(baseline, "macs"), value(metrics, "macs")
    gain, tone = _ratio(old, new, _COUNT_WORDS)
    factor, unit = _count_unit(old, new)
    return Figure(
        "macs",
        tr("MACs"),
        tr("computed") if new is not None else "",
        significant(None if old is None else old / factor),
        significant(None if new is None else new / factor),
        unit,
        gain,
        tone,
        tr("from layer shapes"),
    )


def _measured(new: float | None) -> str:
    return tr("measured") if new is not None else ""


def gained(kind: Literal["size", "time", "count"], old: float | None, new: float | None) -> tuple[str, Tone]:
    """The gain of going from ``old`` to ``new`` in words ("5.1× smaller"), where less is better."""
    words = {"size": _SIZE_WORDS, "time": _TIME_WORDS, "count": _COUNT_WORDS}[kind]
    return _ratio(old, new, words, NOISE if kind == "time" else 0.0005)


def _ratio(old: float | None, new: float | None, words: _Words, noise: float = 0.0005) -> tuple[str, Tone]:
    """The gain of going from ``old`` to ``new``, where less is better."""
    if not old or not new:
        return "", "muted"
    ratio = old / new
    if abs(ratio - 1) <= noise:
        return tr("unchanged"), "plain"
    less, more, bit_less, bit_more = words
    factor = max(ratio, 1 / ratio)
    if factor < 1.1:  # "1.0× smaller" says nothing
        text = (bit_less if ratio > 1 else bit_more)(significant(abs(new - old) / old * 100, 2))
    else:
        text = (less if ratio > 1 else more)(number(factor, 0 if factor >= 100 else 1))
    return text, "ok" if ratio > 1 else "bad"


def _unit(old: float | None, new: float | None) -> tuple[float, str]:
    """One unit for both sizes, that of the original."""
    larger = max(old or 0.0, new or 0.0)
    unit = size(larger)[1] or "B"
    return {"B": 1.0, "KB": 1e3, "MB": 1e6, "GB": 1e9}[unit], unit


def _count_unit(old: float | None, new: float | None) -> tuple[float, str]:
    larger = max(old or 0.0, new or 0.0)
    for factor, unit in ((1e9, "G"), (1e6, "M"), (1e3, "K")):
        if larger >= factor * 0.99995:
            return factor, unit
    return 1.0, ""

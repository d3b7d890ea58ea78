"""Words and numbers for people: translation, and one way to write each kind of figure.

English is the language of the source. ``resources/translations/update.py`` collects the literals
given to :func:`tr` and :func:`plural` here and to ``msg``, ``label=`` and ``summary=`` in backend/.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication

from backend.errors import Message

CONTEXT = "Pare"
MINUS = "\u2212"
NOTHING = "\u2013"
"""Shown where there is no figure."""


def phrase(text: str) -> str:
    """``text`` in the language in use, nothing filled in: a label or summary the engine sent."""
    return QCoreApplication.translate(CONTEXT, text) if text else ""


def tr(text: str, /, **values: Any) -> str:
    """``text`` in the language in use, its ``{names}`` filled from ``values``."""
    return phrase(text).format(**values)


def plural(count: int, one: str, many: str, /, **values: Any) -> str:
    """``one`` or ``many`` in the language in use; ``{count}`` is written with separators."""
    return phrase(one if count == 1 else many).format(count=number(count), **values)


def message(text: Message | Mapping[str, Any] | None) -> str:
    """A sentence of the engine in the language in use."""
    if text is None:
        return ""
    if isinstance(text, Mapping):
        text = Message.from_data(text)
    values = {name: message(value) if isinstance(value, Message) else value for name, value in text.values.items()}
    return phrase(text.template).format(**values)


def number(value: float | None, digits: int = 0) -> str:
    """``269,722``; ``digits`` after the point; the minus sign is U+2212."""
    if value is None or not math.isfinite(value):
        return NOTHING
    text = f"{value:,.{digits}f}"
    return MINUS + text[1:] if text.startswith("-") and text.strip("-0.,") else text.lstrip("-")


def signed(value: float | None, digits: int = 2) -> str:
    """``+0.31``, ``\u22120.15``, ``0.00``."""
    text = number(value, digits)
    positive = value is not None and math.isfinite(value) and value > 0 and text.strip("0.,")
    return f"+{text}" if positive else text


def significant(value: float | None, digits: int = 3) -> str:
    """``value`` with three significant digits and no exponent: ``1,840``, ``41.0``, ``0.420``."""
    if value is None or not math.isfinite(value):
        return NOTHING
    if value == 0:
        return "0"
    after = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return number(round(value, after), min(after, 6))


def short(count: float | None) -> str:
    """A count in little room: ``432``, ``269.7 K``, ``40.6 M``, ``1.8 G``."""
    if count is None or not math.isfinite(count):
        return NOTHING
    for factor, unit in ((1e9, "G"), (1e6, "M"), (1e3, "K")):
        if abs(count) >= factor * 0.99995:
            return f"{number(count / factor, 1)} {unit}"
    return number(count)


def percent(share: float | None, digits: int = 0) -> str:
    """A share from 0 to 1 as ``50%``: nearly all is not 100%, and nearly nothing is not 0%."""
    if share is None or not math.isfinite(share):
        return NOTHING
    told = (d for d in range(digits, digits + 3) if share in (0, 1) or round(100 * share, d) not in (0, 100))
    return f"{number(share * 100, next(told, digits))}%"


def points(delta: float | None) -> str:
    """A difference of percentages: ``\u22120.15 pt``."""
    return tr("{value} pt", value=signed(delta))


def ratio(value: float | None) -> str:
    """``5.1\u00d7``."""
    return NOTHING if value is None or not math.isfinite(value) else f"{number(value, 1)}\u00d7"


def duration(seconds: float | None) -> str:
    """``0:42``, ``1:02:03``."""
    if seconds is None or not math.isfinite(seconds):
        return NOTHING
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def milliseconds(value: float | None) -> str:
    """``0.420 ms``; below a tenth two digits are all that was measured."""
    return NOTHING if value is None else f"{significant(value, 3 if value >= 0.1 else 2)} ms"


def size(count: float | None) -> tuple[str, str]:
    """Bytes as figure and unit, decimal units: ``("1.08", "MB")``."""
    if count is None or not math.isfinite(count):
        return NOTHING, ""
    for factor, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "KB")):
        if count >= factor * 0.9995:
            return significant(count / factor), unit
    return number(count), "B"


def file_size(count: float | None) -> str:
    """``1.08 MB``."""
    return " ".join(part for part in size(count) if part)

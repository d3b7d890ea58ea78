"""Precisions as words (``int8``, ``w4a4``, ``codebook4``), as chips, and what they will be before anything is run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from gui.comparison import value
from gui.text import number, significant, tr
from gui.theme import font, tokens

FIXED = {"float16": "fp16", "bfloat16": "bf16", "bnn": "w1a1"}
"""Methods whose id does not say the precision they give."""
LEAST, PADDING, HEIGHT = 42, 12, 18
MIXED = "mixed"


def planned(method: str, settings: Mapping[str, Any]) -> str:
    """What a quantize stage with these ``settings`` makes of a layer: ``int8``, ``w4a4``, ``codebook4``."""
    if method in FIXED:
        return FIXED[method]
    if "weight_bits" in settings:
        weights, activations = settings["weight_bits"], settings.get("activation_bits")
        match settings.get("tensors", "both"):
            case "weights":
                return f"int{weights}"
            case "activations":
                return f"w32a{activations}"
        return f"w{weights}a{activations}"
    said = re.search(r"(?:int|fp|bf)\d+", method)
    if said is not None:
        return said.group()
    if settings.get("bits") is None:
        return method
    family = "codebook" if method == "codebook" else "nf" if settings.get("code") == "normal_float" else "int"
    return f"{family}{settings['bits']}"


def with_method(label: str, word: str) -> str:
    """A method and the precision it gives, neither said twice: "Weight-only · int4", "Codebook, 4 bits", "float16"."""
    if word.startswith("codebook"):
        return tr("{method}, {bits} bits", method=label, bits=word.removeprefix("codebook"))
    if word in label or word in FIXED.values():
        return label
    return tr("{method} · {precision}", method=label, precision=word)


def described(row: Mapping[str, Any]) -> str:
    """A layer's precision with its scale and zero point, where a run has told them."""
    word = str(row.get("precision") or "")
    scale, zero_point = value(row, "scale"), value(row, "zero_point")
    if not word or scale is None:
        return word
    return tr(
        "{precision} · scale S = {scale}, zero point Z = {zero_point}\nR = S · (Q − Z)",
        precision=word,
        scale=significant(scale),
        zero_point=number(zero_point or 0.0),
    )


def colors(word: str) -> tuple[str, str, str | None]:
    """Fill, ink and outline of the chip for a precision; each family has its own color, and says its name."""
    t = tokens()
    if word == MIXED:
        return t.sunken, t.sec, None
    if re.fullmatch(r"w\d+a\d+", word):
        return t.act_bg, t.act, None
    if word.startswith("codebook"):
        return t.code_bg, t.code, None
    if word in ("fp16", "bf16"):
        return t.half_bg, t.half, None
    if word == "int8":
        return t.int8_bg, t.int8, None
    if re.fullmatch(r"(?:int|nf)\d", word):
        return t.int4_bg, t.int4, None
    return t.panel, t.sec, t.line2


def shown(word: str) -> str:
    return tr("mixed") if word == MIXED else word


def brief(word: str) -> str:
    """The same where there is little room: ``code4`` for ``codebook4``."""
    return shown(word).replace("codebook", "code")


def chip_width(word: str) -> int:
    """Pixels that the chip of ``word`` takes."""
    return max(LEAST, round(QFontMetricsF(font(11, 500)).horizontalAdvance(shown(word))) + PADDING)


def paint_chip(painter: QPainter, left: float, middle: float, word: str, *, selected: bool, most: int = 999) -> None:
    """``word`` in a chip, centered on ``middle``; at most ``most`` pixels wide."""
    fill, ink, line = colors(word)
    width = min(most, chip_width(word))
    box = QRectF(left, middle - HEIGHT / 2 + 0.5, width, HEIGHT)
    painter.setPen(QPen(QColor(line), 1) if line else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tokens().panel if selected else fill))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setFont(font(11, 500))
    painter.setPen(QColor(ink))
    text = shown(word) if most >= chip_width(word) else brief(word)
    text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width - 4)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
